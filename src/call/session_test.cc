// Inside the dialogs of an answered call (docs/reliability.md D, RFC 3261 sections 14 and 15,
// RFC 4028).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/call_record.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

Options hold_offer() {
  Options options = with_offer();
  options.body.replace(options.body.find("sendrecv"), 8, "sendonly");
  return options;
}
Options hold_answer() {
  Options options = with_answer();
  options.body.replace(options.body.find("sendrecv"), 8, "recvonly");
  return options;
}

TEST(Session, Wire_D1_ByeBeforeTheAckStopsThe200AndTheCallee) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");

  (void)desk.caller.in_dialog("BYE", invite, ok);

  EXPECT_EQ(desk.caller.waiting(), "200 BYE");
  desk.caller.forget();
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.advance(Duration(5'000));
  EXPECT_EQ(desk.caller.waiting(), "");
  desk.house.expect_clean_end();
}

TEST(Session, Wire_D2_ByesThatCrossAreBothAnswered) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok);
  const Wire bye = desk.alice.take("BYE");

  (void)desk.alice.in_dialog("BYE", talk.leg, Wire{});
  desk.alice.respond(bye, 200);

  EXPECT_EQ(desk.alice.waiting(), "200 BYE");
  EXPECT_EQ(desk.caller.waiting(), "200 BYE");
  EXPECT_EQ(desk.house.record().ended_by, facts::EndedBy::Caller);
  desk.house.expect_clean_end();
}

TEST(Session, Wire_D3_ByeAgainIsAnsweredAgain) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire bye = desk.caller.in_dialog("BYE", talk.invite, talk.ok);
  std::vector<std::string> headers;
  for (const auto& [name, value] : bye.headers) headers.push_back(name + ": " + value);

  headers.pop_back();
  desk.caller.send(desk.caller.request_text("BYE", bye.uri, headers, ""));

  EXPECT_EQ(desk.caller.waiting(), "200 BYE, 200 BYE");
  EXPECT_EQ(desk.alice.count("BYE"), 1U);
}

TEST(Session, Wire_D3_ByeWithALowerCseqIs500AndTheCallStays) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Wire old = talk.invite;
  (void)desk.caller.in_dialog("INFO", talk.invite, talk.ok);
  desk.alice.respond(desk.alice.take("INFO"), 200);
  desk.caller.forget();
  std::vector<std::string> headers{"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-low",
                                   "Max-Forwards: 70",
                                   "From: " + talk.invite.header("From"),
                                   "To: " + talk.ok.header("To"),
                                   "Call-ID: " + talk.invite.header("Call-ID"),
                                   "CSeq: 1 BYE"};

  desk.caller.send(desk.caller.request_text("BYE", "sip:192.0.2.1:5060", headers, ""));

  EXPECT_EQ(desk.caller.waiting(), "500 BYE");
  EXPECT_EQ(desk.alice.count("BYE"), 0U);
}

TEST(Session, Wire_D3_ByeAfterTheEndOrWithAWrongTagIs481) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Wire wrong = talk.ok;
  for (auto& [name, value] : wrong.headers) {
    if (name == "To") value.back() = value.back() == '0' ? '1' : '0';
  }

  (void)desk.caller.in_dialog("BYE", talk.invite, wrong);

  EXPECT_EQ(desk.caller.waiting(), "481 BYE");
  EXPECT_EQ(desk.alice.count("BYE"), 0U);
}

TEST(Session, ByeFromAnotherAddressHasNoEffect) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Phone stranger(desk.house, "203.0.113.9:5060", "105");
  Wire ok = talk.ok;
  ok.flow = stranger.flow();

  (void)stranger.in_dialog("BYE", talk.invite, ok);

  EXPECT_EQ(stranger.waiting(), "481 BYE");
  EXPECT_EQ(desk.alice.count("BYE"), 0U);
}

TEST(Session, Wire_D4_ReinvitesThatCrossGet491) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire first = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");

  (void)desk.alice.in_dialog("INVITE", talk.leg, Wire{}, hold_offer());

  EXPECT_EQ(desk.alice.count("491 INVITE"), 1U);
  desk.alice.respond(passed, 200, hold_answer());
  const Wire ok = desk.caller.take("200 INVITE");
  desk.caller.ack(first, ok);
  EXPECT_EQ(desk.alice.count("ACK"), 1U);
}

TEST(Session, Wire_D5_ReinviteBeforeTheFirstAckIs491) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");
  desk.alice.forget();

  (void)desk.alice.in_dialog("INVITE", leg, Wire{}, hold_offer());

  EXPECT_EQ(desk.alice.waiting(), "491 INVITE");
  desk.caller.ack(invite, ok);
  EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
}

TEST(Session, Wire_D5_SecondReinviteBeforeTheFirstAnswerIs500) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());

  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());

  const Wire refused = desk.caller.take("500 INVITE");
  EXPECT_NE(refused.header("Retry-After"), "");
}

