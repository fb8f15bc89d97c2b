#pragma once
// STUN on the SIP port as the keep-alive of RFC 5626 (section 3.5.2, RFC 8489): a phone behind NAT
// asks which address we see, and finds out that its flow is alive.

#include <string>
#include <string_view>

#include "base/address.h"

namespace sip {

// True for what cannot be SIP: the first two bits are 0 and the magic cookie is there.
[[nodiscard]] bool is_stun(std::string_view bytes);
// The answer to a Binding request that came from there: XOR-MAPPED-ADDRESS; or 420 with the
// attributes that we would have to understand and do not. "" for anything else, which gets none.
[[nodiscard]] std::string stun_answer(std::string_view request, const base::Address& source);

}  // namespace sip
