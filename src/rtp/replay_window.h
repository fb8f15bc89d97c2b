#pragma once
// Which of the last 128 packets were seen (RFC 3711 section 3.3.2; also keeps doubles out of
// relays).

#include <cstdint>

namespace rtp {

// Indices grow without wrapping (48 bits for SRTP, 31 for SRTCP).
class ReplayWindow {
 public:
  static constexpr std::uint64_t kSize = 128;

  // True if `index` is new: not seen, and not so old that nobody knows.
  [[nodiscard]] bool is_new(std::uint64_t index) const {
    if (!begun_ || index > highest_) return true;
    const std::uint64_t age = highest_ - index;
    return age < kSize && !bit(age);
  }
  void add(std::uint64_t index) {
    if (!begun_) {
      begun_ = true;
      highest_ = index;
      low_ = 1;
      high_ = 0;
      return;
    }
    if (index > highest_) {
      shift(index - highest_);
      highest_ = index;
      low_ |= 1U;
      return;
    }
    const std::uint64_t age = highest_ - index;
    if (age < 64) {
      low_ |= std::uint64_t{1} << age;
    } else if (age < kSize) {
      high_ |= std::uint64_t{1} << (age - 64);
    }
  }
  [[nodiscard]] bool begun() const { return begun_; }
  // REQUIRES: begun().
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

 private:
  [[nodiscard]] bool bit(std::uint64_t age) const {
    return (age < 64 ? low_ >> age : high_ >> (age - 64)) & 1U;
  }
  void shift(std::uint64_t by) {
    if (by >= kSize) {
      low_ = high_ = 0;
    } else if (by >= 64) {
      high_ = low_ << (by - 64);
      low_ = 0;
    } else {
      high_ = high_ << by | low_ >> (64 - by);
      low_ <<= by;
    }
  }

  std::uint64_t highest_ = 0;
  std::uint64_t low_ = 0, high_ = 0;  // bit n: the packet n before the highest
  bool begun_ = false;
};

// The whole index of a sequence number nearest to `highest` (RFC 3711 section 3.3.1, appendix A).
// `highest` is the highest index so far; indices never go below 0.
[[nodiscard]] constexpr std::uint64_t guess_index(std::uint64_t highest, std::uint16_t sequence) {
  const std::uint64_t rollovers = highest >> 16U;
  const auto last = static_cast<std::uint16_t>(highest);
  std::uint64_t guessed = rollovers;
  if (last < 0x8000) {
    if (sequence > last && sequence - last > 0x8000 && rollovers > 0) --guessed;
  } else if (last - 0x8000 > sequence) {
    ++guessed;
  }
  return guessed << 16U | sequence;
}

}  // namespace rtp
