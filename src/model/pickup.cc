#include "model/pickup.h"

#include <algorithm>
#include <set>
#include <variant>
#include <vector>

#include "model/office.h"
#include "model/snapshot.h"
#include "model/state_change.h"

namespace model {

bool is_member(const Snapshot& snapshot, const Group& group, const User& user) {
  std::set<const Group*> seen{&group};
  std::vector<const Group*> open{&group};
  bool found = false;
  const auto look = [&](const std::vector<Member>& members) {
    for (const Member& member : members) {
      const Target target = snapshot.target_of(member);
      const auto* named = std::get_if<UserTarget>(&target);
      found = found || (named != nullptr && named->user == &user);
      const auto* inner = std::get_if<GroupTarget>(&target);
      if (inner != nullptr && seen.insert(inner->group).second) open.push_back(inner->group);
    }
  };
  while (!open.empty() && !found) {
    const Group& next = *open.back();
    open.pop_back();
    look(next.members);
    for (const Stage& stage : next.stages) look(stage.ring);
  }
  return found;
}

bool may_pick_up(const Snapshot& snapshot, const Group& group, const User& user) {
  switch (group.pickup) {
    case Pickup::Members:
      return is_member(snapshot, group, user);
    case Pickup::Anyone:
      return true;
    case Pickup::Nobody:
      return false;
  }
  return false;
}

bool may_pick_up(const Snapshot& snapshot, const Queue& queue, const User& user) {
  return !lines_of(snapshot, queue, user).empty() || may_log_in(snapshot, queue, user);
}

bool share_a_group(const Snapshot& snapshot, const User& a, const User& b) {
  const auto& groups = snapshot.office().groups;
  return std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
    return group.pickup != Pickup::Nobody && is_member(snapshot, group, a) &&
           is_member(snapshot, group, b);
  });
}

}  // namespace model
