#include "rtp/source_lock.h"

#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"

namespace rtp {
namespace {

base::Instant at(std::int64_t ms) {
  return base::Instant{base::Duration{ms}};
}
base::Address address(std::string_view text) {
  return base::Address::parse(text).value_or(base::Address{});
}
base::IpAddress ip(std::string_view text) {
  return base::IpAddress::parse(text).value_or(base::IpAddress{});
}

const base::Address described = address("192.0.2.7:4000");
const base::Address stranger = address("203.0.113.66:4000");

// How many of `count` packets, 20 ms apart from `ms` on, are taken.
int taken(SourceLock& lock, const base::Address& from, int count, std::int64_t ms = 0,
          std::uint32_t ssrc = 1) {
  int accepted = 0;
  for (int i = 0; i < count; ++i)
    accepted += lock.take(from, ssrc, at(ms + std::int64_t{20} * i)) ? 1 : 0;
  return accepted;
}

TEST(SourceLock, Wire_T14_OnlyTheDescribedAddressIsHeardWithoutNat) {
  SourceLock lock;
  lock.agree(described, described.ip, at(0));

  EXPECT_EQ(taken(lock, stranger, 100), 0);
  EXPECT_EQ(lock.target(), described);
  EXPECT_EQ(taken(lock, described, 3, 500), 3);
  EXPECT_EQ(taken(lock, stranger, 100, 600), 0);
  EXPECT_EQ(lock.target(), described);
}

TEST(SourceLock, Wire_T14_BehindNatTheSignallingAddressIsLearntFromFivePackets) {
  SourceLock lock;
  const base::Address nat = address("198.51.100.9:61000");
  lock.agree(address("192.168.1.5:4000"), nat.ip, at(0));

  EXPECT_EQ(taken(lock, nat, 7), 3);
  EXPECT_EQ(lock.target(), nat);
  EXPECT_EQ(taken(lock, stranger, 50, 200), 0);
  EXPECT_EQ(taken(lock, address("198.51.100.9:61002"), 50, 200), 0);
}

TEST(SourceLock, Wire_T14_AStrangerWhoSendsFasterDoesNotPushTheSignallingAddressAside) {
  SourceLock lock;
  const base::Address nat = address("198.51.100.9:61000");
  lock.agree(address("192.168.1.5:4000"), nat.ip, at(0));

  int strangers = 0;
  for (int ms = 0; ms < 1'000; ++ms) {
    strangers += lock.take(stranger, 66, at(ms)) ? 1 : 0;
    if (ms >= 100 && ms % 20 == 0) (void)lock.take(nat, 1, at(ms));
  }

  EXPECT_EQ(strangers, 0);
  EXPECT_EQ(lock.target(), nat);
}

TEST(SourceLock, Wire_T14_AnyAddressOnlyForThreeSecondsAndOnlyBehindNat) {
  SourceLock early;
  early.agree(address("192.168.1.5:4000"), ip("198.51.100.9"), at(0));
  SourceLock late;
  late.agree(address("192.168.1.5:4000"), ip("198.51.100.9"), at(0));

  EXPECT_EQ(taken(early, stranger, 15, 1'000), 5);
  EXPECT_EQ(taken(late, stranger, 100, 3'000), 0);
}

TEST(SourceLock, PacketsOfDifferentSourcesDoNotAddUp) {
  SourceLock lock;
  lock.agree(address("192.168.1.5:4000"), ip("198.51.100.9"), at(0));
  int accepted = 0;

  for (std::uint32_t i = 0; i < 50; ++i) {
    accepted += lock.take(address("198.51.100.9:61000"), i, at(i)) ? 1 : 0;
  }

  EXPECT_EQ(accepted, 0);
}

TEST(SourceLock, TheDescribedAddressTakesTheLockFromALearntOne) {
  SourceLock lock;
  lock.agree(described, ip("192.0.2.8"), at(0));
  EXPECT_EQ(taken(lock, address("192.0.2.8:9"), 6), 2);

  EXPECT_EQ(taken(lock, described, 1, 200), 1);

  EXPECT_EQ(lock.target(), described);
  EXPECT_EQ(taken(lock, address("192.0.2.8:9"), 50, 300), 0);
}

TEST(SourceLock, ANewAgreementWithAnotherAddressBeginsAgain) {
  SourceLock lock;
  lock.agree(described, described.ip, at(0));
  EXPECT_EQ(taken(lock, described, 1), 1);

  lock.agree(address("192.0.2.9:5000"), described.ip, at(1'000));

  EXPECT_EQ(lock.target(), address("192.0.2.9:5000"));
  EXPECT_EQ(taken(lock, address("192.0.2.9:5000"), 1, 1'000), 1);
}

TEST(SourceLock, AfterAnAgreementASilentSourceBehindNatMayBeReplaced) {
  SourceLock lock;
  const base::Address before = address("198.51.100.9:61000");
  const base::Address after = address("198.51.100.9:61500");
  lock.agree(address("192.168.1.5:4000"), before.ip, at(0));
  EXPECT_EQ(taken(lock, before, 6), 2);
  EXPECT_EQ(taken(lock, after, 50, 1'000), 0);

  lock.agree(address("192.168.1.5:4000"), before.ip, at(5'000));

  EXPECT_EQ(taken(lock, after, 10, 6'000), 6);
  EXPECT_EQ(lock.target(), after);
}

TEST(SourceLock, WhoSpokeInTheCallBeforeIsNotLearntForAMinute) {
  const base::Address nat = address("198.51.100.9:61000");
  SourceLock before;
  before.agree(address("192.168.1.5:4000"), nat.ip, at(0));
  EXPECT_EQ(taken(before, nat, 6, 0, 77), 2);
  SourceLock lock;
  lock.beware(before.farewell(at(1'000)));
  lock.agree(address("192.168.1.6:4000"), nat.ip, at(1'000));

  EXPECT_EQ(taken(lock, nat, 50, 1'000, 77), 0);
  EXPECT_EQ(taken(lock, nat, 6, 3'000, 78), 2);  // the same phone in its next call
}

TEST(SourceLock, NothingIsTakenBeforeAnAgreement) {
  SourceLock lock;

  EXPECT_EQ(taken(lock, stranger, 10), 0);
  EXPECT_EQ(lock.target().port, 0);
}

}  // namespace
}  // namespace rtp
