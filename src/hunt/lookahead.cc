// What the plan still holds: the latest end of a device's ring, and whether anything else can come.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "hunt/detail/machine.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"

namespace hunt::detail {
namespace {

bool same_device(const Target& a, const Target& b) {
  return a.kind == b.kind && a.id == b.id;
}

// The ring of this device at the very beginning of a stage: then it rings on without a break.
const Ring* goes_on_in(const Stage& stage, const Target& target) {
  for (const Ring& ring : stage.rings) {
    if (ring.skip != Skip::None || ring.after > base::Duration{0}) continue;
    if (same_device(ring.target, target)) return &ring;
    if (!ring.inner.empty() && !ring.inner.front().stages.empty() &&
        goes_on_in(ring.inner.front().stages.front(), target) != nullptr)
      return &ring;
  }
  return nullptr;
}

// Whether a ring leads to this device, itself or through its nested groups.
bool leads_to(const Ring& ring, const Target& target) {
  if (ring.inner.empty()) return same_device(ring.target, target);
  const auto in_stage = [&](const Stage& stage) {
    return std::any_of(stage.rings.begin(), stage.rings.end(),
                       [&](const Ring& inner) { return leads_to(inner, target); });
  };
  const auto& stages = ring.inner.front().stages;
  return std::any_of(stages.begin(), stages.end(), in_stage);
}

const char* word(LegPhase phase) {
  switch (phase) {
    case LegPhase::Dialling:
      return "dialling";
    case LegPhase::Trying:
      return "trying";
    case LegPhase::Ringing:
      return "ringing";
    case LegPhase::Dead:
      return "dead";
    case LegPhase::Asking:
      return "asking";
    case LegPhase::Joined:
      return "joined";
    case LegPhase::Stopping:
      return "stopping";
    case LegPhase::Closed:
      return "closed";
  }
  return "";
}

// When the stage of this run is over if all its rings last: its limit, else the last ring's end.
base::Instant last_end_in_stage(const Run& run, base::Instant own) {
  if (run.stage_end.has_value()) return *run.stage_end;
  base::Instant last = own;
  for (const Slot& slot : run.slots)
    if (slot.end.has_value()) last = std::max(last, *slot.end);
  return last;
}

bool can_repeat(const Run& run) {
  return run.plan->rounds == 0 || run.round < run.plan->rounds;
}

}  // namespace

// The end of one slot, over the stages and rounds in which its device goes on; absent: unbounded.
std::optional<base::Instant> Machine::slot_bound(const Run& run, const Slot& slot) const {
  const std::optional<base::Instant> own = end_of(run, slot);
  if (!own.has_value()) return std::nullopt;
  base::Instant bound = *own;
  if (bound < last_end_in_stage(run, bound)) return bound;
  const auto& stages = run.plan->stages;
  for (std::size_t i = run.stage + 1; i < stages.size(); ++i) {
    const Ring* next = goes_on_in(stages[i], slot.ring->target);
    if (next == nullptr) return bound;
    const std::optional<base::Duration> length = next->ring_for ? next->ring_for : stages[i].limit;
    if (!length.has_value()) return limit_at;
    bound += *length;
    if (*length < stages[i].limit.value_or(*length)) return bound;
  }
  const std::size_t first = run.plan->repeat_from < stages.size() ? run.plan->repeat_from : 0;
  if (can_repeat(run) && goes_on_in(stages[first], slot.ring->target) != nullptr) return limit_at;
  return bound;
}

// When a slot that is still to come will be over, if it leads to this device.
std::optional<base::Instant> Machine::bound_to_come(const Run& run, const Slot& slot,
                                                    const Target& target) const {
  if (slot.ring->inner.empty() && same_device(slot.ring->target, target))
    return slot.ring->ring_for ? slot.start + *slot.ring->ring_for : end_of(run, slot);
  if (!leads_to(*slot.ring, target)) return std::nullopt;
  std::optional<base::Instant> end = end_of(run, slot);
  if (slot.ring->ring_for)
    end = std::min(end.value_or(base::Instant::max()), slot.start + *slot.ring->ring_for);
  return end;
}

// The latest end of the slots that hold a leg now. Absent: unbounded.
std::optional<base::Instant> Machine::held_to(LegIndex leg) const {
  std::optional<base::Instant> latest;
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (const Slot& slot : run->slots) {
      if (slot.leg != leg) continue;
      std::optional<base::Instant> bound = slot_bound(*run, slot);
      if (run->parent != kNone && bound.has_value()) {
        const Run& outer = *runs_[run->parent];
        bound = std::min(*bound, end_of(outer, outer.slots[run->parent_slot]).value_or(*bound));
      }
      if (!bound.has_value()) return std::nullopt;
      latest = std::max(latest.value_or(*bound), *bound);
    }
  }
  return latest;
}

