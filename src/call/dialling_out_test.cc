// Toll fraud (reliability.md T5): who may have the telephone network dialled, where to, how often.

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/time.h"
#include "call/settings.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

constexpr const char* kCarrier = "203.0.113.1:5070";

model::Office with_a_trunk() {
  model::Office office = small_office();
  model::Trunk& trunk = office.trunks.emplace_back();
  trunk.name = "carrier";
  trunk.uri = "sip:203.0.113.1:5070";
  trunk.channels = 1'000;
  return office;
}

Settings limited(std::uint32_t at_once, std::uint32_t a_day) {
  Settings settings;
  settings.limits.external_calls = at_once;
  settings.limits.external_calls_a_day = a_day;
  return settings;
}

TEST(DiallingOut, Threat_T5_OnlyNumbersWithOneOfHisPrefixesAreDialledForAUser) {
  model::Office office = with_a_trunk();
  office.users[4].permissions.prefixes = {"+48", "+4930"};
  Desk desk(office);

  (void)desk.caller.invite("+48600100200", with_offer());
  EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 1U);
  (void)desk.caller.invite("+493012345", with_offer());
  EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 2U);
  for (const char* premium : {"+881612345678", "+4989123456"}) {
    (void)desk.caller.invite(premium, with_offer());
    EXPECT_EQ(desk.caller.count("403 INVITE"), 1U) << desk.caller.waiting();
  }

  EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 2U);
}

TEST(DiallingOut, Threat_T5_ARedirectionToAForeignPrefixIsNotFollowed) {
  model::Office office = with_a_trunk();
  office.groups.push_back(group("8001", model::Strategy::RingAll, {"101"}));
  office.groups[0].follow_forwards = true;
  office.users[0].permissions.prefixes = {"+48"};
  Desk desk(office);
  for (const char* target : {"<sip:+881612345678@office.example>", "<sip:+881612@203.0.113.99>"}) {
    (void)desk.caller.invite("8001", with_offer());
    Options options;
    options.contact = target;

    desk.alice.respond(desk.alice.take("INVITE"), 302, options);

    EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 0U) << target;
    EXPECT_EQ(desk.house.count("203.0.113.99:5060", "INVITE"), 0U) << target;
  }
}

TEST(DiallingOut, Threat_T5_AForwardToAForeignPrefixDoesNotRing) {
  model::Office office = with_a_trunk();
  office.users[0].permissions.prefixes = {"+48"};
  office.users[0].forward.always = "+881612345678";
  Desk desk(office);

  (void)desk.caller.invite("101", with_offer());

  EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 0U);
}

TEST(DiallingOut, Threat_T5_TheEleventhCallAtOnceIs403AndThereIsRoomAgainWhenOneEnds) {
  Desk desk(with_a_trunk());
  Phone carrier(desk.house, kCarrier, "carrier");
  Wire first;
  for (int i = 0; i < 10; ++i) {
    const Wire invite = desk.caller.invite("+4860010020" + std::to_string(i % 10), with_offer());
    if (i == 0) first = invite;
    carrier.respond(carrier.take("INVITE"), 180);
  }

  (void)desk.caller.invite("+48600100299", with_offer());

  EXPECT_EQ(desk.caller.count("403 INVITE"), 1U) << desk.caller.waiting();
  EXPECT_FALSE(carrier.has("INVITE"));
  ASSERT_FALSE(desk.house.facts<facts::CallTroubled>().empty());
  EXPECT_EQ(desk.house.facts<facts::CallTroubled>().back().why, "too_many_external_calls");
  desk.caller.cancel(first);
  (void)carrier.take("CANCEL");
  desk.house.advance(Duration(40'000));
  desk.caller.forget();
  (void)desk.caller.invite("+48600100298", with_offer());
  EXPECT_EQ(desk.caller.count("403 INVITE"), 0U) << desk.caller.waiting();
}

TEST(DiallingOut, Threat_T5_CallsOfADayAreCountedAndTheCountOutlivesARestart) {
  Desk desk(with_a_trunk(), limited(100, 3));
  Phone carrier(desk.house, kCarrier, "carrier");
  for (int i = 0; i < 4; ++i) {
    (void)desk.caller.invite("+48600100200", with_offer());
    if (i < 3) carrier.respond(carrier.take("INVITE"), 486);
  }
  EXPECT_FALSE(carrier.has("INVITE"));
  EXPECT_EQ(desk.caller.count("403 INVITE"), 1U) << desk.caller.waiting();
  const auto remembered = desk.house.facts<facts::MemoryChanged>();

  Desk again(with_a_trunk(), limited(100, 3));
  for (const auto& one : remembered) again.house.engine().restore_memory(one.group_id, one.memory);
  (void)again.caller.invite("+48600100200", with_offer());

  EXPECT_EQ(again.caller.count("403 INVITE"), 1U) << again.caller.waiting();
  again.house.advance(Duration(24 * 3'600'000));
  again.caller.register_contact();
  again.caller.forget();
  (void)again.caller.invite("+48600100200", with_offer());
  EXPECT_EQ(again.caller.count("403 INVITE"), 0U) << again.caller.waiting();
}

TEST(DiallingOut, AUsersOwnNumberOfCallsADayWinsOverTheServers) {
  model::Office office = with_a_trunk();
  office.users[4].permissions.calls_a_day = 1;
  Desk desk(office);
  Phone carrier(desk.house, kCarrier, "carrier");
  (void)desk.caller.invite("+48600100200", with_offer());
  carrier.respond(carrier.take("INVITE"), 486);

  (void)desk.caller.invite("+48600100200", with_offer());

  EXPECT_EQ(desk.caller.count("403 INVITE"), 1U) << desk.caller.waiting();
}

TEST(DiallingOut, Threat_T24_EmergencyCallsAreNotCounted) {
  Settings settings = limited(0, 0);
  settings.emergency = {"112"};
  Desk desk(with_a_trunk(), settings);

  (void)desk.caller.invite("112", with_offer());

  EXPECT_EQ(desk.house.count(kCarrier, "INVITE"), 1U);
}

}  // namespace
}  // namespace call::testing
