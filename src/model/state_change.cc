#include "model/state_change.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model {
namespace {

template <class T>
T* by_id(std::vector<T>& things, const std::string& id) {
  const auto found =
      std::find_if(things.begin(), things.end(), [&](const T& thing) { return thing.id == id; });
  return found == things.end() ? nullptr : &*found;
}

bool is_line_of(const Snapshot& snapshot, const Member& member, const User& user) {
  const Target target = snapshot.target_of(member);
  const auto* named = std::get_if<UserTarget>(&target);
  return named != nullptr && named->user == &user;
}

std::vector<const Member*> lines_in(const Snapshot& snapshot, const std::vector<Member>& members,
                                    const User& user) {
  std::vector<const Member*> lines;
  for (const Member& member : members)
    if (is_line_of(snapshot, member, user)) lines.push_back(&member);
  return lines;
}

void set_logged_in(const Snapshot& snapshot, std::vector<Member>& members, const User& user,
                   bool in) {
  for (Member& member : members)
    if (is_line_of(snapshot, member, user)) member.logged_in = in;
}

bool set_forward(User* user, const SetForward& change) {
  if (user == nullptr) return false;
  switch (change.kind) {
    case ForwardKind::Always:
      user->forward.always = change.to;
      break;
    case ForwardKind::Busy:
      user->forward.busy = change.to;
      break;
    case ForwardKind::NoAnswer:
      user->forward.no_answer.to = change.to;
      break;
    case ForwardKind::Unreachable:
      user->forward.unreachable = change.to;
      break;
  }
  return true;
}

// A guest's line goes with him; that of a member stays and says that he is away.
void log_in_to(const Snapshot& snapshot, Queue& queue, const User& user, bool in) {
  const bool guest = may_log_in(snapshot, queue, user);
  const bool known = !lines_in(snapshot, queue.members, user).empty();
  if (in && !known) {
    Member line;
    line.target = user.extension;
    queue.members.push_back(std::move(line));
    return;
  }
  if (!in && guest) {
    std::erase_if(queue.members,
                  [&](const Member& member) { return is_line_of(snapshot, member, user); });
    return;
  }
  set_logged_in(snapshot, queue.members, user, in);
}

bool log_in(const Snapshot& snapshot, Office& office, const SetLogin& change) {
  const User* user = snapshot.user_by_id(change.user_id);
  if (user == nullptr) return false;
  if (change.kind == Kind::Queue) {
    Queue* queue = by_id(office.queues, change.id);
    if (queue == nullptr) return false;
    log_in_to(snapshot, *queue, *user, change.in);
    return true;
  }
  Group* group = by_id(office.groups, change.id);
  if (group == nullptr) return false;
  set_logged_in(snapshot, group->members, *user, change.in);
  for (Stage& stage : group->stages) set_logged_in(snapshot, stage.ring, *user, change.in);
  return true;
}

bool sit_down(Office& office, const SetDesk& change) {
  User* guest = by_id(office.users, change.user_id);
  if (guest == nullptr) return false;
  for (User& user : office.users) std::erase(user.desks, change.username);
  if (change.sits) guest->desks.push_back(change.username);
  return true;
}

bool change_one(const Snapshot& snapshot, Office& office, const StateChange& change,
                base::WallTime now) {
  return std::visit(
      base::Overloaded{
          [&](const SetDoNotDisturb& set) {
            User* user = by_id(office.users, set.user_id);
            if (user != nullptr) user->do_not_disturb = set.on;
            return user != nullptr;
          },
          [&](const SetForward& set) { return set_forward(by_id(office.users, set.user_id), set); },
          [&](const SetPaused& set) {
            User* user = by_id(office.users, set.user_id);
            if (user != nullptr) user->paused = {set.on, {}};
            return user != nullptr;
          },
          [&](const SetRules& set) {
            User* user = by_id(office.users, set.user_id);
            if (user != nullptr) user->rules_on = set.on;
            return user != nullptr;
          },
          [&](const SetLogin& set) { return log_in(snapshot, office, set); },
          [&](const SetDesk& set) { return sit_down(office, set); },
          [&](const SetFlag& set) {
            Flag* flag = by_id(office.flags, set.id);
            if (flag != nullptr) *flag = switched(snapshot, *flag, set.on, now);
            return flag != nullptr;
          },
          [&](const SetGroupForward& set) {
            Group* group = by_id(office.groups, set.group_id);
            if (group == nullptr) return false;
            group->forward = {set.to, set.to.empty() ? std::string() : set.by};
            return true;
          },
      },
      change);
}

}  // namespace

std::optional<Office> changed(const Snapshot& snapshot, const std::vector<StateChange>& changes,
                              base::WallTime now) {
  Office office = snapshot.office();
  for (const StateChange& change : changes)
    if (!change_one(snapshot, office, change, now)) return std::nullopt;
  return office;
}

Kind kind_of(const StateChange& change) {
  if (const auto* login = std::get_if<SetLogin>(&change)) return login->kind;
  if (std::holds_alternative<SetFlag>(change)) return Kind::Flag;
  if (std::holds_alternative<SetGroupForward>(change)) return Kind::Group;
  return Kind::User;
}

const std::string& id_of(const StateChange& change) {
  return std::visit(
      base::Overloaded{
          [](const SetLogin& set) -> const std::string& { return set.id; },
          [](const SetFlag& set) -> const std::string& { return set.id; },
          [](const SetGroupForward& set) -> const std::string& { return set.group_id; },
          [](const auto& of_user) -> const std::string& { return of_user.user_id; },
      },
      change);
}

std::vector<const Member*> lines_of(const Snapshot& snapshot, const Group& group,
                                    const User& user) {
  std::vector<const Member*> lines = lines_in(snapshot, group.members, user);
  for (const Stage& stage : group.stages) {
    const auto more = lines_in(snapshot, stage.ring, user);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

std::vector<const Member*> lines_of(const Snapshot& snapshot, const Queue& queue,
                                    const User& user) {
  return lines_in(snapshot, queue.members, user);
}

bool may_log_in(const Snapshot& snapshot, const Queue& queue, const User& user) {
  return std::any_of(queue.may_log_in.begin(), queue.may_log_in.end(),
                     [&](const std::string& name) { return snapshot.user_named(name) == &user; });
}

}  // namespace model