// Over all ways that lead to the device now or before its ring is over (rule 4).
std::optional<base::Instant> Machine::latest_end(LegIndex leg) const {
  const std::optional<base::Instant> held = held_to(leg);
  if (!held.has_value() || legs_[leg].ring == nullptr) return limit_at;
  base::Instant latest = *held;
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (const Slot& slot : run->slots) {
      if (slot.state != SlotState::ToCome || slot.start > latest) continue;
      latest =
          std::max(latest, bound_to_come(*run, slot, legs_[leg].ring->target).value_or(latest));
    }
  }
  return std::min(latest, limit_at.value_or(latest));
}

namespace {

// Whether a run can still ring somebody who does not ring yet.
bool holds_more(const Run& run) {
  if (run.over) return false;
  if (run.next_round || run.stage + 1 < run.plan->stages.size() || can_repeat(run)) return true;
  return std::any_of(run.slots.begin(), run.slots.end(), [&](const Slot& slot) {
    const bool joins_late = run.plan->late_join && slot.skipped == Skip::InACall;
    return slot.state == SlotState::ToCome || slot.divert_at.has_value() || joins_late;
  });
}

}  // namespace

bool Machine::between_rounds() const {
  return phase == Phase::Hunting && runs_.front()->next_round.has_value();
}

bool Machine::is_last_ring(AttemptId attempt) const {
  if (phase != Phase::Hunting) return phase == Phase::Connected;
  const bool another = std::any_of(legs_.begin(), legs_.end(), [&](const Leg& leg) {
    return leg.id != attempt && leg.phase != LegPhase::Stopping && leg.phase != LegPhase::Closed;
  });
  return !another && std::none_of(runs_.begin(), runs_.end(), [](const auto& run) {
    return run != nullptr && holds_more(*run);
  });
}

std::size_t Machine::open() const {
  return static_cast<std::size_t>(std::count_if(legs_.begin(), legs_.end(), [](const Leg& leg) {
    return !leg.foreign && leg.phase != LegPhase::Closed && leg.phase != LegPhase::Joined &&
           leg.phase != LegPhase::Asking;
  }));
}

std::vector<std::string> Machine::open_devices() const {
  std::vector<std::string> open;
  for (const Leg& leg : legs_) {
    const bool is_open = leg.phase != LegPhase::Closed && leg.phase != LegPhase::Joined;
    if (is_open) open.push_back(keys_[leg.key].text);
  }
  std::sort(open.begin(), open.end());
  return open;
}

std::string Machine::describe(base::Instant now) const {
  const auto seconds = [&](base::Instant at) { return std::to_string((at - now).count()) + " ms"; };
  std::string out;
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    out += "run " + (run->plan->group_name.empty() ? "-" : run->plan->group_name);
    out += " round " + std::to_string(run->round) + " stage " + std::to_string(run->stage + 1);
    if (const auto end = run->stage_end; end.has_value()) out += " ends in " + seconds(*end);
    if (const auto next = run->next_round; next.has_value())
      out += " next round in " + seconds(*next);
    out += '\n';
  }
  for (const Leg& leg : legs_) {
    out += "leg " + std::to_string(static_cast<std::uint32_t>(leg.id)) + ' ';
    out += keys_[leg.key].text + ' ' + word(leg.phase);
    if (leg.foreign) out += " of an earlier hunt";
    out += '\n';
  }
  return out;
}

}  // namespace hunt::detail
