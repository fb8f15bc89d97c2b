#include "call/traffic.h"

#include <cstddef>

#include <gtest/gtest.h>

#include "base/address.h"
#include "sip/message.h"

namespace call {
namespace {

using base::Transport;

std::uint64_t requests(const Traffic::Direction& some, sip::Method method, Transport transport) {
  return some.requests.at(static_cast<std::size_t>(method)).at(static_cast<std::size_t>(transport));
}

TEST(Traffic, ARequestCountsByItsMethodAndTransport) {
  Traffic traffic;
  traffic.went("INVITE sip:101@192.0.2.7 SIP/2.0\r\n\r\n", Transport::Tls);
  traffic.went("INVITE sip:102@192.0.2.7 SIP/2.0\r\n\r\n", Transport::Tls);
  traffic.went("FOO sip:102@192.0.2.7 SIP/2.0\r\n\r\n", Transport::Udp);

  EXPECT_EQ(requests(traffic.out(), sip::Method::Invite, Transport::Tls), 2U);
  EXPECT_EQ(requests(traffic.out(), sip::Method::Invite, Transport::Udp), 0U);
  EXPECT_EQ(requests(traffic.out(), sip::Method::Other, Transport::Udp), 1U);
  EXPECT_EQ(requests(traffic.in(), sip::Method::Invite, Transport::Tls), 0U);
}

TEST(Traffic, AResponseCountsByItsCode) {
  Traffic traffic;
  const auto busy = sip::Message::parse(
      "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
      "From: <sip:a@b.example>;tag=1\r\nTo: <sip:c@b.example>;tag=2\r\nCall-ID: x\r\n"
      "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  traffic.came(busy.message, Transport::Udp);
  traffic.went("SIP/2.0 404 Not Found\r\n\r\n", Transport::Udp);
  traffic.went("SIP/2.0 999 What\r\n\r\n", Transport::Udp);  // no such code: nowhere

  EXPECT_EQ(traffic.in().responses.at(486), 1U);
  EXPECT_EQ(traffic.out().responses.at(404), 1U);
  EXPECT_EQ(traffic.out().responses.at(486), 0U);
}

}  // namespace
}  // namespace call
