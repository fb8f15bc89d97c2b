#pragma once
// Where somebody's audio comes from, and whether it can run end to end to somebody else.

#include "base/address.h"
#include "call/detail/callee_leg.h"
#include "sdp/session.h"

namespace call {

struct AudioPlace {
  base::IpAddress ip{};        // as it is seen from here
  bool is_behind_nat = false;  // the description names another one
};

// Of who sent this description over `flow`.
[[nodiscard]] AudioPlace audio_place(const sdp::Session& session, const base::Flow& flow);

// Somebody of them stands behind NAT, or they are in networks that only meet here: a private and a
// public one, IPv4 and IPv6. So their audio has to run through this server (`media.anchor: auto`).
[[nodiscard]] bool meet_only_here(const AudioPlace& caller, const Candidate& callee);

}  // namespace call
