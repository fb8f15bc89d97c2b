// Whose audio runs through the server under `media.anchor: auto` because the phones could not reach
// each other, and what the caller of such a call hears before the answer (sip.md 4.5, 4.6).

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "call/settings.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

const std::string kOurs = "c=IN IP4 203.0.113.9\r\n";
const std::string kCallers = "c=IN IP4 192.0.2.10\r\n";

Settings with_ports() {
  Settings settings;
  settings.media.available = true;
  settings.media.first_port = 30'000;
  settings.media.last_port = 30'099;
  settings.media.address = "203.0.113.9";
  return settings;
}

Options offer_from(const std::string& address) {
  Options options = with_offer();
  options.body.replace(options.body.find(kCallers), kCallers.size(),
                       "c=IN IP4 " + address + "\r\n");
  return options;
}

bool has(const Wire& wire, const std::string& text) {
  return wire.body.find(text) != std::string::npos;
}

TEST(NatMedia, BetweenPhonesThatReachEachOtherAudioRunsEndToEnd) {
  Desk desk(small_office(), with_ports());

  const Talk talk = desk.talk();

  EXPECT_TRUE(has(talk.leg, kCallers)) << talk.leg.body;
  EXPECT_TRUE(has(talk.ok, "c=IN IP4 192.0.2.20\r\n")) << talk.ok.body;
}

TEST(NatMedia, MediaOfAnotherMachineThanTheSignallingIsNoNat) {
  Desk desk(small_office(), with_ports());

  const Talk talk = desk.talk("101", offer_from("198.51.100.7"));

  EXPECT_TRUE(has(talk.leg, "c=IN IP4 198.51.100.7\r\n")) << talk.leg.body;
}

TEST(NatMedia, ACallerBehindNatIsHeardThroughTheServer) {
  Desk desk(small_office(), with_ports());

  const Talk talk = desk.talk("101", offer_from("192.168.1.5"));

  EXPECT_TRUE(has(talk.leg, kOurs)) << talk.leg.body;
  EXPECT_TRUE(has(talk.ok, kOurs)) << talk.ok.body;
}

TEST(NatMedia, APhoneBehindNatIsRungWithOurDescription) {
  Desk desk(small_office(), with_ports());
  desk.alice.stand_behind_nat("192.168.7.7:5060");
  desk.alice.register_contact();

  const Talk talk = desk.talk();

  EXPECT_TRUE(has(talk.leg, kOurs)) << talk.leg.body;
  EXPECT_TRUE(has(talk.ok, kOurs)) << talk.ok.body;
}

TEST(NatMedia, APrivateAndAPublicNetworkMeetHere) {
  Desk desk(small_office(), with_ports());
  Phone inside(desk.house, "10.0.0.5:5060", "104", "secret-104");
  (void)inside.invite("101", offer_from("10.0.0.5"));

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_TRUE(has(leg, kOurs)) << leg.body;
}

TEST(NatMedia, ALateOfferFromAnotherNetworkIsAnsweredWithOurOwn) {
  Desk desk(small_office(), with_ports());
  Phone inside(desk.house, "10.0.0.5:5060", "104", "secret-104");
  (void)inside.invite("101", {});

  const Wire leg = desk.alice.take("INVITE");

  EXPECT_TRUE(has(leg, kOurs)) << leg.body;
}

TEST(NatMedia, EarlyMediaOfTheLastRingReachesTheCallerThroughTheServer) {
  Desk desk(small_office(), with_ports());
  const Wire invite = desk.caller.invite("101", offer_from("192.168.1.5"));
  const Wire leg = desk.alice.take("INVITE");

  desk.alice.respond(leg, 183, with_answer());
  const Wire early = desk.caller.take("183");
  desk.alice.respond(leg, 200, with_answer());
  const Wire ok = desk.caller.take("200 INVITE");

  EXPECT_TRUE(has(early, kOurs)) << early.body;
  EXPECT_EQ(ok.body, early.body) << "the 200 repeats those very bytes";
}

TEST(NatMedia, WhoIsToHearAPageIsJoinedWithNobodyBeforeHisAnswer) {
  Desk desk(office_with(model::Strategy::Page, {"101"}), with_ports());
  (void)desk.caller.invite("8001", offer_from("192.168.1.5"));
  const Wire leg = desk.alice.take("INVITE");

  desk.alice.respond(leg, 183, with_answer());

  EXPECT_FALSE(desk.caller.has("183")) << desk.caller.waiting();
}

TEST(NatMedia, WhoIsToBeAskedForAKeyIsJoinedWithNobodyBeforeIt) {
  model::Office office = office_with(model::Strategy::RingAll, {"101"});
  office.groups[0].confirm = model::Confirm::Always;
  Desk desk(std::move(office), with_ports());
  (void)desk.caller.invite("8001", offer_from("192.168.1.5"));
  const Wire leg = desk.alice.take("INVITE");

  desk.alice.respond(leg, 183, with_answer());

  EXPECT_FALSE(desk.caller.has("183")) << desk.caller.waiting();
}

TEST(NatMedia, EarlyMediaOfOneOfTwoRingsStaysHere) {
  Desk desk(office_with(model::Strategy::RingAll, {"101", "102"}), with_ports());
  (void)desk.caller.invite("8001", offer_from("192.168.1.5"));
  const Wire leg = desk.alice.take("INVITE");

  desk.alice.respond(leg, 183, with_answer());

  EXPECT_FALSE(desk.caller.has("183")) << desk.caller.waiting();
}

}  // namespace
}  // namespace call::testing
