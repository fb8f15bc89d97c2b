#pragma once
// Random numbers come in from outside: pure rooms draw from a base::Rng& that they are handed.

#include <cstdint>

namespace base {

class Rng {
 public:
  Rng() = default;
  Rng(const Rng&) = delete;
  Rng& operator=(const Rng&) = delete;
  virtual ~Rng() = default;
  // 64 unpredictable (server) or reproducible (simulator) bits.
  [[nodiscard]] virtual std::uint64_t next() = 0;
};

// A whole number in [0, bound), each equally likely. REQUIRES: bound > 0.
[[nodiscard]] inline std::uint64_t below(Rng& rng, std::uint64_t bound) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t drawn = rng.next();
  while (drawn >= limit) drawn = rng.next();
  return drawn % bound;
}

// splitmix64: small, fast, the same on every machine. For simulators, tests and the drawing of
// strategies from a seed; never for ids that strangers must not guess.
class SplitMix final : public Rng {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next() override {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace base
