#include "model/schedule.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/decode.h"
#include "model/office.h"
#include "model/zone.h"

namespace model {
namespace {

base::WallTime utc(const char* text) {
  return time_from(text).value_or(base::WallTime{});
}

// Central European time over the changes of 2026: 29 March and 25 October, 01:00 UTC.
Zone warsaw() {
  return {"Europe/Warsaw",
          3'600,
          {{utc("2026-03-29T01:00:00Z"), 7'200}, {utc("2026-10-25T01:00:00Z"), 3'600}}};
}

Schedule hours(std::vector<std::string> open, std::string holidays = "") {
  return {"", 0, "business", std::move(open), std::move(holidays), ""};
}

TEST(Schedule, IsOpenWithinItsHours) {
  const Schedule business = hours({"Mo-Fr 08:00-16:00"});

  EXPECT_EQ(openness(business, utc("2026-03-02T08:00:00+01:00"), warsaw()),
            (Openness{true, "Mo-Fr 08:00-16:00"}));
  EXPECT_EQ(openness(business, utc("2026-03-02T07:59:59+01:00"), warsaw()).open, false);
  EXPECT_EQ(openness(business, utc("2026-03-02T16:00:00+01:00"), warsaw()),
            (Openness{false, "outside the hours"}));
  EXPECT_EQ(openness(business, utc("2026-03-07T10:00:00+01:00"), warsaw()).open, false);
}

TEST(Schedule, RunsOnOverMidnight) {
  const Schedule night = hours({"Fr 22:00-06:00"});

  EXPECT_EQ(openness(night, utc("2026-03-06T22:30:00+01:00"), warsaw()).open, true);
  EXPECT_EQ(openness(night, utc("2026-03-07T05:59:00+01:00"), warsaw()).open, true);
  EXPECT_EQ(openness(night, utc("2026-03-07T06:00:00+01:00"), warsaw()).open, false);
  EXPECT_EQ(openness(night, utc("2026-03-06T05:00:00+01:00"), warsaw()).open, false);
}

TEST(Schedule, FollowsTheClockOnTheWallWhenItChanges) {
  const Schedule morning = hours({"Su 01:30-03:30"});

  // 29 March: 02:00 becomes 03:00; 00:30 to 01:30 UTC is open.
  EXPECT_EQ(openness(morning, utc("2026-03-29T00:29:00Z"), warsaw()).open, false);
  EXPECT_EQ(openness(morning, utc("2026-03-29T00:30:00Z"), warsaw()).open, true);
  EXPECT_EQ(openness(morning, utc("2026-03-29T01:29:00Z"), warsaw()).open, true);
  EXPECT_EQ(openness(morning, utc("2026-03-29T01:30:00Z"), warsaw()).open, false);
  // 25 October: 03:00 becomes 02:00; 23:30 UTC of the day before to 02:30 UTC is open.
  EXPECT_EQ(openness(morning, utc("2026-10-24T23:30:00Z"), warsaw()).open, true);
  EXPECT_EQ(openness(morning, utc("2026-10-25T02:29:00Z"), warsaw()).open, true);
  EXPECT_EQ(openness(morning, utc("2026-10-25T02:30:00Z"), warsaw()).open, false);
}

TEST(Schedule, IsClosedOnHolidays) {
  const Schedule business = hours({"Mo-Su 00:00-24:00"}, "PL");

  EXPECT_EQ(openness(business, utc("2026-04-06T12:00:00+02:00"), warsaw()),
            (Openness{false, "holiday: Easter Monday"}));
  EXPECT_EQ(openness(business, utc("2026-04-07T12:00:00+02:00"), warsaw()).open, true);
}

TEST(Schedule, UnderstandsItsLines) {
  EXPECT_EQ(open_hours_from("Mo-Fr 08:00-16:00"), (OpenHours{0x1f, 480, 960}));
  EXPECT_EQ(open_hours_from("sa, su 10:00 - 14:00"), (OpenHours{0x60, 600, 840}));
  EXPECT_EQ(open_hours_from("Sa-Mo"), (OpenHours{0x61, 0, 1'440}));
  EXPECT_EQ(open_hours_from("08:00-16:00"), (OpenHours{0x7f, 480, 960}));
  EXPECT_EQ(open_hours_from("always"), (OpenHours{0x7f, 0, 1'440}));
  EXPECT_EQ(open_hours_from("Friday 22:00-06:00"), (OpenHours{0x10, 1'320, 360}));
  for (const char* bad : {"", "Mo-Xy 08:00-16:00", "Mo 08:00", "Mo 8-16", "Mo 08:00-08:00",
                          "Mo 25:00-26:00", "Mo 08:60-09:00", "Mo,, 08:00-09:00"})
    EXPECT_EQ(open_hours_from(bad), std::nullopt) << bad;
}

TEST(Holidays, ArePolandsIncludingThoseThatMoveWithEaster) {
  EXPECT_STREQ(holiday_on("pl", 2026, 4, 5), "Easter Sunday");
  EXPECT_STREQ(holiday_on("pl", 2026, 6, 4), "Corpus Christi");
  EXPECT_STREQ(holiday_on("PL", 2026, 5, 3), "Constitution Day");
  EXPECT_STREQ(holiday_on("pl", 2025, 12, 24), "Christmas Eve");
  EXPECT_EQ(holiday_on("pl", 2024, 12, 24), nullptr);
  EXPECT_EQ(holiday_on("pl", 2026, 4, 3), nullptr);
  EXPECT_STREQ(holiday_on("pl", 2024, 3, 31), "Easter Sunday");
  EXPECT_STREQ(holiday_on("pl", 2038, 4, 25), "Easter Sunday");
}

TEST(Holidays, AreSpainsGermanysAndOthers) {
  EXPECT_STREQ(holiday_on("es", 2026, 4, 3), "Good Friday");
  EXPECT_STREQ(holiday_on("es", 2026, 10, 12), "National Day");
  EXPECT_STREQ(holiday_on("de", 2026, 5, 14), "Ascension Day");
  EXPECT_STREQ(holiday_on("de", 2026, 10, 3), "Unity Day");
  EXPECT_STREQ(holiday_on("gb", 2026, 5, 25), "Spring bank holiday");
  EXPECT_STREQ(holiday_on("gb", 2026, 5, 4), "Early May bank holiday");
  EXPECT_STREQ(holiday_on("us", 2026, 11, 26), "Thanksgiving");
  EXPECT_EQ(holiday_on("xx", 2026, 1, 1), nullptr);
}

TEST(ScheduleNext, ChangesAtTheNextTimeThatALineNames) {
  Schedule business;
  business.open = {"Mo-Fr 08:00-16:00"};
  const Zone zone = warsaw();

  // Wednesday 10:00 local: until 16:00; Friday 20:00: until Monday 08:00.
  EXPECT_EQ(next_change(business, utc("2026-03-04T09:00:00Z"), zone), utc("2026-03-04T15:00:00Z"));
  EXPECT_EQ(next_change(business, utc("2026-03-06T19:00:00Z"), zone), utc("2026-03-09T07:00:00Z"));
  // Over the night in which the clocks go forward.
  EXPECT_EQ(next_change(business, utc("2026-03-27T19:00:00Z"), zone), utc("2026-03-30T06:00:00Z"));
}

TEST(ScheduleNext, LeavesOutHolidaysAndNamesNothingWhereNothingChanges) {
  Schedule business;
  business.open = {"Mo-Fr 08:00-16:00"};
  business.holidays = "pl";
  // Friday 1 May 2026 is a holiday: from Thursday evening to Monday.
  EXPECT_EQ(next_change(business, utc("2026-04-30T16:00:00Z"), warsaw()),
            utc("2026-05-04T06:00:00Z"));

  Schedule always;
  always.open = {"always"};
  EXPECT_EQ(next_change(always, utc("2026-03-04T09:00:00Z"), warsaw()), std::nullopt);
}

TEST(Zone, FindsTheDayAndItsMidnight) {
  const Local day = local_of(warsaw(), utc("2026-03-29T01:00:00Z"));

  EXPECT_EQ(day, (Local{2026, 3, 29, 6, 180}));
  EXPECT_EQ(midnight_before(warsaw(), utc("2026-03-29T12:00:00Z")), utc("2026-03-28T23:00:00Z"));
  EXPECT_EQ(midnight_before(warsaw(), utc("2026-10-25T12:00:00Z")), utc("2026-10-24T22:00:00Z"));
  EXPECT_EQ(midnight_before(warsaw(), utc("2026-03-28T23:00:00Z")), utc("2026-03-28T23:00:00Z"));
}

TEST(Zone, BeginsADayWithoutMidnightAtItsFirstMoment) {
  // The clock goes from 00:00 to 01:00.
  const Zone zone{"skips", -10'800, {{utc("2018-11-04T03:00:00Z"), -7'200}}};

  EXPECT_EQ(midnight_before(zone, utc("2018-11-04T12:00:00Z")), utc("2018-11-04T03:00:00Z"));
}

TEST(Zone, CountsDaysOfTheCalendar) {
  EXPECT_EQ(days_of(1970, 1, 1), 0);
  EXPECT_EQ(days_of(2000, 3, 1), 11'017);
  EXPECT_EQ(days_of(1969, 12, 31), -1);
  for (std::int64_t day = -800'000; day < 800'000; day += 997) {
    const Local local = local_of(Zone{}, base::WallTime{day * 86'400'000});
    EXPECT_EQ(days_of(local.year, local.month, local.day), day);
  }
}

}  // namespace
}  // namespace model
