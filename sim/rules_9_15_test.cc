// Rules 9 to 15 of ringing on the wire of the whole engine (docs/hunting.md).
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

TEST(RowsS1, Row_S1_17_TheGroupsAccountStandsInTheRecordOfEachOfItsCalls) {
  model::Office office = office_of_users(4);
  office.groups = {three(model::Strategy::RingAll)};
  office.groups[0].crm_account = "47 11";
  Scene answered{office};
  Scene missed{office};

  answered.dial("600");
  answered.run_until(s(2));
  answered.phone("101").answer(0);
  answered.run_until(s(5));
  missed.dial("600");
  missed.run_until(s(60));

  EXPECT_EQ(answered.finish(), "");
  EXPECT_EQ(answered.record().crm_account, "47 11");
  EXPECT_EQ(missed.finish(), "");
  EXPECT_EQ(missed.record().crm_account, "47 11");
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
                                                                       {"107", "caller_himself"}}));
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

TEST(Rules, Rule_12_AMemberInACallIsSkippedUnlessSkipBusyIsOff) {
  for (const bool skip : {true, false}) {
    model::Group group = three(model::Strategy::RingAll);
    group.skip_busy = skip;
    Scene scene = scene_with(group, 5);
    scene.phone("101").habit.answers = ms(100);
    (void)scene.phone("104").call("101");
    scene.world.run_for(s(2));
    scene.phone("101").habit.answers.reset();

    scene.dial("600");
    scene.run_until(s(1));

    EXPECT_EQ(scene.rang_at("101", 1), skip ? -1 : 0);
    EXPECT_EQ(scene.rang_at("102"), 0);
    EXPECT_EQ(scene.finish(), "");
  }
}

TEST(Rules, Rule_12_WhoDeclinedIsNotRungAgainInTheNextRound) {
  model::Group group = three(model::Strategy::Sequential);
  group.repeat = 2;
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = s(1);
  scene.phone("101").habit.code = 603;

  scene.dial("600");
  scene.run_until(s(30));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.rang_at("102", 1), 21'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_14_FiveContactsAtMostOneAfterAnotherByQ) {
  model::Group group = group_of(model::Strategy::Sequential, {member("101")});
  group.members[0].ring_for = s(30);
  group.follow_forwards = true;
  Scene scene = scene_with(group, 9);
  scene.phone("101").habit.fails = ms(200);
  scene.phone("101").habit.code = 302;
  scene.phone("101").habit.extra = {
      "Contact: <sip:102@office.example>;q=0.1, <sip:103@office.example>;q=0.9, "
      "<sip:104@office.example>;q=0.8, <sip:105@office.example>;q=0.7, "
      "<sip:106@office.example>;q=0.6, <sip:107@office.example>;q=0.5"};
  for (const char* busy : {"103", "104", "105", "106", "107"}) scene.phone(busy).habit.fails = s(1);

  scene.dial("600");
  scene.run_until(s(29));

  EXPECT_EQ(scene.rang_at("103"), 200);
  EXPECT_EQ(scene.rang_at("104"), 1'200);
  EXPECT_EQ(scene.rang_at("107") / 100, 42) << "each hop takes a millisecond";
  EXPECT_EQ(scene.rang_at("102"), -1) << "the sixth";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Rules, Rule_15_OneOfTwoCallsEndsAndTheOtherIsNotTouched) {
  model::Office office = office_of_users(5);
  office.groups.push_back(three(model::Strategy::RingAll));
  Scene scene{office};
  scene.dial("600");
  (void)scene.phone("104").call("600");
  scene.run_until(s(2));

  scene.phone("102").answer(0);
  scene.run_until(s(4));

  EXPECT_EQ(scene.reasons("101", 0), completed_elsewhere());
  EXPECT_EQ(scene.stopped_at("101", 1), -1) << "the second caller's ring goes on";
  EXPECT_EQ(scene.phone("101").calls().size(), 2U);
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
