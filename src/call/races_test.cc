// Glare between answer and cancel (docs/reliability.md B, sip.md 4.2): each case as its bytes.

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/call_record.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

const std::vector<std::string> kElsewhere{"SIP;cause=200;text=\"Call completed elsewhere\"",
                                          "Q.850;cause=26"};

model::Office ring_all() {
  return office_with(model::Strategy::RingAll, {"101", "102", "103"});
}

model::Office sequential() {
  model::Office office = office_with(model::Strategy::Sequential, {"101", "102"});
  office.groups[0].members[0].ring_for = Duration(10'000);
  office.groups[0].members[1].ring_for = Duration(15'000);
  return office;
}

TEST(Races, Wire_B1_TheFirst200WinsAndTheOtherGetsAckAndBye) {
  for (const bool alice_first : {true, false}) {
    Desk desk(ring_all());
    (void)desk.caller.invite("8001", with_offer());
    const Wire leg1 = desk.alice.take("INVITE");
    const Wire leg2 = desk.bob.take("INVITE");
    Phone& first = alice_first ? desk.alice : desk.bob;
    Phone& second = alice_first ? desk.bob : desk.alice;
    first.respond(alice_first ? leg1 : leg2, 200, with_answer());
    first.forget();

    second.respond(alice_first ? leg2 : leg1, 200, with_answer());

    EXPECT_EQ(second.waiting(), "ACK, BYE");
    EXPECT_EQ(second.take("BYE").all("Reason"), kElsewhere);
    EXPECT_EQ(first.waiting(), "");
    EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
  }
}

TEST(Races, Wire_B2_CancelThatCrossesA200IsFollowedByAckAndBye) {
  for (const int cancel_code : {200, 481}) {
    Desk desk(ring_all());
    (void)desk.caller.invite("8001", with_offer());
    const Wire leg2 = desk.bob.take("INVITE");
    desk.bob.respond(leg2, 180);
    desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
    const Wire cancel = desk.bob.take("CANCEL");
    EXPECT_EQ(cancel.all("Reason"), kElsewhere);

    desk.bob.respond(leg2, 200, with_answer());
    desk.bob.respond(cancel, cancel_code);

    EXPECT_EQ(desk.bob.waiting(), "ACK, BYE");
    EXPECT_EQ(desk.bob.take("BYE").all("Reason"), kElsewhere);
    EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
  }
}

TEST(Races, Wire_B3_CancelAfterOur200HasNoEffect) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");

  desk.caller.cancel(invite);

  EXPECT_EQ(desk.caller.waiting(), "200 CANCEL");
  EXPECT_EQ(desk.alice.count("BYE"), 0U);
  desk.caller.ack(invite, ok);
  (void)desk.caller.in_dialog("BYE", invite, ok);
  EXPECT_EQ(desk.alice.count("BYE"), 1U);
}

TEST(Races, Wire_B4_CancelWithout487ClosesTheLegAfter64T1) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  desk.caller.cancel(invite);
  const Wire terminated = desk.caller.take("487 INVITE");
  EXPECT_EQ(terminated.at, desk.house.now().at);
  desk.caller.ack(invite, terminated);
  desk.alice.respond(desk.alice.take("CANCEL"), 200);

  desk.house.advance(Duration(40'000));

  EXPECT_EQ(desk.house.engine().counters().calls_kept, 0U);
  desk.house.expect_clean_end();
}

TEST(Races, Wire_B5_A200LongAfterTheCancelIsAcknowledgedAndHungUp) {
  for (const int later : {31'000, 40'000}) {
    Desk desk(small_office());
    const Wire invite = desk.caller.invite("101", with_offer());
    const Wire leg = desk.alice.take("INVITE");
    desk.alice.respond(leg, 180);
    desk.caller.cancel(invite);
    desk.caller.ack(invite, desk.caller.take("487 INVITE"));
    desk.alice.respond(desk.alice.take("CANCEL"), 200);
    desk.house.advance(Duration(later));
    desk.alice.forget();

    desk.alice.respond(leg, 200, with_answer());

    EXPECT_EQ(desk.alice.waiting(), "ACK, BYE") << later;
    EXPECT_EQ(desk.caller.count("200 INVITE"), 0U);
    desk.alice.respond(desk.alice.take("BYE"), 200);
    desk.house.expect_clean_end();
  }
}

TEST(Races, Invariant_I2_A200WithATagThatIsNotOursIsDropped) {
  Desk desk(small_office());
  const std::string text =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-x\r\n"
      "From: <sip:105@office.example>;tag=0000000000010123456789abcdef0123456789abcdef\r\n"
      "To: <sip:101@office.example>;tag=t\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
      "Contact: <sip:101@192.0.2.101:5060>\r\nContent-Length: 0\r\n\r\n";

  desk.alice.send(text);

  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(Races, Wire_B6_A200AgainGetsTheSameAck) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  desk.alice.respond(talk.leg, 200, with_answer());
  desk.alice.respond(talk.leg, 200, with_answer());

  const Wire again = desk.alice.take("ACK");
  EXPECT_EQ(again.header("Via"), talk.leg_ack.header("Via"));
  EXPECT_EQ(again.cseq(), talk.leg.cseq());
  EXPECT_EQ(desk.alice.waiting(), "ACK");
  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(Races, ACallerWhoseConnectionIsGoneHasGivenUp) {
  Desk desk(ring_all());
  desk.caller.connect_by(base::ConnectionId{9});
  (void)desk.caller.invite("8001", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);

  desk.house.transport_failed(desk.caller.flow());

  EXPECT_EQ(desk.alice.take("CANCEL").header("Reason"), "Q.850;cause=16");
  EXPECT_EQ(desk.house.record().outcome, facts::Outcome::Abandoned);
}

TEST(Races, AFailureBehindThe200IsIgnored) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 200, with_answer());
  desk.alice.forget();

  desk.alice.respond(leg, 486);

  EXPECT_EQ(desk.alice.waiting(), "");
  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
}

TEST(Races, Wire_B6_ALosersRepeated200GetsItsAckAlsoAfterTheBye) {
  Desk desk(ring_all());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg2 = desk.bob.take("INVITE");
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  desk.bob.respond(leg2, 200, with_answer());
  EXPECT_EQ(desk.bob.waiting(), "ACK, BYE");
  desk.bob.forget();

  desk.bob.respond(leg2, 200, with_answer());

  EXPECT_EQ(desk.bob.waiting(), "ACK");
}

TEST(Races, Wire_B7_ASecondForks200IsAcknowledgedAndHungUpAtItsOwnContact) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Options other = with_answer();
  other.to_tag = "another-fork";
  other.contact = "<sip:fork@192.0.2.77:5070>";

  desk.alice.respond(talk.leg, 200, other);

  EXPECT_EQ(desk.house.waiting("192.0.2.77:5070"), "ACK, BYE");
  const Wire ack = desk.house.take("192.0.2.77:5070", "ACK");
  EXPECT_EQ(ack.uri, "sip:fork@192.0.2.77:5070");
  EXPECT_EQ(ack.parameter("To", "tag"), "another-fork");
  EXPECT_EQ(desk.alice.waiting(), "");
  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(Races, Wire_B8_SeveralEarlyDialogsOfALegAreOneToTheCaller) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options x;
  x.to_tag = "x";
  desk.alice.respond(leg, 180, x);
  Options y = with_answer();
  y.to_tag = "y";
  desk.alice.respond(leg, 183, y);
  Options z;
  z.to_tag = "z";
  z.contact = "<sip:z@192.0.2.101:5099>";
  z.body = kSdpAnswer;
  z.body.replace(z.body.find("50000"), 5, "51000");

  desk.alice.respond(leg, 200, z);

  std::vector<std::string> tags;
  while (desk.caller.waiting() != "") {
    const Wire wire = desk.house.take(desk.caller.peer());
    if (wire.code > 100) tags.push_back(wire.parameter("To", "tag"));
    if (wire.code == 200) desk.caller.ack(invite, wire);
  }
  for (const auto& tag : tags) EXPECT_EQ(tag, tags.front());
  EXPECT_EQ(desk.house.take("192.0.2.101:5099", "ACK").uri, "sip:z@192.0.2.101:5099");
}

