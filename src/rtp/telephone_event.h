#pragma once
// Digits as telephone-event packets (RFC 4733): what came is one digit however often its packets
// came, what goes out is repeated as the RFC wants it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "base/time.h"
#include "rtp/packet.h"

namespace rtp {

// The four bytes of one event (section 2.3).
struct TelephoneEvent {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 10;    // dBm0 without the sign, 0-63
  std::uint16_t duration = 0;  // in units of the RTP clock
  bool operator==(const TelephoneEvent&) const = default;
};
inline constexpr std::size_t kTelephoneEventBytes = 4;
// Nothing if there are less than four bytes.
[[nodiscard]] std::optional<TelephoneEvent> parse_event(std::span<const std::uint8_t> payload);
[[nodiscard]] std::array<std::uint8_t, kTelephoneEventBytes> write_event(
    const TelephoneEvent& event);

// 0-9 * # A-D for events 0-15; nothing for others (flash, fax tones).
[[nodiscard]] std::optional<char> digit_of(std::uint8_t event);
[[nodiscard]] std::optional<std::uint8_t> event_of(char digit);

// From packets to digits. A digit is told once it lasted 40 ms or its end came, whichever is first;
// if all later packets are lost, when nothing more of it came for 200 ms.
class DigitReceiver {
 public:
  explicit DigitReceiver(std::uint32_t rate_hz = 8000) : rate_hz_(rate_hz) {}
  // One packet of the agreed payload type. Repeated, late and malformed ones give nothing.
  [[nodiscard]] std::optional<char> receive(const Header& header,
                                            std::span<const std::uint8_t> payload,
                                            base::Instant now);
  // To be called now and then: tells a digit whose packets stopped coming.
  [[nodiscard]] std::optional<char> stopped(base::Instant now);

 private:
  struct Current {
    std::uint8_t event = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    std::uint16_t duration = 0;
    bool told = false, ended = false;
    base::Instant last{};
  };
  [[nodiscard]] bool is_same(const Header& header, const TelephoneEvent& event) const;
  [[nodiscard]] std::optional<char> tell();

  std::uint32_t rate_hz_;
  std::optional<Current> current_;
};

// From digits to packets: one every 20 ms with a growing duration, the last one three times, then
// 60 ms of pause before the next digit.
class DigitSender {
 public:
  static constexpr std::size_t kWaitingMax = 32;
  // False when too many wait already, or `digit` is none.
  bool add(char digit, base::Duration length);
  [[nodiscard]] bool busy() const { return sending_.has_value() || !waiting_.empty(); }

  struct Out {
    TelephoneEvent event;
    bool first = false;  // of its digit: the marker, and a new timestamp for all its packets
  };
  // To be called every 20 ms while busy; nothing in the pause after a digit.
  [[nodiscard]] std::optional<Out> tick(std::uint32_t rate_hz);

 private:
  struct Digit {
    std::uint8_t event = 0;
    std::int64_t length_ms = 0;
  };
  struct Sending {
    Digit digit;
    std::int64_t at_ms = 0;
    int ends_sent = 0;
    int pause_ticks = 0;
  };
  std::deque<Digit> waiting_;
  std::optional<Sending> sending_;
};

}  // namespace rtp
