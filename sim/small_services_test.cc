// Codes that speak and no more, on the wire of the whole engine.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/office.h"
#include "sim/scene.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// The caller 104 has a mailbox with the PIN 4321.
model::Office with_pin() {
  model::Office made = office_with_mailboxes();
  made.users[3].mailbox.pin = "4321";
  return made;
}

void press_all(Scene& scene, const std::string& keys) {
  for (const char key : keys) {
    (void)scene.press("104", key);
    scene.world.run_for(ms(200));
  }
}

TEST(SmallServices, Star43IsAnEcho) {
  Scene scene{with_pin(), with_media()};

  scene.dial("*43");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  scene.run_until(s(4));
  EXPECT_EQ(scene.hears("104"), scene.voice_of("104"));
  press_all(scene, "#");
  scene.run_until(s(8));

  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.played("104"), (Lines{"en/demo-echotest beep", "en/demo-echodone"}));
  EXPECT_EQ(scene.finish(), "");
}

TEST(SmallServices, Star65SaysTheCallersOwnExtension) {
  Scene scene{with_pin(), with_media()};

  scene.dial("*65");
  scene.run_until(s(10));

  EXPECT_EQ(scene.played("104"),
            (Lines{"en/harrier/your-extension-is en/digits/1 en/digits/0 en/digits/4"}));
  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(SmallServices, Star60SaysDayAndTime) {
  Scene scene{with_pin(), with_media()};

  scene.dial("*60");
  scene.run_until(s(1));

  ASSERT_EQ(scene.played("104").size(), 1U);
  const std::string said = scene.played("104")[0];
  EXPECT_TRUE(said.starts_with("en/digits/day-")) << said;
  EXPECT_TRUE(said.ends_with(" beep")) << said;
  scene.run_until(s(30));
  EXPECT_EQ(scene.finish(), "");
}

TEST(SmallServices, Star29RecordsAPromptThatAMenuGreetsWith) {
  model::Office made = with_pin();
  model::Ivr menu;
  menu.name = "main";
  menu.extension = "700";
  menu.greeting = "hello";
  menu.keys = {{"1", {model::DestinationKind::User, "101"}}};
  made.ivrs.push_back(menu);
  model::Sound hello;
  hello.name = "hello";
  hello.file = "prompts/7";
  made.sounds.push_back(hello);
  Scene scene{made, with_media()};

  scene.dial("*29");
  scene.run_until(s(1));
  press_all(scene, "4321#7#");
  scene.run_until(s(10));
  press_all(scene, "#");
  scene.run_until(s(15));
  press_all(scene, "1");
  scene.run_until(s(25));
  EXPECT_TRUE(scene.world.sound().files().contains("prompts/7.wav"));
  EXPECT_EQ(scene.world.sound().files().size(), 1U);

  scene.dial("700");
  scene.run_until(s(1));
  EXPECT_EQ(scene.world.sound().played(scene.port_of("104", 1)), (Lines{"prompts/7"}));
  EXPECT_EQ(scene.finish(), "");
}

TEST(SmallServices, WithoutAPinOfHisOwnNobodyChangesAPrompt) {
  Scene scene{office_with_mailboxes(), with_media()};

  scene.dial("*29");
  scene.run_until(s(5));

  EXPECT_EQ(scene.played("104"), (Lines{"en/harrier/not-allowed"}));
  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(SmallServices, GuessingThePinIsSlowedDownAsForTheMailboxItself) {
  Scene scene{with_pin(), with_media()};
  scene.dial("*29");
  scene.run_until(s(1));
  for (int i = 0; i < 3; ++i) press_all(scene, "1#");
  scene.run_until(s(10));
  EXPECT_FALSE(scene.caller().talking());

  scene.dial("*29");
  scene.run_until(s(1));
  for (const char key : std::string{"4321#"}) (void)scene.press("104", key, 1);
  scene.run_until(s(2));

  EXPECT_EQ(scene.played("104", 1).back(), "en/harrier/try-later en/vm-goodbye");
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
