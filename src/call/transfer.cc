// Transfers: a user who talks sends the other side on by REFER, to a number (blind) or into his own
// second call (attended; RFC 3515, RFC 3891, RFC 5589, sip.md 4.12).
//
// Who is sent on stays "the caller" of this call from then on, and the call keeps its id and its
// record (rule 15): where the caller's side transfers, the two sides change places first. The one
// who transfers stays until somebody else has the other side; when nobody takes it, he has it back,
// or is called back if he has hung up meanwhile.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/reason.h"
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
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr base::Duration kRecallRing{30'000};

// The value of a header of a URI ("?Replaces=…"), unescaped.
std::string uri_header(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const std::string_view one = headers.substr(0, headers.find('&'));
    headers.remove_prefix(std::min(one.size() + 1, headers.size()));
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos && sip::same_word(one.substr(0, equals), name))
      return sip::unescaped(one.substr(equals + 1));
  }
  return {};
}

}  // namespace

// ---- REFER ----

// The user at this end; empty: no own user.
const std::string& Call::user_at(const Side& side) const {
  static const std::string kNobody;
  if (side.leg != nullptr) return side.leg->to.user_id;
  return identity_.kind == model::CallerKind::User ? identity_.user_id : kNobody;
}

void Call::on_refer(Side& side, const Incoming& in, const Id& server) {
  // RFC 3515 section 2.4.2: exactly one Refer-To, whoever asks.
  const auto count =
      std::count_if(in.message.fields().begin(), in.message.fields().end(),
                    [](const auto& field) { return field.id == sip::Header::ReferTo; });
  if (count != 1) return reply(server, in, 400);
  const model::User* user = core_.snapshot()->user_by_id(user_at(side));
  // Who is sent on has to hear something: his audio must end here.
  if (!core_.settings().media.available) return reply(server, in, 603);
  if (!may_refer(side) || user == nullptr || !user->enabled) return reply(server, in, 403);
  const auto address = sip::NameAddr::parse(in.message.value(sip::Header::ReferTo));
  const auto uri = address.has_value() ? sip::Uri::parse(address->uri) : std::nullopt;
  if (!uri.has_value()) return reply(server, in, 400);
  if (uri->scheme == sip::Scheme::Other) return reply(server, in, 416);
  if (is_busy_for_refer(side)) return reply(server, in, 491);
  const std::string replaces = uri_header(uri->headers, "Replaces");
  if (!replaces.empty()) return refer_to_call(side, in, server, replaces);
  const bool outside = uri->scheme != sip::Scheme::Tel && !core_.is_ours(uri->host, side.flow);
  if (outside && !model::may_dial(user->permissions, address->uri)) return reply(server, in, 403);
  accept_refer(side, in, server);
  if (outside) {
    model::Route route;
    route.step = model::DialUri{std::string(address->uri)};
    send_on(std::move(route));
  } else {
    send_on_to(sip::unescaped(uri->user.substr(0, uri->user.find(';'))), *user);
  }
}

// He talks with somebody.
bool Call::may_refer(const Side& side) {
  const Side* peer = other(side);
  return state_ == State::Talking && winner_ != nullptr && side.established && peer != nullptr &&
         !peer->over && !caller_waits() && core_.settings().media.available;
}

bool Call::is_busy_for_refer(const Side& side) {
  const auto is_busy = [this](const Side& one) {
    return is_negotiating(one) || one.in.state == InviteIn::State::Open ||
           one.in.state == InviteIn::State::Answered;
  };
  return transfer_.has_value() || !relays_.empty() || is_busy(side) || is_busy(*other(side));
}

// The 202; from here on `transfer_->by` is who transfers, and the caller's side is who is sent on.
void Call::accept_refer(Side& side, const Incoming& in, const Id& server) {
  const auto* wish = in.message.find("Refer-Sub");  // RFC 4488
  const bool silent = wish != nullptr && sip::same_word(wish->value, "false");
  std::string lines = "Contact: " + core_.contact(side) + "\r\n";
  if (silent) lines += "Refer-Sub: false\r\n";
  reply(server, in, 202, lines);
  begin_transfer(side, silent ? std::string() : "refer;id=" + std::to_string(in.message.cseq()));
}

