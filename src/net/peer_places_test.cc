#include "net/peer_places.h"

#include <string>

#include <gtest/gtest.h>

#include "base/address.h"

namespace net {
namespace {

base::IpAddress ip(const std::string& text) {
  return base::IpAddress::parse(text).value_or(base::IpAddress{});
}

TEST(PeerPlaces, Threat_T18_OnePeerTakesNoMoreThanItsOwnAndGetsThemBack) {
  PeerPlaces places(2);

  EXPECT_TRUE(places.take(ip("192.0.2.1")));
  EXPECT_TRUE(places.take(ip("192.0.2.1")));
  EXPECT_FALSE(places.take(ip("192.0.2.1")));
  EXPECT_TRUE(places.take(ip("192.0.2.2")));
  places.give_back(ip("192.0.2.1"));
  EXPECT_TRUE(places.take(ip("192.0.2.1")));
}

TEST(PeerPlaces, AllAddressesOfA64AreOnePeer) {
  PeerPlaces places(1);

  EXPECT_TRUE(places.take(ip("2001:db8::1")));
  EXPECT_FALSE(places.take(ip("2001:db8::2")));
  EXPECT_TRUE(places.take(ip("2001:db8:0:1::1")));
}

}  // namespace
}  // namespace net
