// Ends before both sides talk, in the corners: an answer that still waits for the caller's PRACK,
// an INVITE that is sent once more. Nothing of the call may stay.

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"

namespace call::testing {
namespace {

using base::Duration;

// 101 sent a reliable 183 with a description and answered; our 200 waits for the PRACK.
struct Unheard : Desk {
  Unheard() : Desk(small_office()) {
    Options options = with_offer();
    options.extra = {"Require: 100rel"};
    invite = caller.invite("101", options);
    leg = alice.take("INVITE");
    alice.respond(leg, 183, with_answer());
    progress = caller.take("183 INVITE");
    alice.respond(leg, 200, with_answer());
    (void)alice.take("ACK");
  }
  Wire invite, leg, progress;
};

TEST(EarlyEnds, AnAnswerThatNoPrackLetsOutIsGoneWith504) {
  Unheard desk;

  desk.house.advance(Duration(32'100));

  EXPECT_GE(desk.caller.count("504 INVITE"), 1U);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(EarlyEnds, CancelWhileTheAnswerWaitsForAPrackEndsBoth) {
  Unheard desk;

  desk.caller.cancel(desk.invite);

  EXPECT_EQ(desk.caller.count("487 INVITE"), 1U);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(EarlyEnds, ByeWhileTheAnswerWaitsForAPrackEndsBothAndTheInvite) {
  Unheard desk;

  (void)desk.caller.in_dialog("BYE", desk.invite, desk.progress);

  EXPECT_EQ(desk.caller.count("200 BYE"), 1U);
  EXPECT_EQ(desk.caller.count("487 INVITE"), 1U);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.expect_clean_end();
}

// RFC 3261 9.1: of the second INVITE no provisional has come, whatever the first one had.
TEST(EarlyEnds, AnInviteThatIsSentOnceMoreIsCancelledOnlyAfterItsOwnProvisional) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire first = desk.alice.take("INVITE");
  desk.alice.respond(first, 180);
  desk.alice.respond(first, 420);
  const Wire second = desk.alice.take("INVITE");

  desk.caller.cancel(invite);

  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);
  desk.alice.respond(second, 180);
  EXPECT_EQ(desk.alice.count("CANCEL"), 1U);
  (void)desk.alice.be_cancelled(second);
  desk.house.expect_clean_end();
}

// The 200 of the fork that said BYE was lost; what comes now is another fork's dialog.
TEST(EarlyEnds, The200OfAnotherForkThanTheOneThatSaidByeIsHungUp) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  (void)desk.alice.in_dialog("BYE", leg, Wire{});
  (void)desk.alice.take("200 BYE");
  (void)desk.alice.take("CANCEL");
  desk.caller.cancel(invite);
  Options other = with_answer();
  other.to_tag = "another-fork";

  desk.alice.respond(leg, 200, other);

  EXPECT_EQ(desk.alice.take("ACK").parameter("To", "tag"), "another-fork");
  const Wire bye = desk.alice.take("BYE");
  EXPECT_EQ(bye.parameter("To", "tag"), "another-fork");
  desk.alice.respond(bye, 200);
  desk.house.expect_clean_end();
}

}  // namespace
}  // namespace call::testing
