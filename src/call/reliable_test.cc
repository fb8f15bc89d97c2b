// Reliable provisional responses on both sides of a call (RFC 3262, RFC 6337; sip.md 4.5, 4.7).

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

Options reliable(Options options, int rseq) {
  options.extra = {"Require: 100rel", "RSeq: " + std::to_string(rseq)};
  return options;
}

TEST(Reliable, Rfc6337_3_1_1_AnAnswerInAReliable183NeedNotComeAgainInThe200) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 183, reliable(with_answer(), 1));
  desk.alice.respond(desk.alice.take("PRACK"), 200);

  desk.alice.respond(leg, 200);

  EXPECT_EQ(desk.alice.waiting(), "ACK");
  const Wire ok = desk.caller.take("200 INVITE");
  EXPECT_NE(ok.body.find("m=audio 50000"), std::string::npos);
  desk.caller.ack(invite, ok);
  EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
}

TEST(Reliable, TheAnswerIsThatOfTheForkWhoLifts) {
  model::Office office = office_with(model::Strategy::Sequential, {"101", "102"});
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options early = reliable(with_answer(), 1);
  early.to_tag = "one-fork";
  desk.alice.respond(leg, 183, early);
  Options silent;
  silent.to_tag = "another-fork";

  desk.alice.respond(leg, 200, silent);

  EXPECT_EQ(desk.alice.waiting(), "PRACK, ACK, BYE");
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
}

// One reliable 18x at a time (RFC 3262 section 3): the next waits for the PRACK and no longer.
struct EarlyMedia : Desk {
  EarlyMedia() : Desk(small_office()) {
    Options options = with_offer();
    options.extra = {"Require: 100rel"};
    invite = caller.invite("101", options);
    leg = alice.take("INVITE");
    alice.respond(leg, 180);
    ringing = caller.take("180 INVITE");
    alice.respond(leg, 183, with_answer());
  }
  void prack(const Wire& response) {
    (void)caller.in_dialog("PRACK", invite, response,
                           with_line("RAck: " + response.header("RSeq") + " " +
                                     std::to_string(invite.cseq()) + " INVITE"));
  }
  Wire invite, leg, ringing;
};

TEST(Reliable, EarlyMediaBehindA180GoesOutWithItsPrack) {
  EarlyMedia desk;
  EXPECT_EQ(desk.caller.count("183 INVITE"), 0U);

  desk.prack(desk.ringing);

  const Wire progress = desk.caller.take("183 INVITE");
  EXPECT_NE(progress.body.find("m=audio 50000"), std::string::npos);
  desk.prack(progress);
  desk.alice.respond(desk.leg, 200, with_answer());
  EXPECT_EQ(desk.caller.take("200 INVITE").body, "");
}

TEST(Reliable, EarlyMediaThatNeverWentOutComesWithThe200) {
  EarlyMedia desk;

  desk.alice.respond(desk.leg, 200, with_answer());

  const Wire ok = desk.caller.take("200 INVITE");
  EXPECT_NE(ok.body.find("m=audio 50000"), std::string::npos);
  desk.prack(desk.ringing);
  EXPECT_EQ(desk.caller.waiting(), "200 PRACK");
}

}  // namespace
}  // namespace call::testing
