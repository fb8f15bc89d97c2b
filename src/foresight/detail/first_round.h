#pragma once
// The first round of a hunt that has not begun: the one machine (hunt/hunt.h) run on a clock of its
// own, with phones that ring at once and nobody who answers. So nested rounds, forwards under
// follow_forwards and pauses that end meanwhile are as the engine will have them, and no second
// machine says when somebody rings.

#include <cstdint>
#include <string>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/view.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace foresight::detail {

// A round of an hour over nested groups of short rounds takes some thousand steps.
inline constexpr int kRoundStepsMax = 20'000;

struct Beginning {
  model::Step step{};
  base::WallTime at{};
  std::uint64_t seed = 0;
  std::string caller_user{};  // id of the authenticated caller, or empty
  int steps_max = kRoundStepsMax;
};

// Fills stages, rounds, repeat_from, limit_ms and skipped. A ring that goes on from stage to stage
// (rule 4) stands in each of them. Who would have his turn when the round is over already is
// skipped with "after_the_end". A round of more than `steps_max` steps is cut there, and a decision
// says so.
[[nodiscard]] facts::PlanStory first_round(const model::Snapshot& snapshot,
                                           const hunt::Presence& presence,
                                           const Beginning& beginning);

}  // namespace foresight::detail
