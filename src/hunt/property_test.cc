// Properties over random plans and random orders of events (rapidcheck). The promises are those of
// testing/driver.h: one winner at most, exactly one outcome an attempt, nothing rings after the
// end, no time beyond the limit, a device rung once at a time, and an end when all is silent.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/rng.h"
#include "hunt/memory.h"
#include "hunt/testing/driver.h"

namespace {

TEST(HuntProperties, EveryHuntKeepsItsPromises) {
  const bool kept = rc::check("any office, any order of events", [] {
    const auto size = *rc::gen::inRange(0, 900);
    const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
        static_cast<std::size_t>(size), rc::gen::arbitrary<std::uint8_t>());
    hunt::testing::Driver driver{hunt::testing::Bytes{bytes}};
    const std::string broken = driver.run();
    if (!broken.empty()) RC_FAIL(broken);
  });

  EXPECT_TRUE(kept);
}

// Many more cases than rapidcheck's hundred, from a fixed sequence.
TEST(HuntProperties, TwoThousandDrawnHuntsKeepTheirPromises) {
  base::SplitMix rng{20'261'124};
  for (int i = 0; i < 2'000; ++i) {
    std::vector<std::uint8_t> bytes(base::below(rng, 700));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
    hunt::testing::Driver driver{hunt::testing::Bytes{bytes}};
    ASSERT_EQ(driver.run(), "") << "case " << i;
  }
}

TEST(HuntProperties, MemorySurvivesItsText) {
  const bool kept = rc::check("decode(encode(m)) == m", [] {
    hunt::Memory memory;
    const auto count = *rc::gen::inRange(0, 20);
    for (int i = 0; i < count; ++i) {
      const auto name = "user:" + std::to_string(*rc::gen::inRange(0, 30));
      const auto at = *rc::gen::arbitrary<std::int64_t>();
      if (*rc::gen::arbitrary<bool>()) {
        hunt::apply(memory, hunt::RoundBegan{name});
      } else {
        hunt::apply(memory, hunt::MemberAnswered{name, {at}, {*rc::gen::inRange(0, 3)}});
      }
    }
    RC_ASSERT(hunt::decode(hunt::encode(memory)) == memory);
  });

  EXPECT_TRUE(kept);
}

}  // namespace
