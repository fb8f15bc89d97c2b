#include "registrar/registrar.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "facts/fact.h"
#include "sip/message.h"

namespace registrar {
namespace {

using namespace std::chrono_literals;

base::Now at(base::Duration since_start) {
  return {base::Instant{since_start}, base::WallTime{1'790'000'000'000 + since_start.count()}};
}

base::Flow from(const char* peer) {
  return {base::Transport::Udp,
          0,
          *base::Address::parse("192.0.2.1:5060"),
          *base::Address::parse(peer),
          {}};
}

struct Desk {
  Registrar registrar;
  int cseq = 0;

  Registrant who{"101", "101"};
  base::Flow flow = from("198.51.100.4:40000");

  Answer send(const std::string& lines, base::Now now, const std::string& call_id = "c1",
              int number = 0) {
    const std::string bytes =
        "REGISTER sip:office.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK1\r\n"
        "From: <sip:101@office.example>;tag=a\r\nTo: <sip:101@office.example>\r\nCall-ID: " +
        call_id + "\r\nCSeq: " + std::to_string(number != 0 ? number : ++cseq) + " REGISTER\r\n" +
        lines + "\r\n";
    const auto parsed = sip::Message::parse(bytes);
    EXPECT_FALSE(parsed.reject.has_value());
    return registrar.handle(parsed.message, who, flow, now);
  }
  std::vector<std::string> contacts() const {
    std::vector<std::string> out;
    for (const facts::Binding& binding : registrar.all()) out.push_back(binding.contact);
    return out;
  }
};

using Contacts = std::vector<std::string>;

TEST(Registrar, Rfc3261_10_3_BindsSeveralContactsAndListsThem) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>;q=0.5\r\nExpires: 600\r\n", at(0s));
  const Answer answer = desk.send("Contact: <sip:101@10.0.0.8>;expires=120\r\n", at(10s), "c2");

  EXPECT_EQ(answer.code, 200);
  EXPECT_EQ(answer.lines,
            "Contact: <sip:101@10.0.0.7>;expires=590;q=0.500\r\n"
            "Contact: <sip:101@10.0.0.8>;expires=120\r\n");
  EXPECT_EQ(desk.registrar.devices("101").size(), 2U);
  EXPECT_EQ(desk.registrar.devices("101")[0][0]->binding.contact, "sip:101@10.0.0.8");
}

TEST(Registrar, ThePhoneIsWhereItWasSeen) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s));

  EXPECT_EQ(desk.registrar.devices("101")[0][0]->binding.flow, from("198.51.100.4:40000"));
}

TEST(Registrar, Wire_F1_ExpiryIsKeptWithinItsBounds) {
  Desk desk;
  const Answer brief = desk.send("Contact: <sip:101@10.0.0.7>;expires=20\r\n", at(0s));
  EXPECT_EQ(brief.code, 423);
  EXPECT_EQ(brief.lines, "Min-Expires: 60\r\n");
  EXPECT_EQ(desk.contacts(), Contacts{});
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=4294967295\r\n", at(0s)).lines,
            "Contact: <sip:101@10.0.0.7>;expires=7200\r\n");
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s)).lines,
            "Contact: <sip:101@10.0.0.7>;expires=3600\r\n");
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=0\r\n", at(0s)).lines, "");
}

TEST(Registrar, Wire_F1_StarOnlyAloneAndWithExpiresZero) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s));

  EXPECT_EQ(desk.send("Contact: *\r\n", at(1s)).code, 400);
  EXPECT_EQ(desk.send("Contact: *\r\nExpires: 60\r\n", at(1s)).code, 400);
  EXPECT_EQ(desk.send("Contact: *, <sip:1@2.example>\r\nExpires: 0\r\n", at(1s)).code, 400);
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
  EXPECT_EQ(desk.send("Contact: *\r\nExpires: 0\r\n", at(1s)).code, 200);
  EXPECT_EQ(desk.contacts(), Contacts{});
}

TEST(Registrar, Wire_F2_TheSameCallIdMustCountUp) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s), "c1", 5);

  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=0\r\n", at(1s), "c1", 4).code, 500);
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=0\r\n", at(1s), "other", 1).code, 200);
}

