#include "call/detail/reason.h"

#include <string_view>

#include <gtest/gtest.h>

namespace call {
namespace {

TEST(Reason, Rule_6_CompletedElsewhereStandsOnTwoLinesWordForWord) {
  EXPECT_EQ(reason_lines(StopReason::CompletedElsewhere),
            "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"
            "Reason: Q.850;cause=26\r\n");
}

TEST(Reason, Rule_6_CallerWhoGaveUpIsQ850Cause16Alone) {
  EXPECT_EQ(reason_lines(StopReason::CallerGaveUp), "Reason: Q.850;cause=16\r\n");
}

TEST(Reason, Rule_6_MovedOnIsQ850Cause19Alone) {
  EXPECT_EQ(reason_lines(StopReason::TimedOut), "Reason: Q.850;cause=19\r\n");
}

TEST(Reason, Rule_13_DeclinedElsewhereIsSip603AndCause21) {
  EXPECT_EQ(reason_lines(StopReason::DeclinedElsewhere),
            "Reason: SIP;cause=603;text=\"Declined elsewhere\"\r\nReason: Q.850;cause=21\r\n");
}

TEST(Reason, Rule_7_SeesCompletedElsewhereInWhatACallerSends) {
  EXPECT_TRUE(says_completed_elsewhere("SIP;cause=200;text=\"Call completed elsewhere\""));
  EXPECT_TRUE(says_completed_elsewhere("Q.850;cause=26, sip ; text=\"a;b,c\" ; cause=200"));
  EXPECT_FALSE(says_completed_elsewhere("Q.850;cause=200"));
  EXPECT_FALSE(says_completed_elsewhere("SIP;text=\"cause=200\""));
  EXPECT_FALSE(says_completed_elsewhere("SIP;cause=2000"));
  EXPECT_FALSE(says_completed_elsewhere(""));
}

}  // namespace
}  // namespace call
