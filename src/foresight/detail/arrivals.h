#pragma once
// When callers come: as they were recorded, or by chance.

#include <cstdint>
#include <optional>

#include "base/rng.h"
#include "base/time.h"
#include "foresight/traffic.h"
#include "model/zone.h"

namespace foresight::detail {

class Arrivals {
 public:
  // Both outlive it.
  Arrivals(const Traffic& traffic, const model::Zone& zone, std::uint64_t seed);
  // The next caller, ascending; nothing after the last.
  [[nodiscard]] std::optional<Arrival> next();
  // How many callers at the beginning are not counted, and how many are.
  [[nodiscard]] std::uint64_t warm_up() const;
  [[nodiscard]] std::uint64_t counted() const { return calls() - warm_up(); }

 private:
  [[nodiscard]] std::uint64_t calls() const;
  [[nodiscard]] double rate_at(base::Duration after) const;

  // Given to us.
  const Traffic& traffic_;
  const model::Zone& zone_;
  // Owned.
  base::SplitMix rng_;
  double highest_ = 0;  // calls an hour
  double at_ms_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace foresight::detail
