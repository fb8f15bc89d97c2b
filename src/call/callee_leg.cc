// A callee leg's INVITE: its answers, its failures, its end (sip.md 4.1, 4.2 and 4.4).

#include "call/detail/callee_leg.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/own_invite.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/trunk_agent.h"
#include "call/detail/wire_names.h"
#include "call/engine.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/verdict.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/uri.h"

namespace call {

namespace {

// From here on a request to a peer that we know only by its URI goes by TCP (RFC 3261 18.1.1). A
// registered phone is reached by its own flow, however long the request (sip.md 4.16).
constexpr std::size_t kUdpRequestMax = 1'300;

// True when this INVITE is to be written anew for TCP; UDP is what is tried after it.
bool turns_to_tcp(const Core& core, CalleeLeg& leg, std::size_t size) {
  if (size <= kUdpRequestMax || leg.to.kind == Candidate::Kind::Contact || leg.to.stays_udp ||
      leg.to.flow.transport != base::Transport::Udp)
    return false;
  const auto uri = sip::Uri::parse(leg.to.uri);
  if (!uri.has_value() || uri->param("transport").has_value()) return false;
  const auto tcp = core.tcp_instead_of(leg.to.flow);
  if (!tcp.has_value()) return false;
  Candidate udp = leg.to;
  udp.stays_udp = true;
  leg.alternates.insert(leg.alternates.begin(), std::move(udp));
  leg.to.flow = *tcp;
  return true;
}

}  // namespace

void spread_ways(CalleeLeg& leg) {
  const std::vector<base::Flow> further = std::exchange(leg.to.further, {});
  std::vector<Candidate> more;
  for (const base::Flow& flow : further) {
    more.push_back(leg.to);
    more.back().flow = flow;
  }
  leg.alternates.insert(leg.alternates.begin(), more.begin(), more.end());
}

// ---- going out ----

void Call::send_invite(CalleeLeg& leg) {
  Side& side = leg.side;
  if (leg.stop.has_value()) {
    leg_over(leg, 0);
    return;
  }
  side.flow = leg.to.flow;
  if (wants_anchor(leg) && !open_anchor(side)) {
    leg_failed(leg, 503);
    return;
  }
  const Id client = core_.layer().reserve();
  ++side.dialog.local_cseq;
  std::string text = invite_text(leg, core_.via(side.flow, core_.layer().branch_of(client)));
  if (text.empty()) {
    core_.layer().release(client);
    leg_failed(leg, 488);
    return;
  }
  if (turns_to_tcp(core_, leg, text.size())) {
    core_.layer().release(client);
    --side.dialog.local_cseq;
    send_invite(leg);
    return;
  }
  leg.early.clear();
  leg.state = LegState::Trying;  // of this INVITE no provisional has come yet: no CANCEL (9.1)
  side.out.state = InviteOut::State::Open;
  side.out.client = client;
  side.out.cseq = side.dialog.local_cseq;
  side.out.request = std::make_shared<const std::string>(std::move(text));
  side.out.has_offer = !caller_.late_offer || side.anchor != nullptr;
  start_timer_c(leg);
  const base::Instant until = leg.attempt == nullptr
                                  ? core_.now().at
                                  : leg.attempt->dial.latest_end.value_or(core_.now().at);
  if (!leg.alternates.empty()) leg.dead_at = core_.now().at + core_.settings().timers.dead;
  core_.layer().begin(client,
                      {side.flow, side.out.request, true, {Owner::Kind::Side, side.id}, until},
                      core_.now(), core_.out());
}

// ---- answers ----

void Call::heard(CalleeLeg& leg) {
  leg.heard = true;
  leg.dead_at.reset();
  if (leg.told_heard || leg.attempt == nullptr || leg.attempt->closed) return;
  leg.told_heard = true;
  feed(*leg.attempt->run, hunt::AttemptHeard{leg.attempt->id});
}

void Call::on_invite_response(CalleeLeg& leg, const Incoming& in) {
  const std::uint16_t code = in.message.code();
  if (code < 200) {
    on_provisional(leg, in);
  } else if (code < 300) {
    on_success(leg, in);
  } else {
    on_failure(leg, in);
  }
}

// The description of a 2xx; that of the reliable 18x of the same dialog if it has none itself.
std::string Call::description_of(CalleeLeg& leg, const sip::Message& success) {
  const std::string_view body = sip::body_of_type(success, kSdpType);
  if (!body.empty()) return std::string(body);
  for (auto& early : leg.early) {
    if (early.tag == leg.side.dialog.remote_tag) return std::move(early.description);
  }
  return {};
}

void Call::on_success(CalleeLeg& leg, const Incoming& in) {
  Side& side = leg.side;
  if (side.out.state != InviteOut::State::Open) {
    on_repeated_success(side, in);
    return;
  }
  const std::uint32_t cseq = side.dialog.local_cseq;
  // From and Call-ID of the response are ours; without a Contact the target is whom we dialled.
  side.dialog = sip::Dialog::from_response(in.message, in.message);
  if (side.dialog.remote_target.empty()) side.dialog.remote_target = leg.to.uri;
  side.dialog.local_cseq = std::max(cseq, side.dialog.local_cseq);
  side.dialog.confirmed = true;
  side.next = core_.way_inside(side, side.dialog.next_hop().first);
  side.established = true;
  // A BYE that came before has ended the dialog of its own fork only.
  side.over = side.over && side.dialog.remote_tag == leg.bye_tag;
  side.out.state = InviteOut::State::Answered;
  side.allows_update = in.message.has_token(sip::Header::Allow, "UPDATE");
  side.supports_timer = in.message.has_token(sip::Header::Supported, "timer");
  side.timer.accept(timer_headers(in.message), core_.now().at);
  leg.state = LegState::Answered;
  leg.timer_c.reset();
  leg.closes_at.reset();
  leg.description = description_of(leg, in.message);
  leg.early.clear();
  note_status(leg, in.message.code(), false);
  if (side.out.has_offer) send_ack(side, {});
  if (!leg.heard) heard(leg);

  const bool sounds = side.anchor == nullptr ? sdp::Session::parse(leg.description).has_value()
                                             : take_answer(side, leg.description);
  if (!sounds) {
    hang_up_leg(leg, StopReason::NotAcceptable);
    leg_over(leg, 488);
    return;
  }
  if (side.over) {
    acknowledge_without_answer(side);
    leg_over(leg, in.message.code());
    return;
  }
  LiveAttempt* attempt = leg.attempt;
  const bool sister_asked = attempt != nullptr && attempt->asked != nullptr;
  if (attempt != nullptr && attempt->closed && winner_ == nullptr && is_hunting() &&
      !sister_asked && !attempt->dial.auto_answer) {
    connect_declined(leg);
    return;
  }
  if (winner_ != nullptr || attempt == nullptr || attempt->closed || caller_.ended ||
      record_told_) {
    const StopReason why =
        leg.stop.value_or(winner_ != nullptr || sister_asked ? StopReason::CompletedElsewhere
                                                             : StopReason::CallerGaveUp);
    const bool lost = winner_ != nullptr && why != StopReason::CallerGaveUp;
    hang_up_leg(leg, lost ? StopReason::CompletedElsewhere : why);
    if (attempt != nullptr && !attempt->closed) {
      attempt->closed = true;
      feed(*attempt->run, hunt::AttemptAnswered{attempt->id, leg.to.is_outside()});
    }
    leg_over(leg, in.message.code());
    return;
  }
  attempt->closed = true;
  feed(*attempt->run, hunt::AttemptAnswered{attempt->id, leg.to.is_outside()});
  const bool wanted = winner_ == &leg || attempt->asked == &leg || leg.listens;
  if (!wanted && leg.state == LegState::Answered && !feeding_) {
    // The hunt has somebody already, or nobody is there any more.
    hang_up_leg(leg, leg.stop.value_or(StopReason::CompletedElsewhere));
    leg_over(leg, in.message.code());
  }
}

// A 2xx once more: the same ACK. One with another To-tag is another fork's: ACK and BYE there
// (13.2.2.4).
void Call::on_repeated_success(Side& side, const Incoming& in) {
  const auto to = sip::to_of(in.message);
  const std::string_view tag = to.has_value() ? to->tag() : std::string_view();
  if (side.established && tag == side.dialog.remote_tag) {
    if (side.out.ack != nullptr && in.message.cseq() == side.out.cseq) {
      core_.out().emplace_back(Send{side.next, side.out.ack});
    }
    return;
  }
  if (side.leg == nullptr) return;
  CalleeLeg& leg = *side.leg;
  if (side.out.state == InviteOut::State::Open || side.out.state == InviteOut::State::Failed) {
    // The transaction is gone, the leg is not: a late 200 (reliability.md B5).
    if (!side.established) {
      side.out.state = InviteOut::State::Open;
      on_success(leg, in);
      return;
    }
  }
  const bool known =
      std::find(leg.refused_tags.begin(), leg.refused_tags.end(), tag) != leg.refused_tags.end();
  core_.end_success(in, StopReason::CompletedElsewhere, !known);
  if (!known && leg.refused_tags.size() < core_.settings().limits.early_dialogs) {
    leg.refused_tags.emplace_back(tag);
  }
}

// ---- failures ----

void Call::on_failure(CalleeLeg& leg, const Incoming& in) {
  const std::uint16_t code = in.message.code();
  leg.side.out.state = InviteOut::State::Failed;
  leg.heard = true;
  if (leg.state == LegState::Ended) return;
  if (leg.stop.has_value() || leg.attempt == nullptr || leg.attempt->closed) {
    leg_over(leg, code);
    return;
  }
  heard(leg);
  if (try_again(leg, in)) return;
  if (code == 503 && !leg.to.binding.empty()) {
    if (const auto after = sip::seconds_of(in.message.value(sip::Header::RetryAfter))) {
      core_.avoid(leg.to.user_id, leg.to.binding, base::Duration(std::int64_t{*after} * 1000));
    }
  }
  if (code / 100 == 3) {
    follow_redirect(leg, in.message);
    return;
  }
  leg_failed(leg, code);
}

// What may be tried once more on the same leg (sip.md 4.4).
bool Call::try_again(CalleeLeg& leg, const Incoming& in) {
  const std::uint16_t code = in.message.code();
  if (code == 401 || code == 407) {
    // Only a trunk's own challenge is answered; a member's is a failed branch (T4).
    TrunkAgent* agent = leg.to.trunk_id.empty() ? nullptr : core_.trunk(leg.to.trunk_id);
    if (agent == nullptr || leg.auth_tries >= 2) return false;
    ++leg.auth_tries;
    const bool bare = leg.changes.authorization.empty();
    leg.changes.authorization =
        agent->answer_challenge(core_, in.message, "INVITE", leg.to.uri, bare);
    if (leg.changes.authorization.empty()) return false;
    send_invite(leg);
    return true;
  }
  if (leg.retried) return false;
  const auto retry_after = sip::seconds_of(in.message.value(sip::Header::RetryAfter));
  if (code == 422) {
    leg.changes.min_se = sip::seconds_of(in.message.value(sip::Header::MinSe)).value_or(1800);
  } else if (code == 420 || code == 421) {
    leg.changes.without_timer = true;
    leg.changes.without_100rel = true;
  } else if (code == 491) {
    leg.retry_at = core_.now().at +
                   base::Duration(static_cast<std::int64_t>(core_.rng().next() % 400U) * 10 / 2);
  } else if (code == 500 && retry_after.has_value() && *retry_after <= 2) {
    leg.retry_at = core_.now().at + base::Duration(std::int64_t{*retry_after} * 1000);
  } else {
    return false;
  }
  leg.retried = true;
  if (!leg.retry_at.has_value()) send_invite(leg);
  return true;
}

void Call::on_no_response(CalleeLeg& leg, ClientEvent::What what) {
  leg.side.out.state = InviteOut::State::Failed;
  if (leg.state == LegState::Ended) return;
  if (leg.stop.has_value()) {
    leg_over(leg, 0);
    return;
  }
  leg_failed(leg, what == ClientEvent::What::Transport ? 503 : 408);
}

// The leg failed while it was wanted: the device's next flow, else the attempt decides.
void Call::leg_failed(CalleeLeg& leg, std::uint16_t status) {
  const bool flow_is_dead = status == 430 || status == 503 || status == 408;
  if (flow_is_dead && !leg.alternates.empty() && leg.attempt != nullptr &&
      !leg.attempt->stop.has_value()) {
    std::vector<Candidate> rest = std::move(leg.alternates);
    Candidate next = std::move(rest.front());
    rest.erase(rest.begin());
    LiveAttempt& attempt = *leg.attempt;
    if (TrunkAgent* agent = core_.trunk(leg.to.trunk_id)) agent->put_last(leg.side.flow);
    start_leg(attempt, std::move(next), std::move(rest));
  }
  leg_over(leg, status);
}

void Call::leg_over(CalleeLeg& leg, std::uint16_t status) {
  if (leg.state == LegState::Ended) return;
  leg.state = LegState::Ended;
  leg.timer_c.reset();
  leg.closes_at.reset();
  leg.dead_at.reset();
  leg.retry_at.reset();
  leg.description.clear();
  leg.description.shrink_to_fit();
  note_status(leg, status, true);
  LiveAttempt* attempt = leg.attempt;
  if (attempt == nullptr) return;
  if (attempt->legs_open > 0) --attempt->legs_open;
  if (attempt->closed) return;
  if (!leg.stop.has_value() || status / 100 != 2) attempt->statuses.push_back(status);
  // A person pressed decline: that ends it on all his phones (rule 13).
  if (hunt::failure_of(status) == hunt::Failure::Declined && !leg.stop.has_value()) {
    close_attempt(*attempt, status);
    stop_attempt(*attempt, StopReason::DeclinedElsewhere);
    return;
  }
  if (attempt->legs_open > 0) return;
  if (!attempt->stop.has_value() && !attempt->later.empty()) {
    next_candidate(*attempt);
    return;
  }
  close_attempt(*attempt, status);
}

// ---- stopping ----

void Call::stop_leg(CalleeLeg& leg, StopReason reason) {
  if (leg.stop.has_value() || leg.state == LegState::Ended) return;
  leg.stop = reason;  // frozen here, whatever happens before it can be sent
  switch (leg.state) {
    case LegState::Trying:
      if (leg.side.out.state == InviteOut::State::None || leg.retry_at.has_value()) {
        leg_over(leg, 0);  // no INVITE is open
      }
      return;
    case LegState::Proceeding:
    case LegState::Ringing:
      if (leg.retry_at.has_value()) {
        leg_over(leg, 0);
      } else {
        send_cancel(leg);
      }
      return;
    case LegState::Answered:
      hang_up_leg(leg, reason);
      leg_over(leg, 200);
      return;
    case LegState::Cancelling:
    case LegState::Ended:
      return;
  }
}

// Only after a 1xx (9.1); where the INVITE went.
void Call::send_cancel(CalleeLeg& leg) {
  leg.cancel_sent = true;
  leg.state = LegState::Cancelling;
  leg.timer_c.reset();
  leg.closes_at = core_.now().at + 64 * core_.settings().timers.t1;
  std::string text =
      cancel_of(*leg.side.out.request, reason_lines(leg.stop.value_or(StopReason::TimedOut)));
  core_.layer().begin_cancel(leg.side.out.client,
                             std::make_shared<const std::string>(std::move(text)), core_.now(),
                             core_.out());
}

// ACK before BYE, always, and both by the same way.
void Call::hang_up_leg(CalleeLeg& leg, StopReason reason) {
  if (!leg.side.established) return;
  acknowledge_without_answer(leg.side);
  say_bye(leg.side, reason);
}

void Call::reject_offer_and_acknowledge(CalleeLeg& leg) {
  auto rejection = sdp::reject_all(leg.description);
  send_ack(leg.side, rejection ? std::string_view(*rejection) : std::string_view());
}

// ---- record ----

void Call::note_status(CalleeLeg& leg, std::uint16_t status, bool ended) {
  if (record_told_) return;
  const LiveAttempt* attempt = leg.attempt;
  facts::Attempt* entry = nullptr;
  if (attempt != nullptr) {
    entry = entry_of(*attempt->run, attempt->id);
  } else if (leg.place < record_.attempts.size()) {
    entry = &record_.attempts[leg.place];
  }
  if (entry == nullptr || leg.contact_index >= entry->contacts.size()) return;
  facts::ContactTried& contact = entry->contacts[leg.contact_index];
  if (status != 0) contact.sip_status = status;
  if (ended) contact.ended_at_ms = (core_.now().at - arrived_).count();
}

// ---- time ----

std::optional<base::Instant> Call::leg_deadline(const CalleeLeg& leg) const {
  std::optional<base::Instant> first;
  if (leg.state == LegState::Ended) return first;
  for (const auto& due : {leg.closes_at, leg.timer_c, leg.dead_at, leg.retry_at}) {
    if (due.has_value() && (!first.has_value() || *due < *first)) first = due;
  }
  return first;
}

// Where the plan knows when this ring ends, the ring's time decides and nothing else.
void Call::start_timer_c(CalleeLeg& leg) {
  leg.timer_c.reset();
  if (leg.attempt != nullptr && leg.attempt->dial.latest_end.has_value()) return;
  leg.timer_c = core_.now().at + core_.settings().timers.c;
}

void Call::on_leg_time(CalleeLeg& leg) {
  const base::Instant now = core_.now().at;
  if (leg.closes_at.has_value() && *leg.closes_at <= now) {
    // No final answer after the CANCEL: closed here; what comes later is a stray (9.1).
    core_.layer().abandon(leg.side.out.client);
    leg_over(leg, 0);
    return;
  }
  if (leg.retry_at.has_value() && *leg.retry_at <= now) {
    leg.retry_at.reset();
    send_invite(leg);
    return;
  }
  if (leg.dead_at.has_value() && *leg.dead_at <= now) {
    leg.dead_at.reset();
    if (!leg.alternates.empty() && leg.attempt != nullptr && !leg.attempt->closed) {
      std::vector<Candidate> rest = std::move(leg.alternates);
      leg.alternates.clear();
      Candidate next = std::move(rest.front());
      rest.erase(rest.begin());
      if (TrunkAgent* agent = core_.trunk(leg.to.trunk_id)) agent->put_last(leg.side.flow);
      start_leg(*leg.attempt, std::move(next), std::move(rest));
    }
  }
  if (leg.timer_c.has_value() && *leg.timer_c <= now) {
    leg.timer_c.reset();
    if (!leg.stop.has_value() && leg.heard) stop_leg(leg, StopReason::TimedOut);
  }
}

}  // namespace call
