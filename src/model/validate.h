#pragma once
// What a whole office is refused for, what an administrator is warned of, and what this release
// keeps but does not carry out yet.

#include <functional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {

// Everything that can never work (errors: a reference to nothing, one number for two things, a
// cycle of groups or of `finally`, chain errors by their line) and what is probably not meant
// (warnings: a delay beyond the timeout, an empty group, values that the strategy does not use).
// Positions are not known here: a caller that has the document fills them with locate().
[[nodiscard]] Findings validate(const Office& office);

// The same for an office of which `unread` (findings of decode) could not be read: without what may
// only follow from that, such as a reference to a user whose extension was refused.
[[nodiscard]] Findings validate(const Office& office, const Findings& unread);
// Takes away the findings that may only follow from `unread`; both have paths into one document.
void keep_what_is_known(Findings& found, const Findings& unread);

// One warning ("not_carried_out") for each thing that is configured, stored and exported, but not
// acted upon by this release. `check` and the start of the server name them.
[[nodiscard]] Findings not_carried_out(const Office& office);

// A warning ("no_file") for each of the office's sounds that has no file; `exists` looks for it
// where the server would.
[[nodiscard]] Findings missing_sounds(const Office& office,
                                      const std::function<bool(const std::string&)>& exists);

// Findings of validate(office) as an answer to who put (or removed) the thing with this id:
// pointers lead into that thing, what another thing suffers by it is told in words with an empty
// pointer, and warnings about other things are left out. A clash of two is told at this one only.
void relate_to(Findings& findings, const Office& office, Kind kind, std::string_view id);

// A finding about something that is not in the reader's document: "group Sales, members/0: …"
// instead of a pointer.
void tell_in_words(Finding& finding, const Office& office);

// Sets `at` of each finding without a position to that of the node its path names, or of the
// nearest one above it.
void locate(Findings& findings, const base::Node& document);

}  // namespace model
