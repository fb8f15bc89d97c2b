#include "rtp/telephone_event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "rtp/packet.h"

namespace rtp {
namespace {

base::Instant at(std::int64_t ms) {
  return base::Instant{base::Duration{ms}};
}

// Hands packets to a receiver and notes what it tells.
struct Line {
  DigitReceiver receiver;
  std::string heard;
  std::uint16_t sequence = 100;
  std::int64_t ms = 0;

  void packet(std::uint8_t event, std::uint32_t timestamp, std::uint16_t duration, bool end) {
    again(event, timestamp, duration, end, sequence++);
  }
  void again(std::uint8_t event, std::uint32_t timestamp, std::uint16_t duration, bool end,
             std::uint16_t number) {
    const Header header{.payload_type = 101,
                        .marker = false,
                        .sequence = number,
                        .timestamp = timestamp,
                        .ssrc = 1};
    const auto payload = write_event({.event = event, .end = end, .duration = duration});
    if (const auto digit = receiver.receive(header, payload, at(ms))) heard += *digit;
    ms += 20;
  }
  void silence(std::int64_t length_ms) {
    ms += length_ms;
    if (const auto digit = receiver.stopped(at(ms))) heard += *digit;
  }
};

TEST(TelephoneEvent, BytesAreReadAndWritten) {
  const TelephoneEvent event{.event = 11, .end = true, .volume = 10, .duration = 0x0320};

  const auto bytes = write_event(event);

  EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{0x0B,           // '#'
                                                0x8A,           // end, volume 10
                                                0x03, 0x20}));  // 100 ms
  EXPECT_EQ(parse_event(bytes), event);
  EXPECT_EQ(parse_event(std::span(bytes).first(3)), std::nullopt);
}

TEST(TelephoneEvent, OneDigitIsHeardOnceHoweverOftenItsPacketsCome) {
  Line line;

  for (std::uint16_t duration = 160; duration < 800; duration += 160) {
    line.packet(5, 1000, duration, false);
  }
  for (int i = 0; i < 3; ++i) line.packet(5, 1000, 800, true);
  line.silence(500);

  EXPECT_EQ(line.heard, "5");
}

TEST(TelephoneEvent, ADigitIsHeardThoughOneKindOfPacketIsLost) {
  Line only_end;
  only_end.packet(1, 1000, 800, true);
  Line no_end;
  no_end.packet(2, 1000, 160, false);
  no_end.packet(2, 1000, 320, false);
  Line only_first;
  only_first.packet(3, 1000, 160, false);
  only_first.silence(250);
  Line first_then_other;
  first_then_other.packet(4, 1000, 160, false);
  first_then_other.packet(5, 3000, 800, true);
  first_then_other.packet(5, 3000, 800, true);

  EXPECT_EQ(only_end.heard, "1");
  EXPECT_EQ(no_end.heard, "2");
  EXPECT_EQ(only_first.heard, "3");
  EXPECT_EQ(first_then_other.heard, "45");
}

TEST(TelephoneEvent, TheSameDigitTwiceIsTwoDigits) {
  Line line;

  line.packet(7, 1000, 800, true);
  line.packet(7, 3000, 800, true);

  EXPECT_EQ(line.heard, "77");
}

TEST(TelephoneEvent, LatePacketsOfADigitBeforeAreNotANewOne) {
  Line line;
  line.packet(7, 1000, 800, true);
  line.packet(8, 3000, 800, true);

  line.again(7, 1000, 800, true, 99);

  EXPECT_EQ(line.heard, "78");
}

TEST(TelephoneEvent, ASenderWhoseTimeGrowsWithEachPacketIsUnderstood) {
  Line line;

  for (std::uint16_t i = 1; i <= 4; ++i) {
    line.packet(9, 1000U + 160U * i, static_cast<std::uint16_t>(160 * i), false);
  }
  line.packet(9, 1800, 800, true);

  EXPECT_EQ(line.heard, "9");
}

TEST(TelephoneEvent, WhatIsNoDigitIsNotHeard) {
  Line line;

  line.packet(16, 1000, 800, true);   // flash
  line.packet(255, 3000, 800, true);  // unknown

  EXPECT_EQ(line.heard, "");
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(TelephoneEvent, WhatIsSentIsHeardAsSent) {
  DigitSender sender;
  for (const char digit : std::string("0123456789*#ABCD")) {
    EXPECT_TRUE(sender.add(digit, base::Duration{100}));
  }
  EXPECT_FALSE(sender.add('x', base::Duration{100}));
  Line line;
  std::uint32_t start = 0;
  int packets = 0;

  for (std::uint32_t time = 0; sender.busy(); time += 160) {
    const auto out = sender.tick(8000);
    if (!out.has_value()) continue;
    if (out->first) start = time;
    line.packet(out->event.event, start, out->event.duration, out->event.end);
    ++packets;
  }

  EXPECT_EQ(line.heard, "0123456789*#ABCD");
  EXPECT_EQ(packets, 16 * (4 + 3));
}

TEST(TelephoneEvent, TheSenderHoldsABoundedNumber) {
  DigitSender sender;
  int taken = 0;

  while (sender.add('1', base::Duration{100})) ++taken;

  EXPECT_EQ(taken, static_cast<int>(DigitSender::kWaitingMax));
}

}  // namespace
}  // namespace rtp
