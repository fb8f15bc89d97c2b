#include "call/detail/mailboxes.h"

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "service/pin.h"

namespace call {
namespace {

using service::PinVerdict;

constexpr base::WallTime kNow{1'790'000'000'000};

TEST(Mailboxes, AGreetingIsReplacedAndTheOldOneIsNamed) {
  Mailboxes mailboxes;
  EXPECT_EQ(mailboxes.greeting("user/101"), nullptr);

  EXPECT_EQ(mailboxes.set_greeting("user/101", "greetings/a.wav"), "");
  EXPECT_EQ(mailboxes.set_greeting("user/101", "greetings/b.wav"), "greetings/a.wav");
  ASSERT_NE(mailboxes.greeting("user/101"), nullptr);
  EXPECT_EQ(*mailboxes.greeting("user/101"), "greetings/b.wav");
  EXPECT_EQ(mailboxes.set_greeting("user/101", ""), "greetings/b.wav");
  EXPECT_EQ(mailboxes.greeting("user/101"), nullptr);
}

TEST(Mailboxes, AnUnknownNumberIsSlowLikeAMailbox) {
  Mailboxes mailboxes;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(mailboxes.try_pin("user/101", "1234", "0000", kNow), PinVerdict::Wrong);
    EXPECT_EQ(mailboxes.try_unknown("999", kNow), PinVerdict::Wrong);
  }

  EXPECT_EQ(mailboxes.try_pin("user/101", "1234", "1234", kNow), PinVerdict::TooEarly);
  EXPECT_EQ(mailboxes.try_unknown("999", kNow), PinVerdict::TooEarly);
  EXPECT_EQ(mailboxes.try_pin("user/102", "1234", "1234", kNow), PinVerdict::Right)
      << "another mailbox";
}

TEST(Mailboxes, NobodyFillsTheMemoryWithNumbersThatAreNone) {
  Mailboxes mailboxes;
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i)
    if (mailboxes.try_unknown(std::to_string(i), kNow) == PinVerdict::Wrong) ++wrong;

  EXPECT_EQ(wrong, 10'000);
}

}  // namespace
}  // namespace call
