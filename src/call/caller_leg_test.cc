// The server's side towards the caller (docs/reliability.md A, RFC 3261 section 13.3).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

model::Office ring_all() {
  return office_with(model::Strategy::RingAll, {"101", "102", "103"});
}

TEST(CallerLeg, Wire_A1_RepeatedInviteIsAbsorbedAndEachMemberGetsOne) {
  Desk desk(ring_all());
  const Wire invite = desk.caller.invite("8001", with_offer());
  EXPECT_EQ(desk.caller.waiting(), "100 INVITE");
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);

  std::vector<std::string> headers;
  for (const auto& [name, value] : invite.headers) {
    if (name != "Content-Length") headers.push_back(name + ": " + value);
  }
  desk.caller.send(desk.caller.request_text("INVITE", invite.uri, headers, invite.body));

  EXPECT_EQ(desk.caller.waiting(), "100 INVITE, 180 INVITE, 180 INVITE");
  EXPECT_EQ(desk.alice.count("INVITE"), 0U);
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
}

TEST(CallerLeg, Wire_A2_MergedRequestGets482AndTheFirstGoesOn) {
  Desk desk(ring_all());
  const Wire invite = desk.caller.invite("8001", with_offer());
  std::vector<std::string> headers;
  for (const auto& [name, value] : invite.headers) {
    if (name == "Via") {
      headers.push_back("Via: SIP/2.0/UDP 192.0.2.105:5060;rport;branch=z9hG4bK-another-way");
    } else if (name != "Content-Length") {
      headers.push_back(name + ": " + value);
    }
  }
  desk.caller.send(desk.caller.request_text("INVITE", invite.uri, headers, invite.body));

  EXPECT_EQ(desk.caller.waiting(), "100 INVITE, 482 INVITE");
  EXPECT_EQ(desk.alice.count("INVITE"), 1U);
}

TEST(CallerLeg, Rfc3261_8_1_1_8_AnInviteHasExactlyOneContact) {
  for (const char* contact : {"-", "*", "<sip:a@192.0.2.105>, <sip:b@192.0.2.105>"}) {
    Desk desk(ring_all());
    Options options = with_offer();
    options.contact = contact;

    (void)desk.caller.invite("8001", options);

    EXPECT_EQ(desk.caller.waiting(), "100 INVITE, 400 INVITE") << contact;
    EXPECT_EQ(desk.alice.count("INVITE"), 0U) << contact;
  }
}

