// What a caller hears and what answers him, on the wire of the whole engine: music, menus,
// mailboxes, extended ringing, holds, recordings (docs/hunting.md, mission rows S1 and S3).

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

template <class F>
std::vector<F> told(Scene& scene) {
  std::vector<F> out;
  for (const facts::Fact& fact : scene.world.facts) {
    if (const auto* found = std::get_if<F>(&fact)) out.push_back(*found);
  }
  return out;
}

TEST(Waiting, Row_S1_10_MusicWhileHuntingIsEarlyMediaAndEndsWithTheAnswer) {
  model::Office made = office_with_mailboxes();
  made.groups[0].caller_hears.sound = "music";
  Scene scene{made, with_media()};
  scene.phone("101").habit.answers = s(4);

  scene.dial("600");
  scene.run_until(s(2));
  EXPECT_EQ(scene.final_code(), 0);
  EXPECT_EQ(scene.hears("104"), "music/default");
  scene.run_until(s(5));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Waiting, Row_S1_11_ASoundThatAnswersFirstIsA200AtOnceAndTheTalkNeedsNoReinvite) {
  model::Office made = office_with_mailboxes();
  made.groups[0].caller_hears = {"welcome", true};
  Scene scene{made, with_media()};
  scene.phone("102").habit.answers = s(4);

  scene.dial("600");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("104"), "welcome");
  scene.run_until(s(5));

  EXPECT_EQ(scene.hears("104"), scene.voice_of("102"));
  for (const Text& message : scene.caller().received) EXPECT_NE(message.method(), "UPDATE");
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
  EXPECT_NEAR(static_cast<double>(scene.record().wait_ms), 4'000, 50);
}

TEST(Waiting, Rule_8_ACallerWhoWasAnsweredGetsAByeWithTheReasonOfTheEnd) {
  model::Office made = office_with_mailboxes();
  made.groups[0].caller_hears = {"welcome", true};
  Scene scene{made, with_media()};

  scene.dial("600");
  scene.run_until(s(11));

  EXPECT_EQ(scene.reasons("104"), timed_out());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
  EXPECT_EQ(scene.record().q850, 19);
}

TEST(Mailbox, Row_S1_5_WhenNobodyAnswersTheMailboxTakesAMessage) {
  model::Office made = office_with_mailboxes();
  model::Mailbox general;
  general.name = "general";
  general.extension = "900";
  made.mailboxes.push_back(general);
  made.groups[0].finally.any = {model::DestinationKind::Mailbox, "general"};
  Scene scene{made, with_media()};

  scene.dial("600");
  scene.run_until(s(11));
  EXPECT_EQ(scene.final_code(), 200);
  scene.run_until(s(40));
  scene.caller().hang_up(0);
  scene.run_until(s(42));

  EXPECT_EQ(scene.finish(), "");
  const auto left = told<facts::MessageLeft>(scene);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].mailbox, "general");
  EXPECT_GT(left[0].message.length_ms, 10'000);
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer) << "it stays what the hunt was";
  EXPECT_EQ(scene.record().final_destination, "mailbox general");
}

TEST(Mailbox, Rule_6_A200ThatComesWhenTheMailboxHasTheCallerDoesNotWin) {
  model::Office made = office_with_mailboxes();
  made.groups[0].finally.any = {model::DestinationKind::Mailbox, "103"};
  Scene scene{made, with_media()};
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(13));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_FALSE(scene.record().answered.has_value());
}

TEST(Mailbox, WhoSaysNothingLeavesNoMessageAndNoFile) {
  model::Office made = office_with_mailboxes();
  made.users[0].do_not_disturb = true;
  Scene scene{made, with_media()};

  scene.dial("101");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  scene.caller().hang_up(0);
  scene.run_until(s(3));

  EXPECT_EQ(scene.finish(), "");
  EXPECT_TRUE(told<facts::MessageLeft>(scene).empty());
  EXPECT_TRUE(scene.world.sound().files().empty());
}

