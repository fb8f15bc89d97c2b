#pragma once
// What would help a group: small changes of its settings, each tried by simulation with the same
// callers and the same people. Nothing is ever changed by this.

#include <cstdint>
#include <string>
#include <vector>

#include "foresight/figures.h"
#include "foresight/simulation.h"
#include "model/office.h"

namespace foresight {

// A change as fixed words, for who says it in another language: "rings_too", "comes_first",
// "group_rings", "members_shorter", "members_longer", "stage_shorter", "stage_longer",
// "stage_together", "rings_busy", "skips_busy", "asks_nobody", "asks_everybody", "all_at_once",
// "twice".
struct Idea {
  std::string code;
  std::string whose{};  // the member, or the number of the stage
  std::int64_t seconds = 0, was = 0;
  bool operator==(const Idea&) const = default;
};

struct Advice {
  Idea idea;
  std::string what;          // the same in English: "Bob (102) rings too"
  Estimate answered;         // how much larger the share of answered calls is
  double wait_s = 0;         // how much longer the mean wait until the answer is
  double missed_a_call = 0;  // how many more rings are missed, a call
  model::Group group;        // as it would be
};

// The changes that raise the share of answered calls beyond what chance explains, or keep it and
// cut the wait by a tenth and more; best first, at most `most`. Empty: none of those that were
// tried helps. REQUIRES: the office has a group of this id. `tried` gets how many were.
[[nodiscard]] std::vector<Advice> advise(const Experiment& experiment, const std::string& group_id,
                                         std::size_t most, std::size_t& tried);

}  // namespace foresight
