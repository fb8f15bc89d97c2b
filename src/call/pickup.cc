// Picking a ringing call up: by code (`**`N, `*8`) the oldest one, by INVITE with Replaces exactly
// the one that a lamp showed (RFC 3891, sip.md 4.13). Who picks up becomes a leg of the ringing
// call; it has the one record.

#include "model/pickup.h"

#include <algorithm>
#include <cstddef>
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
#include "call/detail/ids.h"
#include "call/detail/session_timer.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sdp/audio.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/writer.h"

namespace call {
namespace {

bool is_ringing(const CalleeLeg& leg) {
  const bool rings = leg.state == LegState::Trying || leg.state == LegState::Proceeding ||
                     leg.state == LegState::Ringing;
  const bool may_be_had = leg.attempt != nullptr && !leg.attempt->dial.auto_answer;  // no page
  return rings && !leg.stop.has_value() && may_be_had;
}

}  // namespace

// ---- which call ----

// The oldest call that rings there and that he may have.
Core::Found Core::find_ringing(const model::DialledCode& code, const model::User& user) const {
  Found found;
  std::string resource = code.name == "pickup" ? resource_named(code.argument) : std::string();
  if (code.name == "park")
    resource = "park/" + (code.argument.empty() ? user.extension : code.argument);
  if (code.name == "pickup" && resource.empty()) return found;
  calls_.for_each([&](Call& call) {
    const bool there = resource.empty() ? call.rings_near(user) : call.rings_at(resource);
    if (!there || call.caller_user() == user.id) return;
    if (!call.may_be_picked_up_by(user)) {
      found.forbidden = true;
    } else if (found.call == nullptr || call.arrived() < found.call->arrived()) {
      found.call = &call;
    }
  });
  return found;
}

// The pickup code that this number is, with what stands behind it.
std::optional<model::DialledCode> Core::pickup_code(const std::string& number) const {
  bool may_be = false;
  for (const model::FeatureCode& code : snapshot_->feature_codes()) {
    const bool pickup = code.name == "pickup" || code.name == "pickup_any" || code.name == "park";
    may_be = may_be || (pickup && !code.code.empty() && number.starts_with(code.code));
  }
  if (!may_be) return std::nullopt;
  const model::Dialled dialled = snapshot_->what_is(number);
  const auto* code = std::get_if<model::DialledCode>(&dialled);
  const bool fetches = code != nullptr && (code->name == "pickup" || code->name == "pickup_any" ||
                                           code->name == "park");
  return fetches ? std::optional{*code} : std::nullopt;
}

// False: there is nothing to pick up, and he is to be told so.
bool Core::pick_up_by_code(const Incoming& in, const Identity& identity,
                           const std::string& number) {
  if (identity.kind != model::CallerKind::User) return false;
  const auto code = pickup_code(number);
  const model::User* user = code.has_value() ? snapshot_->user_by_id(identity.user_id) : nullptr;
  if (user == nullptr) return false;
  const Found found = find_ringing(*code, *user);
  if (found.call == nullptr) return false;
  join_by_invite(in, identity, *found.call, nullptr);
  return true;
}

// As its callee; in the place of `old`, where it is answered.
void Core::join_by_invite(const Incoming& in, const Identity& identity, Call& call, Side* old) {
  if (const auto no = call.refuses_to_join(in.message)) {
    decline(in, no->code, "pickup_not_acceptable", no->lines);
    return;
  }
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) {
    refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
    return;
  }
  if (old == nullptr) {
    call.pick_up(in, *server, identity);
  } else {
    call.take_over(*old, in, *server, identity);
  }
  touch(call);
}

// A refusal of somebody who has shown his credentials: in a transaction, so that each copy of the
// request gets the same (credentials count once).
void Core::decline(const Incoming& in, std::uint16_t code, std::string_view why,
                   std::string_view lines) {
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) return refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
  tell(facts::RequestRefused{in.flow.peer, std::string(in.message.method_name()), code,
                             std::string(why)});
  sip::Writer answer = sip::response_to(in.message, in.flow.peer, code,
                                        names_.seal(in.message.value(sip::Header::CallId)));
  answer.lines(lines).no_body();
  if (!answer.ok()) return;
  layer_.respond(*server, code, std::make_shared<const std::string>(answer.take()), now_, *out_);
}

// ---- Replaces ----

// The side of ours that these names mean; both orders of the tags, as phones write both. Null:
// there is none.
Side* Core::side_named(const sip::Replaces& names) const {
  for (const auto& [ours, theirs] :
       {std::pair{names.to_tag, names.from_tag}, std::pair{names.from_tag, names.to_tag}}) {
    const auto id = names_.read_tag(ours);
    Side* side = id.has_value() ? sides_.find(*id) : nullptr;
    if (side == nullptr || side->tag != ours || side->dialog.call_id != names.call_id) continue;
    if (side->dialog.remote_tag == theirs) return side;
    if (side->leg == nullptr) continue;
    for (const EarlyDialog& early : side->leg->early)
      if (early.tag == theirs) return side;
  }
  return nullptr;
}

