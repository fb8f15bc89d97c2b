#pragma once
// RTP packets (RFC 3550 section 5.1).

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"

namespace rtp {

inline constexpr std::size_t kHeaderBytes = 12;  // without contributing sources and extension

enum class Reject : std::uint8_t {
  TooShort,
  NotVersion2,
  SourcesPastEnd,
  ExtensionPastEnd,
  BadPadding,
  IsControl,  // payload types 64-95 with the marker are RTCP on the RTP port (RFC 5761 section 4)
};

// The fields that we read and write.
struct Header {
  std::uint8_t payload_type = 0;  // 0-127
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  bool operator==(const Header&) const = default;
};

// A view of one packet: valid as long as the bytes are.
class Packet {
 public:
  // Every length is checked: contributing sources, extension and padding lie inside `bytes`.
  [[nodiscard]] static base::Result<Packet, Reject> parse(std::span<const std::uint8_t> bytes);

  [[nodiscard]] const Header& header() const { return header_; }
  // Without padding; may be empty.
  [[nodiscard]] std::span<const std::uint8_t> payload() const { return payload_; }
  // Where the payload begins, from the start of the packet.
  [[nodiscard]] std::size_t payload_offset() const { return offset_; }

 private:
  Header header_{};
  std::size_t offset_ = 0;
  std::span<const std::uint8_t> payload_;
};

// The bytes before the payload (with contributing sources and extension); nothing is said of
// padding, which is ciphertext while SRTP protects the packet.
[[nodiscard]] base::Result<std::size_t, Reject> header_length(std::span<const std::uint8_t> bytes);

// Writes version 2 without padding, extension and sources. REQUIRES: out.size() >= kHeaderBytes.
void write_header(const Header& header, std::span<std::uint8_t> out);

}  // namespace rtp
