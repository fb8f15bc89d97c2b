#include "foresight/detail/office_life.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "foresight/traffic.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight::detail {

OfficeLife::OfficeLife(const model::Snapshot& snapshot, const Habits& people)
    : snapshot_(snapshot), people_(people) {
  for (const model::User& user : snapshot.office().users) {
    const hunt::Target target{.kind = hunt::TargetKind::User, .id = user.id};
    users_[user.id] = &add(hunt::key_of(target), user.id, user.extension);
  }
}

Someone& OfficeLife::add(const std::string& key, std::string user_id, const std::string& name) {
  auto made = std::make_unique<Someone>();
  made->habits = &people_.named(name);
  made->user_id = std::move(user_id);
  made->name = name;
  return *(everybody_[key] = std::move(made));
}

Someone& OfficeLife::behind(const hunt::Target& target) {
  const std::string key = hunt::key_of(target);
  const auto found = everybody_.find(key);
  return found == everybody_.end() ? add(key, {}, target.name) : *found->second;
}

hunt::UserPresence OfficeLife::user(std::string_view user_id) const {
  const auto found = users_.find(user_id);
  if (found == users_.end()) return {};
  const Someone& someone = *found->second;
  return {.devices = someone.habits->registered ? 1U : 0U,
          .calls = someone.talks + (someone.away ? 1U : 0U),
          .last_answered_ended = someone.last_answered_ended};
}

hunt::Memory OfficeLife::memory(std::string_view group_id) const {
  const auto found = memories_.find(group_id);
  return found == memories_.end() ? hunt::Memory{} : found->second;
}

void OfficeLife::remember(const hunt::Remember& change) {
  hunt::apply(memories_[change.group_id], change.change);
}

}  // namespace foresight::detail
