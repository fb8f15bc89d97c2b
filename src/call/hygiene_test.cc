// What crosses the B2BUA (reliability.md T10, T11): each side's message is built anew, and nothing
// of one side's network shows on the other.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "call/settings.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

constexpr const char* kCarrier = "203.0.113.1:5070";

// All of a message but its body, which describes audio that runs end to end.
std::string head_of(const Wire& wire) {
  std::string out = wire.method + " " + wire.uri + "\n";
  for (const auto& [name, value] : wire.headers)
    out.append(name).append(": ").append(value) += '\n';
  return out;
}

std::vector<std::string> forged() {
  return {"P-Asserted-Identity: \"Boss\" <sip:999@office.example>",
          "P-Preferred-Identity: <sip:998@office.example>",
          "Remote-Party-ID: <sip:997@office.example>;party=calling",
          "Diversion: <sip:996@office.example>;reason=unconditional",
          "History-Info: <sip:995@office.example>;index=1",
          "Alert-Info: <http://198.51.100.66/bomb.wav>",
          "Call-Info: <http://198.51.100.66/>;answer-after=0",
          "Answer-Mode: Auto",
          "Priv-Answer-Mode: Auto",
          "Record-Route: <sip:198.51.100.66;lr>",
          "X-Bypass-me : 1",
          "X-Secret: 10.9.8.7",
          "User-Agent: phone/1.0 (10.9.8.7)",
          "Subject: 10.9.8.7",
          "Organization: 10.9.8.7"};
}

TEST(Hygiene, Threat_T10_AMemberSeesTheAccountsIdentityWhateverAPhoneClaims) {
  Desk desk(small_office());
  Options options = with_offer();
  options.extra = forged();

  (void)desk.caller.invite("101", options);

  const Wire leg = desk.alice.take("INVITE");
  EXPECT_NE(leg.header("From").find("sip:105@office.example"), std::string::npos);
  const std::string head = head_of(leg);
  for (const char* claim : {"999", "998", "997", "996", "995", "198.51.100.66", "10.9.8.7",
                            "Bypass", "answer-after", "Answer-Mode", "Subject", "Boss"})
    EXPECT_EQ(head.find(claim), std::string::npos) << claim << "\n" << head;
}

TEST(Hygiene, Threat_T11_NothingOfTheCallersNetworkReachesACarrier) {
  model::Office office = small_office();
  model::Trunk& trunk = office.trunks.emplace_back();
  trunk.name = "carrier";
  trunk.uri = "sip:203.0.113.1:5070";
  trunk.numbers = {"+48587622000"};
  Desk desk(office);
  Options options = with_offer();
  options.extra = forged();

  const Wire invite = desk.caller.invite("+48600100200", options);

  const Wire leg = desk.house.take(kCarrier, "INVITE");
  const std::string head = head_of(leg);
  for (const std::string& inside :
       {std::string("192.0.2.105"), invite.header("Call-ID"), invite.parameter("From", "tag"),
        invite.parameter("Via", "branch"), std::string("X-CID"), std::string("10.9.8.7"),
        std::string("User 105")})
    EXPECT_EQ(head.find(inside), std::string::npos) << inside << "\n" << head;
  EXPECT_EQ(leg.all("Via").size(), 1U);
  EXPECT_TRUE(leg.all("Record-Route").empty());
}

TEST(Hygiene, Threat_T11_NothingOfACalleesAnswerReachesTheCallerButItsDescription) {
  Desk desk(small_office());
  const Wire invite = desk.caller.invite("101", with_offer());
  const Wire leg = desk.alice.take("INVITE");
  const std::vector<std::string> told{
      "Server: phone/1.0 (10.9.8.7)",        "P-Asserted-Identity: <sip:999@office.example>",
      "Alert-Info: <http://198.51.100.66/>", "X-Secret: 10.9.8.7",
      "Record-Route: <sip:192.0.2.101;lr>",  "Warning: 399 10.9.8.7 \"x\""};
  Options ringing;
  ringing.extra = told;
  Options answer = with_answer();
  answer.extra = told;

  desk.alice.respond(leg, 180, ringing);
  desk.alice.respond(leg, 200, answer);

  for (const char* what : {"180 INVITE", "200 INVITE"}) {
    const std::string head = head_of(desk.caller.take(what));
    for (const std::string& inside :
         {std::string("192.0.2.101"), std::string("10.9.8.7"), std::string("198.51.100.66"),
          std::string("999"), leg.header("Call-ID")})
      EXPECT_EQ(head.find(inside), std::string::npos) << what << " " << inside << "\n" << head;
  }
}

TEST(Hygiene, AlertInfoAndAnswerModeOfATrustedPeerReachThePhones) {
  Settings settings;
  settings.trusted.push_back(base::Cidr::parse("198.51.100.7").value_or(base::Cidr{}));
  Desk desk(small_office(), settings);
  Phone pbx(desk.house, "198.51.100.7:5060", "500");
  Options options = with_offer();
  options.extra = {"Alert-Info: <urn:alert:priority:high>", "Answer-Mode: Auto"};

  (void)pbx.send_invite("101", options);

  const Wire leg = desk.alice.take("INVITE");
  EXPECT_EQ(leg.header("Alert-Info"), "<urn:alert:priority:high>");
  EXPECT_EQ(leg.header("Answer-Mode"), "Auto");
}

TEST(Hygiene, AGroupsMelodyWinsOverATrustedPeers) {
  Settings settings;
  settings.trusted.push_back(base::Cidr::parse("198.51.100.7").value_or(base::Cidr{}));
  model::Office office = office_with(model::Strategy::RingAll, {"101"});
  office.groups[0].ring_melody = "<http://127.0.0.1/Bellcore-dr3>";
  Desk desk(office, settings);
  Phone pbx(desk.house, "198.51.100.7:5060", "500");
  Options options = with_offer();
  options.extra = {"Alert-Info: <urn:alert:priority:high>"};

  (void)pbx.send_invite("8001", options);

  EXPECT_EQ(desk.alice.take("INVITE").header("Alert-Info"), "<http://127.0.0.1/Bellcore-dr3>");
}

TEST(Hygiene, Threat_T9_ReplacesAndReferOfWhoHasNoPartInACallChangeNothing) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const std::string names = talk.invite.header("Call-ID") +
                            ";to-tag=" + talk.ok.parameter("To", "tag") +
                            ";from-tag=" + talk.invite.parameter("From", "tag");

  (void)desk.bob.invite("105", [&] {
    Options options = with_offer();
    options.extra = {"Replaces: " + names};
    return options;
  }());
  Phone stranger(desk.house, "203.0.113.9:5060", "105");
  (void)stranger.in_dialog("REFER", talk.invite, talk.ok,
                           with_line("Refer-To: <sip:+881612345@office.example>"));

  EXPECT_FALSE(desk.bob.has("200 INVITE")) << desk.bob.waiting();
  EXPECT_EQ(stranger.waiting(), "481 REFER");
  EXPECT_FALSE(desk.alice.has("BYE"));
  EXPECT_FALSE(desk.caller.has("BYE"));
}

}  // namespace
}  // namespace call::testing
