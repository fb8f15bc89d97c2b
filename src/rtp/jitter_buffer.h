#pragma once
// Puts packets back into order for whoever decodes them, behind a small fixed delay.
//
// The reader takes packets as it needs sound, so the pace is the reader's clock: a peer whose clock
// is faster fills the buffer until the oldest are dropped, one that is slower or pauses empties it,
// and the delay begins anew with the next packet.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/time.h"

namespace rtp {

inline constexpr std::size_t kPayloadBytesMax = 1'480;

class JitterBuffer {
 public:
  static constexpr std::size_t kSlots = 32;
  // Above, the oldest packets are dropped: 200 ms of packets of 20 ms.
  static constexpr std::size_t kDepthMax = 10;

  explicit JitterBuffer(base::Duration delay = base::Duration{40}) : delay_(delay) {}

  enum class Put : std::uint8_t { Stored, Late, Double, TooLong };
  Put put(std::uint16_t sequence, std::uint8_t payload_type, std::span<const std::uint8_t> payload,
          base::Instant now);

  struct Packet {
    std::uint8_t payload_type = 0;
    std::span<const std::uint8_t> payload;  // valid until the next put()
  };
  enum class Why : std::uint8_t {
    Ready,    // `packet` is the next one
    Lost,     // the next one did not come, but later ones did: conceal one
    Waiting,  // nothing there (yet)
  };
  struct Pull {
    Why why = Why::Waiting;
    Packet packet{};
  };
  // Takes the next packet out.
  [[nodiscard]] Pull pull(base::Instant now);
  [[nodiscard]] std::size_t depth() const { return count_; }
  // Forgets everything: another sender.
  void clear();

 private:
  struct Slot {
    bool full = false;
    std::uint8_t payload_type = 0;
    std::uint16_t sequence = 0;
    std::uint16_t size = 0;
    std::array<std::uint8_t, kPayloadBytesMax> bytes{};
  };
  [[nodiscard]] Slot& slot(std::uint16_t sequence) { return slots_[sequence % kSlots]; }
  void skip_to_oldest();

  base::Duration delay_;
  std::array<Slot, kSlots> slots_{};
  std::size_t count_ = 0;
  std::uint16_t next_ = 0;  // the sequence number that is read next
  bool begun_ = false;      // next_ means something
  bool playing_ = false;    // the delay is over
  base::Instant since_{};   // when the delay began
};

}  // namespace rtp
