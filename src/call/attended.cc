// Two calls of one user become one (sip.md 4.12): by REFER with Replaces, whether the second one is
// answered or still rings somewhere; and the same user's other phone taking a call over by INVITE
// with Replaces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/connected.h"
#include "call/detail/core.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/media.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/waiting.h"
#include "sip/header_values.h"
#include "sip/message.h"

namespace call {

// ---- REFER with Replaces ----

void Call::refer_to_call(Side& side, const Incoming& in, const Id& server,
                         const std::string& replaces) {
  const auto names = sip::Replaces::parse(replaces);
  if (!names.has_value()) return reply(server, in, 400);
  Side* consultation = core_.side_named(*names);
  if (consultation == nullptr || consultation->call == this || consultation->over)
    return reply(server, in, 481);
  Call& second = *consultation->call;
  // Nobody joins a call that is not his own (T9).
  if (second.user_at(*consultation) != user_at(side)) return reply(server, in, 403);
  const bool talks = second.can_be_joined_talking(*consultation);
  const bool rings = !talks && second.can_be_joined_ringing(*consultation);
  if (!talks && !rings) return reply(server, in, 481);
  accept_refer(side, in, server);
  if (!hold_for_transfer()) {
    give_back(500);
    return;
  }
  if (talks) {
    join_with(second, *consultation);
  } else {
    move_into(second);
  }
}

bool Call::can_be_joined_talking(const Side& side) {
  if (state_ != State::Talking || winner_ == nullptr || transfer_.has_value()) return false;
  const Side* peer = other(side);
  return peer != nullptr && side.established && !peer->over && !caller_waits() && relays_.empty() &&
         !is_negotiating(*peer);
}

// Its caller waits for somebody, and is not taken by a service or a queue.
bool Call::can_be_joined_ringing(const Side& side) const {
  return &side == &caller_.side && is_hunting() && winner_ == nullptr && !caller_.ended &&
         !queue_place_.has_value() && !parked_.has_value() && !transfer_.has_value() &&
         !runs_.empty();
}

// The other side of the second call is this call's callee from now on; the second call is over.
void Call::join_with(Call& second, Side& consultation) {
  if (&consultation != &second.caller_.side) second.change_places();
  std::unique_ptr<CalleeLeg> moved = second.give_winner();
  CalleeLeg& leg = *moved;
  legs_.push_back(std::move(moved));
  leg.side.call = this;
  leg.attempt = nullptr;
  leg.place = kNoPlace;
  record_.final_destination = "user " + leg.target_name;
  if (leg.to.user_id.empty()) record_.final_destination = "number " + leg.target_name;
  transfer_->counted = std::exchange(callee_in_call_, {});
  winner_ = nullptr;
  callee_in_call_ = leg.to.user_id;
  core_.call_began(callee_in_call_);
  transfer_done();
  winner_ = &leg;
  state_ = State::Talking;
  drop_service(caller_.side);
  anchor_winner();
  join_anchors();
  if (identity_.kind == model::CallerKind::User)
    tell_connected(core_, caller_.side, name_addr(name_of(core_, leg), leg.target_name));
  if (!leg.to.user_id.empty() && !identity_.anonymous)
    tell_connected(core_, leg.side, name_addr(identity_.name, identity_.number));
  core_.touch(second);
}

// Its callee goes to another call; its caller, who had asked for that, is hung up.
std::unique_ptr<CalleeLeg> Call::give_winner() {
  for (auto& run : runs_) take_story(*run);
  const auto place = std::find_if(legs_.begin(), legs_.end(),
                                  [&](const auto& leg) { return leg.get() == winner_; });
  std::unique_ptr<CalleeLeg> out = std::move(*place);
  legs_.erase(place);
  winner_ = nullptr;
  set_ending();
  end_record(facts::EndedBy::Caller, 200, 16);
  end_session(caller_.side, StopReason::NormalClearing);
  caller_.ended = true;
  close_anchor(caller_.side);  // before his partner is joined elsewhere
  return out;
}

// The second call still rings somewhere: who is sent on becomes its caller, the hunt goes on.
void Call::move_into(Call& second) {
  CalleeLeg& by = *transfer_->by;
  tell_transferor(200, true);
  core_.tell(facts::CallTransferred{record_.id, extension_of(transfer_->user_id),
                                    "call " + second.name(), core_.now().wall});
  drop_service(caller_.side);
  second.replace_caller(caller_.side, identity_);
  caller_.side = Side{};
  caller_.side.over = true;
  caller_.ended = true;
  record_.final_destination = "call " + second.name();
  transfer_.reset();
  close_anchor(by.side);
  set_ending();
  end_record(facts::EndedBy::Callee, 200, 16);
  end_session(by.side, StopReason::NormalClearing);
  leg_over(by, 200);
  core_.touch(second);
}

// Who waited hears that his own call is over; the other one waits in his place.
void Call::replace_caller(Side& side, const Identity& identity) {
  drop_service(caller_.side);
  close_anchor(caller_.side);
  send_final(487, {});
  core_.sides().remove(caller_.side.id);
  if (std::exchange(counts_as_in_call_, false)) core_.call_ended(identity_.user_id, false);
  caller_.side = std::move(side);
  caller_.side.call = this;
  core_.sides().move(caller_.side.id, caller_.side);
  caller_.ended = false;
  caller_.told_ringing = true;
  caller_.late_offer = false;
  caller_.answer_waits = false;
  caller_.early_sdp.clear();
  caller_.offer.clear();
  caller_.reliable = {};
  caller_.repeat_18x_at.reset();
  caller_.expires_at.reset();
  identity_ = identity;
  if (identity_.kind == model::CallerKind::User) {
    counts_as_in_call_ = true;
    core_.call_began(identity_.user_id);
  }
  start_waiting(runs_.back()->step);
}

// ---- by keys: `*74`N# ----

void Call::play_while_waiting(Side& side, service::Sounds sounds) {
  service::Waiting::Settings settings;
  settings.voice = {service::language_from(snapshot_->office().language), nullptr};
  settings.hold = std::move(sounds);
  speak(side, std::make_unique<service::Waiting>(std::move(settings)));
}

// The caller hears music, who asked for it hears that it rings.
void Call::wait_for_consultation() {
  if (transfer_->by == nullptr) return;
  Side& side = transfer_->by->side;
  if (side.anchor == nullptr) {
    if (!open_anchor(side)) return;
    offer_again(side, own_offer(side));
  }
  play_while_waiting(caller_.side, {service::sound("music/" + snapshot_->office().music)});
  play_while_waiting(side, {service::tone(facts::Tone::Ringback)});
}

// The target has answered: he talks with who called him, the caller waits on.
void Call::begin_consultation() {
  transfer_->consulting = true;
  drop_service(transfer_->by->side);
  anchor_winner();
  play_while_waiting(caller_.side, {service::sound("music/" + snapshot_->office().music)});
  join_consultation();
}

bool Call::is_consulting() const {
  return transfer_.has_value() && transfer_->consulting && transfer_->by != nullptr &&
         winner_ != nullptr;
}

void Call::join_consultation() {
  const auto& asking = transfer_->by->side.anchor;
  const auto& asked = winner_->side.anchor;
  if (asking == nullptr || asked == nullptr || asking->port == 0 || asked->port == 0) return;
  core_.media(facts::JoinStreams{asking->stream, asked->stream});
}

// He has hung up: that is the transfer.
void Call::end_consultation() {
  core_.tell(facts::CallTransferred{record_.id, extension_of(transfer_->user_id),
                                    record_.final_destination, core_.now().wall});
  transfer_.reset();
  drop_service(caller_.side);
  anchor_winner();
  join_anchors();
}

// Who was asked has hung up: the caller is back with who asked.
void Call::drop_consulted() {
  CalleeLeg& leg = *std::exchange(winner_, nullptr);
  leg_over(leg, 200);
  close_anchor(leg.side);
  core_.call_ended(std::exchange(callee_in_call_, {}), true);
  give_back(480);
}

// ---- INVITE with Replaces of an answered dialog ----

bool Call::may_be_taken_over(const Side& side, const std::string& user_id) {
  return user_at(side) == user_id && can_be_joined_talking(side);
}

// Another phone of the same user takes his place.
void Call::take_over(Side& side, const Incoming& invite, const Id& server, const Identity& who) {
  if (&side == &caller_.side) change_places();
  CalleeLeg& old = *winner_;
  auto made = std::make_unique<CalleeLeg>();
  CalleeLeg& leg = *made;
  legs_.push_back(std::move(made));
  leg.to.user_id = who.user_id;
  leg.target_name = who.number;
  leg.place = kNoPlace;
  leg.side.leg = &leg;
  begin_side(leg.side, invite, server);
  leg.to.uri = leg.side.dialog.remote_target;
  leg.to.flow = leg.side.flow;
  leg.state = LegState::Answered;
  leg.heard = true;
  if (!hold_for_transfer() || !accept_side(leg.side, invite)) {
    leg.side.over = true;
    leg_over(leg, 488);
    return;
  }
  winner_ = &leg;
  end_session(old.side, StopReason::NormalClearing);
  leg_over(old, 200);
  close_anchor(old.side);
  join_anchors();
}

}  // namespace call
