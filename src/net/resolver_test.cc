#include "net/resolver.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "net/clock.h"
#include "net/dns.h"
#include "net/loop.h"
#include "net/net_test_kit.h"
#include "net/socket_address.h"

namespace net {
namespace {

using Addresses = std::vector<base::IpAddress>;

const base::IpAddress kOne = *base::IpAddress::parse("192.0.2.1");

DnsQuestion address_of(const std::string& host) {
  return {DnsQuestion::Type::Address, host};
}

DnsAnswer found(Addresses addresses, std::optional<std::uint32_t> ttl_s = {}) {
  return {.addresses = std::move(addresses), .ttl_s = ttl_s};
}

// Asks and turns the loop until the answer is there.
std::optional<Addresses> ask(Loop& loop, Resolver& resolver, const std::string& host) {
  std::optional<Addresses> answer;
  resolver.ask(address_of(host),
               [&](const DnsAnswer& came, base::Now) { answer = came.addresses; });
  (void)turns_until(loop, [&] { return answer.has_value(); });
  return answer;
}

TEST(Resolver, AnswersOnTheLoopAndRemembers) {
  Loop loop;
  std::atomic<int> looked_up{0};
  Resolver resolver(loop, {}, [&](const DnsQuestion& question) {
    ++looked_up;
    return question.name == "pbx.example" ? found({kOne}) : found({});
  });

  EXPECT_EQ(ask(loop, resolver, "pbx.example"), Addresses{kOne});
  EXPECT_EQ(ask(loop, resolver, "pbx.example"), Addresses{kOne});
  EXPECT_EQ(ask(loop, resolver, "nowhere.example"), Addresses{});
  EXPECT_EQ(ask(loop, resolver, "nowhere.example"), Addresses{});

  EXPECT_EQ(looked_up, 2);
}

TEST(Resolver, KeepsAnAnswerForItsTimeToLiveWithinBounds) {
  Loop loop;
  std::atomic<int> looked_up{0};
  Resolver resolver(loop, {.keep_least = base::Duration{20}, .keep_most = base::Duration{20}},
                    [&](const DnsQuestion& question) {
                      ++looked_up;
                      return found({kOne}, question.name == "long.example" ? 86'400U : 0U);
                    });

  for (const char* name : {"long.example", "short.example"}) {
    looked_up = 0;
    EXPECT_EQ(ask(loop, resolver, name), Addresses{kOne});
    EXPECT_EQ(ask(loop, resolver, name), Addresses{kOne});
    EXPECT_EQ(looked_up, 1);
    const base::Instant until = read_clocks().at + base::Duration{30};
    while (read_clocks().at < until) loop.run_turn(base::Duration{10});
    EXPECT_EQ(ask(loop, resolver, name), Addresses{kOne});
    EXPECT_EQ(looked_up, 2);
  }
}

TEST(Resolver, RemembersNoMoreThanItsBound) {
  Loop loop;
  std::atomic<int> looked_up{0};
  Resolver resolver(loop, {.max_kept = 1}, [&](const DnsQuestion&) {
    ++looked_up;
    return found({kOne});
  });

  for (const char* name : {"a.example", "b.example", "a.example", "b.example"})
    EXPECT_EQ(ask(loop, resolver, name), Addresses{kOne});

  EXPECT_EQ(looked_up, 3);
}

TEST(Resolver, WhoAsksTheSameWaitsForTheSameAnswer) {
  Loop loop;
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> looked_up{0};
  Resolver resolver(loop, {}, [&, opened](const DnsQuestion&) {
    ++looked_up;
    opened.wait();
    return found({kOne});
  });
  int answered = 0;
  for (int i = 0; i < 5; ++i)
    resolver.ask(address_of("a.example"), [&](const DnsAnswer&, base::Now) { ++answered; });

  gate.set_value();
  ASSERT_TRUE(turns_until(loop, [&] { return answered == 5; }));

  EXPECT_EQ(looked_up, 1);
}

TEST(Resolver, AnAddressNeedsNoLookUp) {
  Loop loop;
  Resolver resolver(loop, {}, [](const DnsQuestion&) -> DnsAnswer { std::abort(); });

  EXPECT_EQ(ask(loop, resolver, "192.0.2.1"), Addresses{kOne});
}

TEST(Resolver, Wire_G10_ANameThatHangsIsAnsweredEmptyInTimeAndHoldsUpNoOther) {
  Loop loop;
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  Resolver resolver(loop, {.threads = 2, .limit = base::Duration{50}},
                    [opened](const DnsQuestion& question) {
                      if (question.name == "slow.example") opened.wait();
                      return found({kOne});
                    });

  EXPECT_EQ(ask(loop, resolver, "slow.example"), Addresses{});
  EXPECT_EQ(ask(loop, resolver, "fast.example"), Addresses{kOne});

  gate.set_value();
}

TEST(Resolver, RefusesBeyondItsQueue) {
  Loop loop;
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  int empty = 0;
  Resolver resolver(loop, {.max_waiting = 0, .threads = 1}, [opened](const DnsQuestion&) {
    opened.wait();
    return DnsAnswer{};
  });

  resolver.ask(address_of("a.example"),
               [&](const DnsAnswer& came, base::Now) { empty += came.is_empty() ? 1 : 0; });
  ASSERT_TRUE(turns_until(loop, [&] { return empty == 1; }));

  EXPECT_EQ(resolver.refused(), 1U);
  gate.set_value();
}

TEST(Dns, FindsLocalhostBySystem) {
  EXPECT_FALSE(ask_system(address_of("localhost")).addresses.empty());
}

// A packet with one question and these answers, each: type, data. Names in it point to the
// question's, which stands at 12.
std::string packet_of(std::string_view header_and_question,
                      const std::vector<std::pair<char, std::string>>& answers) {
  std::string out(header_and_question);
  out[7] = static_cast<char>(answers.size());
  for (const auto& [type, data] : answers) {
    out += std::string("\xC0\x0C\x00", 3) + type + std::string("\x00\x01\x00\x00\x01\x2C\x00", 7);
    out += static_cast<char>(data.size());
    out += data;
  }
  return out;
}

std::string question_packet(char type) {
  return std::string(
             "\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x03sip\x07"
             "example\x00\x00",
             26) +
         type + std::string("\x00\x01", 2);
}

std::span<const unsigned char> bytes(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

const std::string kSrvData = std::string(
    "\x00\x0A\x00\x3C\x13\xC4\x01"
    "a\xC0\x0C",
    10);
const std::string kNaptrData = std::string(
    "\x00\x32\x00\x01\x01s\x07SIP+D2T\x00\x01"
    "b\xC0\x0C",
    19);

TEST(Dns, ReadsSrvAndNaptrRecords) {
  const std::string srv = packet_of(question_packet(33), {{33, kSrvData}, {5, "x"}});
  const std::string naptr = packet_of(question_packet(35), {{35, kNaptrData}});

  EXPECT_EQ(read_answer(bytes(srv), DnsQuestion::Type::Srv),
            (DnsAnswer{.srv = {{10, 60, 5'060, "a.sip.example"}}, .ttl_s = 300}));
  EXPECT_EQ(read_answer(bytes(naptr), DnsQuestion::Type::Naptr),
            (DnsAnswer{.naptr = {{50, 1, "s", "SIP+D2T", "b.sip.example"}}, .ttl_s = 300}));
}

TEST(Dns, WhatIsCutAnywhereIsReadAsFarAsItGoes) {
  const std::string srv = packet_of(question_packet(33), {{33, kSrvData}});
  const std::string naptr = packet_of(question_packet(35), {{35, kNaptrData}});

  for (std::size_t size = 0; size < srv.size(); ++size)
    EXPECT_TRUE(read_answer(bytes(srv.substr(0, size)), DnsQuestion::Type::Srv).is_empty());
  for (std::size_t size = 0; size < naptr.size(); ++size)
    EXPECT_TRUE(read_answer(bytes(naptr.substr(0, size)), DnsQuestion::Type::Naptr).is_empty());
  for (std::size_t size = 0; size < kSrvData.size(); ++size) {
    const std::string shorter = packet_of(question_packet(33), {{33, kSrvData.substr(0, size)}});
    EXPECT_TRUE(read_answer(bytes(shorter), DnsQuestion::Type::Srv).is_empty());
  }
}

TEST(Dns, AsksANameserverByUdp) {
  Client server(SOCK_DGRAM);
  ASSERT_TRUE(server.bind());
  auto asked = std::async(std::launch::async, [nameserver = server.local()] {
    return ask_system({DnsQuestion::Type::Srv, "sip.example"}, nameserver);
  });
  sockaddr_storage from{};
  socklen_t size = sizeof(from);
  std::array<char, 512> query{};
  const ssize_t got =
      ::recvfrom(server.socket().get(), query.data(), query.size(), 0, name_of(from), &size);
  ASSERT_GE(got, 12);
  std::string answer = packet_of(question_packet(33), {{33, kSrvData}});
  answer[0] = query[0];
  answer[1] = query[1];

  ASSERT_TRUE(server.write_to(from_kernel(from), answer));

  EXPECT_EQ(asked.get().srv, (std::vector<SrvRecord>{{10, 60, 5'060, "a.sip.example"}}));
}

}  // namespace
}  // namespace net