TEST(CallerLeg, Wire_A3_BusyIsRepeatedUntilTheAck) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 486);
  const Wire busy = desk.caller.take("486 INVITE");

  desk.house.advance(Duration(1600));
  EXPECT_EQ(desk.caller.count("486 INVITE"), 2U);  // at T1 and 2*T1 more
  desk.caller.ack(invite, busy);
  desk.caller.forget();
  desk.house.advance(Duration(10'000));

  EXPECT_EQ(desk.caller.waiting(), "");
  desk.house.expect_clean_end();
}

TEST(CallerLeg, Wire_A3_BusyThatIsNeverAcknowledgedEndsAfter64T1) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 486);

  desk.house.advance(Duration(60'000));

  EXPECT_EQ(desk.caller.count("486 INVITE"), 11U);
  desk.house.expect_clean_end();
}

TEST(CallerLeg, Wire_A4_The200IsRepeatedUntilTheSecondOneIsAcknowledged) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  const Wire first = desk.caller.take("200 INVITE");
  desk.house.advance(Duration(500));
  const Wire second = desk.caller.take("200 INVITE");

  desk.caller.ack(invite, second);
  desk.house.advance(Duration(10'000));

  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(desk.caller.waiting(), "");
  EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
}

TEST(CallerLeg, Wire_A5_WithoutAnAckBothGetByeAfter64T1) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  (void)desk.alice.take("ACK");

  desk.house.advance(Duration(31'900));
  EXPECT_EQ(desk.caller.count("BYE"), 0U);
  desk.house.advance(Duration(200));

  desk.caller.respond(desk.caller.take("BYE"), 200);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  EXPECT_EQ(desk.house.record().q850, 102);
  desk.house.expect_clean_end();
}

TEST(CallerLeg, Wire_A6_InviteAgainAfterThe200StartsNoNewHunt) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  std::vector<std::string> headers;
  for (const auto& [name, value] : talk.invite.headers) {
    if (name != "Content-Length") headers.push_back(name + ": " + value);
  }

  desk.caller.send(desk.caller.request_text("INVITE", talk.invite.uri, headers, talk.invite.body));

  EXPECT_EQ(desk.caller.waiting(), "");
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(CallerLeg, Wire_A7_AckWithAWrongCseqDoesNotStopThe200) {
  Desk desk(small_office());
  Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");
  Wire wrong = invite;
  for (auto& [name, value] : wrong.headers) {
    if (name == "CSeq") value = "77 INVITE";
  }

  desk.caller.ack(wrong, ok);
  desk.house.advance(Duration(500));
  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
  desk.caller.ack(invite, ok);
  desk.caller.ack(invite, ok);
  desk.caller.forget();
  desk.house.advance(Duration(8'000));

  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(CallerLeg, Wire_A8_CancelStopsEveryMember) {
  Desk desk(ring_all());
  const Wire invite = desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  const Wire leg2 = desk.bob.take("INVITE");
  desk.bob.respond(leg2, 180);
  const Wire ringing = desk.caller.take("180 INVITE");

  desk.caller.cancel(invite);

  const Wire cancelled = desk.caller.take("200 CANCEL");
  const Wire terminated = desk.caller.take("487 INVITE");
  EXPECT_EQ(cancelled.parameter("To", "tag"), ringing.parameter("To", "tag"));
  EXPECT_EQ(terminated.parameter("To", "tag"), ringing.parameter("To", "tag"));
  desk.caller.ack(invite, terminated);
  const Wire cancel = desk.alice.be_cancelled(leg);
  EXPECT_EQ(cancel.all("Reason"), std::vector<std::string>{"Q.850;cause=16"});
  (void)desk.bob.be_cancelled(leg2);
  EXPECT_EQ(desk.carol.count("CANCEL"), 0U);  // no 1xx yet
  desk.carol.respond(desk.carol.take("INVITE"), 180);
  EXPECT_EQ(desk.carol.count("CANCEL"), 1U);
  EXPECT_EQ(desk.house.record().outcome, facts::Outcome::Abandoned);
  desk.house.expect_clean_end();
}

TEST(CallerLeg, Invariant_I11_CancelHasTheNamesOfItsInvite) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);

  desk.caller.cancel(invite);

  const Wire cancel = desk.alice.take("CANCEL");
  EXPECT_EQ(cancel.uri, leg.uri);
  EXPECT_EQ(cancel.header("Via"), leg.header("Via"));
  EXPECT_EQ(cancel.header("From"), leg.header("From"));
  EXPECT_EQ(cancel.header("To"), leg.header("To"));
  EXPECT_EQ(cancel.header("Call-ID"), leg.header("Call-ID"));
  EXPECT_EQ(cancel.cseq(), leg.cseq());
  EXPECT_EQ(cancel.cseq_method(), "CANCEL");
}

TEST(CallerLeg, Wire_A10_CancelOfNothingIs481AndOfAFinishedInvite200) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 486);
  const Wire busy = desk.caller.take("486 INVITE");
  desk.caller.cancel(invite);
  EXPECT_EQ(desk.caller.waiting(), "200 CANCEL");
  desk.caller.forget();
  desk.caller.ack(invite, busy);

  Wire unknown = invite;
  for (auto& [name, value] : unknown.headers) {
    if (name == "Via") value = "SIP/2.0/UDP 192.0.2.105:5060;rport;branch=z9hG4bK-unknown";
  }
  desk.caller.cancel(unknown);

  EXPECT_EQ(desk.caller.waiting(), "481 CANCEL");
}

TEST(CallerLeg, Wire_A11_CancelFromAnotherAddressHasNoEffect) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  Phone stranger(desk.house, "203.0.113.9:5060", "105");

  stranger.cancel(invite);

  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);
  EXPECT_EQ(desk.caller.count("487 INVITE"), 0U);
}

