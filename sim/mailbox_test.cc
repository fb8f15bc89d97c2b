// Mailboxes by phone, on the wire of the whole engine: *97, *98 and *99, the PIN, messages and what
// becomes of them, greetings, calling back.

#include "facts/mailbox.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/fact.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/text.h"

namespace sim {
namespace {

template <class F>
std::vector<F> told(Scene& scene) {
  std::vector<F> out;
  for (const facts::Fact& fact : scene.world.facts) {
    if (const auto* found = std::get_if<F>(&fact)) out.push_back(*found);
  }
  return out;
}

// 101 is never rung and has a mailbox with a PIN, 102 one without; 900 is a general one.
model::Office office() {
  model::Office made = office_of_users(4);
  made.users[0].do_not_disturb = true;
  made.users[0].mailbox = {true, "1234", false};
  made.users[1].mailbox.present = true;
  model::Mailbox general;
  general.name = "general";
  general.extension = "900";
  general.pin = "0000";
  made.mailboxes.push_back(general);
  return made;
}

struct Desk {
  Scene scene{office(), with_media()};
  std::size_t call = 0;  // of the one who listens

  // 104 leaves a message.
  void leave(const std::string& number) {
    const std::size_t index = scene.caller().call(number);
    scene.world.run_for(s(20));
    scene.caller().hang_up(index);
    scene.world.run_for(s(2));
  }
  void dial(const std::string& who, const std::string& number) {
    call = scene.phone(who).call(number);
    scene.world.run_for(s(1));
  }
  void keys(const std::string& who, std::string_view pressed) {
    for (const char key : pressed) {
      EXPECT_TRUE(scene.press(who, key, call)) << key;
      scene.world.run_for(ms(100));
    }
  }
  // True if it was played to him in this call.
  bool heard(const std::string& who, const std::string& what) {
    for (const std::string& played : scene.played(who, call))
      if (played.find(what) != std::string::npos) return true;
    return false;
  }
  std::vector<facts::Message> box(const std::string& key) { return (*scene.world.mailboxes)[key]; }
};

TEST(ListenByPhone, Star97AsksThePinPlaysTheMessageAndMarksItAsHeard) {
  Desk desk;
  desk.leave("101");

  desk.dial("101", "*97");
  EXPECT_EQ(desk.scene.hears("101", desk.call), "en/harrier/enter-pin");
  desk.keys("101", "1234#");
  EXPECT_TRUE(desk.heard("101", "vm-youhave"));
  desk.keys("101", "1");
  EXPECT_TRUE(desk.heard("101", desk.box("user/101").at(0).file));
  EXPECT_FALSE(desk.box("user/101").at(0).heard) << "it is being played";
  desk.scene.world.run_for(s(20));

  EXPECT_TRUE(desk.box("user/101").at(0).heard);
  const auto changes = told<facts::MessageChanged>(desk.scene);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].mailbox + " " + changes[0].who, "101 101");
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, AnOwnMailboxWithoutAPinOpensAtOnceFromItsUsersPhone) {
  Desk desk;

  desk.dial("102", "*97");

  EXPECT_TRUE(desk.heard("102", "main-options"));
  EXPECT_FALSE(desk.heard("102", "enter-pin"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, NextSaveAndDeleteActOnTheMessageThatIsHeard) {
  Desk desk;
  for (int i = 0; i < 3; ++i) desk.leave("101");
  const std::vector<facts::Message> before = desk.box("user/101");
  ASSERT_EQ(before.size(), 3U);

  desk.dial("101", "*97");
  desk.keys("101", "1234#1697");

  const std::vector<facts::Message> after = desk.box("user/101");
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].id, before[0].id);
  EXPECT_TRUE(after[0].heard && !after[0].saved);
  EXPECT_EQ(after[1].id, before[1].id);
  EXPECT_TRUE(after[1].saved);
  EXPECT_EQ(desk.scene.world.sound().files().count(before[2].file), 0U) << "its file is gone, too";
  EXPECT_EQ(desk.scene.world.sound().files().count(before[0].file), 1U);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, CallBackRingsWhoLeftTheMessageAndJoinsThem) {
  Desk desk;
  desk.leave("101");
  desk.scene.phone("104").habit.answers = s(1);

  desk.dial("101", "*97");
  desk.keys("101", "1234#18");
  desk.scene.world.run_for(s(3));

  EXPECT_EQ(desk.scene.hears("101", desk.call),
            "port " + std::to_string(desk.scene.port_of("104", 1)));
  EXPECT_EQ(desk.scene.finish(), "");
  EXPECT_EQ(desk.scene.record().answered_by, "104");
}