TEST(Races, Wire_B9_NoCancelBeforeA1xxAndThenAtOnce) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.caller.cancel(invite);
  desk.caller.ack(invite, desk.caller.take("487 INVITE"));
  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);

  desk.alice.respond(leg, 180);

  EXPECT_EQ(desk.alice.take("CANCEL").all("Reason"), std::vector<std::string>{"Q.850;cause=16"});
}

TEST(Races, Wire_B9_A200InsteadOfTheFirst1xxIsAcknowledgedAndHungUp) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.caller.cancel(invite);
  desk.caller.ack(invite, desk.caller.take("487 INVITE"));
  desk.alice.forget();

  desk.alice.respond(leg, 200, with_answer());

  EXPECT_EQ(desk.alice.waiting(), "ACK, BYE");
  EXPECT_EQ(desk.alice.take("BYE").all("Reason"), std::vector<std::string>{"Q.850;cause=16"});
}

TEST(Races, Wire_B9_WithoutAnyAnswerTheLegEndsAfter64T1) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.caller.cancel(invite);
  desk.caller.ack(invite, desk.caller.take("487 INVITE"));

  desk.house.advance(Duration(40'000));

  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);
  EXPECT_EQ(desk.house.engine().counters().transactions, 0U);
}

TEST(Races, Wire_B10_LosersHearCompletedElsewhereAndTheFrozenReasonWaitsForTheFirst1xx) {
  Desk desk(ring_all());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  EXPECT_EQ(desk.bob.take("CANCEL").all("Reason"), kElsewhere);
  EXPECT_EQ(desk.carol.count("CANCEL"), 0U);

  desk.carol.respond(desk.carol.take("INVITE"), 180);

  EXPECT_EQ(desk.carol.take("CANCEL").all("Reason"), kElsewhere);
}

