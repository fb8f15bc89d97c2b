#pragma once
// G.711: µ-law and A-law, one byte a sample at 8 kHz.

#include <cstdint>

namespace rtp {

[[nodiscard]] std::int16_t from_ulaw(std::uint8_t code);
[[nodiscard]] std::uint8_t to_ulaw(std::int16_t sample);
[[nodiscard]] std::int16_t from_alaw(std::uint8_t code);
[[nodiscard]] std::uint8_t to_alaw(std::int16_t sample);

}  // namespace rtp
