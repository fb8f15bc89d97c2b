// What RFC 3261 and its extensions ask of an answer or of a request, one rule a test, where no test
// of a behaviour shows it by the way. docs/rfc-ledger.csv names them.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"

namespace call::testing {
namespace {

using base::Duration;

Wire other_request(Desk& desk, const std::string& method, const Talk& talk,
                   const std::vector<std::string>& lines) {
  Options options;
  options.extra = lines;
  return desk.caller.in_dialog(method, talk.invite, talk.ok, options);
}

TEST(RfcRules, Rfc3261_8_2_1_AMethodThatIsNotAllowedIsToldWhichAre) {
  Desk desk(small_office());

  desk.caller.send(
      desk.caller.request_text("REFER", "sip:101@office.example",
                               {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-refer",
                                "Max-Forwards: 70", "From: <sip:105@office.example>;tag=1",
                                "To: <sip:101@office.example>", "Call-ID: refer", "CSeq: 1 REFER"},
                               ""));

  EXPECT_NE(desk.caller.take("405 REFER").header("Allow").find("INVITE"), std::string::npos);
}

TEST(RfcRules, Rfc3261_8_2_3_ACodedBodyIs415AndSaysWhatIsTaken) {
  Desk desk(small_office());
  Options coded = with_offer();
  coded.extra = {"Content-Encoding: gzip"};

  (void)desk.caller.invite("101", coded);

  EXPECT_EQ(desk.caller.take("415 INVITE").header("Accept-Encoding"), "identity");
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(RfcRules, Rfc3261_8_2_3_ACodedBodyInsideADialogIs415) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  Options coded = with_offer();
  coded.extra = {"Content-Encoding: gzip"};

  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, coded);

  EXPECT_EQ(desk.caller.take("415 INVITE").header("Accept-Encoding"), "identity");
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(RfcRules, Rfc3261_8_2_3_ABodyThatMayBeIgnoredIsNoReasonToRefuse) {
  Desk desk(small_office());
  Options options;
  options.body = "<x/>";
  options.content_type = "application/x-other";
  options.extra = {"Content-Disposition: session;handling=optional"};

  (void)desk.caller.invite("101", options);

  EXPECT_EQ(desk.alice.take("INVITE").body, "");
}

TEST(RfcRules, Rfc3261_8_2_3_ABodyOfAnotherTypeIs415AndSaysWhichIsTaken) {
  Desk desk(small_office());
  Options options;
  options.body = "<x/>";
  options.content_type = "application/x-other";

  (void)desk.caller.invite("101", options);

  EXPECT_EQ(desk.caller.take("415 INVITE").header("Accept"), "application/sdp");
}

TEST(RfcRules, Rfc3261_8_2_2_3_ACancelAndAnAckAreServedWhateverTheyRequire) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);

  desk.caller.cancel(invite, with_line("Require: foo"));

  (void)desk.caller.take("200 CANCEL");
  const Wire gone = desk.caller.take("487 INVITE");
  desk.caller.ack(invite, gone, with_line("Require: foo"));
  desk.house.advance(Duration(5'000));
  EXPECT_EQ(desk.caller.waiting(), "");
}

TEST(RfcRules, Rfc3261_8_2_6_2_AnAnswerHasTheNamesOfItsRequest) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);

  const Wire ringing = desk.caller.take("180 INVITE");

  EXPECT_EQ(ringing.header("From"), invite.header("From"));
  EXPECT_EQ(ringing.header("Call-ID"), invite.header("Call-ID"));
  EXPECT_EQ(ringing.header("CSeq"), invite.header("CSeq"));
  EXPECT_EQ(ringing.all("Via").size(), invite.all("Via").size());
  EXPECT_NE(ringing.parameter("To", "tag"), "");
}

