// Calls whose audio ends here, on the wire of the whole engine: holds, silence, ports that are
// taken, late offers, recordings (sip.md 4.6, reliability.md D8, D13).

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
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// A description of the caller's phone; its direction is added.
const std::string kTalk =
    "v=0\r\no=- 7 9 IN IP4 10.0.1.4\r\ns=-\r\nc=IN IP4 10.0.1.4\r\nt=0 0\r\n"
    "m=audio 20031 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

// 104 has called 600, 101 has answered after a second, it is the second second.
struct Talk {
  Talk() {
    scene.phone("101").habit.answers = s(1);
    scene.dial("600");
    scene.run_until(s(2));
  }
  Scene scene{office_with_mailboxes(), with_media(true)};
};

TEST(Anchored, Wire_D8_HoldPlaysMusicToTheOtherAndResumeJoinsThemAgain) {
  Talk talk;
  Scene& scene = talk.scene;
  ASSERT_EQ(scene.hears("104"), scene.voice_of("101"));
  const std::size_t before = scene.phone("101").received.size();
  scene.caller().request(0, "INVITE", kTalk + "a=sendonly\r\n");
  scene.run_until(s(3));
  EXPECT_EQ(scene.hears("101"), "music/default");
  scene.caller().request(0, "INVITE", kTalk + "a=sendrecv\r\n");
  scene.run_until(s(4));

  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.phone("101").received.size(), before) << "the other side is not asked";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, Wire_D13_SilenceOfOneSideEndsTheCallWithCause41) {
  Talk talk;
  Scene& scene = talk.scene;

  (void)scene.world.sound().fall_silent(scene.port_of("101"));
  scene.run_until(s(3));

  EXPECT_EQ(scene.reasons("104"), Lines{"Q.850;cause=41"});
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, Wire_A12_ALateOfferGetsOurOwnOfferAndItsAnswerComesInTheAck) {
  Scene scene{office_with_mailboxes(), with_media(true)};
  scene.caller().offers_late = true;
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, Wire_D13_SilenceInAHoldEndsNothing) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.caller().request(0, "INVITE", kTalk + "a=sendonly\r\n");
  scene.run_until(s(3));

  (void)scene.world.sound().fall_silent(scene.port_of("104"));
  (void)scene.world.sound().fall_silent(scene.port_of("101"));
  scene.run_until(s(4));

  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, Wire_D8_AHoldByPort0IsAnsweredWithPort0AndTheCallStands) {
  Talk talk;
  Scene& scene = talk.scene;

  scene.caller().request(0, "INVITE",
                         "v=0\r\no=- 7 9 IN IP4 10.0.1.4\r\ns=-\r\n"
                         "c=IN IP4 10.0.1.4\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n");
  scene.run_until(s(3));

  EXPECT_EQ(scene.caller().received.back().code(), 200);
  EXPECT_NE(scene.caller().received.back().body.find("m=audio 0 "), std::string::npos);
  EXPECT_EQ(scene.hears("101"), "music/default");
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, APortThatIsTakenIsLeftAndThePeerToldTheNewOne) {
  Scene scene{office_with_mailboxes(), with_media(true)};
  scene.phone("101").habit.answers = s(2);
  scene.dial("600");
  scene.run_until(s(1));
  const auto first = scene.port_of("101");
  ASSERT_TRUE(scene.world.sound().fail(first)) << "while he rings";

  scene.run_until(s(3));
  EXPECT_NE(scene.port_of("101"), first) << "by a re-INVITE";
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  const auto callers = scene.port_of("104");
  ASSERT_TRUE(scene.world.sound().fail(callers)) << "in the talk";
  scene.run_until(s(4));

  EXPECT_NE(scene.port_of("104"), callers);
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Anchored, Wire_D1_TheAckOfALate200WithAnOfferCarriesOurAnswer) {
  model::Office made = office_with_mailboxes();
  made.groups[0].members = {member("101")};
  made.groups[0].timeout = s(5);
  model::Group second = group_of(model::Strategy::RingAll, {member("102")});
  second.name = "Second";
  second.extensions = {"601"};
  second.caller_hears = {"welcome", true};
  made.groups.push_back(second);
  made.groups[0].finally.any = {model::DestinationKind::Group, "Second"};
  Scene scene{made, with_media()};
  scene.caller().offers_late = true;
  scene.phone("101").habit.answers_cancel_with_200 = true;

  scene.dial("600");
  scene.run_until(s(8));

  std::size_t acks = 0;
  for (const Text& message : scene.phone("101").received)
    acks += static_cast<std::size_t>(message.is_request() && message.method() == "ACK");
  EXPECT_GE(acks, 1U);
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Recording, Row_S1_14_FromTheAnswerOnBothVoicesInOneFile) {
  model::Office made = office_with_mailboxes();
  made.groups[0].record = model::RecordPolicy::On;
  Scene scene{made, with_media()};
  scene.phone("101").habit.answers = s(3);

  scene.dial("600");
  scene.run_until(s(10));
  scene.caller().hang_up(0);
  scene.run_until(s(12));

  EXPECT_EQ(scene.finish(), "");
  const std::string file = scene.record().recording;
  ASSERT_EQ(scene.world.sound().files().count(file), 1U) << file;
  EXPECT_NEAR(static_cast<double>(scene.world.sound().files().at(file).count()), 7'000, 100);
}

TEST(Recording, Row_S1_14_NeverWinsOverTheOffice) {
  model::Office made = office_with_mailboxes();
  made.record = model::RecordPolicy::Always;
  made.groups[0].record = model::RecordPolicy::Never;
  Scene scene{made, with_media()};
  scene.phone("101").habit.answers = s(1);

  scene.dial("600");
  scene.run_until(s(3));

  EXPECT_EQ(scene.finish(), "");
  EXPECT_TRUE(scene.world.sound().files().empty());
}

TEST(Ports, WithoutAFreePortWhoWouldBeAskedIsNotRungAndSomebodyIsTold) {
  call::Settings settings = with_media();
  settings.media.first_port = 0;
  settings.media.last_port = 0;
  model::Office made = office_with_mailboxes();
  Scene plain{made, settings};
  plain.phone("101").habit.answers = s(1);
  plain.dial("600");
  plain.run_until(s(2));
  EXPECT_EQ(plain.final_code(), 200) << "where nothing is asked the audio runs end to end";
  EXPECT_EQ(plain.finish(), "");

  made.groups[0].confirm = model::Confirm::Always;
  Scene asked{made, settings};
  asked.dial("600");
  asked.run_until(s(2));

  EXPECT_EQ(asked.final_code(), 480);
  EXPECT_EQ(asked.rang_at("101"), -1);
  EXPECT_EQ(asked.finish(), "");
  std::size_t told = 0;
  for (const facts::Fact& fact : asked.world.facts) {
    const auto* trouble = std::get_if<facts::CallTroubled>(&fact);
    told += static_cast<std::size_t>(trouble != nullptr && trouble->why == "no_rtp_port");
  }
  EXPECT_EQ(told, 2U) << "one for each member";
}

}  // namespace
}  // namespace sim
