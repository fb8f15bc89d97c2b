// What happens to requests outside of calls: registration, refusals, who may call at all (RFC 3261
// sections 8.2 and 10, docs/reliability.md F and T).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "call/settings.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

std::string plain_request(const std::string& method, const std::string& uri,
                          const std::vector<std::string>& extra = {}) {
  std::string out = method + " " + uri +
                    " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK-" + method +
                    "\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.org>;tag=1\r\n"
                    "To: <sip:b@office.example>\r\nCall-ID: plain\r\nCSeq: 1 " +
                    method + "\r\n";
  for (const auto& line : extra) out += line + "\r\n";
  return out + "Content-Length: 0\r\n\r\n";
}

struct Stranger {
  explicit Stranger(model::Office office = small_office(), Settings settings = {})
      : house(std::move(office), std::move(settings)), phone(house, "192.0.2.50:5060", "nobody") {}
  House house;
  Phone phone;
};

TEST(Dispatch, OptionsGets200WithWhatWeCan) {
  Stranger s;
  s.phone.send(plain_request("OPTIONS", "sip:office.example"));

  const Wire ok = s.phone.take("200 OPTIONS");
  EXPECT_NE(ok.header("Allow").find("INVITE"), std::string::npos);
  EXPECT_EQ(ok.header("Server"), "");
}

TEST(Dispatch, OptionsWhileDrainingIs503) {
  Stranger s;
  Actions out;
  s.house.engine().drain(s.house.now(), out);

  s.phone.send(plain_request("OPTIONS", "sip:office.example"));

  EXPECT_NE(s.phone.take("503 OPTIONS").header("Retry-After"), "");
}

TEST(Dispatch, UnknownAndUnservedMethodsAreRefusedByName) {
  Stranger s;
  for (const auto& [method, answer] :
       std::vector<std::pair<std::string, std::string>>{{"FROBNICATE", "501"},
                                                        {"MESSAGE", "401"},
                                                        {"REFER", "405"},
                                                        {"SUBSCRIBE", "489"},
                                                        {"PUBLISH", "489"},
                                                        {"BYE", "481"},
                                                        {"INFO", "481"}}) {
    s.phone.send(plain_request(method, "sip:101@office.example"));
    EXPECT_EQ(s.phone.waiting(), answer + " " + method);
    s.phone.forget();
  }
}

TEST(Dispatch, UnknownSchemeIs416) {
  Stranger s;
  s.phone.send(plain_request("OPTIONS", "ftp:example"));
  EXPECT_EQ(s.phone.waiting(), "416 OPTIONS");
}

TEST(Dispatch, MalformedRequestThatCanBeAnsweredIs400WithItsReason) {
  Stranger s;
  std::string text = plain_request("OPTIONS", "sip:office.example");
  text.replace(text.find("Content-Length: 0"), 17, "Content-Length: x");

  s.phone.send(text);

  EXPECT_NE(s.phone.take("400 OPTIONS").header("Warning"), "");
}

TEST(Dispatch, NoiseIsDroppedAndCounted) {
  Stranger s;
  s.phone.send("hello\r\n\r\n");

  EXPECT_EQ(s.phone.waiting(), "");
  EXPECT_EQ(s.house.facts<facts::MessageDropped>().size(), 1U);
  EXPECT_EQ(s.house.engine().counters().parse_errors, 1U);
}

TEST(Dispatch, Wire_E3_TheMessageThatBrokeAStreamIsRefusedAndNeverServed) {
  Stranger s;
  base::Flow flow{.transport = base::Transport::Tcp};
  flow.peer = {.ip = *base::IpAddress::parse("192.0.2.50"), .port = 40'000};
  std::string head = plain_request("OPTIONS", "sip:office.example");
  head.erase(head.find("Content-Length: 0"), 19);
  Actions out;

  s.house.engine().receive_broken(flow, head, s.house.now(), out);
  s.house.engine().receive_broken(flow, {}, s.house.now(), out);

  ASSERT_EQ(out.size(), 3U);
  const auto* refused = std::get_if<facts::RequestRefused>(&std::get<Tell>(out.at(0)).fact);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->reason, "bad_content_length");
  EXPECT_TRUE(std::get<Send>(out.at(1)).bytes->starts_with("SIP/2.0 400 "));
  const auto* dropped = std::get_if<facts::MessageDropped>(&std::get<Tell>(out.at(2)).fact);
  ASSERT_NE(dropped, nullptr);
  EXPECT_EQ(dropped->reason, "too_long");
}

