// A page: one speaks, all who answered listen, until he hangs up (docs/hunting.md `page`, sip.md
// 4.11).

#include "call/detail/paging.h"

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
void Paging::join(Call& call, HuntRun& run, hunt::AttemptId id) {
  LiveAttempt* attempt = call.attempt_of(run, id);
  CalleeLeg* leg = call.answered_leg(run, id);
  if (leg == nullptr) return;
  attempt->answered = true;
  attempt->closed = true;
  attempt->later.clear();
  leg->stop.reset();
  for (auto& sister : call.legs_) {
    if (sister->attempt == attempt && sister.get() != leg) {
      call.stop_leg(*sister, StopReason::CompletedElsewhere);
    }
  }
  const bool may_listen =
      call.winner_ == nullptr && !call.caller_.ended && leg->side.anchor != nullptr;
  if (!may_listen || !begin(call, run, *leg)) {
    if (facts::Attempt* entry = call.entry_of(run, id)) {
      entry->result = facts::AttemptResult::Failed;
      entry->why.clear();
    }
    call.hang_up_leg(*leg, StopReason::CompletedElsewhere);
    call.leg_over(*leg, 200);
    return;
  }
  if (run.story_taken) note_late_listener(call, run, id);
  leg->listens = true;
  call.core_.call_began(leg->to.user_id);
  call.core_.media(facts::HearStream{leg->side.anchor->stream, call.caller_.side.anchor->stream});
  call.tell_moved(leg->side);
  call.start_session(leg->side);
}

// His 200 crossed our CANCEL when the time to answer was over.
void Paging::note_late_listener(Call& call, HuntRun& run, hunt::AttemptId id) {
  call.state_ = Call::State::Talking;
  facts::Attempt* entry = call.entry_of(run, id);
  if (entry == nullptr) return;
  entry->result = facts::AttemptResult::Won;
  entry->why = "page";
}

// The caller is answered and hears a beep: somebody listens. False: he cannot be.
bool Paging::begin(Call& call, const HuntRun& run, const CalleeLeg& first) {
  if (call.pages_) return true;
  if (!call.open_anchor(call.caller_.side)) {
    call.cannot_join_ = true;
    return false;
  }
  for (auto& other_run : call.runs_) {
    if (other_run.get() != &run) call.feed(*other_run, hunt::TakenElsewhere{});
  }
  call.drop_service(call.caller_.side);
  call.pages_ = true;
  call.record_.answered_by = first.target_name;
  if (call.caller_waits()) {
    call.answer_for_service();
  } else {
    is_heard(call);
  }
  if (call.caller_.ended || call.caller_.side.anchor == nullptr) return false;
  const Anchor& anchor = *call.caller_.side.anchor;
  call.core_.media(facts::PlaySounds{
      anchor.stream, call.core_.next_sound(), {service::tone(facts::Tone::Beep)}, false});
  if (!call.wants_recording()) return true;
  call.record_.recording = "recordings/" + call.record_.id + ".wav";
  call.core_.media(facts::StartRecording{call.core_.add_recording(call.caller_.side),
                                         anchor.stream,
                                         std::nullopt,
                                         call.record_.recording,
                                         {},
                                         {}});
  return true;
}

// The caller has his 200: to him and in the record this is the answer.
void Paging::is_heard(Call& call) {
  call.answered_at_ = call.core_.now().at;
  call.record_.answered = call.core_.now().wall;
  call.record_.outcome = facts::Outcome::Answered;
  call.core_.tell(facts::CallAnswered{call.record_.id, call.core_.now().wall,
                                      call.record_.answered_by, call.record_so_far()});
}

bool Paging::somebody_listens(const Call& call) {
  return std::any_of(call.legs_.begin(), call.legs_.end(),
                     [](const auto& leg) { return leg->listens; });
}

// The time to answer is over. Who is left alone meanwhile is hung up.
void Paging::all_have_joined(Call& call, HuntRun& run) {
  call.take_story(run);
  call.state_ = Call::State::Talking;
  if (!somebody_listens(call)) end_unheard(call);
}

// His dialog is over already.
void Paging::listener_is_gone(Call& call, CalleeLeg& leg) {
  leg.listens = false;
  call.core_.call_ended(leg.to.user_id, true);
  call.leg_over(leg, 200);
  if (call.pages_ && !call.is_hunting() && !somebody_listens(call)) end_unheard(call);
}

void Paging::end_unheard(Call& call) {
  if (call.caller_waits()) {
    call.end_with_code(480, 16);
  } else {
    call.end_served(facts::EndedBy::Callee, StopReason::NormalClearing, 16);
  }
}

// Somebody's stream is another one: who listens is told anew.
void Paging::hear_again(Call& call) {
  if (!call.pages_ || call.caller_.side.anchor == nullptr || call.caller_.side.anchor->port == 0)
    return;
  for (const auto& leg : call.legs_) {
    if (!leg->listens || leg->side.anchor == nullptr || leg->side.anchor->port == 0) continue;
    call.core_.media(facts::HearStream{leg->side.anchor->stream, call.caller_.side.anchor->stream});
  }
}

void Paging::end(Call& call) {
  if (!std::exchange(call.pages_, false)) return;
  for (std::size_t i = 0; i < call.legs_.size(); ++i) {
    if (!call.legs_[i]->listens) continue;
    call.hang_up_leg(*call.legs_[i], StopReason::CompletedElsewhere);
    listener_is_gone(call, *call.legs_[i]);
  }
}

}  // namespace call