TEST(Races, Wire_B11_A200WithABrokenDescriptionIsHungUpAndTheHuntGoesOn) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options broken;
  broken.body = "v=0\r\nnonsense\r\n";

  desk.alice.respond(leg, 200, broken);

  EXPECT_EQ(desk.alice.waiting(), "ACK, BYE");
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
  EXPECT_EQ(desk.caller.count("200 INVITE"), 0U);
}

TEST(Races, Wire_B11_AnswersWithoutTagOrContactDoNoHarm) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options bare;
  bare.to_tag = "-";
  bare.contact = "-";
  desk.alice.respond(leg, 183, bare);
  bare.body = kSdpAnswer;

  desk.alice.respond(leg, 200, bare);

  EXPECT_EQ(desk.alice.count("ACK"), 1U);
}

TEST(Races, Wire_B12_ADeclineOfOneOfFourDoesNotStopTheOthers) {
  Desk desk(ring_all());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);
  desk.alice.respond(desk.alice.take("INVITE"), 603);
  EXPECT_EQ(desk.bob.waiting(), "");

  desk.bob.respond(leg2, 200, with_answer());

  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
}

TEST(Races, Wire_B12_DeclineEndsAllWhereTheGroupSaysSo) {
  model::Office office = ring_all();
  office.groups[0].decline = model::Decline::Group;
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);

  desk.alice.respond(desk.alice.take("INVITE"), 603);

  EXPECT_EQ(
      desk.bob.take("CANCEL").all("Reason"),
      (std::vector<std::string>{"SIP;cause=603;text=\"Declined elsewhere\"", "Q.850;cause=21"}));
  EXPECT_EQ(desk.caller.take("486 INVITE").header("Reason"), "Q.850;cause=21");
}

TEST(Races, Wire_B13_ByeRightAfterThe200EndsTheCall) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 200, with_answer());
  (void)desk.alice.take("ACK");

  Wire from_alice = leg;
  (void)desk.alice.in_dialog("BYE", from_alice, Wire{});

  EXPECT_EQ(desk.alice.waiting(), "200 BYE");
  const Wire ok = desk.caller.take("200 INVITE");
  EXPECT_EQ(desk.caller.count("BYE"), 0U);  // not before the ACK (RFC 3261 section 15)
  desk.caller.ack(invite, ok);
  EXPECT_EQ(desk.caller.count("BYE"), 1U);
  desk.caller.respond(desk.caller.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(Races, Wire_B13_ByeWhileTheAckWaitsForALateAnswerIsAcknowledgedToo) {
  Desk desk(small_office());
  (void)desk.caller.invite("101");
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 200, with_offer());
  EXPECT_EQ(desk.alice.count("ACK"), 0U);

  (void)desk.alice.in_dialog("BYE", leg, Wire{});

  EXPECT_EQ(desk.alice.waiting(), "ACK, 200 BYE");
  desk.house.expect_clean_end();
}

TEST(Races, Wire_B13_A200WithALateOfferThatItsByeOvertookIsAcknowledged) {
  Desk desk(small_office());
  (void)desk.caller.invite("101");
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  (void)desk.alice.in_dialog("BYE", leg, Wire{});
  (void)desk.alice.take("200 BYE");

  desk.alice.respond(leg, 200, with_offer());

  EXPECT_EQ(desk.alice.waiting(), "CANCEL, ACK");
  desk.house.expect_clean_end();
}

