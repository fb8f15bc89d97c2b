// The entries of the timeline: what was planned and what became of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/detail/machine.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/verdict.h"

namespace hunt::detail {
namespace {

// How long a stage lasts if everybody rings.
base::Duration length_of(const Stage& stage) {
  if (stage.limit) return *stage.limit;
  base::Duration longest{0};
  for (const Ring& ring : stage.rings)
    if (ring.skip == Skip::None)
      longest = std::max(longest, ring.after + ring.ring_for.value_or(base::Duration{0}));
  return longest;
}

}  // namespace

std::int64_t Machine::ms(base::Instant at) const {
  return (at - start_.origin).count();
}

facts::Attempt* Machine::entry(AttemptId id) {
  const auto at = static_cast<std::size_t>(id);
  return at < attempts.size() ? &attempts[at] : nullptr;
}

AttemptId Machine::note_dialled(const Run& run, const Slot& slot, Turn& turn) {
  const AttemptId id{next_attempt_++};
  if (attempts.size() >= kAttemptsKept) return id;
  facts::Attempt& shown = attempts.emplace_back();
  shown.target = slot.ring->target.name;
  shown.path = slot.ring->path;
  shown.round = round;
  shown.stage = stage;
  shown.planned_at_ms = ms(run.stage_began + slot.ring->after);
  const auto ring_for = slot.ring->ring_for;
  std::optional<base::Duration> planned = ring_for;
  if (const auto end = end_of(run, slot); !planned && end) planned = *end - turn.now.at;
  if (planned) shown.planned_for_ms = planned->count();
  shown.dialled_at_ms = ms(turn.now.at);
  return id;
}

// Once for a reason, until the member has been rung again.
void Machine::note_skipped(const Run& run, const Slot& slot, Turn& turn) {
  Key& key = keys_[key_index(key_of(slot.ring->target))];
  if (slot.skipped == Skip::InACall) {
    key.last = LastResult::Busy;
  } else if (slot.skipped != Skip::DeclinedEarlier) {
    key.last = LastResult::Unreachable;
  } else if (key.last == LastResult::NotReached) {
    key.last = LastResult::Declined;
  }
  key.seen_in_round = round;
  if (std::exchange(key.last_skip, slot.skipped) == slot.skipped) return;
  if (attempts.size() >= kAttemptsKept) return;
  const AttemptId id{next_attempt_++};
  facts::Attempt& shown = attempts.emplace_back();
  shown.target = slot.ring->target.name;
  shown.path = slot.ring->path;
  shown.round = round;
  shown.stage = stage;
  shown.planned_at_ms = ms(run.stage_began + slot.ring->after);
  if (slot.ring->ring_for) shown.planned_for_ms = slot.ring->ring_for->count();
  shown.result = facts::AttemptResult::Skipped;
  shown.why = word(slot.skipped);
  turn.out.emplace_back(Note{id, Moment::Ended});
}

void Machine::note_ended(AttemptId id, facts::AttemptResult result, std::string why, Turn& turn) {
  facts::Attempt* shown = entry(id);
  if (shown != nullptr) {
    shown->result = result;
    shown->why = std::move(why);
    shown->ended_at_ms = ms(turn.now.at);
  }
  turn.out.emplace_back(Note{id, Moment::Ended});
}

// Who was planned for this round and did not get his turn.
void Machine::note_not_reached() {
  for (const auto& run : runs_) {
    if (run == nullptr || run->over) continue;
    if (run->next_round) continue;
    for (const Slot& slot : run->slots)
      if (slot.state == SlotState::ToCome) not_reached(*slot.ring, stage, slot.start);
    base::Instant at = run->stage_began + length_of(run->plan->stages[run->stage]);
    for (std::size_t i = run->stage + 1; i < run->plan->stages.size(); ++i) {
      const auto in_stage = run == runs_.front() ? static_cast<std::uint32_t>(i + 1) : stage;
      for (const Ring& ring : run->plan->stages[i].rings)
        not_reached(ring, in_stage, at + ring.after);
      at += length_of(run->plan->stages[i]);
    }
  }
}

void Machine::not_reached(const Ring& ring, std::uint32_t in_stage, base::Instant at) {
  if (!ring.inner.empty()) {
    base::Instant from = at;
    for (const Stage& inner : ring.inner.front().stages) {
      for (const Ring& nested : inner.rings) not_reached(nested, in_stage, from + nested.after);
      from += length_of(inner);
    }
    return;
  }
  if (ring.target.kind == TargetKind::Group) return;
  Key& key = keys_[key_index(key_of(ring.target))];
  if (key.seen_in_round == round || attempts.size() >= kAttemptsKept) return;
  key.seen_in_round = round;
  ++next_attempt_;
  facts::Attempt& shown = attempts.emplace_back();
  shown.target = ring.target.name;
  shown.path = ring.path;
  shown.round = round;
  shown.stage = in_stage;
  shown.planned_at_ms = ms(at);
  if (ring.ring_for) shown.planned_for_ms = ring.ring_for->count();
  shown.result = facts::AttemptResult::NotReached;
}

}  // namespace hunt::detail
