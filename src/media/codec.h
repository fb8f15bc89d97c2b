#pragma once
// Encoders and decoders of the four codecs behind one interface. Libraries: spandsp for G.722,
// libopus; G.711 is our own. All sound is int16, mono, at 8 or 16 kHz, in frames of 20 ms: G.722
// and Opus are asked for the rate that is wanted, so nothing is resampled in a call.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "facts/media.h"

namespace media {

enum class Rate : std::uint8_t { Narrow, Wide };  // 8 kHz, 16 kHz
inline constexpr std::size_t kNarrowFrame = 160;  // samples of 20 ms
inline constexpr std::size_t kWideFrame = 320;
[[nodiscard]] constexpr std::size_t frame_samples(Rate rate) {
  return rate == Rate::Narrow ? kNarrowFrame : kWideFrame;
}
// The best that a codec carries, of our two.
[[nodiscard]] constexpr Rate rate_of(facts::Codec codec) {
  return codec == facts::Codec::G722 || codec == facts::Codec::Opus ? Rate::Wide : Rate::Narrow;
}
// RTP's clock: G.722 counts 8000 for history's sake (RFC 3551 section 4.5.2), Opus always 48000.
[[nodiscard]] constexpr std::uint32_t clock_hz(facts::Codec codec) {
  return codec == facts::Codec::Opus ? 48'000 : 8'000;
}

inline constexpr std::size_t kFrameBytesMax = 1'275;  // an Opus frame
// 120 ms is the longest Opus packet, and more than any phone sends.
inline constexpr std::size_t kDecodedMax = kWideFrame * 6;

class Encoder {
 public:
  [[nodiscard]] static std::unique_ptr<Encoder> make(facts::Codec codec, Rate rate);
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;
  // One frame of 20 ms. Returns the bytes used of `out`.
  [[nodiscard]] virtual std::size_t encode(std::span<const std::int16_t> frame,
                                           std::span<std::uint8_t, kFrameBytesMax> out) = 0;
};

class Decoder {
 public:
  [[nodiscard]] static std::unique_ptr<Decoder> make(facts::Codec codec, Rate rate);
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;
  // One packet, of any length up to 120 ms (what is longer is cut). Returns the samples; 0 for a
  // packet that cannot be decoded.
  [[nodiscard]] virtual std::size_t decode(std::span<const std::uint8_t> packet,
                                           std::span<std::int16_t, kDecodedMax> out) = 0;
  // 20 ms in place of a packet that was lost.
  [[nodiscard]] virtual std::size_t conceal(std::span<std::int16_t, kDecodedMax> out) = 0;
};

}  // namespace media
