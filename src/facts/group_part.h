#pragma once
// What one call was to one hunt group: one that hunted it first, or one in which it rang later,
// inside of another group, by a `finally`, or because somebody transferred the call to it.
//
// A group answered only what was answered while it was hunted. A call that was transferred to it
// came when it rang there first: its wait counts from then.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/call_record.h"

namespace facts {

struct GroupPart {
  std::string outcome;  // of docs/formats/call-records.md, or "answered_elsewhere"
  bool answered = false;
  bool gave_up = false;      // the caller hung up while it rang
  std::int64_t came_ms = 0;  // since the call began
  std::int64_t wait_ms = 0;  // from then until the answer, or the end
  std::int64_t talk_ms = 0;  // with its first member who answered
  bool operator==(const GroupPart&) const = default;
};

// Whether this attempt of the record was made for the group.
[[nodiscard]] bool is_of(const CallRecord& record, const Attempt& attempt, std::string_view group);

// Every group that has a part in it, by name, each once, sorted.
[[nodiscard]] std::vector<std::string> groups_of(const CallRecord& record);

// Of a group among groups_of; an empty name: the call as a whole.
[[nodiscard]] GroupPart part_of(const CallRecord& record, std::string_view group);

// How long the member of an attempt that was answered talked: until the call ended or went on to
// the next.
[[nodiscard]] std::int64_t talk_ms_of(const CallRecord& record, const Attempt& won);

}  // namespace facts
