#pragma once
// Arithmetic of numbers that wrap: sequence numbers (16 bits) and RTP time (32 bits).

#include <cstdint>

namespace rtp {

// How far `to` is after `from`, -32768..32767.
[[nodiscard]] constexpr std::int16_t distance(std::uint16_t from, std::uint16_t to) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(to - from));
}
// How far `to` is after `from` in RTP time.
[[nodiscard]] constexpr std::int32_t time_distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}
[[nodiscard]] constexpr std::uint16_t next(std::uint16_t sequence) {
  return static_cast<std::uint16_t>(sequence + 1U);
}

}  // namespace rtp
