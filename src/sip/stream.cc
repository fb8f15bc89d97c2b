#include "sip/stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/limits.h"
#include "sip/message.h"
#include "sip/text.h"

namespace sip {
namespace {

// The value of Content-Length; nothing if there is none, or several that differ, or no number.
std::optional<std::size_t> content_length(std::string_view head) {
  std::optional<std::uint64_t> length;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (header_from(trimmed(line.substr(0, colon))) != Header::ContentLength) continue;
    if (line.back() == '\r') line.remove_suffix(1);
    const auto value = read_number(trimmed(line.substr(colon + 1)), base::kMessageBytesMax);
    if (!value.has_value() || (length.has_value() && *length != *value)) return {};
    length = value;
  }
  return length;
}

}  // namespace

void StreamFramer::drop_used() {
  buffer_.erase(0, used_);
  used_ = 0;
  searched_ = 0;
}

StreamFramer::Item StreamFramer::next() {
  drop_used();
  if (buffer_.starts_with("\r\n\r\n")) {
    used_ = 4;
    return {Kind::Ping, {}};
  }
  std::size_t start = 0;
  while (buffer_.compare(start, 2, "\r\n") == 0 && buffer_.size() > start + 2) start += 2;
  const std::size_t blank = buffer_.find("\r\n\r\n", std::max(start, searched_));
  if (blank == std::string::npos) {
    searched_ = buffer_.size() > 3 ? buffer_.size() - 3 : 0;
    return {buffer_.size() > base::kStreamBufferMax ? Kind::Broken : Kind::NeedMore, {}};
  }
  const std::size_t body = blank + 4;
  const auto length = content_length(std::string_view{buffer_}.substr(start, blank + 2 - start));
  if (!length.has_value() || body - start + *length > base::kMessageBytesMax)
    return {Kind::Broken, {}};
  if (buffer_.size() < body + *length) return {};
  used_ = body + *length;
  return {Kind::Message, std::string_view{buffer_}.substr(start, used_ - start)};
}

}  // namespace sip
