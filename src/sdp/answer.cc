// Answers to offers (RFC 3264): those that take nothing, those of our own services, and whether an
// answer fits its offer.

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

#include "base/result.h"
#include "sdp/session.h"

namespace sdp {
namespace {

constexpr std::string_view kEvents = "telephone-event";
constexpr unsigned kFirstDynamic = 96;

// The number of a payload type; nothing for a format that is none.
std::optional<unsigned> payload_type(std::string_view format) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(format.data(), format.data() + format.size(), value);
  if (error != std::errc{} || end != format.data() + format.size()) return {};
  return value;
}

bool is_dynamic(std::string_view format) {
  return payload_type(format).value_or(0) >= kFirstDynamic;
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The whole attribute "rtpmap:96 opus/48000/2" of a format, "" if there is none.
std::string_view rtpmap_of(const Media& media, std::string_view format) {
  constexpr std::string_view kStart = "rtpmap:";
  for (const std::string_view attribute : media.attributes) {
    if (!attribute.starts_with(kStart)) continue;
    const std::string_view rest = attribute.substr(kStart.size());
    if (rest.starts_with(format) && rest.substr(format.size()).starts_with(' ')) return attribute;
  }
  return {};
}

// The encoding name of a format: from its rtpmap, else that of the static types of RFC 3551 which
// phones use.
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

bool can(const Capabilities& ours, const Media& media, std::string_view format) {
  const std::string_view name = name_of(media, format);
  return std::ranges::any_of(ours.formats, [&](std::string_view own) {
    return own == format ? !is_dynamic(format) : !name.empty() && same_name(own, name);
  });
}

bool is_plain_rtp(std::string_view protocol) {
  return protocol == "RTP/AVP" || protocol == "RTP/AVPF";
}

// What we take of a line; empty: nothing.
std::vector<std::string_view> common(const Capabilities& ours, const Media& media) {
  std::vector<std::string_view> taken;
  bool codec = false;
  if (media.kind != "audio" || media.port == 0 || !is_plain_rtp(media.protocol)) return taken;
  for (const std::string_view format : media.formats) {
    if (!can(ours, media, format)) continue;
    taken.push_back(format);
    codec = codec || !same_name(name_of(media, format), kEvents);
  }
  if (!codec) taken.clear();
  return taken;
}

// The direction of a line as its other side writes it (6.1); nothing for the default.
std::string_view mirrored(Direction direction) {
  switch (direction) {
    case Direction::SendRecv:
      return {};
    case Direction::SendOnly:
      return "a=recvonly\r\n";
    case Direction::RecvOnly:
      return "a=sendonly\r\n";
    case Direction::Inactive:
      return "a=inactive\r\n";
  }
  return {};
}

void append_line(std::string& out, const Media& media, std::uint16_t port,
                 const std::vector<std::string_view>& formats) {
  out.append("m=").append(media.kind).append(" ").append(std::to_string(port));
  out.append(" ").append(media.protocol);
  for (const std::string_view format : formats) out.append(" ").append(format);
  out.append("\r\n");
}

// Everything before the m-lines.
std::string beginning(std::uint64_t session_id, std::string_view address, const Session& offer) {
  std::string network = address.find(':') == std::string_view::npos ? "IN IP4 " : "IN IP6 ";
  network.append(address).append("\r\n");
  std::string out = "v=0\r\no=- " + std::to_string(session_id) + " 1 " + network;
  out.append("s=-\r\nc=").append(network).append("t=").append(offer.timing).append("\r\n");
  return out;
}

}  // namespace

base::Result<std::string, Reject> reject_all(std::string_view offer) {
  const auto session = Session::parse(offer);
  if (!session) return base::Unexpected{session.error()};
  std::string out = beginning(1, "0.0.0.0", *session);
  for (const Media& media : session->media) append_line(out, media, 0, media.formats);
  return out;
}

std::optional<std::string> answer(const Session& offer, const Capabilities& ours,
                                  std::uint64_t session_id) {
  std::string out = beginning(session_id, ours.address, offer);
  bool taken = false;
  for (const Media& media : offer.media) {
    const std::vector<std::string_view> formats =
        taken ? std::vector<std::string_view>{} : common(ours, media);
    if (formats.empty()) {
      append_line(out, media, 0, media.formats);
      continue;
    }
    taken = true;
    append_line(out, media, ours.port, formats);
    for (const std::string_view format : formats)
      if (const std::string_view map = rtpmap_of(media, format); !map.empty())
        out.append("a=").append(map).append("\r\n");
    out.append(mirrored(media.direction));
  }
  if (!taken) return {};
  return out;
}

bool fits(const Session& offer, const Session& answer) {
  if (offer.media.size() != answer.media.size()) return false;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const Media& theirs = offer.media[i];
    const Media& ours = answer.media[i];
    if (theirs.kind != ours.kind || theirs.protocol != ours.protocol) return false;
    if (ours.port == 0) continue;
    if (theirs.port == 0) return false;
    // A dynamic format may be numbered anew (6.1); a static type means the same on both sides and
    // must have been offered. One of the offer's, or a dynamic one, has to be there.
    const auto offered = [&](std::string_view format) {
      return std::ranges::find(theirs.formats, format) != theirs.formats.end();
    };
    if (std::ranges::none_of(ours.formats, [&](std::string_view format) {
          return offered(format) || is_dynamic(format);
        }))
      return false;
  }
  return true;
}

}  // namespace sdp
