// Rule 9 on the wire of the whole engine: who answers is asked, by keys, while the others ring on.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"

namespace sim {
namespace {

// Users 101 to 103, the caller 104; 600 rings 101 and 102, or all three, and asks.
model::Group asking(model::Strategy strategy, const std::vector<std::string>& members) {
  std::vector<model::Member> list;
  for (const std::string& name : members) list.push_back(member(name));
  model::Group group = group_of(strategy, list);
  group.confirm = model::Confirm::Always;
  for (model::Member& one : group.members) {
    if (strategy == model::Strategy::Sequential) one.ring_for = s(10);
  }
  return group;
}

Scene scene_with(model::Group group) {
  model::Office office = office_of_users(4);
  office.groups.push_back(std::move(group));
  return Scene{std::move(office), with_media()};
}

TEST(Confirm, Rule_9_Key1TakesTheCallAndBothHearEachOther) {
  Scene scene = scene_with(asking(model::Strategy::RingAll, {"101", "102"}));
  scene.phone("101").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(5));
  EXPECT_EQ(scene.final_code(), 0) << "the caller rings on";
  EXPECT_FALSE(scene.played("101").empty());
  EXPECT_EQ(scene.stopped_at("102"), -1) << "the others ring on";
  ASSERT_TRUE(scene.press("101", '1'));
  scene.run_until(s(6));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
  EXPECT_NEAR(static_cast<double>(scene.record().wait_ms), 5'000, 10);
}

TEST(Confirm, Rule_9_WithoutAKeyFor15SecondsHeIsHungUpAndTheHuntGoesOn) {
  Scene scene = scene_with(asking(model::Strategy::Sequential, {"101", "102"}));
  scene.phone("101").habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(12));
  EXPECT_EQ(scene.rang_at("102"), 10'000) << "the next stage starts on time";
  scene.run_until(s(18));

  EXPECT_EQ(scene.stopped_at("101"), 17'000);
  EXPECT_EQ(scene.reasons("101"), timed_out());
  EXPECT_EQ(scene.final_code(), 0);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].result, facts::AttemptResult::NotConfirmed);
}

TEST(Confirm, Rule_9_Key3DeclinesAndIsNotAskedAgain) {
  model::Group group = asking(model::Strategy::RingAll, {"101", "102"});
  group.repeat = 2;
  group.timeout = s(10);
  Scene scene = scene_with(group);
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));
  ASSERT_TRUE(scene.press("101", '3'));
  scene.run_until(s(15));

  EXPECT_EQ(scene.stopped_at("101"), 3'000);
  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].result, facts::AttemptResult::Declined);
}

TEST(Confirm, Rule_9_WhoPresses1TooLateHearsSoAndIsHungUpAsAnsweredElsewhere) {
  Scene scene = scene_with(asking(model::Strategy::RingAll, {"101", "102"}));
  scene.phone("101").habit.answers = s(1);
  scene.phone("102").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));
  ASSERT_TRUE(scene.press("101", '1'));
  scene.run_until(ms(3'100));
  (void)scene.press("102", '1');
  scene.run_until(ms(3'500));
  const std::vector<std::string> said = scene.played("102");
  scene.run_until(s(9));

  ASSERT_EQ(said.size(), 2U) << "the question, then the word that it is too late";
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Confirm, Rule_9_TheCallerHangsUpWhileOneIsAsked) {
  Scene scene = scene_with(asking(model::Strategy::RingAll, {"101", "102"}));
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));
  scene.caller().cancel(0);
  scene.run_until(s(4));

  EXPECT_EQ(scene.stopped_at("101"), 3'000);
  EXPECT_EQ(scene.reasons("101"), caller_gave_up());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Abandoned);
}

TEST(Confirm, Rule_9_WhoHangsUpInTheQuestionHasNotConfirmed) {
  Scene scene = scene_with(asking(model::Strategy::Sequential, {"101", "102"}));
  scene.phone("101").habit.answers = s(1);
  scene.phone("101").habit.hangs_up = s(2);

  scene.dial("600");
  scene.run_until(s(5));

  EXPECT_EQ(scene.rang_at("102"), 3'000);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].result, facts::AttemptResult::NotConfirmed);
}

TEST(Confirm, Rule_9_Key2SendsTheCallerToTheMailboxOfTheGroup) {
  model::Office office = office_of_users(4);
  model::Mailbox general;
  general.name = "general";
  general.extension = "900";
  office.mailboxes.push_back(general);
  model::Group group = asking(model::Strategy::RingAll, {"101", "102"});
  group.finally.any = {model::DestinationKind::Mailbox, "general"};
  office.groups.push_back(group);
  Scene scene{office, with_media()};
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));
  ASSERT_TRUE(scene.press("101", '2'));
  scene.run_until(s(20));

  EXPECT_EQ(scene.final_code(), 200) << "the mailbox answers";
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].result, facts::AttemptResult::ToMailbox);
  EXPECT_EQ(scene.record().final_destination, "mailbox general");
  std::vector<facts::MessageLeft> left;
  for (const facts::Fact& fact : scene.world.facts) {
    if (const auto* message = std::get_if<facts::MessageLeft>(&fact)) left.push_back(*message);
  }
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].mailbox, "general");
  EXPECT_EQ(left[0].message.from, "104");
  EXPECT_EQ(scene.world.sound().files().count(left[0].message.file), 1U);
}

