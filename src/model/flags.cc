#include "model/flags.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr int kDays = 370;

const Schedule* schedule_of(const Snapshot& snapshot, const Flag& flag) {
  return flag.schedule.empty() ? nullptr : snapshot.schedule_named(flag.schedule);
}

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
                                       const std::vector<std::uint32_t>& edges, const Zone& zone) {
  std::vector<base::WallTime> moments;
  const std::int64_t offset_s = offset_at(zone, midnight);
  for (const std::uint32_t minute : edges) {
    base::WallTime at{midnight.unix_ms + std::int64_t{minute} * kMinuteMs};
    at.unix_ms += (offset_s - offset_at(zone, at)) * 1'000;  // the clock was set in between
    moments.push_back(at);
  }
  for (const Transition& transition : zone.transitions)
    if (midnight < transition.from && transition.from < next) moments.push_back(transition.from);
  std::sort(moments.begin(), moments.end());
  return moments;
}

bool holds(const std::optional<base::WallTime>& until, base::WallTime at) {
  return until.has_value() && at < *until;
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
    for (const base::WallTime moment : moments_of(midnight, next, edges, zone))
      if (at < moment && openness(schedule, moment, zone).open != open) return moment;
    midnight = next;
  }
  return std::nullopt;
}

const Flag* flag_by_code(const Snapshot& snapshot, const std::string& argument) {
  if (const Flag* named = snapshot.flag_named(argument)) return named;
  const auto& flags = snapshot.office().flags;
  std::size_t place = 0;
  const char* end = argument.data() + argument.size();
  const auto read = std::from_chars(argument.data(), end, place);
  if (read.ec != std::errc() || read.ptr != end || place < 1 || place > flags.size())
    return nullptr;
  return &flags[place - 1];
}

bool is_on(const Snapshot& snapshot, const Flag& flag, base::WallTime at) {
  if (flag.on && (!flag.on_until.has_value() || holds(flag.on_until, at))) return true;
  if (holds(flag.off_until, at)) return false;
  const Schedule* schedule = schedule_of(snapshot, flag);
  return schedule != nullptr && openness(*schedule, at, snapshot.zone()).open;
}

Flag switched(const Snapshot& snapshot, Flag flag, bool on, base::WallTime at) {
  flag.on = false;
  flag.on_until.reset();
  flag.off_until.reset();
  const Schedule* schedule = schedule_of(snapshot, flag);
  const bool open = schedule != nullptr && openness(*schedule, at, snapshot.zone()).open;
  if (on == open) return flag;  // it is so by its hours
  const auto until =
      schedule == nullptr ? std::nullopt : next_change(*schedule, at, snapshot.zone());
  if (on) {
    flag.on = true;
    flag.on_until = until;
  } else {
    // Hours that never end are held off for good, as far as anybody plans.
    flag.off_until = until.value_or(base::WallTime{at.unix_ms + kDays * 24 * kHourMs});
  }
  return flag;
}

std::optional<base::WallTime> next_change(const Snapshot& snapshot, const Flag& flag,
                                          base::WallTime at) {
  std::optional<base::WallTime> first;
  const auto take = [&](const std::optional<base::WallTime>& moment) {
    if (moment.has_value() && at < *moment && (!first.has_value() || *moment < *first))
      first = moment;
  };
  if (flag.on) take(flag.on_until);
  take(flag.off_until);
  if (const Schedule* schedule = schedule_of(snapshot, flag))
    take(next_change(*schedule, at, snapshot.zone()));
  return first;
}

}  // namespace model
