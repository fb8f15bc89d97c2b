#include "model/flags.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "base/time.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"

namespace model {
namespace {

// As long as next_change() looks ahead.
constexpr std::int64_t kForGoodMs = 370LL * 24 * 3'600 * 1'000;

const Schedule* schedule_of(const Snapshot& snapshot, const Flag& flag) {
  return flag.schedule.empty() ? nullptr : snapshot.schedule_named(flag.schedule);
}

bool holds(const std::optional<base::WallTime>& until, base::WallTime at) {
  return until.has_value() && at < *until;
}

}  // namespace

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
    flag.off_until = until.value_or(base::WallTime{at.unix_ms + kForGoodMs});
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