TEST(RfcRules, Rfc3261_8_1_1_ARequestOfOurOwnHasEachFieldThatItMustHave) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());

  const Wire leg = desk.alice.take("INVITE");

  for (const char* name : {"To", "From", "CSeq", "Call-ID", "Max-Forwards", "Via", "Contact"})
    EXPECT_EQ(leg.all(name).size(), 1U) << name;
  EXPECT_EQ(leg.parameter("To", "tag"), "");
  EXPECT_NE(leg.parameter("From", "tag"), "");
  EXPECT_TRUE(leg.parameter("Via", "branch").starts_with("z9hG4bK"));
  EXPECT_TRUE(leg.header("Contact").starts_with("<sip:"));
  EXPECT_LT(leg.cseq(), 1U << 31);
  EXPECT_EQ(leg.cseq_method(), "INVITE");
}

TEST(RfcRules, Rfc3261_12_1_1_TheAnswerRepeatsTheRecordRouteInItsOrder) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Record-Route: <sip:192.0.2.71;lr>, <sip:192.0.2.72;lr;x=1>",
                   "Record-Route: <sip:192.0.2.73;lr>"};
  (void)desk.caller.invite("101", options);
  desk.alice.respond(desk.alice.take("INVITE"), 200, with_answer());

  const Wire ok = desk.caller.take("200 INVITE");

  std::string all;
  for (const std::string& line : ok.all("Record-Route")) all += (all.empty() ? "" : ", ") + line;
  EXPECT_EQ(all, "<sip:192.0.2.71;lr>, <sip:192.0.2.72;lr;x=1>, <sip:192.0.2.73;lr>");
  EXPECT_TRUE(ok.header("Contact").starts_with("<sip:"));
}

TEST(RfcRules, Rfc3261_13_3_1_4_The200OfAnInviteHasAContactAndTheMethods) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  EXPECT_FALSE(talk.ok.body.empty());
  EXPECT_TRUE(talk.ok.has("Contact"));
  EXPECT_NE(talk.ok.header("Allow").find("BYE"), std::string::npos);
  EXPECT_NE(talk.ok.header("Supported").find("100rel"), std::string::npos);
}

TEST(RfcRules, Rfc3261_13_2_2_4_TheAckOfA200HasTheNumberAndTheNamesOfItsInvite) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  EXPECT_EQ(talk.leg_ack.cseq(), talk.leg.cseq());
  EXPECT_EQ(talk.leg_ack.header("Call-ID"), talk.leg.header("Call-ID"));
  EXPECT_EQ(talk.leg_ack.header("From"), talk.leg.header("From"));
  EXPECT_NE(talk.leg_ack.parameter("Via", "branch"), talk.leg.parameter("Via", "branch"));
  EXPECT_EQ(talk.leg_ack.uri, "sip:101@192.0.2.101:5060");
}

TEST(RfcRules, Rfc3261_14_2_ASecondReinviteIsToldWhenToComeAgain) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, with_offer());

  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, with_offer());

  const std::string again = desk.caller.take("500 INVITE").header("Retry-After");
  ASSERT_NE(again, "");
  EXPECT_GE(std::stoi(again), 0);
  EXPECT_LE(std::stoi(again), 10);
}

TEST(RfcRules, Rfc3311_5_2_ASecondUpdateIsToldWhenToComeAgain) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Allow: INVITE, ACK, BYE, CANCEL, UPDATE"};
  const Talk talk = desk.talk("101", with_offer(), answer);
  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, with_offer());

  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, with_offer());

  const std::string again = desk.caller.take("500 UPDATE").header("Retry-After");
  ASSERT_NE(again, "");
  EXPECT_LE(std::stoi(again), 10);
}

TEST(RfcRules, Rfc3262_3_A100IsNeverReliable) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_line("Require: 100rel"));

  const Wire trying = desk.caller.take("100 INVITE");

  EXPECT_FALSE(trying.has("RSeq"));
  EXPECT_FALSE(trying.has("Require"));
}

TEST(RfcRules, Rfc3262_3_WithoutItsTokenNothingIsReliable) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);

  const Wire ringing = desk.caller.take("180 INVITE");

  EXPECT_FALSE(ringing.has("RSeq"));
  EXPECT_EQ(ringing.header("Require").find("100rel"), std::string::npos);
}

