// The life of a call: arrival, time, the end of a turn.

#include "call/detail/call.h"

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
#include "call/detail/audio_place.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/orders.h"
#include "call/detail/paging.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace call {
namespace {

constexpr std::size_t kAlertInfoMax = 512;

std::string dialled_of(const sip::Message& invite) {
  const auto uri = sip::Uri::parse(invite.request_uri());
  if (!uri.has_value()) return {};
  return sip::unescaped(uri->user.substr(0, uri->user.find(';')));
}

std::string loop_marks_of(const sip::Message& invite) {
  std::string out;
  for (const auto& field : invite.fields()) {
    if (field.id != sip::Header::Other || !sip::same_word(field.name, kLoopHeader)) continue;
    if (out.size() + field.value.size() > 1024) break;
    if (!out.empty()) out += ' ';
    out += field.value;
  }
  return out;
}

}  // namespace

Call::Call(Core& core, std::shared_ptr<const model::Snapshot> snapshot, Identity identity)
    : core_(core), snapshot_(std::move(snapshot)), identity_(std::move(identity)) {}

Call::~Call() {
  core_.sides().remove(caller_.side.id);
  for (const auto& leg : legs_) {
    core_.sides().remove(leg->side.id);
    if (leg->side.out.state == InviteOut::State::Open) core_.layer().disown(leg->side.out.client);
  }
}

void Call::arrive(const Incoming& invite, const Id& id, const Id& server, std::uint64_t merge_key) {
  id_ = id;
  merge_key_ = merge_key;
  arrived_ = core_.now().at;
  seed_ = core_.rng().next();
  begin_side(caller_.side, invite, server);
  const Side& side = caller_.side;

  record_.id = core_.names().plain(id);
  record_.tenant = snapshot_->office().tenant;
  record_.started = core_.now().wall;
  record_.from = identity_.number;
  record_.from_name = identity_.name;
  record_.dialled = dialled_of(invite.message);
  record_.sip_call_id = side.dialog.call_id;
  record_.plan.number = record_.dialled;
  record_.plan.from = identity_.number;
  core_.tell(facts::CallArrived{record_});
  reply(server, invite, 100);
  if (!read_invite(invite)) return;
  state_ = State::Hunting;
  if (identity_.kind == model::CallerKind::User) {
    counts_as_in_call_ = true;
    core_.call_began(identity_.user_id);
  }
  route();
}

// What the caller's INVITE asks for. Refuses it if it cannot be served, then returns false.
bool Call::read_invite(const Incoming& invite) {
  Side& side = caller_.side;
  const sip::Message& message = invite.message;
  if (!sip::has_one_contact(message)) {
    end_with_code(400, 0);
    return false;
  }
  side.supports_timer = message.has_token(sip::Header::Supported, "timer");
  side.allows_update = message.has_token(sip::Header::Allow, "UPDATE");
  caller_.reliable.required = message.has_token(sip::Header::Require, "100rel");
  caller_.reliable.supported = message.has_token(sip::Header::Supported, "100rel");
  caller_.reliable.cseq = message.cseq();
  caller_.no_fork = message.has_token(sip::Header::RequestDisposition, "no-fork");
  caller_.loop_marks = loop_marks_of(message);
  if (identity_.kind == model::CallerKind::Trusted) {
    caller_.alert_info = message.value(sip::Header::AlertInfo).substr(0, kAlertInfoMax);
    const auto* answer_mode = message.find("Answer-Mode");
    if (answer_mode != nullptr) caller_.answer_mode = answer_mode->value.substr(0, kAlertInfoMax);
  }
  if (const auto hops = sip::read_number(message.value(sip::Header::MaxForwards), 255);
      hops.has_value()) {
    caller_.max_forwards = static_cast<std::uint32_t>(std::min<std::uint64_t>(*hops, 70));
  }
  if (const auto expires = sip::seconds_of(message.value(sip::Header::Expires));
      expires.has_value() && *expires > 0) {
    caller_.expires_at = core_.now().at + base::Duration(std::int64_t{*expires} * 1000);
  }
  const TimerHeaders timer = timer_headers(message);
  if (SessionTimer::too_small(timer)) {
    end_with_code(422, 0);
    return false;
  }
  const std::string_view offer = sip::body_of_type(message, kSdpType);
  if (!sip::body_refusal(message, kSdpType).empty()) {
    end_with_code(415, 0);
    return false;
  }
  caller_.late_offer = offer.empty();
  side.in.has_offer = !offer.empty();
  caller_.audio = {.ip = side.flow.peer.ip};
  if (!offer.empty()) {
    const auto session = sdp::Session::parse(offer);
    if (!session.has_value()) {
      end_with_code(488, 0);
      return false;
    }
    caller_.audio = audio_place(*session, side.flow);
  }
  caller_.offer = offer;
  return true;
}

