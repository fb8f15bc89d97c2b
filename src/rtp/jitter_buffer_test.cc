#include "rtp/jitter_buffer.h"

#include <array>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "rtp/packet.h"
#include "rtp/receive_statistics.h"
#include "rtp/replay_window.h"
#include "rtp/rtcp.h"

namespace rtp {
namespace {

base::Instant at(std::int64_t ms) {
  return base::Instant{base::Duration{ms}};
}

JitterBuffer::Put put(JitterBuffer& buffer, int sequence, std::int64_t ms) {
  const std::array<std::uint8_t, 1> payload{static_cast<std::uint8_t>(sequence)};
  return buffer.put(static_cast<std::uint16_t>(sequence), 0, payload, at(ms));
}

// "7" for the packet 7, "-" for one that is lost, "." for nothing there.
std::string pull(JitterBuffer& buffer, std::int64_t ms) {
  const auto pulled = buffer.pull(at(ms));
  switch (pulled.why) {
    case JitterBuffer::Why::Ready:
      return std::to_string(pulled.packet.payload[0]);
    case JitterBuffer::Why::Lost:
      return "-";
    case JitterBuffer::Why::Waiting:
      break;
  }
  return ".";
}

TEST(JitterBuffer, PacketsComeOutInOrderAfterTheDelay) {
  JitterBuffer buffer;
  put(buffer, 2, 0);
  put(buffer, 1, 5);
  put(buffer, 3, 10);

  EXPECT_EQ(pull(buffer, 20), ".");
  EXPECT_EQ(pull(buffer, 40), "1");
  EXPECT_EQ(pull(buffer, 60), "2");
  EXPECT_EQ(pull(buffer, 80), "3");
  EXPECT_EQ(pull(buffer, 100), ".");
}

TEST(JitterBuffer, ALostPacketIsSaidAndALateOneDropped) {
  JitterBuffer buffer;
  put(buffer, 1, 0);
  put(buffer, 3, 20);
  EXPECT_EQ(pull(buffer, 40), "1");
  EXPECT_EQ(pull(buffer, 60), "-");

  EXPECT_EQ(put(buffer, 2, 61), JitterBuffer::Put::Late);
  EXPECT_EQ(put(buffer, 3, 62), JitterBuffer::Put::Double);

  EXPECT_EQ(pull(buffer, 80), "3");
}

TEST(JitterBuffer, TheDelayBeginsAnewAfterAPause) {
  JitterBuffer buffer;
  put(buffer, 1, 0);
  EXPECT_EQ(pull(buffer, 40), "1");
  EXPECT_EQ(pull(buffer, 60), ".");

  put(buffer, 2, 1'000);

  EXPECT_EQ(pull(buffer, 1'000), ".");
  EXPECT_EQ(pull(buffer, 1'040), "2");
}

TEST(JitterBuffer, ASenderWhoIsTooFastLosesTheOldest) {
  JitterBuffer buffer;
  for (int i = 0; i < 20; ++i) put(buffer, i, i);

  EXPECT_EQ(buffer.depth(), JitterBuffer::kDepthMax);
  EXPECT_EQ(pull(buffer, 100), "10");
}

TEST(JitterBuffer, AJumpOfTheSequenceIsANewSender) {
  JitterBuffer buffer;
  put(buffer, 1, 0);
  put(buffer, 2, 0);

  put(buffer, 20'005, 20);

  EXPECT_EQ(buffer.depth(), 1U);
  EXPECT_EQ(pull(buffer, 60), std::to_string(20'005 % 256));
}

TEST(JitterBuffer, TheSequenceWraps) {
  JitterBuffer buffer;
  put(buffer, 65'535, 0);
  put(buffer, 65'536, 0);

  EXPECT_EQ(pull(buffer, 40), "255");
  EXPECT_EQ(pull(buffer, 60), "0");
}

TEST(ReplayWindow, EachIndexIsNewOnceAndOldOnesNever) {
  ReplayWindow window;
  EXPECT_TRUE(window.is_new(1'000));
  window.add(1'000);
  EXPECT_FALSE(window.is_new(1'000));
  EXPECT_TRUE(window.is_new(999));
  window.add(999);
  EXPECT_FALSE(window.is_new(999));
  window.add(1'100);
  EXPECT_FALSE(window.is_new(1'000));
  EXPECT_TRUE(window.is_new(1'001));
  EXPECT_FALSE(window.is_new(1'100 - 128));
  EXPECT_TRUE(window.is_new(1'100 - 127));
  window.add(5'000);
  EXPECT_FALSE(window.is_new(1'100));
  EXPECT_TRUE(window.is_new(4'999));
}

TEST(ReplayWindow, Rfc3711_3_3_1_TheRolloverIsGuessed) {
  EXPECT_EQ(guess_index(0x0FFFE, 0x0001), 0x10001U);
  EXPECT_EQ(guess_index(0x10001, 0xFFFE), 0x0FFFEU);
  EXPECT_EQ(guess_index(0x10001, 0x0005), 0x10005U);
  EXPECT_EQ(guess_index(0x00001, 0xFFFE), 0x0FFFEU);  // never below 0
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(ReceiveStatistics, LossesAreCounted) {
  ReceiveStatistics statistics;
  Header header{.payload_type = 0, .marker = false, .sequence = 65'530, .timestamp = 0, .ssrc = 9};
  for (int i = 0; i < 10; ++i) {
    if (i != 3 && i != 7) statistics.add(header, 8000, at(std::int64_t{20} * i));
    header.sequence = static_cast<std::uint16_t>(header.sequence + 1);
    header.timestamp += 160;
  }

  const ReportBlock block = statistics.report(at(200));

  EXPECT_EQ(block.ssrc, 9U);
  EXPECT_EQ(block.lost, 2);
  EXPECT_EQ(block.fraction_lost, 2 * 256 / 10);
  EXPECT_EQ(block.highest_sequence, 65'539U);
  EXPECT_EQ(block.jitter, 0U);
}

}  // namespace
}  // namespace rtp