TEST(RfcRules, Rfc3262_4_AnAcknowledgedNumberThatIsNotTheNextIsLeftAlone) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options first;
  first.extra = {"Require: 100rel", "RSeq: 77"};
  Options gap;
  gap.extra = {"Require: 100rel", "RSeq: 79"};
  desk.alice.respond(leg, 180, first);
  desk.alice.respond(desk.alice.take("PRACK"), 200);

  desk.alice.respond(leg, 180, gap);

  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(RfcRules, Rfc3515_2_4_2_AReferHasOneReferTo) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)other_request(desk, "REFER", talk, {});
  (void)desk.caller.take("400 REFER");
  (void)other_request(desk, "REFER", talk,
                      {"Refer-To: <sip:102@office.example>", "Refer-To: <sip:103@office.example>"});

  (void)desk.caller.take("400 REFER");
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(RfcRules, Rfc4028_9_ARefreshThatIsTooShortIs422AndTheCallStays) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)other_request(desk, "UPDATE", talk, {"Supported: timer", "Session-Expires: 30"});

  EXPECT_EQ(desk.caller.take("422 UPDATE").header("Min-SE"), "90");
  EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
}

TEST(RfcRules, Rfc6665_8_2_2_AnUnknownPackageIs489AndSaysWhichAreKnown) {
  Desk desk(small_office());

  desk.caller.send(desk.caller.request_text(
      "SUBSCRIBE", "sip:101@office.example",
      {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-sub", "Max-Forwards: 70",
       "From: <sip:105@office.example>;tag=1", "To: <sip:101@office.example>", "Call-ID: sub",
       "CSeq: 1 SUBSCRIBE", "Event: winfo", "Contact: <sip:105@192.0.2.105:5060>"},
      ""));

  EXPECT_NE(desk.caller.take("489 SUBSCRIBE").header("Allow-Events").find("dialog"),
            std::string::npos);
}

TEST(RfcRules, Rfc3261_18_1_2_AnAnswerToNoRequestOfOursIsDropped) {
  Desk desk(office_with(model::Strategy::Sequential, {"101", "102"}));
  (void)desk.caller.invite("8001", with_offer());
  Wire leg = desk.alice.take("INVITE");
  for (auto& [name, value] : leg.headers) {
    if (name == "Via") value = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-nobodys";
  }

  desk.alice.respond(leg, 486);

  EXPECT_EQ(desk.alice.waiting(), "");
  EXPECT_EQ(desk.bob.count("INVITE"), 0U);
}

TEST(RfcRules, Rfc3261_8_1_3_3_AnAnswerWithTwoViasIsDropped) {
  Desk desk(office_with(model::Strategy::Sequential, {"101", "102"}));
  (void)desk.caller.invite("8001", with_offer());
  Wire leg = desk.alice.take("INVITE");
  leg.headers.emplace_back("Via", "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-other");

  desk.alice.respond(leg, 486);

  EXPECT_EQ(desk.alice.waiting(), "");
  EXPECT_EQ(desk.bob.count("INVITE"), 0U);
}

TEST(RfcRules, Rfc3261_8_1_3_2_AnUnknownFinalAnswerCountsAsItsClass) {
  for (const int code : {299, 399, 499, 599, 699}) {
    Desk desk(office_with(model::Strategy::Sequential, {"101", "102"}));
    (void)desk.caller.invite("8001", with_offer());
    const Wire leg = desk.alice.take("INVITE");

    desk.alice.respond(leg, code, code == 299 ? with_answer() : Options{});

    EXPECT_EQ(desk.alice.waiting(), "ACK") << code;
    EXPECT_EQ(desk.bob.count("INVITE"), code == 299 ? 0U : 1U) << code;
  }
}

TEST(RfcRules, Rfc3261_8_1_3_2_AnUnknownProvisionalAnswerIsOne) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 188);

  desk.caller.cancel(invite);

  EXPECT_EQ(desk.alice.waiting(), "CANCEL") << "it may be cancelled now";
}

