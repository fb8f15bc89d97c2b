// Defects that other servers have (sip.md, B1-B16), on the wire of the whole engine.
#include <cstddef>
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

Scene scene_with(model::Group group, int users = 4) {
  model::Office office = office_of_users(users);
  office.groups.push_back(std::move(group));
  return Scene{std::move(office)};
}

model::Group one_after_another() {
  model::Group group = group_of(model::Strategy::Sequential, {member("101"), member("102")});
  for (model::Member& one : group.members) one.ring_for = s(10);
  return group;
}

model::Member ringing_for(const char* who, base::Duration time) {
  model::Member made = member(who);
  made.ring_for = time;
  return made;
}

TEST(Peers, Peer_B1_OnTheWireASkippedMemberShiftsNoTimes) {
  model::Office office = office_of_users(4);
  office.users[0].do_not_disturb = true;
  office.groups.push_back(
      group_of(model::Strategy::Sequential,
               {ringing_for("101", s(10)), ringing_for("102", s(15)), ringing_for("103", s(20))}));
  Scene scene{std::move(office)};

  scene.dial("600");
  scene.run_until(s(40));

  EXPECT_EQ(scene.rang_at("101"), -1);
  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.rang_at("103"), 15'000);
  EXPECT_EQ(scene.stopped_at("103"), 35'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B2_OnTheWireWhoWasBusyIsAskedAgainInTheNextRound) {
  model::Group group = one_after_another();
  group.repeat = 0;
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = ms(100);
  scene.phone("101").habit.code = 486;

  scene.dial("600");
  scene.run_until(s(25));

  EXPECT_EQ(scene.rang_at("101", 1), 10'100);
  EXPECT_EQ(scene.rang_at("102", 1), 10'200);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B4_OnTheWireRolloverReadsEachMembersOwnTime) {
  model::Group group =
      group_of(model::Strategy::Rollover,
               {ringing_for("101", s(5)), ringing_for("102", s(12)), ringing_for("103", s(3))});
  group.timeout = s(60);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(20));

  EXPECT_EQ(scene.rang_at("102"), 5'000);
  EXPECT_EQ(scene.rang_at("103"), 17'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B5_OnTheWireADelayedMemberRingsForWhatIsLeftOfTheGroupsTime) {
  model::Member late = ringing_for("102", s(30));
  late.after = s(10);
  model::Group group = group_of(model::Strategy::Staggered, {member("101"), late});
  group.timeout = s(30);
  Scene scene = scene_with(group);

  scene.dial("600");
  scene.run_until(s(35));

  EXPECT_EQ(scene.rang_at("102"), 10'000);
  EXPECT_EQ(scene.stopped_at("102"), 30'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B11_OnTheWireAHangUpDuringAForkIsAMissedCall) {
  Scene scene = scene_with(group_of(model::Strategy::RingAll, {member("101"), member("102")}));

  scene.dial("600");
  scene.run_until(s(3));
  scene.caller().cancel(0);
  scene.run_until(s(4));

  for (const char* who : {"101", "102"}) {
    EXPECT_EQ(scene.reasons(who), caller_gave_up()) << who;
    EXPECT_EQ(scene.phone(who).missed_calls(), 1U) << who;
  }
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B3_A302IsNotFollowedUnlessTheGroupSaysSo) {
  Scene scene = scene_with(one_after_another());
  scene.phone("101").habit.fails = ms(100);
  scene.phone("101").habit.code = 302;
  scene.phone("101").habit.extra = {"Contact: <sip:103@office.example>"};

  scene.dial("600");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("103"), -1);
  EXPECT_EQ(scene.rang_at("102"), 100);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B7_DiversionNamesWhoDivertedNeverTheCaller) {
  model::Group group = one_after_another();
  group.follow_forwards = true;
  Scene scene = scene_with(group);
  scene.phone("101").habit.fails = ms(100);
  scene.phone("101").habit.code = 302;
  scene.phone("101").habit.extra = {"Contact: <sip:103@office.example>"};

  scene.dial("600");
  scene.run_until(s(1));

  ASSERT_FALSE(scene.phone("103").calls().empty());
  const std::string diversion = scene.phone("103").calls()[0].invite.get("Diversion");
  EXPECT_NE(diversion.find("101"), std::string::npos) << diversion;
  EXPECT_EQ(diversion.find("104"), std::string::npos) << diversion;
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B9_FortyMembersAndAGroupNumberOfOneDigitAllRing) {
  std::vector<model::Member> members;
  for (int i = 1; i <= 40; ++i) members.push_back(member(std::to_string(100 + i)));
  model::Group group = group_of(model::Strategy::RingAll, members);
  group.extensions = {"7"};
  Scene scene = scene_with(group, 41);

  scene.dial("7");
  scene.run_until(s(1));

  for (int i = 1; i <= 40; ++i) EXPECT_EQ(scene.rang_at(std::to_string(100 + i)), 0) << i;
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B12_CompletedElsewhereOfTheCallersCancelSurvives) {
  Scene scene = scene_with(one_after_another());

  scene.dial("600");
  scene.run_until(s(2));
  scene.caller().cancel(
      0, {"Reason: SIP;cause=200;text=\"Call completed elsewhere\"", "Reason: Q.850;cause=26"});
  scene.run_until(s(3));

  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B14_EachContactGetsItsInviteAtItsOwnAddress) {
  Scene scene = scene_with(one_after_another());
  Phone& second = scene.world.add_phone("101");
  second.register_now();
  scene.world.run_for(s(1));

  scene.dial("600");
  scene.run_until(s(1));

  ASSERT_EQ(scene.phone("101").calls().size(), 1U);
  ASSERT_EQ(second.calls().size(), 1U);
  EXPECT_NE(
      scene.phone("101").calls()[0].invite.uri().find(scene.phone("101").address().to_string()),
      std::string::npos);
  EXPECT_NE(second.calls()[0].invite.uri().find(second.address().to_string()), std::string::npos);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Peers, Peer_B16_ASecond200IsAcknowledgedBeforeItsBye) {
  model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
  Scene scene = scene_with(group);
  scene.phone("101").habit.answers = s(2);
  scene.phone("102").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(3));

  const bool first_won = scene.phone("101").talking();
  const Phone& loser = scene.phone(first_won ? "102" : "101");
  std::vector<std::string> methods;
  for (const Text& message : loser.received)
    if (message.is_request() && message.method() != "CANCEL") methods.push_back(message.method());
  EXPECT_EQ(methods, (std::vector<std::string>{"INVITE", "ACK", "BYE"}));
  EXPECT_EQ(loser.calls()[0].reasons, completed_elsewhere());
  EXPECT_EQ(scene.finish(), "") << "I2: no BYE before the ACK";
}

TEST(Peers, Peer_B15_NoCancelGoesOutWithoutAReason) {
  for (const bool somebody_answers : {true, false}) {
    model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
    group.timeout = s(10);
    Scene scene = scene_with(group);
    if (somebody_answers) scene.phone("102").habit.answers = s(2);

    scene.dial("600");
    scene.run_until(s(11));

    std::size_t cancels = 0;
    for (const char* name : {"101", "102"}) {
      for (const Text& message : scene.phone(name).received) {
        if (!message.is_request() || message.method() != "CANCEL") continue;
        ++cancels;
        EXPECT_FALSE(message.get("Reason").empty()) << name;
      }
    }
    EXPECT_EQ(cancels, somebody_answers ? 1U : 2U);
    EXPECT_EQ(scene.reasons("101"), somebody_answers ? completed_elsewhere() : timed_out());
    EXPECT_EQ(scene.finish(), "");
  }
}

TEST(RowsS3, Row_S3_5_AnExtendedRingHuntsInRoundsAFollowMeRunsOnce) {
  for (const model::RuleMode mode : {model::RuleMode::FollowMe, model::RuleMode::ExtendRing}) {
    model::Office office = office_of_users(4);
    model::Rule rule;
    rule.name = "always";
    rule.mode = mode;
    rule.max_hold = s(60);
    model::Stage stage;
    stage.ring = {member("102")};
    stage.ring_for = s(10);
    rule.stages = {stage};
    office.users[0].rules.push_back(rule);
    Scene scene{office};

    scene.dial("101");
    scene.run_until(s(35));

    EXPECT_EQ(scene.final_code(), mode == model::RuleMode::FollowMe ? 480 : 0);
    EXPECT_EQ(scene.finish(), "");
  }
}

}  // namespace
}  // namespace sim
