#pragma once
// Unpredictable numbers from the kernel (getrandom), for tags, branches, nonces and tokens.

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/rng.h"

namespace net {

// Draws 64 numbers a system call. Not thread-safe: one a thread. Aborts if the kernel has no
// randomness to give, for nothing that needs it may go on without.
class SystemRng final : public base::Rng {
 public:
  [[nodiscard]] std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 64> drawn_{};
  std::size_t left_ = 0;
};

}  // namespace net
