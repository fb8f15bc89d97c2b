// When a schedule changes next.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::int64_t kDays = 14;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 1'440 * kMinuteMs;

}  // namespace

// It can only change at midnight and at the times that its lines name. A day on which the clocks
// are changed is an hour longer or shorter: those times are looked at an hour earlier and later,
// too.
std::optional<base::WallTime> changes_after(const Schedule& schedule, base::WallTime at,
                                            const Zone& zone) {
  std::vector<std::int64_t> minutes{0};
  for (const std::string& line : schedule.open) {
    const auto hours = open_hours_from(line);
    if (!hours.has_value()) continue;
    minutes.push_back(hours->from);
    minutes.push_back(hours->until);
  }
  std::vector<std::int64_t> moments;
  for (std::int64_t day = 0; day <= kDays; ++day) {
    const base::WallTime noon{midnight_before(zone, at).unix_ms + day * kDayMs + kDayMs / 2};
    const std::int64_t midnight = midnight_before(zone, noon).unix_ms;
    for (const std::int64_t minute : minutes)
      for (const std::int64_t shift : {-60, 0, 60})
        moments.push_back(midnight + (minute + shift) * kMinuteMs);
  }
  std::sort(moments.begin(), moments.end());
  const bool open = openness(schedule, at, zone).open;
  for (const std::int64_t moment : moments)
    if (moment > at.unix_ms && openness(schedule, base::WallTime{moment}, zone).open != open)
      return base::WallTime{moment};
  return std::nullopt;
}

}  // namespace model
