// Transfers by REFER on the wire of the whole engine: blind and attended, into and out of groups,
// back to who transferred (sip.md 4.12, reliability.md F5 to F8).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/group_part.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"
#include "sim/world.h"

namespace sim {
namespace {

// 600 rings 102 and 103; the caller is 105.
model::Office office() {
  model::Office made = office_of_users(5);
  model::Group group = group_of(model::Strategy::RingAll, {member("102"), member("103")});
  group.timeout = s(10);
  made.groups.push_back(group);
  return made;
}

struct Talk {
  explicit Talk(const model::Office& made = office(), bool always = false)
      : scene(made, with_media(always)) {
    scene.phone("101").habit.answers = s(1);
    scene.dial("101");
    scene.run_until(s(3));
  }
  // What the phone was told of its transfer: "100 202 …" of the sipfrags.
  std::string told(const std::string& who) {
    std::string out;
    for (const Text& message : scene.phone(who).received) {
      if (!message.is_request() || message.method() != "NOTIFY") continue;
      if (!message.get("Event").starts_with("refer")) continue;
      out += (out.empty() ? "" : " ") + message.body.substr(8, 3);
    }
    return out;
  }

  Scene scene;
};

TEST(Transfer, TheCalledSendsTheCallerOn) {
  for (const bool always : {false, true}) {
    Talk talk{office(), always};
    Scene& scene = talk.scene;
    scene.phone("104").habit.answers = s(2);

    scene.phone("101").transfer(0, "104");
    scene.run_until(s(4));
    EXPECT_EQ(scene.hears("105"), "ringback");
    EXPECT_NE(scene.phone("104").calls().at(0).invite.get("From").find("105"), std::string::npos)
        << "who is sent on is shown";
    scene.run_until(s(7));

    EXPECT_EQ(talk.told("101"), "100 200");
    EXPECT_FALSE(scene.phone("101").talking());
    EXPECT_EQ(scene.hears("105"), scene.voice_of("104"));
    EXPECT_EQ(scene.hears("104"), scene.voice_of("105"));
    EXPECT_EQ(scene.finish(), "");
    ASSERT_EQ(scene.world.records().size(), 1U);
    EXPECT_EQ(scene.record().answered_by, "101");
    EXPECT_EQ(scene.record().final_destination, "user 104");
    EXPECT_EQ(scene.record().ended_by, facts::EndedBy::Caller);
  }
}

// The identities that this phone was told within a call, by UPDATE.
std::vector<std::string> connected(const Phone& phone) {
  std::vector<std::string> out;
  for (const Text& message : phone.received)
    if (message.is_request() && message.method() == "UPDATE")
      out.push_back(message.get("P-Asserted-Identity"));
  return out;
}

TEST(Transfer, WhoIsSentOnSeesWithWhomHeTalks) {
  model::Office made = office();
  made.users[3].name = "Cora";
  Talk talk{made};
  Scene& scene = talk.scene;
  scene.phone("104").habit.answers = s(2);

  scene.phone("101").transfer(0, "104");
  scene.run_until(s(8));

  const std::vector<std::string> told = connected(scene.phone("105"));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("Cora"), std::string::npos) << told[0];
  EXPECT_NE(told[0].find("sip:104@"), std::string::npos) << told[0];
  EXPECT_TRUE(connected(scene.phone("101")).empty());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, TheCallerSendsTheCalledOn) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("104").habit.answers = s(2);

  scene.caller().transfer(0, "104");
  scene.run_until(s(7));

  EXPECT_EQ(talk.told("105"), "100 200");
  EXPECT_FALSE(scene.caller().talking());
  EXPECT_NE(scene.phone("104").calls().at(0).invite.get("From").find("101"), std::string::npos);
  EXPECT_NE(scene.phone("104").calls().at(0).invite.get("To").find("104"), std::string::npos);
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  scene.phone("104").hang_up(0);
  scene.run_until(s(9));
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
}

TEST(Transfer, F5_WhoIsBusyOrDoesNotAnswerGivesTheCallBack) {
  for (const bool answers_nothing : {false, true}) {
    Talk talk;
    Scene& scene = talk.scene;
    if (!answers_nothing) scene.phone("104").habit.fails = ms(500);

    scene.phone("101").transfer(0, "104");
    scene.run_until(s(40));

    EXPECT_EQ(talk.told("101"), answers_nothing ? "100 480" : "100 486");
    EXPECT_TRUE(scene.phone("101").talking());
    EXPECT_EQ(scene.hears("105"), scene.voice_of("101"));
    EXPECT_EQ(scene.hears("101"), scene.voice_of("105"));
    EXPECT_EQ(scene.finish(), "");
    EXPECT_EQ(scene.record().answered_by, "101");
  }
}

