// Bytes as a compound RTCP packet: what we read and write again is read as the same.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "rtp/rtcp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span<const std::uint8_t> input(bytes, size);
  const std::uint32_t about = size > 11 ? std::uint32_t{bytes[8]} << 24U |
                                              std::uint32_t{bytes[9]} << 16U |
                                              std::uint32_t{bytes[10]} << 8U | bytes[11]
                                        : 0;
  const auto control = rtp::parse_control(input, about);
  if (!control) return 0;
  std::array<std::uint8_t, rtp::kControlBytesMax> out{};
  const std::size_t length = rtp::write_control({.ssrc = control->ssrc,
                                                 .sent = control->sent,
                                                 .report = control->report,
                                                 .cname = "c",
                                                 .bye = control->bye},
                                                out);
  const auto again = rtp::parse_control(std::span(out).first(length), about);
  ASSERT(again.has_value());
  ASSERT(*again == *control);
  return 0;
}
