// Rules 1 to 5 of docs/hunting.md: the clock, failures, nobody waits for nothing, sets, rounds.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "hunt/verdict.h"
#include "model/office.h"

namespace {

using hunt::testing::group;
using hunt::testing::Log;
using hunt::testing::members;
using hunt::testing::office_with;
using hunt::testing::Phone;
using hunt::testing::Rig;
using hunt::testing::seconds;
using model::Strategy;

model::Group staged(const std::vector<std::string>& stages, std::int64_t each_s) {
  model::Group g = group("Staged", Strategy::Stages, "");
  for (const std::string& words : stages)
    g.stages.push_back({.ring = members(words), .ring_for = seconds(each_s)});
  return g;
}

TEST(Hunt, Rule_1_EachRingBeginsAtItsAfterAndEndsAfterItsFor) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@6:10 103@10");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "6000 dial 102", "10000 dial 103", "16000 drop 102 timed_out",
                 "30000 drop 101 timed_out", "30000 drop 103 timed_out", "30000 end no_answer"}));
}

TEST(Hunt, Rule_1_TimerFromRingingCountsFromTheFirst180) {
  model::Group g = group("Sales", Strategy::Sequential, "+48600100200:10 102:10");
  g.members[0].timer_from = model::TimerFrom::Ringing;
  Rig rig{office_with({g})};
  rig.phones["+48600100200"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(7'000);
  rig.ring("+48600100200");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial +48600100200", "17000 drop +48600100200 timed_out",
                          "17000 dial 102", "27000 drop 102 timed_out", "27000 end no_answer"}));
}

TEST(Hunt, Rule_1_TimerFromRingingWaitsAtMostTwentySecondsForThe180) {
  model::Group g = group("Sales", Strategy::Sequential, "+48600100200:10");
  g.members[0].timer_from = model::TimerFrom::Ringing;
  Rig rig{office_with({g})};
  rig.phones["+48600100200"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(25'000);
  rig.ring("+48600100200");
  rig.until(60'000);

  EXPECT_EQ(rig.lines("drop"), (Log{"30000 drop +48600100200 timed_out"}));
}

TEST(Hunt, Rule_1_ThePlansLimitIsAbsoluteFromEntry) {
  model::Group g = group("Sales", Strategy::Sequential, "101:20 102:20");
  g.timeout = seconds(25);
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "20000 drop 101 timed_out", "20000 dial 102",
                          "25000 drop 102 timed_out", "25000 end no_answer"}));
}

TEST(Hunt, Rule_2_BusyIsTriedAgainInTheNextRoundAndDeclinedIsNot) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5 102:5 103:5");
  g.repeat = 2;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Busy;
  rig.phones["102"] = Phone::Declines;

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial 103", "5000 drop 103 timed_out",
                          "5000 dial 101", "5000 dial 103", "10000 drop 103 timed_out",
                          "10000 end no_answer"}));
  EXPECT_EQ(rig.lines("skip"), Log{});
  EXPECT_EQ(rig.hunt().declined(), std::vector<std::string>{"user:102"});
}

TEST(Hunt, Rule_2_EachFinalFailureHasItsMeaning) {
  using hunt::Failure;

  const std::vector<std::uint16_t> codes{486, 600, 603, 607, 608, 480, 404, 302, 606, 503, 0};
  std::vector<Failure> meant;
  meant.reserve(codes.size());
  for (const std::uint16_t code : codes) meant.push_back(hunt::failure_of(code));

  EXPECT_EQ(meant,
            (std::vector<Failure>{Failure::Busy, Failure::Busy, Failure::Declined,
                                  Failure::Declined, Failure::Declined, Failure::Unreachable,
                                  Failure::Unreachable, Failure::Unreachable, Failure::Unreachable,
                                  Failure::Unreachable, Failure::Unreachable}));
}

