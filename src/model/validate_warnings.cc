// Validator: what is taken, and will probably not do what is meant.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/detail/times.h"
#include "model/detail/validator.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/phone_kinds.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model::detail {
namespace {

constexpr base::Duration kRound{30'000};  // timeout of ring_all, staggered, rollover, page

bool uses_priority(Strategy strategy) {
  return strategy == Strategy::Sequential || strategy == Strategy::RoundRobin;
}

std::string key_of_target(const Target& target, const Member& member) {
  if (const auto* user = std::get_if<UserTarget>(&target)) return "user:" + user->user->id;
  if (const auto* group = std::get_if<GroupTarget>(&target)) return "group:" + group->group->id;
  if (const auto* number = std::get_if<NumberTarget>(&target)) return "number:" + number->number;
  return "text:" + member.target;
}

}  // namespace

void Validator::members_are_unique(const Group& group, const std::string& path) {
  const auto check = [this](const std::vector<Member>& members, const std::string& list) {
    std::set<std::string> seen;
    for (std::size_t m = 0; m < members.size(); ++m) {
      const std::string key = key_of_target(snapshot_->target_of(members[m]), members[m]);
      if (!seen.insert(key).second)
        error("member_twice", list + "/" + std::to_string(m),
              "\"" + members[m].target + "\" is a member already; each once");
    }
  };
  check(group.members, path + "/members");
  for (std::size_t s = 0; s < group.stages.size(); ++s)
    check(group.stages[s].ring, path + "/stages/" + std::to_string(s) + "/ring");
}

void Validator::warn_unused(const Group& group, const std::string& path) {
  const bool staged = group.strategy == Strategy::Stages;
  const std::string strategy = word(group.strategy);
  if (!group.stages.empty() && !staged)
    warn("unused", path + "/stages",
         "the strategy " + strategy + " does not use \"stages\"; they are kept");
  if (!group.members.empty() && staged)
    warn("unused", path + "/members",
         "the strategy stages rings the members of its \"stages\"; \"members\" are kept");
  if (staged) return;
  for (std::size_t m = 0; m < group.members.size(); ++m) {
    const Member& member = group.members[m];
    const std::string here = path + "/members/" + std::to_string(m);
    if (member.after && group.strategy != Strategy::Staggered)
      warn("unused", here + "/after",
           "the strategy " + strategy + " does not use \"after\"; staggered does");
    if (member.priority && !uses_priority(group.strategy))
      warn("unused", here + "/priority",
           "the strategy " + strategy + " does not use \"priority\"; sequential does");
    if (member.weight != Member{}.weight && group.strategy != Strategy::Weighted)
      warn("unused", here + "/weight",
           "the strategy " + strategy + " does not use \"weight\"; weighted does");
  }
}

void Validator::warn_external(const Member& member, const std::string& path) {
  const Target target = snapshot_->target_of(member);
  if (office_.trunks.empty() && std::holds_alternative<NumberTarget>(target))
    warn("no_trunk", path,
         "\"" + member.target + "\" is an external number, and there is no trunk to reach it");
}

void Validator::warn_member(const Group& group, const Member& member, const std::string& path) {
  warn_external(member, path);
  const Target target = snapshot_->target_of(member);
  if (const auto* user = std::get_if<UserTarget>(&target); user != nullptr && !user->user->enabled)
    warn("never_rings", path, "user " + user->user->extension + " is disabled and never rings");
  const bool outside =
      std::holds_alternative<NumberTarget>(target) || std::holds_alternative<UriTarget>(target);
  if (group.strategy == Strategy::Page && outside)
    warn("never_rings", path, "a page does not reach external members such as " + member.target);
}

// A delay beyond the timeout: the member would never ring (Row S2.11).
void Validator::warn_members(const Group& group, const std::string& path) {
  const base::Duration round = group.timeout.value_or(kRound);
  base::Duration before{0};
  for (std::size_t m = 0; m < group.members.size(); ++m) {
    const Member& member = group.members[m];
    const std::string here = path + "/members/" + std::to_string(m);
    warn_member(group, member, here);
    if (group.strategy == Strategy::Staggered && member.after && *member.after >= round)
      warn("never_rings", here + "/after",
           "\"" + member.target + "\" joins after " + seconds_text(*member.after) +
               " seconds, but the group ends after " + seconds_text(round) +
               "; it rings only when those before fail early");
    if (group.strategy == Strategy::Rollover && before >= round)
      warn("never_rings", here,
           "\"" + member.target + "\" would join after " + seconds_text(before) +
               " seconds, but the group ends after " + seconds_text(round));
    before += member.ring_for.value_or(kInTurn);
  }
  const bool staggered = group.strategy == Strategy::Staggered && !group.members.empty();
  const bool late = std::all_of(group.members.begin(), group.members.end(), [](const Member& m) {
    return m.after.value_or(base::Duration{0}) > base::Duration{0};
  });
  if (staggered && late)
    warn("late_start", path + "/members",
         "no member of " + group.name + " rings at 0; the earliest is brought forward");
}

void Validator::warn_groups() {
  for (std::size_t i = 0; i < office_.groups.size(); ++i) {
    const Group& group = office_.groups[i];
    const std::string path = at("groups", i);
    members_are_unique(group, path);
    warn_unused(group, path);
    if (group.strategy != Strategy::Stages) {
      if (group.members.empty())
        warn("empty_group", path + "/members", "group " + group.name + " has no members");
      warn_members(group, path);
      continue;
    }
    bool any = false;
    for (std::size_t s = 0; s < group.stages.size(); ++s) {
      const Stage& stage = group.stages[s];
      const std::string here = path + "/stages/" + std::to_string(s);
      any = any || !stage.ring.empty();
      for (std::size_t m = 0; m < stage.ring.size(); ++m) {
        const Member& member = stage.ring[m];
        const std::string line = here + "/ring/" + std::to_string(m);
        warn_member(group, member, line);
        if (stage.ring_for && member.after && *member.after >= *stage.ring_for)
          warn("never_rings", line + "/after",
               "\"" + member.target + "\" would join after the end of its stage");
      }
    }
    if (!any)
      warn("empty_group", path + "/stages", "group " + group.name + " has nobody in its stages");
  }
}

void Validator::warn_rule(const Rule& rule, const std::string& path) {
  bool any = false;
  for (std::size_t s = 0; s < rule.stages.size(); ++s) {
    for (std::size_t m = 0; m < rule.stages[s].ring.size(); ++m) {
      const Member& member = rule.stages[s].ring[m];
      const std::string line = path + "/stages/" + std::to_string(s) + "/ring/" + std::to_string(m);
      any = true;
      warn_external(member, line);
      const bool confirmed = member.confirm ? *member.confirm != Confirm::Never
                             : rule.confirm ? *rule.confirm != Confirm::Never
                                            : rule.mode == RuleMode::ExtendRing;
      const Target target = snapshot_->target_of(member);
      if (!confirmed && std::holds_alternative<NumberTarget>(target))
        warn("voicemail_may_answer", line,
             "\"" + member.target +
                 "\" rings without confirmation: its own voicemail counts as an answer");
    }
  }
  if (!any) warn("empty_rule", path + "/stages", "rule " + rule.name + " rings nobody");
  if (rule.mode == RuleMode::FollowMe && rule.max_hold != Rule{}.max_hold)
    warn("unused", path + "/max_hold", "the mode follow_me does not use \"max_hold\"");
}

void Validator::warn_phones(const User& user, const std::string& path) {
  for (std::size_t d = 0; d < user.devices.size(); ++d) {
    const std::string& phone = user.devices[d].phone;
    if (phone.empty() || phone_kind_from(phone).has_value()) continue;
    std::string known;
    for (const std::string_view name : phone_kind_names())
      known.append(known.empty() ? "" : ", ").append(name);
    warn("unknown_word", path + "/devices/" + std::to_string(d) + "/phone",
         "\"" + phone + "\" is no kind of phone that is known (" + known +
             "); it is treated as any other");
  }
}

void Validator::warn_users() {
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    const std::string path = at("users", i);
    warn_phones(user, path);
    const bool device = std::any_of(user.devices.begin(), user.devices.end(),
                                    [](const Device& d) { return !d.password.empty(); });
    if (user.enabled && user.sip_password.empty() && !device)
      warn("no_password", path + "/sip",
           "user " + label_of(Thing{user}) + " has no SIP password; no phone can register for him");
    for (std::size_t r = 0; r < user.rules.size(); ++r)
      warn_rule(user.rules[r], path + "/rules/" + std::to_string(r));
  }
}

}  // namespace model::detail
