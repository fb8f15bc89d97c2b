#pragma once
// CANCEL and the ACK of a failure for an INVITE of ours, made from its text without reading it
// again: we wrote it, start line, Via, Max-Forwards, Routes, From, To, Call-ID, CSeq in this order,
// and both repeat just these (RFC 3261 9.1 and 17.1.1.3).

#include <string>
#include <string_view>

namespace call {

// CANCEL; `reason_lines` are whole lines.
[[nodiscard]] std::string cancel_of(std::string_view invite, std::string_view reason_lines);
// ACK of a final answer of 300 and above, whose To value it has.
[[nodiscard]] std::string failure_ack_of(std::string_view invite, std::string_view to);

}  // namespace call
