#pragma once
// What goes out on one stream: one SSRC of ours with sequence numbers and times that go on without
// a break, whatever is heard (music, a prompt, a partner, digits) and whichever codec carries it.

#include <array>
#include <cstddef>
#include <cstdint>
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
#include "rtp/srtp.h"

namespace media {

inline constexpr std::size_t kPacketBytesMax = 2'048;

class RtpSender final {
 public:
  explicit RtpSender(base::Rng& rng);

  // Another key is another SSRC: a peer begins with a rollover counter of 0 there.
  void set_key(const std::optional<facts::SrtpKey>& key, base::Rng& rng);

  struct Format {
    std::uint8_t payload_type = 0;
    std::uint32_t clock_hz = 8'000;
  };
  // Each of these makes one packet; the bytes are good until the next call, empty: not to be sent.
  // 20 ms of sound of our own, every 20 ms.
  [[nodiscard]] std::span<const std::uint8_t> frame(const Format& format,
                                                    std::span<const std::uint8_t> payload,
                                                    base::Instant now);
  // A packet of the partner with its own distances in sequence and time; doubles are left out.
  [[nodiscard]] std::span<const std::uint8_t> relay(const Format& format, const rtp::Packet& packet,
                                                    base::Instant now);
  // A packet of a telephone event; `first` begins a new one.
  [[nodiscard]] std::span<const std::uint8_t> event(const Format& format,
                                                    std::span<const std::uint8_t> payload,
                                                    bool first, base::Instant now);
  // A report of what was sent, and of `heard`.
  [[nodiscard]] std::span<const std::uint8_t> report(std::optional<rtp::ReportBlock> heard,
                                                     bool bye, std::string_view cname,
                                                     base::Now now);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] std::uint32_t packets() const { return packets_; }

 private:
  enum class Run : std::uint8_t { None, Own, Relayed, Event };
  void begin_ssrc(base::Rng& rng);
  [[nodiscard]] std::uint32_t time_at(base::Instant now, std::uint32_t clock_hz) const;
  [[nodiscard]] std::span<const std::uint8_t> finish(const rtp::Header& header,
                                                     std::span<const std::uint8_t> payload);
  void begin_relay(const rtp::Header& in, std::uint32_t clock_hz, base::Instant now);

  std::unique_ptr<rtp::SrtpSender> srtp_;
  std::optional<facts::SrtpKey> key_;
  std::uint32_t ssrc_ = 0;
  std::uint16_t next_ = 0;   // sequence number
  std::uint32_t time_ = 0;   // of the last packet, in units of clock_hz_
  base::Instant time_at_{};  // when that was
  std::uint32_t clock_hz_ = 8'000;
  std::uint32_t packets_ = 0, bytes_ = 0;
  Run run_ = Run::None;
  // While relaying: what is added to the partner's numbers.
  std::uint32_t in_ssrc_ = 0;
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t time_offset_ = 0;
  rtp::ReplayWindow relayed_;
  std::uint64_t first_relayed_ = 0;
  std::array<std::uint8_t, kPacketBytesMax + rtp::kSrtpOverhead> buffer_{};
};

}  // namespace media
