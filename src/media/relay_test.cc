// Two phones hear each other: same codec, other codec, SRTP, and nobody else.

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/sockets.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"
#include "media/worker.h"
#include "rtp/rtcp.h"

namespace media {
namespace {

using facts::Codec;
using testing::Phone;
using testing::Rig;

facts::SrtpKey key(char fill) {
  return {.suite = facts::SrtpSuite::AesCm128HmacSha1_80, .key_and_salt = std::string(30, fill)};
}

// The newest report to `to`, with its block about `about`.
rtp::Control last_report(const Rig& rig, const std::string& to, std::uint32_t about) {
  rtp::Control last;
  for (const auto& [address, bytes] : rig.reports) {
    if (address.to_string() != to) continue;
    const auto control = rtp::parse_control(bytes, about);
    if (control) last = *control;
  }
  return last;
}

TEST(Relay, TwoPhonesHearEachOther) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});

  rig.run(1'000);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
  EXPECT_EQ(alice.breaks + ben.breaks, 0);
  EXPECT_EQ(alice.ssrcs.size(), 1U);
  EXPECT_FALSE(alice.ssrcs.contains(ben.ssrc));
  EXPECT_LE(alice.first_ms - 1'000'000, 40);
}

TEST(Relay, PayloadNumbersAreThoseOfEachSide) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Opus, 400);
  Phone ben("192.0.2.2:4000", Codec::Opus, 700);
  ben.payloads = {{96, Codec::Opus}};
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});

  rig.run(1'000);

  EXPECT_EQ(ben.payload_types, std::vector<std::uint8_t>{96});
  EXPECT_TRUE(ben.hears(400));
  EXPECT_GT(rig.worker->figures().refused_packet, 0U);  // Ben sends 111, and 96 was agreed
}

