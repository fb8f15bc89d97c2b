#include "call/engine.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/core.h"
#include "call/detail/mailboxes.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "hunt/view.h"
#include "model/snapshot.h"
#include "sip/locate.h"

namespace call {

class Engine::Impl final {
 public:
  Impl(Settings settings, base::Rng& rng, std::shared_ptr<const model::Snapshot> snapshot)
      : core(std::move(settings), rng, std::move(snapshot)) {}

  // One input: everything that follows from it happens between these two lines.
  template <class F>
  void turn(base::Now now, Actions& out, F input) {
    core.begin_turn(now, out);
    input();
    core.end_turn();
  }

  Core core;
};

Engine::Engine(Settings settings, base::Rng& rng, std::shared_ptr<const model::Snapshot> snapshot)
    : impl_(std::make_unique<Impl>(std::move(settings), rng, std::move(snapshot))) {}

Engine::~Engine() = default;

void Engine::listening(std::vector<base::Flow> listeners) {
  impl_->core.listening(std::move(listeners));
}

void Engine::receive(const base::Flow& flow, std::string_view bytes, base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.receive(flow, bytes); });
}

void Engine::receive_broken(const base::Flow& flow, std::string_view head, base::Now now,
                            Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.receive_broken(flow, head); });
}

void Engine::time_reached(base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.time_reached(); });
}

std::optional<base::Instant> Engine::deadline() const {
  return impl_->core.deadline();
}

void Engine::transport_failed(const base::Flow& flow, base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.transport_failed(flow); });
}

void Engine::media_event(const facts::MediaEvent& event, base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.media_event(event); });
}

void Engine::resolved(std::uint64_t token, const sip::Locations& places, base::Now now,
                      Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.resolved(token, places); });
}

void Engine::mailbox_opened(std::uint64_t token,
                            std::optional<std::vector<facts::Message>> messages, base::Now now,
                            Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.mailbox_opened(token, std::move(messages)); });
}

void Engine::office_changed(std::uint64_t token, ChangeOutcome outcome, base::Now now,
                            Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.office_changed(token, outcome); });
}

void Engine::mailboxes_counted(const std::map<std::string, facts::MailboxCounts>& counts,
                               base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.mailboxes_counted(counts); });
}

void Engine::reconfigure(std::shared_ptr<const model::Snapshot> snapshot, base::Now now,
                         Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.reconfigure(std::move(snapshot)); });
}

void Engine::restore(const facts::Binding& binding, base::Now now) {
  impl_->core.set_now(now);
  impl_->core.restore(binding);
}

void Engine::restore_memory(const std::string& group_id, const std::string& memory) {
  impl_->core.restore_memory(group_id, memory);
}

void Engine::restore_greeting(const std::string& box, const std::string& file) {
  (void)impl_->core.mailboxes().set_greeting(box, file);
}

void Engine::restore_text(facts::Text text) {
  impl_->core.restore_text(std::move(text));
}

bool Engine::hang_up(std::string_view call_id, base::Now now, Actions& out) {
  bool found = false;
  impl_->turn(now, out, [&] { found = impl_->core.hang_up(call_id); });
  return found;
}

bool Engine::lift_ban(const base::IpAddress& address, const std::string& who, base::Now now,
                      Actions& out) {
  bool found = false;
  impl_->turn(now, out, [&] { found = impl_->core.lift_ban(address, who); });
  return found;
}

void Engine::set_behind(bool behind) {
  impl_->core.set_behind(behind);
}

CallOrdered Engine::originate(const std::string& user_id, const std::string& number, base::Now now,
                              Actions& out) {
  CallOrdered ordered;
  impl_->turn(now, out, [&] { ordered = impl_->core.originate(user_id, number); });
  return ordered;
}

OrderOutcome Engine::pick_up(std::string_view call_id, const std::string& user_id, base::Now now,
                             Actions& out) {
  OrderOutcome outcome{};
  impl_->turn(now, out, [&] { outcome = impl_->core.pick_up(call_id, user_id); });
  return outcome;
}

OrderOutcome Engine::transfer(std::string_view call_id, const TransferOrder& order, base::Now now,
                              Actions& out) {
  OrderOutcome outcome{};
  impl_->turn(now, out, [&] { outcome = impl_->core.transfer(call_id, order); });
  return outcome;
}

bool Engine::ask_to_answer(std::string_view call_id, const std::string& user_id, base::Now now,
                           Actions& out) {
  bool asked = false;
  impl_->turn(now, out, [&] { asked = impl_->core.ask_to_answer(call_id, user_id); });
  return asked;
}

void Engine::drain(base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.drain(); });
}

void Engine::end_all(base::Now now, Actions& out) {
  impl_->turn(now, out, [&] { impl_->core.end_all(); });
}

std::vector<LiveCall> Engine::calls(base::Now now) const {
  impl_->core.set_now(now);
  return impl_->core.calls();
}

std::optional<LiveCall> Engine::call(std::string_view call_id, base::Now now) const {
  impl_->core.set_now(now);
  return impl_->core.call(call_id);
}

std::vector<LiveBan> Engine::bans() const {
  return impl_->core.bans();
}

std::vector<facts::Binding> Engine::bindings() const {
  return impl_->core.bindings();
}

hunt::Presence Engine::presence(base::Now now) const {
  impl_->core.set_now(now);
  return impl_->core.presence();
}

Counters Engine::counters() const {
  return impl_->core.counters();
}

std::string_view Engine::peer_name(base::PeerName name) const {
  return impl_->core.peer_name(name);
}

std::string Engine::describe(base::Now now) const {
  impl_->core.set_now(now);
  return impl_->core.describe();
}

}  // namespace call
