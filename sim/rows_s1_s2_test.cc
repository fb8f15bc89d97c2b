// Documents 001 (stages) and 002 (staggered groups) row by row, on the wire of the whole engine.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

model::Stage stage_of(const std::vector<model::Member>& ring, base::Duration ring_for) {
  model::Stage stage;
  stage.ring = ring;
  stage.ring_for = ring_for;
  return stage;
}

// Users 101-105 and the caller 106; "Sales": stage 1 rings 101-103, stage 2 rings 104 and 105.
model::Group staged() {
  model::Group group = group_of(model::Strategy::Stages, {});
  group.stages = {stage_of({member("101"), member("102"), member("103")}, s(10)),
                  stage_of({member("104"), member("105")}, s(8))};
  return group;
}

Scene scene_with(model::Group group, int users = 6) {
  model::Office office = office_of_users(users);
  office.groups.push_back(std::move(group));
  return Scene{std::move(office)};
}

model::Group staggered() {
  model::Group group = group_of(model::Strategy::Staggered,
                                {member("101", s(0)), member("102", s(6)), member("103", s(10))});
  group.timeout = s(30);
  return group;
}

TEST(RowsS1, Row_S1_1_AGroupHasSeveralNumbers) {
  model::Group group = staged();
  group.extensions = {"600", "601"};
  group.numbers = {"+48587622447"};
  for (const char* number : {"600", "601", "+48587622447"}) {
    Scene scene = scene_with(group);
    scene.dial(number);
    scene.run_until(s(1));
    EXPECT_EQ(scene.rang_at("101"), 0) << number;
    EXPECT_EQ(scene.finish(), "");
    EXPECT_EQ(scene.record().dialled, number);
  }
}

