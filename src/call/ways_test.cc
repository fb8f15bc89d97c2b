// By which way requests leave: several addresses of a trunk (RFC 3263), long requests (RFC 3261
// 18.1.1), the names of TLS peers (RFC 5922), SIPS and WebSocket.

#include <cstddef>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/detail/peer_names.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"
#include "sip/locate.h"

namespace call::testing {
namespace {

using base::Duration;
using base::Transport;

constexpr const char* kFirst = "203.0.113.1:5060";
constexpr const char* kSecond = "203.0.113.2:5060";

sip::Located at(const char* address, Transport transport = Transport::Udp) {
  return {transport, *base::Address::parse(address)};
}

model::Office with_trunk(const std::string& uri, bool registers = false) {
  model::Office office = small_office();
  model::Trunk& trunk = office.trunks.emplace_back();
  trunk.name = "carrier";
  trunk.uri = uri;
  trunk.username = "account";
  trunk.password = "secret";
  trunk.register_ = registers;
  return office;
}

// 105 calls a number of the telephone network.
struct Outside {
  explicit Outside(const std::string& uri, sip::Locations places = {at(kFirst), at(kSecond)})
      : desk(with_trunk(uri)) {
    desk.house.listen_by({Transport::Udp, Transport::Tcp, Transport::Tls});
    desk.house.zone["carrier.example"] = std::move(places);
  }
  void call(const Options& options = with_offer()) {
    (void)desk.caller.invite("+48600100200", options);
  }
  Desk desk;
  Phone first{desk.house, kFirst, "carrier"};
  Phone second{desk.house, kSecond, "carrier"};
};

TEST(Ways, Rfc3263_4_3_A503LeadsToTheNextAddress) {
  Outside outside("sip:carrier.example");
  outside.call();
  const Wire invite = outside.first.take("INVITE");
  EXPECT_EQ(outside.second.has("INVITE"), false);

  outside.first.respond(invite, 503);

  const Wire next = outside.second.take("INVITE");
  EXPECT_EQ(next.uri, "sip:+48600100200@carrier.example");
  EXPECT_NE(next.parameter("Via", "branch"), invite.parameter("Via", "branch"));
  outside.second.respond(next, 200, with_answer());
  EXPECT_EQ(outside.desk.caller.has("200 INVITE"), true);
}

TEST(Ways, Rfc3263_4_3_ATransportErrorLeadsToTheNextAddressAtOnce) {
  Outside outside("sip:carrier.example");
  outside.call();
  const Wire invite = outside.first.take("INVITE");

  outside.desk.house.transport_failed(invite.flow);

  EXPECT_EQ(outside.second.has("INVITE"), true);
}

TEST(Ways, Rfc3263_4_3_SilenceLeadsToTheNextAddressBeforeTheTrunkIsGivenUp) {
  Outside outside("sip:carrier.example");
  outside.call();
  outside.desk.house.advance(Duration(2'900));
  EXPECT_EQ(outside.second.has("INVITE"), false);

  outside.desk.house.advance(Duration(200));

  EXPECT_EQ(outside.second.has("INVITE"), true);
}

TEST(Ways, Rfc3263_4_3_ASilentServerIsTriedLastByTheNextCallsUntilDnsIsAskedAgain) {
  Outside outside("sip:carrier.example");
  outside.call();
  outside.desk.house.advance(Duration(3'100));
  outside.second.respond(outside.second.take("INVITE"), 486);
  outside.desk.house.forget_all();

  outside.call();
  EXPECT_EQ(outside.first.has("INVITE"), false);
  outside.second.respond(outside.second.take("INVITE"), 486);
  outside.desk.house.advance(Duration(60'000));
  outside.desk.house.forget_all();
  outside.call();  // asks again, and goes by what is known
  outside.second.respond(outside.second.take("INVITE"), 486);
  outside.call();

  EXPECT_EQ(outside.first.has("INVITE"), true);
}

TEST(Ways, Rfc3263_4_3_ABusyNumberIsBusyEverywhere) {
  Outside outside("sip:carrier.example");
  outside.call();

  outside.first.respond(outside.first.take("INVITE"), 486);

  EXPECT_EQ(outside.second.has("INVITE"), false);
  EXPECT_EQ(outside.desk.caller.has("486 INVITE"), true);
}

TEST(Ways, AHostThatIsNotFoundIsUnreachable) {
  Outside outside("sip:nowhere.example");

  outside.call();

  EXPECT_EQ(outside.desk.caller.has("200 INVITE"), false);
  EXPECT_NE(outside.desk.caller.waiting().find("INVITE"), std::string::npos);
}

TEST(Ways, Rfc3263_4_3_ARegistrationGoesToTheNextAddressToo) {
  House house{with_trunk("sip:carrier.example", true)};
  house.zone["carrier.example"] = {at(kFirst), at(kSecond)};
  Phone first(house, kFirst, "carrier");
  Phone second(house, kSecond, "carrier");
  house.advance(Duration(1));

  first.respond(first.take("REGISTER"), 503);
  house.advance(Duration(1));
  second.respond(second.take("REGISTER"), 200);

  ASSERT_EQ(house.facts<facts::TrunkChanged>().size(), 1U);
  EXPECT_TRUE(house.facts<facts::TrunkChanged>().back().up);
  house.advance(Duration(300'000));
  EXPECT_EQ(second.count("REGISTER"), 1U);
  EXPECT_EQ(first.count("REGISTER"), 0U);
}

TEST(Ways, Rfc3261_8_1_1_8_ASipsRegistrarIsGivenASipsContact) {
  House house{with_trunk("sips:carrier.example", true)};
  house.listen_by({Transport::Udp, Transport::Tls});
  house.zone["carrier.example"] = {at("203.0.113.1:5061", Transport::Tls)};
  Phone carrier(house, "203.0.113.1:5061", "carrier");

  house.advance(Duration(1));

  const Wire asked = carrier.take("REGISTER");
  EXPECT_EQ(asked.uri, "sips:carrier.example");
  EXPECT_TRUE(asked.header("Contact").starts_with("<sips:account@")) << asked.header("Contact");
  EXPECT_NE(asked.header("Contact").find(";transport=tls"), std::string::npos);
}

TEST(Ways, Rfc5626_4_4_1_ATrunkWhoseConnectionEndsIsRegisteredAtAnew) {
  House house{with_trunk("sip:203.0.113.1;transport=tcp", true)};
  house.listen_by({Transport::Udp, Transport::Tcp});
  Phone carrier(house, kFirst, "carrier");
  carrier.connect_by(base::ConnectionId{7});
  house.advance(Duration(1));
  carrier.respond(carrier.take("REGISTER"), 200);
  house.advance(Duration(60'000));
  EXPECT_EQ(carrier.has("REGISTER"), false);

  house.transport_failed(carrier.flow());
  house.advance(Duration(1'900));
  EXPECT_EQ(carrier.has("REGISTER"), false);
  house.advance(Duration(200));

  EXPECT_EQ(carrier.count("REGISTER"), 1U);
}

Options long_offer() {
  Options options = with_offer();
  for (int i = 0; i < 40; ++i)
    options.body += "a=fmtp:" + std::to_string(96 + i) + " a-long-parameter=of-no-meaning\r\n";
  return options;
}

TEST(Ways, Rfc3261_18_1_1_ALongRequestToATrunkGoesByTcp) {
  Outside outside("sip:203.0.113.1");

  outside.call(long_offer());

  const Wire invite = outside.first.take("INVITE");
  EXPECT_EQ(invite.flow.transport, Transport::Tcp);
  EXPECT_TRUE(invite.header("Via").starts_with("SIP/2.0/TCP ")) << invite.header("Via");
  EXPECT_NE(invite.header("Contact").find(";transport=tcp"), std::string::npos);
  EXPECT_EQ(invite.cseq(), 1U);
  EXPECT_EQ(outside.first.has("INVITE"), false);
}

TEST(Ways, Rfc3261_18_1_1_WithoutTcpTheLongRequestGoesByUdp) {
  Outside outside("sip:203.0.113.1");
  outside.call(long_offer());
  const Wire by_tcp = outside.first.take("INVITE");

  outside.desk.house.transport_failed(by_tcp.flow);

  const Wire by_udp = outside.first.take("INVITE");
  EXPECT_EQ(by_udp.flow.transport, Transport::Udp);
  EXPECT_TRUE(by_udp.header("Via").starts_with("SIP/2.0/UDP ")) << by_udp.header("Via");
}

TEST(Ways, Rfc3261_18_1_1_AUriThatNamesItsTransportAndAPhoneKeepTheirs) {
  Outside outside("sip:203.0.113.1;transport=udp");
  outside.call(long_offer());
  EXPECT_EQ(outside.first.take("INVITE").flow.transport, Transport::Udp);

  (void)outside.desk.caller.invite("101", long_offer());

  EXPECT_EQ(outside.desk.alice.take("INVITE").flow.transport, Transport::Udp);
}

TEST(Ways, Wire_T17_ATlsPeerMustProveTheNameOfTheUriWhereverDnsLed) {
  Outside outside("sips:carrier.example", {at("203.0.113.1:5061", Transport::Tls)});
  Phone carrier(outside.desk.house, "203.0.113.1:5061", "carrier");

  outside.call();

  const Wire invite = carrier.take("INVITE");
  EXPECT_EQ(invite.uri, "sips:+48600100200@carrier.example");
  EXPECT_EQ(invite.flow.transport, Transport::Tls);
  EXPECT_EQ(outside.desk.house.engine().peer_name(invite.flow.peer_name), "carrier.example");
  EXPECT_TRUE(invite.header("Contact").starts_with("<sips:")) << invite.header("Contact");
}

TEST(Ways, Wire_T17_AFailedHandshakeWithOneNameEndsNothingForAnother) {
  Outside outside("sips:carrier.example", {at("203.0.113.1:5061", Transport::Tls)});
  Phone carrier(outside.desk.house, "203.0.113.1:5061", "carrier");
  outside.call();
  base::Flow other = carrier.take("INVITE").flow;
  other.peer_name = static_cast<base::PeerName>(static_cast<int>(other.peer_name) + 1);

  outside.desk.house.transport_failed(other);

  EXPECT_EQ(outside.desk.caller.waiting(), "100 INVITE");
}

TEST(PeerNames, WhoNamesManyHostsLeavesRoomForTrunks) {
  PeerNames names;
  const std::size_t most = base::kPeerNamesMax - PeerNames::kForTrunks;
  for (std::size_t i = 0; i < most; ++i)
    ASSERT_TRUE(names.number_of("host" + std::to_string(i) + ".example").has_value());

  EXPECT_EQ(names.number_of("another.example"), std::nullopt);
  names.add_trunk("carrier.example");
  const auto number = names.number_of("carrier.example");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(names.text_of(*number), "carrier.example");
  EXPECT_EQ(names.text_of(base::PeerName::None), "");
}

TEST(Ways, NobodyIsCalledByOpeningAWebSocket) {
  Outside outside("sip:203.0.113.1;transport=ws");

  outside.call();

  EXPECT_EQ(outside.first.waiting(), "");
}

}  // namespace
}  // namespace call::testing