model::Office with_menu() {
  model::Office made = office_with_mailboxes();
  model::Ivr menu;
  menu.name = "1";
  menu.extension = "700";
  menu.greeting = "welcome";
  menu.keys = {{"5", {model::DestinationKind::Group, "Sales"}},
               {"0", {model::DestinationKind::User, "103"}}};
  menu.otherwise = {model::DestinationKind::Mailbox, "103"};
  made.ivrs.push_back(menu);
  return made;
}

TEST(Menu, AKeyLeadsToTheGroupWhichRingsTheCallerBackWithOurOwnTone) {
  Scene scene{with_menu(), with_media()};
  scene.phone("102").habit.answers = s(3);

  scene.dial("700");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("104"), "welcome");
  ASSERT_TRUE(scene.press("104", '5'));
  scene.run_until(s(3));
  EXPECT_EQ(scene.rang_at("101"), 1'000);
  EXPECT_EQ(scene.hears("104"), "ringback");
  scene.run_until(s(5));

  EXPECT_EQ(scene.hears("104"), scene.voice_of("102"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
  EXPECT_EQ(scene.record().group, "Sales");
}

TEST(Menu, AKeyByInfoCountsAsOneByRtp) {
  Scene scene{with_menu(), with_media()};
  scene.dial("700");
  scene.run_until(s(2));

  scene.caller().request(0, "INFO", "Signal=0\r\nDuration=160\r\n", "application/dtmf-relay");
  scene.run_until(s(3));

  EXPECT_EQ(scene.rang_at("103"), 2'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Menu, AnExtensionMayBeDialledAndSilenceGoesToOtherwise) {
  Scene dialled{with_menu(), with_media()};
  dialled.dial("700");
  dialled.run_until(s(1));
  for (const char key : std::string{"102"}) (void)dialled.press("104", key);
  dialled.run_until(s(4));
  EXPECT_NE(dialled.rang_at("102"), -1);
  EXPECT_EQ(dialled.finish(), "");

  Scene silent{with_menu(), with_media()};
  silent.dial("700");
  silent.run_until(s(60));
  EXPECT_EQ(silent.finish(), "");
  EXPECT_EQ(silent.record().final_destination, "mailbox 103");
}

// 101 with an extended ring to 102, then home 103; the caller is 104.
model::Office extended() {
  model::Office made = office_with_mailboxes();
  model::Rule rule;
  rule.name = "always";
  rule.mode = model::RuleMode::ExtendRing;
  rule.max_hold = s(60);
  model::Stage first;
  first.ring = {member("102")};
  first.ring_for = s(10);
  model::Stage second;
  second.ring = {member("103")};
  second.ring_for = s(10);
  rule.stages = {first, second};
  made.users[0].rules.push_back(rule);
  return made;
}

TEST(ExtendRing, Row_S3_8_TheCallerIsAnsweredAndHeldWithMusic) {
  Scene scene{extended(), with_media()};
  scene.phone("102").habit.answers = s(3);

  scene.dial("101");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  scene.run_until(s(5));
  EXPECT_EQ(scene.hears("104"), "music/default") << "after the keys have been told";
  ASSERT_TRUE(scene.press("102", '1'));
  scene.run_until(s(6));

  EXPECT_EQ(scene.hears("104"), scene.voice_of("102"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "102");
}

TEST(ExtendRing, Row_S3_10_WhoPicksUpMaySendTheCallerToTheVoicemail) {
  Scene scene{extended(), with_media()};
  scene.phone("102").habit.answers = s(3);

  scene.dial("101");
  scene.run_until(s(5));
  ASSERT_TRUE(scene.press("102", '2'));
  scene.run_until(s(30));
  scene.caller().hang_up(0);
  scene.run_until(s(32));

  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(told<facts::MessageLeft>(scene).size(), 1U);
  EXPECT_EQ(told<facts::MessageLeft>(scene)[0].mailbox, "101");
}

TEST(ExtendRing, Row_S3_11_AVoicemailThatAnswersDoesNotEndTheHunt) {
  Scene scene{extended(), with_media()};
  scene.phone("102").habit.answers = s(3);

  scene.dial("101");
  scene.run_until(s(12));

  EXPECT_EQ(scene.rang_at("103"), 10'000);
  EXPECT_EQ(scene.hears("104"), "music/default");
  EXPECT_EQ(scene.finish(), "");
}

TEST(ExtendRing, Row_S3_12_AtTheMaximumHoldTimeTheCallerGoesToTheMailbox) {
  Scene scene{extended(), with_media()};

  scene.dial("101");
  scene.run_until(s(59));
  EXPECT_EQ(scene.hears("104"), "music/default");
  scene.run_until(s(61));

  EXPECT_NE(scene.hears("104"), "music/default");
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
}

TEST(ExtendRing, Row_S3_16_TheCallerMayAskToBeCalledBackOrGoToTheMailbox) {
  Scene scene{extended(), with_media()};
  scene.dial("101");
  scene.run_until(s(5));

  ASSERT_TRUE(scene.press("104", '2'));
  scene.run_until(s(7));

  EXPECT_NE(scene.stopped_at("102"), -1);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
}

TEST(ExtendRing, Row_S3_16_TheWishToBeCalledBackIsInTheRecord) {
  Scene scene{extended(), with_media()};
  scene.dial("101");
  scene.run_until(s(5));

  for (const char key : std::string{"1601#1"}) {
    (void)scene.press("104", key);
    scene.world.run_for(ms(1'500));
  }
  scene.run_until(s(30));

  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(told<facts::CallBackWanted>(scene).size(), 1U);
  EXPECT_EQ(told<facts::CallBackWanted>(scene)[0].number, "601");
  EXPECT_EQ(scene.record().call_back, "601");
}

TEST(Mailbox, WhenItIsFullTheCallerHearsSoAndNothingIsRecorded) {
  model::Office made = office_with_mailboxes();
  made.users[0].do_not_disturb = true;
  Scene scene{made, with_media()};
  std::vector<facts::Message> many(100);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].id = std::to_string(i);
  (*scene.world.mailboxes)["user/101"] = many;
  scene.world.count_messages();

  scene.dial("101");
  scene.run_until(s(10));

  EXPECT_EQ(scene.played("104"), (Lines{"en/vm-mailboxfull en/vm-goodbye"}));
  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_TRUE(told<facts::MessageLeft>(scene).empty());
}

TEST(Waiting, Rfc3262_3_The200OfAMailboxWaitsForThePrackOfOur183) {
  model::Office made = office_with_mailboxes();
  made.groups[0].caller_hears.sound = "music";
  for (int i = 0; i < 2; ++i) made.users[static_cast<std::size_t>(i)].do_not_disturb = true;
  made.groups[0].finally.any = {model::DestinationKind::Mailbox, "103"};
  Scene scene{made, with_media()};
  scene.caller().wants_100rel = true;

  scene.dial("600");
  scene.run_until(s(2));

  std::vector<std::string> got;
  for (const Text& message : scene.caller().received) {
    if (message.is_request() || message.code() < 180 || message.code() >= 300) continue;
    if (message.method() == "INVITE" || message.method() == "PRACK")
      got.push_back(std::to_string(message.code()) + " " + message.method());
  }
  EXPECT_EQ(got, (Lines{"183 INVITE", "200 PRACK", "200 INVITE"}));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Menu, Row_S1_6_TheFinalMenuLeadsBackToTheGroupByAKey) {
  model::Office made = with_menu();
  made.groups[0].finally.any = {model::DestinationKind::Ivr, "1"};
  Scene scene{made, with_media()};

  scene.dial("600");
  scene.run_until(s(11));
  EXPECT_EQ(scene.hears("104"), "welcome");
  ASSERT_TRUE(scene.press("104", '5'));
  scene.run_until(s(13));

  EXPECT_EQ(scene.phone("101").calls().size(), 2U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Menu, AKeyThatAPhoneSendsByInfoAndByRtpCountsOnce) {
  Scene scene{with_menu(), with_media()};
  scene.dial("700");
  scene.run_until(s(1));

  for (const char key : std::string{"102"}) {
    (void)scene.press("104", key);
    scene.caller().request(0, "INFO", std::string("Signal=") + key + "\r\n",
                           "application/dtmf-relay");
    scene.world.run_for(ms(300));
  }
  scene.run_until(s(4));

  EXPECT_NE(scene.rang_at("102"), -1);
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
