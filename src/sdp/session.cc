#include "sdp/session.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace sdp {
namespace {

std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > 65535)
    return {};
  return static_cast<std::uint16_t>(value);
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return word;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "IN IP4 192.0.2.1": the address without a TTL.
std::optional<std::string_view> read_connection(std::string_view value) {
  if (take_word(value) != "IN") return {};
  const std::string_view kind = take_word(value);
  if (kind != "IP4" && kind != "IP6") return {};
  const std::string_view address = take_word(value);
  if (address.empty() || !value.empty()) return {};
  return address.substr(0, address.find('/'));
}

std::optional<Direction> direction_of(std::string_view attribute) {
  if (attribute == "sendrecv") return Direction::SendRecv;
  if (attribute == "sendonly") return Direction::SendOnly;
  if (attribute == "recvonly") return Direction::RecvOnly;
  if (attribute == "inactive") return Direction::Inactive;
  return {};
}

std::optional<Media> read_media(std::string_view value) {
  Media media;
  media.kind = take_word(value);
  std::string_view port = take_word(value);
  if (const std::size_t slash = port.find('/'); slash != std::string_view::npos) {
    const auto count = read_port(port.substr(slash + 1));
    if (!count.has_value() || *count == 0) return {};
    media.port_count = *count;
    port = port.substr(0, slash);
  }
  const auto number = read_port(port);
  media.protocol = take_word(value);
  if (media.kind.empty() || !number.has_value() || media.protocol.empty()) return {};
  media.port = *number;
  while (!value.empty()) media.formats.push_back(take_word(value));
  const bool rtp = media.protocol.find("RTP/") != std::string_view::npos;
  for (const std::string_view format : media.formats) {
    const auto type = read_port(format);
    if (rtp && (!type.has_value() || *type > 127)) return {};
  }
  return media.formats.empty() ? std::nullopt : std::optional{media};
}

// Reads line by line; one object a parse.
class Reader {
 public:
  base::Result<Session, Reject> read(std::string_view text) {
    if (text.size() > base::kSdpBytesMax) return base::Unexpected{Reject::TooLong};
    bool first = true;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      if (const auto why = read_line(line, first)) return base::Unexpected{*why};
      first = false;
    }
    if (first) return base::Unexpected{Reject::NotVersion0};
    if (!has_origin_) return base::Unexpected{Reject::NoOrigin};
    if (!has_timing_) return base::Unexpected{Reject::NoTiming};
    return finish();
  }

 private:
  std::optional<Reject> read_line(std::string_view line, bool first) {
    if (std::ranges::any_of(line, [](char c) { return c == '\0' || c == '\r'; }))
      return Reject::BadControl;
    if (first) return line == "v=0" ? std::nullopt : std::optional{Reject::NotVersion0};
    if (line.size() < 2 || line[1] != '=') return Reject::BadLine;
    const std::string_view value = line.substr(2);
    switch (line[0]) {
      case 'o':
        return read_origin(value);
      case 't':
        if (session_.timing.empty()) session_.timing = value;
        has_timing_ = true;
        return {};
      case 'c':
        return on_connection(value);
      case 'm':
        return on_media(value);
      case 'a':
        return on_attribute(value);
      default:
        return line[0] >= 'a' && line[0] <= 'z' ? std::nullopt : std::optional{Reject::BadLine};
    }
  }

  std::optional<Reject> read_origin(std::string_view value) {
    session_.origin_user = take_word(value);
    session_.session_id = take_word(value);
    session_.session_version = take_word(value);
    const auto address = read_connection(value);
    if (has_origin_ || session_.origin_user.empty() || !is_number(session_.session_id) ||
        !is_number(session_.session_version) || !address.has_value())
      return Reject::BadOrigin;
    session_.origin_address = *address;
    has_origin_ = true;
    return {};
  }

  std::optional<Reject> on_connection(std::string_view value) {
    const auto address = read_connection(value);
    if (!address.has_value()) return Reject::BadConnection;
    if (session_.media.empty())
      session_.address = *address;
    else
      session_.media.back().address = *address;
    return {};
  }

  std::optional<Reject> on_media(std::string_view value) {
    if (session_.media.size() == base::kSdpMediaMax) return Reject::TooManyMedia;
    auto media = read_media(value);
    if (!media.has_value()) return Reject::BadMedia;
    media->direction = direction_;
    session_.media.push_back(*std::move(media));
    return {};
  }

  std::optional<Reject> on_attribute(std::string_view value) {
    const auto direction = direction_of(value);
    if (session_.media.empty()) {
      if (++session_attributes_ > base::kSdpAttributesMax) return Reject::TooManyAttributes;
      direction_ = direction.value_or(direction_);
      return {};
    }
    Media& media = session_.media.back();
    if (media.attributes.size() == base::kSdpAttributesMax) return Reject::TooManyAttributes;
    media.attributes.push_back(value);
    media.direction = direction.value_or(media.direction);
    return {};
  }

  base::Result<Session, Reject> finish() {
    for (Media& media : session_.media) {
      if (media.address.empty()) media.address = session_.address;
      if (media.address.empty() && media.port != 0) return base::Unexpected{Reject::BadConnection};
    }
    return std::move(session_);
  }

  Session session_;
  Direction direction_ = Direction::SendRecv;
  std::size_t session_attributes_ = 0;
  bool has_origin_ = false;
  bool has_timing_ = false;
};

