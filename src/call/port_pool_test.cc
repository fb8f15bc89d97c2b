#include "call/detail/port_pool.h"

#include <cstddef>
#include <cstdint>
#include <set>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"

namespace call {
namespace {

base::Instant at(std::int64_t ms) {
  return base::Instant{base::Duration{ms}};
}

TEST(PortPool, GivesEachEvenPortOnceAndNoneBeyondTheRange) {
  base::SplitMix rng(1);
  PortPool pool(30001, 30008);
  std::set<std::uint16_t> given;
  while (const auto port = pool.take(at(0), rng)) given.insert(*port);
  EXPECT_EQ(given, (std::set<std::uint16_t>{30002, 30004, 30006}));
  EXPECT_EQ(pool.taken(), 3U);
}

TEST(PortPool, OneThatWasGivenBackRestsForTwoSeconds) {
  base::SplitMix rng(1);
  PortPool pool(30000, 30001);
  const auto port = pool.take(at(0), rng);
  ASSERT_EQ(port, 30000);

  pool.give_back(*port, at(100));

  EXPECT_FALSE(pool.take(at(2'099), rng).has_value());
  EXPECT_EQ(pool.take(at(2'100), rng), 30000);
}

TEST(PortPool, WithoutARangeThereIsNothingToGive) {
  base::SplitMix rng(1);
  EXPECT_FALSE(PortPool(0, 0).take(at(0), rng).has_value());
}

TEST(PortPool, Wire_T14_TheNextPortCannotBeGuessed) {
  base::SplitMix rng(7);
  PortPool pool(30000, 39999);
  std::set<int> steps;
  int last = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    const int port = *pool.take(at(0), rng);
    steps.insert(port - last);
    last = port;
  }
  EXPECT_GT(steps.size(), 90U);
}

}  // namespace
}  // namespace call
