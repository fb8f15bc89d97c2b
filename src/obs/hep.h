#pragma once
// HEPv3: a copy of a SIP message as a capture server (Homer, sngrep -L) takes it.

#include <cstdint>
#include <string>
#include <string_view>

#include "obs/sip_ring.h"

namespace obs {

struct HepAgent {
  std::uint32_t id = 0;
  std::string password;  // empty: none is sent
};

// One datagram. `correlation`: the Call-ID of the caller's leg, the same for all legs of a call.
[[nodiscard]] std::string to_hep(const SipCopy& message, const HepAgent& agent,
                                 std::string_view correlation);

}  // namespace obs