TEST(Transfer, F5_AnUnknownNumberAndOneThatHeMayNotDialLeaveTheTalkAsItIs) {
  model::Office made = office();
  made.users[0].permissions.external = false;
  made.trunks.emplace_back();
  made.trunks[0].name = "carrier";
  made.trunks[0].uri = "sip:10.9.9.9:5060";
  Talk talk{made};
  Scene& scene = talk.scene;

  scene.phone("101").transfer(0, "199");
  scene.run_until(s(4));
  EXPECT_EQ(talk.told("101"), "100 404");
  scene.phone("101").transfer(0, "0600100200");
  scene.run_until(s(6));
  EXPECT_EQ(talk.told("101"), "100 404 100 403");
  scene.phone("101").transfer(0, "*78");
  scene.run_until(s(8));

  EXPECT_EQ(talk.told("101"), "100 404 100 403 100 404");
  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_TRUE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, F6_HangingUpAtOnceIsABlindTransferTooAndNobodyRecallsHim) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("104").habit.answers = s(4);

  scene.phone("101").transfer(0, "104");
  scene.run_until(ms(3'050));
  scene.phone("101").hang_up(0);
  scene.run_until(s(9));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("104"));
  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, WhoHasHungUpIsCalledBackWhenNobodyAnswers) {
  Talk talk;
  Scene& scene = talk.scene;

  scene.phone("101").transfer(0, "600");
  scene.run_until(ms(3'050));
  scene.phone("101").hang_up(0);
  scene.run_until(s(15));
  ASSERT_EQ(scene.phone("101").calls().size(), 2U) << "the group's 10 s are over";
  EXPECT_NE(scene.phone("101").calls()[1].invite.get("Alert-Info").find("recall"),
            std::string::npos);
  scene.run_until(s(18));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("101", 1));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "recall 101");
}

TEST(Transfer, WhenNobodyWantsHimTheCallEndsAsTheGroupSays) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("101").habit.answers.reset();

  scene.phone("101").transfer(0, "600");
  scene.run_until(ms(3'050));
  scene.phone("101").hang_up(0);
  scene.run_until(s(60));

  EXPECT_EQ(scene.reasons("105"), timed_out());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Answered) << "a person took it";
}

TEST(Transfer, IntoAGroupTheCallerIsHuntedForLikeAnybodyElse) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("103").habit.answers = s(3);

  scene.phone("101").transfer(0, "600");
  scene.run_until(s(8));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("103"));
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "group Sales");
  const facts::GroupPart sales = facts::part_of(scene.record(), "Sales");
  EXPECT_TRUE(sales.answered);
  EXPECT_NEAR(static_cast<double>(sales.wait_ms), 3'000, 500) << "since he was sent on";
}

TEST(Transfer, OutOfAGroupNothingOfItLeaks) {
  model::Office made = office();
  made.groups[0].confirm = model::Confirm::Always;
  made.groups[0].prevent_missed_calls = true;
  made.groups[0].finally.any = {model::DestinationKind::User, "104"};
  Scene scene{made, with_media()};
  scene.phone("102").habit.answers = s(1);
  scene.dial("600");
  scene.run_until(s(3));
  (void)scene.press("102", '1');
  scene.run_until(s(4));
  ASSERT_EQ(scene.hears("105"), scene.voice_of("102"));

  scene.phone("102").transfer(0, "101");
  scene.run_until(s(40));

  EXPECT_EQ(scene.reasons("101"), timed_out()) << "an ordinary missed call";
  EXPECT_TRUE(scene.phone("104").calls().empty()) << "the group's finally is not his";
  EXPECT_EQ(scene.hears("105"), scene.voice_of("102")) << "102 has him back";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, F6_TheCallerWhoHangsUpMeanwhileEndsItForAll) {
  Talk talk;
  Scene& scene = talk.scene;

  scene.phone("101").transfer(0, "600");
  scene.run_until(s(5));
  scene.caller().hang_up(0);
  scene.run_until(s(8));

  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_NE(scene.stopped_at("102"), -1);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Answered);
}

