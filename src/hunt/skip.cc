// Rule 12: who is skipped, and why.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/paused.h"
#include "model/snapshot.h"

namespace hunt {
namespace {

// The n-th member line of a group: `members`, then those of `stages` (the strategy decides which of
// them ring).
const model::Member* line_at(const model::Group& group, std::size_t place) {
  if (group.strategy != model::Strategy::Stages)
    return place < group.members.size() ? &group.members[place] : nullptr;
  for (const model::Stage& stage : group.stages) {
    if (place < stage.ring.size()) return &stage.ring[place];
    place -= stage.ring.size();
  }
  return nullptr;
}

// The line of this ring in the configuration of now. Null: it is no longer a member.
const model::Member* line_of(const Ring& ring, const model::Group& group) {
  const auto* at_place = line_at(group, ring.member_place);
  if (at_place != nullptr && at_place->target == ring.member) return at_place;
  const auto named = [&](const model::Member& member) { return member.target == ring.member; };
  const auto found = std::find_if(group.members.begin(), group.members.end(), named);
  if (found != group.members.end()) return &*found;
  for (const model::Stage& stage : group.stages) {
    const auto in_stage = std::find_if(stage.ring.begin(), stage.ring.end(), named);
    if (in_stage != stage.ring.end()) return &*in_stage;
  }
  return nullptr;
}

Skip membership(const Ring& ring, const PlanInput& input) {
  if (ring.member_of.empty()) return Skip::None;
  const model::Group* group = input.view.current().group_by_id(ring.member_of);
  if (group == nullptr) return Skip::Unknown;
  const model::Member* line = line_of(ring, *group);
  if (line == nullptr) return Skip::Unknown;
  if (!line->enabled) return Skip::Disabled;
  if (!line->logged_in) return Skip::LoggedOut;
  if (model::is_paused(line->paused, input.now.wall)) return Skip::Paused;
  return Skip::None;
}

Skip skip_user(const Ring& ring, const Policy& policy, const PlanInput& input) {
  const model::User* user = input.view.current().user_by_id(ring.target.id);
  if (user == nullptr) return Skip::Unknown;
  if (!user->enabled) return Skip::Disabled;
  if (user->id == input.caller_user) return Skip::CallerHimself;
  if (!ring.own && model::is_paused(user->paused, input.now.wall)) return Skip::Paused;
  if (user->do_not_disturb) return Skip::DoNotDisturb;
  const UserPresence presence = input.view.user(user->id);
  if (presence.devices == 0) return Skip::NotRegistered;
  if (policy.skip_busy && presence.calls > 0) return Skip::InACall;
  return Skip::None;
}

Skip skip_external(const Ring& ring, const Policy& policy, const PlanInput& input) {
  if (policy.page) return Skip::ExternalInPage;
  const model::Snapshot& current = input.view.current();
  if (!ring.target.diverted_by.empty()) {
    const model::User* owner = current.user_by_id(ring.target.diverted_by);
    if (owner == nullptr || !model::may_dial(owner->permissions, ring.target.id))
      return Skip::NotPermitted;
  }
  if (ring.target.kind == TargetKind::Number && current.office().trunks.empty())
    return Skip::NoTrunk;
  return Skip::None;
}

Skip skip_group(const Ring& ring, const PlanInput& input) {
  if (ring.skip == Skip::TooDeep || ring.skip == Skip::Cycle) return ring.skip;
  const model::Group* group = input.view.current().group_by_id(ring.target.id);
  if (group == nullptr) return Skip::Unknown;
  if (!group->enabled) return Skip::Disabled;
  if (ring.inner.empty() || ring.inner.front().stages.empty()) return Skip::EmptyGroup;
  return Skip::None;
}

}  // namespace

Skip skip_now(const Ring& ring, const Policy& policy, const PlanInput& input) {
  if (ring.target.id.empty()) return Skip::Unknown;
  const Skip as_member = membership(ring, input);
  if (as_member != Skip::None) return as_member;
  if (ring.target.kind == TargetKind::Group) return skip_group(ring, input);
  if (input.declined != nullptr &&
      std::binary_search(input.declined->begin(), input.declined->end(), key_of(ring.target)))
    return Skip::DeclinedEarlier;
  if (ring.target.kind == TargetKind::User) return skip_user(ring, policy, input);
  return skip_external(ring, policy, input);
}

}  // namespace hunt