TEST(Session, Wire_D6_ByeDuringAReinviteEndsItWith487) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  desk.caller.forget();

  (void)desk.alice.in_dialog("BYE", talk.leg, Wire{});

  EXPECT_EQ(desk.alice.waiting(), "200 BYE");
  const Wire refused = desk.caller.take("487 INVITE");
  desk.caller.ack(reinvite, refused);
  desk.caller.respond(desk.caller.take("BYE"), 200);
  desk.alice.forget();
  desk.alice.respond(passed, 200, hold_answer());
  EXPECT_EQ(desk.alice.count("ACK"), 1U);
  desk.house.expect_clean_end();
}

TEST(Session, Wire_D6_ByeOfTheCallerDuringHisOwnReinviteEndsItWith487) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  desk.alice.respond(passed, 100);

  desk.caller.in_dialog("BYE", talk.invite, talk.ok);

  EXPECT_EQ(desk.caller.count("200 BYE"), 1U);
  desk.caller.ack(reinvite, desk.caller.take("487 INVITE"));
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.advance(Duration(220'000));  // alice never answers the re-INVITE
  desk.house.expect_clean_end();
}

TEST(Session, Wire_D6_TheEndByASessionTimerDuringAReinviteEndsItWith487) {
  Desk desk(small_office());
  Options offer = with_offer();
  offer.extra = {"Session-Expires: 90;refresher=uac", "Supported: timer"};
  const Talk talk = desk.talk("101", offer);
  const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 100);

  desk.house.advance(Duration(100'000));

  desk.caller.ack(reinvite, desk.caller.take("487 INVITE"));
  desk.caller.respond(desk.caller.take("BYE"), 200);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.advance(Duration(180'000));  // alice never answers the re-INVITE
  desk.house.expect_clean_end();
}

TEST(Session, AReinviteThatIsNeverAnsweredEndsTheCall) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 100);

  desk.house.advance(Duration(220'000));

  desk.caller.ack(reinvite, desk.caller.take("408 INVITE"));
  EXPECT_TRUE(desk.alice.has("BYE"));
  EXPECT_TRUE(desk.caller.has("BYE"));
  desk.house.expect_clean_end();
}

TEST(Session, Wire_D6_CancelOfAReinviteIsPassedAndTheCallStays) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  desk.alice.respond(passed, 100);

  desk.caller.cancel(reinvite);

  EXPECT_EQ(desk.caller.count("200 CANCEL"), 1U);
  (void)desk.alice.be_cancelled(passed);
  desk.caller.ack(reinvite, desk.caller.take("487 INVITE"));
  EXPECT_EQ(desk.alice.count("BYE") + desk.caller.count("BYE"), 0U);
  EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
}

TEST(Session, Wire_D7_FailuresOfAReinvite) {
  for (const int code : {488, 491, 500}) {
    Desk desk(small_office());
    const Talk talk = desk.talk();
    const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());

    desk.alice.respond(desk.alice.take("INVITE"), code);

    const Wire refused = desk.caller.take(std::to_string(code) + " INVITE");
    desk.caller.ack(reinvite, refused);
    EXPECT_EQ(desk.caller.waiting(), "");
    EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
  }
  for (const int code : {408, 481}) {
    Desk desk(small_office());
    const Talk talk = desk.talk();
    const Wire reinvite = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());

    desk.alice.respond(desk.alice.take("INVITE"), code);

    desk.caller.ack(reinvite, desk.caller.take(std::to_string(code) + " INVITE"));
    EXPECT_EQ(desk.caller.count("BYE"), 1U) << code;
    EXPECT_EQ(desk.house.engine().counters().calls_active, 0U);
  }
}

TEST(Session, Wire_D8_HoldAndResumePassBothWaysWithOurOwnOrigin) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire hold = desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  EXPECT_NE(passed.body.find("a=sendonly"), std::string::npos);
  EXPECT_EQ(passed.body.find("o=- 1111 "), std::string::npos);
  EXPECT_GT(passed.cseq(), talk.leg.cseq());

  desk.alice.respond(passed, 200, hold_answer());

  const Wire ok = desk.caller.take("200 INVITE");
  EXPECT_NE(ok.body.find("a=recvonly"), std::string::npos);
  EXPECT_EQ(ok.body.find("o=- 2222 "), std::string::npos);
  desk.caller.ack(hold, ok);
  EXPECT_EQ(desk.alice.count("ACK"), 1U);
  desk.house.forget_all();

  const Wire from_alice = desk.alice.in_dialog("INVITE", talk.leg, Wire{}, hold_offer());
  const Wire to_caller = desk.caller.take("INVITE");
  desk.caller.respond(to_caller, 200, hold_answer());
  const Wire alice_ok = desk.alice.take("200 INVITE");
  desk.alice.ack(from_alice, alice_ok);
  EXPECT_EQ(desk.caller.count("ACK"), 1U);
}

