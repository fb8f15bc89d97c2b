// Ends before both sides talk, in the corners: an answer that still waits for the caller's PRACK,
// an INVITE that is sent once more. Nothing of the call may stay.

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/call_record.h"
#include "facts/fact.h"

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

// Nobody answered, as far as the caller knows.
void expect_unanswered(const Unheard& desk, facts::Outcome outcome, facts::AttemptResult result) {
  EXPECT_TRUE(desk.house.facts<facts::CallAnswered>().empty());
  const facts::CallRecord record = desk.house.record();
  EXPECT_EQ(record.outcome, outcome);
  EXPECT_FALSE(record.answered.has_value());
  EXPECT_EQ(record.answered_by, "");
  EXPECT_EQ(record.talk_ms, 0);
  ASSERT_EQ(record.attempts.size(), 1U);
  EXPECT_EQ(record.attempts[0].result, result);
}

TEST(EarlyEnds, AnAnswerIsToldWhenItGoesOutAndNotBefore) {
  Unheard desk;
  EXPECT_TRUE(desk.house.facts<facts::CallAnswered>().empty());
  desk.house.advance(Duration(400));

  (void)desk.caller.in_dialog("PRACK", desk.invite, desk.progress,
                              with_line("RAck: " + desk.progress.header("RSeq") + " " +
                                        std::to_string(desk.invite.cseq()) + " INVITE"));

  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
  ASSERT_EQ(desk.house.facts<facts::CallAnswered>().size(), 1U);
  const facts::CallRecord told = desk.house.facts<facts::CallAnswered>()[0].record;
  EXPECT_EQ(told.answered_by, "101");
  EXPECT_EQ(told.wait_ms, 400);
  ASSERT_EQ(told.attempts.size(), 1U);
  EXPECT_EQ(told.attempts[0].result, facts::AttemptResult::Won);
}

TEST(EarlyEnds, ACalleeWhoHangsUpBeforeTheCallerHeardHimDidNotAnswer) {
  Unheard desk;

  (void)desk.alice.in_dialog("BYE", desk.leg, Wire{});

  EXPECT_EQ(desk.caller.count("480 INVITE"), 1U);
  expect_unanswered(desk, facts::Outcome::Failed, facts::AttemptResult::Failed);
}

TEST(EarlyEnds, AnAnswerThatNoPrackLetsOutIsGoneWith504) {
  Unheard desk;

  desk.house.advance(Duration(32'100));

  EXPECT_GE(desk.caller.count("504 INVITE"), 1U);
  expect_unanswered(desk, facts::Outcome::Failed, facts::AttemptResult::Failed);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(EarlyEnds, CancelWhileTheAnswerWaitsForAPrackEndsBoth) {
  Unheard desk;

  desk.caller.cancel(desk.invite);

  EXPECT_EQ(desk.caller.count("487 INVITE"), 1U);
  expect_unanswered(desk, facts::Outcome::Abandoned, facts::AttemptResult::CallerGaveUp);
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
