#include "rtp/jitter_buffer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/time.h"
#include "rtp/sequence.h"

namespace rtp {

void JitterBuffer::clear() {
  for (Slot& slot : slots_) slot.full = false;
  count_ = 0;
  begun_ = playing_ = false;
}

JitterBuffer::Put JitterBuffer::put(std::uint16_t sequence, std::uint8_t payload_type,
                                    std::span<const std::uint8_t> payload, base::Instant now) {
  if (payload.size() > kPayloadBytesMax) return Put::TooLong;
  if (begun_) {
    const int ahead = distance(next_, sequence);
    // Far away on either side: the sender began anew.
    if (ahead >= static_cast<int>(kSlots) || ahead < -static_cast<int>(kSlots)) {
      clear();
    } else if (ahead < 0) {
      // Before anything was read the order of the first packets is still open.
      if (playing_ || count_ == 0) return Put::Late;
      next_ = sequence;
    }
  }
  if (!begun_) {
    begun_ = true;
    next_ = sequence;
  }
  Slot& place = slot(sequence);
  if (place.full && place.sequence == sequence) return Put::Double;
  if (!place.full) ++count_;
  place.full = true;
  place.payload_type = payload_type;
  place.sequence = sequence;
  place.size = static_cast<std::uint16_t>(payload.size());
  std::copy(payload.begin(), payload.end(), place.bytes.begin());
  if (!playing_ && count_ == 1) since_ = now;
  while (count_ > kDepthMax) {
    skip_to_oldest();
    slot(next_).full = false;
    next_ = rtp::next(next_);
    --count_;
  }
  return Put::Stored;
}

void JitterBuffer::skip_to_oldest() {
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot& at = slot(next_);
    if (at.full && at.sequence == next_) return;
    next_ = rtp::next(next_);
  }
}

JitterBuffer::Pull JitterBuffer::pull(base::Instant now) {
  if (count_ == 0) {
    playing_ = false;
    return {};
  }
  if (!playing_) {
    if (now - since_ < delay_) return {};
    playing_ = true;
    skip_to_oldest();
  }
  Slot& place = slot(next_);
  const bool there = place.full && place.sequence == next_;
  next_ = rtp::next(next_);
  if (!there) return {.why = Why::Lost};
  place.full = false;
  --count_;
  return {.why = Why::Ready,
          .packet = {.payload_type = place.payload_type,
                     .payload = std::span(place.bytes).first(place.size)}};
}

}  // namespace rtp
