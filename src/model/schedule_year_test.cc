// A whole year of a schedule, minute by minute, over both changes of the clock: what is open, and
// that next_change() names each opening and closing and nothing else.

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;

base::WallTime midnight_utc(std::int32_t year, std::uint32_t month, std::uint32_t day) {
  return {days_of(year, month, day) * kDayMs};
}

// Central European time of 2026; the clock is set at 01:00 UTC.
Zone warsaw() {
  constexpr std::int64_t kHourMs = 3'600'000;
  return {"Europe/Warsaw",
          3'600,
          {{{midnight_utc(2026, 3, 29).unix_ms + kHourMs}, 7'200},
           {{midnight_utc(2026, 10, 25).unix_ms + kHourMs}, 3'600}}};
}

struct Change {
  base::WallTime at;
  bool open = false;
  bool operator==(const Change&) const = default;
};

// From one midnight on the wall of that zone to the last of the year, by looking at every minute.
std::vector<Change> by_the_minute(const Schedule& schedule) {
  std::vector<Change> changes;
  const std::int64_t end = midnight_utc(2027, 1, 1).unix_ms - 3'600'000;
  base::WallTime at{midnight_utc(2026, 1, 1).unix_ms - 3'600'000};
  bool open = openness(schedule, at, warsaw()).open;
  for (at.unix_ms += kMinuteMs; at.unix_ms < end; at.unix_ms += kMinuteMs) {
    if (openness(schedule, at, warsaw()).open == open) continue;
    open = !open;
    changes.push_back({at, open});
  }
  return changes;
}

// The same by asking when it changes next.
std::vector<Change> by_next_change(const Schedule& schedule) {
  std::vector<Change> changes;
  const std::int64_t end = midnight_utc(2027, 1, 1).unix_ms - 3'600'000;
  base::WallTime at{midnight_utc(2026, 1, 1).unix_ms - 3'600'000};
  while (const auto next = next_change(schedule, at, warsaw())) {
    if (next->unix_ms >= end) break;
    at = *next;
    changes.push_back({at, openness(schedule, at, warsaw()).open});
  }
  return changes;
}

// Working days of 2026 in Poland, 08:00 to 16:00, in UTC: written down from the calendar on the
// wall and not from the code under test.
std::vector<Change> office_hours_of_2026() {
  const std::set<std::pair<std::uint32_t, std::uint32_t>> off{{1, 1}, {1, 6},   {4, 6},   {5, 1},
                                                              {6, 4}, {11, 11}, {12, 24}, {12, 25}};
  constexpr std::uint32_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::vector<Change> changes;
  std::uint32_t weekday = 3;  // 1 January 2026 is a Thursday
  for (std::uint32_t month = 1; month <= 12; ++month) {
    for (std::uint32_t day = 1; day <= kDays[month - 1]; ++day, weekday = (weekday + 1) % 7) {
      if (weekday > 4 || off.contains({month, day})) continue;
      const bool summer =
          (month > 3 && month < 10) || (month == 3 && day >= 29) || (month == 10 && day < 25);
      const std::int64_t opens =
          midnight_utc(2026, month, day).unix_ms + (summer ? 6 : 7) * 60 * kMinuteMs;
      changes.push_back({{opens}, true});
      changes.push_back({{opens + 8 * 60 * kMinuteMs}, false});
    }
  }
  return changes;
}

TEST(ScheduleYear, EveryMinuteOfAYearIsOpenOrClosedByTheClockOnTheWall) {
  const Schedule business{"", 0, "business", {"Mo-Fr 08:00-16:00"}, "pl", ""};

  const std::vector<Change> seen = by_the_minute(business);

  EXPECT_EQ(seen.size(), 2U * 253U);
  EXPECT_TRUE(seen == office_hours_of_2026());
}

TEST(ScheduleYear, TheNextChangeIsEachOpeningAndClosingOfAYearAndNothingElse) {
  for (const char* hours : {"Mo-Fr 08:00-16:00", "Sa,Su 22:00-06:00", "02:00-03:00", "01:30-02:30",
                            "Mo 23:30-00:30", "Mo"}) {
    const Schedule schedule{"", 0, "hours", {hours}, "pl", ""};

    const std::vector<Change> told = by_next_change(schedule);

    const std::vector<Change> seen = by_the_minute(schedule);
    ASSERT_EQ(told.size(), seen.size()) << hours;
    for (std::size_t i = 0; i < told.size(); ++i)
      ASSERT_TRUE(told[i] == seen[i]) << hours << ": " << text_of(seen[i].at);
  }
}

}  // namespace
}  // namespace model
