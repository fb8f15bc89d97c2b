// Parking, and the codes that are keyed during a talk (docs/contract.md, feature codes `park` and
// `blind_transfer`).

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

// 105 has called 101, and they talk.
struct Talk {
  explicit Talk(bool always = false) : scene(office_of_users(5), with_media(always)) {
    scene.phone("101").habit.answers = s(1);
    scene.dial("101");
    scene.run_until(s(3));
  }
  void key(const std::string& who, const std::string& keys, std::size_t nth = 0) {
    for (const char one : keys) {
      if (!scene.press(who, one, nth)) {
        scene.phone(who).request(nth, "INFO", std::string("Signal=") + one + "\r\n",
                                 "application/dtmf-relay");
      }
      scene.world.run_for(ms(200));
    }
  }

  Scene scene;
};

std::size_t beeps_in(const std::string& played) {
  std::size_t count = 0;
  for (std::size_t at = played.find("beep"); at != std::string::npos;
       at = played.find("beep", at + 1))
    ++count;
  return count;
}

TEST(Parking, WhoIsParkedHearsMusicAndIsFetchedByHisPlace) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("104").watch("*85701");
  scene.world.run_for(s(1));

  scene.phone("101").transfer(0, "*85701");
  scene.run_until(s(6));
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.hears("105"), "music/default");
  EXPECT_NE(scene.phone("104").notified.back().body.find("confirmed"), std::string::npos);
  const std::size_t fetched = scene.phone("103").call("*85701");
  scene.run_until(s(8));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("103", fetched));
  EXPECT_NE(scene.phone("104").notified.back().body.find("terminated"), std::string::npos);
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  EXPECT_EQ(scene.record().answered_by, "101");
}

TEST(Parking, APlaceIsForOneAndAnEmptyOneIsSaidToBe) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("101").transfer(0, "*85701");
  scene.run_until(s(5));
  scene.phone("102").habit.answers = s(1);
  (void)scene.phone("104").call("102");
  scene.run_until(s(8));

  scene.phone("102").transfer(0, "*85701");
  const std::size_t empty = scene.phone("103").call("*85702");
  scene.run_until(s(12));

  EXPECT_TRUE(scene.phone("102").talking()) << "he has it back";
  EXPECT_EQ(scene.played("103", empty).back(), "en/harrier/nothing-to-pick-up");
  EXPECT_EQ(scene.finish(), "");
}

TEST(Parking, WhomNobodyFetchesComesBackToWhoParkedHim) {
  Talk talk;
  Scene& scene = talk.scene;

  scene.phone("101").transfer(0, "*85701");
  scene.run_until(s(126));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("101", 1));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "recall 101");
}

TEST(Parking, WhomNobodyWantsIsHungUp) {
  Talk talk;
  Scene& scene = talk.scene;
  scene.phone("101").habit.answers.reset();

  scene.phone("101").transfer(0, "*85701");
  scene.run_until(s(170));

  EXPECT_EQ(scene.reasons("105"), timed_out());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Keyed, TheCodesOfPhonesWithoutATransferKey) {
  for (const bool always : {false, true}) {  // by INFO, by RTP
    Talk talk{always};
    Scene& scene = talk.scene;
    scene.phone("102").habit.answers = s(1);

    talk.key("101", "4*77102#");
    scene.run_until(s(8));

    EXPECT_FALSE(scene.phone("101").talking()) << always;
    EXPECT_EQ(scene.hears("105"), scene.voice_of("102")) << always;
    EXPECT_EQ(scene.finish(), "");
    EXPECT_EQ(scene.record().final_destination, "user 102");
  }
}

