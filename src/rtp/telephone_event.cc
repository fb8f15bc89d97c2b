#include "rtp/telephone_event.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"
#include "rtp/detail/bytes.h"
#include "rtp/packet.h"
#include "rtp/sequence.h"

namespace rtp {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD";
constexpr std::int64_t kToldAfterMs = 40;
constexpr base::Duration kStoppedAfter{200};
constexpr std::int64_t kTickMs = 20;
constexpr int kEnds = 3;        // RFC 4733 section 2.5.1.4
constexpr int kPauseTicks = 3;  // 60 ms between digits
constexpr std::int64_t kShortestMs = 60, kLongestMs = 5'000;
constexpr int kNear = 10;  // packets of one event are at most so far apart

}  // namespace

std::optional<TelephoneEvent> parse_event(std::span<const std::uint8_t> payload) {
  if (payload.size() < kTelephoneEventBytes) return std::nullopt;
  return TelephoneEvent{.event = payload[0],
                        .end = (payload[1] & 0x80U) != 0,
                        .volume = static_cast<std::uint8_t>(payload[1] & 0x3FU),
                        .duration = detail::get16(payload, 2)};
}

std::array<std::uint8_t, kTelephoneEventBytes> write_event(const TelephoneEvent& event) {
  std::array<std::uint8_t, kTelephoneEventBytes> bytes{};
  bytes[0] = event.event;
  bytes[1] = static_cast<std::uint8_t>((event.end ? 0x80U : 0U) | (event.volume & 0x3FU));
  detail::put16(bytes, 2, event.duration);
  return bytes;
}

std::optional<char> digit_of(std::uint8_t event) {
  if (event >= kDigits.size()) return std::nullopt;
  return kDigits[event];
}

std::optional<std::uint8_t> event_of(char digit) {
  const std::size_t at = kDigits.find(digit);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

// Packets of one event carry one timestamp. Some senders let it grow with each packet; then the
// same event that goes on growing, without a marker, before any end, is still the same.
bool DigitReceiver::is_same(const Header& header, const TelephoneEvent& event) const {
  if (!current_.has_value() || current_->ssrc != header.ssrc) return false;
  if (current_->timestamp == header.timestamp) return true;
  return !header.marker && !current_->ended && current_->event == event.event &&
         event.duration > current_->duration &&
         distance(current_->sequence, header.sequence) <= kNear;
}

std::optional<char> DigitReceiver::tell() {
  current_->told = true;
  return digit_of(current_->event);
}

std::optional<char> DigitReceiver::receive(const Header& header,
                                           std::span<const std::uint8_t> payload,
                                           base::Instant now) {
  const auto event = parse_event(payload);
  if (!event.has_value() || !digit_of(event->event).has_value()) return std::nullopt;
  std::optional<char> earlier;
  if (!is_same(header, *event)) {
    if (current_.has_value() && current_->ssrc == header.ssrc &&
        distance(current_->sequence, header.sequence) < 0) {
      return std::nullopt;  // late packets of a digit before this one
    }
    if (current_.has_value() && !current_->told) earlier = tell();
    current_ = Current{.event = event->event,
                       .timestamp = header.timestamp,
                       .ssrc = header.ssrc,
                       .sequence = header.sequence,
                       .last = now};
  }
  Current& current = *current_;
  if (distance(current.sequence, header.sequence) > 0) current.sequence = header.sequence;
  current.duration = std::max(current.duration, event->duration);
  current.ended = current.ended || event->end;
  current.last = now;
  // A digit that was never told because all but its first packet were lost comes now, and this one
  // with its next packet, or when it stops.
  if (earlier.has_value()) return earlier;
  const bool long_enough = std::int64_t{current.duration} * 1000 >= kToldAfterMs * rate_hz_;
  if (current.told || !(event->end || long_enough)) return std::nullopt;
  return tell();
}

std::optional<char> DigitReceiver::stopped(base::Instant now) {
  if (!current_.has_value() || current_->told || now - current_->last < kStoppedAfter) {
    return std::nullopt;
  }
  return tell();
}

bool DigitSender::add(char digit, base::Duration length) {
  const auto event = event_of(digit);
  if (!event.has_value() || waiting_.size() >= kWaitingMax) return false;
  const std::int64_t ms = std::clamp(length.count(), kShortestMs, kLongestMs);
  waiting_.push_back({*event, (ms + kTickMs - 1) / kTickMs * kTickMs});
  return true;
}

std::optional<DigitSender::Out> DigitSender::tick(std::uint32_t rate_hz) {
  if (!sending_.has_value()) {
    if (waiting_.empty()) return std::nullopt;
    sending_ = Sending{.digit = waiting_.front()};
    waiting_.pop_front();
  }
  Sending& sending = *sending_;
  if (sending.ends_sent == kEnds) {
    if (++sending.pause_ticks == kPauseTicks) sending_.reset();
    return std::nullopt;
  }
  sending.at_ms = std::min(sending.at_ms + kTickMs, sending.digit.length_ms);
  const bool end = sending.at_ms == sending.digit.length_ms;
  if (end) ++sending.ends_sent;
  const std::int64_t duration = sending.at_ms * rate_hz / 1000;
  return Out{.event = {.event = sending.digit.event,
                       .end = end,
                       .volume = 10,
                       .duration = static_cast<std::uint16_t>(
                           std::min<std::int64_t>(duration, UINT16_MAX))},
             .first = sending.at_ms == kTickMs};
}

}  // namespace rtp
