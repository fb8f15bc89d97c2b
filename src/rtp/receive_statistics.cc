#include "rtp/receive_statistics.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/time.h"
#include "rtp/packet.h"
#include "rtp/rtcp.h"
#include "rtp/sequence.h"

namespace rtp {
namespace {

constexpr int kJump = 3'000;  // further is a sender who began anew (A.1, MAX_DROPOUT)

}  // namespace

void ReceiveStatistics::restart(const Header& header) {
  begun_ = true;
  ssrc_ = header.ssrc;
  first_ = highest_ = header.sequence;
  received_ = 0;
  expected_before_ = received_before_ = 0;
  transit_ = 0;
  jitter_16_ = 0;
}

void ReceiveStatistics::add(const Header& header, std::uint32_t rate_hz, base::Instant now) {
  const int ahead = begun_ ? distance(static_cast<std::uint16_t>(highest_), header.sequence) : 0;
  if (!begun_ || header.ssrc != ssrc_ || std::abs(ahead) > kJump)
    restart(header);
  else if (ahead > 0)
    highest_ += static_cast<std::uint32_t>(ahead);
  ++received_;
  const auto arrival = static_cast<std::uint32_t>(now.time_since_epoch().count() * rate_hz / 1000);
  const auto transit = static_cast<std::int32_t>(arrival - header.timestamp);
  if (received_ > 1) {
    const std::int64_t apart = std::abs(std::int64_t{transit} - transit_);
    // A jump of the sender's clock is no jitter.
    if (apart < rate_hz) {
      jitter_16_ += static_cast<std::uint32_t>(apart) - ((jitter_16_ + 8) >> 4U);
    }
  }
  transit_ = transit;
}

void ReceiveStatistics::reported(std::uint64_t ntp, base::Instant now) {
  last_report_ = static_cast<std::uint32_t>(ntp >> 16U);
  last_report_at_ = now;
}

std::int64_t ReceiveStatistics::lost() const {
  if (!begun_) return 0;
  return std::int64_t{highest_} - first_ + 1 - static_cast<std::int64_t>(received_);
}

ReportBlock ReceiveStatistics::report(base::Instant now) {
  const std::int64_t expected = std::int64_t{highest_} - first_ + 1;
  const auto received = static_cast<std::int64_t>(received_);
  const std::int64_t expected_now = expected - expected_before_;
  const std::int64_t lost_now = expected_now - (received - received_before_);
  expected_before_ = expected;
  received_before_ = received;
  ReportBlock block;
  block.ssrc = ssrc_;
  if (expected_now > 0 && lost_now > 0) {
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>(255, lost_now * 256 / expected_now));
  }
  block.lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x800000, 0x7FFFFF));
  block.highest_sequence = highest_;
  block.jitter = jitter_16_ >> 4U;
  block.last_report = last_report_;
  if (last_report_ != 0) {
    block.delay = static_cast<std::uint32_t>((now - last_report_at_).count() * 65'536 / 1000);
  }
  return block;
}

}  // namespace rtp
