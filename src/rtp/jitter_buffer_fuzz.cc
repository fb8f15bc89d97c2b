// Packets in any order and time: the buffer is bounded, no packet comes out twice in a row or
// never twice, and digits of telephone events are digits.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/assert.h"
#include "base/time.h"
#include "rtp/jitter_buffer.h"
#include "rtp/packet.h"
#include "rtp/telephone_event.h"

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each ASSERT counts
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  rtp::JitterBuffer buffer;
  rtp::DigitReceiver digits;
  base::Instant now{};
  std::uint16_t sequence = 0;
  std::uint32_t serial = 0;
  std::optional<std::uint32_t> last;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    now += base::Duration{bytes[i] & 31U};
    sequence = static_cast<std::uint16_t>(sequence + bytes[i + 1] - 96);
    if ((bytes[i] & 0x80U) == 0) {
      ++serial;
      const std::array<std::uint8_t, 4> payload{
          static_cast<std::uint8_t>(serial >> 24U), static_cast<std::uint8_t>(serial >> 16U),
          static_cast<std::uint8_t>(serial >> 8U), static_cast<std::uint8_t>(serial)};
      (void)buffer.put(sequence, bytes[i + 2], payload, now);
      const rtp::Header header{.payload_type = 101,
                               .marker = (bytes[i + 2] & 1U) != 0,
                               .sequence = sequence,
                               .timestamp = bytes[i + 2],
                               .ssrc = 1};
      const auto digit = digits.receive(
          header, std::array<std::uint8_t, 4>{bytes[i + 1], bytes[i + 2], bytes[i], bytes[i]}, now);
      ASSERT(!digit.has_value() || rtp::event_of(*digit).has_value());
    }
    ASSERT(buffer.depth() <= rtp::JitterBuffer::kDepthMax);
    const std::size_t before = buffer.depth();
    const auto pulled = buffer.pull(now);
    if (pulled.why != rtp::JitterBuffer::Why::Ready) continue;
    ASSERT(buffer.depth() + 1 == before);
    ASSERT(pulled.packet.payload.size() == 4);
    std::uint32_t is = 0;
    for (const std::uint8_t byte : pulled.packet.payload) is = is << 8U | byte;
    ASSERT(is <= serial);
    ASSERT(!last.has_value() || *last != is);
    last = is;
  }
  return 0;
}
