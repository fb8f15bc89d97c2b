// Legs: devices being rung, from the dialling to the end of their INVITE (rules 2, 3, 6, 9, 10).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/detail/machine.h"
#include "hunt/detail/order.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "hunt/verdict.h"
#include "model/office.h"

namespace hunt::detail {
namespace {

bool in_the_air(LegPhase phase) {
  return phase == LegPhase::Dialling || phase == LegPhase::Trying || phase == LegPhase::Ringing ||
         phase == LegPhase::Dead;
}

// Those whom rule 10 takes out of a running call.
bool has_left(Skip why) {
  return why == Skip::LoggedOut || why == Skip::Paused || why == Skip::Disabled ||
         why == Skip::Unknown;
}

// What a stopped leg becomes: in the timeline, and for rule 8.
struct Ended {
  facts::AttemptResult result = facts::AttemptResult::NotReached;
  LastResult last = LastResult::NotReached;
  const char* why = "";
};

Ended ended_by(Stopped why, LegPhase phase) {
  using facts::AttemptResult;
  switch (why) {
    case Stopped::SomebodyWon:
    case Stopped::SentToMailbox:
      return {AttemptResult::AnsweredElsewhere, LastResult::RangOut};
    case Stopped::PickedUp:
      return {AttemptResult::AnsweredElsewhere, LastResult::RangOut, "picked_up"};
    case Stopped::CallerHungUp:
    case Stopped::CallerTaken:
      return {AttemptResult::CallerGaveUp, LastResult::RangOut};
    case Stopped::Removed:
      return {AttemptResult::Removed, LastResult::RangOut};
    case Stopped::NotConfirmed:
      return {AttemptResult::NotConfirmed, LastResult::RangOut, "no_key"};
    case Stopped::PressedDecline:
      return {AttemptResult::Declined, LastResult::Declined, "key"};
    case Stopped::MovedOn:
    case Stopped::ServiceTook:
    case Stopped::GroupDeclined:
      break;
  }
  if (phase == LegPhase::Asking) return {AttemptResult::NotConfirmed, LastResult::RangOut};
  if (phase == LegPhase::Dead)
    return {AttemptResult::Unreachable, LastResult::Unreachable, "no_response"};
  return {AttemptResult::TimedOut, LastResult::RangOut,
          why == Stopped::GroupDeclined ? "declined_elsewhere" : ""};
}

}  // namespace

LegIndex Machine::leg_of(AttemptId attempt) const {
  for (std::size_t i = legs_.size(); i-- > 0;)
    if (legs_[i].id == attempt && !legs_[i].foreign && legs_[i].phase != LegPhase::Closed)
      return static_cast<LegIndex>(i);
  return kNone;
}

LegIndex Machine::open_leg(std::uint32_t key) const {
  for (std::size_t i = 0; i < legs_.size(); ++i)
    if (legs_[i].key == key && legs_[i].phase != LegPhase::Closed) return static_cast<LegIndex>(i);
  return kNone;
}

std::uint32_t Machine::key_index(const std::string& text) {
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (keys_[i].text == text) return static_cast<std::uint32_t>(i);
  keys_.push_back({.text = text});
  return static_cast<std::uint32_t>(keys_.size() - 1);
}

// Which groups remember that this member took the call.
std::vector<Credit> Machine::credits_of(RunIndex run, std::size_t slot) const {
  std::vector<Credit> credits;
  for (RunIndex at = run; at != kNone;) {
    const Run& r = *runs_[at];
    if (remembers(r.plan->strategy) && !r.plan->group_id.empty()) {
      // The member is the line of the list, also when its forward led elsewhere.
      const Ring& listed = r.plan->stages[r.stage].rings[slot];
      credits.push_back({r.plan->group_id, key_of(listed.target)});
    }
    slot = r.parent_slot;
    at = r.parent;
  }
  return credits;
}

LegIndex Machine::dial(RunIndex run, std::size_t slot, Turn& turn) {
  const Run& r = *runs_[run];
  const Slot& s = r.slots[slot];
  LegIndex place = 0;
  while (place < legs_.size() &&
         (legs_[place].phase != LegPhase::Closed || legs_[place].holders > 0))
    ++place;
  if (place == legs_.size()) legs_.emplace_back();
  Leg leg;
  leg.key = key_index(key_of(s.ring->target));
  leg.dialled = turn.now.at;
  leg.until = turn.now.at;
  leg.confirm = s.ring->confirm && settings_.confirm_available;
  leg.unasked = s.ring->confirm && !leg.confirm;
  leg.confirm_outside = r.plan->confirm != model::Confirm::Never && settings_.confirm_available;
  leg.through_trunk = s.ring->target.kind == TargetKind::Number;
  leg.credits = credits_of(run, slot);
  leg.ring = std::make_unique<Ring>();
  leg.ring->target = s.ring->target;
  leg.ring->member_of = s.ring->member_of;
  leg.ring->member = s.ring->member;
  leg.ring->member_place = s.ring->member_place;
  leg.ring->own = s.ring->own;
  leg.id = note_dialled(r, s, turn);
  keys_[leg.key].last_skip = Skip::None;
  keys_[leg.key].seen_in_round = round;
  turn.dials.push_back({.attempt = leg.id,
                        .target = s.ring->target,
                        .latest_end = std::nullopt,
                        .through_trunk = leg.through_trunk,
                        .confirm = leg.confirm,
                        .confirm_outside = leg.confirm_outside,
                        .timer_from_ringing = s.ring->timer_from_ringing,
                        .auto_answer = policy.page,
                        .follow_forwards = policy.follow_forwards,
                        .late = turn.now.at - s.start});
  legs_[place] = std::move(leg);
  return place;
}

// Stops a leg for good; the reason is frozen here.
void Machine::drop(LegIndex leg, Stopped why, Turn& turn) {
  Leg& l = legs_[leg];
  const bool asking = l.phase == LegPhase::Asking;
  if (!asking && !in_the_air(l.phase)) return;
  const Ended ended = ended_by(why, l.phase);
  l.stopped = reason_for(why, policy.prevent_missed_calls, policy.page);
  keys_[l.key].last = ended.last;
  const bool somebody_has_him =
      why == Stopped::SomebodyWon || why == Stopped::PickedUp || why == Stopped::SentToMailbox;
  if (asking && somebody_has_him) {
    turn.out.emplace_back(TellTooLate{l.id, l.stopped});
  } else {
    turn.out.emplace_back(Drop{l.id, l.stopped});
  }
  l.phase = asking ? LegPhase::Closed : LegPhase::Stopping;
  note_ended(l.id, ended.result, ended.why, turn);
}

void Machine::mark_slots(LegIndex leg, SlotState from, SlotState to) {
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (Slot& slot : run->slots)
      if (slot.leg == leg && slot.state == from) slot.state = to;
  }
}

