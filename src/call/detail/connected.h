#pragma once
// Who talks on the other side now, for a phone whose call went to somebody else.

#include <string>
#include <string_view>

namespace call {

struct CalleeLeg;
class Core;
struct Side;

// The name of the user that this leg goes to; "" for others.
[[nodiscard]] std::string name_of(const Core& core, const CalleeLeg& leg);

// An UPDATE without a description, with this P-Asserted-Identity (RFC 3311, RFC 3325). Nothing
// where the phone takes no UPDATE or its dialog does not stand. Nobody waits for the answer.
void tell_connected(Core& core, Side& side, std::string_view identity);

}  // namespace call
