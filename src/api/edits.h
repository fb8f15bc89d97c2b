#pragma once
// How handlers change the configuration: orders that say who and from where, preconditions (ETag,
// If-Match), and changes that are tried again when somebody else was faster.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/backend.h"
#include "api/http.h"
#include "api/router.h"
#include "base/node.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {

[[nodiscard]] EditOrder order_of(const Call& call, model::Edit edit, facts::ConfigChange what);
[[nodiscard]] facts::ConfigChange change_of(const model::Thing& thing, std::string verb);

// By id; users and groups also by extension or name.
[[nodiscard]] std::optional<model::Thing> named(const model::Snapshot& snapshot, model::Kind kind,
                                                const std::string& name);
[[nodiscard]] Response no_such(model::Kind kind, const std::string& name);

// As the API shows things: no secrets, every key.
[[nodiscard]] model::EncodeOptions for_reading();
[[nodiscard]] Response thing_response(const model::Thing& thing, std::uint16_t status,
                                      const model::Findings& warnings = {});

[[nodiscard]] std::string etag_of(std::int64_t revision);
[[nodiscard]] std::string etag_of(const base::Node& body);  // where there is no revision
// The refusal of a change whose If-Match is missing (428) or not `etag` (412, with what is there).
[[nodiscard]] std::optional<Response> precondition(const Call& call, const std::string& etag,
                                                   const base::Node& current);

// The thing that PUT, PATCH and DELETE speak of, with the caller's right and the precondition
// checked; or why it may not be changed.
struct Target {
  model::Kind kind = model::Kind::User;
  model::Thing thing;
};
[[nodiscard]] std::variant<Target, Response> target_of(const Call& call);
[[nodiscard]] Response no_such_list(const Call& call);

// True for ?name and ?name=1.
[[nodiscard]] bool is_set(const Call& call, const char* name);
// {"dry_run", "revision", "changes", "warnings"}.
[[nodiscard]] base::Node changes_node(const Edited& edited, const model::Findings& warnings,
                                      bool dry_run);
[[nodiscard]] Response changes_response(const Edited& edited, const model::Findings& warnings,
                                        bool dry_run);

// Says why a change is not made, or changes what it is given.
template <class T>
using Changer = std::function<std::optional<Response>(T&)>;
// Changes one thing, whatever its revision. The thing as it is then.
[[nodiscard]] std::variant<model::Thing, Response> change_thing(
    const Call& call, model::Kind kind, const std::string& name, const std::string& verb,
    const Changer<model::Thing>& change);
// Changes the office itself, as its settings and accounts.
[[nodiscard]] std::variant<Edited, Response> change_office(const Call& call,
                                                           const facts::ConfigChange& what,
                                                           const Changer<model::Office>& change);

}  // namespace api
