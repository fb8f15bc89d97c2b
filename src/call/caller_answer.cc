// The caller is answered: by a person who won, or by a service; his ACK (sip.md 4.2, 4.5 and 4.7).

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
#include "call/detail/connected.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/orders.h"
#include "call/detail/paging.h"
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

void Call::connect(HuntRun& run, hunt::AttemptId id) {
  LiveAttempt* attempt = attempt_of(run, id);
  CalleeLeg* leg = answered_leg(run, id);
  if (leg == nullptr) return;
  if (winner_ != nullptr || caller_.ended) {
    hang_up_leg(*leg, StopReason::CompletedElsewhere);
    return;
  }
  attempt->answered = true;
  attempt->asked = nullptr;
  drop_service(leg->side);
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
  if (originated_.has_value() && originated_->rings_him)
    return Orders::own_phone_answered(*this, leg);
  if (leg.attempt != nullptr && leg.attempt->run->picks_up) {
    leave_queue();
    parked_.reset();
  }
  if (leg.attempt != nullptr) taken_from_line(leg.attempt->run->offered_to);
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
  if (winner_ == nullptr) return;
  drop_service(caller_.side);
  if (!caller_waits()) {
    // A service answered him before: nothing is sent, the sound changes.
    if (caller_.side.over || !caller_.side.established) return;
    tell_answered();
    if (transfer_.has_value() && transfer_->attended && transfer_->by != nullptr)
      return begin_consultation();
    const bool sent_on = transfer_.has_value();
    if (sent_on) transfer_done();
    anchor_winner();
    join_anchors();
    start_recording();
    if (sent_on && identity_.kind == model::CallerKind::User)
      tell_connected(core_, caller_.side,
                     name_addr(name_of(core_, *winner_), winner_->target_name));
    return;
  }
  caller_.reliable.repeat.reset();
  if (caller_.reliable.next != 0) caller_.early_sdp.clear();  // he never saw it
  const std::optional<std::string> sdp = answer_sdp();
  if (!sdp.has_value()) {
    cannot_join_ = true;
    return;
  }
  if (!send_ok(*sdp)) {
    core_.found_bug(*this, "200 not writable");
    cannot_join_ = true;
    return;
  }
  if (caller_.side.anchor != nullptr) anchor_winner();
  join_anchors();
  if (winner_->side.anchor != nullptr) tell_moved(winner_->side);
  start_recording();
}

// The description of the 200 to the caller: the winner's, or our own. Nothing: there is none.
std::optional<std::string> Call::answer_sdp() {
  Side& side = caller_.side;
  if (winner_->side.anchor != nullptr || side.anchor != nullptr) return own_answer_to_caller();
  if (caller_.early_sdp.empty()) return sdp_for(side, winner_->description);
  if (caller_.reliable.with_sdp) return std::string();
  // These very bytes once more (RFC 6337 3.1.1).
  const std::string fresh = sdp_for(side, winner_->description);
  caller_.offer_after_ack = fresh == caller_.early_sdp ? std::string() : fresh;
  return caller_.early_sdp;
}

// Our own answer to his first offer; an offer of ours where he made none.
std::optional<std::string> Call::own_answer_to_caller() {
  if (!caller_.early_sdp.empty()) {
    return caller_.reliable.with_sdp ? std::string() : caller_.early_sdp;
  }
  if (!open_anchor(caller_.side)) return std::nullopt;
  if (caller_.late_offer) return own_offer(caller_.side);
  std::string sdp = own_answer(caller_.side, caller_.offer);
  if (sdp.empty()) return std::nullopt;
  return sdp;
}

// The 200 to the caller's INVITE; from here on he is answered, by a person or by a service.
bool Call::send_ok(const std::string& sdp) {
  Side& side = caller_.side;
  const sip::Message& request = *side.in.message;
  sip::Writer writer = sip::response_to(request, side.flow.peer, 200, side.tag);
  writer.copy(request, sip::Header::RecordRoute)
      .header(sip::Header::Contact, core_.contact(side))
      .lines(kAllowLine)
      .lines(kSupportedLine)
      .lines(side.timer.answer(timer_headers(request), core_.now().at));
  const bool shows_callee = winner_ != nullptr && !winner_->to.user_id.empty() &&
                            identity_.kind == model::CallerKind::User;
  if (shows_callee) {
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
  if (!writer.ok()) return false;
  if (winner_ != nullptr) tell_answered();
  if (pages_) Paging::is_heard(*this);
  side.in.ok = std::make_shared<const std::string>(writer.take());
  side.in.state = InviteIn::State::Answered;
  side.in.repeat.emplace(core_.settings().timers.t1, core_.settings().timers.t2, core_.now().at);
  side.established = true;
  side.dialog.confirmed = true;
  caller_.repeat_18x_at.reset();
  caller_.expires_at.reset();
  core_.layer().respond(side.in.server, 200, side.in.ok, core_.now(), core_.out());
  return true;
}

// A service takes the call (or music is played to a caller who is answered first).
void Call::answer_for_service() {
  if (!caller_waits() || caller_.ended) return;
  if (caller_.reliable.pending != nullptr && caller_.reliable.with_sdp) {
    caller_.answer_waits = true;  // RFC 3262 section 3, as in join()
    return;
  }
  caller_.reliable.repeat.reset();
  const std::optional<std::string> sdp = own_answer_to_caller();
  if (!sdp.has_value()) {
    end_with_code(488, 88);
  } else if (!send_ok(*sdp)) {
    core_.found_bug(*this, "200 not writable");
    end_with_code(480, 16);
  }
}

// The call is answered when the 200 goes out, in the record and as a fact; not while it waits.
// A transferred call stays answered by whom it was first.
void Call::tell_answered() {
  if (answered_at_.has_value()) return;
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
  } else {
    side_is_lost(side, StopReason::NoAck, 102);
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
  if (offered && side.anchor != nullptr && !side.over) {
    if (!take_answer(side, sip::body_of_type(ack.message, kSdpType))) {
      end_talk(facts::EndedBy::Server, StopReason::NotAcceptable, 88);
      return;
    }
    join_anchors();
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
  tell_moved(side);
  start_session(side);
  if (&side == &caller_.side && !caller_.offer_after_ack.empty()) {
    offer_again(side, std::exchange(caller_.offer_after_ack, {}));
  }
}

}  // namespace call
