// Digits: heard once, passed on, sent, as packets and in band. And streams that fall silent.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/settings.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/tone.h"
#include "media/tone_detector.h"
#include "rtp/telephone_event.h"

namespace media {
namespace {

using facts::Codec;
using testing::Phone;
using testing::Rig;

// The packets of one key, each `times` times, as phones send them while the voice goes on.
void press(Rig& rig, Phone& phone, std::uint16_t port, char digit, int times = 1) {
  rtp::DigitSender sender;
  ASSERT_TRUE(sender.add(digit, base::Duration{100}));
  const std::uint32_t start = phone.time;
  while (sender.busy()) {
    if (const auto out = sender.tick(8'000)) {
      const auto bytes =
          phone.packet(*phone.digits, rtp::write_event(out->event), start, out->first);
      for (int i = 0; i < times; ++i) rig.deliver(phone.at, Rig::local(port), bytes);
    }
    phone.time += 160;
    rig.run(20);
  }
}

TEST(Digits, AreHeardOnceEach) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  alice.talks = false;

  for (const char digit : std::string("11*#D")) press(rig, alice, 30'000, digit, 2);

  EXPECT_EQ(rig.digits_of(a), "11*#D");
}

TEST(Digits, PassToThePartnerUnderItsOwnNumber) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  ben.digits = 96;
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(500);

  alice.talks = false;
  for (const char digit : std::string("42")) press(rig, alice, 30'000, digit);

  EXPECT_EQ(ben.digits_heard, "42");
  EXPECT_EQ(rig.digits_of(a), "42");
  EXPECT_EQ(ben.breaks, 0);
}

TEST(Digits, PassBetweenDifferentCodecs) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Opus, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(500);

  for (const char digit : std::string("773")) press(rig, alice, 30'000, digit);
  rig.run(1'000);

  EXPECT_EQ(ben.digits_heard, "773");
  EXPECT_TRUE(ben.hears(400));
}

TEST(Digits, BecomeTonesForAPartnerWithoutTelephoneEvents) {
  for (const Codec codec : {Codec::Pcmu, Codec::G722, Codec::Opus}) {
    Rig rig;
    Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
    Phone ben("192.0.2.2:4000", codec, 700);
    ben.digits.reset();
    const auto a = rig.connect(alice, 30'000);
    const auto b = rig.connect(ben, 30'002);
    rig.apply(facts::JoinStreams{a, b});
    rig.run(500);

    for (const char digit : std::string("59")) press(rig, alice, 30'000, digit);
    rig.run(1'000);

    ToneDetector detector;
    EXPECT_EQ(detector.listen(ben.heard), "59") << static_cast<int>(codec);
    EXPECT_TRUE(ben.hears(400));
  }
}

TEST(Digits, AreSentAsPacketsOrAsTones) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  ben.digits.reset();
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);

  for (const char digit : std::string("159D#")) {
    rig.apply(facts::SendDigit{a, digit, base::Duration{100}});
    rig.apply(facts::SendDigit{b, digit, base::Duration{100}});
  }
  rig.run(3'000);

  EXPECT_EQ(alice.digits_heard, "159D#");
  ToneDetector detector;
  EXPECT_EQ(detector.listen(ben.heard), "159D#");
}

TEST(Digits, InBandAreHeardOnlyWhereAgreed) {
  for (const bool detect : {true, false}) {
    Rig rig;
    Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
    alice.talks = false;
    const auto a = rig.connect(alice, 30'000);
    auto set = Rig::agreement(a, alice);
    set.digits.reset();
    set.detect_tones = detect;
    rig.apply(set);
    const auto encoder = Encoder::make(Codec::Pcmu, Rate::Narrow);

    for (const char digit : std::string("0*8")) {
      ToneMaker maker(8'000);
      for (int i = 0; i < 10; ++i) {
        std::vector<std::int16_t> pcm(160, 0);
        if (i < 5) maker.fill(step_of(digit, 0), pcm);
        std::array<std::uint8_t, kFrameBytesMax> bytes{};
        const std::size_t size = encoder->encode(pcm, bytes);
        rig.deliver(alice.at, Rig::local(30'000),
                    alice.packet(0, std::span(bytes).first(size), alice.time += 160));
        rig.run(20);
      }
    }
    rig.run(200);

    EXPECT_EQ(rig.digits_of(a), detect ? "0*8" : "");
  }
}

TEST(Digits, AVoiceIsNoDigit) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 697);
  const auto a = rig.connect(alice, 30'000);
  auto set = Rig::agreement(a, alice);
  set.detect_tones = true;
  rig.apply(set);

  rig.run(3'000);

  EXPECT_EQ(rig.digits_of(a), "");
}

TEST(Silence, Decision_D13_AStreamThatFallsSilentIsToldOnceAndAgainWhenItIsBack) {
  Rig rig([](Settings& settings) { settings.dead_after = base::Duration{60'000}; });
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  rig.run(1'000);
  EXPECT_EQ(rig.told<facts::StreamHeard>().size(), 1U);

  alice.talks = false;
  rig.run(59'000);
  EXPECT_TRUE(rig.told<facts::StreamSilent>().empty());
  rig.run(100'000);
  EXPECT_EQ(rig.told<facts::StreamSilent>().size(), 1U);
  alice.talks = true;
  rig.run(1'000);

  EXPECT_EQ(rig.told<facts::StreamHeard>().size(), 2U);
  EXPECT_EQ(rig.told<facts::StreamSilent>()[0].stream, a);
}

TEST(Silence, NoMediaAtAllIsToldToo) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  alice.talks = false;
  (void)rig.connect(alice, 30'000);

  rig.run(61'000);

  EXPECT_EQ(rig.told<facts::StreamSilent>().size(), 1U);
  EXPECT_TRUE(rig.told<facts::StreamHeard>().empty());
}

TEST(Silence, NeverOnHold) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  rig.run(1'000);
  auto held = Rig::agreement(a, alice);
  held.receive = false;
  rig.apply(held);
  alice.talks = false;

  rig.run(200'000);

  EXPECT_TRUE(rig.told<facts::StreamSilent>().empty());
}

}  // namespace
}  // namespace media