TEST(ListenByPhone, GuessingThePinIsSlowedDownForTheMailboxNotForTheCall) {
  Desk desk;
  desk.dial("102", "*98");
  desk.keys("102", "101#0000#101#0001#101#0002#");
  desk.scene.world.run_for(s(5));
  EXPECT_EQ(desk.scene.phone("102").calls().at(desk.call).state, PhoneCall::State::Over);

  desk.dial("101", "*97");
  desk.keys("101", "1234#");
  EXPECT_TRUE(desk.heard("101", "try-later")) << "the right one, too early";
  desk.scene.world.run_for(s(40));
  desk.dial("101", "*97");
  desk.keys("101", "1234#");

  EXPECT_TRUE(desk.heard("101", "main-options"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, ANumberThatIsNoMailboxSoundsLikeAWrongPin) {
  Desk desk;

  desk.dial("102", "*98");
  desk.keys("102", "103#1234#");

  EXPECT_TRUE(desk.heard("102", "vm-incorrect"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, AGeneralMailboxIsOpenedByStar98AndSaysWhoHandlesAMessage) {
  Desk desk;
  desk.leave("900");

  desk.dial("102", "*98");
  desk.keys("102", "900#0000#1");
  desk.scene.world.run_for(s(20));
  EXPECT_TRUE(desk.heard("102", "handled-option"));
  desk.keys("102", "2");

  EXPECT_EQ(desk.box("general/general").at(0).handled_by, "102");
  desk.keys("102", "2");
  EXPECT_EQ(desk.box("general/general").at(0).handled_by, "");
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, Star99LeadsStraightIntoTheMailboxOfANumber) {
  Desk desk;

  desk.leave("*99102");

  EXPECT_EQ(desk.box("user/102").size(), 1U);
  EXPECT_EQ(desk.scene.record().dialled, "*99102");
  EXPECT_TRUE(desk.scene.record().attempts.empty());
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, WithoutAMailboxOfOnesOwnStar97IsAnUnknownNumber) {
  Desk desk;

  desk.scene.dial("*97");
  desk.scene.run_until(s(1));

  EXPECT_EQ(desk.scene.final_code(), 404);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, WhatCannotBeReadNowIsSaidToBeTriedLater) {
  Desk desk;
  desk.scene.world.mailboxes.reset();

  desk.dial("102", "*97");

  EXPECT_TRUE(desk.heard("102", "try-later"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Lamp, APhoneIsToldWhenAMessageIsLeftAndWhenItIsHeard) {
  Desk desk;
  const auto bodies = [&] {
    std::vector<std::string> out;
    for (const Text& message : desk.scene.phone("101").received)
      if (message.method() == "NOTIFY") out.push_back(message.body);
    return out;
  };

  desk.leave("101");
  ASSERT_EQ(bodies().size(), 1U);
  EXPECT_NE(bodies()[0].find("Voice-Message: 1/0 (0/0)"), std::string::npos) << bodies()[0];
  desk.dial("101", "*97");
  desk.keys("101", "1234#1");
  desk.scene.world.run_for(s(20));

  ASSERT_EQ(bodies().size(), 2U);
  EXPECT_NE(bodies()[1].find("Messages-Waiting: no"), std::string::npos) << bodies()[1];
  EXPECT_NE(bodies()[1].find("Voice-Message: 0/1 (0/0)"), std::string::npos) << bodies()[1];
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, AnOwnGreetingIsRecordedHeardByCallersAndKeptOverARestart) {
  Desk desk;
  desk.dial("101", "*97");
  desk.keys("101", "1234#01");
  desk.scene.world.run_for(s(6));  // the prompt, the tone, and what he says
  desk.keys("101", "#1");
  desk.scene.phone("101").hang_up(desk.call);
  desk.scene.world.run_for(s(40));
  const auto set = told<facts::GreetingSet>(desk.scene);
  ASSERT_EQ(set.size(), 1U);
  EXPECT_EQ(desk.scene.world.sound().files().count(set[0].file), 1U);

  desk.scene.world.restart();
  desk.scene.dial("101");
  desk.scene.run_until(s(1));

  EXPECT_EQ(desk.scene.hears("104"), set[0].file + " beep");
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(ListenByPhone, AGreetingThatIsReplacedOrTakenBackGoesWithItsFile) {
  Desk desk;
  desk.dial("101", "*97");
  desk.keys("101", "1234#01");
  desk.scene.world.run_for(s(6));
  desk.keys("101", "#101");  // kept; and another one
  desk.scene.world.run_for(s(6));
  desk.keys("101", "#1");
  auto set = told<facts::GreetingSet>(desk.scene);
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(desk.scene.world.sound().files().count(set[0].file), 0U);
  EXPECT_EQ(desk.scene.world.sound().files().count(set[1].file), 1U);

  desk.keys("101", "02");

  set = told<facts::GreetingSet>(desk.scene);
  EXPECT_EQ(set.back().file, "");
  EXPECT_TRUE(desk.scene.world.sound().files().empty());
  EXPECT_EQ(desk.scene.finish(), "");
}

}  // namespace
}  // namespace sim
