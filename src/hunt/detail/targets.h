#pragma once
// From what the configuration names to what is rung.

#include <optional>
#include <string>
#include <vector>

#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace hunt::detail {

// A target without an id for what names nothing; its name is then `as_written`.
[[nodiscard]] Target target_of(const model::Target& named, const std::string& as_written);

// Where a forward of `user` leads, through the dialplan: a user, group or external number; diverted
// by that user. Nothing when `to` is empty or leads to no phone.
[[nodiscard]] std::optional<Target> forward_of(const model::Snapshot& snapshot,
                                               const model::User& user, const std::string& to);

// The plan of the group at the end of `way` (ids, outermost first), nested in the others: for its
// later rounds, and for a forward that leads to a group. Without stages when the way is a cycle or
// too deep.
[[nodiscard]] Plan write_inner(const std::vector<std::string>& way, const Policy& policy,
                               model::Confirm confirm, const PlanInput& input);

}  // namespace hunt::detail
