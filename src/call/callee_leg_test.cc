// Callee legs: what an INVITE says, how failures count, several phones of one user, redirects,
// trunks (docs/hunting.md rules 10, 13, 14; docs/reliability.md C; sip.md 4.1, 4.4, 4.9).

#include <cstddef>
#include <string>
#include <utility>
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

model::Office sequential() {
  return office_with(model::Strategy::Sequential, {"101", "102"});
}

model::Office with_trunk() {
  model::Office office = small_office();
  model::Trunk trunk;
  trunk.name = "carrier";
  trunk.uri = "sip:203.0.113.1:5070";
  trunk.username = "account";
  trunk.password = "secret";
  trunk.numbers = {"+48587622000"};
  office.trunks.push_back(trunk);
  return office;
}

const std::string kCarrier = "203.0.113.1:5070";

TEST(CalleeLeg, Peer_B14_EachContactIsReachedByItsOwnWay) {
  House house(small_office());
  Phone desk(house, "192.0.2.101:5060", "101");
  Phone mobile(house, "198.51.100.7:40000", "101");
  desk.register_contact();
  mobile.register_contact();
  Phone caller(house, "192.0.2.105:5060", "105", "secret-105");

  (void)caller.invite("101", with_offer());

  EXPECT_EQ(desk.take("INVITE").uri, "sip:101@192.0.2.101:5060");
  EXPECT_EQ(mobile.take("INVITE").uri, "sip:101@198.51.100.7:40000");
}

TEST(CalleeLeg, TheLegIsADialogOfItsOwn) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_NE(leg.header("Call-ID"), invite.header("Call-ID"));
  EXPECT_NE(leg.parameter("From", "tag"), invite.parameter("From", "tag"));
  EXPECT_EQ(leg.header("Max-Forwards"), "69");
  EXPECT_EQ(leg.header("X-CID"), invite.header("Call-ID"));
  EXPECT_EQ(leg.header("P-Called-Party-ID"), "<sip:101@office.example>");
  EXPECT_EQ(leg.body.find("o=- 1111 "), std::string::npos);
  EXPECT_NE(leg.body.find("m=audio 40000"), std::string::npos);
}

TEST(CalleeLeg, ExpiresIsTheLatestEndOfTheRingAndFiveSeconds) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());

  EXPECT_EQ(desk.alice.take("INVITE").header("Expires"), "25");
}

TEST(CalleeLeg, GroupHeadersOfTheGroupNeverOfTheCaller) {
  model::Office office = sequential();
  office.groups[0].ring_melody = "<http://127.0.0.1/Bellcore-dr3>";
  office.groups[0].caller_id.name_prefix = "Sales: ";
  Desk desk(office);
  Options options = with_offer();
  options.extra = {"Alert-Info: <http://evil.example/ring.wav>",
                   "Call-Info: <sip:x>;answer-after=0",
                   "P-Asserted-Identity: <sip:112@office.example>", "X-Bypass-me : x"};
  (void)desk.caller.invite("8001", options);

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_EQ(leg.all("Alert-Info"), std::vector<std::string>{"<http://127.0.0.1/Bellcore-dr3>"});
  EXPECT_NE(leg.header("From").find("\"Sales: User 105\" <sip:105@office.example>"),
            std::string::npos);
  EXPECT_FALSE(leg.has("Call-Info"));
  EXPECT_FALSE(leg.has("P-Asserted-Identity"));
  EXPECT_FALSE(leg.has("X-Bypass-me"));
}

TEST(CalleeLeg, Wire_C3_EveryFailureGoesToTheNextMemberAtOnce) {
  for (const int code : {480, 486, 408, 404, 410, 503, 302, 401, 407, 484, 488, 606}) {
    Desk desk(sequential());
    (void)desk.caller.invite("8001", with_offer());
    Options options;
    if (code == 302) options.contact = "<sip:+15550100@office.example>";
    if (code == 401) options.extra = {"WWW-Authenticate: Digest realm=\"x\", nonce=\"y\""};

    desk.alice.respond(desk.alice.take("INVITE"), code, options);

    EXPECT_EQ(desk.alice.waiting(), "ACK") << code;
    EXPECT_EQ(desk.bob.count("INVITE"), 1U) << code;
  }
}

TEST(CalleeLeg, Wire_C3_422IsTriedOnceMoreWithTheLongerSession) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());
  const Wire first = desk.alice.take("INVITE");

  desk.alice.respond(first, 422, with_line("Min-SE: 3600"));

  const Wire second = desk.alice.take("INVITE");
  EXPECT_EQ(second.header("Min-SE"), "3600");
  EXPECT_EQ(second.header("Session-Expires"), "3600");
  EXPECT_EQ(second.header("Call-ID"), first.header("Call-ID"));
  EXPECT_EQ(second.cseq(), first.cseq() + 1);
  desk.alice.respond(second, 422, with_line("Min-SE: 7200"));
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
}

