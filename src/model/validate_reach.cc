// Validator: who is reached never, or by more phones than one call may ring; rules and hours that
// stand in each other's way.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/overloaded.h"
#include "base/time.h"
#include "model/detail/times.h"
#include "model/detail/validator.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model::detail {
namespace {

constexpr std::uint32_t kSmallGap = 5;  // minutes: closed for less is probably not meant
constexpr std::size_t kDay = 1'440;
constexpr std::size_t kWeek = 7 * kDay;

std::vector<const Member*> members_of(const Group& group) {
  std::vector<const Member*> out;
  if (group.strategy != Strategy::Stages) {
    for (const Member& member : group.members) out.push_back(&member);
    return out;
  }
  for (const Stage& stage : group.stages)
    for (const Member& member : stage.ring) out.push_back(&member);
  return out;
}

// Whether this member rings at all, and on how many phones at least.
struct Reach {
  const Snapshot& snapshot;

  [[nodiscard]] std::size_t phones(const Member& member, std::size_t level) const {
    if (!member.enabled) return 0;
    return std::visit(
        base::Overloaded{
            [](const UserTarget& user) -> std::size_t {
              return user.user->enabled ? std::max<std::size_t>(user.user->devices.size(), 1) : 0;
            },
            [&](const GroupTarget& nested) -> std::size_t {
              return nested.group->enabled ? phones(*nested.group, level + 1) : 0;
            },
            [](const NumberTarget&) -> std::size_t { return 1; },  // no trunk: said elsewhere
            [](const UriTarget&) -> std::size_t { return 1; },
            [](const auto&) -> std::size_t { return 0; },
        },
        snapshot.target_of(member));
  }
  [[nodiscard]] std::size_t phones(const Group& group, std::size_t level) const {
    if (level > base::kNestingMax) return 0;
    const auto members = members_of(group);
    return std::accumulate(
        members.begin(), members.end(), std::size_t{0},
        [&](std::size_t sum, const Member* member) { return sum + phones(*member, level); });
  }
};

struct Turn {
  base::Duration begins{};
  std::size_t place = 0;  // of the member in the file
};

// When each would ring if nobody before failed early (strategy sequential): by priority, those of
// one given priority together.
std::vector<Turn> turns_of(const Group& group) {
  const auto priority = [&](std::size_t place) {
    return group.members[place].priority.value_or(static_cast<std::int32_t>(place) + 1);
  };
  std::vector<std::size_t> order(group.members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return priority(a) < priority(b); });
  std::vector<Turn> turns;
  base::Duration end{0};
  for (const std::size_t place : order) {
    const Member& member = group.members[place];
    const bool together = !turns.empty() && member.priority.has_value() &&
                          member.priority == group.members[turns.back().place].priority;
    const base::Duration begins = together ? turns.back().begins : end;
    turns.push_back({begins, place});
    end = std::max(end, begins + member.ring_for.value_or(kInTurn));
  }
  return turns;
}

bool matches_always(const Rule& rule) {
  return rule.enabled && rule.when.empty() && rule.callers.empty();
}

// "Mo 12:00"
std::string moment(std::size_t minute) {
  constexpr std::array<const char*, 7> kDays{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
  const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::size_t of_day = minute % kDay;
  return std::string{kDays[minute / kDay % 7]} + ' ' + two(of_day / 60) + ':' + two(of_day % 60);
}

}  // namespace

void Validator::warn_reach() {
  const Reach reach{*snapshot_};
  for (std::size_t i = 0; i < office_.groups.size(); ++i) {
    const Group& group = office_.groups[i];
    const std::string path = at("groups", i);
    const std::string list = path + (group.strategy == Strategy::Stages ? "/stages" : "/members");
    const std::size_t phones = reach.phones(group, 1);
    if (phones == 0 && !members_of(group).empty())
      warn("nobody_rings", list,
           "nobody of " + group.name + " can ring: all are disabled or empty");
    if (phones > base::kBranchesMax)
      warn("beyond_limit", list,
           group.name + " has " + std::to_string(phones) + " phones; one call rings at most " +
               std::to_string(base::kBranchesMax));
    warn_too_late(group, path);
  }
  for (std::size_t i = 0; i < office_.users.size(); ++i) warn_shadowed_rules(office_.users[i], i);
  for (std::size_t i = 0; i < office_.schedules.size(); ++i)
    warn_hours(office_.schedules[i], at("schedules", i));
}