TEST(Hunt, Rule_3_WhatIsToComeIsBroughtForwardAndTheSpacingStays) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@6 103@10");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(2'000);
  rig.fail("101", 486);
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "2000 dial 102", "6000 dial 103", "30000 drop 102 timed_out",
                 "30000 drop 103 timed_out", "30000 end no_answer"}));
}

TEST(Hunt, Rule_3_TheNextStageStartsAtOnceWhenEachRingHasEnded) {
  Rig rig{office_with({staged({"101 102", "103"}, 20)})};

  rig.start_group("Staged");
  rig.until(3'000);
  rig.fail("101", 486);
  rig.until(4'000);
  rig.fail("102", 480);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "4000 dial 103"}));
}

TEST(Hunt, Rule_3_ADeadDeviceDoesNotStallTheHunt) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:20 102:20")})};
  rig.phones["101"] = Phone::Silent;

  rig.start_group("Sales");
  rig.until(21'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "3000 dial 102", "20000 drop 101 timed_out"}));
}

TEST(Hunt, Rule_3_ADeadDeviceThroughATrunkHasSixSeconds) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "+48600100200:20 102:20")})};
  rig.phones["+48600100200"] = Phone::Silent;

  rig.start_group("Sales");
  rig.until(6'000);

  EXPECT_EQ(rig.log, (Log{"0 dial +48600100200", "6000 dial 102"}));
}

TEST(Hunt, Rule_3_A100IsAResponseAndTheDeviceIsNotDead) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:20 102:20")})};
  rig.phones["101"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(19'999);

  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
}

TEST(Hunt, Rule_3_ALate180LetsTheDeadDeviceRingBesideTheOthersToItsOwnEnd) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:20 102:25")})};
  rig.phones["101"] = Phone::Silent;

  rig.start_group("Sales");
  rig.until(8'000);
  rig.ring("101");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "3000 dial 102", "20000 drop 101 timed_out",
                          "28000 drop 102 timed_out", "28000 end no_answer"}));
}

TEST(Hunt, Rule_3_A200OfADeadDeviceWins) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:20 102:25")})};
  rig.phones["101"] = Phone::Silent;

  rig.start_group("Sales");
  rig.until(8'000);
  rig.answer("101");

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "3000 dial 102", "8000 connect 101",
                          "8000 drop 102 completed_elsewhere"}));
}

TEST(Hunt, Rule_3_A200AfterTheDeadDevicesTimeWinsOnlyIfNobodyHas) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:20 102:30")})};
  rig.phones["101"] = Phone::Silent;
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.until(25'000);
  rig.answer("101");

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "3000 dial 102", "20000 drop 101 timed_out",
                          "25000 connect 101", "25000 drop 102 completed_elsewhere"}));
}

TEST(Hunt, Rule_3_ADeviceWithAnOpenInviteIsNotDialledAgain) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5 102:5");
  g.repeat = 3;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Silent;
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.until(12'000);
  rig.fail("101", 408);
  rig.until(60'000);

  EXPECT_EQ(rig.lines("dial 101"), (Log{"0 dial 101", "13000 dial 101"}));
}

TEST(Hunt, Rule_3_WhenAllAreDeadTheHuntEndsAtOnceAsUnreachable) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};
  rig.phones["101"] = Phone::Silent;
  rig.phones["102"] = Phone::Silent;

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "3000 drop 101 timed_out",
                          "3000 drop 102 timed_out", "3000 end unreachable"}));
}

TEST(Hunt, Rule_4_WhoIsInBothStagesRingsOnWithoutABreak) {
  Rig rig{office_with({staged({"101 102", "101 103"}, 10)})};

  rig.start_group("Staged");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "10000 drop 102 timed_out", "10000 dial 103",
                 "20000 drop 101 timed_out", "20000 drop 103 timed_out", "20000 end no_answer"}));
}

TEST(Hunt, Rule_4_ADeviceReachedTwiceRingsOnceEarliestStartLatestEnd) {
  model::Group g = group("Sales", Strategy::Staggered, "101@2:10 101@8:10 102:30");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.lines("101"), (Log{"2000 dial 101", "18000 drop 101 timed_out"}));
}