// The device is free again: who waited for it rings it now.
void Machine::unblock(LegIndex leg, Turn& turn) {
  for (RunIndex run = 0; run < runs_.size(); ++run) {
    for (std::size_t i = 0; runs_[run] != nullptr && i < runs_[run]->slots.size(); ++i) {
      Slot& slot = runs_[run]->slots[i];
      if (slot.leg != leg) continue;
      leave(slot, turn);
      slot.counted_to.reset();
      slot.state = SlotState::ToCome;
      slot.start = turn.now.at;
    }
  }
}

void Machine::close(LegIndex leg, Turn& turn) {
  legs_[leg].phase = LegPhase::Closed;
  unblock(leg, turn);
}

// Rule 2, and the forwards of the member that a failure lets take effect.
void Machine::slots_after_failure(LegIndex leg, Failure failure, Turn& turn) {
  for (RunIndex run = 0; run < runs_.size(); ++run) {
    for (std::size_t i = 0; runs_[run] != nullptr && i < runs_[run]->slots.size(); ++i) {
      Slot& slot = runs_[run]->slots[i];
      if (slot.leg != leg) continue;
      leave(slot, turn);
      const MemberForwards& forwards = slot.ring->forwards;
      if (failure == Failure::Busy) divert(run, i, forwards.busy, turn);
      if (failure == Failure::Unreachable) divert(run, i, forwards.unreachable, turn);
    }
  }
}