// RFC 3891 section 3. Who may at all is asked before anything is told of the call.
void Core::on_replaces(const Incoming& in, const Identity& identity) {
  std::size_t count = 0;
  for (const auto& field : in.message.fields())
    if (field.id == sip::Header::Replaces) ++count;
  const auto names = sip::Replaces::parse(in.message.value(sip::Header::Replaces));
  if (count != 1 || !names.has_value()) return decline(in, 400, "bad_replaces");
  const model::User* user =
      identity.kind == model::CallerKind::User ? snapshot_->user_by_id(identity.user_id) : nullptr;
  if (user == nullptr) return decline(in, 403, "replaces_not_permitted");
  Side* side = side_named(*names);
  if (side == nullptr) return decline(in, 481, "no_such_dialog");
  Call& call = *side->call;
  if (side->over || call.is_told()) return decline(in, 603, "dialog_is_over");
  if (side->established) {
    if (names->early_only) return decline(in, 486, "dialog_is_answered");
    if (!call.may_be_taken_over(*side, user->id))
      return decline(in, 403, "take_over_not_permitted");
    return join_by_invite(in, identity, call, side);
  }
  // Only a dialog in which we called may be picked up: one that rings at a phone.
  if (side->leg == nullptr || !call.rings()) return decline(in, 481, "does_not_ring");
  if (!call.may_be_picked_up_by(*user)) return decline(in, 403, "pickup_not_permitted");
  join_by_invite(in, identity, call, nullptr);
}

// ---- the ringing call ----

bool Call::rings() const {
  if (!is_hunting() || winner_ != nullptr || caller_.ended || record_told_) return false;
  if (queue_place_.has_value() || parked_.has_value()) return true;
  return std::any_of(legs_.begin(), legs_.end(), [](const auto& leg) { return is_ringing(*leg); });
}

bool Call::rings_at(std::string_view resource) const {
  if (!rings()) return false;
  if (parked_.has_value() && resource == "park/" + parked_->place) return true;
  if (queue_place_.has_value() && resource == "queue/" + queue_place_->queue_id) return true;
  return std::any_of(legs_.begin(), legs_.end(), [&](const auto& leg) {
    if (!is_ringing(*leg)) return false;
    const model::Group* group = group_of(*leg->attempt->run);
    if (group != nullptr && resource == "group/" + group->id) return true;
    return !leg->to.user_id.empty() && resource == "user/" + leg->to.user_id;
  });
}

bool Call::rings_near(const model::User& user) const {
  if (!rings() || parked_.has_value()) return false;
  const model::Queue* queue = queue_of_place();
  if (queue != nullptr) return model::may_pick_up(*snapshot_, *queue, user);
  return std::any_of(legs_.begin(), legs_.end(), [&](const auto& leg) {
    if (!is_ringing(*leg)) return false;
    if (const model::Group* group = group_of(*leg->attempt->run))
      return model::is_member(*snapshot_, *group, user);
    const model::User* at = snapshot_->user_by_id(leg->to.user_id);
    return at != nullptr && (at->id == user.id || model::share_a_group(*snapshot_, *at, user));
  });
}

// The right is that of the group or queue that rings, not of the phone.
bool Call::may_be_picked_up_by(const model::User& user) const {
  if (parked_.has_value()) return true;
  if (queue_place_.has_value()) {
    const model::Queue* queue = queue_of_place();
    return queue != nullptr && model::may_pick_up(*snapshot_, *queue, user);
  }
  const model::Group* group = runs_.empty() ? nullptr : group_of(*runs_.back());
  return group == nullptr || model::may_pick_up(*snapshot_, *group, user);
}

// Why an INVITE cannot become a leg of this call.
std::optional<InviteRefusal> Call::refuses_to_join(const sip::Message& invite) const {
  if (SessionTimer::too_small(timer_headers(invite))) return InviteRefusal{422, "Min-SE: 90\r\n"};
  const std::string_view offer = sip::body_of_type(invite, kSdpType);
  if (std::string taken = sip::body_refusal(invite, kSdpType); !taken.empty())
    return InviteRefusal{415, std::move(taken)};
  const bool can = caller_.side.established ? core_.settings().media.available : can_anchor();
  if (!can) return InviteRefusal{488, {}};
  if (offer.empty()) return std::nullopt;
  const auto session = sdp::Session::parse(offer);
  const bool sounds =
      session.has_value() && sdp::answer_to(*session, core_.own_audio(caller_.side.flow));
  return sounds ? std::nullopt : std::optional{InviteRefusal{488, {}}};
}