TEST(Races, ByeInAnEarlyDialogLeavesNoInviteOpen) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);

  (void)desk.alice.in_dialog("BYE", leg, Wire{});

  EXPECT_EQ(desk.alice.waiting(), "200 BYE, CANCEL");
  desk.alice.respond(desk.alice.take("CANCEL"), 200);
  desk.house.advance(Duration(40'000));  // and never a final response
  EXPECT_TRUE(desk.caller.has("480 INVITE"));
  desk.house.expect_clean_end();
}

TEST(Races, Wire_C1_The200ThatCrossesTheCancelOfItsStepWins) {
  Desk desk(sequential());
  const Wire invite = desk.caller.invite("8001", with_offer());
  const Wire leg1 = desk.alice.take("INVITE");
  desk.alice.respond(leg1, 180);
  desk.house.advance(Duration(10'000));
  const Wire cancel = desk.alice.take("CANCEL");
  EXPECT_EQ(cancel.all("Reason"), std::vector<std::string>{"Q.850;cause=19"});
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);

  desk.alice.respond(leg1, 200, with_answer());
  desk.alice.respond(cancel, 481);

  EXPECT_EQ(desk.alice.waiting(), "ACK");
  EXPECT_EQ(desk.bob.take("CANCEL").all("Reason"), kElsewhere);
  const Wire ok = desk.caller.take("200 INVITE");
  desk.caller.ack(invite, ok);
  (void)desk.caller.in_dialog("BYE", invite, ok);
  const facts::CallRecord record = desk.house.record();
  EXPECT_EQ(record.answered_by, "101");
  EXPECT_EQ(record.outcome, facts::Outcome::Answered);
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_EQ(record.attempts[0].result, facts::AttemptResult::Won);
  EXPECT_EQ(record.attempts[1].result, facts::AttemptResult::AnsweredElsewhere);
}

TEST(Races, Wire_C1_TooLateIfSomebodyHasWon) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg1 = desk.alice.take("INVITE");
  desk.alice.respond(leg1, 180);
  desk.house.advance(Duration(10'000));
  (void)desk.alice.take("CANCEL");
  desk.bob.respond(desk.bob.take("INVITE"), 200, with_answer());

  desk.alice.respond(leg1, 200, with_answer());

  EXPECT_EQ(desk.alice.waiting(), "ACK, BYE");
  EXPECT_EQ(desk.alice.take("BYE").all("Reason"), kElsewhere);
}

TEST(Races, Invariant_I5_EarlyDialogsAreEndedByCancelConfirmedOnesByBye) {
  Desk desk(ring_all());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());

  EXPECT_EQ(desk.bob.waiting(), "CANCEL");
  EXPECT_EQ(desk.alice.waiting(), "ACK");
}

// Rule 6: his own decline on one phone crosses his lifting of another.
TEST(Races, Rule_6_TheCrossing200OfAUsersSecondPhoneWins) {
  Desk desk(sequential());
  Phone second(desk.house, "192.0.2.111:5060", "101");
  second.register_contact();
  const Wire invite = desk.caller.invite("8001", with_offer());
  const Wire leg = second.take("INVITE");
  second.respond(leg, 180);
  desk.alice.respond(desk.alice.take("INVITE"), 603);
  (void)second.take("CANCEL");
  const Wire bob = desk.bob.take("INVITE");
  desk.bob.respond(bob, 180);

  second.respond(leg, 200, with_answer());

  EXPECT_EQ(second.waiting(), "ACK");
  const Wire ok = desk.caller.take("200 INVITE");
  desk.caller.ack(invite, ok);
  EXPECT_EQ(desk.bob.be_cancelled(bob).all("Reason"), kElsewhere);
  (void)desk.caller.in_dialog("BYE", invite, ok);
  second.respond(second.take("BYE"), 200);
  const facts::CallRecord record = desk.house.record();
  EXPECT_EQ(record.answered_by, "101");
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_EQ(record.attempts[0].result, facts::AttemptResult::Won);
  EXPECT_EQ(record.attempts[1].result, facts::AttemptResult::AnsweredElsewhere);
  desk.house.expect_clean_end();
}

}  // namespace
}  // namespace call::testing