TEST(Relay, ANewPartnerIsHeardWithoutABreakOfTheNumbers) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  Phone cora("192.0.2.3:4000", Codec::Pcmu, 1'000);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  const auto c = rig.connect(cora, 30'004);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(1'000);
  EXPECT_TRUE(alice.hears(700));

  rig.apply(facts::JoinStreams{a, c});
  rig.run(1'000);

  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_TRUE(cora.hears(400));
  EXPECT_TRUE(testing::loudness(ben.last(500)) < 10);
  EXPECT_EQ(alice.breaks, 0);
  EXPECT_EQ(alice.ssrcs.size(), 1U);
}

TEST(Relay, PartedStreamsHearSilence) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::G722, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(1'000);

  rig.apply(facts::PartStreams{a, b});
  rig.run(1'000);

  EXPECT_LT(testing::loudness(alice.last(500)), 40);
  EXPECT_LT(testing::loudness(ben.last(500)), 40);  // G.722 is never quite still
  EXPECT_GT(alice.packets, 90);
}

TEST(Relay, AHeldDirectionIsSilent) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(500);
  auto held = Rig::agreement(a, alice);
  held.send = false;
  rig.apply(held);
  const int before = alice.packets;

  rig.run(1'000);

  EXPECT_EQ(alice.packets, before);
  EXPECT_TRUE(ben.hears(400));
}

TEST(Relay, ACodecThatChangesInMidCallIsFollowed) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(500);

  ben.codec = Codec::Opus;
  ben.payloads = {{111, Codec::Opus}};
  ben.at.port = 4'444;
  rig.apply(Rig::agreement(b, ben));
  rig.run(1'000);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
  EXPECT_EQ(alice.breaks, 0);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Relay, Wire_T14_AStrangerIsNeitherHeardNorAnswered) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  Phone thief("203.0.113.6:4000", Codec::Pcmu, 2'000);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});

  for (int ms = 0; ms < 2'000; ++ms) {
    rig.deliver(thief.at, Rig::local(30'000), thief.talk());
    rig.deliver(thief.at, Rig::local(30'000), {0x16, 0xFE, 0xFD, 0, 0, 0, 0});        // DTLS
    rig.deliver(thief.at, Rig::local(30'000), {0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42});  // STUN
    rig.deliver(thief.at, Rig::local(30'000), thief.talk(), Channel::Rtcp);
    rig.run(1);
  }

  EXPECT_EQ(rig.sent_to[thief.at], 0);
  EXPECT_TRUE(ben.hears(400));
  EXPECT_TRUE(alice.hears(700));
  EXPECT_EQ(ben.packets, 100);
  EXPECT_EQ(rig.worker->figures().refused_source, 6'000U);
}

TEST(Relay, Wire_T14_APhoneBehindNatIsLearntAndKept) {
  Rig rig;
  Phone alice("198.51.100.7:62000", Codec::Pcmu, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  const auto a = rig.connect(alice, 30'000);
  auto set = Rig::agreement(a, alice);
  set.remote = base::Address::parse("192.168.1.7:4000").value_or(base::Address{});
  rig.apply(set);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});

  rig.run(1'000);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
  EXPECT_LE(alice.first_ms - 1'000'000, 150);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Relay, SrtpIsJoinedWithSrtpAndWithPlainRtp) {
  for (const bool both : {true, false}) {
    Rig rig;
    Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
    Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
    alice.send_key = key('a');
    alice.receive_key = key('b');
    if (both) {
      ben.send_key = key('c');
      ben.receive_key = key('d');
    }
    const auto a = rig.connect(alice, 30'000);
    const auto b = rig.connect(ben, 30'002);
    rig.apply(facts::JoinStreams{a, b});

    rig.run(2'000);

    EXPECT_TRUE(alice.hears(700));
    EXPECT_TRUE(ben.hears(400));
    EXPECT_EQ(alice.bad + ben.bad, 0);
  }
}

TEST(Relay, Wire_T15_PacketsWithBadTagsAreDroppedAndTheCallGoesOn) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  alice.send_key = key('a');
  alice.receive_key = key('b');
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  Phone forger("192.0.2.1:4000", Codec::Pcmu, 2'000);  // even from the right address
  forger.send_key = key('x');

  for (int ms = 0; ms < 1'000; ++ms) {
    rig.deliver(forger.at, Rig::local(30'000), forger.talk());
    rig.run(1);
  }

  EXPECT_TRUE(ben.hears(400));
  EXPECT_EQ(rig.worker->figures().refused_srtp, 1'000U);
}

TEST(Relay, ReportsTellWhatWasSentAndLost) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  rig.run(20'000);

  const rtp::Control last = last_report(rig, "192.0.2.1:4001", alice.ssrc);
  EXPECT_TRUE(last.sent.has_value());
  const rtp::ReportBlock heard = last.report.value_or(rtp::ReportBlock{});
  EXPECT_EQ(heard.ssrc, alice.ssrc);
  EXPECT_EQ(heard.lost, 0);
  EXPECT_LT(heard.jitter, 80U);
  EXPECT_LE(rig.reports.size(), 16U);
  rig.apply(facts::CloseStream{a});
  EXPECT_TRUE(last_report(rig, "192.0.2.1:4001", alice.ssrc).bye);
}

TEST(Relay, AnIdleEngineIsNotBehind) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  const auto a = rig.connect(alice, 30'000);
  rig.run(100);
  rig.hang_up(alice, a);

  rig.now.at += base::Duration{3'600'000};  // no streams, no ticks
  (void)rig.connect(alice, 30'000);
  rig.run(100);

  EXPECT_EQ(rig.worker->figures().late_ms, 0U);
}

class Transcoding : public ::testing::TestWithParam<std::tuple<Codec, Codec>> {};

TEST_P(Transcoding, PhonesWithDifferentCodecsHearEachOther) {
  Rig rig;
  Phone alice("192.0.2.1:4000", std::get<0>(GetParam()), 400);
  Phone ben("192.0.2.2:4000", std::get<1>(GetParam()), 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'006);
  rig.apply(facts::JoinStreams{a, b});

  rig.run(1'500);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
  EXPECT_GT(testing::loudness(alice.last(400)), 2'000);
  EXPECT_GT(testing::loudness(ben.last(400)), 2'000);
  EXPECT_EQ(alice.breaks + ben.breaks + alice.bad + ben.bad, 0);
  EXPECT_LE(alice.first_ms - 1'000'000, 300);
}

INSTANTIATE_TEST_SUITE_P(
    AllPairs, Transcoding,
    ::testing::Combine(::testing::Values(Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus),
                       ::testing::Values(Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus)));

}  // namespace
}  // namespace media