TEST(Registrar, Wire_F4_LimitsAndForeignSchemes) {
  Desk desk;
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0." + std::to_string(i) + ">\r\n", at(0s)).code,
              200);
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.99>\r\n", at(0s)).code, 403);
  EXPECT_EQ(desk.send("Contact: <mailto:x@y.example>\r\n", at(0s)).code, 400);
  EXPECT_EQ(desk.send("Contact: <tel:+48123456789>\r\n", at(0s)).code, 400);
  EXPECT_EQ(desk.send("Contact: <urn:service:sos>\r\n", at(0s)).code, 400);
  EXPECT_EQ(desk.send("Contact: <sip:" + std::string(8000, 'x') + "@h>\r\n", at(0s)).code, 400);
  EXPECT_EQ(desk.registrar.size(), 10U);
}

TEST(Registrar, Rfc5626_TheSameInstanceAndRegIdReplaceEachOther) {
  Desk desk;
  const std::string instance = ";+sip.instance=\"<urn:uuid:1>\";reg-id=";
  (void)desk.send("Contact: <sip:101@10.0.0.7>" + instance + "1\r\n", at(0s));
  (void)desk.send("Contact: <sip:101@10.0.0.8>" + instance + "1\r\n", at(1s));
  (void)desk.send("Contact: <sip:101@10.0.0.9>" + instance + "2\r\n", at(2s));

  EXPECT_EQ(desk.contacts(), (Contacts{"sip:101@10.0.0.8", "sip:101@10.0.0.9"}));
  const auto devices = desk.registrar.devices("101");
  ASSERT_EQ(devices.size(), 1U) << "one phone, two ways to it";
  EXPECT_EQ(devices[0][0]->binding.contact, "sip:101@10.0.0.9") << "the newest first";
}

TEST(Registrar, Rfc3327_PathIsKeptWhenThePhoneKnowsIt) {
  Desk desk;
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>\r\nPath: <sip:p.example;lr>\r\n", at(0s)).code,
            421);
  const Answer answer = desk.send(
      "Contact: <sip:101@10.0.0.7>\r\nPath: <sip:p.example;lr>\r\nSupported: path\r\n", at(0s));

  EXPECT_EQ(answer.code, 200);
  EXPECT_NE(answer.lines.find("Path: <sip:p.example;lr>\r\n"), std::string::npos);
  EXPECT_EQ(desk.registrar.all()[0].path, std::vector<std::string>{"<sip:p.example;lr>"});
}

TEST(Registrar, ABindingEndsWhenItsTimeIsOver) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>;expires=60\r\n", at(0s));
  EXPECT_EQ(desk.registrar.deadline(), base::Instant{60s});

  std::vector<facts::Fact> facts;
  desk.registrar.expire(at(60s), facts);

  ASSERT_EQ(facts.size(), 1U);
  EXPECT_TRUE(std::get<facts::RegistrationRemoved>(facts[0]).expired);
  EXPECT_TRUE(desk.registrar.devices("101").empty());
}

TEST(Registrar, ARestoredBindingLivesForTheTimeThatIsLeft) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>;expires=600\r\n", at(0s));
  const std::vector<facts::Binding> kept = desk.registrar.all();
  Registrar second;
  const base::Now later{base::Instant{5s}, at(400s).wall};

  for (const facts::Binding& binding : kept) second.restore(binding, later);

  EXPECT_EQ(second.deadline(), base::Instant{205s});
}

TEST(Registrar, Wire_F4_TwentyContactsAtOnceAreRefusedWhole) {
  Desk desk;
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "Contact: <sip:101@10.0.1." + std::to_string(i) + ">\r\n";

  EXPECT_EQ(desk.send(lines, at(0s)).code, 403);
  EXPECT_EQ(desk.registrar.size(), 0U);
}

TEST(Registrar, Wire_F4_AContactWithHeadersIsKeptOctetForOctet) {
  Desk desk;
  const Answer answer = desk.send("Contact: <sip:101@h.example?Route=%3Csip:x%3E>\r\n", at(0s));

  EXPECT_EQ(answer.lines, "Contact: <sip:101@h.example?Route=%3Csip:x%3E>;expires=3600\r\n");
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@h.example?Route=%3Csip:x%3E"});
}

TEST(Registrar, Rfc3261_10_3_ARequestWithoutContactAsksOnly) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s));

  const Answer answer = desk.send("", at(600s));

  EXPECT_EQ(answer.code, 200);
  EXPECT_EQ(answer.lines, "Contact: <sip:101@10.0.0.7>;expires=3000\r\n");
  EXPECT_TRUE(answer.facts.empty());
}