TEST(Keyed, Row_S1_14_TheRecordingPausesAndGoesOn) {
  model::Office made = office_of_users(5);
  model::Group sales = group_of(model::Strategy::RingAll, {member("101")});
  sales.record = model::RecordPolicy::On;
  made.groups = {sales};
  Scene scene{made, with_media()};
  scene.phone("101").habit.answers = s(1);
  scene.dial(sales.extensions.front());
  scene.run_until(s(3));
  const auto key = [&](const std::string& keys) {
    for (const char one : keys) {
      (void)scene.press("101", one, 0);
      scene.world.run_for(ms(100));
    }
  };

  key("*5");
  const auto paused = scene.played("101", 0);
  scene.run_until(s(6));
  key("*5");
  const auto goes_on = scene.played("101", 0);
  scene.run_until(s(10));
  scene.caller().hang_up(0);
  scene.run_until(s(12));

  ASSERT_FALSE(paused.empty());
  EXPECT_EQ(beeps_in(paused.back()), 1U) << paused.back();
  ASSERT_GT(goes_on.size(), paused.size());
  EXPECT_EQ(beeps_in(goes_on.back()), 2U) << goes_on.back();
  EXPECT_EQ(scene.finish(), "");
  // 9 seconds of talk, 3 of them paused.
  const std::string file = scene.record().recording;
  ASSERT_EQ(scene.world.sound().files().count(file), 1U) << file;
  EXPECT_NEAR(static_cast<double>(scene.world.sound().files().at(file).count()), 6'000, 300);
}

TEST(Keyed, WithoutARecordingThePauseIsRefusedByThreeBeeps) {
  Talk talk{true};

  talk.key("101", "*5");

  const auto heard = talk.scene.played("101", 0);
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(beeps_in(heard.back()), 3U) << heard.back();
  EXPECT_EQ(talk.scene.finish(), "");
}

TEST(Keyed, HeAsksFirstAndHangingUpIsTheTransfer) {
  for (const bool always : {false, true}) {
    Talk talk{always};
    Scene& scene = talk.scene;
    scene.phone("102").habit.answers = s(2);

    talk.key("101", "*74102#");
    scene.run_until(s(6));
    EXPECT_EQ(scene.hears("105"), "music/default");
    EXPECT_EQ(scene.hears("101"), "ringback");
    scene.run_until(s(10));
    EXPECT_EQ(scene.hears("105"), "music/default");
    EXPECT_EQ(scene.hears("101"), scene.voice_of("102"));
    EXPECT_EQ(scene.hears("102"), scene.voice_of("101"));
    scene.phone("101").hang_up(0);
    scene.run_until(s(12));

    EXPECT_EQ(scene.hears("105"), scene.voice_of("102"));
    EXPECT_EQ(scene.hears("102"), scene.voice_of("105"));
    EXPECT_EQ(scene.finish(), "");
    EXPECT_EQ(scene.record().final_destination, "user 102");
  }
}

TEST(Keyed, WhoIsAskedMayHangUpOrNotAnswerAndTheCallerIsBack) {
  for (const bool answers : {false, true}) {
    Talk talk{true};
    Scene& scene = talk.scene;
    if (answers) {
      scene.phone("102").habit.answers = s(1);
      scene.phone("102").habit.hangs_up = s(2);
    } else {
      scene.phone("102").habit.fails = s(1);
    }

    talk.key("101", "*74102#");
    scene.run_until(s(14));

    EXPECT_EQ(scene.hears("105"), scene.voice_of("101")) << answers;
    EXPECT_EQ(scene.hears("101"), scene.voice_of("105")) << answers;
    EXPECT_EQ(scene.finish(), "");
  }
}

TEST(Keyed, TheCallerWhoHangsUpWhileTheOthersTalkEndsItForAll) {
  Talk talk{true};
  Scene& scene = talk.scene;
  scene.phone("102").habit.answers = s(1);
  talk.key("101", "*74102#");
  scene.run_until(s(8));

  scene.caller().hang_up(0);
  scene.run_until(s(10));

  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_FALSE(scene.phone("102").talking());
  EXPECT_EQ(scene.finish(), "");
}

TEST(Keyed, ParkedByKeysHisOwnExtensionIsThePlace) {
  Talk talk{true};
  Scene& scene = talk.scene;

  talk.key("101", "*85");
  scene.run_until(s(5));
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.hears("105"), "music/default");
  const std::size_t fetched = scene.phone("101").call("*85");
  scene.run_until(s(7));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("101", fetched));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Keyed, OtherKeysAreOfTheTalkAlone) {
  Talk talk{true};
  Scene& scene = talk.scene;

  talk.key("101", "*7#85*8*");
  scene.run_until(s(6));

  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
