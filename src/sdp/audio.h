#pragma once
// Offers and answers where Harrier itself is the other end of the audio (RFC 3264, RFC 4568, RFC
// 4733): what we can, what was agreed. One audio line is taken, every other one is refused.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/session.h"

namespace sdp {

// A payload type and what it stands for.
struct Format {
  std::uint8_t number = 0;
  std::string name;  // encoding name of its rtpmap, or that of a static type (RFC 3551)
  bool operator==(const Format&) const = default;
};

// The key of one direction (RFC 4568): the sender's.
struct Crypto {
  std::uint32_t tag = 1;
  std::string suite;    // "AES_CM_128_HMAC_SHA1_80"
  std::string inline_;  // base64 of 30 bytes, without lifetime and MKI
  bool operator==(const Crypto&) const = default;
};

// Our end.
struct Own {
  std::string address;  // IPv4, or IPv6 without brackets
  std::uint16_t port = 0;
  std::vector<std::string> codecs;            // encoding names, the most wanted first
  std::string key;                            // base64 of 30 bytes for SRTP; empty: plain RTP only
  Direction direction = Direction::SendRecv;  // what we want; what the peer allows may be less
};

// What holds after an offer and its answer, seen from our side.
struct Agreed {
  std::string address;  // the peer's
  std::uint16_t port = 0, rtcp_port = 0;
  std::vector<Format> formats;         // codecs that both can; we send the first
  std::optional<std::uint8_t> digits;  // of telephone-event
  Direction direction = Direction::SendRecv;
  std::optional<Crypto> ours, theirs;  // both, or plain RTP
  bool operator==(const Agreed&) const = default;
};

// An offer of one audio line. `secure`: RTP/SAVP with our key.
[[nodiscard]] std::string offer_of(const Own& own, bool secure);

// The answer to an offer, the peer's numbers and order kept; nothing: nothing in common (488).
struct Answered {
  std::string text;
  Agreed agreed;
};
[[nodiscard]] std::optional<Answered> answer_to(const Session& offer, const Own& own);

// What the peer's answer to our offer says; nothing: it takes nothing of it.
[[nodiscard]] std::optional<Agreed> agreed_by(const Session& answer, const Own& own);

}  // namespace sdp
