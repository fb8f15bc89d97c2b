// What a hunted caller hears: rows S1.10, S1.11 and S3.8, S3.12, S3.16.
#include "service/waiting.h"

#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using model::DestinationKind;
using service::Waiting;
using service::testing::Bench;
using service::testing::Log;
using service::testing::seconds;

Waiting::Settings with_music() {
  Waiting::Settings settings;
  settings.hold = {service::sound("music")};
  return settings;
}

// Extended ringing: answered, music, 1 call back, 2 mailbox, 300 s at most, then the mailbox.
Waiting::Settings extended() {
  Waiting::Settings settings = with_music();
  const model::Destination mailbox{DestinationKind::Mailbox, "101"};
  settings.answer = true;
  settings.keys = {{'1', Waiting::Meaning::CallBack, {}},
                   {'2', Waiting::Meaning::Mailbox, mailbox}};
  settings.caller_number = "102";
  settings.longest = seconds(300);
  settings.then = mailbox;
  return settings;
}

const std::string key_hints =
    "play en/harrier/key-for-call-back en/digits/1 en/harrier/key-for-mailbox en/digits/2";

// The keys were said until 5 s; music since then.
class Extended : public ::testing::Test {
 protected:
  Extended() {
    bench.begin();
    bench.until(5'000);
    bench.played();
    bench.clear();
  }
  Waiting waiting{extended()};
  Bench bench{waiting};
};

TEST(Waiting, PlainRingbackIsLeftToTheCallersPhone) {
  Waiting waiting{Waiting::Settings{}};
  Bench bench{waiting};

  bench.begin();
  bench.until(60'000);

  EXPECT_EQ(bench.log, (Log{"0 greeting_over"}));
}

TEST(Waiting, Row_S1_10_MusicIsEarlyMedia) {
  Waiting waiting{with_music()};
  Bench bench{waiting};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 greeting_over", "0 early_media", "0 loop music"}));
}

TEST(Waiting, Row_S1_10_AnswerFirst) {
  Waiting::Settings settings = with_music();
  settings.answer = true;
  Waiting waiting{settings};
  Bench bench{waiting};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 greeting_over", "0 loop music"}));
}

TEST(Waiting, AfterAGreetingRingbackIsOurs) {
  Waiting::Settings settings;
  settings.greeting = {service::sound("welcome")};
  Waiting waiting{settings};
  Bench bench{waiting};

  bench.begin();
  bench.until(4'000);
  bench.played();

  EXPECT_EQ(bench.log,
            (Log{"0 early_media", "0 play welcome", "4000 greeting_over", "4000 loop ringback"}));
}

TEST(Waiting, AnAnnouncementComesNowAndThen) {
  Waiting::Settings settings = with_music();
  settings.answer = true;
  settings.announcement = {service::sound("please-hold")};
  settings.every = seconds(20);
  Waiting waiting{settings};
  Bench bench{waiting};

  bench.begin();
  bench.until(2'000);
  bench.played();
  bench.until(24'000);
  bench.played();
  bench.until(30'000);

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 greeting_over", "0 play please-hold", "2000 loop music",
                            "22000 play please-hold", "24000 loop music"}));
}

TEST(Waiting, Row_S3_8_ExtendedRingingAnswersAndHoldsTheCaller) {
  Waiting waiting{extended()};
  Bench bench{waiting};

  bench.begin();
  bench.until(5'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 greeting_over", "0 " + key_hints, "5000 loop music"}));
}

TEST_F(Extended, Row_S3_12_AtTheMaximumHoldTimeTheCallerGoesToTheMailbox) {
  for (std::int64_t round = 1; round <= 9; ++round) {
    bench.until(round * 35'000);
    bench.played();
  }
  bench.until(600'000);

  EXPECT_EQ(bench.log.back(), "300000 go_to mailbox 101");
  EXPECT_TRUE(waiting.done());
}

TEST_F(Extended, Row_S3_12_ThereIsNoGraceInTheMiddleOfAnEntry) {
  bench.until(299'000);
  bench.clear();
  bench.digit('1');
  bench.digit('6');
  bench.until(310'000);

  EXPECT_EQ(bench.log, (Log{"299000 play en/harrier/enter-call-back-number-or-hash",
                            "299000 stop_playing", "300000 go_to mailbox 101"}));
}

TEST_F(Extended, Row_S3_16_TwoGoesToTheMailbox) {
  bench.until(20'000);
  bench.digit('7');
  bench.digit('2');

  EXPECT_EQ(bench.log, (Log{"20000 go_to mailbox 101"}));
}

TEST_F(Extended, Row_S3_16_OneTakesACallBackNumber) {
  const std::string check =
      "play en/you-entered en/digits/6 en/digits/0 en/digits/1 en/digits/2 "
      "en/harrier/is-it-right";

  bench.until(10'000);
  bench.digits("16012#1");
  bench.until(14'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"10000 play en/harrier/enter-call-back-number-or-hash",
                            "10000 stop_playing", "10000 " + check, "10000 call_back_wanted 6012",
                            "10000 play en/harrier/will-call-back", "14000 hang_up"}));
  EXPECT_TRUE(waiting.done());
}

TEST_F(Extended, Row_S3_16_HashAloneMeansTheCallersOwnNumber) {
  bench.digits("1#1");

  EXPECT_EQ(bench.log[2], "5000 call_back_wanted 102");
}

TEST_F(Extended, Row_S3_16_AnUnfinishedNumberIsTakenAfterAPause) {
  bench.digits("1601");
  bench.until(11'000);

  EXPECT_EQ(bench.log.back(),
            "11000 play en/you-entered en/digits/6 en/digits/0 en/digits/1 en/harrier/is-it-right");
}

TEST_F(Extended, Row_S3_16_WhoSaysNothingMoreGoesOnWaiting) {
  bench.digit('1');
  bench.until(9'000);
  bench.played();
  bench.until(19'000);

  EXPECT_EQ(bench.log.back(), "19000 loop music");
}

TEST_F(Extended, Row_S3_16_TwoEntersTheNumberAgainAndStarStartsOver) {
  bench.digits("1601#2");
  bench.digits("60*7#1");

  EXPECT_EQ(bench.log[bench.log.size() - 2], "5000 call_back_wanted 7");
}

TEST_F(Extended, WithoutACallersNumberHashAsksAgain) {
  Waiting::Settings settings = extended();
  settings.caller_number.clear();
  Waiting anonymous{settings};
  Bench other{anonymous};

  other.begin();
  other.clear();
  other.digits("1#");

  EXPECT_EQ(other.log, (Log{"0 play en/harrier/enter-call-back-number",
                            "0 play en/harrier/enter-call-back-number"}));
}

TEST_F(Extended, WhoHangsUpWaitsNoMore) {
  bench.hang_up();
  bench.digit('2');
  bench.until(600'000);

  EXPECT_EQ(bench.log, Log{});
  EXPECT_TRUE(waiting.done());
}

// ---- queue ---------------------------------------------------------------------------------
class Queued : public ::testing::Test {
 protected:
  static Waiting::Settings settings() {
    Waiting::Settings settings = with_music();
    settings.answer = true;
    settings.announce_position = true;
    return settings;
  }
  void move(std::uint32_t position, std::optional<base::Duration> wait = std::nullopt) {
    bench.with([&](base::Now now, service::Actions& out) {
      waiting.moved({.position = position, .expected_wait = wait}, now, out);
    });
  }
  Waiting waiting{settings()};
  Bench bench{waiting};
};

TEST_F(Queued, ThePlaceIsSaidAtOnce) {
  move(3, seconds(150));
  bench.begin();

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 greeting_over",
                 "0 play en/queue-thereare en/digits/3 en/queue-callswaiting en/queue-holdtime "
                 "en/digits/3 en/minutes"}));
}

TEST_F(Queued, ABetterPlaceIsSaidAfterAWhile) {
  move(2);
  bench.begin();
  bench.until(4'000);
  bench.played();
  bench.clear();
  bench.until(6'000);
  move(1);
  bench.until(20'000);

  EXPECT_EQ(bench.log, (Log{"15000 play en/queue-youarenext"}));
}

TEST_F(Queued, APlaceThatChangedWhileTheOldOneWasSaidIsSaidSoon) {
  move(3);
  bench.begin();
  bench.until(2'000);
  move(2);
  bench.until(4'000);
  bench.played();
  bench.clear();
  bench.until(20'000);

  EXPECT_EQ(bench.log, (Log{"15000 play en/queue-thereare en/digits/2 en/queue-callswaiting"}));
}

TEST_F(Queued, TheSamePlaceIsSaidAgainOnlyNowAndThen) {
  move(2, seconds(30));
  bench.begin();
  bench.until(4'000);
  bench.played();
  bench.clear();
  bench.until(6'000);
  move(2, seconds(30));
  bench.until(40'000);

  EXPECT_EQ(bench.log, (Log{"34000 play en/queue-thereare en/digits/2 en/queue-callswaiting "
                            "en/queue-holdtime en/queue-less-than en/digits/1 en/minute"}));
}

}  // namespace
