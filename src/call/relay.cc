// Passing re-INVITE, UPDATE and INFO from one side of an answered call to the other: offers and
// answers go end to end with our own o= line; glare gets 491 (RFC 3261 section 14, RFC 3311).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/own_invite.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/call_record.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/transaction.h"
#include "sip/writer.h"

namespace call {

void Call::on_reinvite(Side& side, const Incoming& in, const Id& server) {
  if (side.anchor != nullptr) {
    answer_reinvite(side, in, server);
    return;
  }
  Side* peer = other(side);
  if (peer == nullptr || peer->over) {
    reply(server, in, peer == nullptr ? 491 : 481);
    return;
  }
  // 14.2: a second INVITE before the first has its final answer: 500; while one of ours is open
  // there: 491; the first of all not acknowledged yet: 491 too (D5).
  if (side.in.state == InviteIn::State::Open) {
    reply(server, in, 500, "Retry-After: 3\r\n");
    return;
  }
  const bool busy = side.in.state == InviteIn::State::Answered || is_negotiating(side) ||
                    is_negotiating(*peer) || peer->in.state == InviteIn::State::Open ||
                    peer->in.state == InviteIn::State::Answered;
  if (busy) {
    reply(server, in, 491);
    return;
  }
  const TimerHeaders timer = timer_headers(in.message);
  if (SessionTimer::too_small(timer)) {
    reply(server, in, 422, "Min-SE: 90\r\n");
    return;
  }
  side.dialog.refresh_target(in.message);
  side.next = core_.way_inside(side, side.dialog.next_hop().first);
  const std::string_view offer = sip::body_of_type(in.message, kSdpType);
  if (!offer.empty() && !sdp::Session::parse(offer)) {
    reply(server, in, 488);
    return;
  }
  side.in = InviteIn{};
  side.in.state = InviteIn::State::Open;
  side.in.server = server;
  side.in.cseq = in.message.cseq();
  side.in.has_offer = !offer.empty();
  core_.layer().own(server, {Owner::Kind::Side, side.id});
  reply(server, in, 100);
  relay(side, *peer, in, server);
}

bool Call::is_negotiating(const Side& side) const {
  if (side.out.state == InviteOut::State::Open || side.out.state == InviteOut::State::Answered) {
    return true;
  }
  return std::any_of(relays_.begin(), relays_.end(), [&](const Relay& open) {
    return open.to == &side && open.method != sip::Method::Info;
  });
}

void Call::on_update(Side& side, const Incoming& in, const Id& server) {
  const TimerHeaders timer = timer_headers(in.message);
  if (SessionTimer::too_small(timer)) {
    reply(server, in, 422, "Min-SE: 90\r\n");
    return;
  }
  const std::string_view offer = sip::body_of_type(in.message, kSdpType);
  if (!offer.empty() && side.anchor != nullptr && side.established) {
    answer_update(side, in, server);
    return;
  }
  Side* peer = other(side);
  if (!offer.empty() && peer != nullptr && peer->established && side.established) {
    // RFC 3311 section 5.2: the one before has no answer yet.
    const bool second = std::any_of(relays_.begin(), relays_.end(), [&](const Relay& open) {
      return open.from == &side && open.method == sip::Method::Update;
    });
    if (second) {
      reply(server, in, 500, "Retry-After: 3\r\n");
      return;
    }
    const bool glare = is_negotiating(side) || is_negotiating(*peer) ||
                       side.in.state == InviteIn::State::Answered ||
                       peer->in.state == InviteIn::State::Open ||
                       peer->in.state == InviteIn::State::Answered;
    if (glare) {
      reply(server, in, 491);
    } else if (!sdp::Session::parse(offer)) {
      reply(server, in, 488);
    } else {
      side.dialog.refresh_target(in.message);
      relay(side, *peer, in, server);
    }
    return;
  }
  if (!offer.empty()) {
    // Before the answer there is nobody to pass an offer to (sip.md 4.7).
    reply(server, in, 500, "Retry-After: 5\r\n");
    return;
  }
  // A refresh of this leg, or of its target: each leg for itself (RFC 4028).
  side.dialog.refresh_target(in.message);
  std::string lines(kAllowLine);
  lines += "Contact: " + core_.contact(side) + "\r\n";
  if (!timer.session_expires.empty()) lines += side.timer.answer(timer, core_.now().at);
  reply(server, in, 200, lines);
}

void Call::relay(Side& from, Side& to, const Incoming& in, const Id& server) {
  const sip::Method method = in.message.method();
  // An UPDATE goes as a re-INVITE to a peer that does not take it (sip.md 4.7).
  const bool invite =
      method == sip::Method::Invite || (method == sip::Method::Update && !to.allows_update);
  const Id client = core_.layer().reserve();
  const std::uint32_t cseq = to.dialog.next_cseq();
  sip::Writer writer = to.dialog.request(invite ? sip::Method::Invite : method, cseq,
                                         core_.via(to.next, core_.layer().branch_of(client)));
  if (method != sip::Method::Info) {
    writer.header(sip::Header::Contact, core_.contact(to))
        .lines(kAllowLine)
        .lines(kSupportedLine)
        .lines(to.timer.offer(0));
  }
  const std::string_view offer = sip::body_of_type(in.message, kSdpType);
  bool complete = true;
  if (method == sip::Method::Info) {
    if (const auto* package = in.message.find("Info-Package"); package != nullptr) {
      writer.header("Info-Package", package->value);
    }
    const std::string_view type = in.message.value(sip::Header::ContentType);
    if (in.message.body().empty()) {
      writer.no_body();
    } else {
      writer.body(type, in.message.body());
    }
  } else if (offer.empty()) {
    writer.no_body();
  } else {
    const std::string sdp = sdp_for(to, offer);
    complete = !sdp.empty();
    writer.body(kSdpType, sdp);
  }
  if (!writer.ok() || !complete) {
    core_.layer().release(client);
    reply(server, in, 488);
    if (method == sip::Method::Invite) from.in.state = InviteIn::State::Refused;
    return;
  }
  auto bytes = std::make_shared<const std::string>(writer.take());
  if (invite) {
    to.out = InviteOut{};
    to.out.state = InviteOut::State::Open;
    to.out.client = client;
    to.out.request = bytes;
    to.out.cseq = cseq;
    to.out.has_offer = !offer.empty();
  }
  Relay open;
  open.from = &from;
  open.to = &to;
  open.server = server;
  open.client = client;
  open.method = method;
  open.as_invite = invite;
  open.request = sip::OwnedMessage(in.message.bytes());
  open.has_offer = !offer.empty();
  relays_.push_back(std::move(open));
  core_.layer().begin(client, {to.next, std::move(bytes), invite, {Owner::Kind::Side, to.id}},
                      core_.now(), core_.out());
}

void Call::on_relay_event(std::size_t index, const ClientEvent& event,
                          const sip::Message* response) {
  if (event.what == ClientEvent::What::Response && response->code() < 200) {
    Relay& open = relays_[index];
    open.heard = true;
    if (open.cancel_wanted) cancel_relay(*open.from);
    return;
  }
  Relay done = std::move(relays_[index]);
  relays_.erase(relays_.begin() + static_cast<std::ptrdiff_t>(index));
  if (event.what != ClientEvent::What::Response) {
    relay_failure(done, 408, nullptr);
  } else if (response->code() < 300) {
    relay_success(done, *response);
  } else {
    relay_failure(done, response->code(), response);
  }
}

void Call::relay_success(Relay& done, const sip::Message& response) {
  Side& from = *done.from;
  Side& to = *done.to;
  const sip::Message request = done.request.view();
  const std::string_view body = sip::body_of_type(response, kSdpType);
  if (done.as_invite) {
    to.out.state = InviteOut::State::Answered;
    if (done.has_offer) send_ack(to, {});
  }
  if (done.method != sip::Method::Info) {
    to.dialog.refresh_target(response);
    to.next = core_.way_inside(to, to.dialog.next_hop().first);
    to.timer.accept_or_refresh(timer_headers(response), core_.now().at);
  }
  sip::Writer writer = sip::response_to(request, from.flow.peer, 200, {});
  writer.copy(request, sip::Header::RecordRoute);
  std::string sdp;
  if (done.method != sip::Method::Info) {
    writer.header(sip::Header::Contact, core_.contact(from)).lines(kAllowLine);
    const TimerHeaders asked = timer_headers(request);
    if (asked.supports_timer) writer.lines(from.timer.answer(asked, core_.now().at));
    sdp = sdp_for(from, body);
  }
  if (sdp.empty()) {
    writer.no_body();
  } else {
    writer.body(kSdpType, sdp);
  }
  if (!writer.ok()) return;
  auto bytes = std::make_shared<const std::string>(writer.take());
  if (done.method == sip::Method::Invite) {
    from.in.ok = bytes;
    from.in.state = InviteIn::State::Answered;
    from.in.repeat.emplace(core_.settings().timers.t1, core_.settings().timers.t2, core_.now().at);
  }
  core_.layer().respond(done.server, 200, std::move(bytes), core_.now(), core_.out());
}

// D7: 408 and 481 end the dialog, and with it the call; everything else leaves the session as it
// was. What only one hop understands is not passed on.
void Call::relay_failure(const Relay& done, std::uint16_t code, const sip::Message* response) {
  Side& from = *done.from;
  Side& to = *done.to;
  if (done.method == sip::Method::Invite) from.in.state = InviteIn::State::Refused;
  if (done.as_invite) to.out.state = InviteOut::State::Failed;
  const bool hop_only = code == 401 || code == 407 || code == 422 || code / 100 == 3;
  const std::uint16_t shown = hop_only ? std::uint16_t{488} : code;
  const sip::Message request = done.request.view();
  sip::Writer writer = sip::response_to(request, from.flow.peer, shown, {});
  if (response != nullptr && response->has(sip::Header::RetryAfter)) {
    writer.copy(*response, sip::Header::RetryAfter);
  }
  writer.no_body();
  if (writer.ok()) {
    core_.layer().respond(done.server, shown, std::make_shared<const std::string>(writer.take()),
                          core_.now(), core_.out());
  }
  if (code == 408 || code == 481) {
    if (code == 481) to.over = true;
    end_talk(facts::EndedBy::Server, StopReason::TimedOut, 102);
  }
}

// The CANCEL of a re-INVITE goes the same way as the re-INVITE; whose final answer comes back
// decides.
void Call::cancel_relay(Side& from) {
  for (Relay& open : relays_) {
    if (open.from != &from || open.method != sip::Method::Invite) continue;
    open.cancel_wanted = true;
    if (!open.heard || open.to->out.request == nullptr) return;
    core_.layer().begin_cancel(
        open.client, std::make_shared<const std::string>(cancel_of(*open.to->out.request, {})),
        core_.now(), core_.out());
    return;
  }
}

// ---- whose answer is it ----

void Call::on_client_event(Side& side, const ClientEvent& event, const sip::Message* response,
                           const base::Flow* flow) {
  for (std::size_t i = 0; i < relays_.size(); ++i) {
    if (relays_[i].client == event.client) {
      on_relay_event(i, event, response);
      return;
    }
  }
  if (side.own_client == event.client) {
    // A repeated 2xx of an INVITE of our own; an UPDATE or OPTIONS has no ACK.
    if (side.out.client == event.client && side.out.state == InviteOut::State::Acked &&
        response != nullptr) {
      on_repeated_success(side, {*response, *flow});
      return;
    }
    on_own_event(side, event, response);
    return;
  }
  if (response == nullptr) {
    if (side.out.client != event.client) return;
    if (side.leg != nullptr && !side.established) on_no_response(*side.leg, event.what);
    return;
  }
  if (response->method() != sip::Method::Invite) return;
  const Incoming in{*response, *flow};
  if (side.out.client != event.client || side.out.state != InviteOut::State::Open) {
    if (response->code() / 100 == 2) on_repeated_success(side, in);
  } else if (side.established) {
    // A re-INVITE that was passed on, and whose sender got his answer already.
    if (response->code() < 200) return;
    side.out.state = response->code() < 300 ? InviteOut::State::Answered : InviteOut::State::Failed;
    send_ack(side, {});
  } else if (side.leg != nullptr) {
    on_invite_response(*side.leg, in);
  }
}

}  // namespace call
