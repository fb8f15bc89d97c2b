// A phone that rings is asked to lift itself.
#include <string>

#include <gtest/gtest.h>

#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

struct AskToAnswer : ::testing::Test {
  Desk desk{office_with(model::Strategy::RingAll, {"101", "102"})};
  const std::string alice{"101"};
};

TEST_F(AskToAnswer, TellsThePhoneOfTheUserOnly) {
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  desk.bob.respond(desk.bob.take("INVITE"), 180);

  EXPECT_TRUE(desk.house.ask_to_answer(alice));

  const Wire notify = desk.alice.take("NOTIFY");
  EXPECT_EQ(notify.header("Event"), "talk");
  EXPECT_EQ(notify.header("Call-ID"), leg.header("Call-ID"));
  EXPECT_NE(notify.header("To").find(";tag="), std::string::npos);
  EXPECT_EQ(desk.bob.count("NOTIFY"), 0U);
  desk.alice.respond(notify, 200);
  desk.alice.respond(leg, 200, with_answer());
  const Wire ack = desk.alice.take("ACK");
  EXPECT_EQ(ack.header("CSeq"), "1 ACK");
  EXPECT_EQ(brief(desk.caller.take("200 INVITE")), "200 INVITE");
}

TEST_F(AskToAnswer, APhoneThatDoesNotKnowItRingsOn) {
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  EXPECT_TRUE(desk.house.ask_to_answer(alice));
  desk.alice.respond(desk.alice.take("NOTIFY"), 489);
  EXPECT_FALSE(desk.alice.has("CANCEL"));
  desk.alice.respond(leg, 200, with_answer());
  EXPECT_EQ(brief(desk.caller.take("200 INVITE")), "200 INVITE");
}

TEST_F(AskToAnswer, NothingRingsBeforeTheRingingAndAfterTheAnswer) {
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  EXPECT_FALSE(desk.house.ask_to_answer(alice));
  desk.alice.respond(leg, 180);
  EXPECT_FALSE(desk.house.ask_to_answer("nobody"));
  desk.alice.respond(leg, 200, with_answer());
  EXPECT_FALSE(desk.house.ask_to_answer(alice));
  EXPECT_FALSE(desk.alice.has("NOTIFY"));
}

}  // namespace
}  // namespace call::testing
