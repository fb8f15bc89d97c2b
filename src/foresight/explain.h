#pragma once
// What a call would do now, without making it: routing and the plan's first round, exactly as the
// engine would run them: model::route and the hunt are the engine's own.

#include <cstdint>
#include <string>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/view.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace foresight {

struct Question {
  std::string number;      // as dialled
  std::string from;        // an own extension, name or alias, else a number outside; may be empty
  base::WallTime at{};     // the moment, for schedules, pauses and midnight
  std::uint64_t seed = 1;  // of strategies that draw
  bool emergency = false;  // the number is one of harrier.yaml's
};

// How the engine would see this caller: a user of ours by name, else somebody from outside through
// a trunk; nobody at all is a trusted caller inside.
[[nodiscard]] model::Query query_of(const model::Snapshot& snapshot, const Question& question);

// Decisions in their order, the stages of the first round as they would be dialled, who is skipped
// and why, rounds, limit, and what follows when nobody answers. A number that leads to nobody has
// decisions only; the last says what the caller gets.
[[nodiscard]] facts::PlanStory explain(const model::Snapshot& snapshot,
                                       const hunt::Presence& presence, const Question& question);

}  // namespace foresight
