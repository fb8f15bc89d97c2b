// Validator: what will not happen because a right is missing or a limit is below what is planned.

#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/detail/times.h"
#include "model/detail/validator.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model::detail {
namespace {

// External numbers among these that ring.
std::size_t external_in(const Snapshot& snapshot, const std::vector<Member>& members) {
  std::size_t count = 0;
  for (const Member& member : members)
    if (member.enabled && std::holds_alternative<NumberTarget>(snapshot.target_of(member))) ++count;
  return count;
}

bool rings_together(Strategy strategy) {
  return strategy == Strategy::RingAll || strategy == Strategy::Staggered ||
         strategy == Strategy::Rollover;
}

// Until the last of its stages is over.
base::Duration length_of(const std::vector<Stage>& stages) {
  return std::accumulate(stages.begin(), stages.end(), base::Duration{0},
                         [](base::Duration sum, const Stage& stage) {
                           return sum + stage.ring_for.value_or(kInTurn);
                         });
}

}  // namespace

void Validator::warn_limits() {
  for (std::size_t i = 0; i < office_.users.size(); ++i)
    warn_rights(office_.users[i], at("users", i));
  for (std::size_t i = 0; i < office_.groups.size(); ++i) {
    warn_hunt_too_long(office_.groups[i], at("groups", i));
    warn_channels(office_.groups[i], at("groups", i));
  }
}

// What his rules and forwards dial, they dial with his rights.
void Validator::warn_rights(const User& user, const std::string& path) {
  if (!user.enabled) return;
  warn_no_right(user, user.forward.always, path + "/forward/always");
  warn_no_right(user, user.forward.busy, path + "/forward/busy");
  warn_no_right(user, user.forward.unreachable, path + "/forward/unreachable");
  warn_no_right(user, user.forward.no_answer.to, path + "/forward/no_answer/to");
  for (std::size_t r = 0; r < user.rules.size(); ++r) {
    const Rule& rule = user.rules[r];
    if (!rule.enabled) continue;
    for (std::size_t s = 0; s < rule.stages.size(); ++s)
      for (std::size_t m = 0; m < rule.stages[s].ring.size(); ++m)
        if (!rule.stages[s].ring[m].is_group)
          warn_no_right(user, rule.stages[s].ring[m].target,
                        path + "/rules/" + std::to_string(r) + "/stages/" + std::to_string(s) +
                            "/ring/" + std::to_string(m));
  }
}

void Validator::warn_no_right(const User& user, const std::string& target,
                              const std::string& path) {
  if (target.empty()) return;
  const Dialled dialled = snapshot_->what_is(target);
  const auto* external = std::get_if<DialledExternal>(&dialled);
  if (external == nullptr || may_dial(user.permissions, external->number)) return;
  warn("not_permitted", path,
       "user " + user.extension + " may not call " + target +
           ": it never rings; \"permissions\" says which external numbers he may");
}

// The office's max_hunt ends a hunt that would go on forever (rule 5).
void Validator::warn_hunt_too_long(const Group& group, const std::string& path) {
  if (group.repeat != 0) return;
  const base::Duration most = office_.max_hunt;
  if (group.timeout.has_value() && *group.timeout > most)
    warn("beyond_limit", path + "/timeout",
         group.name + " waits " + seconds_text(*group.timeout) +
             " seconds and rings without end, but max_hunt ends such a hunt after " +
             seconds_text(most));
  if (group.strategy == Strategy::Stages && length_of(group.stages) > most)
    warn("beyond_limit", path + "/stages",
         "the stages of " + group.name + " take " + seconds_text(length_of(group.stages)) +
             " seconds and rings without end, but max_hunt ends such a hunt after " +
             seconds_text(most));
}

// External numbers that ring at once need a channel each.
void Validator::warn_channels(const Group& group, const std::string& path) {
  if (office_.trunks.empty()) return;  // said elsewhere
  const std::size_t channels =
      std::accumulate(office_.trunks.begin(), office_.trunks.end(), std::size_t{0},
                      [](std::size_t sum, const Trunk& trunk) { return sum + trunk.channels; });
  const auto look = [&](const std::vector<Member>& members, const std::string& list) {
    const std::size_t at_once = external_in(*snapshot_, members);
    if (at_once > channels)
      warn("beyond_limit", list,
           group.name + " rings " + std::to_string(at_once) +
               " external numbers at once, and the trunks have " + std::to_string(channels) +
               " channels");
  };
  if (rings_together(group.strategy)) look(group.members, path + "/members");
  if (group.strategy != Strategy::Stages) return;
  for (std::size_t s = 0; s < group.stages.size(); ++s)
    look(group.stages[s].ring, path + "/stages/" + std::to_string(s) + "/ring");
}

}  // namespace model::detail
