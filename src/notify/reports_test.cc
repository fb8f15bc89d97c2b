// When a report is due, and what it is about.
#include "notify/reports.h"

#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "notify/letters.h"

namespace notify {
namespace {

constexpr std::int64_t kDay = 24LL * 3'600'000;
constexpr std::int64_t kMonday = 1'793'577'600'000;  // 2026-11-02T00:00Z

std::optional<std::int64_t> days_back(model::Every every, std::int64_t until) {
  const auto begins = report_begins(model::Zone{}, every, {until - kDay}, {until});
  if (!begins.has_value()) return std::nullopt;
  return (until - begins->unix_ms) / kDay;
}

TEST(Report, OfADayIsDueEachMidnight) {
  EXPECT_EQ(days_back(model::Every::Day, kMonday), 1);
  EXPECT_EQ(days_back(model::Every::Day, kMonday + kDay), 1);
}

TEST(Report, OfAWeekIsDueWhenItsSundayIsOver) {
  EXPECT_EQ(days_back(model::Every::Week, kMonday), 7);
  EXPECT_EQ(days_back(model::Every::Week, kMonday + kDay), std::nullopt);
  EXPECT_EQ(days_back(model::Every::Week, kMonday + 7 * kDay), 7);
}

TEST(Report, OfAMonthIsDueWhenItsLastDayIsOver) {
  EXPECT_EQ(days_back(model::Every::Month, kMonday - kDay), 31);       // October
  EXPECT_EQ(days_back(model::Every::Month, kMonday), std::nullopt);    // the 2nd
  EXPECT_EQ(days_back(model::Every::Month, kMonday + 29 * kDay), 30);  // November
}

TEST(Report, ADayOfTwentyFiveHoursIsOneDay) {
  model::Zone zone;
  zone.offset_s = 7'200;
  zone.transitions = {{{kMonday - 8 * kDay + 3'600'000}, 3'600}};  // Sunday, 25 October, 01:00Z
  const std::int64_t until = kMonday - 7 * kDay - 3'600'000;       // Monday 00:00 local

  const auto begins = report_begins(zone, model::Every::Week, {until - kDay - 3'600'000}, {until});

  ASSERT_TRUE(begins.has_value());
  EXPECT_EQ(until - begins->unix_ms, 7 * kDay + 3'600'000);
}

TEST(Report, SaysItsDaysAndHasTheCallsAsCsv) {
  model::Office office;
  office.language = "pl";
  const auto snapshot = model::Snapshot::build(office, {});
  model::Report report;
  report.name = "<Sales>";
  Day calls{{kMonday - 7 * kDay}, {}, true};

  const Written written = calls_report({*snapshot, [](const std::string&) { return std::nullopt; }},
                                       report, calls, {kMonday});

  EXPECT_TRUE(written.subject.starts_with("Połączenia: <Sales>, ")) << written.subject;
  EXPECT_NE(written.subject.find(" – "), std::string::npos) << written.subject;
  EXPECT_NE(written.text.find("Liczba połączeń: 0"), std::string::npos) << written.text;
  EXPECT_NE(written.text.find("Było ich więcej"), std::string::npos) << written.text;
  EXPECT_NE(written.html.find("&lt;Sales&gt;"), std::string::npos) << written.html;
  ASSERT_EQ(written.attachments.size(), 1U);
  EXPECT_EQ(written.attachments[0].name, "calls-2026-10-26.csv");
  EXPECT_TRUE(written.attachments[0].bytes.starts_with("id,")) << written.attachments[0].bytes;
}

}  // namespace
}  // namespace notify
