#pragma once
// Configuration as the store sees it: documents with a kind, an id, a position and a revision. What
// a body means is model's matter; here it is text (JSON).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace store {

struct Thing {
  std::string kind;           // "user", "group", "number", "chain", "office"…
  std::string id;             // unique within its kind
  std::int64_t position = 0;  // order within its kind, as in the file
  std::int64_t revision = 0;  // the global revision that wrote it; its ETag
  std::string body;
  bool operator==(const Thing&) const = default;
};

struct Change {
  std::string kind{};
  std::string id{};
  std::optional<std::string> body{};       // unset: delete
  std::optional<std::int64_t> position{};  // unset: keep, or append if it is new
  // unset: whatever is there; 0: must not exist yet; else: must be at this revision.
  std::optional<std::int64_t> expected{};
};

// All or nothing. `base_revision`: the edit was validated against that state of the whole; if the
// store has moved on meanwhile it is refused as Stale.
struct Edit {
  std::string who{};
  std::string source{};  // the address it came from; empty: this machine
  std::string what{};    // "group Sales changed"
  base::WallTime when{};
  std::optional<std::int64_t> base_revision{};
  std::vector<Change> changes{};
  // Written with it: the office file that this edit applied.
  std::optional<std::string> office_hash{};
};

enum class Refusal : std::uint8_t {
  Stale,       // expected or base_revision no longer true: 412
  Exists,      // expected 0, but it is there: 409
  NotFound,    // deletion of, or expectation on, something that is not there: 404
  Unavailable  // disk full, database locked or stopping: 503, nothing was changed
};

struct Committed {
  std::int64_t revision = 0;  // of the whole, after the edit
};

struct AuditEntry {
  std::int64_t seq = 0;
  std::int64_t revision = 0;
  base::WallTime when{};
  std::string who, what, kind, id;
  std::optional<std::string> before, after;
  std::string source{};
};

// One edit in the list of edits.
struct Revision {
  std::int64_t revision = 0;
  base::WallTime when{};
  std::string who, source, what;
  std::int64_t things = 0;  // how many it changed
};

struct RevisionFilter {
  std::int64_t before = 0;  // only older ones; 0: from the newest
  std::string kind{}, id{}, who{};
  std::size_t limit = 50;
};

// Calls of one group with one outcome.
struct GroupFigures {
  std::string group, outcome;
  std::int64_t calls = 0, wait_ms = 0, talk_ms = 0;  // times on average
};

struct ApiToken {
  std::string id, name, hash;
  std::string scopes;  // as api/ encodes them
  base::WallTime created{};
};

}  // namespace store
