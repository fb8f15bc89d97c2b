#include "media/codec.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <opus/opus.h>
#include <opus/opus_defines.h>
#include <spandsp.h>

#include "base/assert.h"
#include "facts/media.h"
#include "rtp/g711.h"

namespace media {
namespace {

using facts::Codec;

constexpr std::int32_t kOpusBitrate = 24'000;  // wideband speech at its best is a little less
constexpr int kOpusComplexity = 5;             // 100 µs a frame; 10 costs twice that, heard by few

std::int32_t hz(Rate rate) {
  return rate == Rate::Narrow ? 8'000 : 16'000;
}

// ---- G.711 -------------------------------------------------------------------------------------

// At 16 kHz each second sample is taken: nobody asks for that where sound matters.
class G711Encoder final : public Encoder {
 public:
  G711Encoder(Codec codec, Rate rate) : ulaw_(codec == Codec::Pcmu), wide_(rate == Rate::Wide) {}
  std::size_t encode(std::span<const std::int16_t> frame,
                     std::span<std::uint8_t, kFrameBytesMax> out) override {
    const std::size_t step = wide_ ? 2 : 1;
    const std::size_t size = std::min(frame.size() / step, out.size());
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = ulaw_ ? rtp::to_ulaw(frame[i * step]) : rtp::to_alaw(frame[i * step]);
    }
    return size;
  }

 private:
  bool ulaw_, wide_;
};

// A lost frame is the last one again, fainter each time.
class Fading {
 public:
  void heard(std::span<const std::int16_t> samples, std::size_t frame) {
    const auto last = samples.last(std::min(samples.size(), frame));
    size_ = last.size();
    std::copy(last.begin(), last.end(), last_.begin());
  }
  std::size_t conceal(std::span<std::int16_t, kDecodedMax> out, std::size_t frame) {
    for (std::size_t i = 0; i < size_; ++i) last_[i] = static_cast<std::int16_t>(last_[i] / 2);
    std::fill_n(std::copy_n(last_.begin(), size_, out.begin()), frame - size_, std::int16_t{0});
    return frame;
  }

 private:
  std::array<std::int16_t, kWideFrame> last_{};
  std::size_t size_ = 0;
};

class G711Decoder final : public Decoder {
 public:
  G711Decoder(Codec codec, Rate rate) : ulaw_(codec == Codec::Pcmu), rate_(rate) {}
  std::size_t decode(std::span<const std::uint8_t> packet,
                     std::span<std::int16_t, kDecodedMax> out) override {
    const std::size_t times = rate_ == Rate::Wide ? 2 : 1;
    const std::size_t size = std::min(packet.size(), out.size() / times);
    for (std::size_t i = 0; i < size; ++i) {
      const std::int16_t sample = ulaw_ ? rtp::from_ulaw(packet[i]) : rtp::from_alaw(packet[i]);
      for (std::size_t j = 0; j < times; ++j) out[i * times + j] = sample;
    }
    fading_.heard(out.first(size * times), frame_samples(rate_));
    return size * times;
  }
  std::size_t conceal(std::span<std::int16_t, kDecodedMax> out) override {
    return fading_.conceal(out, frame_samples(rate_));
  }

 private:
  bool ulaw_;
  Rate rate_;
  Fading fading_;
};

// ---- G.722 -------------------------------------------------------------------------------------

// spandsp's own option: only the lower band, in and out at 8 kHz.
int g722_options(Rate rate) {
  return rate == Rate::Narrow ? G722_SAMPLE_RATE_8000 : 0;
}
constexpr int kG722Bits = 64'000;

class G722Encoder final : public Encoder {
 public:
  explicit G722Encoder(Rate rate)
      : state_(g722_encode_init(nullptr, kG722Bits, g722_options(rate))) {
    ASSERT(state_ != nullptr);
  }
  ~G722Encoder() override { (void)g722_encode_free(state_); }
  G722Encoder(const G722Encoder&) = delete;
  G722Encoder& operator=(const G722Encoder&) = delete;
  std::size_t encode(std::span<const std::int16_t> frame,
                     std::span<std::uint8_t, kFrameBytesMax> out) override {
    const std::size_t size = std::min(frame.size(), kWideFrame);
    return static_cast<std::size_t>(
        g722_encode(state_, out.data(), frame.data(), static_cast<int>(size)));
  }