TEST(Transfer, F7_TwoAnsweredCallsBecomeOne) {
  for (const bool called_him : {false, true}) {
    for (const bool always : {false, true}) {
      Talk talk{office(), always};
      Scene& scene = talk.scene;
      scene.phone("104").habit.answers = s(1);
      // 101 asks 104; or 104 has called 101.
      std::size_t second = 1;
      if (called_him) {
        (void)scene.phone("104").call("101");
      } else {
        second = scene.phone("101").call("104");
      }
      scene.run_until(s(6));
      ASSERT_EQ(scene.phone("101").calls().at(second).state, PhoneCall::State::Talking);

      scene.phone("101").transfer(0, scene.phone("101").calls().at(second));
      scene.run_until(s(8));

      EXPECT_EQ(talk.told("101"), "100 200");
      EXPECT_FALSE(scene.phone("101").talking());
      EXPECT_EQ(scene.hears("105"), scene.voice_of("104"));
      EXPECT_EQ(scene.hears("104"), scene.voice_of("105"));
      EXPECT_EQ(scene.finish(), "");
      EXPECT_EQ(scene.world.records().size(), 2U);
    }
  }
}

TEST(Transfer, F7_ACallThatStillRingsGetsAnotherCaller) {
  for (const bool always : {false, true}) {
    Talk talk{office(), always};
    Scene& scene = talk.scene;
    const std::size_t second = scene.phone("101").call("600");
    scene.run_until(s(5));

    scene.phone("101").transfer(0, scene.phone("101").calls().at(second));
    scene.run_until(s(7));
    EXPECT_FALSE(scene.phone("101").talking());
    EXPECT_EQ(scene.hears("105"), "ringback");
    scene.phone("102").answer(0);
    scene.run_until(s(9));

    EXPECT_EQ(scene.hears("105"), scene.voice_of("102"));
    EXPECT_EQ(scene.hears("102"), scene.voice_of("105"));
    EXPECT_EQ(scene.reasons("103"), completed_elsewhere());
    EXPECT_EQ(scene.phone("102").calls().size(), 1U) << "the hunt went on";
    EXPECT_EQ(scene.finish(), "");
  }
}

TEST(Transfer, F8_NobodyTransfersIntoACallThatIsNotHisOwn) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("103").habit.answers = s(1);
  const std::size_t foreign = scene.phone("104").call("103");
  scene.run_until(s(6));

  scene.phone("101").transfer(0, scene.phone("104").calls().at(foreign));
  scene.run_until(s(8));

  EXPECT_EQ(talk.told("101"), "");
  EXPECT_TRUE(scene.phone("104").talking());
  EXPECT_TRUE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, F7_AnotherPhoneOfHisTakesTheCallOver) {
  model::Office made = office();
  made.users[0].devices = {{"desk", "101-desk", "pw1", ""}, {"soft", "101-soft", "pw2", ""}};
  Scene scene{made, with_media()};
  scene.phone("101-desk").habit.answers = s(1);
  scene.dial("101");
  scene.run_until(s(3));
  const PhoneCall& call = scene.phone("101-desk").calls().at(0);
  const std::string replaces =
      "Replaces: " + call.call_id + ";to-tag=" + call.remote_tag + ";from-tag=" + call.local_tag;

  const std::size_t early = scene.phone("101-soft").call("101", {replaces + ";early-only"});
  const std::size_t foreign = scene.phone("104").call("101", {replaces});
  scene.run_until(s(4));
  EXPECT_EQ(scene.phone("101-soft").calls()[early].final_code, 486);
  EXPECT_EQ(scene.phone("104").calls()[foreign].final_code, 403);
  const std::size_t taken = scene.phone("101-soft").call("101", {replaces});
  scene.run_until(s(6));

  EXPECT_EQ(scene.phone("101-soft").calls()[taken].final_code, 200);
  EXPECT_FALSE(scene.phone("101-desk").talking());
  EXPECT_EQ(scene.hears("105"), scene.voice_of("101-soft", taken));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Transfer, ToAMailboxItIsDoneAtOnce) {
  model::Office made = office();
  made.users[3].mailbox.present = true;
  Talk talk{made};
  Scene& scene = talk.scene;

  scene.phone("101").transfer(0, "*99104");
  scene.run_until(s(5));

  EXPECT_EQ(talk.told("101"), "100 200");
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_NE(scene.hears("105"), "");
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
