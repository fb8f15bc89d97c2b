#pragma once
// The RTP ports of `media.ports`: even ones, the port above each is its RTCP. Which is next cannot
// be guessed (T14), and one that was given back rests before it is used again, so that a late
// packet of an old call finds nobody.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"

namespace call {

class PortPool final {
 public:
  // REQUIRES: first <= last. An empty range (0, 0) has no port to give.
  PortPool(std::uint16_t first, std::uint16_t last);

  // Nothing when all are taken or rest.
  [[nodiscard]] std::optional<std::uint16_t> take(base::Instant now, base::Rng& rng);
  // REQUIRES: a port of take(), once.
  void give_back(std::uint16_t port, base::Instant now);
  [[nodiscard]] std::size_t taken() const { return taken_; }

 private:
  std::vector<std::uint16_t> free_;
  std::deque<std::pair<base::Instant, std::uint16_t>> resting_;  // until when
  std::size_t taken_ = 0;
};

}  // namespace call
