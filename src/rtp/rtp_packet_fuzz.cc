// Bytes as an RTP packet: what is read lies inside, and what is written again is read as the same.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "rtp/packet.h"
#include "rtp/telephone_event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span<const std::uint8_t> input(bytes, size);
  const auto packet = rtp::Packet::parse(input);
  if (!packet) return 0;
  ASSERT(packet->payload_offset() + packet->payload().size() <= size);
  std::array<std::uint8_t, rtp::kHeaderBytes> header{};
  rtp::write_header(packet->header(), header);
  const auto again = rtp::Packet::parse(header);
  ASSERT(again.has_value());
  ASSERT(again->header() == packet->header());
  (void)rtp::parse_event(packet->payload());
  return 0;
}