// The whole hunt has a limit, and these would have their turn after it.
void Validator::warn_too_late(const Group& group, const std::string& path) {
  if (!group.timeout.has_value()) return;
  const auto look = [&](base::Duration begins, const std::string& line, const std::string& who) {
    if (begins >= *group.timeout)
      warn("never_rings", path + line,
           who + " would ring after " + seconds_text(begins) +
               " seconds, but the group ends after " + seconds_text(*group.timeout) +
               "; it rings only when those before fail early");
  };
  if (group.strategy == Strategy::Sequential) {
    for (const Turn& turn : turns_of(group))
      look(turn.begins, "/members/" + std::to_string(turn.place),
           "\"" + group.members[turn.place].target + "\"");
  } else if (group.strategy == Strategy::Stages) {
    base::Duration begins{0};
    for (std::size_t s = 0; s < group.stages.size(); ++s) {
      look(begins, "/stages/" + std::to_string(s), "stage " + std::to_string(s + 1));
      if (!group.stages[s].ring.empty()) begins += group.stages[s].ring_for.value_or(kInTurn);
    }
  }
}

// Of a user's rules the first that fits is used.
void Validator::warn_shadowed_rules(const User& user, std::size_t index) {
  const auto first = std::find_if(user.rules.begin(), user.rules.end(), matches_always);
  if (first == user.rules.end()) return;
  for (auto rule = first + 1; rule != user.rules.end(); ++rule) {
    const auto place = static_cast<std::size_t>(rule - user.rules.begin());
    if (rule->enabled)
      warn("shadowed", at("users", index, "rules/" + std::to_string(place)),
           "rule " + rule->name + " is never used: " + first->name +
               " stands before it and fits every call");
  }
}

void Validator::warn_hours(const Schedule& schedule, const std::string& path) {
  std::vector<bool> open(kWeek, false);
  std::vector<std::size_t> line_of(kWeek, 0);  // 1 for the first
  for (std::size_t o = 0; o < schedule.open.size(); ++o) {
    const auto hours = open_hours_from(schedule.open[o]);
    if (!hours.has_value()) return;  // said elsewhere
    const std::size_t until = hours->until <= hours->from ? hours->until + kDay : hours->until;
    std::size_t other = 0;
    for (std::size_t day = 0; day < 7; ++day) {
      if ((hours->weekdays >> day & 1U) == 0) continue;
      for (std::size_t minute = hours->from; minute < until; ++minute) {
        const std::size_t moment_of_week = (day * kDay + minute) % kWeek;
        open[moment_of_week] = true;
        if (minute >= kDay) continue;  // what runs over midnight is meant to meet the next day
        std::size_t& line = line_of[moment_of_week];
        if (line != 0) other = line;
        line = o + 1;
      }
    }
    if (other != 0)
      warn("overlap", path + "/open/" + std::to_string(o),
           "\"" + schedule.open[o] + "\" overlaps \"" + schedule.open[other - 1] + "\"");
  }
  const auto is_open = [&](std::size_t minute) { return open[minute % kWeek]; };
  for (std::size_t minute = 0; minute < kWeek; ++minute) {
    if (!is_open(minute) || is_open(minute + 1)) continue;
    std::size_t length = 1;
    while (length < kSmallGap && !is_open(minute + 1 + length)) ++length;
    if (length < kSmallGap)
      warn("gap", path + "/open",
           "schedule " + schedule.name + " is closed for " + std::to_string(length) + " min from " +
               moment(minute + 1) + " on; the end of hours is not part of them");
  }
}

}  // namespace model::detail
