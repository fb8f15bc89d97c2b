// Several calls through one trunk at a time, and a carrier with several addresses.

#include <string>

#include <gtest/gtest.h>

#include "base/address.h"
#include "call/settings.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

constexpr const char* kCarrier = "203.0.113.1:5070";

model::Office two_through_a_trunk() {
  model::Office office = small_office();
  model::Trunk& trunk = office.trunks.emplace_back();
  trunk.name = "carrier";
  trunk.uri = "sip:203.0.113.1:5070";
  trunk.username = "account";
  trunk.password = "secret";
  return office;
}

TEST(TrunkCalls, TwoCallsThatAreChallengedWithOneNonceBothAnswerIt) {
  const std::string challenge = "Proxy-Authenticate: Digest realm=\"c\", nonce=\"n\", qop=\"auth\"";
  Desk desk(two_through_a_trunk());
  Phone carrier(desk.house, kCarrier, "carrier");
  (void)desk.caller.invite("+48600100200", with_offer());
  const Wire first = carrier.take("INVITE");
  (void)desk.caller.invite("+48600100201", with_offer());
  const Wire second = carrier.take("INVITE");

  carrier.respond(first, 407, with_line(challenge));
  carrier.respond(second, 407, with_line(challenge));

  EXPECT_NE(carrier.take("INVITE").header("Proxy-Authorization").find("nc=00000001"),
            std::string::npos);
  const Wire again = carrier.take("INVITE");
  EXPECT_NE(again.header("Proxy-Authorization").find("nc=00000002"), std::string::npos);
  carrier.respond(again, 407, with_line(challenge));
  EXPECT_EQ(carrier.has("INVITE"), false);
}

TEST(TrunkCalls, Wire_T24_AnEmergencyCallGoesOutThoughAllChannelsAreBusy) {
  model::Office office = two_through_a_trunk();
  office.trunks[0].channels = 1;
  Settings settings;
  settings.emergency = {"112"};
  Desk desk(office, settings);
  Phone carrier(desk.house, kCarrier, "carrier");
  (void)desk.caller.invite("+48600100200", with_offer());
  carrier.respond(carrier.take("INVITE"), 200, with_answer());
  carrier.forget();

  (void)desk.caller.invite("+48600100201", with_offer());
  EXPECT_EQ(carrier.has("INVITE"), false);
  (void)desk.caller.invite("112", with_offer());

  EXPECT_EQ(carrier.take("INVITE").uri, "sip:112@203.0.113.1:5070");
}

TEST(TrunkCalls, Wire_T8_ACarrierMayHangUpFromAnyOfItsAddressesAndNobodyElse) {
  model::Office office = two_through_a_trunk();
  office.trunks[0].allow_from = {"203.0.113.0/28"};
  Desk desk(office);
  Phone carrier(desk.house, kCarrier, "carrier");
  const Wire invite = desk.caller.invite("+48600100200", with_offer());
  const Wire leg = carrier.take("INVITE");
  carrier.respond(leg, 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");
  desk.caller.ack(invite, ok);
  Phone stranger(desk.house, "203.0.113.17:5060", "carrier");
  Phone sister(desk.house, "203.0.113.9:5060", "carrier");

  (void)stranger.in_dialog("BYE", leg, ok);
  (void)sister.in_dialog("BYE", leg, ok);

  EXPECT_EQ(stranger.waiting(), "481 BYE");
  EXPECT_EQ(sister.waiting(), "200 BYE");
  EXPECT_EQ(desk.caller.count("BYE"), 1U);
}

TEST(TrunkCalls, Rfc5806_DiversionSaysWhyTheCallLeft) {
  const auto reason = [](void (*forward)(model::Forward&), std::uint16_t code) {
    model::Office office = two_through_a_trunk();
    office.users[0].permissions.external = true;
    forward(office.users[0].forward);
    Desk desk(office);
    Phone carrier(desk.house, kCarrier, "carrier");
    (void)desk.caller.invite("101", with_offer());
    if (code != 0) desk.alice.respond(desk.alice.take("INVITE"), code);
    const std::string line = carrier.take("INVITE").header("Diversion");
    const std::size_t at = line.find(";reason=") + 8;
    return line.substr(at, line.find(';', at) - at);
  };

  EXPECT_EQ(reason([](auto& f) { f.always = "+48600100200"; }, 0), "unconditional");
  EXPECT_EQ(reason([](auto& f) { f.busy = "+48600100200"; }, 486), "user-busy");
  EXPECT_EQ(reason([](auto& f) { f.unreachable = "+48600100200"; }, 503), "unavailable");
}

TEST(TrunkCalls, BehindAWildcardListenerWeNameAnAddressThatLeadsToUs) {
  Settings settings;
  settings.own = {*base::IpAddress::parse("198.51.100.4"), *base::IpAddress::parse("2001:db8::4")};
  Desk desk(two_through_a_trunk(), settings);
  desk.house.listen_at(*base::Address::parse("0.0.0.0:5060"));
  Phone carrier(desk.house, kCarrier, "carrier");

  (void)desk.caller.invite("+48600100200", with_offer());

  const Wire invite = carrier.take("INVITE");
  EXPECT_NE(invite.header("Via").find("198.51.100.4"), std::string::npos) << invite.header("Via");
  EXPECT_NE(invite.header("Contact").find("198.51.100.4"), std::string::npos);
}

}  // namespace
}  // namespace call::testing
