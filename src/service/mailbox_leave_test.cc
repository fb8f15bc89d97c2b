// A caller leaves a message.
#include "service/mailbox_leave.h"

#include <string>

#include <gtest/gtest.h>

#include "facts/media.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using facts::RecordingEnd;
using service::MailboxLeave;
using service::testing::Bench;
using service::testing::Log;

MailboxLeave::Settings mailbox_101() {
  MailboxLeave::Settings settings;
  settings.mailbox = "101";
  settings.file = "101/1.wav";
  settings.greeting = {service::sound("101/greeting.wav")};
  return settings;
}

const std::string thanks = "play en/vm-msgsaved en/vm-goodbye";

// Begun, greeted and recording since 5 s.
class Leaving : public ::testing::Test {
 protected:
  Leaving() {
    bench.begin();
    bench.until(5'000);
    bench.played();
    bench.clear();
  }
  MailboxLeave leave{mailbox_101()};
  Bench bench{leave};
};

TEST(MailboxLeave, GreetsBeepsAndRecords) {
  MailboxLeave leave{mailbox_101()};
  Bench bench{leave};

  bench.begin();
  bench.until(5'000);
  bench.played();

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 play 101/greeting.wav beep", "5000 record 101/1.wav 180000 8000"}));
}

TEST(MailboxLeave, TheDefaultGreetingNamesTheExtension) {
  MailboxLeave::Settings settings = mailbox_101();
  settings.greeting.clear();
  settings.person = "101";
  MailboxLeave leave{settings};
  Bench bench{leave};

  bench.begin();

  EXPECT_EQ(bench.log.back(),
            "0 play en/vm-theperson en/digits/1 en/digits/0 en/digits/1 en/vm-isunavail "
            "en/vm-intro beep");
}

TEST(MailboxLeave, AGeneralMailboxGreetsWithoutAName) {
  MailboxLeave::Settings settings = mailbox_101();
  settings.greeting.clear();
  settings.voice.language = service::Language::Es;
  MailboxLeave leave{settings};
  Bench bench{leave};

  bench.begin();

  EXPECT_EQ(bench.log.back(), "0 play es/harrier/nobody-available es/vm-intro beep");
}

TEST(MailboxLeave, HashGoesToTheToneAtOnce) {
  MailboxLeave leave{mailbox_101()};
  Bench bench{leave};

  bench.begin();
  bench.clear();
  bench.until(1'000);
  bench.digit('5');
  bench.digit('#');
  bench.until(1'400);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"1000 play beep", "1400 record 101/1.wav 180000 8000"}));
}

TEST_F(Leaving, HashEndsTheRecordingAndTheMessageIsStored) {
  bench.until(12'000);
  bench.digit('#');
  bench.recorded(7'000);
  bench.until(15'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"12000 stop_recording", "12000 message_left 101 101/1.wav 7000",
                            "12000 " + thanks, "15000 hang_up"}));
  EXPECT_TRUE(leave.done());
}

TEST_F(Leaving, WhoHangsUpHasLeftHisMessage) {
  bench.until(12'000);
  bench.hang_up();
  EXPECT_FALSE(leave.done());
  bench.recorded(7'000, RecordingEnd::Closed);

  EXPECT_EQ(bench.log, (Log{"12000 stop_recording", "12000 message_left 101 101/1.wav 7000"}));
  EXPECT_TRUE(leave.done());
}

TEST_F(Leaving, WhatIsTooShortIsNotKept) {
  bench.until(5'400);
  bench.hang_up();
  bench.recorded(400, RecordingEnd::Closed);

  EXPECT_EQ(bench.log, (Log{"5400 stop_recording", "5400 discard 101/1.wav"}));
}

TEST_F(Leaving, TheSilenceAtTheEndDoesNotCountAsMessage) {
  bench.until(13'300);
  bench.recorded(8'300, RecordingEnd::Silence);

  EXPECT_EQ(bench.log, (Log{"13300 discard 101/1.wav", "13300 play en/vm-tooshort en/vm-goodbye"}));
}

TEST_F(Leaving, SilenceEndsAMessage) {
  bench.until(23'000);
  bench.recorded(18'000, RecordingEnd::Silence);

  EXPECT_EQ(bench.log, (Log{"23000 message_left 101 101/1.wav 18000", "23000 " + thanks}));
}

TEST_F(Leaving, TheLongestMessageIsKept) {
  bench.until(185'000);
  bench.recorded(180'000, RecordingEnd::Longest);
  bench.until(190'000);
  bench.hang_up();

  EXPECT_EQ(bench.log, (Log{"185000 message_left 101 101/1.wav 180000", "185000 " + thanks}));
  EXPECT_TRUE(leave.done());
}

TEST_F(Leaving, AFailedRecordingIsSaidToBeOne) {
  bench.until(6'000);
  bench.recorded(0, RecordingEnd::Failed);

  EXPECT_EQ(bench.log,
            (Log{"6000 discard 101/1.wav", "6000 play en/harrier/cannot-record en/vm-goodbye"}));
}

TEST_F(Leaving, AMessageOfWhichNobodySaysHowItEndedIsKept) {
  bench.until(3'600'000);

  EXPECT_EQ(bench.log, (Log{"188000 stop_recording", "191000 message_left 101 101/1.wav 183000",
                            "191000 " + thanks, "206000 hang_up"}));
}

TEST(MailboxLeave, AFullMailboxSaysSo) {
  MailboxLeave::Settings settings = mailbox_101();
  settings.full = true;
  MailboxLeave leave{settings};
  Bench bench{leave};

  bench.begin();
  bench.until(5'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play en/vm-mailboxfull en/vm-goodbye", "5000 hang_up"}));
}

TEST(MailboxLeave, WhoHangsUpDuringTheGreetingLeavesNothing) {
  MailboxLeave leave{mailbox_101()};
  Bench bench{leave};

  bench.begin();
  bench.clear();
  bench.until(2'000);
  bench.hang_up();
  bench.played();

  EXPECT_EQ(bench.log, Log{});
  EXPECT_TRUE(leave.done());
}

}  // namespace
