// Recordings: what is in the files, how they end, who may read them, and disks that say no.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "media/testing/phone.h"
#include "media/testing/rig.h"
#include "media/testing/signal.h"

namespace media {
namespace {

using facts::Codec;
using facts::RecordingEnd;
using testing::Phone;
using testing::Rig;

facts::StartRecording of(facts::StreamId stream, std::string file) {
  facts::StartRecording start;
  start.stream = stream;
  start.file = std::move(file);
  return start;
}
facts::RecordingEnded the_end(const Rig& rig) {
  const auto ended = rig.told<facts::RecordingEnded>();
  EXPECT_EQ(ended.size(), 1U);
  return ended.empty() ? facts::RecordingEnded{} : ended[0];
}
std::string path_of(const Rig& rig, const std::string& file) {
  return rig.settings.media_folder + "/" + file;
}

class RecordInEachCodec : public ::testing::TestWithParam<Codec> {};

TEST_P(RecordInEachCodec, ACallHasTheCallerLeftAndTheCalleeRight) {
  Rig rig;
  Phone alice("192.0.2.1:4000", GetParam(), 400);
  Phone ben("192.0.2.2:4000", Codec::Pcmu, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  auto start = of(a, "calls/2026/one.wav");
  start.partner = b;

  const auto recording = rig.record(start);
  rig.run(2'000);
  rig.apply(facts::StopRecording{recording});
  rig.run(1);

  const auto end = the_end(rig);
  EXPECT_EQ(end.recording, recording);
  EXPECT_EQ(end.why, RecordingEnd::Stopped);
  EXPECT_EQ(end.length, base::Duration{2'000});
  const auto sounded = testing::read_sound(path_of(rig, "calls/2026/one.wav"));
  EXPECT_EQ(sounded.rate_hz, 8'000);
  ASSERT_EQ(sounded.channels, 2);
  const auto left = sounded.channel(0), right = sounded.channel(1);
  EXPECT_EQ(left.size(), 16'000U);
  EXPECT_TRUE(testing::is_tone(std::span(left).last(12'000), 400));
  EXPECT_TRUE(testing::is_tone(std::span(right).last(12'000), 700));
  EXPECT_GT(testing::loudness(std::span(left).last(12'000)), 4'000);
}

INSTANTIATE_TEST_SUITE_P(Codecs, RecordInEachCodec,
                         ::testing::Values(Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus));

TEST(Record, NobodyElseMayReadWhatIsRecorded) {
  Rig rig;
  const mode_t before = umask(0);  // whatever the process' mask is
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  const auto recording = rig.record(of(a, "mail/101/x.wav"));
  rig.run(500);
  struct stat growing{};
  ASSERT_EQ(stat(path_of(rig, "mail/101/x.wav.part").c_str(), &growing), 0);
  rig.apply(facts::StopRecording{recording});
  rig.run(1);
  umask(before);

  struct stat file{}, folder{};
  ASSERT_EQ(stat(path_of(rig, "mail/101/x.wav").c_str(), &file), 0);
  ASSERT_EQ(stat(path_of(rig, "mail/101").c_str(), &folder), 0);
  EXPECT_EQ(growing.st_mode & 0777U, 0600U);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  EXPECT_EQ(folder.st_mode & 0777U, 0700U);
  EXPECT_FALSE(std::filesystem::exists(path_of(rig, "mail/101/x.wav.part")));
}

TEST(Record, AMessageIsMonoAndEndsAfterItsLimit) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::G722, 400);
  const auto a = rig.connect(alice, 30'000);
  auto start = of(a, "x.wav");
  start.longest = base::Duration{1'500};

  (void)rig.record(start);
  rig.run(3'000);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Longest);
  EXPECT_EQ(the_end(rig).length, base::Duration{1'500});
  const auto sounded = testing::read_sound(path_of(rig, "x.wav"));
  EXPECT_EQ(sounded.channels, 1);
  EXPECT_TRUE(testing::is_tone(std::span(sounded.pcm).last(8'000), 400));
}

TEST(Record, AMessageEndsWhenNobodySpeaksAnyMore) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  auto start = of(a, "x.wav");
  start.silence = base::Duration{2'000};
  (void)rig.record(start);
  rig.run(1'000);

  alice.talks = false;
  rig.run(1'900);
  EXPECT_TRUE(rig.told<facts::RecordingEnded>().empty());
  rig.run(400);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Silence);
}

TEST(Record, APauseIsNotInTheFile) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  const auto recording = rig.record(of(a, "x.wav"));
  rig.run(1'000);

  rig.apply(facts::PauseRecording{recording, true});
  alice.hz = 1'000;
  rig.run(1'000);
  alice.hz = 400;
  rig.run(100);
  rig.apply(facts::PauseRecording{recording, false});
  rig.run(1'000);
  rig.apply(facts::StopRecording{recording});
  rig.run(1);

  EXPECT_EQ(the_end(rig).length, base::Duration{2'000});
  const auto sounded = testing::read_sound(path_of(rig, "x.wav"));
  EXPECT_GT(testing::share_of(sounded.pcm, 400, 8'000), 0.5);
  EXPECT_LT(testing::share_of(sounded.pcm, 1'000, 8'000), 0.01);
}

TEST(Record, ACallThatEndsClosesItsFile) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  (void)rig.record(of(a, "x.wav"));
  rig.run(1'000);

  rig.hang_up(alice, a);
  rig.run(1);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Closed);
  EXPECT_EQ(testing::read_sound(path_of(rig, "x.wav")).pcm.size(), 8'000U);
}

TEST(Record, TwoRecordingsOfOneCallBothHaveItsSound) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  (void)rig.record(of(a, "x.wav"));
  (void)rig.record(of(a, "y.wav"));
  rig.run(1'000);

  rig.hang_up(alice, a);
  rig.run(1);

  EXPECT_TRUE(testing::is_tone(testing::read_sound(path_of(rig, "x.wav")).pcm, 400));
  EXPECT_TRUE(testing::is_tone(testing::read_sound(path_of(rig, "y.wav")).pcm, 400));
}

TEST(Record, ALateDiskIsSilenceAndNotAShorterFile) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  const auto recording = rig.record(of(a, "x.wav"));
  rig.write_files = false;

  rig.run(400'000);
  rig.apply(facts::StopRecording{recording});
  rig.write_files = true;
  rig.run(1);

  EXPECT_GT(rig.worker->figures().blocks_lost, 0U);
  EXPECT_EQ(the_end(rig).length, base::Duration{400'000});
}

TEST(Record, Goal_G8_AFullDiskEndsTheRecordingAndNothingElse) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  Phone ben("192.0.2.2:4000", Codec::Pcma, 700);
  const auto a = rig.connect(alice, 30'000);
  const auto b = rig.connect(ben, 30'002);
  rig.apply(facts::JoinStreams{a, b});
  // A limit on the size of files is what a full disk is to the one who writes.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 60'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);

  const auto recording = rig.record(of(a, "x.wav"));
  rig.run(6'000);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)std::signal(SIGXFSZ, old);
  rig.apply(facts::StopRecording{recording});
  rig.run(1);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Failed);
  EXPECT_TRUE(rig.noted("recording.failed"));
  EXPECT_EQ(testing::read_sound(path_of(rig, "x.wav")).pcm.size(), 24'000U);  // what was whole
  EXPECT_TRUE(alice.hears(700));
  EXPECT_TRUE(ben.hears(400));
  EXPECT_EQ(rig.worker->figures().recordings, 0U);
}

TEST(Record, AFileThatIsThereAndANameThatLeadsOutAreRefused) {
  for (const std::string file :
       {"there.wav", "../out.wav", "/tmp/out.wav", "a/../../out.wav", ""}) {
    Rig rig;
    std::filesystem::create_directories(rig.settings.media_folder);
    std::ofstream(path_of(rig, "there.wav")) << "before";
    Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
    const auto a = rig.connect(alice, 30'000);

    (void)rig.record(of(a, file));
    rig.run(100);

    EXPECT_EQ(the_end(rig).why, RecordingEnd::Failed) << file;
    EXPECT_EQ(std::filesystem::file_size(path_of(rig, "there.wav")), 6U);
    EXPECT_FALSE(std::filesystem::exists(rig.folder.path() + "/out.wav"));
  }
}

TEST(Record, AFileThatNobodyWantsIsRemoved) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  const auto recording = rig.record(of(a, "x.wav"));
  rig.run(500);

  rig.apply(facts::StopRecording{recording});
  rig.apply(facts::RemoveFile{"x.wav"});
  rig.apply(facts::RemoveFile{"../sounds/none.wav"});
  rig.run(1);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Stopped);
  EXPECT_FALSE(std::filesystem::exists(path_of(rig, "x.wav")));
  EXPECT_TRUE(rig.noted("recording.not_removed"));
}

TEST(Record, AFolderThatVanishedIsSaidAtTheEnd) {
  Rig rig;
  Phone alice("192.0.2.1:4000", Codec::Pcma, 400);
  const auto a = rig.connect(alice, 30'000);
  const auto recording = rig.record(of(a, "gone/x.wav"));
  rig.run(500);
  std::filesystem::remove_all(rig.settings.media_folder);

  rig.apply(facts::StopRecording{recording});
  rig.run(1);

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Failed);
  EXPECT_TRUE(rig.noted("recording.failed"));
}

TEST(Record, ARecordingOfNothingThatIsThereFailsAtOnce) {
  Rig rig;

  (void)rig.record(of(facts::StreamId{77}, "x.wav"));

  EXPECT_EQ(the_end(rig).why, RecordingEnd::Failed);
}

}  // namespace
}  // namespace media