TEST(Session, Wire_D9_UpdatePassesAndGlaresWith491) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Allow: INVITE, ACK, BYE, CANCEL, UPDATE"};
  const Talk talk = desk.talk("101", with_offer(), answer);
  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("UPDATE");

  (void)desk.alice.in_dialog("UPDATE", talk.leg, Wire{}, hold_offer());
  EXPECT_EQ(desk.alice.waiting(), "491 UPDATE");
  desk.alice.respond(passed, 200, hold_answer());

  EXPECT_NE(desk.caller.take("200 UPDATE").body.find("a=recvonly"), std::string::npos);
}

TEST(Session, InfoPassesWithItsBody) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Options digits;
  digits.body = "Signal=1\r\nDuration=160\r\n";
  digits.content_type = "application/dtmf-relay";

  (void)desk.caller.in_dialog("INFO", talk.invite, talk.ok, digits);

  const Wire info = desk.alice.take("INFO");
  EXPECT_EQ(info.body, digits.body);
  EXPECT_EQ(info.header("Content-Type"), "application/dtmf-relay");
  desk.alice.respond(info, 200);
  EXPECT_EQ(desk.caller.waiting(), "200 INFO");
}

TEST(Session, Wire_D10_TheCallersRefreshKeepsTheCallAndItsAbsenceEndsIt) {
  Desk desk(small_office());
  Options offer = with_offer();
  offer.extra = {"Supported: timer", "Session-Expires: 90;refresher=uac"};
  Options answer = with_answer();
  const Talk talk = desk.talk("101", offer, answer);
  EXPECT_EQ(talk.ok.header("Session-Expires"), "90;refresher=uac");
  EXPECT_EQ(talk.ok.header("Require"), "timer");
  desk.house.advance(Duration(45'000));
  Options refresh = with_line("Session-Expires: 90;refresher=uac");
  refresh.extra.push_back("Supported: timer");
  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, refresh);
  EXPECT_EQ(desk.caller.take("200 UPDATE").header("Session-Expires"), "90;refresher=uac");

  desk.house.advance(Duration(59'000));
  EXPECT_EQ(desk.caller.count("BYE"), 0U);
  desk.house.advance(Duration(1'200));

  EXPECT_EQ(desk.caller.count("BYE"), 1U);
  EXPECT_EQ(desk.alice.count("BYE"), 1U);
}

TEST(Session, Wire_D10_WeRefreshTheCalleesSession) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Supported: timer", "Require: timer", "Session-Expires: 200;refresher=uac",
                  "Allow: INVITE, ACK, BYE, CANCEL, UPDATE"};
  (void)desk.talk("101", with_offer(), answer);

  desk.house.advance(Duration(100'000));

  const Wire update = desk.alice.take("UPDATE");
  EXPECT_EQ(update.header("Session-Expires"), "200;refresher=uac");
  desk.alice.respond(update, 200, with_line("Session-Expires: 200;refresher=uac"));
  desk.alice.forget();
  desk.house.advance(Duration(101'000));
  EXPECT_GT(desk.alice.count("UPDATE"), 0U);
}

TEST(Session, Wire_D10_WithoutUpdateWeRefreshByTheSameDescription) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Supported: timer", "Require: timer", "Session-Expires: 200;refresher=uac",
                  "Allow: INVITE, ACK, BYE, CANCEL"};
  const Talk talk = desk.talk("101", with_offer(), answer);

  desk.house.advance(Duration(100'000));

  const Wire reinvite = desk.alice.take("INVITE");
  EXPECT_EQ(reinvite.body, talk.leg.body);
  desk.alice.respond(reinvite, 200, answer);
  EXPECT_EQ(desk.alice.count("ACK"), 1U);
  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(Session, Wire_D10_TooShortASessionIs422) {
  Desk desk(small_office());
  Options offer = with_offer();
  offer.extra = {"Supported: timer", "Session-Expires: 30"};

  (void)desk.caller.invite("101", offer);

  EXPECT_EQ(desk.caller.take("422 INVITE").header("Min-SE"), "90");
}

TEST(Session, WithoutMediaNobodyIsTransferred) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)desk.caller.in_dialog("REFER", talk.invite, talk.ok,
                              with_line("Refer-To: <sip:102@office.example>"));

  (void)desk.caller.take("603 REFER");
  EXPECT_FALSE(desk.alice.has("BYE"));
}

TEST(Session, Invariant_I7_CseqRisesAndTheAckHasItsInvites) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  EXPECT_EQ(talk.leg_ack.cseq(), talk.leg.cseq());

  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok);

  EXPECT_GT(desk.alice.take("BYE").cseq(), talk.leg.cseq());
}

TEST(Session, CalleeHangsUpAndTheRecordSaysSo) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  desk.house.advance(Duration(5'000));

  (void)desk.alice.in_dialog("BYE", talk.leg, Wire{});

  EXPECT_EQ(desk.alice.waiting(), "200 BYE");
  EXPECT_EQ(desk.caller.count("BYE"), 1U);
  const facts::CallRecord record = desk.house.record();
  EXPECT_EQ(record.ended_by, facts::EndedBy::Callee);
  EXPECT_EQ(record.talk_ms, 5'000);
  EXPECT_EQ(record.answered_by, "101");
}

}  // namespace
}  // namespace call::testing
