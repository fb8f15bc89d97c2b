#pragma once
// What explain and the lists of phones share with one's own pages.

#include "api/backend.h"
#include "api/fields.h"
#include "api/http.h"
#include "api/router.h"
#include "base/node.h"
#include "facts/fact.h"
#include "model/snapshot.h"

namespace api {

// `from`, `at` and `phones` of a body.
void read_moment(Fields& fields, ExplainQuestion& question);
// The answer to it: JSON, or a drawing for who accepts text/plain.
[[nodiscard]] Response explained(const Call& call, const ExplainQuestion& question);
[[nodiscard]] base::Node registration_node(const facts::Binding& binding,
                                           const model::Snapshot& snapshot);

}  // namespace api
