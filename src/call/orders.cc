// Calls that the office orders (API: click to call, pick up, transfer), by what calls can do
// anyway: hunts, transfers, joining.

#include "call/detail/orders.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/call_parts.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/side.h"
#include "call/engine.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace call {
namespace {

// How long somebody's own phones ring for what he ordered.
constexpr base::Duration kOwnRing{30'000};

OrderOutcome refusal_of(const model::Refuse& refused) {
  return refused.sip_code == 403 ? OrderOutcome::NotPermitted : OrderOutcome::NoSuchNumber;
}

}  // namespace

// ---- a call from a user's phone ----

void Orders::originate(Call& call, const Id& id, const model::User& user,
                       const std::string& number) {
  Core& core = call.core_;
  call.id_ = id;
  call.arrived_ = core.now().at;
  call.seed_ = core.rng().next();
  call.caller_.side.call = &call;
  call.caller_.side.over = true;  // nobody is there yet
  call.caller_.late_offer = true;
  call.caller_.told_ringing = true;
  call.originated_ = Originated{user.id};
  facts::CallRecord& record = call.record_;
  record.id = core.names().plain(id);
  record.tenant = call.snapshot_->office().tenant;
  record.started = core.now().wall;
  record.from = user.extension;
  record.from_name = user.name;
  record.dialled = number;
  record.plan.number = number;
  record.plan.from = user.extension;
  record.plan.decisions.push_back(
      {"the phones of user " + user.extension + " ring first", "ordered over the API", ""});
  core.tell(facts::CallArrived{record});
  call.start_hunt(model::RingUser{user.id, kOwnRing, true});
}

void Orders::own_phone_answered(Call& call, CalleeLeg& leg) {
  if (call.originated_.has_value()) call.originated_->rings_him = false;
  call.winner_ = nullptr;
  std::swap(call.caller_.side, leg.side);
  Side& side = call.caller_.side;
  side.leg = nullptr;
  side.acknowledged = true;
  leg.side.leg = &leg;
  call.core_.sides().move(side.id, side);
  call.identity_ = call.identity_of(leg);
  call.counts_as_in_call_ = true;
  call.core_.call_began(call.identity_.user_id);
  call.leg_over(leg, 200);
  call.caller_.late_offer = false;
  call.record_.sip_call_id = side.dialog.call_id;
  call.start_session(side);
  for (auto& run : call.runs_) call.take_story(*run);
  call.route();
}

void Orders::give_up(Call& call, model::EndClass end) {
  if (call.originated_.has_value()) call.originated_->rings_him = false;
  call.feed_all(hunt::CallerHungUp{false});
  call.end_class_ = end;
  call.note_outcome(call.outcome_of_end());
  call.set_ending();
  const model::Refuse code = model::code_of(end);
  call.end_record(facts::EndedBy::Server, code.sip_code, code.q850);
  call.caller_.ended = true;
}

CallOrdered Core::originate(const std::string& user_id, const std::string& number) {
  const model::User* user = snapshot_->user_by_id(user_id);
  if (user == nullptr || !user->enabled) return {OrderOutcome::NoSuchUser, {}};
  if (draining_ || calls_.size() >= settings_.limits.calls) return {OrderOutcome::TooMany, {}};
  if (!settings_.media.available) return {OrderOutcome::NoMedia, {}};
  if (devices_of(user_id).empty()) return {OrderOutcome::NoPhone, {}};
  model::Query query;
  query.dialled = number;
  query.caller = model::CallerKind::User;
  query.user_id = user_id;
  query.number = user->extension;
  query.at = now_.wall;
  query.emergency = is_emergency(number);
  const model::Route route = model::route(*snapshot_, query);
  if (const auto* refused = std::get_if<model::Refuse>(&route.step))
    return {refusal_of(*refused), {}};
  // What his phones show is whom he calls.
  Identity identity;
  identity.number = number;
  const auto [id, made] = add_call(std::move(identity));
  Orders::originate(*made, id, *user, number);
  touch(*made);
  return {OrderOutcome::Done, made->name()};
}

// ---- pick up ----

OrderOutcome Orders::pick_up(Call& call, const model::User& user) {
  if (!call.rings()) return OrderOutcome::DoesNotRing;
  if (call.caller_user() == user.id || call.originated_.has_value())
    return OrderOutcome::NotPermitted;
  if (call.core_.devices_of(user.id).empty()) return OrderOutcome::NoPhone;
  const bool rings = std::any_of(call.legs_.begin(), call.legs_.end(), [&](const auto& leg) {
    return leg->to.user_id == user.id && leg->state != LegState::Ended && !leg->stop.has_value();
  });
  if (rings) return OrderOutcome::RingsThere;
  if (!call.can_anchor() && call.caller_.side.established) return OrderOutcome::NoMedia;
  // Before the others: the last run stays the one that leads the call on.
  auto run = call.run_for(model::RingUser{user.id, kOwnRing, true});
  run->picks_up = true;
  HuntRun& hunted = *run;
  call.runs_.insert(call.runs_.begin(), std::move(run));
  call.begin(hunted);
  return OrderOutcome::Done;
}

bool Orders::waits_for_pick_up(Call& call, model::EndClass end) {
  for (const auto& run : call.runs_) {
    if (!run->picks_up || run->story_taken) continue;
    run->waits_with = end;
    return true;
  }
  return false;
}

void Orders::nobody_picked_up(Call& call, HuntRun& run) {
  call.take_story(run);
  const auto end = std::exchange(run.waits_with, std::nullopt);
  if (!end.has_value() || !call.is_hunting() || call.winner_ != nullptr) return;
  if (waits_for_pick_up(call, *end)) return;  // another one
  const model::Step ended = call.runs_.back()->step;
  if (call.transfer_.has_value()) return call.transfer_ended(ended, *end);
  call.end_class_ = end;
  call.continue_after(ended, *end);
}

OrderOutcome Core::pick_up(std::string_view call_id, const std::string& user_id) {
  Call* call = live_call(call_id);
  if (call == nullptr) return OrderOutcome::NoSuchCall;
  const model::User* user = snapshot_->user_by_id(user_id);
  if (user == nullptr || !user->enabled) return OrderOutcome::NoSuchUser;
  const OrderOutcome outcome = Orders::pick_up(*call, *user);
  touch(*call);
  return outcome;
}

// ---- transfer ----

OrderOutcome Orders::transfer(Call& call, const TransferOrder& order) {
  const Core& core = call.core_;
  if (call.state_ != Call::State::Talking || call.winner_ == nullptr)
    return OrderOutcome::NobodyTalks;
  if (!core.settings().media.available) return OrderOutcome::NoMedia;
  Side& by = order.who == TransferOrder::Who::Caller ? call.winner_->side : call.caller_.side;
  if (!call.may_refer(by)) return OrderOutcome::NobodyTalks;
  if (call.is_busy_for_refer(by)) return OrderOutcome::Busy;

  // With the rights of who stays behind; where that is nobody of ours, to numbers inside.
  const model::User* user = core.snapshot()->user_by_id(call.user_at(by));
  model::Query query;
  query.dialled = order.number;
  query.caller = user != nullptr ? model::CallerKind::User : model::CallerKind::Trusted;
  if (user != nullptr) query.user_id = user->id;
  query.number = &by == &call.caller_.side ? call.winner_->target_name : call.identity_.number;
  query.at = core.now().wall;
  const model::Dialled dialled = core.snapshot()->what_is(order.number);
  const auto* code = std::get_if<model::DialledCode>(&dialled);
  if (code != nullptr && code->name != "mailbox_of") return OrderOutcome::NoSuchNumber;
  model::Route route = model::route(*core.snapshot(), query);
  if (const auto* refused = std::get_if<model::Refuse>(&route.step)) return refusal_of(*refused);

  if (&by == &call.caller_.side) call.change_places();
  call.transfer_ = Transfer{};
  call.transfer_->by = call.winner_;
  call.transfer_->user_id = call.winner_->to.user_id;
  call.record_.plan.decisions.push_back(
      {call.identity_.number + " is sent on to " + order.number, "ordered over the API", ""});
  call.snapshot_ = core.snapshot();
  call.query_ = query;
  call.called_ = order.number;
  call.send_on(std::move(route));
  return OrderOutcome::Done;
}

OrderOutcome Core::transfer(std::string_view call_id, const TransferOrder& order) {
  Call* call = live_call(call_id);
  if (call == nullptr) return OrderOutcome::NoSuchCall;
  const OrderOutcome outcome = Orders::transfer(*call, order);
  touch(*call);
  return outcome;
}

}  // namespace call
