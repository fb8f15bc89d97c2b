// The caller's side: one To-tag, one early dialog, one final answer (sip.md 4.2, 4.5, 4.7).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/reason.h"
#include "call/detail/reliable_provisional.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/transaction.h"
#include "sip/writer.h"

namespace call {
namespace {

// A proxy's Timer C must not fire: a fresh 18x at least every 60 s (rule 5).
constexpr base::Duration kRepeat18x{55'000};

}  // namespace

bool reason_says_elsewhere(const sip::Message& message) {
  bool elsewhere = false;
  for (const auto& field : message.fields()) {
    if (field.id == sip::Header::Reason) {
      elsewhere = elsewhere || says_completed_elsewhere(field.value);
    }
  }
  return elsewhere;
}

// ---- provisional ----

void Call::tell_caller_ringing() {
  if (!caller_waits() || caller_.ended) return;
  caller_.told_ringing = true;
  caller_.repeat_18x_at = core_.now().at + kRepeat18x;
  // After a 183 with media a 180 would make some phones play their own tone over it (RFC 3960).
  if (caller_.early_sdp.empty()) send_provisional(180, {});
}

void Call::tell_caller_again() {
  caller_.repeat_18x_at = core_.now().at + kRepeat18x;
  if (caller_.early_sdp.empty()) {
    send_provisional(180, {});
  } else {
    send_provisional(183, caller_.reliable.with_sdp ? std::string() : caller_.early_sdp);
  }
}

void Call::send_provisional(std::uint16_t code, const std::string& sdp) {
  Side& side = caller_.side;
  if (!caller_waits() || caller_.ended) return;
  const bool reliable = caller_.reliable.wanted(!sdp.empty()) && !caller_.late_offer;
  if (reliable && caller_.reliable.pending != nullptr) {  // it is being repeated
    if (!sdp.empty()) caller_.reliable.next = code;
    return;
  }
  const sip::Message& request = *side.in.message;
  sip::Writer writer = sip::response_to(request, side.flow.peer, code, side.tag);
  writer.copy(request, sip::Header::RecordRoute)
      .header(sip::Header::Contact, core_.contact(side.flow))
      .lines(kAllowLine);
  if (reliable) {
    ReliableProvisional& state = caller_.reliable;
    state.rseq = state.rseq == 0 ? static_cast<std::uint32_t>(core_.rng().next() % 1'000'000U) + 1U
                                 : state.rseq + 1U;
    writer.lines("Require: 100rel\r\n").header(sip::Header::Rseq, std::uint64_t{state.rseq});
  }
  if (sdp.empty()) {
    writer.no_body();
  } else {
    writer.body(kSdpType, sdp);
  }
  if (!writer.ok()) return;
  const auto bytes = std::make_shared<const std::string>(writer.take());
  core_.layer().respond(side.in.server, code, bytes, core_.now(), core_.out());
  if (reliable) {
    caller_.reliable.pending = bytes;
    caller_.reliable.with_sdp = caller_.reliable.with_sdp || !sdp.empty();
    caller_.reliable.repeat.emplace(core_.settings().timers.t1, std::nullopt, core_.now().at);
  }
}

// A member's own description in an 18x reaches the caller only when nobody else can ring any more:
// no later stage, round or finally (sip.md 4.5).
void Call::pass_early_media(CalleeLeg& leg, const sip::Message& response) {
  if (caller_.late_offer || winner_ != nullptr || !caller_.early_sdp.empty()) return;
  if (leg.attempt == nullptr || leg.attempt->legs_open != 1) return;
  HuntRun& run = *leg.attempt->run;
  if (run.hunt == nullptr || &run != runs_.back().get()) return;
  if (!run.hunt->is_last_ring(leg.attempt->id) || !leg.attempt->later.empty()) return;
  for (const auto end :
       {model::EndClass::NoAnswer, model::EndClass::Busy, model::EndClass::Unreachable}) {
    const model::Route next = model::after(*snapshot_, query_, run.step, end);
    if (!std::holds_alternative<model::Refuse>(next.step)) return;
  }
  const std::string sdp = sdp_for(caller_.side, sip::body_of_type(response, kSdpType));
  if (sdp.empty()) return;
  caller_.early_sdp = sdp;
  caller_.told_ringing = true;
  caller_.repeat_18x_at = core_.now().at + kRepeat18x;
  send_provisional(response.code(), sdp);
}

void Call::on_prack(const Incoming& in, const Id& server) {
  const auto rack = sip::Rack::parse(in.message.value(sip::Header::Rack));
  if (!rack.has_value() || !caller_.reliable.take(*rack)) {
    reply(server, in, 481);
    return;
  }
  reply(server, in, 200);
  if (caller_.answer_waits) {
    caller_.answer_waits = false;
    answer_caller();
  } else if (caller_.reliable.next != 0) {
    send_provisional(std::exchange(caller_.reliable.next, std::uint16_t{0}), caller_.early_sdp);
  }
}

// ---- the answer ----

void Call::connect(HuntRun& run, hunt::AttemptId id) {
  LiveAttempt* attempt = attempt_of(run, id);
  CalleeLeg* leg = nullptr;
  for (auto& candidate : legs_) {
    if (attempt != nullptr && candidate->attempt == attempt &&
        candidate->state == LegState::Answered) {
      leg = candidate.get();
    }
  }
  if (leg == nullptr) return;
  if (winner_ != nullptr || caller_.ended) {
    hang_up_leg(*leg, StopReason::CompletedElsewhere);
    return;
  }
  attempt->answered = true;
  leg->stop.reset();  // a 200 that crossed our CANCEL: a person has lifted the phone
  winner_ = leg;
  for (auto& sister : legs_) {
    if (sister->attempt == attempt && sister.get() != leg) {
      stop_leg(*sister, StopReason::CompletedElsewhere);
    }
  }
  attempt->later.clear();
  attempt->closed = true;
  for (auto& other_run : runs_) {
    if (other_run.get() != &run) feed(*other_run, hunt::TakenElsewhere{});
  }
  if (run.story_taken) {
    if (facts::Attempt* entry = entry_of(run, id)) entry->result = facts::AttemptResult::Won;
  }
  join(*leg);
}

// Somebody declined on one phone and lifted another at the same time: nobody has won, so he does
// (rule 6). The hunt has done with his attempt; to it the caller is taken elsewhere.
void Call::connect_declined(CalleeLeg& leg) {
  HuntRun& run = *leg.attempt->run;
  const hunt::AttemptId id = leg.attempt->id;
  if (facts::Attempt* entry = entry_of(run, id)) {
    entry->result = facts::AttemptResult::Won;
    entry->why.clear();
    note_attempt(run, {id, hunt::Moment::Ended});
  }
  connect(run, id);
  feed(run, hunt::TakenElsewhere{});
}

// A person has the caller: the one cell is set, now the 200.
void Call::join(CalleeLeg& leg) {
  state_ = State::Talking;
  callee_in_call_ = leg.to.user_id;
  core_.call_began(callee_in_call_);
  caller_.repeat_18x_at.reset();
  caller_.expires_at.reset();
  // RFC 3262 section 3: the 200 waits while a reliable 18x with a description is unacknowledged.
  if (caller_.reliable.pending != nullptr && caller_.reliable.with_sdp) {
    caller_.answer_waits = true;
    return;
  }
  answer_caller();
}

void Call::answer_caller() {
  Side& side = caller_.side;
  if (winner_ == nullptr || !caller_waits()) return;
  caller_.reliable.repeat.reset();
  if (caller_.reliable.next != 0) caller_.early_sdp.clear();  // he never saw it
  const sip::Message& request = *side.in.message;
  std::string sdp;
  if (caller_.early_sdp.empty()) {
    sdp = sdp_for(side, winner_->description);
  } else if (!caller_.reliable.with_sdp) {
    sdp = caller_.early_sdp;  // these very bytes once more (RFC 6337 3.1.1)
    const std::string fresh = sdp_for(side, winner_->description);
    caller_.offer_after_ack = fresh == caller_.early_sdp ? std::string() : fresh;
  }
  sip::Writer writer = sip::response_to(request, side.flow.peer, 200, side.tag);
  writer.copy(request, sip::Header::RecordRoute)
      .header(sip::Header::Contact, core_.contact(side.flow))
      .lines(kAllowLine)
      .lines(kSupportedLine)
      .lines(side.timer.answer(timer_headers(request), core_.now().at));
  if (identity_.kind == model::CallerKind::User && !winner_->to.user_id.empty()) {
    const model::User* user = snapshot_->user_by_id(winner_->to.user_id);
    if (user != nullptr) {
      writer.header(sip::Header::PAssertedIdentity, name_addr(user->name, user->extension));
    }
  }
  if (sdp.empty()) {
    writer.no_body();
  } else {
    writer.body(kSdpType, sdp);
  }
  if (!writer.ok()) {
    core_.found_bug(*this, "200 not writable");
    end_talk(facts::EndedBy::Server, StopReason::NormalClearing, 16);
    return;
  }
  tell_answered();
  side.in.ok = std::make_shared<const std::string>(writer.take());
  side.in.state = InviteIn::State::Answered;
  side.in.repeat.emplace(core_.settings().timers.t1, core_.settings().timers.t2, core_.now().at);
  side.established = true;
  side.dialog.confirmed = true;
  core_.layer().respond(side.in.server, 200, side.in.ok, core_.now(), core_.out());
}

// The call is answered when the 200 goes out, in the record and as a fact; not while it waits.
void Call::tell_answered() {
  answered_at_ = core_.now().at;
  record_.answered = core_.now().wall;
  record_.answered_by = winner_->target_name;
  record_.outcome = facts::Outcome::Answered;
  core_.tell(
      facts::CallAnswered{record_.id, core_.now().wall, record_.answered_by, record_so_far()});
}

// Who answered is gone again before the caller heard of it: his attempt was not the one that won.
void Call::note_unheard(facts::AttemptResult result) {
  if (winner_ == nullptr || answered_at_.has_value() || winner_->attempt == nullptr) return;
  const LiveAttempt& attempt = *winner_->attempt;
  facts::Attempt* entry = entry_of(*attempt.run, attempt.id);
  if (entry == nullptr) return;
  entry->result = result;
  note_attempt(*attempt.run, {attempt.id, hunt::Moment::Ended});
}

void Call::repeat_ok(Side& side) {
  switch (side.in.repeat->due(core_.now().at)) {
    case sip::Retransmitter::Due::Nothing:
      return;
    case sip::Retransmitter::Due::Repeat:
      core_.layer().send_again(side.in.server, side.in.ok, core_.out());
      return;
    case sip::Retransmitter::Due::GiveUp:
      break;
  }
  // 13.3.1.4: nobody acknowledged; the session is to be ended with BYE, on both sides.
  side.in.repeat.reset();
  side.in.state = InviteIn::State::Refused;
  if (side.bye_waits.has_value()) {
    say_bye(side, *side.bye_waits);
  } else if (winner_ != nullptr) {
    end_talk(facts::EndedBy::Server, StopReason::NoAck, 102);
  }
}

void Call::on_ack(Side& side, const Incoming& ack) {
  if (side.in.state != InviteIn::State::Answered || ack.message.cseq() != side.in.cseq) return;
  side.in.state = InviteIn::State::Acked;
  side.in.repeat.reset();
  side.in.ok.reset();
  side.acknowledged = true;
  const bool offered = !side.in.has_offer;
  side.in.forget_request();
  if (side.bye_waits.has_value()) {
    say_bye(side, *side.bye_waits);
    return;
  }
  Side* peer = other(side);
  if (peer == nullptr || side.over) return;
  if (offered && peer->out.state == InviteOut::State::Answered) {
    // Late offer: the answer in this ACK is what the other side's ACK waits for (sip.md 4.6).
    const std::string_view answer = sip::body_of_type(ack.message, kSdpType);
    const std::string sdp = answer.empty() ? std::string() : sdp_for(*peer, answer);
    if (sdp.empty()) {
      if (peer->leg != nullptr) reject_offer_and_acknowledge(*peer->leg);
      end_talk(facts::EndedBy::Server, StopReason::NotAcceptable, 88);
      return;
    }
    send_ack(*peer, sdp);
  }
  if (winner_ != nullptr) std::string().swap(winner_->description);
  start_session(side);
  if (&side == &caller_.side && !caller_.offer_after_ack.empty()) {
    offer_again(side, std::exchange(caller_.offer_after_ack, {}));
  }
}

// ---- the end without an answer ----

void Call::end_with_code(std::uint16_t code, std::uint16_t q850) {
  if (caller_.ended || !caller_waits()) return;
  feed_all(hunt::CallerAnswered{});
  set_ending();
  end_record(facts::EndedBy::Server, code, q850);
  std::string lines(q850_line(q850));
  if (code == 422) lines += "Min-SE: 90\r\n";
  if (code == 415) lines += "Accept: application/sdp\r\n";
  send_final(code, lines);
}

void Call::send_final(std::uint16_t code, std::string_view lines) {
  Side& side = caller_.side;
  if (!caller_waits()) return;
  caller_.ended = true;
  caller_.reliable.repeat.reset();
  side.over = true;
  side.in.state = InviteIn::State::Refused;
  const sip::Message& request = *side.in.message;
  sip::Writer writer = sip::response_to(request, side.flow.peer, code, side.tag);
  writer.lines(lines).no_body();
  if (writer.ok()) {
    core_.layer().respond(side.in.server, code, std::make_shared<const std::string>(writer.take()),
                          core_.now(), core_.out());
  }
  side.in.forget_request();
}

void Call::on_cancel(Side& side, const Incoming& cancel) {
  if (&side != &caller_.side || !caller_waits()) {
    cancel_relay(side);
    return;
  }
  if (caller_.ended) return;
  drop_unheard_winner();
  caller_gone(reason_says_elsewhere(cancel.message), facts::EndedBy::Caller, 487);
}

// A caller who waits behind a connection that is gone hears no answer any more (sip.md 4.3).
void Call::on_connection_lost(base::ConnectionId connection) {
  if (caller_.side.flow.connection != connection || !caller_waits() || caller_.ended) return;
  drop_unheard_winner();
  caller_gone(false, facts::EndedBy::Caller, 487);
  send_final(487, {});
}

// Somebody answered, and our 200 waits for a PRACK: the caller never got it.
void Call::drop_unheard_winner() {
  if (winner_ == nullptr) return;
  note_unheard(facts::AttemptResult::CallerGaveUp);
  hang_up_leg(*winner_, StopReason::CallerGaveUp);
  leg_over(*winner_, 200);
}

void Call::finish_cancel(Side& side) {
  if (&side == &caller_.side && record_told_) send_final(487, {});
}

// The caller is gone before anybody answered: everything stops, whatever the hunt is doing (rule
// 7).
void Call::caller_gone(bool elsewhere, facts::EndedBy who, std::uint16_t code) {
  feed_all(hunt::CallerHungUp{elsewhere});
  record_.outcome = facts::Outcome::Abandoned;
  set_ending();
  end_record(who, code, 16);
}

void Call::on_caller_time() {
  const base::Instant now = core_.now().at;
  if (caller_.reliable.repeat.has_value()) {
    switch (caller_.reliable.repeat->due(now)) {
      case sip::Retransmitter::Due::Nothing:
        break;
      case sip::Retransmitter::Due::Repeat:
        core_.layer().send_again(caller_.side.in.server, caller_.reliable.pending, core_.out());
        break;
      case sip::Retransmitter::Due::GiveUp:
        caller_.reliable.repeat.reset();
        give_up_unacknowledged();
        break;
    }
  }
  if (caller_.ended) return;
  if (caller_.expires_at.has_value() && *caller_.expires_at <= now) {
    caller_.expires_at.reset();
    if (winner_ == nullptr) {
      caller_gone(false, facts::EndedBy::Server, 487);
      send_final(487, {});
    }
  }
  if (caller_.repeat_18x_at.has_value() && *caller_.repeat_18x_at <= now) tell_caller_again();
}

// RFC 3262 section 3: a reliable 18x that nobody acknowledges for 64*T1 ends the INVITE with 5xx.
void Call::give_up_unacknowledged() {
  record_.outcome = facts::Outcome::Failed;
  if (winner_ == nullptr) {
    end_with_code(504, 102);
    return;
  }
  CalleeLeg& leg = *winner_;
  note_unheard(facts::AttemptResult::Failed);
  feed_all(hunt::CallerAnswered{});
  hang_up_leg(leg, StopReason::NoAck);
  set_ending();
  end_record(facts::EndedBy::Server, 504, 102);
  leg_over(leg, 200);
  send_final(504, q850_line(102));
}

}  // namespace call