TimerHeaders timer_headers(const sip::Message& message) {
  return {.session_expires = message.value(sip::Header::SessionExpires),
          .min_se = message.value(sip::Header::MinSe),
          .supports_timer = message.has_token(sip::Header::Supported, "timer") ||
                            message.has_token(sip::Header::Require, "timer")};
}

// ---- time ----

std::optional<base::Instant> Call::deadline() const {
  std::optional<base::Instant> first;
  const auto take_first = [&first](std::optional<base::Instant> other) {
    if (other.has_value() && (!first.has_value() || *other < *first)) first = other;
  };
  const auto take_side = [&](const Side& side) {
    if (side.in.repeat.has_value()) take_first(side.in.repeat->deadline());
    take_first(side.out.ack_until);
    // A timer agreed by UPDATE in an early dialog runs, but means nothing before the answer.
    if (side.over || !side.established) return;
    take_first(side.timer.deadline());
    take_first(side.probe_at);
  };
  const auto take_service = [&](const Side& side) {
    if (side.anchor != nullptr && side.anchor->service != nullptr)
      take_first(side.anchor->service->deadline());
  };
  take_service(caller_.side);
  take_side(caller_.side);
  if (!caller_.ended) {
    take_first(caller_.repeat_18x_at);
    take_first(caller_.expires_at);
  }
  if (caller_.reliable.repeat.has_value()) take_first(caller_.reliable.repeat->deadline());
  if (parked_.has_value()) take_first(parked_->until);
  for (const auto& run : runs_) {
    if (run->hunt != nullptr) take_first(run->hunt->deadline());
  }
  for (const auto& leg : legs_) {
    take_side(leg->side);
    take_service(leg->side);
    take_first(leg_deadline(*leg));
    // A leg that is over stays until its transaction has absorbed what may still come; the layer
    // tells nobody when that is, so the call looks again when time changes something there.
    if (leg->state == LegState::Ended && (leg.get() != winner_ || record_told_))
      take_first(core_.layer().deadline_of(leg->side.out.client));
  }
  return first;
}

void Call::on_time() {
  const base::Instant now = core_.now().at;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    HuntRun& run = *runs_[i];
    if (run.hunt == nullptr) continue;
    const auto due = run.hunt->deadline();
    if (due.has_value() && *due <= now) feed(run, hunt::TimeReached{});
  }
  on_park_time();
  on_service_time(caller_.side);
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    CalleeLeg& leg = *legs_[i];
    on_service_time(leg.side);
    if (leg.state != LegState::Ended) on_leg_time(leg);
    if (leg.side.in.repeat.has_value()) repeat_ok(leg.side);
    on_session_time(leg.side);
    forget_ack(leg.side);
  }
  forget_ack(caller_.side);
  on_caller_time();
  if (caller_.side.in.repeat.has_value()) repeat_ok(caller_.side);
  on_session_time(caller_.side);
}

// The ACK of a 2xx is kept while the 2xx may be repeated.
void Call::forget_ack(Side& side) {
  if (!side.out.ack_until.has_value() || *side.out.ack_until > core_.now().at) return;
  side.out.ack_until.reset();
  side.out.ack.reset();
}

// ---- events that concern the hunts ----

void Call::feed_all(const hunt::Event& event) {
  for (std::size_t i = 0; i < runs_.size(); ++i) feed(*runs_[i], event);
}

void Call::on_reconfigured() {
  feed_all(hunt::Reconfigured{});
}

void Call::on_user_free(const std::string& user_id) {
  if (!runs_.empty()) feed(*runs_.back(), hunt::UserFree{user_id});
}

void Call::on_device_registered(const std::string& user_id) {
  if (!runs_.empty()) feed(*runs_.back(), hunt::DeviceRegistered{user_id});
}

void Call::on_resolved(std::uint64_t token, const sip::Locations& places) {
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    CalleeLeg& leg = *legs_[i];
    if (leg.resolving != token) continue;
    leg.resolving = 0;
    if (leg.state == LegState::Ended) return;
    std::vector<base::Flow> ways = core_.ways_to(places, leg.to.look_up->host);
    if (ways.empty()) {
      leg_failed(leg, 503);
      return;
    }
    leg.to.look_up.reset();
    leg.to.flow = ways.front();
    leg.to.further.assign(ways.begin() + 1, ways.end());
    spread_ways(leg);
    send_invite(leg);
    return;
  }
}

void Call::on_service_time(Side& side) {
  if (side.anchor == nullptr || side.anchor->service == nullptr) return;
  const auto due = side.anchor->service->deadline();
  if (!due.has_value() || *due > core_.now().at) return;
  service::Actions actions;
  side.anchor->service->time_reached(core_.now(), actions);
  carry_out(side, actions);
}

// Something of it must still be written down: a recording is being closed.
bool is_served(const Side& side) {
  return side.anchor != nullptr && side.anchor->service != nullptr;
}