TEST(Confirm, Rule_9_AnExternalMobilesVoicemailNeverSwallowsTheCall) {
  model::Office office = office_of_users(4);
  model::Trunk trunk;
  trunk.name = "carrier";
  trunk.uri = "sip:10.0.9.9:5060";
  office.trunks.push_back(trunk);
  model::Group group = group_of(model::Strategy::RingAll, {member("+48600100200"), member("102")});
  office.groups.push_back(group);  // confirm: auto asks who is outside
  Scene scene{office, with_media()};
  Phone& carrier =
      scene.world.add_foreign({"carrier", "", "x"}, *base::Address::parse("10.0.9.9:5060"));
  carrier.habit.answers = s(4);

  scene.dial("600");
  scene.run_until(s(8));
  EXPECT_EQ(scene.final_code(), 0);
  scene.phone("102").answer(0);
  scene.run_until(s(16));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_TRUE(scene.phone("102").talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
}

TEST(Confirm, Rule_6_A200ThatCrossesACancelIsAskedTooAndHungUpInTheEnd) {
  Scene scene = scene_with(asking(model::Strategy::Sequential, {"101", "102"}));
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(12));
  EXPECT_FALSE(scene.played("101").empty());
  scene.run_until(s(26));

  EXPECT_EQ(scene.stopped_at("101") / 1'000, 25);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Confirm, Rule_14_AMobileToWhichA302LeadsIsAskedLikeAnyOther) {
  model::Office office = office_of_users(4);
  model::Trunk trunk;
  trunk.name = "carrier";
  trunk.uri = "sip:10.0.9.9:5060";
  office.trunks.push_back(trunk);
  model::Group group = group_of(model::Strategy::RingAll, {member("101")});
  group.follow_forwards = true;  // confirm: auto
  office.groups.push_back(group);
  Scene scene{office, with_media()};
  Phone& carrier =
      scene.world.add_foreign({"carrier", "", "x"}, *base::Address::parse("10.0.9.9:5060"));
  carrier.habit.answers = s(2);
  scene.phone("101").habit.fails = ms(200);
  scene.phone("101").habit.code = 302;
  scene.phone("101").habit.extra = {"Contact: <sip:+48600100200@office.example>"};

  scene.dial("600");
  scene.run_until(s(6));

  EXPECT_EQ(scene.final_code(), 0);
  ASSERT_EQ(carrier.calls().size(), 1U);
  ASSERT_TRUE(scene.world.sound().press(carrier.calls()[0].sound_port(), '1'));
  scene.run_until(s(7));
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Confirm, TheSecondPhoneOfOneWhoIsAskedIsHungUpWhenItAnswersToo) {
  Scene scene = scene_with(asking(model::Strategy::RingAll, {"101"}));
  Phone& second = scene.world.add_phone("101");
  second.register_now();
  scene.world.run_for(s(1));
  scene.phone("101").habit.answers = s(1);
  second.habit.answers = s(2);

  scene.dial("600");
  scene.run_until(s(3));
  ASSERT_TRUE(scene.press("101", '1'));
  scene.run_until(s(4));

  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_EQ(second.calls()[0].reasons, completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Confirm, ACallerWithoutACodecOfOursIsConnectedOnAnswerAndTheRecordSaysWhy) {
  Scene scene = scene_with(asking(model::Strategy::RingAll, {"101"}));
  scene.caller().codecs = "18";
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().attempts[0].why, "confirm_not_available");
}

}  // namespace
}  // namespace sim
