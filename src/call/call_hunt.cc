// The glue between a call and its hunts: events go in one after another, actions are carried out in
// their order before the next event (the one rule of hunt/hunt.h).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/orders.h"
#include "call/detail/paging.h"
#include "call/detail/reason.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "hunt/verdict.h"
#include "model/routing.h"

namespace call {

StopReason frozen(hunt::StopReason why) {
  switch (why) {
    case hunt::StopReason::CompletedElsewhere:
      return StopReason::CompletedElsewhere;
    case hunt::StopReason::CallerGaveUp:
      return StopReason::CallerGaveUp;
    case hunt::StopReason::TimedOut:
      return StopReason::TimedOut;
    case hunt::StopReason::DeclinedElsewhere:
      return StopReason::DeclinedElsewhere;
  }
  return StopReason::TimedOut;
}

StopReason reason_with(std::uint16_t q850) {
  switch (q850) {
    case 17:
      return StopReason::Busy;
    case 19:
      return StopReason::TimedOut;
    case 20:
      return StopReason::Unreachable;
    case 21:
      return StopReason::Declined;
    default:
      return StopReason::NormalClearing;
  }
}

void Call::start_hunt(const model::Step& step, const std::string& offered_to) {
  state_ = State::Hunting;
  if (offered_to.empty()) start_waiting(step);
  auto run = run_for(step);
  run->offered_to = offered_to;
  HuntRun& hunted = *run;
  runs_.push_back(std::move(run));
  note_first_group(step);
  begin(hunted);
}

std::unique_ptr<HuntRun> Call::run_for(const model::Step& step) const {
  hunt::Start start;
  start.step = step;
  start.snapshot = snapshot_;
  start.origin = arrived_;
  start.seed = seed_ + runs_.size();
  start.caller_user = identity_.user_id;
  start.told_ringing = caller_.told_ringing;
  for (const auto& run : runs_) {
    if (run->hunt == nullptr) continue;
    start.declined = run->hunt->declined();
    for (auto& key : run->hunt->open_devices()) start.open_elsewhere.push_back(std::move(key));
  }
  // A hunt names those of the hunts before it too.
  std::sort(start.open_elsewhere.begin(), start.open_elsewhere.end());
  const auto last = std::unique(start.open_elsewhere.begin(), start.open_elsewhere.end());
  start.open_elsewhere.erase(last, start.open_elsewhere.end());
  auto run = std::make_unique<HuntRun>();
  run->step = step;
  run->first_attempt = record_.attempts.size();
  hunt::Settings settings;
  settings.dead = core_.settings().timers.dead;
  settings.dead_trunk = core_.settings().timers.dead_trunk;
  settings.confirm_available = can_anchor();
  settings.page_available = settings.confirm_available;
  run->hunt = std::make_unique<hunt::Hunt>(std::move(start), settings);
  return run;
}

void Call::begin(HuntRun& run) {
  hunt::Actions actions;
  run.hunt->begin(core_.view(), core_.now(), actions);
  tell_plan(run);
  carry_out(run, actions);
  drain_events();
}

// The plan of a later hunt of the call goes behind the decisions that led to it.
void Call::tell_plan(const HuntRun& run) {
  if (run.picks_up || (originated_.has_value() && originated_->rings_him)) return;
  const facts::PlanStory& plan = run.hunt->plan();
  if (runs_.size() == (originated_.has_value() ? 2U : 1U)) {
    record_.plan.stages = plan.stages;
    record_.plan.rounds = plan.rounds;
    record_.plan.repeat_from = plan.repeat_from;
    record_.plan.limit_ms = plan.limit_ms;
    record_.plan.finally_json = plan.finally_json;
  }
  record_.plan.skipped.insert(record_.plan.skipped.end(), plan.skipped.begin(), plan.skipped.end());
  core_.tell(facts::CallPlanned{record_.id, record_.plan});
}

void Call::feed(HuntRun& run, hunt::Event event) {
  if (run.hunt == nullptr) return;
  events_.push_back({&run, std::move(event)});
  if (!feeding_) drain_events();
}

void Call::drain_events() {
  if (feeding_) return;
  feeding_ = true;
  for (std::size_t next = 0; next < events_.size(); ++next) {
    const auto [run, event] = std::move(events_[next]);
    if (run->hunt == nullptr) continue;
    hunt::Actions actions;
    run->hunt->step(event, core_.view(), core_.now(), actions);
    carry_out(*run, actions);
  }
  events_.clear();
  feeding_ = false;
}

void Call::carry_out(HuntRun& run, hunt::Actions& actions) {
  const bool outer = !feeding_;
  feeding_ = true;
  for (auto& action : actions) {
    std::visit(
        base::Overloaded{
            [&](hunt::Dial& dial) { this->dial(run, std::move(dial)); },
            [&](const hunt::Drop& drop) {
              if (auto* attempt = attempt_of(run, drop.attempt)) {
                stop_attempt(*attempt, frozen(drop.why));
              }
            },
            [&](const hunt::AddDevices& add) {
              if (auto* attempt = attempt_of(run, add.attempt)) {
                attempt->dial.latest_end = add.latest_end;
                add_devices(*attempt);
              }
            },
            [&](const hunt::TellCallerRinging&) { tell_caller_ringing(); },
            [&](const hunt::Connect& connect) { this->connect(run, connect.attempt); },
            [&](const hunt::JoinPage& join) { Paging::join(*this, run, join.attempt); },
            [&](const hunt::AskConfirmation& question) { ask(run, question); },
            // The question itself knows this key.
            [](const hunt::RepeatQuestion&) {},
            [&](const hunt::TellTooLate& late) { tell_too_late(run, late); },
            [&](const hunt::SendToMailbox& taken) { go_to(taken.mailbox); },
            [&](const hunt::Remember& change) { core_.remember(change.group_id, change.change); },
            [&](const hunt::Note& note) { note_attempt(run, note); },
            [&](const hunt::End& end) { hunt_ended(run, end); }},
        action);
  }
  if (outer) {
    feeding_ = false;
    drain_events();
  }
}

LiveAttempt* Call::attempt_of(const HuntRun& run, hunt::AttemptId id) const {
  for (const auto& attempt : attempts_) {
    if (attempt->run == &run && attempt->id == id) return attempt.get();
  }
  return nullptr;
}

facts::Attempt* Call::entry_of(const HuntRun& run, hunt::AttemptId id) {
  if (run.hunt != nullptr && !run.story_taken) return run.hunt->attempt(id);
  const std::size_t place = run.first_attempt + static_cast<std::size_t>(id);
  return place < record_.attempts.size() ? &record_.attempts[place] : nullptr;
}

void Call::note_attempt(HuntRun& run, const hunt::Note& note) {
  const facts::Attempt* entry = entry_of(run, note.attempt);
  if (entry == nullptr) return;
  const auto index =
      static_cast<std::uint32_t>(run.first_attempt) + static_cast<std::uint32_t>(note.attempt);
  switch (note.moment) {
    case hunt::Moment::Dialled:
      core_.tell(facts::AttemptDialled{record_.id, index, *entry, note.late.count()});
      break;
    case hunt::Moment::Ringing:
      core_.tell(facts::AttemptRinging{record_.id, index, *entry, record_.group});
      break;
    case hunt::Moment::Ended:
      core_.tell(facts::AttemptEnded{record_.id, index, *entry});
      break;
  }
}

void Call::hunt_ended(HuntRun& run, const hunt::End& end) {
  if (run.picks_up) return Orders::nobody_picked_up(*this, run);
  if (!is_hunting()) return;
  if (!run.offered_to.empty()) {
    offer_ended(run, end.end);
    return;
  }
  if (&run != runs_.back().get()) return;
  if (end.page_over) {
    Paging::all_have_joined(*this, run);
    return;
  }
  take_story(run);
  for (std::size_t i = 0; i + 1 < runs_.size(); ++i) prune(*runs_[i]);
  if (originated_.has_value() && originated_->rings_him) return Orders::give_up(*this, end.end);
  if (Orders::waits_for_pick_up(*this, end.end)) return;
  if (transfer_.has_value()) {
    const model::Step ended = run.step;  // the run may go away meanwhile
    transfer_ended(ended, end.end);
    return;
  }
  end_class_ = end.end;
  continue_after(run.step, end.end);
}

void Call::take_story(HuntRun& run) {
  if (run.story_taken || run.hunt == nullptr) return;
  hunt::Hunt::Story story = run.hunt->take_story();
  run.story_taken = true;
  run.first_attempt = record_.attempts.size();  // another's may have been taken meanwhile
  const model::Group* group = group_of(run);
  for (auto& attempt : story.attempts) {
    if (group != nullptr) attempt.group = group->name;
    record_.attempts.push_back(std::move(attempt));
  }
}

void Call::prune(HuntRun& run) {
  if (run.hunt == nullptr || !run.story_taken) return;
  if (run.hunt->open() == 0) run.hunt.reset();
}

}  // namespace call
