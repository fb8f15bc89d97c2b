// Inside the dialogs of an answered call: what one side asks is passed to the other, both ways
// (RFC 3261 sections 12.2, 14 and 15, RFC 3311; sip.md 4.2, reliability.md D).

#include "sdp/session.h"

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
#include "call/detail/paging.h"
#include "call/detail/reason.h"
#include "call/detail/session_timer.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "call/engine.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/writer.h"

namespace call {

Side* Call::other(const Side& side) {
  if (winner_ == nullptr) return nullptr;
  if (&side == &caller_.side) return &winner_->side;
  return &side == &winner_->side ? &caller_.side : nullptr;
}

void Call::reply(const Id& server, const Incoming& in, std::uint16_t code, std::string_view lines) {
  const Side& side = caller_.side;
  const auto to = sip::to_of(in.message);
  const bool has_tag = to.has_value() && !to->tag().empty();
  const std::string_view tag = has_tag || code == 100 ? std::string_view() : side.tag;
  sip::Writer writer = sip::response_to(in.message, in.flow.peer, code, tag);
  writer.lines(lines).no_body();
  if (!writer.ok()) return;
  core_.layer().respond(server, code, std::make_shared<const std::string>(writer.take()),
                        core_.now(), core_.out());
}

// `description` as this side shall see it: with our own o= line. Empty if it is no description.
std::string Call::sdp_for(Side& side, std::string_view description) {
  if (description.empty() || !sdp::Session::parse(description)) return {};
  side.local_sdp = side.origin.rewrite(description);
  return side.local_sdp;
}

// ---- requests that come ----

// 12.2.2: what a request must have inside the dialog as outside of it. Sends the refusal itself. A
// BYE ends the call whatever it requires.
bool Call::passes_checks(const Incoming& in, const Id& server) {
  const sip::Method method = in.message.method();
  if (method != sip::Method::Invite && in.message.has(sip::Header::Replaces)) {
    reply(server, in, 400);  // RFC 3891 section 3
    return false;
  }
  if (method == sip::Method::Bye) return true;
  if (const auto unsupported = unsupported_line(in.message)) {
    reply(server, in, 420, *unsupported);
    return false;
  }
  const bool describes = method == sip::Method::Invite || method == sip::Method::Update;
  const std::string taken = describes ? sip::body_refusal(in.message, kSdpType) : std::string();
  if (!taken.empty()) {
    reply(server, in, 415, taken);
    return false;
  }
  return true;
}

void Call::on_request(Side& side, const Incoming& in, const Id& server) {
  if (side.over && in.message.method() != sip::Method::Bye) {
    reply(server, in, 481);
    return;
  }
  // Early dialogs of a fork have a CSeq space of their own; only the established one is kept here.
  if (side.leg == nullptr || side.established) {
    if (side.dialog.take_cseq(in.message) == sip::Order::Old) {
      reply(server, in, 500, "Retry-After: 1\r\n");
      return;
    }
  }
  if (!passes_checks(in, server)) return;
  switch (in.message.method()) {
    case sip::Method::Bye:
      on_bye(side, in, server);
      return;
    case sip::Method::Invite:
      on_reinvite(side, in, server);
      return;
    case sip::Method::Update:
      on_update(side, in, server);
      return;
    case sip::Method::Prack:
      if (&side == &caller_.side) {
        on_prack(in, server);
      } else {
        reply(server, in, 481);
      }
      return;
    case sip::Method::Options:
      reply(server, in, 200, std::string(kAllowLine) + std::string(kSupportedLine));
      return;
    case sip::Method::Info:
      on_info(side, in, server);
      return;
    case sip::Method::Refer:
      on_refer(side, in, server);
      return;
    case sip::Method::Notify:
    case sip::Method::Subscribe:
      reply(server, in, 489);
      return;
    case sip::Method::Other:
      reply(server, in, 501, kAllowLine);
      return;
    case sip::Method::Ack:
    case sip::Method::Cancel:
    case sip::Method::Register:
    case sip::Method::Message:
    case sip::Method::Publish:
      reply(server, in, 405, kAllowLine);
      return;
  }
}

// A leg that lost, or whose BYE crosses ours, or that says BYE in an early dialog.
void Call::on_bye_of_no_winner(CalleeLeg& leg, const Incoming& in) {
  Side& side = leg.side;
  side.over = true;
  if (!side.established) {
    if (const auto from = sip::from_of(in.message)) leg.bye_tag = from->tag();
  }
  if (!side.established && side.out.state == InviteOut::State::Open) {
    // Section 15 forbids it there: the INVITE still wants its final response.
    stop_leg(leg, StopReason::TimedOut);
  } else {
    answered_leg_is_gone(leg);
  }
}

void Call::on_bye(Side& side, const Incoming& in, const Id& server) {
  if (is_transferor(side)) {
    side.over = true;
    side.in.repeat.reset();
    reply(server, in, 200);
    transferor_gone();
    return;
  }
  if (is_consulting() && side.leg == winner_) {
    side.over = true;
    side.in.repeat.reset();
    reply(server, in, 200);
    drop_consulted();
    return;
  }
  if (side.leg != nullptr && side.leg != winner_) {
    reply(server, in, 200);
    on_bye_of_no_winner(*side.leg, in);
    return;
  }
  if (record_told_ || side.over) {
    side.over = true;
    reply(server, in, 200);
    return;
  }
  const bool unanswered = caller_waits();
  if (winner_ == nullptr || (&side == &caller_.side && unanswered)) {
    // The caller says BYE in his early dialog: as a CANCEL (15.1.2 gives the INVITE 487).
    drop_unheard_winner();
    caller_gone(reason_says_elsewhere(in.message), facts::EndedBy::Caller,
                unanswered ? std::uint16_t{487} : std::uint16_t{200});
    reply(server, in, 200);
    if (unanswered) {
      send_final(487, {});
    } else {
      side.over = true;
      side.in.repeat.reset();
      caller_.ended = true;
    }
    return;
  }
  side.over = true;
  side.in.repeat.reset();
  refuse_open(side, 487);
  acknowledge_without_answer(side);
  const bool caller = &side == &caller_.side;
  const bool elsewhere = caller && reason_says_elsewhere(in.message);
  if (caller) caller_.ended = true;
  Side& peer = *other(side);
  if (!caller && unanswered) {
    // Answered and hung up while our 200 to the caller still waits for a PRACK.
    end_talk(facts::EndedBy::Callee, StopReason::NormalClearing, 16);
    reply(server, in, 200);
    return;
  }
  end_session(peer, elsewhere ? StopReason::CompletedElsewhere : StopReason::NormalClearing);
  set_ending();
  if (!caller) caller_.ended = true;
  leg_over(*winner_, 200);
  end_record(caller ? facts::EndedBy::Caller : facts::EndedBy::Callee, 200, 16);
  reply(server, in, 200);
}

// ---- ends that we make ----

// Ends an answered call on both sides.
void Call::end_talk(facts::EndedBy who, StopReason reason, std::uint16_t q850) {
  if (record_told_) return;
  if (winner_ == nullptr) {
    end_served(who, reason, q850);
    return;
  }
  CalleeLeg& leg = *winner_;
  set_ending();
  const bool waits = caller_waits();
  if (waits) {
    note_unheard(facts::AttemptResult::Failed);
    record_.outcome = facts::Outcome::Failed;
  }
  end_record(who, waits ? 480 : 200, q850);
  if (waits) {
    send_final(480, q850_line(q850));
  } else {
    end_session(caller_.side, reason);
  }
  caller_.ended = true;
  end_session(leg.side, reason);
  leg_over(leg, 200);
}

// A service answered the caller and nobody has him: he is hung up.
void Call::end_served(facts::EndedBy who, StopReason reason, std::uint16_t q850) {
  if (!caller_.side.established || caller_.ended || record_told_) return;
  feed_all(hunt::CallerAnswered{});
  set_ending();
  end_record(who, 200, q850);
  end_session(caller_.side, reason);
  caller_.ended = true;
}

void Call::end_session(Side& side, StopReason reason) {
  refuse_open(side, 487);
  acknowledge_without_answer(side);
  say_bye(side, reason);
}

// The ACK of this side's 2xx waited for the other's answer, which does not come any more. Without
// it the 2xx would be repeated until it times out (RFC 3261 13.3.1.4).
void Call::acknowledge_without_answer(Side& side) {
  if (side.out.state != InviteOut::State::Answered) return;
  if (side.leg != nullptr) {
    reject_offer_and_acknowledge(*side.leg);
  } else {
    send_ack(side, {});
  }
}

// Requests of this side that wait for the other's answer get a final one now.
void Call::refuse_open(Side& side, std::uint16_t code) {
  for (std::size_t i = 0; i < relays_.size();) {
    const Relay& open = relays_[i];
    if (open.from != &side && open.to != &side) {
      ++i;
      continue;
    }
    const sip::Message request = open.request.view();
    sip::Writer writer = sip::response_to(request, open.from->flow.peer, code, {});
    writer.no_body();
    if (writer.ok()) {
      core_.layer().respond(open.server, code, std::make_shared<const std::string>(writer.take()),
                            core_.now(), core_.out());
    }
    if (open.method == sip::Method::Invite) open.from->in.state = InviteIn::State::Refused;
    relays_.erase(relays_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Call::say_bye(Side& side, StopReason reason) {
  if (side.over || !side.established) return;
  if (side.began_by_peer && !side.acknowledged && side.in.state == InviteIn::State::Answered) {
    side.bye_waits = reason;  // who was called says no BYE before the ACK (RFC 3261 section 15)
    return;
  }
  side.over = true;
  side.in.repeat.reset();
  side.timer.stop();
  side.probe_at.reset();
  const Id client = core_.layer().reserve();
  sip::Writer writer = side.dialog.request(sip::Method::Bye, side.dialog.next_cseq(),
                                           core_.via(side.next, core_.layer().branch_of(client)));
  writer.lines(reason_lines(reason)).no_body();
  if (!writer.ok()) {
    core_.layer().release(client);
    core_.found_bug(*this, "BYE not writable");
    return;
  }
  core_.layer().begin(client,
                      {side.next, std::make_shared<const std::string>(writer.take()), false, {}},
                      core_.now(), core_.out());
}

// The ACK of the 2xx that this side's INVITE got; kept for each repetition of it.
void Call::send_ack(Side& side, std::string_view answer) {
  if (side.out.state != InviteOut::State::Answered) return;
  side.out.state = InviteOut::State::Acked;
  const Id branch = core_.layer().reserve();
  sip::Writer writer = side.dialog.request(sip::Method::Ack, side.out.cseq,
                                           core_.via(side.next, core_.layer().branch_of(branch)));
  core_.layer().release(branch);
  if (answer.empty()) {
    writer.no_body();
  } else {
    writer.body(kSdpType, answer);
  }
  if (!writer.ok()) {
    core_.found_bug(*this, "ACK not writable");
    return;
  }
  std::string text = writer.take();
  text.shrink_to_fit();  // it stays as long as the call
  side.out.ack = std::make_shared<const std::string>(std::move(text));
  side.out.ack_until = core_.now().at + 64 * core_.settings().timers.t1;
  side.out.request.reset();
  core_.send(side.next, side.out.ack);
}

// ---- the timers of a session ----

void Call::start_session(Side& side) {
  if (!side.timer.deadline().has_value() && !side.supports_timer) {
    side.probe_at = core_.now().at + kProbeEvery;
  }
  Side* peer = other(side);
  if (peer != nullptr && peer->leg != nullptr && !peer->over && !peer->probe_at.has_value() &&
      !peer->timer.deadline().has_value() && !peer->supports_timer) {
    peer->probe_at = core_.now().at + kProbeEvery;
  }
}

void Call::on_session_time(Side& side) {
  if (side.over || !side.established) return;
  const base::Instant now = core_.now().at;
  if (side.probe_at.has_value() && *side.probe_at <= now) {
    side.probe_at = now + kProbeEvery;
    own_request(side, sip::Method::Options, {});
  }
  const auto due = side.timer.deadline();
  if (!due.has_value() || *due > now) return;
  if (side.timer.refresher() == Refresher::Us && !side.refreshing && !side.timer.is_expired(now)) {
    refresh(side);
    return;
  }
  // Nobody refreshed: the peer is gone (RFC 4028 section 10). A timer that ran out is no deadline.
  side.timer.stop();
  side_is_lost(side, StopReason::TimedOut, 102);
}

// UPDATE where the peer takes it, else the same description once more by re-INVITE.
void Call::refresh(Side& side) {
  side.refreshing = true;
  side.timer.refresh_sent();
  if (side.allows_update) {
    own_request(side, sip::Method::Update, {});
  } else {
    offer_again(side, side.local_sdp);
  }
}

// A re-INVITE of our own, with a description that the peer answers to us.
void Call::offer_again(Side& side, const std::string& sdp) {
  if (side.over || side.in.state == InviteIn::State::Open ||
      side.in.state == InviteIn::State::Answered || side.out.state == InviteOut::State::Open) {
    side.refreshing = false;
    side.timer.retry_soon(core_.now().at);
    return;
  }
  own_request(side, sip::Method::Invite, sdp);
}

void Call::own_request(Side& side, sip::Method method, std::string_view sdp) {
  const bool invite = method == sip::Method::Invite;
  const Id client = core_.layer().reserve();
  const std::uint32_t cseq = side.dialog.next_cseq();
  sip::Writer writer =
      side.dialog.request(method, cseq, core_.via(side.next, core_.layer().branch_of(client)));
  if (method != sip::Method::Options) {
    writer.header(sip::Header::Contact, core_.contact(side))
        .lines(kAllowLine)
        .lines(kSupportedLine)
        .lines(side.timer.offer(0));
  }
  if (sdp.empty()) {
    writer.no_body();
  } else {
    writer.body(kSdpType, sdp);
  }
  if (!writer.ok()) {
    core_.layer().release(client);
    core_.found_bug(*this, "request not writable");
    return;
  }
  auto bytes = std::make_shared<const std::string>(writer.take());
  if (invite) {
    side.out = InviteOut{};
    side.out.state = InviteOut::State::Open;
    side.out.client = client;
    side.out.cseq = cseq;
    side.out.has_offer = true;
  }
  side.own_client = client;
  core_.layer().begin(client, {side.next, std::move(bytes), invite, {Owner::Kind::Side, side.id}},
                      core_.now(), core_.out());
}

void Call::on_own_event(Side& side, const ClientEvent& event, const sip::Message* response) {
  if (response != nullptr && response->code() < 200) return;
  const std::uint16_t code = response == nullptr ? std::uint16_t{408} : response->code();
  side.refreshing = false;
  if (side.out.client == event.client && side.out.state == InviteOut::State::Open) {
    side.out.state = code / 100 == 2 ? InviteOut::State::Answered : InviteOut::State::Failed;
  }
  if (code / 100 == 2) {
    side.dialog.refresh_target(*response);
    if (response->method() == sip::Method::Invite) send_ack(side, {});
    if (side.anchor != nullptr && take_answer(side, sip::body_of_type(*response, kSdpType))) {
      join_anchors();
    }
    if (response->method() != sip::Method::Options) {
      side.timer.accept_or_refresh(timer_headers(*response), core_.now().at);
    }
    return;
  }
  if (code == 408 || code == 481) {
    side_is_lost(side, StopReason::TimedOut, 102);
    return;
  }
  // 491 and others: the session stands; the timer's end is the next moment that matters.
  if (code == 491 || code == 500) side.timer.retry_soon(core_.now().at);
}

// The peer of this side does not answer any more: one who transferred is let go, one who only
// listens leaves, else the call ends.
void Call::side_is_lost(Side& side, StopReason reason, std::uint16_t q850) {
  if (is_transferor(side)) return let_transferor_go();
  if (side.leg != nullptr && side.leg->listens) {
    hang_up_leg(*side.leg, reason);
    Paging::listener_is_gone(*this, *side.leg);
    return;
  }
  end_talk(facts::EndedBy::Server, reason, q850);
}

}  // namespace call