TEST(Hunt, Rule_4_ADeviceReachedThroughTwoGroupsRingsOnceToItsLatestEnd) {
  model::Group outer = group("Outer", Strategy::Staggered, "101:10 g:Inner@5:20");
  outer.timeout = seconds(60);
  Rig rig{office_with({outer, group("Inner", Strategy::RingAll, "101 102")})};

  rig.start_group("Outer");
  rig.until(60'000);

  EXPECT_EQ(rig.lines("101"), (Log{"0 dial 101", "25000 drop 101 timed_out"}));
  EXPECT_EQ(rig.latest_end["101"], 25'000);
}

TEST(Hunt, Rule_5_RingAllWithRepeatRingsOnWithoutABreak) {
  model::Group g = group("Sales", Strategy::RingAll, "101 102");
  g.timeout = seconds(10);
  g.repeat = 3;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "30000 drop 101 timed_out",
                          "30000 drop 102 timed_out", "30000 end no_answer"}));
}

TEST(Hunt, Rule_5_RoundsBeginAtLeastTwoSecondsApart) {
  model::Group g = group("Sales", Strategy::Sequential, "101 102");
  g.repeat = 3;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Busy;
  rig.phones["102"] = Phone::Busy;

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.lines("dial 101"), (Log{"0 dial 101", "2000 dial 101", "4000 dial 101"}));
  EXPECT_EQ(rig.lines("end"), (Log{"4000 end busy"}));
}

TEST(Hunt, Rule_5_AfterARoundWithoutAny18xTheNextBeginsTwoSecondsAfterItsEnd) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5");
  g.repeat = 2;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 drop 101 timed_out", "7000 dial 101",
                          "12000 drop 101 timed_out", "12000 end no_answer"}));
}

TEST(Hunt, Rule_5_EverybodyIsLookedAtAfreshInEachRound) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5 102:5");
  g.repeat = 2;
  Rig rig{office_with({g})};
  rig.presence.users["101"].devices = 0;

  rig.start_group("Sales");
  rig.until(4'000);
  rig.presence.users["101"].devices = 1;
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 102", "5000 drop 102 timed_out", "5000 dial 101",
                          "10000 drop 101 timed_out", "10000 dial 102", "15000 drop 102 timed_out",
                          "15000 end no_answer"}));
}

TEST(Hunt, Rule_5_APlanThatRunsForeverHasACap) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:15");
  g.repeat = 0;
  model::Office office = office_with({g});
  office.max_hunt = seconds(60);
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(600'000);

  EXPECT_EQ(rig.lines("dial 101"), (Log{"0 dial 101", "25000 dial 101", "50000 dial 101"}));
  EXPECT_EQ(rig.lines("end"), (Log{"60000 end no_answer"}));
}

TEST(Hunt, Rule_5_TheCallerIsToldAtTheFirst18xAndEverySixtySeconds) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  g.timeout = seconds(150);
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(1'500);
  rig.ring("101");
  rig.until(200'000);

  EXPECT_EQ(rig.told, (std::vector<std::int64_t>{1'500, 61'500, 121'500}));
}

TEST(Hunt, Rule_5_TheCallerIsToldAtTheLatestThreeSecondsAfterEntry) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101")})};
  rig.phones["101"] = Phone::Trying;

  rig.start_group("Sales");
  rig.until(5'000);

  EXPECT_EQ(rig.told, (std::vector<std::int64_t>{3'000}));
}

TEST(Hunt, Rule_5_NobodyIsToldOfAHuntThatEndsAtOnce) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};
  rig.presence.users.clear();

  rig.start_group("Sales");
  rig.until(5'000);

  EXPECT_EQ(rig.told, std::vector<std::int64_t>{});
  EXPECT_EQ(rig.log, (Log{"0 end unreachable"}));
}

}  // namespace
