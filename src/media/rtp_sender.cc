#include "media/rtp_sender.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/rng.h"
#include "base/time.h"
#include "facts/media.h"
#include "rtp/packet.h"
#include "rtp/replay_window.h"
#include "rtp/rtcp.h"
#include "rtp/sequence.h"
#include "rtp/srtp.h"

namespace media {
namespace {

constexpr std::int64_t kFrameMs = 20;
// Frames that come later than this after the one before begin a new run.
constexpr base::Duration kRunBreak{100};
constexpr int kJump = 1'000;  // of a partner's sequence: it began anew
// Extended numbers of a relay begin here, so that packets before the first one are no underflow.
constexpr std::uint64_t kFirstRollover = std::uint64_t{1} << 16U;

}  // namespace

RtpSender::RtpSender(base::Rng& rng) {
  begin_ssrc(rng);
}

void RtpSender::begin_ssrc(base::Rng& rng) {
  ssrc_ = static_cast<std::uint32_t>(rng.next());
  // The lower half, so that a lost first packet does not hide a rollover (RFC 3711 section 3.3.1).
  next_ = static_cast<std::uint16_t>(rng.next() & 0x7FFFU);
  time_ = static_cast<std::uint32_t>(rng.next());
  run_ = Run::None;
  packets_ = bytes_ = 0;
}

void RtpSender::set_key(const std::optional<facts::SrtpKey>& key, base::Rng& rng) {
  if (key == key_) return;
  key_ = key;
  srtp_.reset();
  if (!key.has_value()) return;
  std::array<std::uint8_t, rtp::kSrtpMasterBytes> master{};
  std::copy_n(key->key_and_salt.begin(), std::min(master.size(), key->key_and_salt.size()),
              master.begin());
  srtp_ = std::make_unique<rtp::SrtpSender>(key->suite == facts::SrtpSuite::AesCm128HmacSha1_80
                                                ? rtp::SrtpSuite::AesCm128HmacSha1_80
                                                : rtp::SrtpSuite::AesCm128HmacSha1_32,
                                            master);
  begin_ssrc(rng);
}

// RTP time of `now`: that of the last packet and what passed since, at least a frame.
std::uint32_t RtpSender::time_at(base::Instant now, std::uint32_t clock_hz) const {
  const std::int64_t ms = std::max((now - time_at_).count(), kFrameMs);
  return time_ + static_cast<std::uint32_t>(ms * clock_hz / 1'000);
}

std::span<const std::uint8_t> RtpSender::finish(const rtp::Header& header,
                                                std::span<const std::uint8_t> payload) {
  if (payload.size() > kPacketBytesMax - rtp::kHeaderBytes) return {};
  rtp::write_header(header, buffer_);
  std::copy(payload.begin(), payload.end(), buffer_.begin() + rtp::kHeaderBytes);
  std::size_t length = rtp::kHeaderBytes + payload.size();
  if (srtp_ != nullptr) {
    const auto protected_length = srtp_->protect(buffer_, length);
    if (!protected_length) return {};
    length = *protected_length;
  }
  ++packets_;
  bytes_ += static_cast<std::uint32_t>(payload.size());
  return std::span(buffer_).first(length);
}

std::span<const std::uint8_t> RtpSender::frame(const Format& format,
                                               std::span<const std::uint8_t> payload,
                                               base::Instant now) {
  const bool goes_on =
      run_ == Run::Own && clock_hz_ == format.clock_hz && now - time_at_ < kRunBreak;
  time_ = goes_on ? time_ + static_cast<std::uint32_t>(kFrameMs * format.clock_hz / 1'000)
                  : time_at(now, format.clock_hz);
  time_at_ = now;
  clock_hz_ = format.clock_hz;
  run_ = Run::Own;
  const rtp::Header header{.payload_type = format.payload_type,
                           .marker = !goes_on,
                           .sequence = next_,
                           .timestamp = time_,
                           .ssrc = ssrc_};
  next_ = rtp::next(next_);
  return finish(header, payload);
}

void RtpSender::begin_relay(const rtp::Header& in, std::uint32_t clock_hz, base::Instant now) {
  sequence_offset_ = static_cast<std::uint16_t>(next_ - in.sequence);
  time_offset_ = time_at(now, clock_hz) - in.timestamp;
  in_ssrc_ = in.ssrc;
  relayed_ = {};
  first_relayed_ = kFirstRollover + in.sequence;
  relayed_.add(first_relayed_);
  run_ = Run::Relayed;
}

std::span<const std::uint8_t> RtpSender::relay(const Format& format, const rtp::Packet& packet,
                                               base::Instant now) {
  const rtp::Header& in = packet.header();
  bool first = run_ != Run::Relayed || in.ssrc != in_ssrc_;
  if (!first) {
    const auto last = static_cast<std::uint16_t>(relayed_.highest());
    first = std::abs(int{rtp::distance(last, in.sequence)}) > kJump;
  }
  if (first) {
    begin_relay(in, format.clock_hz, now);
  } else {
    const std::uint64_t index = rtp::guess_index(relayed_.highest(), in.sequence);
    // Numbers before the first one of this run were used for something else.
    if (index < first_relayed_ || !relayed_.is_new(index)) return {};
    relayed_.add(index);
  }
  const rtp::Header header{.payload_type = format.payload_type,
                           .marker = in.marker || first,
                           .sequence = static_cast<std::uint16_t>(in.sequence + sequence_offset_),
                           .timestamp = in.timestamp + time_offset_,
                           .ssrc = ssrc_};
  if (first || rtp::distance(next_, header.sequence) >= 0) {
    next_ = rtp::next(header.sequence);
    // All packets of a telephone event carry the time of its beginning.
    if (first || header.timestamp != time_) time_at_ = now;
    time_ = header.timestamp;
    clock_hz_ = format.clock_hz;
  }
  return finish(header, packet.payload());
}

std::span<const std::uint8_t> RtpSender::event(const Format& format,
                                               std::span<const std::uint8_t> payload, bool first,
                                               base::Instant now) {
  if (first || run_ != Run::Event) {
    time_ = time_at(now, format.clock_hz);
    time_at_ = now;
    clock_hz_ = format.clock_hz;
    run_ = Run::Event;
  }
  const rtp::Header header{.payload_type = format.payload_type,
                           .marker = first,
                           .sequence = next_,
                           .timestamp = time_,
                           .ssrc = ssrc_};
  next_ = rtp::next(next_);
  return finish(header, payload);
}

std::span<const std::uint8_t> RtpSender::report(std::optional<rtp::ReportBlock> heard, bool bye,
                                                std::string_view cname, base::Now now) {
  rtp::ControlOut out{.ssrc = ssrc_, .sent = {}, .report = heard, .cname = cname, .bye = bye};
  if (packets_ > 0) {
    const std::int64_t since = (now.at - time_at_).count();
    out.sent =
        rtp::SenderTimes{.ntp = rtp::ntp_of(now.wall.unix_ms),
                         .rtp = time_ + static_cast<std::uint32_t>(since * clock_hz_ / 1'000),
                         .packets = packets_,
                         .bytes = bytes_};
  }
  std::size_t length = rtp::write_control(out, buffer_);
  if (srtp_ != nullptr) {
    const auto protected_length = srtp_->protect_control(buffer_, length);
    if (!protected_length) return {};
    length = *protected_length;
  }
  return std::span(buffer_).first(length);
}

}  // namespace media
