#pragma once
// The decoded side of a stream: packets into order, into samples, 20 ms at a time. Only streams
// that are recorded, listened to for tones, or joined with another codec have one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "rtp/jitter_buffer.h"
#include "rtp/packet.h"

namespace media {

class Ear final {
 public:
  explicit Ear(Rate rate) : rate_(rate) {}
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;

  void put(const rtp::Packet& packet, facts::Codec codec, base::Instant now);

  // The next 20 ms. False: nothing came (for a while), and the frame is silence.
  bool pull(base::Instant now);
  // What pull() took, at rate() and at 8 kHz.
  [[nodiscard]] std::span<const std::int16_t> frame() const {
    return std::span(frame_).first(frame_samples(rate_));
  }
  [[nodiscard]] std::span<const std::int16_t, kNarrowFrame> narrow() const { return narrow_; }
  [[nodiscard]] Rate rate() const { return rate_; }

 private:
  void append(std::size_t count);
  void decode(const rtp::JitterBuffer::Packet& packet);
  void halve();

  Rate rate_;
  rtp::JitterBuffer buffer_;
  std::optional<std::uint32_t> ssrc_;
  std::optional<facts::Codec> codec_;
  std::unique_ptr<Decoder> decoder_;
  int concealed_ = 0;  // frames in a row
  std::array<std::int16_t, kDecodedMax> decoded_{};
  std::array<std::int16_t, 2 * kDecodedMax> waiting_{};  // decoded and not yet taken
  std::size_t waiting_count_ = 0;
  std::array<std::int16_t, kWideFrame> frame_{};
  std::array<std::int16_t, kNarrowFrame> narrow_{};
  static constexpr std::size_t kTaps = 23;
  std::array<std::int16_t, kTaps - 1> before_{};  // what the low pass saw last
};

}  // namespace media
