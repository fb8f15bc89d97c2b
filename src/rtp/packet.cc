#include "rtp/packet.h"

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "base/result.h"
#include "rtp/detail/bytes.h"

namespace rtp {
namespace {

using detail::get16;
using detail::get32;

constexpr std::uint8_t kPaddingBit = 0x20;
constexpr std::uint8_t kExtensionBit = 0x10;

}  // namespace

base::Result<std::size_t, Reject> header_length(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kHeaderBytes) return base::Unexpected{Reject::TooShort};
  if (bytes[0] >> 6U != 2) return base::Unexpected{Reject::NotVersion2};
  // 192-223 in the second byte: SR, RR, SDES, BYE, APP and the feedback messages.
  if (bytes[1] >= 192 && bytes[1] <= 223) return base::Unexpected{Reject::IsControl};
  std::size_t length = kHeaderBytes + std::size_t{4} * (bytes[0] & 0x0FU);
  if (bytes.size() < length) return base::Unexpected{Reject::SourcesPastEnd};
  if ((bytes[0] & kExtensionBit) == 0) return length;
  if (bytes.size() < length + 4) return base::Unexpected{Reject::ExtensionPastEnd};
  length += 4 + std::size_t{4} * get16(bytes, length + 2);
  if (bytes.size() < length) return base::Unexpected{Reject::ExtensionPastEnd};
  return length;
}

base::Result<Packet, Reject> Packet::parse(std::span<const std::uint8_t> bytes) {
  TRY(const std::size_t offset, header_length(bytes));
  std::size_t end = bytes.size();
  if ((bytes[0] & kPaddingBit) != 0) {
    const std::size_t padding = bytes[end - 1];
    if (padding == 0 || padding > end - offset) return base::Unexpected{Reject::BadPadding};
    end -= padding;
  }
  Packet packet;
  packet.header_ = {.payload_type = static_cast<std::uint8_t>(bytes[1] & 0x7FU),
                    .marker = (bytes[1] & 0x80U) != 0,
                    .sequence = get16(bytes, 2),
                    .timestamp = get32(bytes, 4),
                    .ssrc = get32(bytes, 8)};
  packet.offset_ = offset;
  packet.payload_ = bytes.subspan(offset, end - offset);
  return packet;
}

void write_header(const Header& header, std::span<std::uint8_t> out) {
  ASSERT(out.size() >= kHeaderBytes);
  ASSERT(header.payload_type < 128);
  out[0] = 0x80;
  out[1] = static_cast<std::uint8_t>(header.payload_type | (header.marker ? 0x80U : 0U));
  detail::put16(out, 2, header.sequence);
  detail::put32(out, 4, header.timestamp);
  detail::put32(out, 8, header.ssrc);
}

}  // namespace rtp
