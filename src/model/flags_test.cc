#include "model/flags.h"

#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"
#include "model/zone.h"

namespace model {
namespace {

// 2026-03-27 is a Friday; local time is UTC+1 until Sunday 2026-03-29 01:00 UTC, then UTC+2.
constexpr std::int64_t kFridayMs = 1'774'569'600'000;  // 2026-03-27T00:00Z
constexpr std::int64_t kHourMs = 3'600'000;

base::WallTime at(std::int64_t hours) {
  return {kFridayMs + hours * kHourMs};
}

Zone zone() {
  Zone made;
  made.name = "Europe/Warsaw";
  made.offset_s = 3'600;
  made.transitions = {{at(48 + 1), 7'200}};
  return made;
}

std::shared_ptr<const Snapshot> office(const std::string& schedule) {
  Office made;
  Schedule business;
  business.name = "business";
  business.open = {"Mo-Fr 08:00-16:00"};
  made.schedules = {business};
  Flag flag;
  flag.name = "day";
  flag.schedule = schedule;
  made.flags = {flag};
  BuildOptions options;
  options.zone = zone();
  return Snapshot::build(made, options);
}

TEST(Schedule, ItsNextChangeIsTheNextOpeningOrClosingAlsoOverDst) {
  const auto snapshot = office("business");
  const Schedule& business = snapshot->office().schedules[0];

  EXPECT_EQ(next_change(business, at(6), zone()), at(7)) << "opens at 8 local time";
  EXPECT_EQ(next_change(business, at(7), zone()), at(15));
  EXPECT_EQ(next_change(business, at(15), zone()), at(72 + 6)) << "Monday 8 in summer time";
}

TEST(Flags, WithoutAScheduleAHandSwitchesItForGood) {
  const auto snapshot = office("");
  const Flag& flag = snapshot->office().flags[0];

  const Flag on = switched(*snapshot, flag, true, at(6));

  EXPECT_TRUE(is_on(*snapshot, on, at(1'000)));
  EXPECT_EQ(next_change(*snapshot, on, at(6)), std::nullopt);
  EXPECT_FALSE(is_on(*snapshot, switched(*snapshot, on, false, at(7)), at(7)));
}

TEST(Flags, AgainstItsScheduleItHoldsUntilTheScheduleChanges) {
  const auto snapshot = office("business");
  const Flag& flag = snapshot->office().flags[0];
  EXPECT_TRUE(is_on(*snapshot, flag, at(8)));

  const Flag off = switched(*snapshot, flag, false, at(8));
  EXPECT_FALSE(is_on(*snapshot, off, at(8)));
  EXPECT_EQ(off.off_until, at(15));
  EXPECT_TRUE(is_on(*snapshot, off, at(72 + 6))) << "on Monday it is on again";
  const Flag early = switched(*snapshot, flag, true, at(5));
  EXPECT_TRUE(is_on(*snapshot, early, at(5)));
  EXPECT_EQ(early.on_until, at(7));
  EXPECT_FALSE(is_on(*snapshot, early, at(15))) << "the hours say when it ends";
}

TEST(Flags, SwitchedToWhatItsHoursSayIsNoOverride) {
  const auto snapshot = office("business");
  const Flag off = switched(*snapshot, snapshot->office().flags[0], false, at(8));

  const Flag on = switched(*snapshot, off, true, at(9));

  EXPECT_FALSE(on.on);
  EXPECT_EQ(on.off_until, std::nullopt);
  EXPECT_TRUE(is_on(*snapshot, on, at(9)));
}

}  // namespace
}  // namespace model
