// Core: what all calls share. The way of a message is in dispatch.cc, who may call in admission.cc.

#include "call/detail/core.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/ids.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/trunk_agent.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "hunt/memory.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "registrar/registrar.h"
#include "sip/message.h"

namespace call {
namespace {

constexpr base::Duration kNonceLifetime{300'000};

// REQUIRES: an event of a stream.
facts::StreamId stream_of(const facts::MediaEvent& event) {
  return std::visit(
      base::Overloaded{[](const facts::RecordingEnded&) { return facts::StreamId::None; },
                       [](const auto& of_stream) { return of_stream.stream; }},
      event);
}

}  // namespace

Core::Core(Settings settings, base::Rng& rng, std::shared_ptr<const model::Snapshot> snapshot)
    : rng_(rng),
      snapshot_(std::move(snapshot)),
      settings_(std::move(settings)),
      names_(settings_.shard, rng),
      layer_(settings_, names_, rng, counters_),
      digest_(std::array<std::uint64_t, 2>{rng.next(), rng.next()}, kNonceLifetime),
      guard_(names_.key(), settings_.limits),
      registrar_(settings_.limits),
      ports_(settings_.media.first_port, settings_.media.last_port),
      view_(*this) {
  configure_trunks();
}

// Calls take their sides out of the tables when they go: they go first.
Core::~Core() {
  owned_.clear();
}

// ---- the view of the hunts ----

hunt::UserPresence Core::LiveView::user(std::string_view user_id) const {
  hunt::UserPresence out;
  const auto found = core_.users_.find(user_id);
  if (found != core_.users_.end()) {
    out.calls = found->second.calls;
    out.last_answered_ended = found->second.last_answered_ended;
  }
  out.devices = static_cast<std::uint32_t>(core_.registrar_.device_count(user_id));
  return out;
}

hunt::Memory Core::LiveView::memory(std::string_view group_id) const {
  const auto found = core_.memory_.find(group_id);
  return found == core_.memory_.end() ? hunt::Memory{} : found->second;
}

// ---- time ----

void Core::time_reached() {
  while (const auto event = layer_.time_reached(now_, *out_)) on_client_event(*event, nullptr);
  while (const auto id = wakes_.pop_due(now_.at)) {
    Call* call = calls_.find(*id);
    if (call == nullptr) continue;
    call->armed.reset();
    call->on_time();
    touch(*call);
  }
  if (const auto due = registrar_.deadline(); due.has_value() && *due <= now_.at) {
    std::vector<facts::Fact> expired;
    registrar_.expire(now_, expired);
    queues_.look_again();
    for (auto& fact : expired) tell(std::move(fact));
  }
  queues_.time_reached();
  texts_.time_reached();
  for (auto& [id, agent] : trunks_) agent.on_time(*this);
  end_bans();
  tell_lamps();
  notify_paced();
  if (flags_at_.has_value() && *flags_at_ <= now_.at) look_at_flags();
  if (last_calls_at_.has_value() && *last_calls_at_ <= now_.at) tell_last_calls();
}

std::optional<base::Instant> Core::deadline() const {
  std::optional<base::Instant> first = layer_.deadline();
  const auto take = [&first](std::optional<base::Instant> other) {
    if (other.has_value() && (!first.has_value() || *other < *first)) first = other;
  };
  take(wakes_.next());
  take(registrar_.deadline());
  take(queues_.deadline());
  take(texts_.deadline());
  for (const auto& [id, agent] : trunks_) take(agent.deadline());
  take(subscriptions_.deadline());
  take(lamps_at_);
  take(flags_at_);
  take(guard_.deadline());
  take(last_calls_at_);
  return first;
}

void Core::touch(Call& call) {
  touched_.push_back(call.id());
}

// Calls that were touched free what they no longer need and get their next wake-up; what one call's
// end means for the others is told to them now.
void Core::end_turn() {
  for (std::size_t rounds = 0; rounds < 100; ++rounds) {
    while (!touched_.empty()) {
      const Id id = touched_.back();
      touched_.pop_back();
      Call* call = calls_.find(id);
      if (call == nullptr) continue;
      call->settle();
      if (is_watched()) show(*call);
      if (call->is_over()) {
        merging_.erase(call->merge_key());
        calls_.remove(id);
        owned_[id.slot].reset();
        note_origin(id.slot, {});
        continue;
      }
      const auto due = call->deadline();
      if (due.has_value() && (!call->armed.has_value() || *due < *call->armed)) {
        call->armed = due;
        wakes_.push(*due, id);
      }
    }
    queues_.settle();
    if (!touched_.empty()) continue;
    if (freed_users_.empty() && fresh_devices_.empty()) break;
    const std::vector<std::string> freed = std::exchange(freed_users_, {});
    const std::vector<std::string> fresh = std::exchange(fresh_devices_, {});
    calls_.for_each([&](Call& call) {
      if (!call.is_hunting()) return;
      for (const auto& user : freed) call.on_user_free(user);
      for (const auto& user : fresh) call.on_device_registered(user);
      touch(call);
    });
  }
  if (!flags_known_) look_at_flags();
  tell_watchers();
  texts_.settle();
  layer_.forget_stale();
  forget_stale();
}

// As TransactionLayer::forget_stale(), for calls.
void Core::forget_stale() {
  while (const auto front = wakes_.front()) {
    Call* call = calls_.find(*front);
    const auto due = call == nullptr ? std::nullopt : call->deadline();
    if (due.has_value() && *due <= *wakes_.next()) return;
    wakes_.pop();
    if (call == nullptr) continue;
    call->armed = due;
    if (due.has_value()) wakes_.push(*due, *front);
  }
}

// ---- transport, names, configuration ----

void Core::transport_failed(const base::Flow& flow) {
  for (const auto& event : layer_.transport_failed(flow, now_)) on_client_event(event, nullptr);
  if (flow.connection != base::ConnectionId::None) {
    std::vector<facts::Fact> gone;
    registrar_.remove_connection(flow.connection, gone);
    for (auto& [id, agent] : trunks_) agent.on_connection_lost(*this, flow);
    queues_.look_again();
    for (auto& fact : gone) tell(std::move(fact));
    // Strangers may close connections as fast as they like: only calls of this one cost more.
    calls_.for_each([&](Call& call) {
      if (call.on_connection_lost(flow.connection)) touch(call);
    });
  }
}

void Core::on_client_event(const ClientEvent& event, const Incoming* response) {
  const sip::Message* message = response == nullptr ? nullptr : &response->message;
  switch (event.owner.kind) {
    case Owner::Kind::Nobody:
      return;
    case Owner::Kind::Side: {
      Side* side = sides_.find(event.owner.id);
      if (side == nullptr) {
        // The call is over; a re-INVITE of ours that was open in it is acknowledged all the same.
        if (message != nullptr && message->method() == sip::Method::Invite &&
            message->code() / 100 == 2) {
          end_success(*response, StopReason::None, false);
        }
        return;
      }
      Call& call = *side->call;
      call.on_client_event(*side, event, message, response == nullptr ? nullptr : &response->flow);
      touch(call);
      return;
    }
    case Owner::Kind::Trunk:
      for (auto& [id, agent] : trunks_) {
        if (agent.owns(event.client)) agent.on_event(*this, event, message);
      }
      return;
    case Owner::Kind::Subscription:
      on_notify_event(event, message);
      return;
    case Owner::Kind::Text:
      texts_.on_event(event, message);
      return;
  }
}

// ---- media ----

facts::StreamId Core::add_stream(const Side& side) {
  const facts::StreamId stream{++last_stream_};
  streams_.emplace(stream, side.id);
  return stream;
}

facts::SoundId Core::add_recording(const Side& side) {
  const facts::SoundId recording = next_sound();
  recordings_.emplace(recording, side.id);
  return recording;
}

void Core::media_event(const facts::MediaEvent& event) {
  Id whose;
  if (const auto* ended = std::get_if<facts::RecordingEnded>(&event)) {
    const auto found = recordings_.find(ended->recording);
    if (found == recordings_.end()) return;
    whose = found->second;
    recordings_.erase(found);
  } else {
    const auto found = streams_.find(stream_of(event));
    if (found == streams_.end()) return;
    whose = found->second;
  }
  Side* side = sides_.find(whose);
  if (side == nullptr) return;
  Call& call = *side->call;
  call.on_media(*side, event);
  touch(call);
}

std::pair<Id, Call*> Core::add_call(Identity identity) {
  ++counters_.calls;
  auto call = std::make_unique<Call>(*this, snapshot_, std::move(identity));
  Call& made = *call;
  const Id id = calls_.add(made, rng_);
  if (owned_.size() <= id.slot) owned_.resize(id.slot + std::size_t{1});
  owned_[id.slot] = std::move(call);
  return {id, &made};
}

Call* Core::live_call(std::string_view call_id) const {
  const auto id = names_.read_plain(call_id);
  Call* call = id.has_value() ? calls_.find(*id) : nullptr;
  return call == nullptr || call->is_told() ? nullptr : call;
}

// ---- the administrator and the end ----

bool Core::hang_up(std::string_view call_id) {
  Call* call = live_call(call_id);
  if (call == nullptr) return false;
  call->end_by_server();
  touch(*call);
  return true;
}

bool Core::ask_to_answer(std::string_view call_id, const std::string& user_id) {
  const auto id = names_.read_plain(call_id);
  Call* call = id.has_value() ? calls_.find(*id) : nullptr;
  return call != nullptr && call->ask_to_answer(user_id);
}

void Core::drain() {
  draining_ = true;
  tell_last_calls();
}

void Core::end_all() {
  draining_ = true;
  calls_.for_each([&](Call& call) {
    call.end_by_server();
    touch(call);
  });
  for (auto& [id, agent] : trunks_) agent.stop(*this);
  tell_last_calls();
}

// ---- questions ----

std::vector<LiveCall> Core::calls() const {
  std::vector<LiveCall> out;
  calls_.for_each([&](const Call& call) {
    LiveCall live = call.live();
    if (!live.record.ended.has_value()) out.push_back(std::move(live));
  });
  return out;
}

std::optional<LiveCall> Core::call(std::string_view call_id) const {
  const auto id = names_.read_plain(call_id);
  const Call* call = id.has_value() ? calls_.find(*id) : nullptr;
  if (call == nullptr) return std::nullopt;
  return call->live();
}

std::vector<facts::Binding> Core::bindings() const {
  return registrar_.all();
}

std::vector<std::vector<facts::Binding>> Core::devices_of(const std::string& user_id) const {
  std::vector<std::vector<facts::Binding>> out;
  for (const auto& device : registrar_.devices(user_id)) {
    out.emplace_back();
    for (const auto* bound : device) out.back().push_back(bound->binding);
  }
  return out;
}

hunt::Presence Core::presence() const {
  hunt::Presence out;
  for (const auto& user : snapshot_->office().users) {
    hunt::UserPresence state = view_.user(user.id);
    if (state != hunt::UserPresence{}) out.users.emplace(user.id, state);
  }
  for (const auto& [group, memory] : memory_) out.memory.emplace(group, hunt::encode(memory));
  return out;
}

Counters Core::counters() const {
  Counters out = counters_;
  out.transactions = layer_.size();
  calls_.for_each([&](const Call& call) { out.calls_active += call.is_told() ? 0U : 1U; });
  out.calls_kept = calls_.size();
  out.bindings = registrar_.size();
  out.ports = ports_.taken();
  out.bans = guard_.ban_count();
  return out;
}

std::string Core::describe() const {
  std::string out;
  layer_.describe(now_.at, out);
  calls_.for_each([&](const Call& call) { call.describe(out); });
  return out;
}

// ---- what users and groups are at ----

void Core::call_began(const std::string& user_id) {
  if (user_id.empty()) return;
  ++users_[user_id].calls;
  queues_.look_again();
}

void Core::call_ended(const std::string& user_id, bool answered) {
  if (user_id.empty()) return;
  UserState& user = users_[user_id];
  if (user.calls > 0) --user.calls;
  if (answered) user.last_answered_ended = now_.wall;
  queues_.look_again();
  if (user.calls == 0) freed_users_.push_back(user_id);
}

void Core::found_bug(const Call& call, std::string where) {
  ++counters_.bugs;
  tell(facts::BugFound{call.name(), std::move(where)});
}

TrunkAgent* Core::trunk(std::string_view trunk_id) {
  const auto found = trunks_.find(trunk_id);
  return found == trunks_.end() ? nullptr : &found->second;
}

std::size_t Core::calls_on(std::string_view trunk_id) const {
  std::size_t count = 0;
  calls_.for_each([&](const Call& call) { count += call.uses_trunk(trunk_id) ? 1U : 0U; });
  return count;
}

bool Core::is_emergency(std::string_view number) const {
  return std::any_of(settings_.emergency.begin(), settings_.emergency.end(),
                     [&](const std::string& known) { return known == number; });
}

}  // namespace call
