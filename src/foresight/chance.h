#pragma once
// Chance for simulations, in arithmetic of our own: comparisons, multiplications and divisions of
// doubles only, so that a seed gives the same story on every machine.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"

namespace foresight {

// Uniform in [0, 1), of 53 bits.
[[nodiscard]] double uniform(base::Rng& rng);
// Exponential with mean 1, by von Neumann's comparisons (no logarithm).
[[nodiscard]] double exponential(base::Rng& rng);

// A length of time that chance decides, or never.
class Lengths {
 public:
  // Never at all.
  Lengths() = default;
  [[nodiscard]] static Lengths always(base::Duration length);
  // `least` and an exponential of mean `mean` - `least`. REQUIRES: mean >= least.
  [[nodiscard]] static Lengths around(base::Duration mean, base::Duration least = {});
  // Lengths with the share of cases in which they had come at the latest, both ascending; what is
  // missing to 1 is never.
  using Seen = std::vector<std::pair<base::Duration, double>>;
  [[nodiscard]] static Lengths seen(Seen cumulative);

  [[nodiscard]] std::optional<base::Duration> draw(base::Rng& rng) const;
  [[nodiscard]] bool is_never() const { return kind_ == Kind::Never; }

 private:
  enum class Kind : std::uint8_t { Never, Always, Around, Seen };
  Kind kind_ = Kind::Never;
  base::Duration mean_{}, least_{};
  Seen seen_;
};

}  // namespace foresight
