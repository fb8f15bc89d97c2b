#include "net/loop.h"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <set>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "net/clock.h"
#include "net/net_test_kit.h"
#include "net/rng.h"

namespace net {
namespace {

TEST(Loop, WakesWhoIsDueAndNotBefore) {
  Loop loop;
  Noted noted;
  loop.add(noted);
  noted.due = read_clocks().at + base::Duration{30};
  const base::Instant due = *noted.due;

  ASSERT_TRUE(turns_until(loop, [&] { return noted.woken == 1; }));

  EXPECT_GE(read_clocks().at, due);
}

TEST(Loop, RunsPostedValuesInTheirOrderOnItsThread) {
  Loop loop;
  std::vector<int> seen;
  std::thread other([&] {
    for (int i = 0; i < 1'000; ++i) {
      while (!loop.post([&seen, i](base::Now) { seen.push_back(i); })) std::this_thread::yield();
    }
    loop.stop();
  });

  loop.run();
  other.join();
  loop.run_turn(base::Duration{0});

  ASSERT_EQ(seen.size(), 1'000U);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(seen.at(static_cast<std::size_t>(i)), i);
}

TEST(Loop, RefusesAndCountsWhatIsBeyondItsQueue) {
  Loop loop({.max_posts = 2});

  const std::vector<bool> kept{loop.post([](base::Now) {}), loop.post([](base::Now) {}),
                               loop.post([](base::Now) {})};

  EXPECT_EQ(kept, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(loop.counters().posts_refused, 1U);
}

TEST(Loop, GivesOneReadingOfTheClockToAWholeTurn) {
  Loop loop;
  std::vector<base::Instant> seen;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(loop.post([&](base::Now now) {
      seen.push_back(now.at);
      const base::Instant began = read_clocks().at;
      while (read_clocks().at - began < base::Duration{2}) {
      }
    }));
  }

  loop.run_turn(base::Duration{0});

  EXPECT_EQ(seen, std::vector<base::Instant>(3, seen.at(0)));
}

TEST(Loop, Goal_G4_IsBehindWhenSomethingHasBeenReadyInEveryTurnForSoLong) {
  constexpr base::Duration kLong{20};
  Loop loop;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
  bool leaves = true;
  char letter = 'a';
  const auto watch = loop.watch(ends[0], [&] {
    const base::Instant began = read_clocks().at;
    while (read_clocks().at - began < base::Duration{2}) {
    }
    if (!leaves) {
      ASSERT_EQ(::read(ends[0], &letter, 1), 1);
    }
  });
  loop.run_turn(base::Duration{0});
  EXPECT_FALSE(loop.is_behind(kLong));

  ASSERT_EQ(::write(ends[1], "a", 1), 1);
  const base::Instant began = read_clocks().at;
  while (read_clocks().at - began < 3 * kLong) loop.run_turn(base::Duration{5});
  EXPECT_TRUE(loop.is_behind(kLong));

  leaves = false;
  loop.run_turn(base::Duration{5});
  loop.run_turn(base::Duration{5});
  EXPECT_FALSE(loop.is_behind(kLong));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Loop, OneLongTurnIsNoBacklog) {
  constexpr base::Duration kShort{5};
  Loop loop;
  loop.run_turn(base::Duration{0});
  ASSERT_TRUE(loop.post([&](base::Now) {
    const base::Instant began = read_clocks().at;
    while (read_clocks().at - began < 6 * kShort) {
    }
  }));

  loop.run_turn(base::Duration{0});

  EXPECT_FALSE(loop.is_behind(kShort));
}

TEST(Loop, AValueFromAnotherThreadAfterALongWaitIsNoBacklog) {
  constexpr base::Duration kShort{5};
  Loop loop;
  loop.run_turn(base::Duration{0});
  std::thread other([&] {
    const base::Instant began = read_clocks().at;
    while (read_clocks().at - began < 6 * kShort) {
    }
    ASSERT_TRUE(loop.post([](base::Now) {}));
  });

  loop.run_turn(base::Duration{5'000});

  EXPECT_FALSE(loop.is_behind(kShort));
  other.join();
}

TEST(SystemRng, DoesNotRepeatItself) {
  SystemRng rng;
  std::set<std::uint64_t> seen;

  for (int i = 0; i < 1'000; ++i) seen.insert(rng.next());

  EXPECT_EQ(seen.size(), 1'000U);
}

}  // namespace
}  // namespace net
