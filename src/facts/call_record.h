#pragma once
// What a call planned and what became of it: the record of docs/formats/call-records.md.
//
// `*_ms` count from the call's INVITE; round and stage count from 1. An unset optional was not
// reached.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace facts {

enum class Outcome : std::uint8_t {
  Answered,
  NoAnswer,
  Busy,
  Unreachable,
  Declined,
  Abandoned,
  Redirected,
  Failed,
  Interrupted
};
enum class AttemptResult : std::uint8_t {
  Won,
  AnsweredElsewhere,
  TimedOut,
  CallerGaveUp,
  Busy,
  Declined,
  Unreachable,
  Skipped,
  NotConfirmed,
  NotReached,
  Removed,
  ToMailbox,
  Failed
};
enum class EndedBy : std::uint8_t { Nobody, Caller, Callee, Server };

struct ContactTried {
  std::string uri;
  std::uint16_t sip_status = 0;  // the last one; 0 = no answer at all
  std::optional<std::int64_t> ended_at_ms;
  bool operator==(const ContactTried&) const = default;
};

struct Attempt {
  std::string target;             // extension, number or URI as the plan names it
  std::string group;              // that was hunted when it rang; empty: none, or not known
  std::vector<std::string> path;  // names of the nested groups that lead to it
  std::vector<ContactTried> contacts;
  std::uint32_t round = 1;
  std::uint32_t stage = 1;
  std::int64_t planned_at_ms = 0;
  std::optional<std::int64_t> planned_for_ms;
  std::optional<std::int64_t> dialled_at_ms;
  std::optional<std::int64_t> ringing_at_ms;
  std::optional<std::int64_t> ended_at_ms;
  AttemptResult result = AttemptResult::NotReached;
  std::string why;  // a reason code from docs/words.md, e.g. "do_not_disturb"
  bool operator==(const Attempt&) const = default;
};

// One decision of routing: what was decided, because of which fact, by which setting.
struct Decision {
  std::string what, because, setting;
  bool operator==(const Decision&) const = default;
};

struct PlannedRing {
  std::string target;
  std::vector<std::string> path;
  std::int64_t after_ms = 0;
  std::optional<std::int64_t> for_ms;
  bool confirm = false;
  bool operator==(const PlannedRing&) const = default;
};

struct PlannedStage {
  std::vector<PlannedRing> rings;
  std::optional<std::int64_t> for_ms;
  bool operator==(const PlannedStage&) const = default;
};

struct SkippedTarget {
  std::string target, why;
  bool operator==(const SkippedTarget&) const = default;
};

// The plan of a call as `explain` and /api/v1/calls/{id} show it.
struct PlanStory {
  std::string number, from, at;
  std::vector<Decision> decisions;
  std::vector<PlannedStage> stages;
  std::uint32_t rounds = 1;  // 0 = forever
  std::uint32_t repeat_from = 0;
  std::optional<std::int64_t> limit_ms;
  std::string finally_json;  // {"mailbox": "general"} as model/ encodes it
  std::vector<SkippedTarget> skipped;
  bool operator==(const PlanStory&) const = default;
};

struct CallRecord {
  std::string id;
  std::string tenant;
  base::WallTime started{};
  std::optional<base::WallTime> answered;
  std::optional<base::WallTime> ended;
  std::string from, from_name, dialled;
  std::string group;  // the name of the first hunted group
  std::string crm_account;
  Outcome outcome = Outcome::Failed;
  std::string answered_by;
  std::int64_t wait_ms = 0;
  std::int64_t talk_ms = 0;
  std::string final_destination;
  EndedBy ended_by = EndedBy::Nobody;
  std::uint16_t sip_code = 0;
  std::uint16_t q850 = 0;
  std::string sip_call_id;
  std::string recording;
  std::string call_back;  // where the caller wants to be called back; empty: he did not ask
  std::vector<Attempt> attempts;
  PlanStory plan;
  bool operator==(const CallRecord&) const = default;
};

// The contract's words: "no_answer", "answered_elsewhere", "caller"…
// Every word of Outcome, in its order.
[[nodiscard]] std::span<const char* const> outcome_words();
[[nodiscard]] const char* word(Outcome outcome);
[[nodiscard]] const char* word(AttemptResult result);
[[nodiscard]] const char* word(EndedBy who);

}  // namespace facts
