#include "rtp/g711.h"

#include <cstdint>
#include <cstdlib>

#include <gtest/gtest.h>

namespace rtp {
namespace {

TEST(G711, KnownCodesOfTheRecommendation) {
  EXPECT_EQ(to_ulaw(0), 0xFF);
  EXPECT_EQ(from_ulaw(0xFF), 0);
  EXPECT_EQ(from_ulaw(0x80), 32'124);
  EXPECT_EQ(from_ulaw(0x00), -32'124);
  EXPECT_EQ(to_alaw(0), 0xD5);
  EXPECT_EQ(from_alaw(0xD5), 8);
  EXPECT_EQ(from_alaw(0xAA), 32'256);
  EXPECT_EQ(from_alaw(0x2A), -32'256);
}

TEST(G711, EachCodeIsItsOwnCode) {
  for (int code = 0; code < 256; ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    EXPECT_EQ(to_alaw(from_alaw(byte)), byte);
    if (byte == 0x7F) continue;  // the other zero
    EXPECT_EQ(to_ulaw(from_ulaw(byte)), byte);
  }
}

TEST(G711, NoSampleIsFurtherOffThanItsStep) {
  for (int sample = -32'768; sample < 32'768; ++sample) {
    const int step = 16 + std::abs(sample) / 16;
    const auto value = static_cast<std::int16_t>(sample);
    ASSERT_LE(std::abs(from_alaw(to_alaw(value)) - sample), step) << sample;
    ASSERT_LE(std::abs(from_ulaw(to_ulaw(value)) - sample),
              step + 150 * (sample > 32'000 || sample < -32'000))
        << sample;
  }
}

}  // namespace
}  // namespace rtp