// Our side of a dialog that this INVITE begins.
void Call::begin_side(Side& side, const Incoming& invite, const Id& server) {
  side.call = this;
  side.id = core_.sides().add(side, core_.rng());
  side.tag = core_.names().tag(side.id);
  side.dialog = sip::Dialog::from_request(invite.message, side.tag);
  side.flow = invite.flow;
  const auto dialled = sip::Uri::parse(invite.message.request_uri());
  side.sips = dialled.has_value() && dialled->scheme == sip::Scheme::Sips;
  side.next = core_.way_inside(side, side.dialog.next_hop().first);
  side.origin = sdp::OriginKeeper(core_.rng().next() >> 2U);
  side.began_by_peer = true;
  side.supports_timer = invite.message.has_token(sip::Header::Supported, "timer");
  side.allows_update = invite.message.has_token(sip::Header::Allow, "UPDATE");
  side.in.state = InviteIn::State::Open;
  side.in.server = server;
  side.in.keep(invite.message.bytes());
  side.in.cseq = invite.message.cseq();
  side.in.has_offer = !sip::body_of_type(invite.message, kSdpType).empty();
  core_.layer().own(server, {Owner::Kind::Side, side.id});
}

// The 200 to an INVITE that joins this call, with our own end of the audio. False: it cannot be
// answered, and has got its refusal.
bool Call::accept_side(Side& side, const Incoming& invite) {
  const std::string_view offer = sip::body_of_type(invite.message, kSdpType);
  std::string sdp;
  if (open_anchor(side)) sdp = offer.empty() ? own_offer(side) : own_answer(side, offer);
  const std::uint16_t code = sdp.empty() ? 488 : 200;
  sip::Writer writer = sip::response_to(invite.message, side.flow.peer, code, side.tag);
  if (sdp.empty()) {
    writer.no_body();
  } else {
    writer.copy(invite.message, sip::Header::RecordRoute)
        .header(sip::Header::Contact, core_.contact(side))
        .lines(kAllowLine)
        .lines(kSupportedLine)
        .lines(side.timer.answer(timer_headers(invite.message), core_.now().at))
        .body(kSdpType, sdp);
  }
  if (!writer.ok()) {
    core_.found_bug(*this, "response not writable");
    return false;
  }
  const auto bytes = std::make_shared<const std::string>(writer.take());
  core_.layer().respond(side.in.server, code, bytes, core_.now(), core_.out());
  if (sdp.empty()) return false;
  side.in.ok = bytes;
  side.in.state = InviteIn::State::Answered;
  side.in.repeat.emplace(core_.settings().timers.t1, core_.settings().timers.t2, core_.now().at);
  side.established = true;
  side.dialog.confirmed = true;
  return true;
}

// He is connected; for everybody who rings it is as if a colleague had answered (docs/hunting.md,
// missed-call rule: pickup by anybody).
void Call::pick_up(const Incoming& invite, const Id& server, const Identity& picker) {
  auto made = std::make_unique<CalleeLeg>();
  CalleeLeg& leg = *made;
  legs_.push_back(std::move(made));
  leg.to.user_id = picker.user_id;
  leg.target_name = picker.number;
  leg.place = kNoPlace;
  leg.side.leg = &leg;
  begin_side(leg.side, invite, server);
  leg.to.uri = leg.side.dialog.remote_target;
  leg.to.flow = leg.side.flow;
  leg.state = LegState::Answered;
  leg.heard = true;
  if (!accept_side(leg.side, invite)) {
    leg.side.over = true;
    leg_over(leg, 488);
    return;
  }
  winner_ = &leg;
  feed_all(hunt::TakenElsewhere{});
  leave_queue();
  parked_.reset();
  for (auto& run : runs_) take_story(*run);
  note_picked_up(picker);
  join(leg);
}

void Call::note_picked_up(const Identity& picker) {
  facts::Attempt entry;
  const std::int64_t now = (core_.now().at - arrived_).count();
  entry.target = picker.number;
  if (!record_.attempts.empty()) {
    entry.group = record_.attempts.back().group;
    entry.round = record_.attempts.back().round;
    entry.stage = record_.attempts.back().stage;
  }
  entry.planned_at_ms = now;
  entry.dialled_at_ms = now;
  entry.ended_at_ms = now;
  entry.result = facts::AttemptResult::Won;
  entry.why = "picked_up";
  record_.attempts.push_back(entry);
  core_.tell(facts::AttemptEnded{
      record_.id, static_cast<std::uint32_t>(record_.attempts.size() - 1), std::move(entry)});
}

}  // namespace call