TEST(Dispatch, Invariant_I10_AnAckIsNeverAnswered) {
  Stranger s;
  s.phone.send(plain_request("ACK", "sip:101@office.example"));
  EXPECT_EQ(s.phone.waiting(), "");
}

TEST(Admission, StrangersGet401FirstWhateverTheyDial) {
  Stranger s;
  for (const std::string number : {"101", "4711", "+15551234", "8001"}) {
    s.phone.send(plain_request("INVITE", "sip:" + number + "@office.example",
                               {"Contact: <sip:a@192.0.2.50>"}));
    EXPECT_EQ(s.phone.waiting(), "401 INVITE") << number;
    s.phone.forget();
  }
  EXPECT_EQ(s.house.engine().counters().transactions, 0U);  // nothing is kept of a stranger
  s.house.advance(Duration(5'000));
  EXPECT_EQ(s.phone.waiting(), "");  // and nothing repeated
}

TEST(Admission, ForeignDomainIs403) {
  Stranger s;
  s.phone.send(plain_request("INVITE", "sip:101@foreign.example", {"Contact: <sip:a@192.0.2.50>"}));
  EXPECT_EQ(s.phone.waiting(), "403 INVITE");
}

TEST(Admission, FromIsWhoTheCredentialsSayNotWhatThePhoneWrites) {
  Desk desk(small_office());
  Phone liar(desk.house, "192.0.2.104:5060", "104", "secret-104");
  const Wire invite = liar.invite("101", with_offer());

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_NE(leg.header("From").find("\"User 104\" <sip:104@office.example>"), std::string::npos);
  EXPECT_NE(leg.parameter("From", "tag"), invite.parameter("From", "tag"));
}

TEST(Admission, TrustedCallersNeedNoCredentialsAndAreBelieved) {
  Settings settings;
  settings.trusted = {*base::Cidr::parse("192.0.2.50/32")};
  Desk desk(small_office(), settings);
  Phone pbx(desk.house, "192.0.2.50:5060", "777");
  (void)pbx.send_invite("101", with_offer());

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_NE(leg.header("From").find("sip:777@"), std::string::npos);
}

TEST(Admission, DrainingRefusesNewCallsWith503) {
  Desk desk(small_office());
  Actions out;
  desk.house.engine().drain(desk.house.now(), out);

  (void)desk.caller.invite("101", with_offer());

  EXPECT_NE(desk.caller.take("503 INVITE").header("Retry-After"), "");
}

TEST(Admission, OurOwnMarkThatComesBackIs482) {
  Desk desk(small_office());
  (void)desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  const std::string mark = leg.header("X-Harrier-Seen");
  EXPECT_NE(mark, "");
  Options looped = with_offer();
  looped.extra = {"X-Harrier-Seen: " + mark};

  (void)desk.caller.invite("101", looped);

  EXPECT_EQ(desk.caller.count("482 INVITE"), 1U);
}

TEST(Registration, GoodCredentialsBindAndTheFactStandsBeforeThe200) {
  House house(small_office());
  Phone alice(house, "192.0.2.101:5060", "101");

  alice.register_contact();

  EXPECT_EQ(house.engine().counters().bindings, 1U);
  const auto added = house.facts<facts::RegistrationAdded>();
  ASSERT_EQ(added.size(), 1U);
  EXPECT_EQ(added[0].binding.user_id, "101");
  EXPECT_EQ(added[0].binding.flow.peer.to_string(), "192.0.2.101:5060");
  const auto& journal = house.journal();
  ASSERT_EQ(journal.size(), 3U);
  EXPECT_EQ(journal[0], "401 REGISTER");
  EXPECT_EQ(journal[1].substr(0, 8), "durable:");
  EXPECT_EQ(journal[2], "200 REGISTER");
}

TEST(Registration, ANewPasswordOrARemovedDeviceEndsWhatWasRegisteredWithIt) {
  model::Office office = small_office();
  model::Device desk_phone;
  desk_phone.id = "desk";
  desk_phone.username = "102-desk";
  desk_phone.password = "secret-desk";
  office.users[1].devices = {desk_phone};
  House house(office);
  Phone alice(house, "192.0.2.101:5060", "101");
  Phone bob(house, "192.0.2.102:5060", "102-desk", "secret-desk");
  Phone carol(house, "192.0.2.103:5060", "103");
  for (Phone* phone : {&alice, &bob, &carol}) phone->register_contact();
  office.users[0].sip_password = "another";
  office.users[1].devices.clear();

  house.reconfigure(office);

  const auto removed = house.facts<facts::RegistrationRemoved>();
  ASSERT_EQ(removed.size(), 2U);
  EXPECT_EQ(removed[0].binding.username, "101");
  EXPECT_EQ(removed[1].binding.username, "102-desk");
  EXPECT_EQ(house.engine().counters().bindings, 1U);
}

TEST(Registration, UnknownWrongAndDisabledLookTheSameOutside) {
  model::Office office = small_office();
  office.users[1].enabled = false;
  House house(office);
  Phone unknown(house, "192.0.2.61:5060", "999", "x");
  Phone wrong(house, "192.0.2.62:5060", "101", "wrong");
  Phone disabled(house, "192.0.2.63:5060", "102", "secret-102");
  std::vector<std::string> names;
  for (Phone* phone : {&unknown, &wrong, &disabled}) {
    const Wire again = phone->try_to_register();
    EXPECT_EQ(again.code, 401);
    std::string headers;
    for (const auto& [name, value] : again.headers) headers += name + ",";
    names.push_back(headers);
  }

  EXPECT_EQ(names[0], names[1]);
  EXPECT_EQ(names[1], names[2]);
  const auto failed = house.facts<facts::AuthFailed>();
  ASSERT_EQ(failed.size(), 3U);
  EXPECT_EQ(failed[0].reason, facts::AuthFailure::UnknownUser);
  EXPECT_EQ(failed[1].reason, facts::AuthFailure::WrongPassword);
  EXPECT_EQ(failed[2].reason, facts::AuthFailure::DisabledUser);
}

TEST(Registration, AnAccountWithoutAPasswordIsNoWayIn) {
  model::Office office = small_office();
  office.users[0].sip_password.clear();
  model::Device& desk = office.users[0].devices.emplace_back();
  desk.id = "desk";
  desk.username = "101-desk";
  desk.password = "d";
  House house(office);
  Phone stranger(house, "192.0.2.64:5060", "101", "");
  Phone alice(house, "192.0.2.65:5060", "101-desk", "d");

  EXPECT_EQ(stranger.try_to_register().code, 401);
  EXPECT_EQ(alice.try_to_register().code, 200);
}

TEST(Registration, RegistersExpire) {
  House house(small_office());
  Phone alice(house, "192.0.2.101:5060", "101");
  alice.register_contact("", 60);

  house.advance(Duration(90'000));

  EXPECT_EQ(house.engine().counters().bindings, 0U);
  ASSERT_EQ(house.facts<facts::RegistrationRemoved>().size(), 1U);
  EXPECT_TRUE(house.facts<facts::RegistrationRemoved>()[0].expired);
}

TEST(Registration, RestoredBindingsRing) {
  House house(small_office());
  facts::Binding binding;
  binding.user_id = "101";
  binding.username = "101";
  binding.contact = "<sip:101@192.0.2.101:5060>";
  binding.flow = udp_flow("192.0.2.101:5060");
  binding.expires_at = {house.now().wall.unix_ms + 60'000};
  house.engine().restore(binding, house.now());
  Phone caller(house, "192.0.2.105:5060", "105", "secret-105");

  (void)caller.invite("101", with_offer());

  EXPECT_EQ(house.count("192.0.2.101:5060", "INVITE"), 1U);
}

}  // namespace
}  // namespace call::testing
