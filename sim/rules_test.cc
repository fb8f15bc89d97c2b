// The fifteen rules of ringing on the wire of the whole engine (docs/hunting.md).
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
    [](const auto& info) { return std::string{info.param.name}; });

TEST(Rules, Rule_9_UntilMediaExistsAConfirmedRingConnectsOnAnswerAndTheRecordSaysWhy) {
  model::Group group = three(model::Strategy::RingAll);
  group.confirm = model::Confirm::Always;
  Scene scene = scene_with(group);
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].why, "confirm_not_available");
}

TEST(Rules, Rule_10_AMemberWhoIsPausedStopsRingingWithinASecond) {
  Scene scene = scene_with(three(model::Strategy::RingAll));
  scene.dial("600");
  scene.run_until(s(4));

  model::Office changed = scene.world.office();
  changed.groups[0].members[1].paused.on = true;
  scene.world.reconfigure(changed);
  scene.run_until(s(6));

  EXPECT_LE(scene.stopped_at("102"), 5'000);
  EXPECT_EQ(scene.reasons("102"), timed_out()) << "not completed elsewhere";
  EXPECT_EQ(scene.stopped_at("101"), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_10_ADeviceThatRegistersWhileItsUserIsRungJoins) {
  Scene scene = scene_with(three(model::Strategy::RingAll));
  Phone& second = scene.world.add_phone("101");
  scene.dial("600");
  scene.run_until(s(4));

  second.register_now();
  scene.run_until(s(6));

  ASSERT_EQ(second.calls().size(), 1U);
  scene.phone("102").answer(0);
  scene.run_until(s(7));
  EXPECT_EQ(second.calls()[0].reasons, completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].contacts.size(), 2U);
}

TEST(Rules, Rule_10_TheSameDeviceReplacesItsBindingAndIsNotForkedAgain) {
  Scene scene = scene_with(three(model::Strategy::RingAll));
  scene.dial("600");
  scene.run_until(s(4));

  scene.phone("101").register_now();
  scene.run_until(s(6));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_11_AGroupAsAMemberRunsItsOwnStagesWithinTheRing) {
  model::Office office = office_of_users(4);
  model::Group inner = group_of(model::Strategy::Sequential, {member("102"), member("103")});
  inner.name = "Inner";
  inner.extensions = {"601"};
  inner.members[0].ring_for = s(6);
  inner.members[1].ring_for = s(6);
  inner.finally.any = {model::DestinationKind::User, "101"};
  model::Group outer = group_of(model::Strategy::Staggered, {member("101")});
  outer.timeout = s(12);
  model::Member nested = member("601", s(2));
  nested.is_group = true;
  outer.members.push_back(nested);
  office.groups = {inner, outer};
  Scene scene{office};

  scene.dial("600");
  scene.run_until(s(13));

  EXPECT_EQ(scene.rang_at("102"), 2'000);
  EXPECT_EQ(scene.rang_at("103"), 8'000);
  EXPECT_EQ(scene.stopped_at("103"), 12'000) << "cut at the ring's end";
  EXPECT_EQ(scene.phone("101").calls().size(), 1U) << "the inner finally never runs";
  EXPECT_EQ(scene.finish(), "");
  const auto& attempts = scene.record().attempts;
  const auto found = std::ranges::find(attempts, "102", &facts::Attempt::target);
  ASSERT_NE(found, attempts.end());
  EXPECT_EQ(found->path, Lines{"Inner"});
}

TEST(Rules, Rule_12_WhoIsSkippedAndWhy) {
  model::Office office = office_of_users(7);
  model::Group group = group_of(model::Strategy::RingAll,
                                {member("101"), member("102"), member("103"), member("104"),
                                 member("105"), member("106"), member("107")});
  group.members[1].logged_in = false;
  group.members[2].paused.on = true;
  office.groups.push_back(group);
  office.users[0].do_not_disturb = true;
  office.users[3].enabled = false;
  Scene scene{office};
  scene.phone("105").register_now(0);
  scene.world.run_for(s(2));

  scene.dial("600");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("106"), 0);
  EXPECT_EQ(scene.finish(), "");
  std::vector<std::pair<std::string, std::string>> skipped;
  for (const facts::Attempt& attempt : scene.record().attempts)
    if (attempt.result == facts::AttemptResult::Skipped)
      skipped.emplace_back(attempt.target, attempt.why);
  EXPECT_EQ(skipped, (std::vector<std::pair<std::string, std::string>>{{"101", "do_not_disturb"},
                                                                       {"102", "logged_out"},
                                                                       {"103", "paused"},
                                                                       {"104", "disabled"},
                                                                       {"105", "not_registered"},
                                                                       {"107", "caller"}}));
}

TEST(Rules, Rule_13_A486OfOnePhoneDoesNotEndTheRingWhileTheOtherRings) {
  Scene scene = scene_with(three(model::Strategy::Sequential));
  Phone& second = scene.world.add_phone("101");
  second.register_now();
  scene.world.run_for(s(1));
  second.habit.fails = ms(500);

  scene.dial("600");
  scene.run_until(s(11));

  EXPECT_EQ(scene.stopped_at("101"), 10'000);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].contacts.size(), 2U) << "one attempt, two contacts";
}

TEST(Rules, Rule_13_A603OfOnePhoneEndsTheRingOnAllPhonesOfTheUser) {
  Scene scene = scene_with(three(model::Strategy::Sequential));
  Phone& second = scene.world.add_phone("101");
  second.register_now();
  scene.world.run_for(s(1));
  second.habit.fails = ms(500);
  second.habit.code = 603;

  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.stopped_at("101"), 500);
  EXPECT_EQ(scene.rang_at("102"), 500);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_13_DeclineGroupEndsTheHuntAndTellsTheOthers) {
  model::Group group = three(model::Strategy::RingAll);
  group.decline = model::Decline::Group;
  Scene scene = scene_with(group);
  scene.phone("102").habit.fails = s(2);
  scene.phone("102").habit.code = 603;

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.final_code(), 486);
  EXPECT_EQ(scene.reasons("104"), Lines{"Q.850;cause=21"});
  ASSERT_FALSE(scene.reasons("101").empty());
  EXPECT_EQ(scene.reasons("101")[0], "SIP;cause=603;text=\"Declined elsewhere\"");
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_14_A302IsFollowedOnlyUnderFollowForwards) {
  for (const bool follow : {false, true}) {
    model::Group group = group_of(model::Strategy::Sequential, {member("101")});
    group.members[0].ring_for = s(10);
    group.follow_forwards = follow;
    Scene scene = scene_with(group);
    scene.phone("101").habit.fails = ms(200);
    scene.phone("101").habit.code = 302;
    scene.phone("101").habit.extra = {"Contact: <sip:103@office.example>"};

    scene.dial("600");
    scene.run_until(s(1));

    EXPECT_EQ(scene.rang_at("103"), follow ? 200 : -1);
    if (follow) {
      const Text& invite = scene.phone("103").calls()[0].invite;
      EXPECT_NE(invite.get("Diversion").find("101"), std::string::npos);
      EXPECT_FALSE(invite.get("History-Info").empty());
    }
    EXPECT_EQ(scene.finish(), "");
  }
}

TEST(Rules, Rule_15_TwoCallsToOneGroupRingTheSamePeopleTwice) {
  model::Office office = office_of_users(5);
  office.groups.push_back(three(model::Strategy::RingAll));
  Scene scene{office};

  scene.dial("600");
  (void)scene.phone("104").call("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.phone("101").calls().size(), 2U);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.world.records().size(), 2U);
  EXPECT_NE(scene.world.records()[0].id, scene.world.records()[1].id);
}

}  // namespace
}  // namespace sim