void Call::end_by_server() {
  if (originated_.has_value() && originated_->rings_him)
    return Orders::give_up(*this, model::EndClass::NoAnswer);
  if (winner_ != nullptr && !caller_.ended) {
    end_talk(facts::EndedBy::Server, StopReason::NormalClearing, 16);
    return;
  }
  if (!caller_.ended) {
    if (state_ != State::Serving) note_outcome(facts::Outcome::Failed);
    end_with_code(480, 16);
  }
}

void Call::set_ending() {
  state_ = State::Ending;
  Paging::end(*this);
  leave_queue();
  queue_talk_over();
  parked_.reset();
  if (transfer_.has_value()) {
    transfer_->consulting = false;
    tell_transferor(487, true);
    let_transferor_go();
    transfer_.reset();
  }
  caller_.repeat_18x_at.reset();
  caller_.expires_at.reset();
  if (counts_as_in_call_) {
    counts_as_in_call_ = false;
    core_.call_ended(identity_.user_id, answered_at_.has_value());
  }
  if (!callee_in_call_.empty()) {
    core_.call_ended(callee_in_call_, answered_at_.has_value());
    callee_in_call_.clear();
  }
}

// Somebody answered, and the caller cannot be given a 200.
void Call::give_up_joining() {
  if (winner_ != nullptr) {
    end_talk(facts::EndedBy::Server, StopReason::NotAcceptable, 88);
  } else if (!caller_.ended) {
    record_.outcome = facts::Outcome::Failed;
    end_with_code(480, 88);
  }
}

// ---- the end of a turn ----

void Call::settle() {
  go_on_from_line();
  // Not before the hunt has stopped its other rings: the record tells of them too.
  if (std::exchange(cannot_join_, false)) give_up_joining();
  if (caller_.side.over || caller_.ended) close_anchor(caller_.side);
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    if (legs_[i]->state == LegState::Ended) close_anchor(legs_[i]->side);
  }
  if (winner_ != nullptr) {
    for (auto& run : runs_) take_story(*run);
    // A held call keeps no more than it needs: of the attempt only its place in the record.
    if (caller_.side.acknowledged) winner_->attempt = nullptr;
    std::string().swap(caller_.offer);
    events_.shrink_to_fit();
  }
  if (winner_ != nullptr || record_told_) {
    for (auto& run : runs_) prune(*run);
  }
  std::erase_if(legs_, [&](const std::unique_ptr<CalleeLeg>& leg) {
    if (leg->state != LegState::Ended || leg.get() == winner_ || is_served(leg->side)) return false;
    if (core_.layer().hears_more(leg->side.out.client)) return false;
    core_.sides().remove(leg->side.id);
    return true;
  });
  std::erase_if(attempts_, [&](const std::unique_ptr<LiveAttempt>& attempt) {
    if (!attempt->closed) return false;
    return std::none_of(legs_.begin(), legs_.end(),
                        [&](const auto& leg) { return leg->attempt == attempt.get(); });
  });
}

bool Call::is_over() const {
  if (!record_told_ || !caller_.ended) return false;
  if (caller_.side.in.repeat.has_value() || is_served(caller_.side)) return false;
  return std::all_of(legs_.begin(), legs_.end(), [&](const auto& leg) {
    return leg->state == LegState::Ended && !is_served(leg->side) &&
           !core_.layer().hears_more(leg->side.out.client);
  });
}

const std::string& Call::trunk_of(const Side& side) const {
  return side.leg == nullptr ? identity_.trunk_id : side.leg->to.trunk_id;
}

bool Call::caller_waits() const {
  return !caller_.side.established && caller_.side.in.state == InviteIn::State::Open;
}

bool Call::uses_trunk(std::string_view trunk_id) const {
  if (identity_.trunk_id == trunk_id && !caller_.ended) return true;
  return std::any_of(legs_.begin(), legs_.end(), [&](const auto& leg) {
    return leg->to.trunk_id == trunk_id && leg->state != LegState::Ended;
  });
}

// Legs to the telephone network with this user's right.
std::size_t Call::dialled_out_by(std::string_view user_id) const {
  return static_cast<std::size_t>(std::count_if(legs_.begin(), legs_.end(), [&](const auto& leg) {
    return leg->to.dialled_by == user_id && leg->state != LegState::Ended;
  }));
}

void Call::describe(std::string& out) const {
  out += "call " + record_.id + ' ' + state_word() + " from=" + record_.from +
         " dialled=" + record_.dialled + (caller_.ended ? " caller-ended" : "") +
         (record_told_ ? " recorded" : "") + '\n';
  for (const auto& leg : legs_) {
    static constexpr std::string_view kStates[] = {"trying",   "proceeding", "ringing",
                                                   "answered", "cancelling", "ended"};
    out += "  leg ";
    out += leg->target_name + ' ' + leg->to.uri + ' ';
    out += kStates[static_cast<std::size_t>(leg->state)];
    out += leg.get() == winner_ ? " winner\n" : "\n";
  }
  for (const auto& run : runs_) {
    if (run->hunt != nullptr) out += run->hunt->describe(core_.now().at);
  }
}

}  // namespace call
