// One speaks, several listen.

#include <cstdint>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"
#include "media/worker.h"

namespace media {
namespace {

using facts::Codec;
using testing::Phone;
using testing::Rig;

// Cora speaks, Alice and Ben listen.
class Page : public ::testing::Test {
 protected:
  void begin(Codec of_alice, Codec of_ben, Codec of_cora) {
    alice = {"192.0.2.1:4000", of_alice, 400};
    ben = {"192.0.2.2:4000", of_ben, 700};
    cora = {"192.0.2.3:4000", of_cora, 1'000};
    a = rig.connect(alice, 30'000);
    b = rig.connect(ben, 30'002);
    c = rig.connect(cora, 30'004);
    rig.apply(facts::HearStream{a, c});
    rig.apply(facts::HearStream{b, c});
  }

  Rig rig;
  Phone alice{"192.0.2.1:4000", Codec::Pcma, 400};
  Phone ben{"192.0.2.2:4000", Codec::Pcma, 700};
  Phone cora{"192.0.2.3:4000", Codec::Pcma, 1'000};
  facts::StreamId a{}, b{}, c{};
};

TEST_F(Page, AllHearTheSpeakerAndNobodyHearsThem) {
  begin(Codec::Pcma, Codec::Pcma, Codec::Pcma);

  rig.run(1'000);

  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_TRUE(ben.hears(1'000));
  EXPECT_EQ(alice.breaks + ben.breaks, 0);
  EXPECT_EQ(cora.packets, 0);
}

TEST_F(Page, EachHearsItInACodecOfItsOwn) {
  begin(Codec::Pcmu, Codec::G722, Codec::Pcma);

  rig.run(1'000);

  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_TRUE(ben.hears(1'000));
  EXPECT_EQ(alice.breaks + ben.breaks, 0);
}

TEST_F(Page, OneIsPassedThePacketsAndTheOtherHearsThemDecoded) {
  begin(Codec::G722, Codec::Pcmu, Codec::G722);

  rig.run(1'000);

  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_TRUE(ben.hears(1'000));
  EXPECT_EQ(alice.breaks + ben.breaks, 0);
  EXPECT_LE(alice.packets, 50) << "nobody gets a packet twice";
  EXPECT_LE(ben.packets, 50);
}

TEST_F(Page, WhoLeavesHearsNothingMoreAndTheOthersHearOn) {
  begin(Codec::Pcma, Codec::Pcma, Codec::Pcma);
  rig.run(500);

  rig.hang_up(alice, a);
  const int before = alice.packets;
  rig.run(1'000);

  EXPECT_EQ(alice.packets, before);
  EXPECT_TRUE(ben.hears(1'000));
}

TEST_F(Page, TheSpeakersEndIsSilence) {
  begin(Codec::Pcma, Codec::Pcma, Codec::Pcma);
  rig.run(500);

  rig.hang_up(cora, c);
  rig.run(1'000);

  EXPECT_LT(testing::loudness(alice.last(400)), 40);
  EXPECT_LT(testing::loudness(ben.last(400)), 40);
}

TEST_F(Page, WhoIsJoinedListensNoLonger) {
  begin(Codec::Pcma, Codec::Pcma, Codec::Pcma);
  rig.run(500);

  rig.apply(facts::JoinStreams{a, b});
  rig.run(1'000);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
}

TEST_F(Page, TheSpeakerHearsABeepWhileTheOthersHearHim) {
  begin(Codec::Pcma, Codec::Pcma, Codec::Pcma);

  rig.play(c, {{"", facts::Tone::Beep, {}}});
  rig.run(600);

  EXPECT_GT(testing::loudness(cora.heard), 100);
  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_EQ(rig.told<facts::PlayEnded>().size(), 1U);
}

}  // namespace
}  // namespace media
