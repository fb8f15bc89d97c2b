// Rules 1 to 8 of ringing on the wire of the whole engine (docs/hunting.md).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// Users 101-103 and the caller 104; one group on 600.
Scene scene_with(model::Group group, int users = 4) {
  model::Office office = office_of_users(users);
  office.groups.push_back(std::move(group));
  return Scene{std::move(office)};
}

model::Group three(model::Strategy strategy) {
  model::Group group = group_of(strategy, {member("101"), member("102"), member("103")});
  if (strategy == model::Strategy::Sequential)
    for (model::Member& one : group.members) one.ring_for = s(10);
  return group;
}

TEST(Rules, Rule_1_ARingIsDialledAtItsAfterAndCancelledAtItsEnd) {
  model::Group group = three(model::Strategy::Staggered);
  group.members[1].after = s(4);
  group.members[1].ring_for = s(6);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.rang_at("102"), 4'000);
  EXPECT_EQ(scene.stopped_at("102"), 10'000);
  EXPECT_EQ(scene.stopped_at("101"), 30'000) << "the default timeout";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_1_TheLimitOfThePlanIsAbsoluteFromEntry) {
  model::Group group = three(model::Strategy::Sequential);
  group.timeout = s(15);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(16));

  EXPECT_EQ(scene.stopped_at("102"), 15'000);
  EXPECT_EQ(scene.rang_at("103"), -1);
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_1_TimerFromRingingCountsFromTheFirst18x) {
  model::Group group = three(model::Strategy::Sequential);
  group.members[0].timer_from = model::TimerFrom::Ringing;
  Scene scene = scene_with(group);
  scene.phone("101").habit.rings = s(5);

  scene.dial("600");
  scene.run_until(s(16));

  EXPECT_EQ(scene.stopped_at("101"), 15'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_2_BusyIsTriedAgainDeclinedIsNot) {
  model::Group group = three(model::Strategy::Sequential);
  group.repeat = 2;
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = ms(50);
  scene.phone("102").habit.fails = ms(50);
  scene.phone("102").habit.code = 603;

  scene.dial("600");
  scene.run_until(s(25));

  EXPECT_EQ(scene.phone("101").calls().size(), 2U);
  EXPECT_EQ(scene.phone("102").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_3_WhenNothingRingsTheNextOnesAreBroughtForward) {
  model::Group group = three(model::Strategy::Staggered);
  group.members[1].after = s(6);
  group.members[2].after = s(10);
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = s(1);

  scene.dial("600");
  scene.run_until(s(6));

  EXPECT_EQ(scene.rang_at("102"), 1'000);
  EXPECT_EQ(scene.rang_at("103"), 5'000) << "their spacing stays";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_3_ADeadDeviceStopsCountingAfterThreeSecondsButMayStillWin) {
  Scene scene = scene_with(three(model::Strategy::Sequential));
  scene.phone("101").habit.trying.reset();
  scene.phone("101").habit.rings.reset();
  scene.phone("101").habit.answers = s(8);

  scene.dial("600");
  scene.run_until(s(9));

  EXPECT_EQ(scene.rang_at("102"), 3'000);
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
}

TEST(Rules, Rule_3_ADeadDeviceIsNeverCancelledBeforeItsFirst1xx) {
  Scene scene = scene_with(three(model::Strategy::Sequential));
  scene.phone("101").habit.dead = true;

  scene.dial("600");
  scene.run_until(s(40));

  EXPECT_EQ(scene.rang_at("102"), 3'000);
  EXPECT_EQ(scene.finish(), "") << "no CANCEL without a provisional response (I5)";
}

TEST(Rules, Rule_4_ADeviceThatTwoWaysLeadToRingsOnce) {
  model::Group group = three(model::Strategy::RingAll);
  group.members.push_back(member("101"));
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(5));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_5_RingAllWithRepeatRingsOnWithoutABreak) {
  model::Group group = three(model::Strategy::RingAll);
  group.timeout = s(10);
  group.repeat = 3;
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.stopped_at("101"), 30'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_5_RoundsBeginAtLeastTwoSecondsApart) {
  model::Group group = three(model::Strategy::RingAll);
  group.repeat = 3;
  Scene scene = scene_with(group);
  for (const char* who : {"101", "102", "103"}) {
    scene.phone(who).habit.rings = ms(10);
    scene.phone(who).habit.fails = ms(100);
  }

  scene.dial("600");
  scene.run_until(s(8));

  EXPECT_EQ(scene.rang_at("101", 0), 0);
  EXPECT_EQ(scene.rang_at("101", 1), 2'000);
  EXPECT_EQ(scene.rang_at("101", 2), 4'000);
  EXPECT_EQ(scene.final_code(), 486);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_5_TheCallerHearsRingingAfterThreeSecondsAtTheLatestAndAgainEachMinute) {
  model::Group group = three(model::Strategy::RingAll);
  group.timeout = s(200);
  Scene scene = scene_with(group);
  for (const char* who : {"101", "102", "103"}) scene.phone(who).habit.rings.reset();

  scene.dial("600");
  scene.run_until(s(190));

  const Phone& caller = scene.caller();
  std::vector<std::int64_t> rings;
  for (std::size_t i = 0; i < caller.received.size(); ++i)
    if (caller.received[i].code() == 180)
      rings.push_back((caller.received_at[i] - *caller.calls()[0].arrived).count() / 1000);
  ASSERT_GE(rings.size(), 4U);
  EXPECT_EQ(rings[0], 3);
  for (std::size_t i = 1; i < rings.size(); ++i) EXPECT_LE(rings[i] - rings[i - 1], 60);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_6_TheFirstAnswerWinsAndTheOthersHearCompletedElsewhere) {
  Scene scene = scene_with(three(model::Strategy::RingAll));
  scene.phone("103").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_6_A200ThatCrossesTheCancelWinsIfNobodyHasWonYet) {
  Scene scene = scene_with(three(model::Strategy::Sequential));
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(12));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
  EXPECT_EQ(scene.record().attempts[0].result, facts::AttemptResult::Won);
}

TEST(Rules, Rule_6_ALate200OfTheGroupWinsWhileItsFinalOnlyRings) {
  model::Office office = office_of_users(5);
  model::Group group = group_of(model::Strategy::Sequential, {member("101")});
  group.members[0].ring_for = s(5);
  group.finally.any = {model::DestinationKind::User, "103"};
  office.groups.push_back(group);
  Scene scene{office};
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(7));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.reasons("103"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
}

TEST(Rules, Rule_6_A200AfterTheCallerGotHisFinalAnswerIsHungUp) {
  model::Group group = group_of(model::Strategy::Sequential, {member("101")});
  group.members[0].ring_for = s(5);
  Scene scene = scene_with(group);
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(7));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_7_TheCallerHangsUpWithoutCompletedElsewhere) {
  Scene scene = scene_with(three(model::Strategy::RingAll));

  scene.dial("600");
  scene.run_until(s(4));
  scene.caller().cancel(0);
  scene.run_until(s(5));

  EXPECT_EQ(scene.final_code(), 487);
  for (const char* who : {"101", "102", "103"}) EXPECT_EQ(scene.reasons(who), caller_gave_up());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_7_ACancelThatSaysCompletedElsewhereIsPassedOn) {
  Scene scene = scene_with(three(model::Strategy::RingAll));

  scene.dial("600");
  scene.run_until(s(4));
  scene.caller().cancel(0, {"Reason: SIP;cause=200;text=\"Call completed elsewhere\""});
  scene.run_until(s(5));

  for (const char* who : {"101", "102", "103"})
    EXPECT_EQ(scene.reasons(who), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
}

struct EndCase {
  const char* name;
  std::vector<int> codes;  // what 101, 102, 103 answer; 0 rings out
  int final_code;
  const char* reason;
  facts::Outcome outcome;
};

class Rule8 : public testing::TestWithParam<EndCase> {};

TEST_P(Rule8, Rule_8_TheEndWithoutAnAnswer) {
  const EndCase& one = GetParam();
  model::Group group = three(model::Strategy::RingAll);
  group.timeout = s(5);
  Scene scene = scene_with(group);
  for (std::size_t i = 0; i < 3; ++i) {
    Phone& phone = scene.phone(std::to_string(101 + i));
    if (one.codes[i] == 0) continue;
    phone.habit.fails = ms(100);
    phone.habit.code = one.codes[i];
  }

  scene.dial("600");
  scene.run_until(s(6));

  EXPECT_EQ(scene.final_code(), one.final_code);
  EXPECT_EQ(scene.reasons("104"), Lines{one.reason});
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, one.outcome);
}

INSTANTIATE_TEST_SUITE_P(
    Ends, Rule8,
    testing::Values(
        EndCase{"rang", {486, 603, 0}, 480, "Q.850;cause=19", facts::Outcome::NoAnswer},
        EndCase{"busy", {486, 603, 500}, 486, "Q.850;cause=17", facts::Outcome::Busy},
        EndCase{"busy600", {600, 404, 500}, 486, "Q.850;cause=17", facts::Outcome::Busy},
        EndCase{"declined", {603, 404, 500}, 486, "Q.850;cause=21", facts::Outcome::Declined},
        EndCase{
            "unreachable", {480, 404, 503}, 480, "Q.850;cause=20", facts::Outcome::Unreachable}),
    [](const auto& one) { return std::string{one.param.name}; });

}  // namespace
}  // namespace sim
