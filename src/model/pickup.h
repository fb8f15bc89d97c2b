#pragma once
// Who may pick whose ringing calls up (row S1.16): the right is that of the group or queue that
// rings, `groups[].pickup`; a call that came straight to a person may be picked up by every own
// user.

#include "model/office.h"
#include "model/snapshot.h"

namespace model {

// Himself, also through groups within it.
[[nodiscard]] bool is_member(const Snapshot& snapshot, const Group& group, const User& user);
[[nodiscard]] bool may_pick_up(const Snapshot& snapshot, const Group& group, const User& user);
// Its members, and who may log in to it.
[[nodiscard]] bool may_pick_up(const Snapshot& snapshot, const Queue& queue, const User& user);
// True if a group has both of them and lets its members pick up.
[[nodiscard]] bool share_a_group(const Snapshot& snapshot, const User& a, const User& b);

}  // namespace model
