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
#include "facts/media.h"
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
      .header(sip::Header::Contact, core_.contact(side))
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
  if (caller_.side.anchor != nullptr) return;  // he hears us
  if (leg.attempt == nullptr || leg.attempt->legs_open != 1) return;
  HuntRun& run = *leg.attempt->run;
  if (run.hunt == nullptr || &run != runs_.back().get()) return;
  if (!run.hunt->is_last_ring(leg.attempt->id) || !leg.attempt->later.empty()) return;
  for (const auto end :
       {model::EndClass::NoAnswer, model::EndClass::Busy, model::EndClass::Unreachable}) {
    const model::Route next = model::after(*snapshot_, query_, run.step, end);
    if (!std::holds_alternative<model::Refuse>(next.step)) return;
  }
  const std::string_view description = sip::body_of_type(response, kSdpType);
  if (leg.side.anchor != nullptr) {
    // Who is to be asked for a key or to hear a page is joined with nobody before that.
    const hunt::Dial& dial = leg.attempt->dial;
    if (dial.auto_answer || dial.confirm || (leg.to.is_outside() && dial.confirm_outside)) return;
    if (!take_answer(leg.side, description) || !open_anchor(caller_.side)) return;
    open_early_media();
    core_.media(facts::JoinStreams{caller_.side.anchor->stream, leg.side.anchor->stream});
    return;
  }
  const std::string sdp = sdp_for(caller_.side, description);
  if (sdp.empty()) return;
  caller_.early_sdp = sdp;
  caller_.told_ringing = true;
  caller_.repeat_18x_at = core_.now().at + kRepeat18x;
  send_provisional(response.code(), sdp);
}

// He hears us before the answer (sip.md 4.5). A caller without an offer cannot.
void Call::open_early_media() {
  if (!caller_waits() || caller_.late_offer || !caller_.early_sdp.empty()) return;
  const std::string sdp = own_answer(caller_.side, caller_.offer);
  if (sdp.empty()) return;
  caller_.early_sdp = sdp;
  caller_.told_ringing = true;
  caller_.repeat_18x_at = core_.now().at + kRepeat18x;
  send_provisional(183, sdp);
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
    if (winner_ != nullptr) {
      answer_caller();
    } else {
      answer_for_service();
    }
  } else if (caller_.reliable.next != 0) {
    send_provisional(std::exchange(caller_.reliable.next, std::uint16_t{0}), caller_.early_sdp);
  }
}

// ---- the end without an answer ----

void Call::end_with_code(std::uint16_t code, std::uint16_t q850) {
  if (caller_.ended) return;
  if (!caller_waits()) {
    end_served(facts::EndedBy::Server, reason_with(q850), q850);
    return;
  }
  feed_all(hunt::CallerAnswered{});
  set_ending();
  end_record(facts::EndedBy::Server, code, q850);
  std::string lines(q850_line(q850));
  if (code == 422) lines += "Min-SE: 90\r\n";
  if (code == 415) {
    const std::string taken = sip::body_refusal(*caller_.side.in.message, kSdpType);
    lines += taken.empty() ? "Accept: application/sdp\r\n" : taken;
  }
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
bool Call::on_connection_lost(base::ConnectionId connection) {
  if (caller_.side.flow.connection != connection || !caller_waits() || caller_.ended) return false;
  drop_unheard_winner();
  caller_gone(false, facts::EndedBy::Caller, 487);
  send_final(487, {});
  return true;
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
  // Who hangs up on a service has not given up: it stays what the hunt was (hunting.md, A record).
  if (state_ != State::Serving) note_outcome(facts::Outcome::Abandoned);
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
