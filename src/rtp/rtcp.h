#pragma once
// RTCP as far as a server of audio needs it: sender and receiver reports, CNAME, BYE (RFC 3550
// section 6). Other packets inside a compound one are stepped over.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"

namespace rtp {

enum class ControlReject : std::uint8_t {
  TooShort,
  NotVersion2,
  NotAReport,     // the first packet of a compound one is SR or RR
  LengthPastEnd,  // a packet is longer than what came
  BlocksPastEnd,  // more report blocks than the packet has room for
};

// One report block: how the peer hears us (RFC 3550 section 6.4.1).
struct ReportBlock {
  std::uint32_t ssrc = 0;          // whose packets are reported on
  std::uint8_t fraction_lost = 0;  // of 256
  std::int32_t lost = 0;           // cumulative, 24 bits with sign
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;       // in units of the RTP clock
  std::uint32_t last_report = 0;  // middle 32 bits of the NTP time of the last SR
  std::uint32_t delay = 0;        // since that report, in 1/65536 s
  bool operator==(const ReportBlock&) const = default;
};

struct SenderTimes {
  std::uint64_t ntp = 0;  // 32.32 seconds since 1900
  std::uint32_t rtp = 0;
  std::uint32_t packets = 0, bytes = 0;
  bool operator==(const SenderTimes&) const = default;
};

// What we keep of a compound packet.
struct Control {
  std::uint32_t ssrc = 0;
  std::optional<SenderTimes> sent;    // of a sender report
  std::optional<ReportBlock> report;  // the block about `about`, if there was one
  bool bye = false;
  bool operator==(const Control&) const = default;
};

// Reads a compound packet, keeping the report block on `about`.
[[nodiscard]] base::Result<Control, ControlReject> parse_control(
    std::span<const std::uint8_t> bytes, std::uint32_t about);

struct ControlOut {
  std::uint32_t ssrc = 0;
  std::optional<SenderTimes> sent;
  std::optional<ReportBlock> report;
  std::string_view cname;  // at most 255 bytes; the rest is cut
  bool bye = false;
};
inline constexpr std::size_t kControlBytesMax = 512;
// SR or RR, SDES with CNAME, BYE where wanted. Returns the bytes used of `out`.
// REQUIRES: out.size() >= kControlBytesMax.
[[nodiscard]] std::size_t write_control(const ControlOut& control, std::span<std::uint8_t> out);

// Wall time to NTP time.
[[nodiscard]] std::uint64_t ntp_of(std::int64_t unix_ms);

}  // namespace rtp
