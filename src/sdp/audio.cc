#include "sdp/audio.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdp/detail/lines.h"
#include "sdp/session.h"

namespace sdp {
namespace {

constexpr std::string_view kEvents = "telephone-event";
constexpr std::uint8_t kEventsNumber = 101;  // in our own offers
constexpr std::size_t kKeyLetters = 40;      // base64 of 30 bytes

// What we can of SRTP, the most wanted first.
constexpr std::array<std::string_view, 2> kSuites{"AES_CM_128_HMAC_SHA1_80",
                                                  "AES_CM_128_HMAC_SHA1_32"};

// How our own offers number and map a codec.
struct OwnFormat {
  std::string_view name;
  std::uint8_t number;
  std::string_view map;
};
constexpr std::array<OwnFormat, 4> kOwnFormats{{{"PCMU", 0, "PCMU/8000"},
                                                {"PCMA", 8, "PCMA/8000"},
                                                {"G722", 9, "G722/8000"},
                                                {"opus", 111, "opus/48000/2"}}};

bool is_secure(std::string_view protocol) {
  return protocol == "RTP/SAVP" || protocol == "RTP/SAVPF";
}
bool is_rtp(std::string_view protocol) {
  return protocol == "RTP/AVP" || protocol == "RTP/AVPF" || is_secure(protocol);
}

// "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4"; keys with an MKI are not for us.
std::optional<Crypto> read_crypto(std::string_view attribute) {
  constexpr std::string_view kStart = "crypto:";
  constexpr std::string_view kInline = "inline:";
  if (!attribute.starts_with(kStart)) return {};
  attribute.remove_prefix(kStart.size());
  const std::size_t first = attribute.find(' ');
  if (first == std::string_view::npos) return {};
  const auto tag = detail::payload_type(attribute.substr(0, first));
  const std::string_view rest = attribute.substr(first + 1);
  const std::size_t second = rest.find(' ');
  if (!tag.has_value() || second == std::string_view::npos) return {};
  const std::string_view suite = rest.substr(0, second);
  std::string_view key = rest.substr(second + 1);
  key = key.substr(0, key.find(' '));
  if (!key.starts_with(kInline)) return {};
  key.remove_prefix(kInline.size());
  if (std::ranges::count(key, ':') > 0) return {};
  key = key.substr(0, key.find('|'));
  if (key.size() != kKeyLetters || std::ranges::find(kSuites, suite) == kSuites.end()) return {};
  return Crypto{*tag, std::string(suite), std::string(key)};
}

// The key line of the suite that we want most among those that we can.
std::optional<Crypto> crypto_of(const Media& media) {
  for (const std::string_view suite : kSuites) {
    for (const std::string_view attribute : media.attributes) {
      const auto crypto = read_crypto(attribute);
      if (crypto.has_value() && crypto->suite == suite) return crypto;
    }
  }
  return {};
}

void append_crypto(std::string& out, const Crypto& crypto) {
  out.append("a=crypto:").append(std::to_string(crypto.tag)).append(" ").append(crypto.suite);
  out.append(" inline:").append(crypto.inline_).append("\r\n");
}

std::string_view direction_line(Direction direction) {
  switch (direction) {
    case Direction::SendRecv:
      return "a=sendrecv\r\n";
    case Direction::SendOnly:
      return "a=sendonly\r\n";
    case Direction::RecvOnly:
      return "a=recvonly\r\n";
    case Direction::Inactive:
      return "a=inactive\r\n";
  }
  return "a=sendrecv\r\n";
}

bool sends(Direction direction) {
  return direction == Direction::SendRecv || direction == Direction::SendOnly;
}
bool receives(Direction direction) {
  return direction == Direction::SendRecv || direction == Direction::RecvOnly;
}

// What remains when the peer says `theirs` and we want `own` (6.1).
Direction common_direction(Direction theirs, Direction own) {
  const bool send = receives(theirs) && sends(own);
  const bool receive = sends(theirs) && receives(own);
  if (send && receive) return Direction::SendRecv;
  if (send) return Direction::SendOnly;
  return receive ? Direction::RecvOnly : Direction::Inactive;
}

std::uint16_t rtcp_port_of(const Media& media) {
  constexpr std::string_view kStart = "rtcp:";
  for (const std::string_view attribute : media.attributes) {
    if (!attribute.starts_with(kStart)) continue;
    std::uint32_t port = 0;
    for (const char c : attribute.substr(kStart.size())) {
      if (c < '0' || c > '9' || port > 65'535) break;
      port = port * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (port > 0 && port <= 65'535) return static_cast<std::uint16_t>(port);
  }
  return media.port == 65'535 ? std::uint16_t{0} : static_cast<std::uint16_t>(media.port + 1U);
}

// What of a live line both can; nothing: no codec.
std::optional<Agreed> common(const Media& media, const Own& own) {
  if (media.kind != "audio" || media.port == 0 || !is_rtp(media.protocol)) return {};
  Agreed agreed;
  for (const std::string_view format : media.formats) {
    const auto number = detail::payload_type(format);
    const std::string_view name = detail::name_of(media, format);
    if (!number.has_value() || name.empty()) continue;
    if (detail::same_name(name, kEvents)) {
      // One for each clock rate may be there; ours is the first.
      if (!agreed.digits.has_value()) agreed.digits = *number;
      continue;
    }
    const auto known = std::ranges::find_if(
        own.codecs, [&](const std::string& codec) { return detail::same_name(codec, name); });
    if (known != own.codecs.end()) agreed.formats.push_back({*number, *known});
  }
  if (agreed.formats.empty()) return {};
  if (is_secure(media.protocol)) {
    agreed.theirs = crypto_of(media);
    if (!agreed.theirs.has_value() || own.key.empty()) return {};
    agreed.ours = Crypto{agreed.theirs->tag, agreed.theirs->suite, own.key};
  }
  agreed.address = media.address;
  agreed.port = media.port;
  agreed.rtcp_port = rtcp_port_of(media);
  Direction theirs = media.direction;
  if (media.address == "0.0.0.0") {  // the old way of hold (8.4): he hears nothing
    theirs = sends(theirs) ? Direction::SendOnly : Direction::Inactive;
  }
  agreed.direction = common_direction(theirs, own.direction);
  return agreed;
}

void append_taken(std::string& out, const Media& media, const Own& own, const Agreed& agreed) {
  std::vector<std::string_view> formats;
  for (const std::string_view format : media.formats) {
    const auto number = detail::payload_type(format);
    const bool taken =
        number.has_value() &&
        (number == agreed.digits || std::ranges::any_of(agreed.formats, [&](const Format& known) {
           return known.number == *number;
         }));
    if (taken) formats.push_back(format);
  }
  detail::append_line(out, media, own.port, formats);
  for (const std::string_view format : formats) {
    const std::string_view map = detail::rtpmap_of(media, format);
    if (!map.empty()) out.append("a=").append(map).append("\r\n");
  }
  if (agreed.digits.has_value()) {
    out.append("a=fmtp:").append(std::to_string(*agreed.digits)).append(" 0-15\r\n");
  }
  if (agreed.ours.has_value()) append_crypto(out, *agreed.ours);
  out.append("a=ptime:20\r\n").append(direction_line(agreed.direction));
}

}  // namespace

std::string offer_of(const Own& own, bool secure) {
  std::string out = detail::beginning(own.address, "0 0");
  out.append("m=audio ").append(std::to_string(own.port));
  out.append(secure ? " RTP/SAVP" : " RTP/AVP");
  std::string maps;
  for (const std::string& codec : own.codecs) {
    const auto known = std::ranges::find_if(kOwnFormats, [&](const OwnFormat& format) {
      return detail::same_name(format.name, codec);
    });
    if (known == kOwnFormats.end()) continue;
    out.append(" ").append(std::to_string(known->number));
    maps.append("a=rtpmap:").append(std::to_string(known->number));
    maps.append(" ").append(known->map).append("\r\n");
  }
  const std::string events = std::to_string(kEventsNumber);
  out.append(" ").append(events).append("\r\n").append(maps);
  out.append("a=rtpmap:").append(events).append(" telephone-event/8000\r\n");
  out.append("a=fmtp:").append(events).append(" 0-15\r\n");
  if (secure) {
    for (std::uint32_t i = 0; i < kSuites.size(); ++i)
      append_crypto(out, {i + 1, std::string(kSuites[i]), own.key});
  }
  return out.append("a=ptime:20\r\n").append(direction_line(own.direction));
}

std::optional<Answered> answer_to(const Session& offer, const Own& own) {
  Answered made;
  made.text = detail::beginning(own.address, offer.timing);
  bool taken = false;
  for (const Media& media : offer.media) {
    auto agreed = taken ? std::nullopt : common(media, own);
    if (!agreed.has_value()) {
      detail::append_line(made.text, media, 0, media.formats);
      continue;
    }
    taken = true;
    append_taken(made.text, media, own, *agreed);
    made.agreed = std::move(*agreed);
  }
  if (!taken) return {};
  return made;
}

std::optional<Agreed> agreed_by(const Session& answer, const Own& own) {
  for (const Media& media : answer.media) {
    auto agreed = common(media, own);
    if (!agreed.has_value()) continue;
    return agreed;
  }
  return {};
}

}  // namespace sdp
