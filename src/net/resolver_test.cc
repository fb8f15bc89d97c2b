#include "net/resolver.h"

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "net/net_test_kit.h"

namespace net {
namespace {

using Addresses = std::vector<base::IpAddress>;

const base::IpAddress kOne = *base::IpAddress::parse("192.0.2.1");

// Asks and turns the loop until the answer is there.
std::optional<Addresses> ask(Loop& loop, Resolver& resolver, const std::string& host) {
  std::optional<Addresses> answer;
  resolver.resolve(host, [&](const Addresses& addresses, base::Now) { answer = addresses; });
  (void)turns_until(loop, [&] { return answer.has_value(); });
  return answer;
}

TEST(Resolver, AnswersOnTheLoopAndRemembers) {
  Loop loop;
  std::atomic<int> looked_up{0};
  Resolver resolver(loop, {}, [&](const std::string& host) {
    ++looked_up;
    return host == "pbx.example" ? Addresses{kOne} : Addresses{};
  });

  EXPECT_EQ(ask(loop, resolver, "pbx.example"), Addresses{kOne});
  EXPECT_EQ(ask(loop, resolver, "pbx.example"), Addresses{kOne});
  EXPECT_EQ(ask(loop, resolver, "nowhere.example"), Addresses{});

  EXPECT_EQ(looked_up, 2);
}

TEST(Resolver, AnAddressNeedsNoLookUp) {
  Loop loop;
  Resolver resolver(loop, {}, [](const std::string&) -> Addresses { std::abort(); });

  EXPECT_EQ(ask(loop, resolver, "192.0.2.1"), Addresses{kOne});
}

TEST(Resolver, Wire_G10_ANameThatHangsIsAnsweredEmptyInTimeAndHoldsUpNoOther) {
  Loop loop;
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  Resolver resolver(loop, {.threads = 2, .limit = base::Duration{50}},
                    [opened](const std::string& host) {
                      if (host == "slow.example") opened.wait();
                      return Addresses{kOne};
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
  Resolver resolver(loop, {.max_waiting = 0, .threads = 1}, [opened](const std::string&) {
    opened.wait();
    return Addresses{};
  });

  resolver.resolve("a.example",
                   [&](const Addresses& found, base::Now) { empty += found.empty() ? 1 : 0; });
  ASSERT_TRUE(turns_until(loop, [&] { return empty == 1; }));

  EXPECT_EQ(resolver.refused(), 1U);
  gate.set_value();
}

TEST(Resolver, FindsLocalhostBySystem) {
  const Addresses found = Resolver::system_look_up("localhost");

  EXPECT_FALSE(found.empty());
}

}  // namespace
}  // namespace net
