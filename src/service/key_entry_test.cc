// Extension and PIN by keys, as `*70` needs them.
#include "service/key_entry.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using service::KeyEntry;
using service::testing::Bench;
using service::testing::Log;

KeyEntry::Settings hot_desk() {
  return {.questions = {service::sound("extension"), service::sound("pin")},
          .goodbye = service::sound("goodbye"),
          .known = {}};
}

TEST(KeyEntry, AsksOneThingAfterAnother) {
  KeyEntry entry{hot_desk()};
  Bench bench{entry};

  bench.begin();
  bench.digits("101#");
  bench.digits("12");
  bench.until(5'000);
  bench.with([&](base::Now now, service::Actions& out) {
    entry.accepted({service::sound("welcome")}, now, out);
  });
  bench.until(7'000);
  bench.played();

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 play extension", "0 stop_playing", "0 play pin", "0 stop_playing",
                 "5000 keyed 2", "5000 play welcome goodbye", "7000 hang_up"}));
  EXPECT_TRUE(entry.done());
}

TEST(KeyEntry, WhatWasDialledIsNotAsked) {
  KeyEntry::Settings settings = hot_desk();
  settings.known = {"101"};
  KeyEntry entry{settings};
  Bench bench{entry};

  bench.begin();
  service::Actions out;
  entry.digit('7', bench.now(), out);
  out.clear();
  entry.digit('#', bench.now(), out);

  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<service::Keyed>(out[0]).answers, (std::vector<std::string>{"101", "7"}));
}

TEST(KeyEntry, StarStartsTheAnswerOver) {
  KeyEntry::Settings settings = hot_desk();
  settings.known = {"101"};
  KeyEntry entry{settings};
  Bench bench{entry};

  bench.begin();
  bench.digits("99*");
  service::Actions out;
  entry.digit('7', bench.now(), out);
  entry.digit('#', bench.now(), out);

  EXPECT_EQ(std::get<service::Keyed>(out.back()).answers, (std::vector<std::string>{"101", "7"}));
}

TEST(KeyEntry, ThreeRefusalsEndTheCall) {
  KeyEntry entry{hot_desk()};
  Bench bench{entry};

  bench.begin();
  Log said;
  for (int i = 0; i < 3; ++i) {
    bench.digits("1#2#");
    bench.clear();
    bench.with([&](base::Now now, service::Actions& out) {
      entry.refused({service::sound("wrong")}, true, now, out);
    });
    said.push_back(bench.log.back());
  }

  EXPECT_EQ(said,
            (Log{"0 play wrong extension", "0 play wrong extension", "0 play wrong goodbye"}));
}

TEST(KeyEntry, ARefusalForGoodEndsTheCallAtOnce) {
  KeyEntry entry{hot_desk()};
  Bench bench{entry};

  bench.begin();
  bench.digits("1#2#");
  bench.clear();
  bench.with([&](base::Now now, service::Actions& out) {
    entry.refused({service::sound("later")}, false, now, out);
  });

  EXPECT_EQ(bench.log, (Log{"0 play later goodbye"}));
}

TEST(KeyEntry, WithoutAKeyItEnds) {
  KeyEntry entry{hot_desk()};
  Bench bench{entry};

  bench.begin();
  bench.until(600'000);

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play extension", "60000 play extension",
                            "120000 play extension", "180000 play goodbye", "240000 hang_up"}));
}

TEST(KeyEntry, AnAnswerThatNobodyJudgesEndsToo) {
  KeyEntry entry{hot_desk()};
  Bench bench{entry};

  bench.begin();
  bench.digits("1#2#");
  bench.clear();
  bench.until(10'000);
  bench.hang_up();

  EXPECT_EQ(bench.log, (Log{"10000 play goodbye"}));
  EXPECT_TRUE(entry.done());
}

}  // namespace