// A 64-bit mix of the text; only to see whether something changed.
std::uint64_t digest_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash | 1U;  // never 0: that is "nothing yet"
}

struct OriginLine {
  std::size_t begin = 0, end = 0;  // of the whole line without its line end
};
std::optional<OriginLine> find_origin(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t next = end + 1;
    if (end > begin && text[end - 1] == '\r') --end;
    if (text.substr(begin, 2) == "o=") return OriginLine{begin, end};
    begin = next;
  }
  return {};
}

// "IN IP4 address" of an origin line.
std::string_view network_of(std::string_view origin) {
  origin.remove_prefix(2);
  for (int i = 0; i < 3; ++i) (void)take_word(origin);
  return origin;
}

}  // namespace

const char* word(Reject reason) {
  static constexpr std::array<const char*, 11> kWords{
      "too_long",   "not_version_0", "bad_line",       "no_origin",           "bad_origin",
      "no_timing",  "bad_media",     "too_many_media", "too_many_attributes", "bad_connection",
      "bad_control"};
  return kWords.at(static_cast<std::size_t>(reason));
}

base::Result<Session, Reject> Session::parse(std::string_view text) {
  return Reader{}.read(text);
}

bool Session::is_hold() const {
  bool any_live = false;
  for (const Media& one : media) {
    if (one.port == 0) continue;
    any_live = true;
    const bool silent = one.direction == Direction::SendOnly ||
                        one.direction == Direction::Inactive || one.address == "0.0.0.0";
    if (!silent) return false;
  }
  return any_live;
}

std::string OriginKeeper::rewrite(std::string_view text) {
  const auto line = find_origin(text);
  if (!line.has_value()) return std::string{text};
  const std::string_view origin = text.substr(line->begin, line->end - line->begin);
  const std::string_view network = network_of(origin);
  const std::uint64_t digest =
      digest_of(text.substr(line->end)) ^ (digest_of(network) * 0x9E3779B97F4A7C15ULL);
  if (digest != last_) ++version_;
  last_ = digest;
  std::string out;
  out.reserve(text.size() + 24);
  out.append(text.substr(0, line->begin)).append("o=- ");
  out.append(std::to_string(session_id_)).append(" ").append(std::to_string(version_));
  out.append(" ").append(network).append(text.substr(line->end));
  return out;
}

}  // namespace sdp
