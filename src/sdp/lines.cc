#include "sdp/detail/lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sdp/session.h"

namespace sdp::detail {
namespace {

constexpr std::uint8_t kFirstDynamic = 96;
constexpr std::uint8_t kLast = 127;

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::uint8_t> payload_type(std::string_view format) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(format.data(), format.data() + format.size(), value);
  if (error != std::errc{} || end != format.data() + format.size() || value > kLast) return {};
  return static_cast<std::uint8_t>(value);
}

bool is_dynamic(std::string_view format) {
  return payload_type(format).value_or(0) >= kFirstDynamic;
}

std::string_view rtpmap_of(const Media& media, std::string_view format) {
  constexpr std::string_view kStart = "rtpmap:";
  for (const std::string_view attribute : media.attributes) {
    if (!attribute.starts_with(kStart)) continue;
    const std::string_view rest = attribute.substr(kStart.size());
    if (rest.starts_with(format) && rest.substr(format.size()).starts_with(' ')) return attribute;
  }
  return {};
}

std::string_view name_of(const Media& media, std::string_view format) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kStatic{
      {{"0", "PCMU"}, {"3", "GSM"}, {"8", "PCMA"}, {"9", "G722"}, {"18", "G729"}}};
  std::string_view map = rtpmap_of(media, format);
  if (map.empty()) {
    for (const auto& [number, name] : kStatic)
      if (number == format) return name;
    return {};
  }
  map.remove_prefix(std::min(map.find(' ') + 1, map.size()));
  return map.substr(0, map.find('/'));
}

void append_line(std::string& out, const Media& media, std::uint16_t port,
                 const std::vector<std::string_view>& formats) {
  out.append("m=").append(media.kind).append(" ").append(std::to_string(port));
  out.append(" ").append(media.protocol);
  for (const std::string_view format : formats) out.append(" ").append(format);
  out.append("\r\n");
}

std::string beginning(std::string_view address, std::string_view timing) {
  std::string network = address.find(':') == std::string_view::npos ? "IN IP4 " : "IN IP6 ";
  network.append(address).append("\r\n");
  std::string out = "v=0\r\no=- 1 1 " + network;
  out.append("s=-\r\nc=").append(network).append("t=").append(timing).append("\r\n");
  return out;
}

}  // namespace sdp::detail
