#include "model/calendar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/zone.h"

namespace model {
namespace {

// Central European time of 2026 to 2028.
Zone warsaw() {
  const auto at = [](std::int32_t year, std::uint32_t month, std::uint32_t day) {
    return base::WallTime{(days_of(year, month, day) * 24 + 1) * 3'600'000};
  };
  return {"Europe/Warsaw",
          3'600,
          {{at(2026, 3, 29), 7'200},
           {at(2026, 10, 25), 3'600},
           {at(2027, 3, 28), 7'200},
           {at(2027, 10, 31), 3'600}}};
}

CalendarOptions options() {
  CalendarOptions made;
  made.zone = warsaw();
  made.load_zone = [](const std::string& name) -> std::optional<Zone> {
    if (name != "Asia/Tokyo") return std::nullopt;
    return Zone{name, 9 * 3'600, {}};
  };
  made.from = {days_of(2026, 1, 1) * 86'400'000};
  made.until = {days_of(2028, 1, 1) * 86'400'000};
  return made;
}

std::string calendar(const std::string& events) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + events + "END:VCALENDAR\r\n";
}

std::string event(const std::string& lines) {
  return "BEGIN:VEVENT\r\n" + lines + "END:VEVENT\r\n";
}

std::vector<std::string> told(const Decoded<std::vector<Occasion>>& read) {
  std::vector<std::string> lines;
  for (const Finding& finding : read.findings)
    lines.push_back(std::to_string(finding.at.line) + ": " + finding.message);
  for (const Occasion& one : read.value)
    lines.push_back(text_of(one.from).substr(0, 16) + " " + text_of(one.until).substr(0, 16) + " " +
                    one.name);
  return lines;
}

std::vector<std::string> read_event(const std::string& lines) {
  return told(read_calendar(calendar(event(lines)), options()));
}

using Lines = std::vector<std::string>;

TEST(Calendar, ADayIsOnFromItsMidnightToTheNext) {
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Christmas\\, Eve\r\n"),
            (Lines{"2026-12-23T23:00 2026-12-24T23:00 Christmas, Eve"}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\n"),
            (Lines{"2026-12-23T23:00 2026-12-26T23:00 "}));
}

TEST(Calendar, ADayOnWhichTheClockIsSetHasItsOwnLength) {
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20260329\r\n"),
            (Lines{"2026-03-28T23:00 2026-03-29T22:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20261025\r\n"),
            (Lines{"2026-10-24T22:00 2026-10-25T23:00 "}));
}

TEST(Calendar, TimesAreInUtcInTheOfficesZoneOrInTheirOwn) {
  EXPECT_EQ(read_event("DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\n"),
            (Lines{"2026-07-01T08:00 2026-07-01T09:00 "}));
  EXPECT_EQ(read_event("DTSTART:20260701T080000\r\nDURATION:PT1H30M\r\n"),
            (Lines{"2026-07-01T06:00 2026-07-01T07:30 "}));
  EXPECT_EQ(read_event("DTSTART;TZID=\"Asia/Tokyo\":20260701T080000\r\nDURATION:PT1H\r\n"),
            (Lines{"2026-06-30T23:00 2026-07-01T00:00 "}));
  EXPECT_EQ(read_event("DTSTART;TZID=Mars/Base:20260701T080000\r\nDURATION:PT1H\r\n"),
            (Lines{"3: the time zone \"Mars/Base\" is unknown; write Europe/Warsaw"}));
}

TEST(Calendar, EveryYearOnItsDayOrItsWeekday) {
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\n"),
            (Lines{"2026-04-30T22:00 2026-05-01T22:00 ", "2027-04-30T22:00 2027-05-01T22:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20201126\r\n"
                       "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"),
            (Lines{"2026-11-25T23:00 2026-11-26T23:00 ", "2027-11-24T23:00 2027-11-25T23:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20200525\r\n"
                       "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=7\r\n"),
            (Lines{"2026-05-24T22:00 2026-05-25T22:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\n"), Lines{});
}

TEST(Calendar, EveryMonthOnItsDayOrItsWeekday) {
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20260130\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\n"),
            (Lines{"2026-01-29T23:00 2026-01-30T23:00 ", "2026-03-29T22:00 2026-03-30T22:00 ",
                   "2026-04-29T22:00 2026-04-30T22:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20260130\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2\r\n"),
            (Lines{"2026-01-29T23:00 2026-01-30T23:00 ", "2026-02-26T23:00 2026-02-27T23:00 "}));
  EXPECT_EQ(
      read_event("DTSTART;VALUE=DATE:20260131\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31,-1;COUNT=2\r\n"),
      (Lines{"2026-01-30T23:00 2026-01-31T23:00 ", "2026-02-27T23:00 2026-02-28T23:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20260601\r\n"
                       "RRULE:FREQ=MONTHLY;BYMONTH=6;BYDAY=MO;UNTIL=20260615\r\n"),
            (Lines{"2026-05-31T22:00 2026-06-01T22:00 ", "2026-06-07T22:00 2026-06-08T22:00 ",
                   "2026-06-14T22:00 2026-06-15T22:00 "}));
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20260115\r\nRRULE:FREQ=MONTHLY;INTERVAL=11;COUNT=3\r\n"),
            (Lines{"2026-01-14T23:00 2026-01-15T23:00 ", "2026-12-14T23:00 2026-12-15T23:00 ",
                   "2027-11-14T23:00 2027-11-15T23:00 "}));
}

TEST(Calendar, AWeekdayWithoutANumberBesideOneWithANumberIsEachOfItsMonth) {
  EXPECT_EQ(read_event("DTSTART;VALUE=DATE:20261101\r\n"
                       "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH,MO;COUNT=3\r\n"),
            (Lines{"2026-11-01T23:00 2026-11-02T23:00 ", "2026-11-08T23:00 2026-11-09T23:00 ",
                   "2026-11-15T23:00 2026-11-16T23:00 "}));
}

TEST(Calendar, EveryWeekAndEveryDayUntilTheEndAndWithoutExceptions) {
  EXPECT_EQ(read_event("DTSTART:20260706T120000\r\nDTEND:20260706T130000\r\n"
                       "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260713T235959Z\r\n"
                       "EXDATE:20260708T120000\r\n"),
            (Lines{"2026-07-06T10:00 2026-07-06T11:00 ", "2026-07-13T10:00 2026-07-13T11:00 "}));
  EXPECT_EQ(
      read_event("DTSTART;VALUE=DATE:20260701\r\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2\r\n").size(),
      2U);
}

TEST(Calendar, UnfoldsLinesAndPassesOverWhatIsNoEvent) {
  const std::string text = calendar(
      "BEGIN:VTIMEZONE\r\nTZID:Europe/Warsaw\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" +
      event("DTSTART;VALUE=DATE:202612\r\n 24\r\nSUMMARY:Christ\r\n\tmas\r\nBEGIN:VALARM\r\n"
            "TRIGGER:-PT5M\r\nEND:VALARM\r\n") +
      event("DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED\r\n"));

  EXPECT_EQ(told(read_calendar(text, options())),
            (Lines{"2026-12-23T23:00 2026-12-24T23:00 Christmas"}));
}

TEST(Calendar, SaysWhatItDoesNotUnderstandAndTakesNothingThen) {
  for (const char* lines :
       {"SUMMARY:x\r\n", "DTSTART;VALUE=DATE:20261301\r\n", "DTSTART:20260230\r\n",
        "DTSTART:20261224T250000\r\n", "DTSTART;VALUE=DATE:20261224\r\nDTEND:20261223\r\n",
        "DTSTART:20261224\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=MO\r\n",
        "DTSTART:20261224\r\nRRULE:COUNT=2\r\n",
        "DTSTART:20261224\r\nRRULE:FREQ=YEARLY;BYSETPOS=1\r\n",
        "DTSTART:20261224\r\nRRULE:FREQ=YEARLY;BYDAY=MO\r\n",
        "DTSTART:20261224\r\nRRULE:FREQ=YEARLY;INTERVAL=0\r\n",
        "DTSTART:20261224\r\nRDATE:20261226\r\n", "DTSTART:20261224\r\nDURATION:P\r\n",
        "DTSTART:20261224T100000\r\nDTEND:20261225\r\n", "DTSTART:yesterday\r\n"}) {
    const auto read = read_calendar(calendar(event(lines)), options());
    EXPECT_FALSE(read.ok()) << lines;
    EXPECT_TRUE(read.value.empty()) << lines;
    for (const Finding& finding : read.findings) EXPECT_GE(finding.at.line, 3U) << lines;
  }
  EXPECT_FALSE(read_calendar("", options()).ok());
  EXPECT_FALSE(read_calendar("hello\r\n", options()).ok());
  EXPECT_FALSE(read_calendar("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", options()).ok());
  EXPECT_FALSE(read_calendar("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", options()).ok());
}

TEST(Calendar, FindsTheOccasionOfAMoment) {
  const std::vector<Occasion> occasions{{{10}, {20}, "a"}, {{15}, {40}, "b"}, {{50}, {60}, "c"}};

  EXPECT_EQ(occasion_at(occasions, {9}), nullptr);
  EXPECT_EQ(occasion_at(occasions, {10})->name, "a");
  EXPECT_EQ(occasion_at(occasions, {25})->name, "b");
  EXPECT_EQ(occasion_at(occasions, {40}), nullptr);
  EXPECT_EQ(occasion_at(occasions, {59})->name, "c");
  EXPECT_EQ(occasion_at(occasions, {60}), nullptr);
}

}  // namespace
}  // namespace model
