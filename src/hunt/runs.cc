// Runs and slots: stages, rounds and clocks (rules 1, 3, 4, 5 and 11).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "hunt/detail/machine.h"
#include "hunt/detail/targets.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "model/office.h"

namespace hunt::detail {

void Machine::write_round(Turn& turn) {
  Run& root = *runs_.front();
  plan_ = std::make_unique<Plan>(write_plan(start_.step, input_of(turn, root.round)));
  root.plan = plan_.get();
  round = root.round;
}

// The groups from the outermost to this run's.
std::vector<std::string> Machine::way_to(RunIndex run) const {
  std::vector<std::string> way;
  for (RunIndex at = run; at != kNone; at = runs_[at]->parent)
    if (!runs_[at]->plan->group_id.empty()) way.push_back(runs_[at]->plan->group_id);
  std::reverse(way.begin(), way.end());
  return way;
}

void Machine::begin_round(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  r.next_round.reset();
  r.round_began = turn.now.at;
  r.heard_ringing = false;
  r.told_memory = false;
  const bool later = r.round > 1;
  r.stage = later && r.plan->repeat_from < r.plan->stages.size() ? r.plan->repeat_from : 0;
  r.over = r.plan->stages.empty();
  if (!r.over) begin_stage(run, turn);
}

void Machine::begin_stage(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  const Stage& from = r.plan->stages[r.stage];
  r.stage_began = turn.now.at;
  r.stage_end.reset();
  if (from.limit) r.stage_end = turn.now.at + *from.limit;
  r.slots.clear();
  r.slots.reserve(from.rings.size());
  for (const Ring& ring : from.rings) {
    Slot& slot = r.slots.emplace_back();
    slot.ring = &ring;
    slot.start = turn.now.at + ring.after;
  }
  if (run == 0) stage = r.stage + 1;
}

// Leaves the stage and, behind the last one, the round.
void Machine::end_stage(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  for (Slot& slot : r.slots) leave(slot, turn);
  r.slots.clear();
  r.stage_end.reset();
  if (r.stage + 1 < r.plan->stages.size()) {
    ++r.stage;
    begin_stage(run, turn);
    return;
  }
  if (r.plan->rounds != 0 && r.round >= r.plan->rounds) {
    r.over = true;
    return;
  }
  const base::Instant pause = r.heard_ringing ? turn.now.at : turn.now.at + kRoundsApart;
  r.next_round = std::max(pause, r.round_began + kRoundsApart);
}

// Carries a run to this moment.
void Machine::run_on(RunIndex run, Turn& turn) {
  for (;;) {
    Run& r = *runs_[run];
    if (r.over) return;
    if (r.next_round.has_value()) {
      if (turn.now.at < *r.next_round) return;
      ++r.round;
      if (run == 0) {
        write_round(turn);
      } else {
        auto anew = std::make_unique<Plan>(
            write_inner(way_to(run), policy, r.plan->confirm, input_of(turn, round + r.round)));
        r.own = std::move(anew);
        r.plan = r.own.get();
      }
      begin_round(run, turn);
    } else if (!run_stage(run, turn)) {
      return;
    }
  }
}

// Starts what is due and carries the nested groups to this moment.
void Machine::ring_in_stage(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  for (std::size_t i = 0; i < r.slots.size(); ++i)
    if (r.slots[i].state == SlotState::ToCome && r.slots[i].start <= turn.now.at)
      start_slot(run, i, turn);
  for (Slot& slot : r.slots) {
    if (slot.child == kNone) continue;
    run_on(slot.child, turn);
    if (runs_[slot.child]->over) leave(slot, turn);
  }
}

// True when the stage is over and the run has gone on to what follows.
bool Machine::run_stage(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  for (;;) {
    slots_in_time(run, turn);
    const bool time_over = r.stage_end.has_value() && turn.now.at >= *r.stage_end;
    if (!time_over) {
      ring_in_stage(run, turn);
      if (bring_forward(r, turn.now.at)) continue;
    }
    const bool goes_on = std::any_of(r.slots.begin(), r.slots.end(), [](const Slot& slot) {
      return slot.state == SlotState::Live || slot.state == SlotState::ToCome;
    });
    if (goes_on && !time_over) return false;
    end_stage(run, turn);
    return true;
  }
}

// Ends what has rung long enough; with the stage all of it, so that no forward is taken then.
void Machine::slots_in_time(RunIndex run, Turn& turn) {
  Run& r = *runs_[run];
  const bool stage_over = r.stage_end.has_value() && turn.now.at >= *r.stage_end;
  for (std::size_t i = 0; i < r.slots.size(); ++i) {
    Slot& slot = r.slots[i];
    if (slot.state != SlotState::Live && slot.state != SlotState::Idle) continue;
    if ((slot.end.has_value() && turn.now.at >= *slot.end) || stage_over) {
      leave(slot, turn);
    } else if (slot.divert_at.has_value() && turn.now.at >= *slot.divert_at) {
      slot.divert_at.reset();
      divert(run, i, slot.ring->forwards.no_answer, turn);
    } else if (slot.counted_to.has_value() && turn.now.at >= *slot.counted_to) {
      slot.counted_to.reset();
      slot.state = SlotState::Idle;
    }
  }
}

// Rule 3: when nothing rings and something is still to come, the earliest comes now and the spacing
// stays. True if so.
bool Machine::bring_forward(Run& run, base::Instant now) {
  std::optional<base::Instant> earliest;
  for (const Slot& slot : run.slots) {
    if (counts(slot)) return false;
    if (slot.state == SlotState::ToCome)
      earliest = std::min(earliest.value_or(slot.start), slot.start);
  }
  if (!earliest.has_value()) return false;
  const base::Duration gained = *earliest - now;
  for (Slot& slot : run.slots)
    if (slot.state == SlotState::ToCome) slot.start -= gained;
  return true;
}

bool Machine::counts(const Slot& slot) const {
  if (slot.state != SlotState::Live) return false;
  if (slot.child == kNone) return true;
  const auto& inner = runs_[slot.child]->slots;
  return std::any_of(inner.begin(), inner.end(), [&](const Slot& s) { return counts(s); });
}

std::optional<base::Instant> Machine::end_of(const Run& run, const Slot& slot) const {
  std::optional<base::Instant> end = limit_at;
  const auto sooner = [&end](const std::optional<base::Instant>& other) {
    if (other) end = std::min(end.value_or(*other), *other);
  };
  sooner(slot.end);
  sooner(run.stage_end);
  for (const Run* at = &run; at->parent != kNone;) {
    const Run& outer = *runs_[at->parent];
    sooner(outer.slots[at->parent_slot].end);
    sooner(outer.stage_end);
    at = &outer;
  }
  return end;
}

void Machine::start_slot(RunIndex run, std::size_t slot, Turn& turn) {
  Run& r = *runs_[run];
  Slot& s = r.slots[slot];
  const Skip skip = skip_now(*s.ring, policy, input_of(turn, round));
  if (skip != Skip::None) {
    s.state = SlotState::Over;
    s.skipped = skip;
    note_skipped(r, s, turn);
    const bool is_busy = skip == Skip::InACall || skip == Skip::DoNotDisturb;
    if (is_busy && divert(run, slot, s.ring->forwards.busy, turn)) return;
    if (skip == Skip::NotRegistered) divert(run, slot, s.ring->forwards.unreachable, turn);
    return;
  }
  if (s.ring->target.kind == TargetKind::Group) {
    start_group(run, slot, turn);
  } else {
    hold(run, slot, turn);
  }
}

void Machine::start_group(RunIndex run, std::size_t slot, Turn& turn) {
  RunIndex child = 1;
  while (child < runs_.size() && runs_[child] != nullptr) ++child;
  if (child == runs_.size()) runs_.emplace_back();
  runs_[child] = std::make_unique<Run>();
  Slot& s = runs_[run]->slots[slot];
  s.state = SlotState::Live;
  s.child = child;
  if (s.ring->ring_for && !s.end) s.end = turn.now.at + *s.ring->ring_for;
  runs_[child]->plan = &s.ring->inner.front();
  runs_[child]->parent = run;
  runs_[child]->parent_slot = slot;
  begin_round(child, turn);
}

// Takes hold of the device: rings it, or joins the way that rings it already (rule 4).
void Machine::hold(RunIndex run, std::size_t slot, Turn& turn) {
  Run& r = *runs_[run];
  Slot& s = r.slots[slot];
  const std::uint32_t key = key_index(key_of(s.ring->target));
  LegIndex leg = open_leg(key);
  s.state = SlotState::Live;
  if (leg == kNone) {
    leg = dial(run, slot, turn);
  } else if (legs_[leg].phase == LegPhase::Joined) {
    s.state = SlotState::Over;
    return;
  } else if (legs_[leg].phase == LegPhase::Dead) {
    s.state = SlotState::Idle;
  } else if (legs_[leg].phase == LegPhase::Stopping) {
    if (!legs_[leg].heard) s.state = SlotState::Idle;
    s.counted_to = turn.now.at + settings_.dead;
  }
  Leg& held = legs_[leg];
  s.leg = leg;
  ++held.holders;
  if (held.phase == LegPhase::Ringing) {
    r.heard_ringing = true;
    runs_.front()->heard_ringing = true;
  }
  if (s.ring->ring_for && !s.end) {
    base::Instant from = turn.now.at;
    if (s.ring->timer_from_ringing && !held.rang) from = held.dialled + kSetUpMax;
    s.end = std::max(from, turn.now.at) + *s.ring->ring_for;
  }
  if (held.phase == LegPhase::Dead)
    held.until = std::max(held.until, end_of(r, s).value_or(base::Instant::max()));
  if (s.ring->forwards.no_answer) s.divert_at = turn.now.at + s.ring->forwards.no_answer_after;
  remember_round(run, slot, turn);
}

// Rings where the member's own forward leads, for the time that remains. False: there is none.
bool Machine::divert(RunIndex run, std::size_t slot, const std::optional<Target>& to, Turn& turn) {
  Run& r = *runs_[run];
  Slot& s = r.slots[slot];
  if (!to.has_value() || s.diversions >= kDiversionsMax) return false;
  auto detour = std::make_unique<Ring>();
  detour->target = *to;
  detour->path = s.ring->path;
  detour->after = s.ring->after;
  detour->ring_for = s.ring->ring_for;
  detour->timer_from_ringing = s.ring->timer_from_ringing;
  detour->member_of = s.ring->member_of;
  detour->member = s.ring->member;
  detour->member_place = s.ring->member_place;
  detour->confirm = s.ring->confirm ||
                    (to->kind == TargetKind::Number && r.plan->confirm != model::Confirm::Never);
  if (to->kind == TargetKind::Group) {
    auto way = way_to(run);
    way.push_back(to->id);
    detour->inner.push_back(write_inner(way, policy, r.plan->confirm, input_of(turn, round)));
    if (detour->inner.front().stages.empty()) detour->skip = Skip::Cycle;
  }
  leave(s, turn);
  ++s.diversions;
  s.skipped = Skip::None;
  s.counted_to.reset();
  s.divert_at.reset();
  s.detour = std::move(detour);
  s.ring = s.detour.get();
  start_slot(run, slot, turn);
  return true;
}

void Machine::leave(Slot& slot, Turn& turn) {
  if (slot.child != kNone) close_child(std::exchange(slot.child, kNone), turn);
  if (slot.leg != kNone) --legs_[std::exchange(slot.leg, kNone)].holders;
  slot.state = SlotState::Over;
}

void Machine::close_child(RunIndex child, Turn& turn) {
  for (Slot& slot : runs_[child]->slots) leave(slot, turn);
  runs_[child].reset();
}

// round_robin: the pointer is set to the first member dialled when a round begins.
void Machine::remember_round(RunIndex run, std::size_t slot, Turn& turn) {
  for (RunIndex at = run; at != kNone;) {
    Run& r = *runs_[at];
    if (!r.told_memory && r.plan->strategy == model::Strategy::RoundRobin &&
        !r.plan->group_id.empty()) {
      turn.out.emplace_back(
          Remember{r.plan->group_id, RoundBegan{key_of(r.slots[slot].ring->target)}});
    }
    r.told_memory = true;
    slot = r.parent_slot;
    at = r.parent;
  }
}

}  // namespace hunt::detail
