#include "net/rng.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <sys/random.h>
#include <sys/types.h>

#include "base/assert.h"

namespace net {

std::uint64_t SystemRng::next() {
  if (left_ == 0) {
    const std::size_t wanted = drawn_.size() * sizeof(drawn_[0]);
    ssize_t got = 0;
    do {
      got = ::getrandom(drawn_.data(), wanted, 0);
    } while (got < 0 && errno == EINTR);
    // Up to 256 bytes are never cut short; 512 may be, by a signal: then fewer numbers are at hand.
    ASSERT(got >= static_cast<ssize_t>(sizeof(drawn_[0])));
    left_ = static_cast<std::size_t>(got) / sizeof(drawn_[0]);
  }
  --left_;
  const std::uint64_t number = drawn_.at(left_);
  drawn_.at(left_) = 0;  // a number that was given away is not kept
  return number;
}

}  // namespace net
