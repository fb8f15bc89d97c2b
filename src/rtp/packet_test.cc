#include "rtp/packet.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "rtp/rtcp.h"

namespace rtp {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes plain() {
  return {0x80,                    // version 2, no padding, no extension, no sources
          0x88,                    // marker, payload type 8
          0x12, 0x34,              // sequence
          0x00, 0x00, 0x01, 0x40,  // time 320
          0xCA, 0xFE, 0xBA, 0xBE,  // SSRC
          0xD5, 0xD6};             // two samples
}

TEST(RtpPacket, EveryFieldIsReadAndWrittenAgain) {
  const Bytes bytes = plain();

  const auto packet = Packet::parse(bytes);

  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->header(), (Header{.payload_type = 8,
                                      .marker = true,
                                      .sequence = 0x1234,
                                      .timestamp = 320,
                                      .ssrc = 0xCAFEBABE}));
  EXPECT_EQ(packet->payload().size(), 2U);
  std::array<std::uint8_t, kHeaderBytes> again{};
  write_header(packet->header(), again);
  EXPECT_TRUE(std::equal(again.begin(), again.end(), bytes.begin()));
}

TEST(RtpPacket, Rfc3550_5_1_SourcesExtensionAndPaddingAreSteppedOver) {
  Bytes bytes = plain();
  bytes[0] = 0x80 | 0x20 | 0x10 | 1;                           // padding, extension, one source
  bytes.insert(bytes.begin() + 12, {0, 0, 0, 7,                // the source
                                    0xBE, 0xDE, 0x00, 0x01,    // extension of one word
                                    0x10, 0xFF, 0x00, 0x00});  // its word
  bytes.insert(bytes.end(), {0, 0, 3});                        // three bytes of padding

  const auto packet = Packet::parse(bytes);

  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->payload_offset(), 24U);
  EXPECT_EQ(Bytes(packet->payload().begin(), packet->payload().end()), (Bytes{0xD5, 0xD6}));
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(RtpPacket, LengthsThatLieAreRefusedByName) {
  const auto why = [](auto change) {
    Bytes bytes = plain();
    change(bytes);
    auto packet = Packet::parse(bytes);
    return packet ? Reject{255} : packet.error();
  };

  EXPECT_EQ(why([](Bytes& b) { b.resize(11); }), Reject::TooShort);
  EXPECT_EQ(why([](Bytes& b) { b[0] = 0x40; }), Reject::NotVersion2);
  EXPECT_EQ(why([](Bytes& b) { b[0] = 0x81; }), Reject::SourcesPastEnd);
  EXPECT_EQ(why([](Bytes& b) { b[0] = 0x90; }), Reject::ExtensionPastEnd);
  EXPECT_EQ(why([](Bytes& b) {
              b[0] = 0x90;
              b.insert(b.end(), {0xFF, 0xFF});
            }),
            Reject::ExtensionPastEnd);
  EXPECT_EQ(why([](Bytes& b) {
              b[0] = 0xA0;
              b.back() = 3;
            }),
            Reject::BadPadding);
  EXPECT_EQ(why([](Bytes& b) {
              b[0] = 0xA0;
              b.back() = 0;
            }),
            Reject::BadPadding);
  EXPECT_EQ(why([](Bytes& b) { b[1] = 200; }), Reject::IsControl);
}

TEST(Rtcp, AReportIsReadAsItWasWritten) {
  ControlOut out;
  out.ssrc = 0x11223344;
  out.sent = SenderTimes{.ntp = 0x0123456789ABCDEF, .rtp = 160, .packets = 50, .bytes = 8'000};
  out.report = ReportBlock{.ssrc = 7,
                           .fraction_lost = 12,
                           .lost = -3,
                           .highest_sequence = 0x10002,
                           .jitter = 5,
                           .last_report = 9,
                           .delay = 65'536};
  out.cname = "0123456789";
  out.bye = true;
  std::array<std::uint8_t, kControlBytesMax> bytes{};

  const std::size_t size = write_control(out, bytes);
  const auto control = parse_control(std::span(bytes).first(size), 7);

  ASSERT_TRUE(control);
  EXPECT_EQ(*control,
            (Control{.ssrc = 0x11223344, .sent = out.sent, .report = out.report, .bye = true}));
  EXPECT_EQ(size % 4, 0U);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Rtcp, LengthsThatLieAreRefusedByName) {
  const Bytes report = {0x80, 201, 0, 1, 0, 0, 0, 9};
  const auto why = [&](auto change) {
    Bytes bytes = report;
    change(bytes);
    auto control = parse_control(bytes, 0);
    return control ? ControlReject{255} : control.error();
  };

  EXPECT_TRUE(parse_control(report, 0));
  EXPECT_EQ(why([](Bytes& b) { b.resize(7); }), ControlReject::TooShort);
  EXPECT_EQ(why([](Bytes& b) { b[0] = 0; }), ControlReject::NotVersion2);
  EXPECT_EQ(why([](Bytes& b) { b[1] = 202; }), ControlReject::NotAReport);
  EXPECT_EQ(why([](Bytes& b) { b[3] = 2; }), ControlReject::LengthPastEnd);
  EXPECT_EQ(why([](Bytes& b) { b[0] = 0x81; }), ControlReject::BlocksPastEnd);
  EXPECT_EQ(why([](Bytes& b) { b.push_back(0x80); }), ControlReject::TooShort);
}

TEST(Rtcp, NtpTimeBeginsIn1900) {
  EXPECT_EQ(ntp_of(0) >> 32U, 2'208'988'800U);
  EXPECT_EQ(ntp_of(500) & 0xFFFFFFFFU, 0x80000000U);
}

}  // namespace
}  // namespace rtp
