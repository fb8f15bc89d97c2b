#pragma once
// What a whole office is refused for, what an administrator is warned of, and what this release
// keeps but does not carry out yet.

#include "base/node.h"
#include "model/findings.h"
#include "model/office.h"

namespace model {

// Everything that can never work (errors: a reference to nothing, one number for two things, a
// cycle of groups or of `finally`, chain errors by their line) and what is probably not meant
// (warnings: a delay beyond the timeout, an empty group, values that the strategy does not use).
// Positions are not known here: a caller that has the document fills them with locate().
[[nodiscard]] Findings validate(const Office& office);

// One warning ("not_carried_out") for each thing that is configured, stored and exported, but not
// acted upon by this release. `check` and the start of the server name them.
[[nodiscard]] Findings not_carried_out(const Office& office);

// Sets `at` of each finding without a position to that of the node its path names, or of the
// nearest one above it.
void locate(Findings& findings, const base::Node& document);

}  // namespace model
