#include "foresight/chance.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/rng.h"
#include "base/time.h"

namespace foresight {
namespace {

constexpr double kUnit = 1.0 / 9'007'199'254'740'992.0;  // 2^-53

}  // namespace

double uniform(base::Rng& rng) {
  return static_cast<double>(rng.next() >> 11U) * kUnit;
}

double exponential(base::Rng& rng) {
  double whole = 0;
  while (true) {
    const double first = uniform(rng);
    double last = first;
    bool odd = true;
    double next = uniform(rng);
    while (next < last) {
      last = next;
      odd = !odd;
      next = uniform(rng);
    }
    if (odd) return whole + first;
    whole += 1;
  }
}

Lengths Lengths::always(base::Duration length) {
  Lengths made;
  made.kind_ = Kind::Always;
  made.mean_ = length;
  return made;
}

Lengths Lengths::around(base::Duration mean, base::Duration least) {
  ASSERT(mean >= least);
  Lengths made;
  made.kind_ = Kind::Around;
  made.mean_ = mean;
  made.least_ = least;
  return made;
}

Lengths Lengths::seen(Seen cumulative) {
  Lengths made;
  made.kind_ = Kind::Seen;
  made.seen_ = std::move(cumulative);
  return made;
}

std::optional<base::Duration> Lengths::draw(base::Rng& rng) const {
  switch (kind_) {
    case Kind::Never:
      return std::nullopt;
    case Kind::Always:
      return mean_;
    case Kind::Around: {
      const auto spread = static_cast<double>((mean_ - least_).count());
      return least_ + base::Duration{static_cast<std::int64_t>(spread * exponential(rng))};
    }
    case Kind::Seen: {
      const double share = uniform(rng);
      const auto found =
          std::upper_bound(seen_.begin(), seen_.end(), share,
                           [](double wanted, const auto& one) { return wanted < one.second; });
      if (found == seen_.end()) return std::nullopt;
      return found->first;
    }
  }
  return std::nullopt;
}

}  // namespace foresight
