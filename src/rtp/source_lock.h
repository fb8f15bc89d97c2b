#pragma once
// From whom a stream takes packets: symmetric RTP that cannot be stolen (T14).
//
// - The address that the SDP names is right at once, always, and takes the lock from any other.
// - Another port or address is learnt only behind NAT: from the address that the peer's SIP comes
//   from, or, while the SDP names a private address and the SIP a public one, for three seconds
//   from any. It takes five packets of one SSRC with an agreed payload type (and, with SRTP, a good
//   tag: the caller asks after that check).
// - Once learnt it stays. A new offer or answer with another address begins again; one with the
//   same address allows the signalling address to be learnt anew if the old source stays silent.
// - A port that was another call's a moment ago: whoever spoke there goes on for a while. He is
//   known by address and SSRC, and is not learnt (he may share the NAT of the new peer).
// Packets of anybody else are dropped and not answered.

#include <cstdint>
#include <optional>

#include "base/address.h"
#include "base/inline_vector.h"
#include "base/time.h"

namespace rtp {

class SourceLock {
 public:
  static constexpr int kPacketsToLearn = 5;
  static constexpr base::Duration kLearnFor{3'000};
  // A locked source that sent nothing for so long after a new agreement may be replaced.
  static constexpr base::Duration kSilentFor{500};

  // An address that is not the signalling one has to wait so long for a better one.
  static constexpr base::Duration kDoubtFor{200};
  static constexpr base::Duration kFormerFor{60'000};
  // A candidate that sends nothing for so long makes room for another.
  static constexpr base::Duration kGivenUpAfter{200};

  enum class Verdict : std::uint8_t {
    Accept,     // its packets are taken
    Candidate,  // to be counted by take() once the packet is known to be good
    Refuse,
  };

  // After an offer and answer: where the SDP says the peer is, and where its SIP comes from.
  void agree(const base::Address& described, const base::IpAddress& signalled_from,
             base::Instant now);
  // Who spoke on this port in the call before.
  struct Former {
    base::Address from{};
    std::uint32_t ssrc = 0;
    base::Instant until{};
  };
  using Formers = base::InlineVector<Former, 8>;
  void beware(const Formers& formers) { formers_ = formers; }
  // Whom the next call on this port is to beware of: who was heard or almost, and those before.
  [[nodiscard]] Formers farewell(base::Instant now) const;

  // Cheap: before any look into the packet.
  [[nodiscard]] Verdict judge(const base::Address& from, base::Instant now) const;
  // For a good packet of an accepted source or candidate: true if it is taken.
  [[nodiscard]] bool take(const base::Address& from, std::uint32_t ssrc, base::Instant now);
  // Where to send: the source that is locked, else where the SDP says. Port 0: nowhere.
  [[nodiscard]] const base::Address& target() const { return locked_ ? *locked_ : described_; }
  [[nodiscard]] bool is_locked() const { return locked_.has_value(); }

 private:
  [[nodiscard]] bool is_former(const base::Address& from, std::uint32_t ssrc,
                               base::Instant now) const;
  void lock_on(const base::Address& from, std::uint32_t ssrc, base::Instant now);
  [[nodiscard]] bool is_followed(const base::Address& from, std::uint32_t ssrc, base::Instant now);
  [[nodiscard]] bool may_be_learnt(const base::Address& from, base::Instant now) const;

  base::Address described_{};
  base::IpAddress signalled_from_{};
  base::Instant agreed_{};
  std::optional<base::Address> locked_;
  std::uint32_t locked_ssrc_ = 0;
  Formers formers_;
  base::Instant last_{};  // the locked source's last packet
  // The one that is being learnt.
  base::Address candidate_{};
  std::uint32_t ssrc_ = 0;
  int packets_ = 0;
  base::Instant followed_since_{}, candidate_last_{};
};

}  // namespace rtp
