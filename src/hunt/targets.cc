#include "hunt/detail/targets.h"

#include <optional>
#include <string>
#include <variant>

#include "base/overloaded.h"
#include "hunt/plan.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace hunt {

std::string key_of(const Target& target) {
  switch (target.kind) {
    case TargetKind::User:
      return "user:" + target.id;
    case TargetKind::Number:
      return "number:" + target.id;
    case TargetKind::Uri:
      return "uri:" + target.id;
    case TargetKind::Group:
      return "group:" + target.id;
  }
  return target.id;
}

namespace detail {

Target target_of(const model::Target& named, const std::string& as_written) {
  return std::visit(
      base::Overloaded{
          [&](const model::NoTarget&) { return Target{.name = as_written}; },
          [](const model::UserTarget& t) {
            return Target{.kind = TargetKind::User,
                          .id = t.user->id,
                          .name = t.user->extension.empty() ? t.user->id : t.user->extension};
          },
          [](const model::GroupTarget& t) {
            return Target{.kind = TargetKind::Group, .id = t.group->id, .name = t.group->name};
          },
          [](const model::NumberTarget& t) {
            return Target{.kind = TargetKind::Number, .id = t.number, .name = t.number};
          },
          [](const model::UriTarget& t) {
            return Target{.kind = TargetKind::Uri, .id = t.uri, .name = t.uri};
          }},
      named);
}

std::optional<Target> forward_of(const model::Snapshot& snapshot, const model::User& user,
                                 const std::string& to) {
  if (to.empty()) return std::nullopt;
  model::Member line;
  line.target = to;
  Target target = target_of(snapshot.target_of(line), to);
  if (target.id.empty()) {
    line.is_group = true;
    target = target_of(snapshot.target_of(line), to);
  }
  if (target.id.empty() || target.id == user.id) return std::nullopt;
  target.diverted_by = user.id;
  return target;
}

}  // namespace detail
}  // namespace hunt