 private:
  g722_encode_state_t* state_;
};

class G722Decoder final : public Decoder {
 public:
  explicit G722Decoder(Rate rate)
      : state_(g722_decode_init(nullptr, kG722Bits, g722_options(rate))), rate_(rate) {
    ASSERT(state_ != nullptr);
  }
  ~G722Decoder() override { (void)g722_decode_free(state_); }
  G722Decoder(const G722Decoder&) = delete;
  G722Decoder& operator=(const G722Decoder&) = delete;
  std::size_t decode(std::span<const std::uint8_t> packet,
                     std::span<std::int16_t, kDecodedMax> out) override {
    const std::size_t samples_a_byte = rate_ == Rate::Wide ? 2 : 1;
    const std::size_t size = std::min(packet.size(), out.size() / samples_a_byte);
    const auto samples = static_cast<std::size_t>(
        g722_decode(state_, out.data(), packet.data(), static_cast<int>(size)));
    fading_.heard(out.first(samples), frame_samples(rate_));
    return samples;
  }
  std::size_t conceal(std::span<std::int16_t, kDecodedMax> out) override {
    return fading_.conceal(out, frame_samples(rate_));
  }

 private:
  g722_decode_state_t* state_;
  Rate rate_;
  Fading fading_;
};

// ---- Opus --------------------------------------------------------------------------------------

class OpusOut final : public Encoder {
 public:
  explicit OpusOut(Rate rate) {
    int error = OPUS_OK;
    state_ = opus_encoder_create(hz(rate), 1, OPUS_APPLICATION_VOIP, &error);
    ASSERT(state_ != nullptr);
    (void)opus_encoder_ctl(state_, OPUS_SET_BITRATE(kOpusBitrate));
    (void)opus_encoder_ctl(state_, OPUS_SET_COMPLEXITY(kOpusComplexity));
  }
  ~OpusOut() override { opus_encoder_destroy(state_); }
  OpusOut(const OpusOut&) = delete;
  OpusOut& operator=(const OpusOut&) = delete;
  std::size_t encode(std::span<const std::int16_t> frame,
                     std::span<std::uint8_t, kFrameBytesMax> out) override {
    const opus_int32 size = opus_encode(state_, frame.data(), static_cast<int>(frame.size()),
                                        out.data(), static_cast<opus_int32>(out.size()));
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }

 private:
  OpusEncoder* state_ = nullptr;
};

class OpusIn final : public Decoder {
 public:
  explicit OpusIn(Rate rate) : rate_(rate) {
    int error = OPUS_OK;
    state_ = opus_decoder_create(hz(rate), 1, &error);
    ASSERT(state_ != nullptr);
  }
  ~OpusIn() override { opus_decoder_destroy(state_); }
  OpusIn(const OpusIn&) = delete;
  OpusIn& operator=(const OpusIn&) = delete;
  std::size_t decode(std::span<const std::uint8_t> packet,
                     std::span<std::int16_t, kDecodedMax> out) override {
    if (packet.empty()) return 0;
    return run(packet.data(), packet.size(), kDecodedMax, out);
  }
  std::size_t conceal(std::span<std::int16_t, kDecodedMax> out) override {
    return run(nullptr, 0, frame_samples(rate_), out);
  }

 private:
  std::size_t run(const std::uint8_t* bytes, std::size_t size, std::size_t samples_max,
                  std::span<std::int16_t, kDecodedMax> out) {
    const int samples = opus_decode(state_, bytes, static_cast<opus_int32>(size), out.data(),
                                    static_cast<int>(samples_max), 0);
    return samples < 0 ? 0 : static_cast<std::size_t>(samples);
  }

  Rate rate_;
  OpusDecoder* state_ = nullptr;
};

}  // namespace

std::unique_ptr<Encoder> Encoder::make(Codec codec, Rate rate) {
  switch (codec) {
    case Codec::Pcmu:
    case Codec::Pcma:
      return std::make_unique<G711Encoder>(codec, rate);
    case Codec::G722:
      return std::make_unique<G722Encoder>(rate);
    case Codec::Opus:
      break;
  }
  return std::make_unique<OpusOut>(rate);
}

std::unique_ptr<Decoder> Decoder::make(Codec codec, Rate rate) {
  switch (codec) {
    case Codec::Pcmu:
    case Codec::Pcma:
      return std::make_unique<G711Decoder>(codec, rate);
    case Codec::G722:
      return std::make_unique<G722Decoder>(rate);
    case Codec::Opus:
      break;
  }
  return std::make_unique<OpusIn>(rate);
}

}  // namespace media
