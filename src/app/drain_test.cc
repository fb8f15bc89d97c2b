#include "app/drain.h"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(Drain, AnUnansweredQuestionMeansThatCallsStillRun) {
  int asked = 0;
  const auto busy = [&]() -> std::optional<bool> {
    ++asked;
    if (asked <= 2) return {};  // the signalling thread did not answer in time
    return asked <= 4;
  };

  const bool ended = wait_while(std::chrono::hours{1}, busy, [] { return false; });

  EXPECT_TRUE(ended);
  EXPECT_EQ(asked, 5);
}

TEST(Drain, EndsAtItsLimitAndAtOnceWhenToldTo) {
  const auto busy = []() -> std::optional<bool> { return true; };

  EXPECT_TRUE(wait_while(std::chrono::milliseconds{0}, busy, [] { return false; }));
  EXPECT_FALSE(wait_while(std::chrono::hours{1}, busy, [] { return true; }));
}

}  // namespace
}  // namespace app
