#pragma once
// Service flags (row S1.18): is one on at a moment, what switching it by hand makes of it, and when
// it changes by itself.
//
// A flag is on while its schedule is open or it was switched on by hand. What a hand switches
// against the schedule holds until the schedule changes next; without a schedule it holds until it
// is switched again.

#include <optional>
#include <string>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model {

// By its name (as a dialled code of its own names it), else by its place in the list, from 1; null:
// there is none.
[[nodiscard]] const Flag* flag_by_code(const Snapshot& snapshot, const std::string& argument);
[[nodiscard]] bool is_on(const Snapshot& snapshot, const Flag& flag, base::WallTime at);
// The flag after a hand switched it on or off at that moment.
[[nodiscard]] Flag switched(const Snapshot& snapshot, Flag flag, bool on, base::WallTime at);
// When it changes next without anybody doing anything; nothing: not within a year.
[[nodiscard]] std::optional<base::WallTime> next_change(const Snapshot& snapshot, const Flag& flag,
                                                        base::WallTime at);

}  // namespace model