TEST(CalleeLeg, Wire_C3_491AndAShort500AreTriedOnceMore) {
  for (const int code : {491, 500}) {
    Desk desk(sequential());
    (void)desk.caller.invite("8001", with_offer());
    Options options;
    if (code == 500) options.extra = {"Retry-After: 1"};
    desk.alice.respond(desk.alice.take("INVITE"), code, options);
    EXPECT_EQ(desk.bob.count("INVITE"), 0U);

    desk.house.advance(Duration(2'100));

    const Wire again = desk.alice.take("INVITE");
    while (desk.alice.count("INVITE") > 0) {  // its repeats: one transaction, not a third try
      EXPECT_EQ(desk.alice.take("INVITE").parameter("Via", "branch"),
                again.parameter("Via", "branch"))
          << code;
    }
    EXPECT_EQ(desk.bob.count("INVITE"), 0U) << code;
  }
}

TEST(CalleeLeg, Wire_C4_ADeadAddressIsFollowedByTheNextMember) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());
  (void)desk.alice.take("INVITE");

  desk.house.transport_failed(desk.alice.flow());

  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
}

TEST(CalleeLeg, Wire_C5_ASilentPhoneIsPassedAfterThreeSecondsAndMayStillWin) {
  Desk desk(sequential());
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.house.advance(Duration(2'900));
  EXPECT_EQ(desk.bob.count("INVITE"), 0U);
  desk.house.advance(Duration(200));
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);

  desk.alice.respond(leg, 200, with_answer());

  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
}

TEST(CalleeLeg, Wire_C7_APausedMemberStopsRingingWithinASecond) {
  model::Office office = sequential();
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);
  office.users[0].paused.on = true;

  desk.house.reconfigure(office);
  desk.house.advance(Duration(400));

  EXPECT_EQ(desk.alice.take("CANCEL").all("Reason"), std::vector<std::string>{"Q.850;cause=19"});
  EXPECT_EQ(desk.bob.count("INVITE"), 1U);
}

TEST(CalleeLeg, Wire_C10_A486OfOnePhoneDoesNotEndTheOthersA603Does) {
  for (const int code : {486, 603}) {
    House house(small_office());
    Phone one(house, "192.0.2.101:5060", "101");
    Phone two(house, "192.0.2.111:5060", "101");
    one.register_contact();
    two.register_contact();
    Phone caller(house, "192.0.2.105:5060", "105", "secret-105");
    (void)caller.invite("101", with_offer());
    const Wire leg2 = two.take("INVITE");
    two.respond(leg2, 180);

    one.respond(one.take("INVITE"), code);

    EXPECT_EQ(two.count("CANCEL"), code == 603 ? 1U : 0U);
    EXPECT_EQ(caller.count("486 INVITE"), code == 603 ? 1U : 0U);
  }
}

