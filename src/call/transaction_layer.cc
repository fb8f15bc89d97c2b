#include "call/detail/transaction_layer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/ids.h"
#include "call/detail/own_invite.h"
#include "call/engine.h"
#include "call/settings.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/transaction.h"
#include "sip/transaction_tables.h"
#include "sip/writer.h"

namespace call {
namespace {

// Transactions that only absorb repetitions end together, at the next beat: each on its own would
// wake the thread once for nothing that anybody sees.
constexpr base::Duration kBeat{250};

base::Instant up_to_a_beat(base::Instant when) {
  return base::Instant{(when.time_since_epoch() + kBeat - base::Duration{1}) / kBeat * kBeat};
}

constexpr std::string_view kCookie = "z9hG4bK";

sip::Input input_of_code(std::uint16_t code) {
  if (code < 200) return sip::Input::Provisional;
  return code < 300 ? sip::Input::Success : sip::Input::Failure;
}

bool same_peer(const base::Flow& a, const base::Flow& b) {
  if (a.connection != base::ConnectionId::None && b.connection != base::ConnectionId::None) {
    return a.connection == b.connection;
  }
  return a.transport == b.transport && a.peer == b.peer && a.peer_name == b.peer_name;
}

}  // namespace

TransactionLayer::TransactionLayer(const Settings& settings, const Names& names, base::Rng& rng,
                                   Counters& counters)
    : names_(names),
      rng_(rng),
      counters_(counters),
      most_(settings.limits.transactions),
      servers_(names.key(), settings.limits.transactions),
      values_{settings.timers.t1, settings.timers.t2, settings.timers.t4},
      patience_(settings.timers.c + 64 * settings.timers.t1 + settings.timers.t4) {}

// ---- slots ----

Id TransactionLayer::reserve() {
  const std::uint64_t random = rng_.next() | 1U;  // 0 marks a free slot
  if (free_.empty()) {
    slots_.emplace_back();
    randoms_.push_back(random);
    return {static_cast<std::uint32_t>(slots_.size() - 1), random};
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  randoms_[slot] = random;
  return {slot, random};
}

std::string TransactionLayer::branch_of(const Id& id) const {
  return std::string(kCookie) + names_.plain(id);
}

TransactionLayer::Running* TransactionLayer::find(const Id& id) const {
  if (id.slot >= slots_.size() || randoms_[id.slot] != id.random) return nullptr;
  return slots_[id.slot].get();
}

TransactionLayer::Running& TransactionLayer::place(const Id& id, std::unique_ptr<Running> running) {
  running->id = id;
  slots_[id.slot] = std::move(running);
  ++live_;
  return *slots_[id.slot];
}

void TransactionLayer::release(const Id& id) {
  if (id.slot >= slots_.size() || randoms_[id.slot] != id.random) return;
  if (slots_[id.slot] != nullptr) return;
  randoms_[id.slot] = 0;
  free_.push_back(id.slot);
}

void TransactionLayer::remove(Running& running) {
  const Id id = running.id;
  if (!running.machine.is_client()) servers_.erase(running.key);
  slots_[id.slot].reset();
  randoms_[id.slot] = 0;
  free_.push_back(id.slot);
  --live_;
}

// Arms the next timer, or takes a terminated transaction away. `running` may be gone afterwards.
void TransactionLayer::settle(Running& running) {
  if (running.machine.terminated()) {
    remove(running);
    return;
  }
  if (!running.machine.keeps_last()) running.last.reset();
  const std::optional<base::Instant> when = due(running);
  if (!when.has_value()) return;
  if (running.armed.has_value() && *running.armed <= *when) return;
  running.armed = when;
  wakes_.push(*when, running.id);
}

std::optional<base::Instant> TransactionLayer::due(const Running& running) {
  std::optional<base::Instant> first = running.given_up_at;
  const auto wake = running.machine.next();
  if (!wake.has_value()) return first;
  const bool only_lingers = wake->why == sip::Timer::D || wake->why == sip::Timer::I ||
                            wake->why == sip::Timer::J || wake->why == sip::Timer::K ||
                            wake->why == sip::Timer::L || wake->why == sip::Timer::M;
  const base::Instant when = only_lingers ? up_to_a_beat(wake->when) : wake->when;
  return std::min(first.value_or(when), when);
}

void TransactionLayer::forget_stale() {
  while (const auto front = wakes_.front()) {
    Running* running = find(*front);
    if (running != nullptr) {
      const auto when = due(*running);
      if (when.has_value() && *when <= *wakes_.next()) return;
      running->armed.reset();
    }
    wakes_.pop();
    if (running != nullptr) settle(*running);
  }
}

void TransactionLayer::act(Running& running, std::uint16_t acts, Actions& out) {
  if ((acts & sip::kResend) != 0 && running.last != nullptr) {
    ++counters_.retransmissions_out;
    out.emplace_back(Send{running.flow, running.last});
  }
  if ((acts & sip::kAck) != 0 && running.ack != nullptr) {
    counters_.traffic.went(*running.ack, running.flow.transport);
    out.emplace_back(Send{running.flow, running.ack});
  }
}

// ---- client ----

void TransactionLayer::begin(const Id& id, Request request, base::Now now, Actions& out) {
  const bool reliable = base::is_stream(request.flow.transport);
  auto running = std::make_unique<Running>(
      request.invite ? sip::Kind::InviteClient : sip::Kind::NonInviteClient, reliable, values_,
      now.at);
  running->flow = request.flow;
  running->last = std::move(request.bytes);
  running->owner = request.owner;
  running->rings_until = request.rings_until;
  Running& placed = place(id, std::move(running));
  counters_.traffic.went(*placed.last, placed.flow.transport);
  out.emplace_back(Send{placed.flow, placed.last});
  settle(placed);
}

void TransactionLayer::begin_cancel(const Id& invite, Bytes bytes, base::Now now, Actions& out) {
  Running* running = find(invite);
  if (running == nullptr || running->cancelled) return;
  running->cancelled = true;
  const base::Flow flow = running->flow;
  const Id id = reserve();
  find(invite)->cancel = id;
  begin(id, {flow, std::move(bytes), false, {}}, now, out);
}

void TransactionLayer::disown(const Id& id) {
  if (Running* running = find(id)) running->owner = {};
}

void TransactionLayer::abandon(const Id& id) {
  if (Running* running = find(id)) remove(*running);
}

bool TransactionLayer::hears_more(const Id& id) const {
  const Running* running = find(id);
  return running != nullptr && running->machine.state() != sip::State::Completed;
}

std::optional<base::Instant> TransactionLayer::deadline_of(const Id& id) const {
  const Running* running = find(id);
  return running == nullptr ? std::nullopt : due(*running);
}

std::optional<ClientEvent> TransactionLayer::on_response(const Incoming& in, base::Now now,
                                                         bool& stray, Actions& out) {
  stray = true;
  const auto via = sip::top_via(in.message);
  if (!via.has_value() || via->branch().substr(0, kCookie.size()) != kCookie) return std::nullopt;
  const auto id = names_.read_plain(via->branch().substr(kCookie.size()));
  if (!id.has_value()) return std::nullopt;
  Running* running = find(*id);
  if (running == nullptr || !running->machine.is_client()) return std::nullopt;
  // A CANCEL has the branch of its INVITE; CSeq tells them apart (17.1.3).
  if (in.message.method() == sip::Method::Cancel && running->cancelled) {
    running = find(running->cancel);
    stray = running == nullptr;
    if (running == nullptr) return std::nullopt;
    act(*running, running->machine.on(input_of_code(in.message.code()), now.at), out);
    settle(*running);
    return std::nullopt;
  }
  const bool invite = running->machine.kind() == sip::Kind::InviteClient;
  if (invite != (in.message.method() == sip::Method::Invite)) return std::nullopt;
  stray = false;

  const sip::Input input = input_of_code(in.message.code());
  const std::uint16_t acts = running->machine.on(input, now.at);
  if ((acts & sip::kAck) != 0 && running->ack == nullptr) {
    running->ack = std::make_shared<const std::string>(
        failure_ack_of(*running->last, in.message.value(sip::Header::To)));
  }
  act(*running, acts, out);
  running->given_up_at.reset();
  if (invite && running->machine.state() == sip::State::Proceeding)
    running->given_up_at = std::max(now.at, running->rings_until) + patience_;
  std::optional<ClientEvent> event;
  if ((acts & sip::kPassUp) != 0) {
    event = ClientEvent{running->owner, *id, ClientEvent::What::Response};
  } else if (acts != sip::kNothing || running->machine.state() == sip::State::Completed) {
    ++counters_.retransmissions_in;
  }
  settle(*running);
  return event;
}

// ---- server ----

std::string TransactionLayer::key_of(const sip::Message& message, bool as_invite) const {
  const auto via = sip::top_via(message);
  std::string text;
  text.reserve(128);
  if (via.has_value()) {
    text += via->branch();
    text += '|';
    text += via->sent_by;
  }
  if (!via.has_value() || via->branch().substr(0, kCookie.size()) != kCookie) {
    // 17.2.3, the rules for RFC 2543 peers; the tag in To is not compared, an ACK has ours.
    text += '|';
    text += message.request_uri();
    text += '|';
    text += message.value(sip::Header::From);
    text += '|';
    text += message.value(sip::Header::CallId);
    text += '|';
    text += std::to_string(message.cseq());
  }
  text += '|';
  text += as_invite ? std::string_view("INVITE") : message.method_name();
  const std::uint64_t hash = base::keyed_hash(names_.key(), text);
  std::string key(sizeof(hash), '\0');
  std::memcpy(key.data(), &hash, sizeof(hash));
  return key;
}

TransactionLayer::Running* TransactionLayer::server_of(std::string_view key) const {
  const Id* found = servers_.find(key);
  return found == nullptr ? nullptr : find(*found);
}

bool TransactionLayer::absorb(const Incoming& in, base::Now now, Actions& out) {
  const bool ack = in.message.method() == sip::Method::Ack;
  Running* running = server_of(key_of(in.message, ack));
  if (running == nullptr) return false;
  // The ACK of a 2xx is a transaction of its own; one with the INVITE's branch comes from peers
  // that never learned so, and is for the call to see.
  if (ack && running->machine.state() == sip::State::Accepted) return false;
  if (!ack) ++counters_.retransmissions_in;
  const std::uint16_t acts =
      running->machine.on(ack ? sip::Input::Ack : sip::Input::RequestAgain, now.at);
  act(*running, acts, out);
  settle(*running);
  return true;
}

std::optional<Id> TransactionLayer::accept(const Incoming& in, base::Now now) {
  if (live_ >= most_) return std::nullopt;
  const bool invite = in.message.method() == sip::Method::Invite;
  const bool reliable = base::is_stream(in.flow.transport);
  auto running = std::make_unique<Running>(
      invite ? sip::Kind::InviteServer : sip::Kind::NonInviteServer, reliable, values_, now.at);
  running->flow = in.flow;
  running->flow.peer = sip::response_target(in.message, in.flow.peer);
  running->key = key_of(in.message, false);
  const Id id = reserve();
  Running& placed = place(id, std::move(running));
  (void)servers_.insert(placed.key, id);
  settle(placed);
  return id;
}

std::optional<Id> TransactionLayer::cancelled_by(const Incoming& cancel) const {
  const Running* running = server_of(key_of(cancel.message, true));
  if (running == nullptr || running->machine.kind() != sip::Kind::InviteServer) {
    return std::nullopt;
  }
  base::Flow source = cancel.flow;
  source.peer = sip::response_target(cancel.message, cancel.flow.peer);
  if (!same_peer(running->flow, source)) return std::nullopt;
  return running->id;
}

void TransactionLayer::respond(const Id& id, std::uint16_t code, Bytes bytes, base::Now now,
                               Actions& out) {
  Running* running = find(id);
  if (running == nullptr || running->machine.is_client()) return;
  const std::uint16_t acts = running->machine.on(input_of_code(code), now.at);
  if ((acts & sip::kSend) != 0) {
    running->last = std::move(bytes);
    counters_.traffic.went(*running->last, running->flow.transport);
    out.emplace_back(Send{running->flow, running->last});
  }
  settle(*running);
}

void TransactionLayer::send_again(const Id& id, const Bytes& bytes, Actions& out) {
  Running* running = find(id);
  if (running == nullptr) return;
  ++counters_.retransmissions_out;
  out.emplace_back(Send{running->flow, bytes});
}

void TransactionLayer::own(const Id& id, const Owner& owner) {
  if (Running* running = find(id)) running->owner = owner;
}

Owner TransactionLayer::owner_of(const Id& id) const {
  const Running* running = find(id);
  return running == nullptr ? Owner{} : running->owner;
}

// ---- time and transport ----

std::optional<ClientEvent> TransactionLayer::time_reached(base::Now now, Actions& out) {
  while (const auto id = wakes_.pop_due(now.at)) {
    Running* running = find(*id);
    if (running == nullptr) continue;
    running->armed.reset();
    std::optional<ClientEvent> event;
    const auto wake = running->machine.next();
    if (wake.has_value() && wake->when <= now.at) {
      const std::uint16_t acts = running->machine.on(sip::input_of(wake->why), now.at);
      act(*running, acts, out);
      if ((acts & sip::kTellTimeout) != 0 && running->machine.is_client()) {
        event = ClientEvent{running->owner, *id, ClientEvent::What::Timeout};
      }
    } else if (running->given_up_at.has_value() && *running->given_up_at <= now.at) {
      event = ClientEvent{running->owner, *id, ClientEvent::What::Timeout};
      remove(*running);
      return event;
    }
    settle(*running);
    if (event.has_value()) return event;
  }
  return std::nullopt;
}

std::vector<ClientEvent> TransactionLayer::transport_failed(const base::Flow& flow, base::Now now) {
  std::vector<ClientEvent> events;
  for (const auto& slot : slots_) {
    Running* running = slot.get();
    if (running == nullptr || !running->machine.is_client()) continue;
    if (!same_peer(running->flow, flow)) continue;
    const std::uint16_t acts = running->machine.on(sip::Input::TransportError, now.at);
    if ((acts & sip::kTellTransport) == 0) continue;
    events.push_back({running->owner, running->id, ClientEvent::What::Transport});
    settle(*running);
  }
  return events;
}

void TransactionLayer::describe(base::Instant now, std::string& out) const {
  for (const auto& running : slots_) {
    if (running == nullptr) continue;
    out += sip::word(running->machine.kind());
    out += ' ';
    out += sip::word(running->machine.state());
    if (const auto wake = running->machine.next(); wake.has_value()) {
      out += " next=" + std::to_string((wake->when - now).count()) + "ms";
    }
    out += ' ' + running->flow.peer.to_string() + '\n';
  }
}

}  // namespace call
