// Document 000 (hunt groups of a hosted PBX) row by row, on the wire of the whole engine.
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
#include "sim/scene.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// Users 101 (Alice), 102 (Bob), 103 and the caller 104; one group on 600.
Scene scene_with(model::Group group) {
  model::Office office = office_of_users(4);
  office.groups.push_back(std::move(group));
  return Scene{std::move(office)};
}

model::Group alice_and_bob(model::Strategy strategy) {
  model::Group group = group_of(strategy, {member("101"), member("102")});
  group.members[0].ring_for = s(10);
  group.members[1].ring_for = s(15);
  return group;
}

model::Group ring_all_30() {
  model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
  group.timeout = s(30);
  return group;
}

TEST(RowsS0, Row_S0_1_AGroupRingsItsMembersAndHasNoDeviceOfItsOwn) {
  Scene scene = scene_with(ring_all_30());
  scene.phone("102").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().group, "Sales");
}

TEST(RowsS0, Row_S0_2_WithAllMembersUnreachableTheEndComesAtOnce) {
  model::Office office = office_of_users(4);
  office.groups.push_back(ring_all_30());
  for (int i = 0; i < 2; ++i) office.users[static_cast<std::size_t>(i)].do_not_disturb = true;
  Scene scene{office};

  scene.dial("600");
  scene.run_until(ms(200));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.reasons("104"), Lines{"Q.850;cause=20"});
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_3_SequentialJumpsFromOneToTheNextOnce) {
  Scene scene = scene_with(alice_and_bob(model::Strategy::Sequential));

  scene.dial("600");
  scene.run_until(s(40));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.stopped_at("101"), 10'000);
  EXPECT_EQ(scene.rang_at("102"), 10'000);
  EXPECT_EQ(scene.stopped_at("102"), 25'000);
  EXPECT_EQ(scene.rang_at("101", 1), -1);
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_3_ABusyMemberTakesNoTime) {
  Scene scene = scene_with(alice_and_bob(model::Strategy::Sequential));
  scene.phone("101").habit.rings.reset();
  scene.phone("101").habit.fails = ms(0);

  scene.dial("600");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_4_InfiniteSequentialLooksAtEverybodyAgainEachRound) {
  model::Group group = alice_and_bob(model::Strategy::Sequential);
  group.repeat = 0;
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = ms(10);  // busy now, but asked again

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.rang_at("102", 0), 10);
  EXPECT_EQ(scene.rang_at("101", 1), 15'010);
  EXPECT_EQ(scene.rang_at("102", 1), 15'020);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Abandoned);
}

TEST(RowsS0, Row_S0_5_RandomRingsEachMemberOnceOneAfterAnother) {
  model::Group group =
      group_of(model::Strategy::Random, {member("101"), member("102"), member("103")});
  for (model::Member& one : group.members) one.ring_for = s(5);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(20));

  std::vector<std::int64_t> starts{scene.rang_at("101"), scene.rang_at("102"),
                                   scene.rang_at("103")};
  std::ranges::sort(starts);
  EXPECT_EQ(starts, (std::vector<std::int64_t>{0, 5'000, 10'000}));
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_6_RingAllRingsAliceAndBobFor30Seconds) {
  Scene scene = scene_with(ring_all_30());

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.stopped_at("101"), 30'000);
  EXPECT_EQ(scene.stopped_at("102"), 30'000);
  EXPECT_EQ(scene.reasons("101"), timed_out());
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.reasons("104"), timed_out());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
}

TEST(RowsS0, Row_S0_6_BobAnswersAtSevenSeconds) {
  Scene scene = scene_with(ring_all_30());
  scene.phone("102").habit.answers = s(7);

  scene.dial("600");
  scene.run_until(s(8));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.stopped_at("101"), 7'000);
  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.phone("101").missed_calls(), 0U);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
  EXPECT_EQ(scene.record().wait_ms / 10, 700);
}

TEST(RowsS0, Row_S0_8_TheStrategyOfALiveGroupChangesForTheNextCall) {
  Scene scene = scene_with(ring_all_30());
  scene.dial("600");
  scene.run_until(s(1));
  model::Office changed = scene.world.office();
  changed.groups[0] = alice_and_bob(model::Strategy::Sequential);
  scene.world.reconfigure(changed);
  scene.run_until(s(12));
  EXPECT_EQ(scene.stopped_at("101"), -1) << "the running call keeps what it began with";
  scene.caller().cancel(0);
  scene.run_until(s(20));

  scene.dial("600");
  scene.run_until(s(11));

  EXPECT_EQ(scene.rang_at("101", 1), 0);
  EXPECT_EQ(scene.rang_at("102", 1), 10'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_9_SequentialRepeatsUntilOneOfThemAnswers) {
  model::Group group = alice_and_bob(model::Strategy::Sequential);
  group.repeat = 0;
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(26));
  scene.phone("101").answer(1);
  scene.run_until(s(27));

  EXPECT_EQ(scene.rang_at("101", 0), 0);
  EXPECT_EQ(scene.rang_at("102", 0), 10'000);
  EXPECT_EQ(scene.rang_at("101", 1), 25'000);
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_10_PriorityFromLowerToHigherAndEqualOnesTogether) {
  model::Group group =
      group_of(model::Strategy::Sequential, {member("101"), member("102"), member("103")});
  for (model::Member& one : group.members) one.ring_for = s(5);
  group.members[0].priority = 2;
  group.members[1].priority = 1;
  group.members[2].priority = 2;
  group.members[2].ring_for = s(8);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(20));

  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.rang_at("101"), 5'000);
  EXPECT_EQ(scene.rang_at("103"), 5'000);
  EXPECT_EQ(scene.stopped_at("103"), 13'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_12_AnExtensionAndAnotherGroupsFinalRouteToTheGroup) {
  model::Office office = office_of_users(4);
  model::Group first = group_of(model::Strategy::RingAll, {member("103")});
  first.timeout = s(5);
  first.name = "First";
  first.extensions = {"601", "602"};
  first.finally.any = {model::DestinationKind::Group, "Sales"};
  office.groups = {ring_all_30(), first};
  Scene scene{office};
  scene.phone("101").habit.answers = s(3);

  scene.dial("602");
  scene.run_until(s(9));

  EXPECT_EQ(scene.stopped_at("103"), 5'000);
  EXPECT_EQ(scene.reasons("103"), timed_out());
  EXPECT_EQ(scene.rang_at("101"), 5'000);
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.world.records().size(), 1U) << "one call, one record, over every finally";
}

// ---- the missed-call rule, cell by cell ----------------------------------------------------

TEST(RowsS0, Row_S0_13_PreventYesRingAllNobodyAnswers) {
  model::Group group = ring_all_30();
  group.prevent_missed_calls = true;
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.phone("101").missed_calls() + scene.phone("102").missed_calls(), 0U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_13_PreventYesCallerGivesUp) {
  model::Group group = ring_all_30();
  group.prevent_missed_calls = true;
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(5));
  scene.caller().cancel(0);
  scene.run_until(s(6));

  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.final_code(), 487);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_13_PreventYesSequentialMovesOn) {
  model::Group group = alice_and_bob(model::Strategy::Sequential);
  group.prevent_missed_calls = true;
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(11));

  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_14_PreventNoRingAllMissedOnlyIfNobodyAnswers) {
  Scene answered = scene_with(ring_all_30());
  answered.phone("102").habit.answers = s(4);
  answered.dial("600");
  answered.run_until(s(5));
  EXPECT_EQ(answered.phone("101").missed_calls(), 0U);
  EXPECT_EQ(answered.finish(), "");

  Scene nobody = scene_with(ring_all_30());
  nobody.dial("600");
  nobody.run_until(s(31));
  EXPECT_EQ(nobody.phone("101").missed_calls(), 1U);
  EXPECT_EQ(nobody.phone("102").missed_calls(), 1U);
  EXPECT_EQ(nobody.finish(), "");
}

TEST(RowsS0, Row_S0_14_PreventNoRingAllCallerGivesUpIsMissed) {
  Scene scene = scene_with(ring_all_30());

  scene.dial("600");
  scene.run_until(s(5));
  scene.caller().cancel(0);
  scene.run_until(s(6));

  EXPECT_EQ(scene.reasons("101"), caller_gave_up());
  EXPECT_EQ(scene.reasons("102"), caller_gave_up());
  EXPECT_EQ(scene.phone("101").missed_calls(), 1U);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Abandoned);
}

TEST(RowsS0, Row_S0_15_PreventNoSequentialEveryOneWhoDidNotAnswerMissesTheCall) {
  Scene scene = scene_with(alice_and_bob(model::Strategy::Sequential));
  scene.phone("102").habit.answers = s(5);

  scene.dial("600");
  scene.run_until(s(16));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.reasons("101"), timed_out());
  EXPECT_EQ(scene.phone("101").missed_calls(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_18_WithoutAFinalTheCallerGets480WithCause19) {
  Scene scene = scene_with(alice_and_bob(model::Strategy::Sequential));

  scene.dial("600");
  scene.run_until(s(26));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.reasons("104"), timed_out());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().sip_code, 480);
  EXPECT_EQ(scene.record().q850, 19);
}