TEST(CalleeLeg, Wire_C10_AnAnswerCancelsTheSisterWithCompletedElsewhere) {
  House house(small_office());
  Phone one(house, "192.0.2.101:5060", "101");
  Phone two(house, "192.0.2.111:5060", "101");
  one.register_contact();
  two.register_contact();
  Phone caller(house, "192.0.2.105:5060", "105", "secret-105");
  (void)caller.invite("101", with_offer());
  two.respond(two.take("INVITE"), 180);

  one.respond(one.take("INVITE"), 200, with_answer());

  EXPECT_EQ(two.take("CANCEL").header("Reason"), "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST(CalleeLeg, Wire_C11_TheSamePhoneAgainIsNotForkedAnotherOneJoins) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);
  Phone moved(desk.house, "192.0.2.101:6000", "101");
  moved.register_contact();
  EXPECT_EQ(moved.count("INVITE"), 0U);
  Phone second(desk.house, "192.0.2.199:5060", "101");

  second.register_contact();

  EXPECT_EQ(second.count("INVITE"), 1U);
}

TEST(CalleeLeg, Rule_13_BindingsOfOneInstanceAreTriedOneAfterAnother) {
  House house(small_office());
  Phone old_way(house, "192.0.2.101:5060", "101");
  Phone new_way(house, "192.0.2.101:6060", "101");
  old_way.register_contact(";+sip.instance=\"<urn:uuid:1>\";reg-id=1");
  house.advance(Duration(1'000));
  new_way.register_contact(";+sip.instance=\"<urn:uuid:1>\";reg-id=2");
  Phone caller(house, "192.0.2.105:5060", "105", "secret-105");
  (void)caller.invite("101", with_offer());
  EXPECT_EQ(new_way.count("INVITE") + old_way.count("INVITE"), 1U);
  Phone& first = new_way.has("INVITE") ? new_way : old_way;
  Phone& second = new_way.has("INVITE") ? old_way : new_way;

  first.respond(first.take("INVITE"), 430);

  EXPECT_EQ(second.count("INVITE"), 1U);
}

TEST(CalleeLeg, Rule_14_A302IsFollowedWithTheRightsOfWhoDiverts) {
  model::Office office = office_with(model::Strategy::RingAll, {"101"});
  office.groups[0].follow_forwards = true;
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  Options options;
  options.contact = "<sip:102@office.example>";

  desk.alice.respond(desk.alice.take("INVITE"), 302, options);

  const Wire leg = desk.bob.take("INVITE");
  EXPECT_NE(leg.header("Diversion").find("sip:101@office.example"), std::string::npos);
  EXPECT_FALSE(leg.all("History-Info").empty());
  desk.bob.respond(leg, 200, with_answer());
  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
}

TEST(CalleeLeg, Rule_14_A302ToTheTelephoneNetworkNeedsTheDivertersRight) {
  for (const bool may : {true, false}) {
    model::Office office = with_trunk();
    office.groups.push_back(group("8001", model::Strategy::RingAll, {"101"}));
    office.groups[0].follow_forwards = true;
    office.users[0].permissions.external = may;
    Desk desk(office);
    (void)desk.caller.invite("8001", with_offer());
    Options options;
    options.contact = "<sip:+48600100200@office.example>";

    desk.alice.respond(desk.alice.take("INVITE"), 302, options);

    EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), may ? 1U : 0U);
  }
}

// The ring's time decides, not Timer C, and who rang to its end counts as rung out (rules 1, 8).
TEST(CalleeLeg, Wire_A15_ALegThatRangOnceRingsToTheEndOfItsTime) {
  model::Office office = office_with(model::Strategy::RingAll, {"101"});
  office.groups[0].timeout = Duration(300'000);
  Desk desk(office);
  const Wire invite = desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  desk.house.advance(Duration(299'000));
  EXPECT_EQ(desk.alice.count("CANCEL"), 0U);

  desk.house.advance(Duration(1'000));

  (void)desk.alice.be_cancelled(leg);
  const Wire refused = desk.caller.take("480 INVITE");
  EXPECT_EQ(refused.header("Reason"), "Q.850;cause=19");
  desk.caller.ack(invite, refused);
  ASSERT_EQ(desk.house.record().attempts.size(), 1U);
  EXPECT_EQ(desk.house.record().attempts[0].result, facts::AttemptResult::TimedOut);
}

TEST(CalleeLeg, EveryReliableProvisionalGetsItsPrack) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  Options reliable;
  reliable.extra = {"Require: 100rel", "RSeq: 77"};

  desk.alice.respond(leg, 180, reliable);
  desk.alice.respond(leg, 180, reliable);

  const Wire prack = desk.alice.take("PRACK");
  EXPECT_EQ(prack.header("RAck"), "77 " + std::to_string(leg.cseq()) + " INVITE");
  EXPECT_GT(prack.cseq(), leg.cseq());
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(Trunk, ADirectCallGoesOutWithOurNumberAndItsChallengeIsAnswered) {
  Desk desk(with_trunk());
  (void)desk.caller.invite("+48600100200", with_offer());
  const Wire first = desk.house.take(kCarrier, "INVITE");
  EXPECT_EQ(first.uri, "sip:+48600100200@203.0.113.1:5070");
  EXPECT_NE(first.header("From").find("sip:+48587622000@203.0.113.1"), std::string::npos);
  EXPECT_NE(first.header("P-Asserted-Identity").find("+48587622000"), std::string::npos);
  EXPECT_FALSE(first.has("X-CID"));
  EXPECT_FALSE(first.has("Diversion"));
  Phone carrier(desk.house, kCarrier, "carrier");

  carrier.respond(first, 407,
                  with_line("Proxy-Authenticate: Digest realm=\"c\", nonce=\"n\", qop=\"auth\""));

  const Wire second = desk.house.take(kCarrier, "INVITE");
  EXPECT_NE(second.header("Proxy-Authorization").find("username=\"account\""), std::string::npos);
  carrier.respond(second, 200, with_answer());
  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
}

TEST(Trunk, NeverMoreThanTwoAnswersToChallenges) {
  Desk desk(with_trunk());
  (void)desk.caller.invite("+48600100200", with_offer());
  Phone carrier(desk.house, kCarrier, "carrier");
  int invites = 0;
  while (carrier.has("INVITE") && invites < 10) {
    ++invites;
    carrier.respond(carrier.take("INVITE"), 407,
                    with_line("Proxy-Authenticate: Digest realm=\"c\", nonce=\"n" +
                              std::to_string(invites) + "\", qop=\"auth\""));
  }

  EXPECT_LE(invites, 3);
  EXPECT_EQ(desk.caller.count("480 INVITE"), 1U);
}

TEST(CalleeLeg, RetryAfterOfA503KeepsThatPhoneQuietForAMinuteAtMost) {
  Desk desk(small_office());
  const auto dial = [&] {
    (void)desk.caller.invite("101", with_offer());
    return desk.alice.has("INVITE");
  };
  ASSERT_TRUE(dial());
  desk.alice.respond(desk.alice.take("INVITE"), 503, with_line("Retry-After: 86400"));
  EXPECT_FALSE(dial());

  desk.house.advance(Duration(60'001));

  EXPECT_TRUE(dial());
}

TEST(CalleeLeg, APhoneThatRegistersAfterItsRetryAfterIsRungAgain) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 503, with_line("Retry-After: 30"));

  desk.alice.register_contact();
  (void)desk.caller.invite("101", with_offer());

  EXPECT_EQ(desk.alice.count("INVITE"), 1U);
}

TEST(Trunk, A503GoesToTheNextTrunk) {
  model::Office office = with_trunk();
  model::Trunk second = office.trunks[0];
  second.name = "other";
  second.uri = "sip:203.0.113.2:5070";
  office.trunks.push_back(second);
  Desk desk(office);
  (void)desk.caller.invite("+48600100200", with_offer());
  Phone carrier(desk.house, kCarrier, "carrier");

  carrier.respond(carrier.take("INVITE"), 503);

  EXPECT_EQ(desk.house.count("203.0.113.2:5070", "INVITE"), 1U);
}

TEST(Trunk, CallsFromTheTrunksAddressComeInAndMayNotGoOut) {
  Desk desk(with_trunk());
  Phone carrier(desk.house, kCarrier, "+48600100200");
  (void)carrier.send_invite("101", with_offer());
  EXPECT_NE(desk.alice.take("INVITE").header("From").find("+48600100200"), std::string::npos);
  carrier.forget();

  (void)carrier.send_invite("+48600999999", with_offer());

  EXPECT_EQ(carrier.count("403 INVITE") + carrier.count("404 INVITE"), 1U);
  EXPECT_EQ(carrier.count("INVITE"), 0U);
}

TEST(Finals, Rule_15_OneIdOverGroupAndFinalUser) {
  model::Office office = sequential();
  office.groups[0].finally.any = {model::DestinationKind::User, "103"};
  Desk desk(office);
  const Wire invite = desk.caller.invite("8001", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 486);
  desk.bob.respond(desk.bob.take("INVITE"), 486);
  const Wire leg = desk.carol.take("INVITE");
  desk.carol.respond(leg, 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");
  desk.caller.ack(invite, ok);
  (void)desk.caller.in_dialog("BYE", invite, ok);

  const facts::CallRecord record = desk.house.record();

  EXPECT_EQ(record.group, "Group 8001");
  EXPECT_EQ(record.answered_by, "103");
  EXPECT_EQ(record.attempts.size(), 3U);
  EXPECT_EQ(record.outcome, facts::Outcome::Answered);
  EXPECT_EQ(desk.house.facts<facts::CallArrived>().size(), 1U);
}

TEST(Finals, Rule_6_ALate200OfTheGroupWinsWhileItsFinalOnlyRings) {
  model::Office office = sequential();
  office.groups[0].members.pop_back();
  office.groups[0].members[0].ring_for = Duration(5'000);
  office.groups[0].finally.any = {model::DestinationKind::User, "103"};
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  desk.alice.respond(leg, 180);
  desk.house.advance(Duration(5'000));
  desk.carol.respond(desk.carol.take("INVITE"), 180);

  desk.alice.respond(leg, 200, with_answer());

  EXPECT_EQ(desk.caller.count("200 INVITE"), 1U);
  EXPECT_EQ(desk.carol.take("CANCEL").header("Reason"),
            "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST(Finals, AServiceThatIsNotBuiltYetIs480AndTheRecordNamesIt) {
  model::Office office = sequential();
  office.groups[0].finally.any = {model::DestinationKind::Mailbox, "general"};
  model::Mailbox mailbox;
  mailbox.name = "general";
  mailbox.extension = "900";
  office.mailboxes.push_back(mailbox);
  Desk desk(office);
  (void)desk.caller.invite("8001", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 480);

  desk.bob.respond(desk.bob.take("INVITE"), 480);

  EXPECT_EQ(desk.caller.count("480 INVITE"), 1U);
  EXPECT_EQ(desk.house.record().final_destination, "mailbox general");
}

}  // namespace
}  // namespace call::testing
