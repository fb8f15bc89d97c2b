#include "sip/stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "sip/message.h"
#include "sip/text.h"

namespace sip {
namespace {

constexpr std::size_t kCompactAt = 4'096;  // used bytes that are worth moving the rest for

// The next header field without its name's neighbours: a line and the folded ones after it.
std::string_view take_field(std::string_view& head) {
  std::size_t end = 0;
  do {
    end = head.find('\n', end);
    end = end == std::string_view::npos ? head.size() : end + 1;
  } while (end < head.size() && is_blank(head[end]));
  const std::string_view field = head.substr(0, end);
  head.remove_prefix(end);
  return field;
}

// Without blanks and line ends on either side.
std::string_view stripped(std::string_view text) {
  static constexpr std::string_view kOuter = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kOuter);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kOuter) - first + 1);
}

// The value of Content-Length; nothing if there is none, or several that differ, or no number.
std::optional<std::uint64_t> content_length(std::string_view head) {
  std::optional<std::uint64_t> length;
  while (!head.empty()) {
    const std::string_view field = take_field(head);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    if (header_from(trimmed(field.substr(0, colon))) != Header::ContentLength) continue;
    const auto value = read_number(stripped(field.substr(colon + 1)), base::kMessageBytesMax);
    if (!value.has_value() || (length.has_value() && *length != *value)) return {};
    length = value;
  }
  return length;
}

}  // namespace

void StreamFramer::feed(std::string_view bytes) {
  if (broken_) return;
  if (used_ == buffer_.size() || used_ >= kCompactAt) {
    buffer_.erase(0, used_);
    searched_ -= std::min(searched_, used_);
    used_ = 0;
  }
  buffer_.append(bytes);
}

std::size_t StreamFramer::pending() const {
  const std::size_t begun = rest().find_first_not_of("\r\n");
  return begun == std::string_view::npos ? 0 : rest().size() - begun;
}

StreamFramer::Item StreamFramer::broken(std::string_view head) {
  broken_ = true;
  used_ = buffer_.size();
  return {Kind::Broken, head};
}

// The offset after the blank line that ends the header fields, as Message::parse sees it: line
// ends are LF with or without CR.
std::optional<std::size_t> StreamFramer::end_of_head() {
  std::size_t line = std::max(searched_, used_);
  for (;;) {
    const std::size_t end = buffer_.find('\n', line);
    if (end == std::string::npos) return {};
    if (end == line || (end == line + 1 && buffer_[line] == '\r')) return end + 1;
    line = end + 1;
    searched_ = line;
  }
}

StreamFramer::Item StreamFramer::next() {
  if (broken_) return {Kind::Broken, {}};
  if (rest().starts_with("\r\n\r\n")) {
    used_ += 4;
    return {Kind::Ping, {}};
  }
  // A single line end before a message, or the answer to a ping, is skipped when it is certain
  // that it does not become a ping.
  if (std::string_view{"\r\n\r\n"}.starts_with(rest())) return {};
  if (rest().starts_with("\r\n")) used_ += 2;
  const std::optional<std::size_t> body = end_of_head();
  if (!body.has_value()) return rest().size() > base::kStreamBufferMax ? broken({}) : Item{};
  const std::string_view head = rest().substr(0, *body - used_);
  const auto length = content_length(head);
  const std::size_t size = head.size() + length.value_or(0);
  if (head.size() > base::kMessageBytesMax) return broken({});
  if (!length.has_value() || size > base::kMessageBytesMax) return broken(head);
  if (rest().size() < size) return {};
  const std::string_view message = rest().substr(0, size);
  used_ += size;
  return {Kind::Message, message};
}

}  // namespace sip