TEST(RowsS1, Row_S1_2_ThereIsNoMemoryBetweenCallsOfAStagedGroup) {
  Scene scene = scene_with(staged());
  for (int call = 0; call < 2; ++call) {
    scene.dial("600");
    scene.run_until(s(1));
    EXPECT_EQ(scene.rang_at("101", static_cast<std::size_t>(call)), 0);
    scene.caller().cancel(static_cast<std::size_t>(call));
    scene.run_until(s(3));
  }
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS1, Row_S1_4_StagesFollowEachOtherAndThenTheEndComes) {
  Scene scene = scene_with(staged());

  scene.dial("600");
  scene.run_until(s(19));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.stopped_at("103"), 10'000);
  EXPECT_EQ(scene.rang_at("104"), 10'000);
  EXPECT_EQ(scene.stopped_at("105"), 18'000);
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS1, Row_S1_5_WhoIsInBothStagesRingsOnWithoutABreak) {
  model::Group group = staged();
  group.stages[1].ring.push_back(member("101"));
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(19));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("101", 1), -1) << "one INVITE only";
  EXPECT_EQ(scene.stopped_at("101"), 18'000);
  EXPECT_EQ(scene.stopped_at("102"), 10'000);
  EXPECT_EQ(scene.reasons("102"), timed_out());
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS1, Row_S1_5_WhoWasBusyInStageOneIsAskedAgainInStageTwoWhoDeclinedIsNot) {
  model::Group group = staged();
  group.stages[1].ring.push_back(member("101"));
  group.stages[1].ring.push_back(member("102"));
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = ms(100);
  scene.phone("102").habit.fails = ms(100);
  scene.phone("102").habit.code = 603;

  scene.dial("600");
  scene.run_until(s(12));

  EXPECT_EQ(scene.rang_at("101", 1), 10'000);
  EXPECT_EQ(scene.rang_at("102", 1), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS1, WithoutMediaAFinalMenuIs480AndTheRecordSaysSo) {
  model::Office office = office_of_users(6);
  model::Ivr ivr;
  ivr.name = "1";
  ivr.extension = "700";
  office.ivrs.push_back(ivr);
  model::Group group = staged();
  group.finally.any = {model::DestinationKind::Ivr, "1"};
  office.groups.push_back(group);
  Scene scene{office};

  scene.dial("600");
  scene.run_until(s(19));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
  EXPECT_NE(scene.record().final_destination.find("ivr"), std::string::npos);
}

TEST(RowsS1, Row_S1_7_TheFinalExtensionRingsUnderItsOwnRules) {
  model::Office office = office_of_users(6);
  model::Group group = staged();
  group.finally.any = {model::DestinationKind::User, "105"};
  office.groups.push_back(group);
  Scene scene{office};

  scene.dial("600");
  scene.run_until(s(20));
  scene.phone("105").answer(1);
  scene.run_until(s(21));

  EXPECT_EQ(scene.rang_at("105", 0), 10'000);
  EXPECT_EQ(scene.rang_at("105", 1), 18'000);
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "105");
}

TEST(RowsS1, Row_S1_7_AFinalThatLeadsBackToTheGroupIsALoop482) {
  model::Office office = office_of_users(6);
  model::Group group = staged();
  group.finally.any = {model::DestinationKind::User, "105"};
  office.groups.push_back(group);
  office.users[4].forward.always = "600";
  Scene scene{office};

  scene.dial("600");
  scene.run_until(s(19));

  EXPECT_EQ(scene.final_code(), 482);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS1, Row_S1_8_TheRingMelodyIsTheAlertInfoOfTheMembersInvite) {
  model::Group group = staged();
  group.ring_melody = "<http://127.0.0.1/Bellcore-dr3>";
  Scene scene = scene_with(group);

  scene.dial("600", {"Alert-Info: <http://evil.example/loud.wav>"});
  scene.run_until(s(1));

  EXPECT_EQ(scene.phone("101").calls()[0].invite.all("Alert-Info"),
            Lines{"<http://127.0.0.1/Bellcore-dr3>"});
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_1_TheCallReachesManyUsersAtOnce) {
  model::Group group = group_of(model::Strategy::Staggered, {member("101"), member("102")});
  Scene scene = scene_with(group, 4);

  scene.dial("600");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_2_SomeAtOnceAndSomeDeferred) {
  model::Group group =
      group_of(model::Strategy::Staggered, {member("101"), member("102"), member("103", s(4))});
  Scene scene = scene_with(group, 4);

  scene.dial("600");
  scene.run_until(s(5));

  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.rang_at("103"), 4'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_3_TheLaterOneJoinsAndTheEarlierOnesRingOn) {
  Scene scene = scene_with(staggered(), 4);

  scene.dial("600");
  scene.run_until(s(12));

  EXPECT_EQ(scene.stopped_at("101"), -1);
  EXPECT_EQ(scene.stopped_at("102"), -1);
  EXPECT_EQ(scene.rang_at("103"), 10'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_4_WhoeverLiftsFirstHasTheCall) {
  Scene scene = scene_with(staggered(), 4);
  scene.phone("102").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(9));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.stopped_at("101"), 8'000);
  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.rang_at("103"), -1);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
}

TEST(RowsS2, Row_S2_7_TheDialledNumberReachesTheMemberAndTheRecord) {
  model::Group group = staggered();
  group.numbers = {"+48587622447"};
  Scene scene = scene_with(group, 4);

  scene.dial("+48587622447");
  scene.run_until(s(1));

  EXPECT_NE(scene.phone("101").calls()[0].invite.get("P-Called-Party-ID").find("+48587622447"),
            std::string::npos);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().dialled, "+48587622447");
}

TEST(RowsS2, Row_S2_8_NobodyAtZeroStartsTheEarliestAtOnce) {
  model::Group group =
      group_of(model::Strategy::Staggered, {member("101", s(5)), member("102", s(9))});
  Scene scene = scene_with(group, 4);

  scene.dial("600");
  scene.run_until(s(6));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("102"), 4'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_9_TheGroupsWaitingTimeEndsTheCall) {
  Scene scene = scene_with(staggered(), 4);

  scene.dial("600");
  scene.run_until(ms(30'100));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.reasons("104"), timed_out());
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_10_ZeroSixAndTenSecondsRing30_24_And20Seconds) {
  Scene scene = scene_with(staggered(), 4);

  scene.dial("600");
  scene.run_until(s(31));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("102"), 6'000);
  EXPECT_EQ(scene.rang_at("103"), 10'000);
  for (const char* who : {"101", "102", "103"}) EXPECT_EQ(scene.stopped_at(who), 30'000) << who;
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_11_AnOffsetBeyondTheGroupsTimeNeverRings) {
  model::Group group = staggered();
  group.members[2].after = s(40);
  Scene scene = scene_with(group, 4);

  scene.dial("600");
  scene.run_until(s(45));

  EXPECT_EQ(scene.rang_at("103"), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS2, Row_S2_12_AMemberInACallAtHisOffsetJoinsWhenItEnds) {
  model::Office office = office_of_users(5);
  office.groups.push_back(staggered());
  Scene scene{office};
  scene.phone("104").habit.answers = ms(100);
  const std::size_t other = scene.phone("102").call("104");
  scene.run_until(s(5));

  scene.dial("600");
  scene.run_until(s(12));
  EXPECT_EQ(scene.phone("102").calls().size(), 1U) << "only his own call";
  scene.phone("102").hang_up(other);
  scene.run_until(s(31));

  const sim::PhoneCall& late = scene.phone("102").calls()[1];
  ASSERT_TRUE(late.arrived.has_value());
  EXPECT_EQ((*late.ended - *late.arrived).count() / 100, 180) << "18 s were left";
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
