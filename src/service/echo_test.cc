#include "service/echo.h"

#include <gtest/gtest.h>

#include "service/prompts.h"
#include "service/testing/bench.h"

namespace {

using service::Echo;
using service::Language;
using service::testing::Bench;
using service::testing::Log;

TEST(Echo, IsExplainedThenTheCallerHearsHimselfUntilHash) {
  Echo echo{{}};
  Bench bench{echo};

  bench.begin();
  bench.until(8'000);
  bench.played();
  bench.digit('5');
  bench.until(20'000);
  bench.digit('#');
  bench.until(22'000);
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play en/demo-echotest beep", "8000 hear_oneself",
                            "20000 play en/demo-echodone", "22000 hang_up"}));
  EXPECT_TRUE(echo.done());
}

TEST(Echo, HashWhileItIsExplainedBeginsAtOnceAndTenMinutesAreEnough) {
  Echo echo{{.language = Language::Pl, .recordings = nullptr}};
  Bench bench{echo};

  bench.begin();
  bench.until(1'000);
  bench.digit('#');
  bench.until(700'000);

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 play pl/harrier/echo-test beep", "1000 stop_playing",
                 "1000 hear_oneself", "601000 play pl/harrier/echo-over", "631000 hang_up"}));
}

}  // namespace