TEST(RowsS0, Row_S0_11_EachMemberRingsForHisOwnTimeOrTwentySeconds) {
  model::Group group = alice_and_bob(model::Strategy::Sequential);
  group.members[0].ring_for = s(7);
  group.members[1].ring_for.reset();
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(30));

  EXPECT_EQ(scene.stopped_at("101"), 7'000);
  EXPECT_EQ(scene.rang_at("102"), 7'000);
  EXPECT_EQ(scene.stopped_at("102"), 27'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS0, Row_S0_17_FollowForwardsIsOneSwitchAndDoNotDisturbIsAlwaysHonoured) {
  for (const bool follow : {false, true}) {
    model::Group group = alice_and_bob(model::Strategy::RingAll);
    group.follow_forwards = follow;
    model::Office office = office_of_users(4);
    office.users[0].forward.always = "103";
    office.users[1].do_not_disturb = true;
    office.groups.push_back(group);
    Scene scene{office};

    scene.dial("600");
    scene.run_until(s(2));

    EXPECT_EQ(scene.rang_at("101"), follow ? -1 : 0);
    EXPECT_EQ(scene.rang_at("103"), follow ? 0 : -1);
    EXPECT_EQ(scene.rang_at("102"), -1);
    EXPECT_EQ(scene.finish(), "");
  }
}

}  // namespace
}  // namespace sim
