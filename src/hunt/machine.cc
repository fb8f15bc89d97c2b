// What a step does as a whole: time first, then the event, then everything that follows from it.
#include "hunt/detail/machine.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "hunt/verdict.h"
#include "model/encode.h"
#include "model/routing.h"
#include "model/zone.h"

namespace hunt::detail {

Machine::Machine(Start start, Settings settings)
    : declined(start.declined),
      told_at(start.told_ringing_at),
      start_(std::move(start)),
      settings_(settings) {
  std::sort(declined.begin(), declined.end());
}

PlanInput Machine::input_of(const Turn& turn, std::uint32_t for_round) const {
  return {.pinned = *start_.snapshot,
          .view = turn.view,
          .now = turn.now,
          .seed = start_.seed,
          .round = for_round,
          .caller_user = start_.caller_user,
          .declined = &declined};
}

void Machine::begin(Turn& turn) {
  entered_ = turn.now.at;
  if (start_.told_ringing && !told_at) told_at = turn.now.at;
  for (const std::string& key : start_.open_elsewhere) {
    Leg& leg = legs_.emplace_back();
    leg.key = key_index(key);
    leg.phase = LegPhase::Stopping;
    leg.foreign = true;
    leg.heard = true;
  }
  runs_.push_back(std::make_unique<Run>());
  write_round(turn);
  policy = plan_->policy;
  if (const auto limit = plan_->limit; limit.has_value()) limit_at = turn.now.at + *limit;
  story = story_of(*plan_);
  story.finally_json = model::json_of(finally_of(start_.step, *start_.snapshot));
  begin_round(0, turn);
  settle(turn);
}

void Machine::time_reached(Turn& turn) {
  settle(turn);
}

// Brings everything to this moment. Drops go out before what is dialled in their place.
void Machine::settle(Turn& turn) {
  if (phase != Phase::Hunting) return;
  if (limit_at.has_value() && turn.now.at >= *limit_at) {
    finish(Stopped::MovedOn, turn);
    return;
  }
  legs_in_time(turn);
  run_on(0, turn);
  drop_unheld(turn);
  for (Dial& dial : turn.dials) {
    const AttemptId id = dial.attempt;
    const LegIndex leg = leg_of(id);
    if (leg == kNone) continue;
    dial.latest_end = latest_end(leg);
    const base::Duration late = dial.late;
    turn.out.emplace_back(std::move(dial));
    turn.out.emplace_back(Note{id, Moment::Dialled, late});
  }
  turn.dials.clear();
  const bool somebody_rings = std::any_of(legs_.begin(), legs_.end(), [](const Leg& leg) {
    return leg.phase == LegPhase::Asking || leg.phase == LegPhase::Ringing;
  });
  if (runs_.front()->over && !somebody_rings) {
    finish(Stopped::MovedOn, turn);
  } else {
    tell_caller(turn);
  }
}

base::Instant Machine::dead_at(const Leg& leg) const {
  return leg.dialled + (leg.through_trunk ? settings_.dead_trunk : settings_.dead);
}

// Rule 3: it no longer counts, but stays in the air until its slots would have ended.
void Machine::found_dead(LegIndex leg) {
  Leg& l = legs_[leg];
  l.phase = LegPhase::Dead;
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (const Slot& slot : run->slots)
      if (slot.leg == leg)
        l.until = std::max(l.until, end_of(*run, slot).value_or(base::Instant::max()));
  }
  mark_slots(leg, SlotState::Live, SlotState::Idle);
}

void Machine::legs_in_time(Turn& turn) {
  for (LegIndex i = 0; i < legs_.size(); ++i) {
    const Leg& leg = legs_[i];
    if (leg.phase == LegPhase::Dialling && turn.now.at >= dead_at(leg)) {
      found_dead(i);
    } else if (leg.phase == LegPhase::Asking && turn.now.at >= leg.asked_at + kConfirmIn) {
      drop(i, Stopped::NotConfirmed, turn);
      slots_after_failure(i, Failure::Declined, turn);
    }
  }
}

void Machine::drop_unheld(Turn& turn) {
  for (LegIndex i = 0; i < legs_.size(); ++i) {
    const Leg& leg = legs_[i];
    if (leg.holders > 0 || leg.phase == LegPhase::Asking) continue;
    const bool stays = leg.phase == LegPhase::Dead || leg.floating;
    if (!stays || turn.now.at >= leg.until) drop(i, Stopped::MovedOn, turn);
  }
}

void Machine::tell_caller(Turn& turn) {
  const base::Instant due = told_at.has_value() ? *told_at + kTellAgain : entered_ + kTellAtLatest;
  if (listeners_ > 0 || turn.now.at < due) return;
  told_at = turn.now.at;
  turn.out.emplace_back(TellCallerRinging{});
}

void Machine::drop_all(Stopped why, LegIndex but, Turn& turn) {
  for (LegIndex i = 0; i < legs_.size(); ++i)
    if (i != but) drop(i, why, turn);
}

// Rule 6: the caller is connected first, then the others are told.
void Machine::win(LegIndex leg, Turn& turn) {
  Leg& l = legs_[leg];
  phase = Phase::Connected;
  l.phase = LegPhase::Joined;
  turn.out.emplace_back(Connect{l.id});
  const char* why = l.unasked ? "confirm_not_available" : "";
  if (policy.page) why = "page_not_available";
  note_ended(l.id, facts::AttemptResult::Won, why, turn);
  drop_all(Stopped::SomebodyWon, leg, turn);
  const base::WallTime midnight =
      l.credits.empty() ? base::WallTime{}
                        : model::midnight_before(start_.snapshot->zone(), turn.now.wall);
  for (const Credit& credit : l.credits)
    turn.out.emplace_back(
        Remember{credit.group_id, MemberAnswered{credit.member, turn.now.wall, midnight}});
  note_not_reached();
  release_plan();
}

