#include "registrar/registrar.h"

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

  Answer send(const std::string& lines, base::Now now, const std::string& call_id = "c1",
              int number = 0) {
    const std::string bytes =
        "REGISTER sip:office.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bK1\r\n"
        "From: <sip:101@office.example>;tag=a\r\nTo: <sip:101@office.example>\r\nCall-ID: " +
        call_id + "\r\nCSeq: " + std::to_string(number != 0 ? number : ++cseq) + " REGISTER\r\n" +
        lines + "\r\n";
    const auto parsed = sip::Message::parse(bytes);
    EXPECT_FALSE(parsed.reject.has_value());
    return registrar.handle(parsed.message, {"101", "101"}, from("198.51.100.4:40000"), now);
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
  EXPECT_EQ(desk.send("Contact: <sip:101@h?Route=%3Csip:x%3E>\r\n", at(0s)).code, 400);
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
  EXPECT_FALSE(desk.registrar.is_registered("101"));
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
