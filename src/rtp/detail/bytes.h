#pragma once
// Numbers in network byte order.

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtp::detail {

// REQUIRES: at + 2 (or 4) <= bytes.size().
[[nodiscard]] inline std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}
[[nodiscard]] inline std::uint32_t get32(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{get16(bytes, at)} << 16U | get16(bytes, at + 2);
}
inline void put16(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8U);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}
inline void put32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  put16(bytes, at, value >> 16U);
  put16(bytes, at + 2, value);
}

}  // namespace rtp::detail