void Call::begin_transfer(Side& side, std::string event) {
  if (&side == &caller_.side) change_places();
  transfer_ = Transfer{};
  transfer_->by = winner_;
  transfer_->user_id = winner_->to.user_id;
  transfer_->event = std::move(event);
  record_.plan.decisions.push_back(
      {"user " + extension_of(transfer_->user_id) + " sends the other side on", "REFER", ""});
  tell_transferor(100, false);
}

// The caller's side and the winner's change places: who called is called from now on.
void Call::change_places() {
  std::swap(caller_.side, winner_->side);
  caller_.side.leg = nullptr;
  winner_->side.leg = winner_;
  core_.sides().move(caller_.side.id, caller_.side);
  core_.sides().move(winner_->side.id, winner_->side);
  places_changed_ = !places_changed_;
  const Identity before = identity_;
  identity_ = identity_of(*winner_);
  winner_->to = Candidate{};
  winner_->to.uri = winner_->side.dialog.remote_target;
  winner_->to.flow = winner_->side.flow;
  winner_->to.user_id = before.user_id;
  winner_->to.trunk_id = before.trunk_id;
  winner_->target_name = before.number;
  winner_->attempt = nullptr;
  winner_->place = kNoPlace;
  const bool counted = std::exchange(counts_as_in_call_, !callee_in_call_.empty());
  callee_in_call_ = counted ? before.user_id : std::string();
}

// Who this leg is, as somebody who calls.
Identity Call::identity_of(const CalleeLeg& leg) const {
  Identity out;
  const model::User* user = snapshot_->user_by_id(leg.to.user_id);
  if (user != nullptr) {
    out.kind = model::CallerKind::User;
    out.user_id = user->id;
    out.number = user->extension;
    out.name = user->name;
    return out;
  }
  out.kind = model::CallerKind::Trunk;
  out.trunk_id = leg.to.trunk_id;
  out.number = leg.target_name;
  return out;
}

// ---- blind ----

// With the rights of who transfers; what callers' patterns see is who is sent on.
void Call::send_on_to(const std::string& number, const model::User& by) {
  snapshot_ = core_.snapshot();
  query_ = model::Query{};
  query_.dialled = number;
  query_.caller = model::CallerKind::User;
  query_.user_id = by.id;
  query_.number = identity_.number;
  query_.at = core_.now().wall;
  const model::Dialled dialled = snapshot_->what_is(number);
  const auto* code = std::get_if<model::DialledCode>(&dialled);
  if (code != nullptr && code->name == "park") return park_there(*code, by);
  if (code != nullptr && code->name != "mailbox_of") {
    give_back(404);
    return;
  }
  called_ = number;
  send_on(model::route(*snapshot_, query_));
}

// At the place that was named, else at his own: his extension.
void Call::park_there(const model::DialledCode& code, const model::User& by) {
  const std::string place = code.argument.empty() ? by.extension : code.argument;
  if (core_.parked_at(place) != nullptr) return give_back(486);
  if (!hold_for_transfer()) return give_back(500);
  transfer_->counted = std::exchange(callee_in_call_, {});
  winner_ = nullptr;
  state_ = State::Hunting;
  if (!park(place)) give_back(486);
}

void Call::send_on(model::Route route) {
  for (auto& decision : route.decisions) {
    record_.plan.decisions.push_back(
        {std::move(decision.what), std::move(decision.because), std::move(decision.setting)});
  }
  if (const auto* refused = std::get_if<model::Refuse>(&route.step)) {
    give_back(refused->sip_code);
    return;
  }
  if (!hold_for_transfer()) {
    give_back(500);
    return;
  }
  query_.visited = std::move(route.visited);
  steps_ = 0;
  transfer_->counted = std::exchange(callee_in_call_, {});
  winner_ = nullptr;
  state_ = State::Hunting;
  record_.final_destination = destination_name(route.step);
  if (const auto* service = std::get_if<model::Serve>(&route.step)) {
    start_service(*service);
    if (transfer_.has_value() && !caller_.ended) transfer_done();
    return;
  }
  start_hunt(route.step);
  if (transfer_.has_value() && transfer_->attended) wait_for_consultation();
}

