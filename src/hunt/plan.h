#pragma once
// A plan: whom to ring, when and for how long. Strategies write it (strategies.h), one machine runs
// it (hunt.h), explain prints it. A value; nested groups are plans inside rings (rule 11).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"

namespace hunt {

enum class TargetKind : std::uint8_t { User, Number, Uri, Group };

// Whom to ring. (kind, id) is the device key of rule 4: one such target rings once at a time.
struct Target {
  TargetKind kind = TargetKind::User;
  std::string id{};           // user id, E.164 number, SIP URI, group id
  std::string name{};         // as the record names it: extension, number, URI, group name
  std::string diverted_by{};  // id of the user whose forward or rule led here, or empty: his rights
                              // hold, and his number stands in Diversion
  bool operator==(const Target&) const = default;
};

// "user:101", "number:+48…", "uri:sip:…", "group:sales".
[[nodiscard]] std::string key_of(const Target& target);

// Why somebody is not rung (rule 12 and rule 11).
enum class Skip : std::uint8_t {
  None,
  DoNotDisturb,
  LoggedOut,
  Paused,
  Disabled,
  NotRegistered,
  InACall,
  CallerHimself,
  DeclinedEarlier,
  NoTrunk,       // an external number, and no trunk
  NotPermitted,  // an external number that the user whose rule or forward it is may not dial
  TooDeep,       // a sixth level of groups
  Cycle,         // a group that is already on the way
  Unknown,       // names nothing, or a member that is gone
  ExternalInPage,
  EmptyGroup,
  AfterTheEnd  // would be dialled when the time is over already; only in story_of
};
// The reason code of docs/words.md: "do_not_disturb", "in_a_call"…
[[nodiscard]] const char* word(Skip why);

struct Plan;

// Where a member's own forwards lead; used only under follow_forwards.
struct MemberForwards {
  std::optional<Target> busy{}, unreachable{}, no_answer{};
  base::Duration no_answer_after{20'000};
  bool operator==(const MemberForwards&) const = default;
};

// One ring: dialled `after` the stage began, at most `ring_for` long.
struct Ring {
  Target target{};
  std::vector<std::string> path{};  // names of the nested groups that lead here
  base::Duration after{0};
  std::optional<base::Duration> ring_for{};  // absent: to the stage's end
  bool confirm = false;
  bool timer_from_ringing = false;  // `ring_for` counts from the first 18x (rule 1)
  Skip skip = Skip::None;           // as things stood when the round was written
  std::string member_of{};          // id of the group that lists it; empty in rules and chains
  std::string member{};             // the member line's target as written, to find it again
  std::size_t member_place = 0;     // and its place among the group's member lines
  bool own = false;                 // the owner's own devices in his rule or direct call
  MemberForwards forwards{};
  std::vector<Plan> inner;  // one plan for a group that may be rung, else none
  bool operator==(const Ring&) const = default;
};

struct Stage {
  std::vector<Ring> rings{};
  std::optional<base::Duration> limit{};
  bool operator==(const Stage&) const = default;
};

// What holds for the whole hunt; of an inner plan it is never read (rule 11).
struct Policy {
  bool prevent_missed_calls = false;
  bool decline_ends_all = false;  // decline: group (rule 13)
  bool skip_busy = true;
  bool follow_forwards = false;
  bool page = false;
  model::Destination mailbox{};  // of key 2 (rule 9); kind None: 2 is not offered
  bool operator==(const Policy&) const = default;
};

struct Plan {
  std::vector<Stage> stages{};
  std::uint32_t rounds = 1;                        // 0 = forever
  std::uint32_t repeat_from = 0;                   // the stage at which later rounds begin
  std::optional<base::Duration> limit{};           // absolute from entry
  model::Confirm confirm = model::Confirm::Never;  // what its member lines inherit
  bool late_join = false;                          // ring_all, staggered, rollover (rule 10)
  std::string group_id{};  // whose members these are; empty for rules, chains, devices
  std::string group_name{};
  model::Strategy strategy = model::Strategy::Sequential;  // what it remembers follows from this
  Policy policy{};
  bool operator==(const Plan&) const = default;
};

// True if anybody of the first round would be rung.
[[nodiscard]] bool rings_anybody(const Plan& plan);

// The plan as the record shows it, from what is written alone: the first round as it would be
// dialled if every phone rang and nobody answered (rule 3 applied to the gaps), nested groups
// written out with their path, the skipped ones apart. Fills stages, rounds, repeat_from, limit_ms
// and skipped. Forwards under follow_forwards, pauses that end meanwhile, and what a nested group
// does after a round in which nobody rang are for the machine to say: explain asks it.
[[nodiscard]] facts::PlanStory story_of(const Plan& plan);

}  // namespace hunt