void Machine::join_page(LegIndex leg, Turn& turn) {
  ++listeners_;
  legs_[leg].phase = LegPhase::Joined;
  turn.out.emplace_back(JoinPage{legs_[leg].id});
  note_ended(legs_[leg].id, facts::AttemptResult::Won, "", turn);
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (Slot& slot : run->slots)
      if (slot.leg == leg) leave(slot, turn);
  }
  if (phase == Phase::Hunting) settle(turn);
}

// Key 2 of a confirmation: for the others as if a person had won.
void Machine::send_to_mailbox(LegIndex leg, Turn& turn) {
  phase = Phase::Taken;
  turn.out.emplace_back(SendToMailbox{legs_[leg].id, policy.mailbox});
  legs_[leg].phase = LegPhase::Closed;
  turn.out.emplace_back(Drop{legs_[leg].id, reason_for(Stopped::SentToMailbox, false, false)});
  note_ended(legs_[leg].id, facts::AttemptResult::ToMailbox, "key", turn);
  drop_all(Stopped::SentToMailbox, leg, turn);
  note_not_reached();
  release_plan();
}

// Rule 8.
void Machine::finish(Stopped why, Turn& turn) {
  turn.dials.clear();
  drop_all(why, kNone, turn);
  std::vector<LastResult> results;
  results.reserve(keys_.size());
  for (const Key& key : keys_) results.push_back(key.last);
  note_not_reached();
  release_plan();
  phase = Phase::Ended;
  const bool declined_by_group = why == Stopped::GroupDeclined;
  turn.out.emplace_back(
      End{.end = declined_by_group ? model::EndClass::Declined : end_class(results),
          .declined_by_group = declined_by_group,
          .page_over = listeners_ > 0});
}

// The storage of a plan is freed at the answer or the end; what late answers need stays in the
// legs.
void Machine::release_plan() {
  for (Leg& leg : legs_) {
    leg.holders = 0;
    leg.ring.reset();
  }
  std::vector<std::unique_ptr<Run>>{}.swap(runs_);
  plan_.reset();
}

void Machine::caller_hung_up(bool elsewhere, Turn& turn) {
  if (phase == Phase::Connected || phase == Phase::Taken) return;
  if (phase == Phase::Hunting) {
    drop_all(elsewhere ? Stopped::CallerTaken : Stopped::CallerHungUp, kNone, turn);
    note_not_reached();
    release_plan();
  }
  phase = Phase::CallerGone;
}

void Machine::taken(Stopped why, Turn& turn) {
  if (phase == Phase::Connected || phase == Phase::CallerGone) return;
  if (phase == Phase::Hunting) {
    drop_all(why, kNone, turn);
    note_not_reached();
    release_plan();
  }
  phase = Phase::Taken;
}

void Machine::reconfigured(Turn& turn) {
  if (phase != Phase::Hunting) return;
  reconsider(turn);
  settle(turn);
}

// Rule 10: a member skipped because in a call joins when that call ends.
void Machine::user_free(std::string_view user_id, Turn& turn) {
  if (phase != Phase::Hunting) return;
  for (const auto& run : runs_) {
    if (run == nullptr || !run->plan->late_join) continue;
    for (Slot& slot : run->slots) {
      const bool waits = slot.state == SlotState::Over && slot.skipped == Skip::InACall;
      if (!waits || slot.ring->target.id != user_id) continue;
      slot.state = SlotState::ToCome;
      slot.skipped = Skip::None;
      slot.start = turn.now.at;
    }
  }
  settle(turn);
}

std::optional<base::Instant> Machine::deadline_of(const Leg& leg) const {
  if (leg.phase == LegPhase::Dialling) return dead_at(leg);
  if (leg.phase == LegPhase::Asking) return leg.asked_at + kConfirmIn;
  const bool floats = leg.phase == LegPhase::Dead || leg.phase == LegPhase::Ringing;
  if (floats && leg.holders == 0 && leg.until != base::Instant::max()) return leg.until;
  return std::nullopt;
}

namespace {

void sooner(std::optional<base::Instant>& first, const std::optional<base::Instant>& other) {
  if (other.has_value() && (!first.has_value() || *other < *first)) first = other;
}

std::optional<base::Instant> deadline_of_run(const Run& run) {
  std::optional<base::Instant> first;
  sooner(first, run.next_round);
  sooner(first, run.stage_end);
  for (const Slot& slot : run.slots) {
    if (slot.state == SlotState::ToCome) sooner(first, slot.start);
    if (slot.state != SlotState::Live && slot.state != SlotState::Idle) continue;
    sooner(first, slot.end);
    sooner(first, slot.divert_at);
    sooner(first, slot.counted_to);
  }
  return first;
}

}  // namespace

std::optional<base::Instant> Machine::deadline() const {
  if (phase != Phase::Hunting) return std::nullopt;
  std::optional<base::Instant> first = limit_at;
  if (listeners_ == 0)
    sooner(first, told_at.has_value() ? *told_at + kTellAgain : entered_ + kTellAtLatest);
  for (const Leg& leg : legs_) sooner(first, deadline_of(leg));
  for (const auto& run : runs_)
    if (run != nullptr && !run->over) sooner(first, deadline_of_run(*run));
  return first;
}

}  // namespace hunt::detail