// Who is sent on hears us meanwhile.
bool Call::hold_for_transfer() {
  Side& side = caller_.side;
  if (side.anchor != nullptr) return side.anchor->port != 0;
  if (!open_anchor(side)) return false;
  offer_again(side, own_offer(side));
  return true;
}

// ---- what comes of it ----

// The state of the transfer, as a NOTIFY in his dialog; 100 or a final code.
void Call::tell_transferor(std::uint16_t code, bool last) {
  if (!transfer_.has_value() || transfer_->by == nullptr || transfer_->event.empty()) return;
  Side& side = transfer_->by->side;
  if (side.over || !side.established) return;
  const Id client = core_.layer().reserve();
  sip::Writer writer = side.dialog.request(sip::Method::Notify, side.dialog.next_cseq(),
                                           core_.via(side.next, core_.layer().branch_of(client)));
  const std::string text =
      "SIP/2.0 " + std::to_string(code) + " " + std::string(sip::phrase_of(code)) + "\r\n";
  writer.header(sip::Header::Contact, core_.contact(side))
      .header(sip::Header::Event, transfer_->event)
      .lines(last ? "Subscription-State: terminated;reason=noresource\r\n"
                  : "Subscription-State: active;expires=180\r\n")
      .body("message/sipfrag;version=2.0", text);
  if (!writer.ok()) {
    core_.layer().release(client);
    return;
  }
  core_.layer().begin(client,
                      {side.next, std::make_shared<const std::string>(writer.take()), false, {}},
                      core_.now(), core_.out());
}

// Somebody else has the other side now.
void Call::transfer_done() {
  tell_transferor(200, true);
  if (!transfer_->recall_of.has_value()) {
    core_.tell(facts::CallTransferred{record_.id, extension_of(transfer_->user_id),
                                      record_.final_destination, core_.now().wall});
  }
  queue_talk_over();
  let_transferor_go();
  transfer_.reset();
}

void Call::let_transferor_go() {
  if (!transfer_.has_value() || transfer_->by == nullptr) return;
  CalleeLeg& leg = *transfer_->by;
  end_session(leg.side, StopReason::NormalClearing);
  transferor_gone();
}

bool Call::is_transferor(const Side& side) const {
  return transfer_.has_value() && side.leg != nullptr && side.leg == transfer_->by;
}

// He has hung up, or his phone is gone. What he began goes on.
void Call::transferor_gone() {
  CalleeLeg& leg = *std::exchange(transfer_->by, nullptr);
  leg_over(leg, 200);
  close_anchor(leg.side);  // before somebody else is joined in its place
  core_.call_ended(std::exchange(transfer_->counted, {}), true);
  if (transfer_->consulting) end_consultation();
}

// Nobody took it: he who transfers has the other side back.
void Call::give_back(std::uint16_t code) {
  if (transfer_->by == nullptr) return;
  tell_transferor(code, true);
  winner_ = transfer_->by;
  if (!transfer_->counted.empty()) callee_in_call_ = transfer_->counted;
  transfer_.reset();
  state_ = State::Talking;
  if (caller_.side.anchor == nullptr) return;  // nothing had begun
  drop_service(caller_.side);
  anchor_winner();
  join_anchors();
}

// The hunt for the transfer's target ended without an answer.
void Call::transfer_ended(const model::Step& step, model::EndClass end) {
  if (transfer_->by != nullptr) {
    give_back(model::code_of(end).sip_code);
    return;
  }
  if (transfer_->recall_of.has_value()) {
    // He who transferred does not answer either: as if it had been dialled.
    const model::Step first = *transfer_->recall_of;
    const model::EndClass first_end = transfer_->end;
    transfer_.reset();
    end_class_ = first_end;
    continue_after(first, first_end);
    return;
  }
  transfer_->recall_of = step;
  transfer_->end = end;
  record_.final_destination = "recall " + extension_of(transfer_->user_id);
  start_hunt(model::RingUser{transfer_->user_id, kRecallRing, true});
}

}  // namespace call
