#pragma once
// Strategies are functions that write plans: group, rule, chain, devices, number or URI in, a plan
// for one round out. The hunt calls this at the start of each round, explain once.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "hunt/plan.h"
#include "hunt/view.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace hunt {

// Depth of nested groups (rule 11): the outermost is level 1.
inline constexpr std::uint32_t kDepthMax = 5;

inline constexpr base::Duration kSequentialLength{20'000};
inline constexpr base::Duration kRuleLength{30'000};
inline constexpr base::Duration kTimeout{30'000};
// A single number or URI with nothing configured about it: Timer C's least value (RFC 3261 16.6).
inline constexpr base::Duration kSingleLength{180'000};

// What one round is written from. An argument: never kept.
struct PlanInput {
  const model::Snapshot& pinned;  // the configuration that the call began with
  const View& view;
  base::Now now;
  std::uint64_t seed = 0;             // the call's; each round draws anew from it
  std::uint32_t round = 1;            // from 1
  std::string_view caller_user = {};  // id of the authenticated caller, or empty
  // key_of() of who declined in this call, sorted; null: nobody.
  const std::vector<std::string>* declined = nullptr;
};

// The plan for one step of routing. Refuse and Serve, and a thing that no longer exists, give a
// plan without stages.
[[nodiscard]] Plan write_plan(const model::Step& step, const PlanInput& input);

// What follows when nobody answers, as the configuration says it: of the group or rule its
// `finally`; of a user's devices his forwards and his mailbox. Empty: the code of rule 8.
[[nodiscard]] model::Finally finally_of(const model::Step& step, const model::Snapshot& pinned);

// Whether this ring may be dialled now, and if not, why (rule 12). write_plan notes it in the plan,
// the hunt asks again at the moment of dialling; both by this function.
[[nodiscard]] Skip skip_now(const Ring& ring, const Policy& policy, const PlanInput& input);

}  // namespace hunt
