// Guessing a PIN: the delay grows, and only with mistakes.
#include "service/pin.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "base/time.h"

namespace {

using service::PinTries;
using service::PinVerdict;
using service::try_pin;

constexpr std::int64_t kHour = 3'600'000;

TEST(Pin, TheRightOneIsRightAndForgetsMistakes) {
  PinTries tries{.failures = 2, .last = {1'000}};

  EXPECT_EQ(try_pin(tries, "1234", "1234", {2'000}), PinVerdict::Right);

  EXPECT_EQ(tries, PinTries{});
}

TEST(Pin, TwoMistakesCostNothing) {
  PinTries tries;

  EXPECT_EQ(try_pin(tries, "1234", "0000", {1'000}), PinVerdict::Wrong);
  EXPECT_EQ(try_pin(tries, "1234", "0001", {1'000}), PinVerdict::Wrong);
  EXPECT_EQ(try_pin(tries, "1234", "1234", {1'000}), PinVerdict::Right);
}

TEST(Pin, AfterTheThirdNothingIsAcceptedForAWhileAlsoNotTheRightOne) {
  PinTries tries{.failures = 2, .last = {1'000}};

  EXPECT_EQ(try_pin(tries, "1234", "0000", {2'000}), PinVerdict::Wrong);
  EXPECT_EQ(try_pin(tries, "1234", "1234", {31'999}), PinVerdict::TooEarly);
  EXPECT_EQ(tries, (PinTries{.failures = 3, .last = {2'000}}));
  EXPECT_EQ(try_pin(tries, "1234", "1234", {32'000}), PinVerdict::Right);
}

TEST(Pin, TheDelayDoublesUpToAnHour) {
  EXPECT_EQ(service::pin_delay(0), base::Duration{0});
  EXPECT_EQ(service::pin_delay(2), base::Duration{0});
  EXPECT_EQ(service::pin_delay(3), base::Duration{30'000});
  EXPECT_EQ(service::pin_delay(4), base::Duration{60'000});
  EXPECT_EQ(service::pin_delay(9), base::Duration{1'920'000});
  EXPECT_EQ(service::pin_delay(10), base::Duration{kHour});
  EXPECT_EQ(service::pin_delay(UINT32_MAX), base::Duration{kHour});
}

TEST(Pin, AWholeWeekOfGuessingTriesLessThanTwoHundred) {
  PinTries tries;
  int tried = 0;
  for (std::int64_t at = 0; at < kHour * 24 * 7; at += 1'000)
    if (try_pin(tries, "1234", "0000", {at}) == PinVerdict::Wrong) ++tried;

  EXPECT_LT(tried, 200);
}

TEST(Pin, ADayWithoutAMistakeForgetsThem) {
  PinTries tries{.failures = 9, .last = {0}};

  EXPECT_EQ(try_pin(tries, "1234", "0000", {24 * kHour}), PinVerdict::Wrong);

  EXPECT_EQ(tries.failures, 1U);
}

TEST(Pin, WithoutAPinNothingIsRight) {
  PinTries tries;

  EXPECT_EQ(try_pin(tries, "", "", {1'000}), PinVerdict::Wrong);
}

TEST(Pin, AClockThatWasSetBackLocksNobodyOutForLong) {
  PinTries tries{.failures = 3, .last = {100 * kHour}};

  EXPECT_EQ(try_pin(tries, "1234", "1234", {kHour}), PinVerdict::TooEarly);
  EXPECT_EQ(try_pin(tries, "1234", "1234", {kHour + 30'000}), PinVerdict::Right);
}

}  // namespace
