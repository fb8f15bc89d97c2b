#pragma once
// Why a leg is stopped, and what its CANCEL or BYE says about it (docs/hunting.md rules 6-8, 13;
// RFC 3326, RFC 6432). The choice is made once, when the leg is told to stop, and kept with the
// leg: a CANCEL that has to wait for the first 1xx carries what was true then.

#include <cstdint>
#include <string_view>

namespace call {

enum class StopReason : std::uint8_t {
  None,                // no Reason header at all
  CompletedElsewhere,  // no missed call on that phone
  CallerGaveUp,
  TimedOut,  // also: moved on, member removed
  DeclinedElsewhere,
  NormalClearing,  // an answered call ends
  NotAcceptable,   // a late offer was not answered
  Busy,            // the end of a hunt for a caller who was answered already (rule 8)
  Declined,
  Unreachable,
  NoAck,   // our 200 was never acknowledged
  NoMedia  // no sound came from there for too long
};

// The header lines, each with its CRLF; empty for None. Two lines where two protocols speak:
// RFC 3326 allows one value for each protocol and old phones read one line.
[[nodiscard]] std::string_view reason_lines(StopReason reason);

// True if a Reason field value list says SIP;cause=200: we are a leg of somebody else's group.
[[nodiscard]] bool says_completed_elsewhere(std::string_view reason_value);

// The Q.850 cause of the end of a hunt as rule 8 gives it, as a whole header line with CRLF;
// empty for 0.
[[nodiscard]] std::string_view q850_line(std::uint16_t cause);

}  // namespace call
