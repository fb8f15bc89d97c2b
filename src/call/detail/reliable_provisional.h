#pragma once
// Reliable provisional responses towards the caller (RFC 3262, sip.md 4.7): one at a time, repeated
// until its PRACK.

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "call/engine.h"
#include "sip/header_values.h"
#include "sip/transaction.h"

namespace call {

struct ReliableProvisional {
  bool supported = false;  // Supported: 100rel
  bool required = false;   // Require: 100rel
  std::uint32_t rseq = 0;  // of the last one; 0 = none yet
  std::uint32_t cseq = 0;  // of the INVITE
  bool with_sdp = false;
  std::uint16_t next =
      0;          // the 18x with early media that waits for the PRACK of `pending`; 0 = none
  Bytes pending;  // not acknowledged yet
  std::optional<sip::Retransmitter> repeat;

  // Whether an 18x is to be sent reliably.
  [[nodiscard]] bool wanted(bool has_sdp) const { return required || (supported && has_sdp); }
  // True if this PRACK acknowledges the pending one; it is pending no longer.
  [[nodiscard]] bool take(const sip::Rack& rack) {
    if (pending == nullptr || rack.rseq != rseq || rack.cseq != cseq) return false;
    if (rack.method != "INVITE") return false;
    pending.reset();
    repeat.reset();
    return true;
  }
};

}  // namespace call