TEST(RfcRules, Rfc3261_17_1_1_2_WhoNeverAnswersGetsNoAck) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());

  desk.house.advance(Duration(60'000));

  EXPECT_EQ(desk.alice.count("ACK"), 0U);
}

TEST(RfcRules, Rfc3261_7_3_1_EachChallengeStandsOnALineOfItsOwn) {
  Desk desk(small_office());
  (void)desk.caller.send_invite("101", with_offer());

  const Wire refused = desk.caller.take("401 INVITE");

  const auto lines = refused.all("WWW-Authenticate");
  ASSERT_EQ(lines.size(), 2U);
  for (const std::string& line : lines) EXPECT_EQ(line.rfind("Digest "), 0U) << line;
  EXPECT_NE(lines[0].find("SHA-256"), std::string::npos);
  EXPECT_NE(lines[0].find("qop=\"auth\""), std::string::npos);
}

TEST(RfcRules, Rfc3261_8_2_6_1_NothingProvisionalIsSaidToAnythingButAnInvite) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)other_request(desk, "OPTIONS", talk, {});

  EXPECT_EQ(desk.caller.waiting(), "200 OPTIONS");
}

TEST(RfcRules, Rfc3262_4_A100ThatClaimsToBeReliableIsNotAcknowledged) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  Options reliable;
  reliable.extra = {"Require: 100rel", "RSeq: 77"};

  desk.alice.respond(desk.alice.take("INVITE"), 100, reliable);

  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(RfcRules, Rfc3262_3_ASecondReliableAnswerWaitsForTheFirst) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = {"Require: 100rel"};
  (void)desk.caller.invite("101", options);
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  const Wire first = desk.caller.take("180 INVITE");

  desk.alice.respond(leg, 183, with_answer());

  EXPECT_EQ(desk.caller.waiting(), "");
  EXPECT_NE(first.header("RSeq"), "");
}

TEST(RfcRules, Rfc3261_26_2_2_ASipsRequestThatCameWithoutTlsIsRefused) {
  Desk desk(small_office());

  for (const std::string method : {"INVITE", "OPTIONS"}) {
    desk.caller.send(desk.caller.request_text(
        method, "sips:101@office.example",
        {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-sips-" + method, "Max-Forwards: 70",
         "From: <sip:105@office.example>;tag=1", "To: <sips:101@office.example>",
         "Call-ID: sips-" + method, "CSeq: 1 " + method, "Contact: <sips:105@192.0.2.105:5060>"},
        ""));

    EXPECT_EQ(desk.caller.waiting(), "403 " + method);
    desk.caller.forget();
  }
  EXPECT_EQ(desk.alice.waiting(), "");
}

std::string register_text(const Desk& desk, const std::string& domain, const std::string& line) {
  return desk.caller.request_text(
      "REGISTER", "sip:" + domain,
      {"Via: SIP/2.0/UDP 192.0.2.105:5060;branch=z9hG4bK-register", "Max-Forwards: 70",
       "From: <sip:105@" + domain + ">;tag=1", "To: <sip:105@" + domain + ">", "Call-ID: register",
       "CSeq: 1 REGISTER", "Contact: <sip:105@192.0.2.105:5060>", line},
      "");
}

TEST(RfcRules, Rfc3261_10_3_ARegistrationThatRequiresWhatIsUnknownIs420) {
  Desk desk(small_office());

  desk.caller.send(register_text(desk, "office.example", "Require: foo"));

  EXPECT_EQ(desk.caller.take("420 REGISTER").header("Unsupported"), "foo");
}

TEST(RfcRules, Rfc3261_10_3_ARegistrationForAForeignDomainIsRefused) {
  Desk desk(small_office());

  desk.caller.send(register_text(desk, "foreign.example", "Expires: 60"));

  const std::string answer = desk.caller.waiting();
  EXPECT_TRUE(answer == "404 REGISTER" || answer == "403 REGISTER") << answer;
}

TEST(RfcRules, Rfc3891_3_ReplacesElsewhereThanInAnInviteIs400) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)other_request(desk, "INFO", talk, {"Replaces: a;to-tag=1;from-tag=2"});

  EXPECT_EQ(desk.caller.waiting(), "400 INFO");
  EXPECT_EQ(desk.alice.waiting(), "");
}

}  // namespace
}  // namespace call::testing