TEST(Registrar, Rfc3261_10_3_NothingIsChangedUnlessAllCanBe) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s), "c1", 5);

  const Answer answer =
      desk.send("Contact: <sip:101@10.0.0.8>, <sip:101@10.0.0.7>\r\n", at(1s), "c1", 5);

  EXPECT_EQ(answer.code, 500);
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.9>, <mailto:a@b>\r\n", at(2s)).code, 400);
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
}

TEST(Registrar, Wire_F1_TheExpiresOfAContactComesBeforeThatOfTheHeader) {
  Desk desk;
  const Answer answer = desk.send(
      "Contact: <sip:101@10.0.0.7>;expires=90, <sip:101@10.0.0.8>\r\nExpires: 120\r\n", at(0s));

  EXPECT_EQ(
      answer.lines,
      "Contact: <sip:101@10.0.0.7>;expires=90\r\nContact: <sip:101@10.0.0.8>;expires=120\r\n");
}

TEST(Registrar, Wire_F1_MalformedIntervalsCountAsTheDefault) {
  Desk desk;
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=soon\r\n", at(0s)).lines,
            "Contact: <sip:101@10.0.0.7>;expires=3600\r\n");
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>;expires=99999999999\r\n", at(0s)).lines,
            "Contact: <sip:101@10.0.0.7>;expires=3600\r\n");
}

TEST(Registrar, Wire_F2_ARefreshWithTheSameCallIdCountsUpAndIsNoNewPhone) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s), "c1", 5);
  EXPECT_EQ(desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(1s), "c1", 5).code, 500);

  const Answer answer = desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(60s), "c1", 6);

  EXPECT_EQ(answer.code, 200);
  ASSERT_EQ(answer.facts.size(), 1U);
  EXPECT_FALSE(std::get<facts::RegistrationAdded>(answer.facts[0]).fresh);
  EXPECT_EQ(desk.registrar.deadline(), base::Instant{3660s});
}

TEST(Registrar, Wire_F2_TheSameContactWrittenInAnotherWayIsTheSame) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@PHONE.example;transport=udp>\r\n", at(0s));
  (void)desk.send("Contact: <sip:%3101@phone.example;transport=UDP>\r\n", at(1s));

  EXPECT_EQ(desk.registrar.size(), 1U);
}

TEST(Registrar, WhatIsReplacedUnderAnotherNameIsToldAway) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@PHONE.example>\r\n", at(0s));

  const Answer answer = desk.send("Contact: <sip:101@phone.example>\r\n", at(1s));

  ASSERT_EQ(answer.facts.size(), 2U) << "a store that keeps them by contact holds one";
  EXPECT_EQ(std::get<facts::RegistrationRemoved>(answer.facts[0]).binding.contact,
            "sip:101@PHONE.example");
  EXPECT_FALSE(std::get<facts::RegistrationAdded>(answer.facts[1]).fresh);
}

TEST(Registrar, AStarTakesAwayWhatItsOwnAccountHasBoundAndNoOtherPhone) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s));
  desk.who.username = "101-desk";
  (void)desk.send("Contact: <sip:101-desk@10.0.0.8>\r\n", at(0s), "c2");

  EXPECT_EQ(desk.send("Contact: *\r\nExpires: 0\r\n", at(1s), "c3").code, 200);

  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
}

TEST(Registrar, TwoPhonesWithTheirOwnAccountsAreBothDevicesOfTheUser) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>\r\n", at(0s));
  desk.who.username = "101-desk";
  (void)desk.send("Contact: <sip:101-desk@10.0.0.8>\r\n", at(0s), "c2");

  const auto devices = desk.registrar.devices("101");
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0][0]->binding.username, "101-desk");
  EXPECT_EQ(devices[1][0]->binding.username, "101");
}

TEST(Registrar, Rfc5626_6_ConfirmsOutboundToWhoKnowsIt) {
  Desk desk;
  const std::string lines =
      "Contact: <sip:101@10.0.0.7>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\r\n"
      "Supported: path, outbound\r\n";
  const std::string without = lines.substr(0, lines.find("Supported"));

  EXPECT_NE(desk.send(lines, at(0s)).lines.find("Require: outbound\r\n"), std::string::npos);
  EXPECT_EQ(desk.send(without, at(1s)).lines.find("Require:"), std::string::npos);
  desk.flow.transport = base::Transport::Tcp;
  desk.flow.connection = base::ConnectionId{7};
  EXPECT_NE(desk.send(lines, at(2s)).lines.find("Require: outbound\r\n"), std::string::npos);
}

