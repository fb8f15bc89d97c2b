// When a schedule changes next.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/occasion.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr int kDays = 370;

// Minutes of a day at which the schedule may open or close, in order.
std::vector<std::uint32_t> edges_of(const Schedule& schedule) {
  std::vector<std::uint32_t> minutes{0};  // holidays begin and end there
  for (const std::string& line : schedule.open) {
    const auto hours = open_hours_from(line);
    if (!hours) continue;
    minutes.push_back(hours->from);
    minutes.push_back(hours->until % 1'440);
  }
  std::sort(minutes.begin(), minutes.end());
  minutes.erase(std::unique(minutes.begin(), minutes.end()), minutes.end());
  return minutes;
}

// The moments of the day that began at `midnight` at which something may change, in order.
std::vector<base::WallTime> moments_of(base::WallTime midnight, base::WallTime next,
                                       const std::vector<std::uint32_t>& edges,
                                       const std::vector<Occasion>& occasions, const Zone& zone) {
  std::vector<base::WallTime> moments;
  const std::int64_t set_ms = (offset_at(zone, midnight) - offset_at(zone, next)) * 1'000;
  for (const std::uint32_t minute : edges) {
    const base::WallTime at{midnight.unix_ms + std::int64_t{minute} * kMinuteMs};
    // Before and after the clock is set: an hour that comes twice has both.
    for (const base::WallTime edge : {at, base::WallTime{at.unix_ms + set_ms}})
      if (midnight <= edge && edge < next) moments.push_back(edge);
  }
  for (const Transition& transition : zone.transitions)
    if (midnight < transition.from && transition.from < next) moments.push_back(transition.from);
  for (const Occasion& occasion : occasions)
    for (const base::WallTime edge : {occasion.from, occasion.until})
      if (midnight < edge && edge < next) moments.push_back(edge);
  std::sort(moments.begin(), moments.end());
  return moments;
}

}  // namespace

std::optional<base::WallTime> next_change(const Schedule& schedule, base::WallTime at,
                                          const Zone& zone) {
  const bool open = openness(schedule, at, zone).open;
  const std::vector<std::uint32_t> edges = edges_of(schedule);
  base::WallTime midnight = midnight_before(zone, at);
  for (int day = 0; day < kDays; ++day) {
    // A day has 23 to 25 hours: a day and a half later is the next day.
    const base::WallTime next =
        midnight_before(zone, base::WallTime{midnight.unix_ms + 36 * kHourMs});
    for (const base::WallTime moment : moments_of(midnight, next, edges, schedule.occasions, zone))
      if (at < moment && openness(schedule, moment, zone).open != open) return moment;
    midnight = next;
  }
  return std::nullopt;
}

}  // namespace model
