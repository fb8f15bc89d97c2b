#include "rtp/g711.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace rtp {
namespace {

// G.711 tables 1 and 2: eight segments of sixteen steps; the first two of A-law are one line.
constexpr int kUlawBias = 132;  // 33 in 14 bits
constexpr int kUlawMost = 32'635;

constexpr std::int16_t expand_ulaw(std::uint8_t code) {
  const unsigned bits = ~static_cast<unsigned>(code);
  const unsigned segment = bits >> 4U & 7U;
  const int magnitude = static_cast<int>(((bits & 15U) << 3U) + kUlawBias) << segment;
  const int value = magnitude - kUlawBias;
  return static_cast<std::int16_t>((bits & 0x80U) != 0 ? -value : value);
}

constexpr std::uint8_t compress_ulaw(int sample) {
  const unsigned sign = sample < 0 ? 0x80U : 0U;
  int magnitude = sample < 0 ? -sample : sample;
  magnitude = (magnitude > kUlawMost ? kUlawMost : magnitude) + kUlawBias;
  const auto segment = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(magnitude))) - 8U;
  const unsigned step = static_cast<unsigned>(magnitude) >> (segment + 3U) & 15U;
  return static_cast<std::uint8_t>(~(sign | segment << 4U | step));
}

constexpr std::int16_t expand_alaw(std::uint8_t code) {
  const unsigned bits = code ^ 0x55U;
  const unsigned segment = bits >> 4U & 7U;
  const auto step = static_cast<int>(bits & 15U);
  int magnitude = step * 16 + 8;
  if (segment > 0) magnitude = (magnitude + 256) << (segment - 1U);
  return static_cast<std::int16_t>((bits & 0x80U) != 0 ? magnitude : -magnitude);
}

constexpr std::uint8_t compress_alaw(int sample) {
  const unsigned sign = sample < 0 ? 0U : 0x80U;
  const auto magnitude = static_cast<unsigned>(sample < 0 ? -sample - 1 : sample);
  unsigned code = magnitude >> 4U;
  if (magnitude >= 256) {
    const auto segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8U;
    code = segment << 4U | (magnitude >> (segment + 3U) & 15U);
  }
  return static_cast<std::uint8_t>((sign | code) ^ 0x55U);
}

template <class To, std::size_t kSize, class F>
constexpr std::array<To, kSize> table(F of) {
  std::array<To, kSize> values{};
  for (std::size_t i = 0; i < kSize; ++i) values[i] = of(i);
  return values;
}

constexpr auto kFromUlaw = table<std::int16_t, 256>(
    [](std::size_t i) { return expand_ulaw(static_cast<std::uint8_t>(i)); });
constexpr auto kFromAlaw = table<std::int16_t, 256>(
    [](std::size_t i) { return expand_alaw(static_cast<std::uint8_t>(i)); });

}  // namespace

std::int16_t from_ulaw(std::uint8_t code) {
  return kFromUlaw[code];
}
std::uint8_t to_ulaw(std::int16_t sample) {
  return compress_ulaw(sample);
}
std::int16_t from_alaw(std::uint8_t code) {
  return kFromAlaw[code];
}
std::uint8_t to_alaw(std::int16_t sample) {
  return compress_alaw(sample);
}

}  // namespace rtp
