#include "call/detail/guard.h"

#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/time.h"

namespace call {
namespace {

base::IpAddress ip(const std::string& text) {
  return base::IpAddress::parse(text).value_or(base::IpAddress{});
}

base::Now at(std::int64_t seconds) {
  return {base::Instant{base::Duration{seconds * 1'000}}, {1'000'000 + seconds * 1'000}};
}

Guard made(const base::Limits& limits = {}) {
  return Guard{base::HashSeed{1, 2}, limits};
}

// Guesses from one address after another, one a second, for five minutes; how many are judged.
int judged_in_five_minutes(Guard& guard, int addresses, const std::string& username) {
  int judged = 0;
  for (int second = 0; second < 300; ++second) {
    const base::IpAddress from = ip("198.51.100." + std::to_string(second % addresses + 1));
    if (guard.judges(from, username, at(second).at)) ++judged;
    (void)guard.failed(from, username, at(second));
  }
  return judged;
}

TEST(Guard, Goal_G20_AtMostTenGuessesAtAnAccountAreJudgedInFiveMinutesFromWhereverTheyCome) {
  Guard from_one = made();
  Guard from_many = made();

  EXPECT_LE(judged_in_five_minutes(from_one, 1, "101"), 10);
  EXPECT_LE(judged_in_five_minutes(from_many, 200, "101"), 10);
}

TEST(Guard, ALockGrowsAndEndsAndAnotherAccountHasNone) {
  Guard guard = made();
  for (int i = 0; i < 5; ++i) (void)guard.failed(ip("192.0.2.1"), "101", at(0));

  EXPECT_FALSE(guard.judges(ip("192.0.2.2"), "101", at(29).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.2"), "101", at(31).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.2"), "102", at(0).at));
  (void)guard.failed(ip("192.0.2.1"), "101", at(31));
  EXPECT_FALSE(guard.judges(ip("192.0.2.2"), "101", at(31 + 59).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.2"), "101", at(31 + 61).at));
}

TEST(Guard, AnAccountIsNotLockedForItsOwnPhonesAddress) {
  Guard guard = made();
  guard.succeeded(ip("192.0.2.7"), "101", at(0).at);

  for (int i = 0; i < 50; ++i) (void)guard.failed(ip("203.0.113.1"), "101", at(1));

  EXPECT_FALSE(guard.judges(ip("203.0.113.2"), "101", at(1).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.7"), "101", at(1).at));
}

TEST(Guard, WhoGuessesBesideThePhoneIsSlowedDownToo) {
  Guard guard = made();
  guard.succeeded(ip("192.0.2.7"), "101", at(0).at);

  int judged = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (guard.judges(ip("192.0.2.7"), "101", at(1).at)) ++judged;
    (void)guard.failed(ip("192.0.2.7"), "101", at(1));
  }

  EXPECT_EQ(judged, 10);
  EXPECT_TRUE(guard.judges(ip("192.0.2.7"), "101", at(5).at));
}

TEST(Guard, Threat_T3_AnAddressIsBannedAfterThirtyWrongPasswordsAndLongerTheNextTime) {
  Guard guard = made();

  for (int i = 0; i < 29; ++i) EXPECT_FALSE(guard.failed(ip("192.0.2.1"), "101", at(i)));
  const Ban ban = guard.failed(ip("192.0.2.1"), "101", at(29)).value_or(Ban{});

  EXPECT_EQ(ban.reason, "guessed_passwords");
  EXPECT_EQ(ban.lasts, base::Duration{600'000});
  EXPECT_TRUE(guard.drops(ip("192.0.2.1"), at(600).at));
  EXPECT_FALSE(guard.drops(ip("192.0.2.2"), at(30).at));
  EXPECT_EQ(guard.take_expired(at(628).at).size(), 0U);
  EXPECT_EQ(guard.deadline(), at(629).at);
  EXPECT_EQ(guard.take_expired(at(629).at).size(), 1U);
  EXPECT_FALSE(guard.drops(ip("192.0.2.1"), at(630).at));
  std::optional<Ban> next;
  for (int i = 0; i < 30; ++i) next = guard.failed(ip("192.0.2.1"), "101", at(700));
  EXPECT_EQ(next.value_or(Ban{}).lasts, base::Duration{1'800'000});
}

TEST(Guard, Threat_T1_AnotherNameEachTimeIsBannedAfterEleven) {
  Guard guard = made();

  int tries = 0;
  std::optional<Ban> ban;
  while (!ban.has_value()) ban = guard.failed(ip("192.0.2.1"), std::to_string(tries++), at(0));

  EXPECT_EQ(tries, 11);
  EXPECT_EQ(ban.value_or(Ban{}).reason, "guessed_names");
}

TEST(Guard, FailuresOverMoreThanTenMinutesDoNotAddUp) {
  Guard guard = made();

  for (int i = 0; i < 200; ++i)
    EXPECT_FALSE(guard.failed(ip("192.0.2.1"), "101", at(std::int64_t{i} * 60)).has_value()) << i;
}

TEST(Guard, AKnownAddressIsHeldOffOtherAccountsButNeverBanned) {
  Guard guard = made();
  guard.succeeded(ip("192.0.2.1"), "101", at(0).at);

  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(guard.failed(ip("192.0.2.1"), std::to_string(i), at(1)).has_value());

  EXPECT_FALSE(guard.drops(ip("192.0.2.1"), at(2).at));
  EXPECT_FALSE(guard.judges(ip("192.0.2.1"), "555", at(2).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.1"), "101", at(2).at));
}

TEST(Guard, OfATrustedAddressOnlyTheAccountIsCounted) {
  Guard guard = made();

  for (int i = 0; i < 1'000; ++i)
    EXPECT_FALSE(guard.failed(ip("192.0.2.1"), "101", at(0), Guard::Counts::Account));

  EXPECT_FALSE(guard.judges(ip("192.0.2.1"), "101", at(0).at));
  EXPECT_TRUE(guard.judges(ip("192.0.2.1"), "102", at(0).at));
}

TEST(Guard, ABanIsOfTheWhole64OfAnIpv6Address) {
  Guard guard = made();

  (void)guard.ban(ip("2001:db8:1:2:3::4"), "guessed_names", base::Duration{1'000}, at(0));

  EXPECT_TRUE(guard.drops(ip("2001:db8:1:2:ffff::1"), at(0).at));
  EXPECT_FALSE(guard.drops(ip("2001:db8:1:3::1"), at(0).at));
  EXPECT_EQ(source_text(guard.bans().at(0).source), "2001:db8:1:2::/64");
}

TEST(Guard, ALiftedBanLeavesNothingBehind) {
  Guard guard = made();
  for (int i = 0; i < 30; ++i) (void)guard.failed(ip("192.0.2.1"), "101", at(0));
  (void)guard.drops(ip("192.0.2.1"), at(1).at);

  const auto lifted = guard.lift(ip("192.0.2.1"));

  EXPECT_EQ(lifted.value_or(Ban{}).dropped, 1U);
  EXPECT_FALSE(guard.drops(ip("192.0.2.1"), at(1).at));
  EXPECT_FALSE(guard.failed(ip("192.0.2.1"), "101", at(1)).has_value());
  EXPECT_FALSE(guard.lift(ip("192.0.2.1")).has_value());
}

TEST(Guard, Threat_T6_AStrangerIsSlowedDownBeforeOneWhoIsKnown) {
  base::Limits limits;
  limits.stranger_requests = 10;
  limits.source_requests = 100;
  Guard guard{base::HashSeed{1, 2}, limits};
  guard.succeeded(ip("192.0.2.2"), "101", at(0).at);

  int stranger = 0;
  int known = 0;
  for (int i = 0; i < 200; ++i) {
    using enum Guard::Kind;
    using enum Guard::Pace;
    stranger += guard.count(ip("192.0.2.1"), Invite, at(0).at) == Good ? 1 : 0;
    known += guard.count(ip("192.0.2.2"), Invite, at(0).at) == Good ? 1 : 0;
  }

  EXPECT_EQ(stranger, 11);
  EXPECT_EQ(known, 101);
  EXPECT_EQ(guard.count(ip("192.0.2.1"), Guard::Kind::Other, at(0).at), Guard::Pace::Silent);
  EXPECT_EQ(guard.count(ip("192.0.2.2"), Guard::Kind::Other, at(0).at), Guard::Pace::TooFast);
  EXPECT_EQ(guard.count(ip("192.0.2.1"), Guard::Kind::Other, at(1).at), Guard::Pace::Good);
  const auto held = guard.take_held_back(ip("192.0.2.1"), at(1).at);
  EXPECT_EQ(held.value_or(Guard::HeldBack{}).count, 190U);
}

TEST(Guard, InvitesAndRegistrationsHaveLimitsOfTheirOwn) {
  base::Limits limits;
  limits.source_invites = 3;
  limits.source_registers = 5;
  Guard guard{base::HashSeed{1, 2}, limits};

  int invites = 0;
  int registers = 0;
  for (int i = 0; i < 50; ++i) {
    invites += guard.count(ip("192.0.2.1"), Guard::Kind::Invite, at(0).at) == Guard::Pace::Good;
    registers += guard.count(ip("192.0.2.2"), Guard::Kind::Register, at(0).at) == Guard::Pace::Good;
  }

  EXPECT_EQ(invites, 4);
  EXPECT_EQ(registers, 6);
}

TEST(Guard, Threat_T6_MemoryIsBoundedWhateverAddressesAndNamesCome) {
  Guard guard = made();
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    base::IpAddress from;
    from.bytes = {10, static_cast<std::uint8_t>(i >> 16U), static_cast<std::uint8_t>(i >> 8U),
                  static_cast<std::uint8_t>(i)};
    (void)guard.count(from, Guard::Kind::Other, at(0).at);
    (void)guard.failed(from, std::string(5'000, 'x') + std::to_string(i), at(0));
    (void)guard.ban(from, "guessed_names", base::Duration{1'000}, at(0));
  }

  EXPECT_LE(guard.remembered(), 3 * base::kSourcesRemembered + base::kBansMax);
}

}  // namespace
}  // namespace call
