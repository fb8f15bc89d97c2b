#include "foresight/health.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/overloaded.h"
#include "base/time.h"
#include "model/office.h"
#include "model/paused.h"
#include "model/snapshot.h"

namespace foresight {
namespace {

std::vector<const model::Member*> lines_of(const model::Group& group) {
  std::vector<const model::Member*> lines;
  if (group.strategy != model::Strategy::Stages) {
    for (const model::Member& member : group.members) lines.push_back(&member);
    return lines;
  }
  for (const model::Stage& stage : group.stages)
    for (const model::Member& member : stage.ring) lines.push_back(&member);
  return lines;
}

bool forwards(const model::Forward& forward) {
  return !forward.always.empty() || !forward.busy.empty() || !forward.unreachable.empty() ||
         !forward.no_answer.to.empty();
}

// Looks at the lines of one group after the other, from the outer to the inner.
class Look {
 public:
  Look(const model::Snapshot& snapshot, const People& people, base::WallTime now)
      : snapshot_(snapshot), people_(people), now_(now) {}

  std::vector<MemberHealth> members(const model::Group& group) {
    path_.push_back(group.id);
    std::vector<MemberHealth> all;
    for (const model::Member* line : lines_of(group)) {
      MemberHealth one = member(group, *line);
      one.place = all.size();
      one.can_ring = one.why.empty();
      const std::string here = "groups/" + group.id + "/members/" + std::to_string(one.place);
      if (one.setting.starts_with('/')) one.setting = here + one.setting;
      all.push_back(std::move(one));
    }
    path_.pop_back();
    return all;
  }

 private:
  static void refuse(MemberHealth& one, std::string_view why, std::string setting) {
    if (!one.why.empty()) return;
    one.why = why;
    one.setting = std::move(setting);
  }

  MemberHealth member(const model::Group& group, const model::Member& line) {
    MemberHealth one;
    one.target = line.target;
    one.kind = "unknown";
    if (!line.enabled) refuse(one, "disabled", "/enabled");
    if (!line.logged_in) refuse(one, "logged_out", "/logged_in");
    if (model::is_paused(line.paused, now_)) refuse(one, "paused", "/paused");
    std::visit(base::Overloaded{
                   [&](const model::UserTarget& to) { user(one, *to.user, group.skip_busy); },
                   [&](const model::GroupTarget& to) { inner(one, *to.group); },
                   [&](const model::NumberTarget&) {
                     one.kind = "number";
                     if (group.strategy == model::Strategy::Page)
                       refuse(one, "external_in_page", "groups/" + group.id + "/strategy");
                     if (snapshot_.office().trunks.empty()) refuse(one, "no_trunk", "trunks");
                   },
                   [&](const model::UriTarget&) {
                     one.kind = "uri";
                     if (group.strategy == model::Strategy::Page)
                       refuse(one, "external_in_page", "groups/" + group.id + "/strategy");
                   },
                   [&](const model::NoTarget&) { refuse(one, "unknown", "/ring"); },
               },
               snapshot_.target_of(line));
    return one;
  }

  void user(MemberHealth& one, const model::User& user, bool skip_busy) const {
    const std::string his = "users/" + user.id;
    const auto present = people_.find(user.id);
    one.kind = "user";
    one.user = user.id;
    one.name = user.name;
    one.present = present == people_.end() ? Present{} : present->second;
    one.forwards = forwards(user.forward);
    if (!user.enabled) refuse(one, "disabled", his + "/enabled");
    if (model::is_paused(user.paused, now_)) refuse(one, "paused", his + "/paused");
    if (user.do_not_disturb) refuse(one, "do_not_disturb", his + "/do_not_disturb");
    if (one.present.devices == 0) refuse(one, "not_registered", his + "/devices");
    if (skip_busy && one.present.calls > 0) refuse(one, "in_a_call", "");
  }

  void inner(MemberHealth& one, const model::Group& group) {
    const std::string its = "groups/" + group.id;
    one.kind = "group";
    one.name = group.name;
    if (std::ranges::find(path_, group.id) != path_.end()) refuse(one, "cycle", its + "/members");
    if (path_.size() >= base::kNestingMax) refuse(one, "nested_too_deep", its + "/members");
    if (!group.enabled) refuse(one, "disabled", its + "/enabled");
    if (!one.why.empty()) return;
    const std::vector<MemberHealth> lines = members(group);
    if (std::ranges::none_of(lines, &MemberHealth::can_ring))
      refuse(one, "empty_group", its + "/members");
  }

  const model::Snapshot& snapshot_;
  const People& people_;
  base::WallTime now_;
  std::vector<std::string> path_;  // ids of the groups on the way in
};

}  // namespace

std::vector<MemberHealth> health_of(const model::Snapshot& snapshot, const model::Group& group,
                                    const People& people, base::WallTime now) {
  std::vector<MemberHealth> all = Look{snapshot, people, now}.members(group);
  if (group.enabled) return all;
  for (MemberHealth& one : all) {
    one.can_ring = false;
    one.why = "disabled";
    one.setting = "groups/" + group.id + "/enabled";
  }
  return all;
}

std::string_view state_of(const model::User& user, const Present& present, base::WallTime now) {
  if (!user.enabled) return "disabled";
  if (user.do_not_disturb) return "do_not_disturb";
  if (model::is_paused(user.paused, now)) return "paused";
  if (present.calls > 0) return "in_a_call";
  return present.devices == 0 ? "not_registered" : "available";
}

}  // namespace foresight
