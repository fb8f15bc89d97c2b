#pragma once
// What call records say of a group and of its members. Records come one at a time; memory does not
// grow with them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/figures.h"
#include "model/zone.h"

namespace foresight {

// Of one member; a ring counts once, in whichever round and nested group it was.
struct MemberStatistics {
  std::uint64_t rang = 0;
  std::uint64_t answered = 0;
  // Of his rings: shown as missed (timed out, the caller gave up), answered by somebody else.
  std::uint64_t missed = 0, elsewhere = 0;
  std::uint64_t declined = 0, busy = 0, unreachable = 0;
  std::uint64_t skipped = 0;  // was not dialled: do-not-disturb, logged out, in a call…
  std::int64_t talk_ms = 0;
  Waits pickup;  // from dialling him to his answer
};

// The share of callers who would have hung up after so long, were nobody to answer: steps of five
// seconds up to two minutes, by the product-limit estimate; callers who were answered say only that
// they waited so long.
class AbandonCurve {
 public:
  static constexpr std::size_t kSteps = 24;
  static constexpr base::Duration kStep{5'000};
  void add(base::Duration wait, bool gave_up);
  [[nodiscard]] std::array<double, kSteps> shares() const;

 private:
  std::array<std::uint64_t, kSteps + 1> gave_up_{}, left_{};  // in the step; the last: later
};

struct GroupStatistics {
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t> outcomes;  // by the contract's words
  std::uint64_t within_service_level = 0;         // answered, and in time
  Waits wait, gave_up;                            // until the answer; until the caller hung up
  std::int64_t talk_ms = 0;
  std::array<std::uint64_t, 24> calls_by_hour{}, answered_by_hour{};  // of the tenant's day
  AbandonCurve abandon;
  std::map<std::string, MemberStatistics> members;
};

// Calls of one group: what each was to it says facts/group_part.h. All calls for an empty name.
class Statistics {
 public:
  // `group`: its name. `in_time`: the service level's limit.
  Statistics(std::string group, base::Duration in_time, model::Zone zone);
  void add(const facts::CallRecord& record);
  [[nodiscard]] const GroupStatistics& result() const { return result_; }

 private:
  void add_member(const facts::CallRecord& record, const facts::Attempt& attempt);

  std::string group_;
  base::Duration in_time_;
  model::Zone zone_;
  GroupStatistics result_;
};

[[nodiscard]] base::Node to_node(const GroupStatistics& statistics);

}  // namespace foresight
