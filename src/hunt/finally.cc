// What a plan says about the time after it.
#include <string>
#include <variant>

#include "hunt/strategies.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace hunt {
namespace {

model::Destination forwarded(const model::Snapshot& snapshot, const std::string& to) {
  if (to.empty()) return {};
  if (snapshot.user_named(to) != nullptr) return {model::DestinationKind::User, to};
  if (snapshot.group_named(to) != nullptr) return {model::DestinationKind::Group, to};
  if (snapshot.mailbox_named(to) != nullptr) return {model::DestinationKind::Mailbox, to};
  return {model::DestinationKind::Number, to};
}

// "A direct call to a user", item 5: forward.busy, no_answer, unreachable, then his mailbox.
model::Finally of_user(const model::Snapshot& snapshot, const model::User& user) {
  model::Destination mailbox;
  if (user.mailbox.present) mailbox = {model::DestinationKind::Mailbox, user.extension};
  const auto or_mailbox = [&](const std::string& to) {
    const model::Destination there = forwarded(snapshot, to);
    return there.kind == model::DestinationKind::None ? mailbox : there;
  };
  const model::Finally each{.any = {},
                            .no_answer = or_mailbox(user.forward.no_answer.to),
                            .busy = or_mailbox(user.forward.busy),
                            .unreachable = or_mailbox(user.forward.unreachable)};
  const bool all_the_same = each.no_answer == each.busy && each.busy == each.unreachable;
  return all_the_same
             ? model::Finally{.any = each.busy, .no_answer = {}, .busy = {}, .unreachable = {}}
             : each;
}

}  // namespace

model::Finally finally_of(const model::Step& step, const model::Snapshot& pinned) {
  if (const auto* ring = std::get_if<model::RingGroup>(&step)) {
    const model::Group* group = pinned.group_by_id(ring->group_id);
    return group == nullptr ? model::Finally{} : group->finally;
  }
  if (const auto* run = std::get_if<model::RunRule>(&step)) {
    const model::User* user = pinned.user_by_id(run->user_id);
    if (user == nullptr || run->rule >= user->rules.size()) return {};
    const model::Finally& own = user->rules[run->rule].finally;
    return own == model::Finally{} ? of_user(pinned, *user) : own;
  }
  if (const auto* devices = std::get_if<model::RingUser>(&step)) {
    const model::User* user = pinned.user_by_id(devices->user_id);
    if (user != nullptr && !devices->alone) return of_user(pinned, *user);
  }
  if (const auto* chain = std::get_if<model::RingChain>(&step)) {
    const model::User* user = pinned.user_by_id(chain->user_id);
    if (user == nullptr || !user->mailbox.present) return {};
    return {.any = {model::DestinationKind::Mailbox, user->extension},
            .no_answer = {},
            .busy = {},
            .unreachable = {}};
  }
  return {};
}

}  // namespace hunt
