// A page on the wire of the whole engine: who answers by himself, who hears whom, how it ends
// (docs/hunting.md `page`, sip.md 4.11, mission row S1.9).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// 600 pages 101, 102 and 103 for 10 s; 104 calls.
model::Office with_page() {
  model::Office made = office_of_users(4);
  model::Group group =
      group_of(model::Strategy::Page, {member("101"), member("102"), member("103")});
  group.timeout = s(10);
  made.groups.push_back(group);
  return made;
}

// A phone that takes a page by itself.
void answers_itself(Scene& scene, const std::string& username) {
  Habit& habit = scene.phone(username).habit;
  habit.rings.reset();
  habit.answers = ms(300);
}

TEST(Page, Row_S1_9_AllWhoAnswerHearTheCallerAndNobodyHearsThem) {
  Scene scene{with_page(), with_media()};
  answers_itself(scene, "101");
  answers_itself(scene, "103");

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.played("104"), (Lines{"beep"})) << "once: somebody listens";
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("103"), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("104"), "");
  EXPECT_NE(scene.phone("101").calls()[0].remote_sdp.find("a=sendonly"), std::string::npos);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Answered);
  EXPECT_EQ(scene.record().answered_by, "101");
}

TEST(Page, ItEndsForAllWhenTheCallerHangsUpAndLeavesNoMissedCall) {
  Scene scene{with_page(), with_media()};
  answers_itself(scene, "101");
  answers_itself(scene, "102");

  scene.dial("600");
  scene.run_until(s(5));
  scene.caller().hang_up(0);
  scene.run_until(s(6));

  for (const char* who : {"101", "102", "103"}) {
    EXPECT_EQ(scene.stopped_at(who), 5'000) << who;
    EXPECT_EQ(scene.reasons(who), completed_elsewhere()) << who;
    EXPECT_EQ(scene.phone(who).missed_calls(), 0U) << who;
  }
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().ended_by, facts::EndedBy::Caller);
  EXPECT_EQ(scene.record().sip_code, 200);
}

TEST(Page, WhoDoesNotAnswerInTimeIsNoLongerRungAndTheOthersListenOn) {
  Scene scene{with_page(), with_media()};
  answers_itself(scene, "101");

  scene.dial("600");
  scene.run_until(s(15));

  EXPECT_EQ(scene.stopped_at("102"), 10'000);
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, WhoHangsUpLeavesTheOthersAndTheLastOneEndsIt) {
  Scene scene{with_page(), with_media()};
  for (const char* who : {"101", "102", "103"}) answers_itself(scene, who);

  scene.dial("600");
  scene.run_until(s(12));
  scene.phone("101").hang_up(0);
  scene.phone("102").hang_up(0);
  scene.run_until(s(13));
  EXPECT_EQ(scene.hears("103"), scene.voice_of("104"));
  EXPECT_TRUE(scene.caller().talking());
  scene.phone("103").hang_up(0);
  scene.run_until(s(14));

  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().ended_by, facts::EndedBy::Callee);
}