void Machine::heard(AttemptId attempt) {
  const LegIndex leg = leg_of(attempt);
  if (leg == kNone) return;
  legs_[leg].heard = true;
  if (legs_[leg].phase == LegPhase::Dialling) legs_[leg].phase = LegPhase::Trying;
}

void Machine::ringing(AttemptId attempt, Turn& turn) {
  const LegIndex leg = leg_of(attempt);
  if (leg == kNone) return;
  Leg& l = legs_[leg];
  l.heard = true;
  if (!in_the_air(l.phase) || phase != Phase::Hunting) return;
  if (l.phase == LegPhase::Dead) {
    l.floating = true;
    mark_slots(leg, SlotState::Idle, SlotState::Live);
  }
  l.phase = LegPhase::Ringing;
  runs_.front()->heard_ringing = true;
  if (!l.rang) {
    l.rang = true;
    l.rang_at = turn.now.at;
    if (auto* shown = entry(l.id)) shown->ringing_at_ms = ms(turn.now.at);
    turn.out.emplace_back(Note{l.id, Moment::Ringing});
  }
  const base::Instant counted_from = std::min(l.rang_at, l.dialled + kSetUpMax);
  for (const auto& run : runs_) {
    if (run == nullptr) continue;
    for (Slot& slot : run->slots) {
      if (slot.leg != leg) continue;
      run->heard_ringing = true;
      if (slot.ring->timer_from_ringing && slot.ring->ring_for)
        slot.end = counted_from + *slot.ring->ring_for;
    }
  }
  if (!told_at) {
    told_at = turn.now.at;
    turn.out.emplace_back(TellCallerRinging{});
  }
  settle(turn);
}

void Machine::answered(const AttemptAnswered& event, Turn& turn) {
  const LegIndex leg = leg_of(event.attempt);
  if (leg == kNone) return;
  Leg& l = legs_[leg];
  if (l.phase == LegPhase::Asking || l.phase == LegPhase::Joined) return;
  const bool asks = l.confirm || (event.outside && l.confirm_outside);
  const bool may_win = phase == Phase::Hunting || (phase == Phase::Ended && !asks);
  if (!may_win) {
    const bool somebody_has_him = phase == Phase::Connected || phase == Phase::Taken;
    turn.out.emplace_back(
        Drop{l.id, somebody_has_him ? StopReason::CompletedElsewhere : l.stopped});
    l.phase = LegPhase::Closed;
    return;
  }
  if (policy.page && settings_.page_available) {
    join_page(leg, turn);
  } else if (asks) {
    l.phase = LegPhase::Asking;
    l.asked_at = turn.now.at;
    mark_slots(leg, SlotState::Idle, SlotState::Live);
    const bool offered = policy.mailbox.kind == model::DestinationKind::Mailbox;
    turn.out.emplace_back(AskConfirmation{l.id, offered});
    settle(turn);
  } else {
    win(leg, turn);
  }
}

