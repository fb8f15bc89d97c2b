#include "base/address.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Address, PrintsWhatItParsed) {
  for (const char* text :
       {"192.0.2.1:5060", "[2001:db8::1]:5061", "[::]:0", "[::ffff:c000:201]:9"}) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(Address, RefusesWhatIsNotAnAddress) {
  for (const char* text :
       {"", "192.0.2", "192.0.2.256", "1.2.3.4:65536", "[::1", "1::2::3", "host"})
    EXPECT_FALSE(Address::parse(text).has_value()) << text;
}

TEST(Cidr, ContainsTheAddressesOfItsNetworkOnly) {
  const auto network = Cidr::parse("10.1.0.0/16");
  ASSERT_TRUE(network.has_value());

  EXPECT_TRUE(network->contains(*IpAddress::parse("10.1.255.3")));
  EXPECT_FALSE(network->contains(*IpAddress::parse("10.2.0.1")));
  EXPECT_FALSE(network->contains(*IpAddress::parse("::1")));
}

TEST(IpAddress, KnowsPrivateNetworks) {
  for (const char* text :
       {"127.0.0.1", "10.0.0.1", "172.31.0.1", "192.168.1.1", "fd00::1", "fe80::1"})
    EXPECT_TRUE(IpAddress::parse(text)->is_private()) << text;
  EXPECT_FALSE(IpAddress::parse("198.51.100.1")->is_private());
}

}  // namespace
}  // namespace base
