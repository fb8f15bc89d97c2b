#include "facts/group_part.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/call_record.h"

namespace facts {

// Records of before the group of an attempt was kept say of none.
bool is_of(const CallRecord& record, const Attempt& attempt, std::string_view group) {
  if (group.empty() || attempt.group == group) return true;
  if (std::ranges::find(attempt.path, group) != attempt.path.end()) return true;
  return record.group == group && attempt.group.empty() &&
         std::ranges::all_of(record.attempts, &std::string::empty, &Attempt::group);
}

std::vector<std::string> groups_of(const CallRecord& record) {
  std::vector<std::string> out{record.group};
  for (const Attempt& one : record.attempts) {
    out.push_back(one.group);
    out.insert(out.end(), one.path.begin(), one.path.end());
  }
  std::ranges::sort(out);
  const auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  std::erase(out, std::string{});
  return out;
}

GroupPart part_of(const CallRecord& record, std::string_view group) {
  GroupPart out;
  const bool was_answered = record.outcome == Outcome::Answered;
  out.outcome = word(record.outcome);
  out.answered = was_answered;
  out.gave_up = record.outcome == Outcome::Abandoned;
  out.wait_ms = record.wait_ms;
  out.talk_ms = record.talk_ms;
  const auto mine = [&](const Attempt& one) { return is_of(record, one, group); };
  const auto first = std::ranges::find_if(record.attempts, [&](const Attempt& one) {
    return mine(one) && one.dialled_at_ms.has_value();
  });
  if (!was_answered || group.empty() || first == record.attempts.end()) return out;
  const auto won = std::ranges::find_if(record.attempts, [&](const Attempt& one) {
    return mine(one) && one.result == AttemptResult::Won;
  });
  out.answered = won != record.attempts.end();
  // Who rings after an answer does so because the call was transferred.
  const std::int64_t rang_at = first->dialled_at_ms.value_or(0);
  const bool transferred = rang_at > record.wait_ms;
  if (transferred) out.came_ms = rang_at;
  if (out.answered) {
    out.wait_ms = won->ended_at_ms.value_or(record.wait_ms) - out.came_ms;
    out.talk_ms = talk_ms_of(record, *won);
    return out;
  }
  out.talk_ms = 0;
  out.outcome = "answered_elsewhere";
  if (!transferred) return out;
  out.gave_up = first->result == AttemptResult::CallerGaveUp;
  out.outcome = word(out.gave_up ? Outcome::Abandoned : Outcome::NoAnswer);
  out.wait_ms = first->ended_at_ms.value_or(out.came_ms) - out.came_ms;
  return out;
}

std::int64_t talk_ms_of(const CallRecord& record, const Attempt& won) {
  const std::int64_t answered = won.ended_at_ms.value_or(record.wait_ms);
  std::int64_t until = record.wait_ms + record.talk_ms;
  for (const Attempt& later : record.attempts)
    if (later.dialled_at_ms.has_value() && *later.dialled_at_ms > answered)
      until = std::min(until, *later.dialled_at_ms);
  return std::max<std::int64_t>(until - answered, 0);
}

}  // namespace facts
