// A page: one speaks, all who answered listen, until he hangs up (docs/hunting.md `page`, sip.md
// 4.11).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "call/detail/anchor.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/reason.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/media.h"
#include "hunt/hunt.h"
#include "model/phone_kinds.h"
#include "service/prompts.h"

namespace call {

// What makes a phone of this kind answer by itself. The URIs lead nowhere on purpose: some phones
// fetch what they name.
std::string auto_answer_lines(model::PhoneKind kind, const std::string& tenant) {
  std::string lines = "Call-Info: <sip:" + tenant + ">;answer-after=0\r\n";
  switch (kind) {
    case model::PhoneKind::Polycom:
      lines += "Alert-Info: Ring Answer\r\n";
      break;
    case model::PhoneKind::Cisco:
      break;
    case model::PhoneKind::Other:
      lines += "Answer-Mode: Auto;require\r\n";
      [[fallthrough]];
    case model::PhoneKind::Yealink:
    case model::PhoneKind::Snom:
    case model::PhoneKind::Grandstream:
    case model::PhoneKind::Fanvil:
      lines += "Alert-Info: <http://127.0.0.1>;info=alert-autoanswer;delay=0\r\n";
      break;
  }
  return lines;
}

// One more who listens; the first of them answers the caller.
void Call::join_page(HuntRun& run, hunt::AttemptId id) {
  LiveAttempt* attempt = attempt_of(run, id);
  CalleeLeg* leg = answered_leg(run, id);
  if (leg == nullptr) return;
  attempt->answered = true;
  attempt->closed = true;
  attempt->later.clear();
  leg->stop.reset();
  for (auto& sister : legs_) {
    if (sister->attempt == attempt && sister.get() != leg) {
      stop_leg(*sister, StopReason::CompletedElsewhere);
    }
  }
  const bool may_listen = winner_ == nullptr && !caller_.ended && leg->side.anchor != nullptr;
  if (!may_listen || !begin_page(run, *leg)) {
    if (facts::Attempt* entry = entry_of(run, id)) {
      entry->result = facts::AttemptResult::Failed;
      entry->why.clear();
    }
    hang_up_leg(*leg, StopReason::CompletedElsewhere);
    leg_over(*leg, 200);
    return;
  }
  if (run.story_taken) note_late_listener(run, id);
  leg->listens = true;
  core_.call_began(leg->to.user_id);
  core_.media(facts::HearStream{leg->side.anchor->stream, caller_.side.anchor->stream});
  tell_moved(leg->side);
  start_session(leg->side);
}

// His 200 crossed our CANCEL when the time to answer was over.
void Call::note_late_listener(HuntRun& run, hunt::AttemptId id) {
  state_ = State::Talking;
  facts::Attempt* entry = entry_of(run, id);
  if (entry == nullptr) return;
  entry->result = facts::AttemptResult::Won;
  entry->why = "page";
}

// The caller is answered and hears a beep: somebody listens. False: he cannot be.
bool Call::begin_page(const HuntRun& run, const CalleeLeg& first) {
  if (pages_) return true;
  if (!open_anchor(caller_.side)) {
    cannot_join_ = true;
    return false;
  }
  for (auto& other_run : runs_) {
    if (other_run.get() != &run) feed(*other_run, hunt::TakenElsewhere{});
  }
  drop_service(caller_.side);
  pages_ = true;
  record_.answered_by = first.target_name;
  if (caller_waits()) {
    answer_for_service();
  } else {
    page_is_heard();
  }
  if (caller_.ended || caller_.side.anchor == nullptr) return false;
  const Anchor& anchor = *caller_.side.anchor;
  core_.media(facts::PlaySounds{
      anchor.stream, core_.next_sound(), {service::tone(facts::Tone::Beep)}, false});
  if (!wants_recording()) return true;
  record_.recording = "recordings/" + record_.id + ".wav";
  core_.media(facts::StartRecording{
      core_.add_recording(caller_.side), anchor.stream, std::nullopt, record_.recording, {}, {}});
  return true;
}

// The caller has his 200: to him and in the record this is the answer.
void Call::page_is_heard() {
  answered_at_ = core_.now().at;
  record_.answered = core_.now().wall;
  record_.outcome = facts::Outcome::Answered;
  core_.tell(
      facts::CallAnswered{record_.id, core_.now().wall, record_.answered_by, record_so_far()});
}

bool Call::somebody_listens() const {
  return std::any_of(legs_.begin(), legs_.end(), [](const auto& leg) { return leg->listens; });
}

// The time to answer is over. Who is left alone meanwhile is hung up.
void Call::all_have_joined(HuntRun& run) {
  take_story(run);
  state_ = State::Talking;
  if (!somebody_listens()) end_unheard_page();
}

// His dialog is over already.
void Call::listener_is_gone(CalleeLeg& leg) {
  leg.listens = false;
  core_.call_ended(leg.to.user_id, true);
  leg_over(leg, 200);
  if (pages_ && !is_hunting() && !somebody_listens()) end_unheard_page();
}

void Call::end_unheard_page() {
  if (caller_waits()) {
    end_with_code(480, 16);
  } else {
    end_served(facts::EndedBy::Callee, StopReason::NormalClearing, 16);
  }
}

// Somebody's stream is another one: who listens is told anew.
void Call::hear_page_again() {
  if (!pages_ || caller_.side.anchor == nullptr || caller_.side.anchor->port == 0) return;
  for (const auto& leg : legs_) {
    if (!leg->listens || leg->side.anchor == nullptr || leg->side.anchor->port == 0) continue;
    core_.media(facts::HearStream{leg->side.anchor->stream, caller_.side.anchor->stream});
  }
}

void Call::end_page() {
  if (!std::exchange(pages_, false)) return;
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    if (!legs_[i]->listens) continue;
    hang_up_leg(*legs_[i], StopReason::CompletedElsewhere);
    listener_is_gone(*legs_[i]);
  }
}

// The peer of this side does not answer any more: one who transferred is let go, one who only
// listens leaves, else the call ends.
void Call::side_is_lost(Side& side, StopReason reason, std::uint16_t q850) {
  if (is_transferor(side)) return let_transferor_go();
  if (side.leg != nullptr && side.leg->listens) {
    hang_up_leg(*side.leg, reason);
    listener_is_gone(*side.leg);
    return;
  }
  end_talk(facts::EndedBy::Server, reason, q850);
}

}  // namespace call
