#pragma once
// What a receiver reports of one source: losses and jitter (RFC 3550 sections 6.4.1, A.3 and A.8).

#include <cstdint>

#include "base/time.h"
#include "rtp/packet.h"
#include "rtp/rtcp.h"

namespace rtp {

class ReceiveStatistics {
 public:
  // A packet that was taken, doubles included. `rate_hz` is the clock of its codec.
  void add(const Header& header, std::uint32_t rate_hz, base::Instant now);
  // A sender report of the peer came.
  void reported(std::uint64_t ntp, base::Instant now);
  // The block for the next report of ours; the interval begins anew.
  [[nodiscard]] ReportBlock report(base::Instant now);
  [[nodiscard]] bool begun() const { return begun_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  // Packets that should have come and did not.
  [[nodiscard]] std::int64_t lost() const;

 private:
  void restart(const Header& header);

  bool begun_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint32_t first_ = 0, highest_ = 0;  // extended sequence numbers
  std::uint64_t received_ = 0;
  std::int64_t expected_before_ = 0, received_before_ = 0;
  std::int32_t transit_ = 0;
  std::uint32_t jitter_16_ = 0;  // 16 times the jitter
  std::uint32_t last_report_ = 0;
  base::Instant last_report_at_{};
};

}  // namespace rtp
