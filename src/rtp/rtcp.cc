#include "rtp/rtcp.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/assert.h"
#include "base/result.h"
#include "rtp/detail/bytes.h"

namespace rtp {
namespace {

using detail::get16;
using detail::get32;
using detail::put16;
using detail::put32;

constexpr std::uint8_t kSenderReport = 200, kReceiverReport = 201, kSdes = 202, kBye = 203;
constexpr std::size_t kBlockBytes = 24, kSenderBytes = 20;
constexpr std::uint8_t kCname = 1;

ReportBlock read_block(std::span<const std::uint8_t> bytes) {
  const std::uint32_t lost = get32(bytes, 4) & 0xFFFFFFU;
  return {.ssrc = get32(bytes, 0),
          .fraction_lost = bytes[4],
          .lost = static_cast<std::int32_t>(lost << 8U) / 256,
          .highest_sequence = get32(bytes, 8),
          .jitter = get32(bytes, 12),
          .last_report = get32(bytes, 16),
          .delay = get32(bytes, 20)};
}

void write_block(const ReportBlock& block, std::span<std::uint8_t> out) {
  put32(out, 0, block.ssrc);
  put32(out, 4, static_cast<std::uint32_t>(std::clamp(block.lost, -0x800000, 0x7FFFFF)));
  out[4] = block.fraction_lost;
  put32(out, 8, block.highest_sequence);
  put32(out, 12, block.jitter);
  put32(out, 16, block.last_report);
  put32(out, 20, block.delay);
}

// One SR or RR. `packet` is exactly as long as its length field says.
base::Status<ControlReject> read_report(std::span<const std::uint8_t> packet, std::uint32_t about,
                                        Control& control) {
  const bool sender = packet[1] == kSenderReport;
  const std::size_t blocks = packet[0] & 0x1FU;
  std::size_t at = sender ? 8 + kSenderBytes : 8;
  if (packet.size() < at + blocks * kBlockBytes) {
    return base::Unexpected{ControlReject::BlocksPastEnd};
  }
  control.ssrc = get32(packet, 4);
  if (sender) {
    control.sent = {.ntp = std::uint64_t{get32(packet, 8)} << 32U | get32(packet, 12),
                    .rtp = get32(packet, 16),
                    .packets = get32(packet, 20),
                    .bytes = get32(packet, 24)};
  }
  for (std::size_t i = 0; i < blocks; ++i, at += kBlockBytes) {
    const ReportBlock block = read_block(packet.subspan(at, kBlockBytes));
    if (block.ssrc == about) control.report = block;
  }
  return base::Ok{};
}

// The first word of a packet: version 2, no padding, `count`, type and length in words less one.
void put_start(std::span<std::uint8_t> out, std::size_t count, std::uint8_t type,
               std::size_t length_bytes) {
  out[0] = static_cast<std::uint8_t>(0x80U | count);
  out[1] = type;
  put16(out, 2, static_cast<std::uint32_t>(length_bytes / 4 - 1));
}

std::size_t put_cname(std::span<std::uint8_t> out, std::uint32_t ssrc, std::string_view cname) {
  const std::size_t text = std::min<std::size_t>(cname.size(), 255);
  // The item, at least one zero byte after it, up to the next word.
  const std::size_t length = 8 + (2 + text + 1 + 3) / 4 * 4;
  std::fill_n(out.begin(), length, std::uint8_t{0});
  put_start(out, 1, kSdes, length);
  put32(out, 4, ssrc);
  out[8] = kCname;
  out[9] = static_cast<std::uint8_t>(text);
  std::copy_n(cname.begin(), text, out.begin() + 10);
  return length;
}

}  // namespace

base::Result<Control, ControlReject> parse_control(std::span<const std::uint8_t> bytes,
                                                   std::uint32_t about) {
  if (bytes.size() < 8) return base::Unexpected{ControlReject::TooShort};
  Control control;
  for (bool first = true; !bytes.empty(); first = false) {
    if (bytes.size() < 4) return base::Unexpected{ControlReject::TooShort};
    if (bytes[0] >> 6U != 2) return base::Unexpected{ControlReject::NotVersion2};
    const std::size_t length = (std::size_t{get16(bytes, 2)} + 1) * 4;
    if (length > bytes.size()) return base::Unexpected{ControlReject::LengthPastEnd};
    const auto packet = bytes.first(length);
    const bool report = bytes[1] == kSenderReport || bytes[1] == kReceiverReport;
    if (first && !report) return base::Unexpected{ControlReject::NotAReport};
    if (report) {
      if (const auto read = read_report(packet, about, control); !read) {
        return base::Unexpected{read.error()};
      }
    }
    if (bytes[1] == kBye) control.bye = true;
    bytes = bytes.subspan(length);
  }
  return control;
}

std::size_t write_control(const ControlOut& control, std::span<std::uint8_t> out) {
  ASSERT(out.size() >= kControlBytesMax);
  std::size_t at = control.sent.has_value() ? 8 + kSenderBytes : 8;
  if (control.report.has_value()) {
    write_block(*control.report, out.subspan(at, kBlockBytes));
    at += kBlockBytes;
  }
  put_start(out, control.report.has_value() ? 1 : 0,
            control.sent.has_value() ? kSenderReport : kReceiverReport, at);
  put32(out, 4, control.ssrc);
  if (control.sent.has_value()) {
    put32(out, 8, static_cast<std::uint32_t>(control.sent->ntp >> 32U));
    put32(out, 12, static_cast<std::uint32_t>(control.sent->ntp));
    put32(out, 16, control.sent->rtp);
    put32(out, 20, control.sent->packets);
    put32(out, 24, control.sent->bytes);
  }
  at += put_cname(out.subspan(at), control.ssrc, control.cname);
  if (control.bye) {
    put_start(out.subspan(at), 1, kBye, 8);
    put32(out, at + 4, control.ssrc);
    at += 8;
  }
  return at;
}

std::uint64_t ntp_of(std::int64_t unix_ms) {
  constexpr std::int64_t kSecondsFrom1900To1970 = 2'208'988'800;
  const std::int64_t ms = std::max<std::int64_t>(unix_ms, 0);
  const auto seconds = static_cast<std::uint64_t>(ms / 1000 + kSecondsFrom1900To1970);
  const auto fraction = (static_cast<std::uint64_t>(ms % 1000) << 32U) / 1000;
  return seconds << 32U | fraction;
}

}  // namespace rtp
