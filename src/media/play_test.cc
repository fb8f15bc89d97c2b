// What a stream hears that is no phone: prompts, music, tones, silence.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "base/time.h"
#include "facts/media.h"
#include "media/settings.h"
#include "media/sound_file.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"

namespace media {
namespace {

using facts::Codec;
using facts::Sound;
using testing::Phone;
using testing::Rig;
using testing::sine;

Sound named(std::string name) {
  return {.name = std::move(name), .tone = {}, .silence = {}};
}
Sound toned(facts::Tone tone) {
  return {.name = {}, .tone = tone, .silence = {}};
}
Sound pause(std::int64_t ms) {
  return {.name = {}, .tone = {}, .silence = base::Duration{ms}};
}

// Two music files of one second (1000 and 1500 Hz) and a prompt of one second (600 Hz).
void put_sounds(const Rig& rig) {
  const std::string& folder = rig.folder.path();
  testing::write_sound(folder + "/music/1.wav", sine(1'000, 8'000, 1'000), 8'000);
  testing::write_sound(folder + "/music/2.wav", sine(1'500, 8'000, 1'000), 8'000);
  testing::write_sound(folder + "/sounds/welcome.wav", sine(600, 16'000, 1'000), 16'000);
}

class PlayInEachCodec : public ::testing::TestWithParam<Codec> {};

TEST_P(PlayInEachCodec, APromptIsHeardWithin300MsAndItsEndIsTold) {
  Rig rig;
  put_sounds(rig);
  Phone alice("192.0.2.1:4000", GetParam(), 400);
  const auto a = rig.connect(alice, 30'000);

  const auto sound = rig.play(a, {named("welcome")});
  rig.run(700);

  EXPECT_TRUE(alice.hears(600));
  EXPECT_LE(alice.first_ms - 1'000'000, 40);
  EXPECT_TRUE(rig.told<facts::PlayEnded>().empty());
  rig.run(500);
  const auto ended = rig.told<facts::PlayEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].stream, a);
  EXPECT_EQ(ended[0].sound, sound);
  EXPECT_FALSE(ended[0].failed);
  EXPECT_EQ(alice.breaks, 0);
}

INSTANTIATE_TEST_SUITE_P(Codecs, PlayInEachCodec,
                         ::testing::Values(Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus));

TEST(Play, MusicPromptAndSilenceAreToldApart) {
  Rig rig;
  put_sounds(rig);
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);

  (void)rig.play(a, {named("welcome"), pause(1'000), named("welcome")});
  rig.run(900);
  EXPECT_TRUE(alice.hears(600));
  rig.run(1'000);
  EXPECT_LT(testing::loudness(alice.last(400)), 20);
  rig.run(900);
  EXPECT_TRUE(alice.hears(600));
  (void)rig.play(a, {named("music/default")}, true);
  rig.run(700);
  EXPECT_TRUE(alice.hears(1'000));
  rig.run(1'000);
  EXPECT_TRUE(alice.hears(1'500));
  rig.run(1'000);
  EXPECT_TRUE(alice.hears(1'000));  // from the start again

  EXPECT_EQ(alice.breaks, 0);
  EXPECT_TRUE(rig.told<facts::PlayEnded>().empty());
}

TEST(Play, RingbackIsOneSecondInFive) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcmu, 400);
  const auto a = rig.connect(alice, 30'000);

  (void)rig.play(a, {toned(facts::Tone::Ringback)}, true);
  rig.run(900);

  EXPECT_TRUE(alice.hears(425));
  rig.run(2'000);
  EXPECT_LT(testing::loudness(alice.last(1'000)), 20);
  rig.run(3'000);
  EXPECT_TRUE(alice.hears(425));
}

TEST(Play, AnAnswerEndsTheMusicAndAHoldBringsItBack) {
  Rig rig;
  put_sounds(rig);
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  (void)rig.play(a, {named("music/default")}, true);
  rig.run(700);
  EXPECT_TRUE(alice.hears(1'000));

  rig.apply(facts::JoinStreams{a, b});
  rig.run(700);
  EXPECT_TRUE(alice.hears(700));
  const auto hold = rig.play(a, {named("music/default")}, true);
  rig.run(700);
  EXPECT_TRUE(alice.hears(1'000));
  EXPECT_TRUE(ben.hears(400));  // whoever put on hold is not muted by it
  rig.apply(facts::StopPlaying{a, hold});
  rig.run(700);

  EXPECT_TRUE(alice.hears(700));
  EXPECT_EQ(alice.breaks, 0);
  EXPECT_TRUE(rig.told<facts::PlayEnded>().empty());
}

TEST(Play, AChangeOfCodecGoesOnWhereTheSoundWas) {
  Rig rig;
  testing::write_sound(
      rig.folder.path() + "/sounds/two.wav",
      [] {
        auto pcm = sine(600, 8'000, 2'000);
        const auto more = sine(900, 8'000, 2'000);
        pcm.insert(pcm.end(), more.begin(), more.end());
        return pcm;
      }(),
      8'000);
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  (void)rig.play(a, {named("two")});
  rig.run(1'900);
  EXPECT_TRUE(alice.hears(600));

  alice.payloads = {{9, Codec::G722}};
  rig.apply(Rig::agreement(a, alice));
  rig.run(800);

  EXPECT_TRUE(alice.hears(900));
  EXPECT_EQ(alice.payload_types, (std::vector<std::uint8_t>{8, 9}));
}

TEST(Play, ASoundThatIsMissingIsAToneOfOursAndSaid) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);

  (void)rig.play(a, {named("nothing"), named("../../etc/passwd")});
  rig.run(160);

  EXPECT_TRUE(alice.hears(440, 120));
  rig.run(5'000);
  const auto ended = rig.told<facts::PlayEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].failed);
  EXPECT_TRUE(rig.noted("sound.missing"));
}

TEST(Play, ABrokenFileIsAToneOfOursAndSaid) {
  Rig rig;
  std::filesystem::create_directories(rig.folder.path() + "/sounds");
  std::ofstream(rig.folder.path() + "/sounds/broken.wav") << "RIFF\xFF\xFF\xFF\x7FWAVEfmt nonsense";
  Phone alice("192.0.2.1:4000", Codec::Opus, 400);
  const auto a = rig.connect(alice, 30'000);

  (void)rig.play(a, {named("broken")});
  rig.run(3'000);

  const auto ended = rig.told<facts::PlayEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].failed);
  EXPECT_TRUE(rig.noted("sound.broken"));
  EXPECT_GT(testing::loudness(alice.heard), 100);
}

TEST(Play, AFileThatChangedIsReadAgain) {
  Rig rig;
  put_sounds(rig);
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  (void)rig.play(a, {named("welcome")});
  rig.run(1'500);

  testing::write_sound(rig.folder.path() + "/sounds/welcome.wav", sine(1'200, 8'000, 900), 8'000);
  (void)rig.play(a, {named("welcome")});
  rig.run(700);

  EXPECT_TRUE(alice.hears(1'200));
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Play, AnyFormatAndAnyRateIsHeard) {
  struct Case {
    const char* file;
    int format, rate_hz, channels;
  };
  const std::vector<Case> cases{
      {"a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44'100, 2},
      {"b.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 48'000, 1},
      {"c.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 22'050, 1},
      {"d.au", SF_FORMAT_AU | SF_FORMAT_ULAW, 8'000, 1},
      {"e.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 11'025, 2},
      {"f.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44'100, 1},
  };
  for (const Case& one : cases) {
    Rig rig;
    std::vector<std::int16_t> pcm;
    for (const std::int16_t sample : sine(800, one.rate_hz, 1'000)) {
      pcm.insert(pcm.end(), static_cast<std::size_t>(one.channels), sample);
    }
    const std::string path = rig.folder.path() + "/sounds/" + one.file;
    testing::write_sound(path, pcm, one.rate_hz, one.channels, one.format);
    Phone alice("192.0.2.1:4000", Codec::G722, 400);
    const auto a = rig.connect(alice, 30'000);

    (void)rig.play(a, {named(one.file)});
    rig.run(900);

    EXPECT_TRUE(alice.hears(800)) << one.file;
    const auto length = check_sound(path);
    ASSERT_TRUE(length) << one.file;
    EXPECT_NEAR(static_cast<double>(length->count()), 1'000, 80) << one.file;
  }
}

TEST(Play, SoundsOfDebiansPackagesAreFound) {
  Rig rig([](Settings& settings) { settings.sounds = usual_folders("/nonexistent"); });
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);

  (void)rig.play(a, {named("en/vm-goodbye"), named("es/vm-goodbye")});
  rig.run(6'000);
  (void)rig.play(a, {named("music/default")}, true);
  rig.run(6'000);

  ASSERT_EQ(rig.told<facts::PlayEnded>().size(), 1U);
  EXPECT_FALSE(rig.told<facts::PlayEnded>()[0].failed);
  EXPECT_FALSE(rig.noted("sound.missing"));
  EXPECT_GT(testing::loudness(alice.last(3'000)), 100);
}

TEST(Play, NothingIsSentBeforeSomethingIsToBeHeard) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  (void)rig.connect(alice, 30'000);

  rig.run(2'000);

  EXPECT_EQ(alice.packets, 0);
}

TEST(Play, ASoundWaitsForTheAgreement) {
  Rig rig;
  put_sounds(rig);
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.open_stream(30'000);
  rig.phones.push_back(&alice);
  rig.talks_to[&alice] = Rig::local(30'000);
  (void)rig.play(a, {named("welcome")});
  rig.run(3'000);
  EXPECT_EQ(alice.packets, 0);

  rig.apply(Rig::agreement(a, alice));
  rig.run(700);

  EXPECT_TRUE(alice.hears(600));
}

}  // namespace
}  // namespace media
