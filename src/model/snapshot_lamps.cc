// Snapshot: whose phones show that messages wait in a mailbox.

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/office.h"
#include "model/snapshot.h"

namespace model {
namespace {

// The general mailboxes to which a group leads.
std::vector<const Mailbox*> boxes_of(const Snapshot& snapshot, const Group& group) {
  std::vector<const Mailbox*> boxes;
  const auto take = [&](const Destination& to) {
    if (to.kind != DestinationKind::Mailbox) return;
    if (const Mailbox* box = snapshot.mailbox_named(to.value)) boxes.push_back(box);
  };
  for (const Destination* to : {&group.finally.any, &group.finally.no_answer, &group.finally.busy,
                                &group.finally.unreachable})
    take(*to);
  for (const FlagRedirect& redirect : group.flags) take(redirect.to);
  return boxes;
}

// Users who are members of it, also by groups within it.
std::vector<const User*> users_of(const Snapshot& snapshot, const Group& group) {
  std::vector<const User*> users;
  std::set<const Group*> seen{&group};
  std::vector<const Group*> open{&group};
  const auto take = [&](const std::vector<Member>& members) {
    for (const Member& member : members) {
      const Target target = snapshot.target_of(member);
      if (const auto* user = std::get_if<UserTarget>(&target)) users.push_back(user->user);
      if (const auto* inner = std::get_if<GroupTarget>(&target))
        if (seen.insert(inner->group).second) open.push_back(inner->group);
    }
  };
  while (!open.empty()) {
    const Group& next = *open.back();
    open.pop_back();
    take(next.members);
    for (const Stage& stage : next.stages) take(stage.ring);
  }
  return users;
}

}  // namespace

void Snapshot::light(const User& user, const std::string& box) {
  std::vector<std::string>& boxes = lamps_[user.id];
  if (std::find(boxes.begin(), boxes.end(), box) != boxes.end()) return;
  boxes.push_back(box);
  lit_by_[box].push_back(user.id);
}

void Snapshot::index_lamps() {
  for (const User& user : office_.users)
    if (user.mailbox.present) light(user, MailboxRef{&user, nullptr}.key());
  for (const Group& group : office_.groups)
    for (const Mailbox* box : boxes_of(*this, group))
      for (const User* user : users_of(*this, group)) light(*user, MailboxRef{nullptr, box}.key());
}

const std::vector<std::string>& Snapshot::lamps_of(std::string_view user_id) const {
  const auto found = lamps_.find(user_id);
  return found == lamps_.end() ? no_lamps_ : found->second;
}

const std::vector<std::string>& Snapshot::lit_by(std::string_view box) const {
  const auto found = lit_by_.find(box);
  return found == lit_by_.end() ? no_lamps_ : found->second;
}

}  // namespace model
