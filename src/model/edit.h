#pragma once
// A change of the configuration as a value: what the API and `apply` do to an office.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/node.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {

// Puts a thing: replaces the one with its id, else appends it.
struct PutThing {
  Thing thing;
  bool operator==(const PutThing&) const = default;
};
struct RemoveThing {
  Kind kind = Kind::User;
  std::string id;
  bool operator==(const RemoveThing&) const = default;
};
// Everything at once: the answer of apply_file(), a restore.
struct ReplaceOffice {
  Office office;
  bool operator==(const ReplaceOffice&) const = default;
};
using Edit = std::variant<PutThing, RemoveThing, ReplaceOffice>;

// The office after the edit. Nothing is checked here: validate() the answer.
[[nodiscard]] Office apply(Office office, const Edit& edit);

// All things of a kind, in the order of the office; null when there is none with that id.
[[nodiscard]] std::vector<Thing> things_of(const Office& office, Kind kind);
[[nodiscard]] std::vector<Thing> things_of(const Office& office);
[[nodiscard]] std::optional<Thing> find_thing(const Office& office, Kind kind, std::string_view id);
// The number of things and the `tenant`, `timezone`… of the office itself, without its lists.
[[nodiscard]] Office settings_of(const Office& office);

// A place that names a thing: in words ("group Sales, member 2", "number +48587622000"), and whose
// it is: "groups" and "sales", "admins" and an e-mail address, "settings" for the office's own.
struct Reference {
  std::string text;
  std::string kind, id;
  bool operator==(const Reference&) const = default;
};

// Who names this thing: the reason for refusing to delete it (S0.12). Empty: nobody.
[[nodiscard]] std::vector<Reference> references_to(const Office& office, Kind kind,
                                                   std::string_view id);

// What is put where a thing was named: a destination, or for schedules, flags and sounds another
// one's name. Neither: nothing, so that members are left out and forwards end.
struct Replacement {
  Destination to;
  std::string name;
};

// The office without this thing. Where it was named stands the replacement; a member who cannot be
// replaced, or whose replacement is there already, is left out. validate() the answer.
[[nodiscard]] Office without(Office office, Kind kind, std::string_view id,
                             const Replacement& with);

// One difference in words: "group Sales changed: timeout 30 -> 20".
struct Change {
  std::string kind;  // "group", "user", …; "office" for its own settings
  std::string id;
  std::string text;
  bool operator==(const Change&) const = default;
};

struct Applied {
  Office office;
  std::vector<Change> changes;
};

// `harrier apply`: what the file names equals the file afterwards; what it does not name stays, or
// goes with `prune`. Things are the same by id, and ids of the current office are kept for things
// known by extension or name. `document` tells which of the office's own settings were written.
// The outcome is completed (model/thing.h).
[[nodiscard]] Applied apply_file(const Office& current, const Office& file,
                                 const base::Node& document, bool prune);

// The differences between two offices, in the order of the contract.
[[nodiscard]] std::vector<Change> changes_between(const Office& before, const Office& after);

}  // namespace model
