#pragma once
// How final answers count (rules 2, 8 and 13), and what a stopped phone is told (rules 6, 7, 13 and
// the missed-call table).

#include <cstdint>
#include <span>

#include "model/routing.h"

namespace hunt {

// What a final failure of a target means.
enum class Failure : std::uint8_t { Busy, Declined, Unreachable };

// Rule 2: 486 and 600 are busy; 603, 607 and 608 declined; everything else, 3xx included,
// unreachable. 0 = no answer at all.
[[nodiscard]] Failure failure_of(std::uint16_t status);

// Rule 13: what the failures of all contacts of one target make together, once the last has failed:
// declined, else busy, else unreachable. Declined counts at once, without the others.
[[nodiscard]] Failure worst_of(std::span<const std::uint16_t> statuses);

// The set of Reasons that a CANCEL or BYE carries; frozen when the hunt decides.
//   CompletedElsewhere  SIP;cause=200;text="Call completed elsewhere" and Q.850;cause=26
//   CallerGaveUp        Q.850;cause=16
//   TimedOut            Q.850;cause=19 (also: moved on, member removed)
//   DeclinedElsewhere   SIP;cause=603;text="Declined elsewhere" and Q.850;cause=21
enum class StopReason : std::uint8_t {
  CompletedElsewhere,
  CallerGaveUp,
  TimedOut,
  DeclinedElsewhere
};

// Why a ring is stopped.
enum class Stopped : std::uint8_t {
  SomebodyWon,  // another attempt of this hunt, whatever the strategy: it overlapped the winner
  PickedUp,     // by anybody from outside of the hunt, or another hunt of the call won
  MovedOn,      // its time is over, or its stage, or nobody answered in the plan's time
  ServiceTook,  // the mailbox, a menu, an announcement took the caller
  CallerHungUp,
  CallerTaken,  // the caller hung up and said "completed elsewhere" himself (rule 7)
  Removed,      // logged out, paused, disabled, deleted
  NotConfirmed,
  PressedDecline,  // key 3: his own leg
  SentToMailbox,   // key 2: the others and his own
  GroupDeclined    // decline: group
};

// The missed-call table. `page`: always "completed elsewhere".
[[nodiscard]] StopReason reason_for(Stopped why, bool prevent_missed_calls, bool page);

// The last result of one member that the plan reached (rule 8).
enum class LastResult : std::uint8_t { NotReached, RangOut, Busy, Declined, Unreachable };

// Rule 8's order: somebody rang out, somebody busy, somebody declined, else unreachable.
[[nodiscard]] model::EndClass end_class(std::span<const LastResult> results);

}  // namespace hunt
