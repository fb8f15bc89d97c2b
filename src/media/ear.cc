#include "media/ear.h"

#include <algorithm>
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
namespace {

constexpr int kConcealMax = 3;  // 60 ms; longer is silence

// A half-band low pass (sinc with a Blackman window, in 1/32768): -2 dB at 3.4 kHz, -26 at 5.
constexpr std::array<std::int32_t, 23> kHalfBand{-6,     0, 77,     0,      -330,   0, 1'001,  0,
                                                 -2'689, 0, 10'140, 16'382, 10'140, 0, -2'689, 0,
                                                 1'001,  0, -330,   0,      77,     0, -6};

}  // namespace

void Ear::put(const rtp::Packet& packet, facts::Codec codec, base::Instant now) {
  if (ssrc_ != packet.header().ssrc) {
    buffer_.clear();
    ssrc_ = packet.header().ssrc;
  }
  (void)buffer_.put(packet.header().sequence, static_cast<std::uint8_t>(codec), packet.payload(),
                    now);
}

void Ear::append(std::size_t count) {
  const std::size_t room = waiting_.size() - waiting_count_;
  count = std::min(count, room);
  std::copy_n(decoded_.begin(), count,
              waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_count_));
  waiting_count_ += count;
}

void Ear::decode(const rtp::JitterBuffer::Packet& packet) {
  const auto codec = static_cast<facts::Codec>(packet.payload_type);
  if (codec_ != codec || decoder_ == nullptr) {
    decoder_ = Decoder::make(codec, rate_);
    codec_ = codec;
  }
  concealed_ = 0;
  append(decoder_->decode(packet.payload, decoded_));
}

bool Ear::pull(base::Instant now) {
  const std::size_t size = frame_samples(rate_);
  while (waiting_count_ < size) {
    const auto pulled = buffer_.pull(now);
    if (pulled.why == rtp::JitterBuffer::Why::Waiting) break;
    if (pulled.why == rtp::JitterBuffer::Why::Ready) {
      decode(pulled.packet);
    } else if (decoder_ != nullptr && concealed_ < kConcealMax) {
      ++concealed_;
      append(decoder_->conceal(decoded_));
    } else {
      std::fill_n(decoded_.begin(), size, std::int16_t{0});
      append(size);
    }
  }
  const std::size_t taken = std::min(waiting_count_, size);
  const auto begin = waiting_.begin();
  std::fill(std::copy_n(begin, taken, frame_.begin()), frame_.end(), std::int16_t{0});
  std::copy(begin + static_cast<std::ptrdiff_t>(taken),
            begin + static_cast<std::ptrdiff_t>(waiting_count_), begin);
  waiting_count_ -= taken;
  if (rate_ == Rate::Wide) {
    halve();
  } else {
    std::copy_n(frame_.begin(), kNarrowFrame, narrow_.begin());
  }
  return taken > 0;
}

// 16 kHz to 8 kHz: what is above 4 kHz goes, then each second sample.
void Ear::halve() {
  std::array<std::int16_t, kTaps - 1 + kWideFrame> all{};
  std::copy(frame_.begin(), frame_.end(), std::copy(before_.begin(), before_.end(), all.begin()));
  for (std::size_t i = 0; i < kNarrowFrame; ++i) {
    std::int32_t sum = 0;
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      sum += kHalfBand[tap] * all[2 * i + tap];
    }
    narrow_[i] = static_cast<std::int16_t>(std::clamp(sum >> 15, -32'768, 32'767));
  }
  std::copy(all.end() - static_cast<std::ptrdiff_t>(before_.size()), all.end(), before_.begin());
}

}  // namespace media
