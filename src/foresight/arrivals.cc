#include "foresight/detail/arrivals.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/rng.h"
#include "base/time.h"
#include "foresight/chance.h"
#include "foresight/traffic.h"
#include "model/zone.h"

namespace foresight::detail {
namespace {

constexpr double kHourMs = 3'600'000;
constexpr std::uint64_t kArrivalsStream = 0xA221'7A15;
// A week without a call in any hour would never end.
constexpr int kEmptyWeeks = 100;

}  // namespace

Arrivals::Arrivals(const Traffic& traffic, const model::Zone& zone, std::uint64_t seed)
    : traffic_(traffic), zone_(zone), rng_(seed ^ kArrivalsStream) {
  highest_ = *std::max_element(traffic.week.begin(), traffic.week.end());
  if (highest_ <= 0) highest_ = traffic.an_hour;
}

std::uint64_t Arrivals::calls() const {
  return traffic_.recorded.empty() ? traffic_.calls : traffic_.recorded.size();
}

std::uint64_t Arrivals::warm_up() const {
  return traffic_.recorded.empty() ? traffic_.calls / 20 : 0;
}

double Arrivals::rate_at(base::Duration after) const {
  const bool by_week =
      std::any_of(traffic_.week.begin(), traffic_.week.end(), [](double rate) { return rate > 0; });
  if (!by_week) return traffic_.an_hour;
  const model::Local local =
      model::local_of(zone_, base::WallTime{traffic_.begins.unix_ms + after.count()});
  return traffic_.week.at(local.weekday * 24 + local.minute / 60);
}

// Of callers who come at the highest rate, those of quieter hours stay away by chance (thinning).
std::optional<Arrival> Arrivals::next() {
  if (given_ >= calls()) return std::nullopt;
  if (!traffic_.recorded.empty()) return traffic_.recorded[given_++];
  if (highest_ <= 0) return std::nullopt;
  const double mean_ms = kHourMs / highest_;
  const double last = at_ms_ + kEmptyWeeks * 7 * 24 * kHourMs;
  while (at_ms_ < last) {
    at_ms_ += mean_ms * exponential(rng_);
    const base::Duration after{static_cast<std::int64_t>(at_ms_)};
    if (uniform(rng_) * highest_ >= rate_at(after)) continue;
    ++given_;
    Arrival arrival;
    arrival.after = after;
    arrival.from = traffic_.from;
    arrival.number = traffic_.number;
    return arrival;
  }
  return std::nullopt;
}

}  // namespace foresight::detail