TEST(Page, AMemberInACallIsSkippedAlsoWhereTheGroupRingsBusyPeople) {
  model::Office made = with_page();
  made.groups[0].skip_busy = false;
  Scene scene{made, with_media()};
  scene.phone("103").habit.answers = ms(100);
  answers_itself(scene, "102");
  (void)scene.phone("101").call("103");
  scene.world.run_for(s(2));

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.phone("103").calls().size(), 1U);
  EXPECT_EQ(scene.hears("102"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, WhoListensIsInACall) {
  model::Office made = with_page();
  model::Group second = group_of(model::Strategy::RingAll, {member("101"), member("103")});
  second.name = "Support";
  second.extensions = {"601"};
  made.groups.push_back(second);
  Scene scene{made, with_media()};
  answers_itself(scene, "101");
  scene.dial("600");
  scene.run_until(s(12));

  (void)scene.phone("102").call("601");
  scene.run_until(s(14));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.phone("103").calls().size(), 2U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, WhereNobodyAnswersTheCallGoesOnAsTheGroupSays) {
  model::Office made = with_page();
  made.users[3].mailbox.present = true;
  made.users[0].mailbox.present = true;
  made.groups[0].finally.any = {model::DestinationKind::Mailbox, "101"};
  Scene scene{made, with_media()};

  scene.dial("600");
  scene.run_until(s(12));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
}

TEST(Page, OfThePhonesOfOneUserOneListens) {
  model::Office made = with_page();
  made.users[0].devices = {{"desk", "101-desk", "d", "yealink"}, {"lab", "101-lab", "l", ""}};
  Scene scene{made, with_media()};
  answers_itself(scene, "101-desk");
  scene.phone("101-lab").habit.answers = ms(900);

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.hears("101-desk"), scene.voice_of("104"));
  EXPECT_FALSE(scene.phone("101-lab").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, NobodyPicksItUp) {
  Scene scene{with_page(), with_media()};
  answers_itself(scene, "101");
  scene.dial("600");
  scene.run_until(s(2));

  const std::size_t by_code = scene.phone("102").call("**600");
  scene.run_until(s(6));

  EXPECT_NE(scene.hears("102", by_code), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
}

// What a phone is told, by its kind.
TEST(Page, EachKindOfPhoneIsToldInItsOwnWayToAnswerByItself) {
  model::Office made = with_page();
  made.groups[0].ring_melody = "<http://127.0.0.1/Bellcore-dr3>";
  made.users[0].devices = {{"desk", "101", "pw101", "Yealink"}};
  made.users[1].devices = {{"desk", "102", "pw102", "polycom"}};
  Scene scene{made, with_media()};

  scene.dial("600");
  scene.run_until(s(1));

  const Text& yealink = scene.phone("101").calls()[0].invite;
  EXPECT_EQ(yealink.all("Alert-Info"), (Lines{"<http://127.0.0.1>;info=alert-autoanswer;delay=0"}));
  EXPECT_EQ(yealink.get("Call-Info"), "<sip:office.example>;answer-after=0");
  EXPECT_EQ(yealink.get("Answer-Mode"), "");
  EXPECT_EQ(scene.phone("102").calls()[0].invite.all("Alert-Info"), (Lines{"Ring Answer"}));
  const Text& other = scene.phone("103").calls()[0].invite;
  EXPECT_EQ(other.get("Answer-Mode"), "Auto;require");
  EXPECT_EQ(other.get("Call-Info"), "<sip:office.example>;answer-after=0");
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, NobodyMakesAPhoneAnswerByItselfFromOutside) {
  model::Office made = with_page();
  made.groups[0].strategy = model::Strategy::RingAll;
  Scene scene{made, with_media()};

  scene.dial("600", {"Answer-Mode: Auto;require", "Call-Info: <sip:x>;answer-after=0",
                     "Alert-Info: <http://x>;info=alert-autoanswer;delay=0"});
  scene.run_until(s(1));

  const Text& invite = scene.phone("101").calls()[0].invite;
  for (const char* name : {"Answer-Mode", "Call-Info", "Alert-Info"})
    EXPECT_EQ(invite.get(name), "") << name;
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, MusicWhileItRingsEndsWithTheBeep) {
  model::Office made = with_page();
  made.groups[0].caller_hears = {"music", true};
  Scene scene{made, with_media()};
  scene.phone("102").habit.answers = s(4);

  scene.dial("600");
  scene.run_until(s(2));
  EXPECT_EQ(scene.hears("104"), "music/default");
  scene.run_until(s(7));

  EXPECT_EQ(scene.played("104"), (Lines{"music/default", "beep"}));
  EXPECT_EQ(scene.hears("102"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_NEAR(static_cast<double>(scene.record().wait_ms), 4'000, 50);
}

TEST(Page, APageIsRecordedWithTheCallersVoice) {
  model::Office made = with_page();
  made.groups[0].record = model::RecordPolicy::On;
  Scene scene{made, with_media()};
  answers_itself(scene, "101");

  scene.dial("600");
  scene.run_until(s(5));
  scene.caller().hang_up(0);
  scene.run_until(s(6));

  EXPECT_EQ(scene.finish(), "");
  ASSERT_FALSE(scene.record().recording.empty());
  EXPECT_TRUE(scene.world.sound().files().contains(scene.record().recording));
}

TEST(Page, APortThatWasTakenIsReplacedAndHeardAgain) {
  Scene scene{with_page(), with_media()};
  answers_itself(scene, "101");
  answers_itself(scene, "102");
  scene.dial("600");
  scene.run_until(s(3));

  ASSERT_TRUE(scene.world.sound().fail(scene.port_of("104")));
  scene.run_until(s(5));

  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("102"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Page, WithoutAPortForTheCallerTheCallEndsAndNobodyListens) {
  call::Settings settings = with_media();
  settings.media.last_port = 30'001;
  Scene scene{with_page(), settings};
  answers_itself(scene, "101");

  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Failed);
}

TEST(Page, Rfc3262_3_The200WaitsForThePrackOfTheMusic) {
  model::Office made = with_page();
  made.groups[0].caller_hears.sound = "music";
  Scene scene{made, with_media()};
  scene.caller().wants_100rel = true;
  answers_itself(scene, "101");

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