TEST(CallerLeg, Wire_A12_LateOfferGoesThroughAndTheAnswerInTheAckWithIt) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101");
  const Wire leg = desk.alice.take("INVITE");
  EXPECT_EQ(leg.body, "");
  desk.alice.respond(leg, 200, with_offer());
  EXPECT_EQ(desk.alice.waiting(), "");  // the ACK waits for the caller's
  const Wire ok = desk.caller.take("200 INVITE");
  EXPECT_NE(ok.body.find("m=audio 40000"), std::string::npos);

  desk.caller.ack(invite, ok, with_answer());

  const Wire ack = desk.alice.take("ACK");
  EXPECT_NE(ack.body.find("m=audio 50000"), std::string::npos);
}

TEST(CallerLeg, Wire_A12_LateOfferWithoutAnswerEndsBoth) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101");
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_offer());

  desk.caller.ack(invite, desk.caller.take("200 INVITE"));

  const Wire ack = desk.alice.take("ACK");
  EXPECT_NE(ack.body.find("m=audio 0 "), std::string::npos);
  EXPECT_EQ(desk.alice.take("BYE").header("Reason"), "SIP;cause=488");
  EXPECT_EQ(desk.caller.take("BYE").header("Reason"), "SIP;cause=488");
}

TEST(CallerLeg, Wire_A12_LateOfferThatNobodyAcknowledgesEndsBothAfter64T1) {
  Desk desk(small_office());
  (void)desk.caller.invite("101");
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_offer());

  desk.house.advance(Duration(32'100));

  EXPECT_EQ(desk.alice.waiting(), "ACK, BYE");
  EXPECT_EQ(desk.caller.count("BYE"), 1U);
}

TEST(CallerLeg, Wire_A13_RequiredExtensionThatWeDoNotKnowIs420) {
  Desk desk(small_office());
  (void)desk.caller.send_invite("101", with_line("Require: foo"));

  EXPECT_EQ(desk.caller.take("420 INVITE").header("Unsupported"), "foo");
}

TEST(CallerLeg, Wire_A13_ReliableRingingIsRepeatedUntilItsPrack) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Require: 100rel"};
  const Wire invite = desk.caller.invite("101", options);
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  const Wire ringing = desk.caller.take("180 INVITE");
  EXPECT_EQ(ringing.header("Require"), "100rel");
  const std::string rseq = ringing.header("RSeq");
  EXPECT_NE(rseq, "");
  desk.house.advance(Duration(500));
  EXPECT_EQ(desk.caller.waiting(), "180 INVITE");
  desk.caller.forget();

  const std::string rack = "RAck: " + rseq + " " + std::to_string(invite.cseq()) + " INVITE";
  (void)desk.caller.in_dialog("PRACK", invite, ringing, with_line(rack));
  EXPECT_EQ(desk.caller.waiting(), "200 PRACK");
  desk.caller.forget();
  desk.house.advance(Duration(10'000));

  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(CallerLeg, Wire_A13_ReliableRingingWithoutPrackEndsIn5xx) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Require: 100rel"};
  (void)desk.caller.invite("101", options);
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);

  desk.house.advance(Duration(32'100));

  EXPECT_EQ(desk.caller.count("504 INVITE") > 0 || desk.caller.count("480 INVITE") > 0, true);
  EXPECT_EQ(desk.alice.count("CANCEL") > 0, true);
}

TEST(CallerLeg, Wire_D9_PrackWithAWrongRackIs481) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Require: 100rel"};
  const Wire invite = desk.caller.invite("101", options);
  desk.alice.respond(desk.alice.take("INVITE"), 180);
  const Wire ringing = desk.caller.take("180 INVITE");

  (void)desk.caller.in_dialog("PRACK", invite, ringing, with_line("RAck: 1 99 INVITE"));

  EXPECT_EQ(desk.caller.waiting(), "481 PRACK");
}

TEST(CallerLeg, Wire_A14_MaxForwards0Is483) {
  Desk desk(small_office());
  const std::string text = desk.caller.request_text(
      "INVITE", "sip:101@office.example",
      {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-a14", "Max-Forwards: 0",
       "From: <sip:105@office.example>;tag=1", "To: <sip:101@office.example>", "Call-ID: a14",
       "CSeq: 1 INVITE", "Contact: <sip:105@192.0.2.105>"},
      "");

  desk.caller.send(text);

  EXPECT_EQ(desk.caller.waiting(), "483 INVITE");
}

TEST(CallerLeg, Wire_A14_UnknownToTagIs481) {
  Desk desk(small_office());
  const std::string text = desk.caller.request_text(
      "INVITE", "sip:101@office.example",
      {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-a14", "Max-Forwards: 70",
       "From: <sip:105@office.example>;tag=1", "To: <sip:101@office.example>;tag=2", "Call-ID: a14",
       "CSeq: 1 INVITE", "Contact: <sip:105@192.0.2.105>"},
      "");

  desk.caller.send(text);

  EXPECT_EQ(desk.caller.waiting(), "481 INVITE");
}

TEST(CallerLeg, Wire_A14_ExpiresOfTheInviteEndsItWith487) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Expires: 5"};
  (void)desk.caller.invite("101", options);
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  desk.caller.forget();

  desk.house.advance(Duration(5'000));

  EXPECT_EQ(desk.caller.waiting(), "487 INVITE");
  EXPECT_EQ(desk.alice.count("CANCEL"), 1U);
}

TEST(CallerLeg, Rule_5_TheCallerGetsOneToTagAndAFresh180EachMinute) {
  model::Office office = ring_all();
  office.groups[0].timeout = Duration(150'000);
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);
  desk.bob.respond(desk.bob.take("INVITE"), 180);
  const Wire first = desk.caller.take("180 INVITE");
  EXPECT_EQ(desk.caller.waiting(), "");

  desk.house.advance(Duration(60'000));

  const Wire second = desk.caller.take("180 INVITE");
  EXPECT_EQ(first.parameter("To", "tag"), second.parameter("To", "tag"));
}

TEST(CallerLeg, Decision_D12_UnknownNumberIs404WithARecord) {
  Desk desk(small_office());
  (void)desk.caller.invite("4711", with_offer());

  const Wire refused = desk.caller.take("404 INVITE");

  EXPECT_EQ(refused.header("Reason"), "Q.850;cause=1");
  EXPECT_EQ(desk.house.record().sip_code, 404);
  EXPECT_EQ(desk.house.record().dialled, "4711");
}

TEST(CallerLeg, DurableFactsStandBeforeTheFinalAnswers) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok);

  const auto& journal = desk.house.journal();
  const auto find_last = [&](const std::string& what) {
    for (std::size_t i = journal.size(); i > 0; --i) {
      if (journal[i - 1] == what) return i;
    }
    return std::size_t{0};
  };
  const std::string ended = "durable:" + std::to_string(facts::Fact(facts::CallEnded{}).index());
  const std::string answered =
      "durable:" + std::to_string(facts::Fact(facts::CallAnswered{}).index());
  EXPECT_LT(find_last(ended), find_last("200 BYE"));
  EXPECT_GT(find_last(ended), 0U);
  EXPECT_LT(find_last(answered), find_last("200 INVITE"));
  EXPECT_GT(find_last(answered), 0U);
}

}  // namespace
}  // namespace call::testing