TEST(Registrar, Rfc5626_WithoutRegIdTheUriCounts) {
  Desk desk;
  const std::string instance = ";+sip.instance=\"<urn:uuid:1>\"\r\n";
  (void)desk.send("Contact: <sip:101@10.0.0.7>" + instance, at(0s));
  (void)desk.send("Contact: <sip:101@10.0.0.8>" + instance, at(1s));

  EXPECT_EQ(desk.registrar.size(), 2U);
  EXPECT_EQ(desk.registrar.devices("101").size(), 1U) << "still one phone: tried in turn";
}

TEST(Registrar, Rfc5626_5_ABindingEndsWithItsConnection) {
  Desk desk;
  desk.flow.transport = base::Transport::Tcp;
  for (const std::uint64_t id : {7U, 8U}) {
    desk.flow.connection = base::ConnectionId{id};
    (void)desk.send("Contact: <sip:101@10.0.0." + std::to_string(id) + ">\r\n", at(0s));
  }
  std::vector<facts::Fact> facts;

  desk.registrar.remove_connection(base::ConnectionId{8}, facts);
  desk.registrar.remove_connection(base::ConnectionId{8}, facts);
  desk.registrar.remove_connection(base::ConnectionId::None, facts);

  ASSERT_EQ(facts.size(), 1U);
  EXPECT_FALSE(std::get<facts::RegistrationRemoved>(facts[0]).expired);
  EXPECT_EQ(desk.contacts(), Contacts{"sip:101@10.0.0.7"});
}

TEST(Registrar, AnAccountThatMayNoLongerRegisterHasNoBindingsLeft) {
  Desk desk;
  (void)desk.send("Contact: <sip:101@10.0.0.7>, <sip:101@10.0.0.8>\r\n", at(0s));
  std::vector<facts::Fact> facts;

  desk.registrar.remove_account({"101", "101-desk"}, facts);
  EXPECT_EQ(facts.size(), 0U) << "what another account has bound stays";
  desk.registrar.remove_account({"101", "101"}, facts);
  desk.registrar.remove_account({"nobody", "nobody"}, facts);

  EXPECT_EQ(facts.size(), 2U);
  EXPECT_EQ(desk.registrar.size(), 0U);
  EXPECT_FALSE(desk.registrar.deadline().has_value());
}

TEST(Registrar, Rfc3327_5_3_ABadOrEndlessPathIsRefused) {
  Desk desk;
  std::string lines = "Contact: <sip:101@10.0.0.7>\r\nSupported: path\r\n";
  EXPECT_EQ(desk.send(lines + "Path: <sip:p.example\r\n", at(0s)).code, 400);
  for (int i = 0; i < 9; ++i) lines += "Path: <sip:p" + std::to_string(i) + ".example;lr>\r\n";
  EXPECT_EQ(desk.send(lines, at(0s)).code, 400);
  EXPECT_EQ(desk.registrar.size(), 0U);
}

TEST(Registrar, WhatHasExpiredIsNotRestoredAndNothingLivesLongerThanTheMost) {
  Desk desk;
  facts::Binding binding;
  binding.user_id = "101";
  binding.contact = "sip:101@10.0.0.7";
  binding.expires_at = {at(0s).wall.unix_ms - 1};
  desk.registrar.restore(binding, at(0s));
  EXPECT_EQ(desk.registrar.size(), 0U);

  binding.expires_at = {at(0s).wall.unix_ms + 1'000'000'000'000};
  desk.registrar.restore(binding, at(0s));
  EXPECT_EQ(desk.registrar.deadline(), base::Instant{7200s}) << "the wall clock may have jumped";
}

TEST(SameDevice, Rule_10_ByInstanceOrByUserAndHostOfTheContact) {
  facts::Binding a;
  a.contact = "sip:101@10.0.0.7:5060";
  facts::Binding b = a;
  b.contact = "sip:101@10.0.0.7:5999";
  EXPECT_TRUE(same_device(a, b));
  b.contact = "sip:101@10.0.0.8:5060";
  EXPECT_FALSE(same_device(a, b));
  b.instance = a.instance = "<urn:uuid:1>";
  EXPECT_TRUE(same_device(a, b));
}

}  // namespace
}  // namespace registrar
