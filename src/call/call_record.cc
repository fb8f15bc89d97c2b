// The record of a call: filled while it runs, told exactly once when it ends (docs/formats).

#include "facts/call_record.h"

#include <cstdint>
#include <string>
#include <utility>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/engine.h"
#include "facts/fact.h"
#include "model/snapshot.h"

namespace call {
namespace {

const char* word_of(LegState state) {
  switch (state) {
    case LegState::Trying:
    case LegState::Proceeding:
      return "trying";
    case LegState::Ringing:
      return "ringing";
    case LegState::Answered:
      return "answered";
    case LegState::Cancelling:
    case LegState::Ended:
      return "ended";
  }
  return "ended";
}

}  // namespace

const char* Call::state_word() const {
  switch (state_) {
    case State::Arrived:
      return "arrived";
    case State::Hunting:
      return "hunting";
    case State::Serving:
      return "serving";
    case State::Talking:
      return "talking";
    case State::Ending:
      return "ending";
  }
  return "ending";
}

facts::CallRecord Call::record_so_far() const {
  facts::CallRecord out = record_;
  for (const auto& run : runs_) {
    if (run->story_taken || run->hunt == nullptr) continue;
    const auto& attempts = run->hunt->attempts();
    const std::size_t first = out.attempts.size();
    out.attempts.insert(out.attempts.end(), attempts.begin(), attempts.end());
    const model::Group* group = group_of(*run);
    if (group == nullptr) continue;
    for (std::size_t i = first; i < out.attempts.size(); ++i) out.attempts[i].group = group->name;
  }
  if (!out.ended.has_value()) {
    const base::Instant until = answered_at_.value_or(core_.now().at);
    out.wait_ms = (until - arrived_).count();
    if (answered_at_.has_value()) out.talk_ms = (core_.now().at - *answered_at_).count();
  }
  return out;
}

void Call::note_outcome(facts::Outcome outcome) {
  if (!answered_at_.has_value()) record_.outcome = outcome;
}

void Call::end_record(facts::EndedBy who, std::uint16_t code, std::uint16_t q850) {
  if (record_told_) return;
  record_told_ = true;
  for (auto& run : runs_) take_story(*run);
  record_.ended = core_.now().wall;
  record_.ended_by = who;
  if (places_changed_ && who == facts::EndedBy::Caller) record_.ended_by = facts::EndedBy::Callee;
  if (places_changed_ && who == facts::EndedBy::Callee) record_.ended_by = facts::EndedBy::Caller;
  record_.sip_code = code;
  record_.q850 = q850;
  const base::Instant now = core_.now().at;
  record_.wait_ms = (answered_at_.value_or(now) - arrived_).count();
  record_.talk_ms = answered_at_.has_value() ? (now - *answered_at_).count() : 0;
  core_.tell(facts::CallEnded{record_});
}

LiveCall Call::live() const {
  LiveCall out;
  out.record = record_so_far();
  out.state = state_word();
  if (queue_place_.has_value()) out.queue = queue_place_->queue_id;
  out.legs.push_back({"caller", "",
                      originated_ && originated_->rings_him ? "trying"
                      : caller_.side.over                   ? "ended"
                                          : (answered_at_ ? "answered" : "trying"),
                      caller_.side.dialog.remote_target, record_.sip_call_id});
  for (const auto& leg : legs_) {
    if (leg->state == LegState::Ended) continue;
    out.legs.push_back(
        {"callee", leg->target_name, word_of(leg->state), leg->to.uri, leg->side.dialog.call_id});
  }
  return out;
}

}  // namespace call
