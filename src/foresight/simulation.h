#pragma once
// Many calls on a virtual clock: the engine's own routing and hunts (model::route, hunt::Hunt),
// with people who answer, talk and give up as chance has it. Phones ring at once and hear at once
// that they stop; the wire with its losses is sim/'s matter.
//
// What chance decides about a call (when it comes, how long its caller waits, whether and when
// somebody would pick up) depends on the seed, the call and the person only: two configurations
// with the same seed meet the same callers and the same people, so their difference is theirs.

#include <cstdint>
#include <memory>

#include "foresight/figures.h"
#include "foresight/traffic.h"
#include "model/snapshot.h"

namespace foresight {

struct Experiment {
  std::shared_ptr<const model::Snapshot> snapshot;
  const Traffic& traffic;
  const Habits& people;
  std::uint64_t seed = 1;
  // Steps after which it stops, and the figures are cut off (a group that rings the same people
  // without end); 0: no limit.
  std::uint64_t steps_most = 0;
};

// The first twentieth of modelled calls fills the office and is not counted. Queues offer their
// callers to agents by the engine's own line; a menu or mailbox takes the call and ends it there.
[[nodiscard]] Figures simulate(const Experiment& experiment);

}  // namespace foresight
