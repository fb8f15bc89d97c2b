// Flows of phones (RFC 5626): keep-alive, several by one phone, and what a flow that is gone means
// for the hunt (reliability.md G12, E4).

#include <cstddef>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

constexpr base::ConnectionId kFirst{7};
constexpr base::ConnectionId kSecond{8};

const std::string kStunRequest =
    std::string("\0\1\0\0", 4) + "\x21\x12\xA4\x42\xB7\xE7\xA7\x01\xBC\x34\xD6\x86\xFA\x87\xDF\xAE";

// Members 101 and 102 one after another; 101 registers by the flow or flows that a test says.
struct Office {
  House house{office_with(model::Strategy::Sequential, {"101", "102"})};
  Phone caller{house, "192.0.2.105:5060", "105", "secret-105"};
  Phone alice{house, "192.0.2.101:40001", "101"};
  Phone again{house, "192.0.2.101:40002", "101"};  // her second flow
  Phone bob{house, "192.0.2.102:5060", "102"};

  Office() { bob.register_contact(); }
  void by_two_flows() {
    alice.connect_by(kFirst);
    again.connect_by(kSecond);
    again.register_contact(";+sip.instance=\"<urn:uuid:1>\";reg-id=2");
    alice.register_contact(";+sip.instance=\"<urn:uuid:1>\";reg-id=1");
    house.forget_all();
  }
  void lose(const Phone& phone) { house.transport_failed(phone.flow()); }
};

TEST(Flows, Wire_E4_AMemberWhoseConnectionIsGoneIsPassedOverAtOnce) {
  Office office;
  office.alice.connect_by(kFirst);
  office.alice.register_contact();
  office.house.forget_all();

  office.lose(office.alice);
  (void)office.caller.invite("8001", with_offer());

  EXPECT_EQ(office.alice.has("INVITE"), false);
  EXPECT_EQ(office.bob.has("INVITE"), true);
  EXPECT_EQ(office.house.facts<facts::RegistrationRemoved>().size(), 1U);
}

TEST(Flows, Wire_E4_AMemberWhoseConnectionVanishesIsPassedOverAtOnce) {
  Office office;
  office.alice.connect_by(kFirst);
  office.alice.register_contact();
  office.house.forget_all();
  (void)office.caller.invite("8001", with_offer());
  EXPECT_EQ(office.alice.has("INVITE"), true);
  office.house.advance(Duration(2'500));
  EXPECT_EQ(office.bob.has("INVITE"), false);

  office.lose(office.alice);  // TCP_USER_TIMEOUT

  EXPECT_EQ(office.bob.has("INVITE"), true);
}

TEST(Flows, Rfc5626_7_OneFlowAtATimeTheNewestFirst) {
  Office office;
  office.by_two_flows();

  (void)office.caller.invite("8001", with_offer());

  EXPECT_EQ(office.alice.count("INVITE"), 1U);
  EXPECT_EQ(office.again.count("INVITE"), 0U);
}

TEST(Flows, Rfc5626_7_AFlowThatFailsLeadsToTheOtherFlowOfThePhone) {
  Office office;
  office.by_two_flows();
  (void)office.caller.invite("8001", with_offer());
  EXPECT_EQ(office.alice.has("INVITE"), true);

  office.lose(office.alice);

  EXPECT_EQ(office.again.has("INVITE"), true);
  EXPECT_EQ(office.bob.has("INVITE"), false);
  office.again.respond(office.again.take("INVITE"), 200, with_answer());
  EXPECT_EQ(office.caller.has("200 INVITE"), true);
}

TEST(Flows, Rfc5626_7_A430LeadsToTheOtherFlowOfThePhone) {
  Office office;
  office.by_two_flows();
  (void)office.caller.invite("8001", with_offer());

  office.alice.respond(office.alice.take("INVITE"), 430);

  EXPECT_EQ(office.again.has("INVITE"), true);
  EXPECT_EQ(office.bob.has("INVITE"), false);
}

TEST(Flows, Rfc5626_3_5_2_StunIsAnsweredWithTheAddressThatWeSee) {
  Office office;

  Actions out;
  office.house.engine().receive(office.bob.flow(), kStunRequest, office.house.now(), out);

  ASSERT_EQ(out.size(), 1U);
  const Send& answer = std::get<Send>(out[0]);
  EXPECT_EQ(answer.flow, office.bob.flow());
  EXPECT_TRUE(answer.bytes->starts_with("\x01\x01"));
  EXPECT_EQ(office.house.engine().counters().parse_errors, 0U);
}

TEST(Flows, EmptyLinesOverUdpAreNoFault) {
  Office office;

  for (const std::string& empty :
       {std::string("\r\n\r\n"), std::string("\r\n"), std::string(4, '\0')})
    office.bob.send(empty);

  EXPECT_EQ(office.house.engine().counters().parse_errors, 0U);
  EXPECT_TRUE(office.house.facts<facts::MessageDropped>().empty());
  EXPECT_EQ(office.bob.has("400"), false);
}

}  // namespace
}  // namespace call::testing
