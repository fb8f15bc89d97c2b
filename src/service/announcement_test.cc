// Announcements: said once, then the call goes on or ends.
#include "service/announcement.h"

#include <gtest/gtest.h>

#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using service::Announcement;
using service::testing::Bench;
using service::testing::Log;

TEST(Announcement, IsPlayedOnceThenHangsUp) {
  Announcement announcement{{.sounds = {service::sound("closed")}, .then = {}}};
  Bench bench{announcement};

  bench.begin();
  bench.digit('1');
  bench.until(4'000);
  bench.played();
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play closed", "4000 hang_up"}));
  EXPECT_TRUE(announcement.done());
}

TEST(Announcement, GoesOnToADestination) {
  Announcement announcement{{.sounds = {service::sound("closed")},
                             .answer = false,
                             .then = {model::DestinationKind::Mailbox, "general"}}};
  Bench bench{announcement};

  bench.begin();
  bench.until(4'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 early_media", "0 play closed", "4000 go_to mailbox general"}));
}

TEST(Announcement, WithNothingToSayHangsUpAtOnce) {
  Announcement announcement{{.sounds = {}, .then = {}, .cause = service::Cause::NoAnswer}};
  Bench bench{announcement};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 hang_up no_answer"}));
}

TEST(Announcement, EndsAlsoWhenNobodySaysThatItWasPlayed) {
  Announcement announcement{{.sounds = {service::sound("closed")}, .then = {}}};
  Bench bench{announcement};

  bench.begin();
  bench.until(3'600'000);

  EXPECT_EQ(bench.log.back(), "600000 hang_up");
}

TEST(Announcement, AfterTheHangUpNothingMoreComes) {
  Announcement announcement{{.sounds = {service::sound("closed")}, .then = {}}};
  Bench bench{announcement};

  bench.begin();
  bench.clear();
  bench.hang_up();
  bench.played();
  bench.until(3'600'000);

  EXPECT_EQ(bench.log, Log{});
}

}  // namespace
