// Properties of all services and of the queue over drawn inputs; the promises are those of
// testing/driver.h.
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "service/testing/driver.h"

namespace {

using service::testing::Bytes;

std::vector<std::uint8_t> drawn(base::Rng& rng, std::uint64_t most) {
  std::vector<std::uint8_t> bytes(base::below(rng, most));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
  return bytes;
}

TEST(ServiceProperties, EveryServiceKeepsItsPromises) {
  base::SplitMix rng{20'261'201};
  for (int i = 0; i < 6'000; ++i) {
    const std::vector<std::uint8_t> bytes = drawn(rng, 300);
    ASSERT_EQ(service::testing::drive_service(Bytes{bytes}), "") << "case " << i;
  }
}

TEST(ServiceProperties, EveryQueueKeepsItsPromises) {
  base::SplitMix rng{20'261'202};
  for (int i = 0; i < 3'000; ++i) {
    const std::vector<std::uint8_t> bytes = drawn(rng, 600);
    ASSERT_EQ(service::testing::drive_queue(Bytes{bytes}), "") << "case " << i;
  }
}

}  // namespace