void Machine::failed(const AttemptFailed& event, Turn& turn) {
  const LegIndex leg = leg_of(event.attempt);
  if (leg == kNone) return;
  Leg& l = legs_[leg];
  if (l.phase == LegPhase::Stopping || phase != Phase::Hunting) {
    close(leg, turn);
    settle(turn);
    return;
  }
  if (l.phase == LegPhase::Joined) {
    l.phase = LegPhase::Closed;
    return;
  }
  using facts::AttemptResult;
  const std::string status =
      event.code == 0 ? "no_response" : "status_" + std::to_string(event.code);
  const bool asking = l.phase == LegPhase::Asking;
  l.phase = LegPhase::Closed;
  Key& key = keys_[l.key];
  if (asking) {
    key.last = LastResult::RangOut;
    note_ended(l.id, AttemptResult::NotConfirmed, "hung_up", turn);
    slots_after_failure(leg, Failure::Declined, turn);
  } else if (event.failure == Failure::Declined) {
    key.last = LastResult::Declined;
    declined.insert(std::lower_bound(declined.begin(), declined.end(), key.text), key.text);
    note_ended(l.id, AttemptResult::Declined, status, turn);
    slots_after_failure(leg, event.failure, turn);
    if (policy.decline_ends_all) {
      finish(Stopped::GroupDeclined, turn);
      return;
    }
  } else {
    const bool busy = event.failure == Failure::Busy;
    key.last = busy ? LastResult::Busy : LastResult::Unreachable;
    note_ended(l.id, busy ? AttemptResult::Busy : AttemptResult::Unreachable, status, turn);
    slots_after_failure(leg, event.failure, turn);
  }
  settle(turn);
}

void Machine::key_pressed(const KeyPressed& event, Turn& turn) {
  const LegIndex leg = leg_of(event.attempt);
  if (leg == kNone || legs_[leg].phase != LegPhase::Asking) return;
  const Leg& l = legs_[leg];
  if (turn.now.at < l.asked_at + kKeysIgnoredFor) return;
  switch (event.digit) {
    case '1':
      win(leg, turn);
      break;
    case '2':
      if (policy.mailbox.kind == model::DestinationKind::Mailbox) send_to_mailbox(leg, turn);
      break;
    case '3':
      declined.insert(std::lower_bound(declined.begin(), declined.end(), keys_[l.key].text),
                      keys_[l.key].text);
      drop(leg, Stopped::PressedDecline, turn);
      slots_after_failure(leg, Failure::Declined, turn);
      if (policy.decline_ends_all) {
        finish(Stopped::GroupDeclined, turn);
      } else {
        settle(turn);
      }
      break;
    case '#':
      turn.out.emplace_back(RepeatQuestion{l.id});
      break;
    default:
      break;
  }
}

// Rule 10: who logged out, paused or was deleted stops ringing.
void Machine::reconsider(Turn& turn) {
  const PlanInput input = input_of(turn, round);
  std::vector<LegIndex> held;
  for (LegIndex i = 0; i < legs_.size(); ++i)
    if (legs_[i].holders > 0) held.push_back(i);
  for (RunIndex run = 0; run < runs_.size(); ++run) {
    for (std::size_t i = 0; runs_[run] != nullptr && i < runs_[run]->slots.size(); ++i) {
      Slot& slot = runs_[run]->slots[i];
      const bool rings = slot.state == SlotState::Live || slot.state == SlotState::Idle;
      if (rings && has_left(skip_now(*slot.ring, policy, input))) leave(slot, turn);
    }
  }
  for (LegIndex i = 0; i < legs_.size(); ++i) {
    const Leg& l = legs_[i];
    if (l.holders > 0 || l.foreign || l.ring == nullptr) continue;
    const bool was_held = std::binary_search(held.begin(), held.end(), i);
    if (was_held || has_left(skip_now(*l.ring, policy, input))) drop(i, Stopped::Removed, turn);
  }
}

void Machine::device_registered(std::string_view user_id, Turn& turn) {
  for (LegIndex i = 0; i < legs_.size(); ++i) {
    const Leg& leg = legs_[i];
    if (leg.ring == nullptr || !in_the_air(leg.phase)) continue;
    if (leg.ring->target.kind == TargetKind::User && leg.ring->target.id == user_id)
      turn.out.emplace_back(AddDevices{leg.id, latest_end(i)});
  }
}

void Machine::device_closed(std::string_view key, Turn& turn) {
  for (LegIndex i = 0; i < legs_.size(); ++i) {
    const bool is_it = legs_[i].foreign && legs_[i].phase != LegPhase::Closed;
    if (is_it && keys_[legs_[i].key].text == key) close(i, turn);
  }
  settle(turn);
}

}  // namespace hunt::detail
