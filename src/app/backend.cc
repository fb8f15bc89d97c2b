#include "app/backend.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/no_answer.h"
#include "app/detail/answer_of.h"
#include "app/hep_mirror.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/traffic.h"
#include "config/file.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "media/engine.h"
#include "media/settings.h"
#include "media/sound_names.h"
#include "model/snapshot.h"
#include "net/clock.h"
#include "net/rng.h"
#include "net/transports.h"
#include "notify/postman.h"
#include "obs/metrics.h"
#include "obs/observer.h"
#include "sip/message.h"
#include "store/reader.h"
#include "store/secrets.h"
#include "store/store.h"
#include "store/things.h"

namespace app {
namespace {

void put_traffic(obs::Figures& figures, const call::Traffic::Direction& some, bool in) {
  for (std::size_t method = 0; method < some.requests.size(); ++method) {
    const auto name = sip::name_of(static_cast<sip::Method>(method));
    for (std::size_t transport = 0; transport < some.requests.at(method).size(); ++transport) {
      const std::uint64_t count = some.requests.at(method).at(transport);
      if (count == 0) continue;
      figures.requests.push_back(
          {.in = in,
           .method = name.empty() ? "other" : std::string{name},
           .transport = std::string{base::name_of(static_cast<base::Transport>(transport))},
           .count = count});
    }
  }
  for (std::uint16_t code = 0; code < some.responses.size(); ++code) {
    const std::uint64_t count = some.responses.at(code);
    if (count > 0) figures.responses.push_back({.in = in, .code = code, .count = count});
  }
}

constexpr const char* kNotStored =
    "the database does not take changes now; the token may still be there: look, then try again";
constexpr const char* kNotChanged = "the database does not take changes now; try again";
constexpr std::chrono::seconds kStoreLimit{5};

api::LiveCall to_api(call::LiveCall live) {
  api::LiveCall out;
  out.record = std::move(live.record);
  out.state = std::move(live.state);
  out.queue = std::move(live.queue);
  for (call::LiveLeg& leg : live.legs)
    out.legs.push_back({std::move(leg.role), std::move(leg.target), std::move(leg.state),
                        std::move(leg.uri), std::move(leg.sip_call_id)});
  return out;
}

}  // namespace

std::string_view version() {
  return HARRIER_VERSION;
}

Backend::Backend(Parts parts) : parts_(std::move(parts)), started_(net::read_clocks().wall) {}

std::optional<std::vector<api::LiveCall>> Backend::calls() {
  auto calls = parts_.shard.ask<std::vector<call::LiveCall>>(
      [](call::Engine& engine, base::Now now, call::Actions&) { return engine.calls(now); });
  if (!calls.has_value()) return {};
  std::vector<api::LiveCall> out;
  for (call::LiveCall& live : *calls) out.push_back(to_api(std::move(live)));
  return out;
}

std::optional<api::LiveCall> Backend::call(std::string_view id) {
  auto found = parts_.shard.ask<std::optional<call::LiveCall>>(
      [wanted = std::string{id}](call::Engine& engine, base::Now now, call::Actions&) {
        return engine.call(wanted, now);
      });
  if (!found.has_value() || !found->has_value()) return {};
  // The engine keeps a call for late messages after its end; then its record is in the store.
  if ((*found)->record.ended.has_value()) return {};
  return to_api(**std::move(found));
}

std::optional<std::vector<facts::Binding>> Backend::registrations() {
  return parts_.shard.ask<std::vector<facts::Binding>>(
      [](call::Engine& engine, base::Now, call::Actions&) { return engine.bindings(); });
}

base::Result<bool, api::Refused> Backend::hang_up(std::string_view call) {
  const auto done = parts_.shard.ask<bool>(
      [id = std::string{call}](call::Engine& engine, base::Now now, call::Actions& out) {
        return engine.hang_up(id, now, out);
      });
  if (!done.has_value()) return base::Unexpected{api::Refused{503, api::kNoAnswer, {}}};
  return *done;
}

base::Result<bool, api::Refused> Backend::ask_to_answer(std::string_view call,
                                                        const std::string& user_id) {
  const auto done = parts_.shard.ask<bool>(
      [id = std::string{call}, user_id](call::Engine& engine, base::Now now, call::Actions& out) {
        return engine.ask_to_answer(id, user_id, now, out);
      });
  if (!done.has_value()) return base::Unexpected{api::Refused{503, api::kNoAnswer, {}}};
  return *done;
}

std::shared_ptr<const model::Snapshot> Backend::snapshot() {
  return parts_.configuration.snapshot();
}

base::Result<api::Edited, api::Refused> Backend::edit(const api::EditOrder& order) {
  return parts_.configuration.edit(order, now());
}

std::optional<std::string> Backend::open_secret(std::string_view sealed) {
  return parts_.configuration.open_secret(sealed);
}

std::string Backend::seal_secret(std::string_view plain) {
  return parts_.configuration.seal_secret(plain);
}

base::Result<store::RecordPage, api::Refused> Backend::records(const store::RecordFilter& filter) {
  const bool is_free = ++searches_ <= kSearchesMax;
  auto page = is_free ? answer_of(parts_.readers.lease()->records(filter))
                      : base::Result<store::RecordPage, api::Refused>{base::Unexpected{
                            api::Refused{503, "too many searches at once; try again", {}}}};
  --searches_;
  return page;
}

base::Result<std::optional<facts::CallRecord>, api::Refused> Backend::record(
    const std::string& id) {
  const auto reader = parts_.readers.lease();
  TRY(auto record, answer_of(reader->record(id)));
  if (record.has_value()) return record;
  return answer_of(reader->record_by_sip_call_id(id));
}

base::Result<std::optional<store::ApiToken>, api::Refused> Backend::token(std::string_view secret) {
  return answer_of(parts_.readers.lease()->token_by_hash(store::token_hash(secret)));
}

base::Result<std::vector<store::ApiToken>, api::Refused> Backend::tokens() {
  return answer_of(parts_.readers.lease()->tokens());
}

base::Result<store::MessagePage, api::Refused> Backend::messages(
    const store::MessageFilter& filter) {
  return answer_of(parts_.readers.lease()->messages(filter));
}

base::Result<std::optional<facts::Message>, api::Refused> Backend::message(const std::string& box,
                                                                           const std::string& id) {
  return answer_of(parts_.readers.lease()->message(box, id));
}

base::Result<std::optional<std::string>, api::Refused> Backend::audio(
    const facts::Message& message) {
  if (!media::is_safe_name(message.file)) return std::optional<std::string>{};
  return config::read_file(parts_.media_folder + "/" + message.file);
}

base::Result<bool, api::Refused> Backend::change_message(const facts::MessageChanged& change) {
  TRY(const auto known, message(change.box, change.id));
  const auto done = std::make_shared<std::promise<bool>>();
  auto answer = done->get_future();
  parts_.store.write(change, [done](bool good) { done->set_value(good); });
  if (answer.wait_for(kStoreLimit) != std::future_status::ready || !answer.get())
    return base::Unexpected{api::Refused{503, kNotChanged, {}}};
  parts_.observer.tell(change, now());
  if (change.deleted && known.has_value() && media::is_safe_name(known->file)) {
    std::error_code ignored;
    std::filesystem::remove(parts_.media_folder + "/" + known->file, ignored);
  }
  return true;
}

std::string Backend::create_token(const std::string& name, const std::string& scopes) {
  net::SystemRng rng;
  std::string secret = store::new_token();
  const auto done = std::make_shared<std::promise<bool>>();
  auto answer = done->get_future();
  parts_.store.add_token(
      {std::to_string(rng.next() >> 16U), name, store::token_hash(secret), scopes, now()},
      [done](bool good) { done->set_value(good); });
  if (answer.wait_for(kStoreLimit) != std::future_status::ready || !answer.get()) return {};
  return secret;
}

base::Result<bool, api::Refused> Backend::remove_token(const std::string& id) {
  TRY(const auto known, tokens());
  if (std::ranges::none_of(known, [&](const store::ApiToken& token) { return token.id == id; }))
    return false;
  const auto done = std::make_shared<std::promise<bool>>();
  auto answer = done->get_future();
  parts_.store.remove_token(id, [done](bool good) { done->set_value(good); });
  if (answer.wait_for(kStoreLimit) == std::future_status::ready && answer.get()) return true;
  return base::Unexpected{api::Refused{503, kNotStored, {}}};
}

api::Ready Backend::ready() {
  api::Ready ready;
  const Phase phase = phase_;
  ready.serving = phase == Phase::Serving;
  ready.why = phase == Phase::Starting ? "starting" : "draining";
  if (parts_.store.degraded()) ready.degraded.emplace_back("store");
  return ready;
}

std::string Backend::metrics() {
  obs::Figures figures;
  figures.version = app::version();
  const auto counters = parts_.shard.ask<call::Counters>(
      [](call::Engine& engine, base::Now, call::Actions&) { return engine.counters(); });
  if (counters.has_value()) {
    put_traffic(figures, counters->traffic.in(), true);
    put_traffic(figures, counters->traffic.out(), false);
    figures.retransmissions_in = counters->retransmissions_in;
    figures.retransmissions_out = counters->retransmissions_out;
    figures.parse_errors = counters->parse_errors;
    figures.transactions = counters->transactions;
    figures.calls_active = counters->calls_active;
    figures.registrations = counters->bindings;
    figures.bugs = counters->bugs;
    figures.bans = counters->bans;
    figures.banned_messages = counters->banned;
    figures.held_back = counters->held_back;
    figures.put_off = counters->put_off;
    figures.rtp_ports = counters->ports;
  }
  const net::TransportCounters net = parts_.shard.transport_counters();
  figures.datagrams_in = net.datagrams_in;
  figures.datagrams_out = net.datagrams_out;
  figures.datagrams_lost = net.datagrams_lost;
  figures.icmp_errors = net.icmp_errors;
  figures.connections = net.connections;
  figures.connections_refused = net.connections_refused;
  figures.receive_buffer_bytes = net.receive_buffer_bytes;
  figures.loop_lag_ms = parts_.shard.loop_counters().lag_ms;
  const store::StoreFigures store = parts_.store.figures();
  figures.store_up = store.up;
  figures.journal_used_bytes = store.journal.used_bytes;
  figures.journal_capacity_bytes = store.journal.capacity_bytes;
  figures.journal_spilled = store.journal.spilled;
  figures.journal_lost = store.journal.lost;
  figures.records_written = store.records_written;
  figures.store_commits = store.commits;
  figures.store_failures = store.failed_commits;
  figures.config_revision = snapshot()->revision();
  const media::Figures sound = parts_.sound.figures();
  figures.rtp_streams = sound.streams;
  figures.rtp_recordings = sound.recordings;
  figures.rtp_in = sound.packets_in;
  figures.rtp_out = sound.packets_out;
  figures.rtp_lost = sound.packets_lost;
  figures.rtp_late_ms = sound.late_ms;
  figures.rtp_strangers = sound.refused_source;
  figures.rtp_bad_srtp = sound.refused_srtp;
  figures.rtp_malformed = sound.refused_packet;
  const notify::HookFigures hooks = parts_.courier.figures();
  figures.hooks_waiting = static_cast<std::uint64_t>(hooks.waiting);
  figures.hooks_delivered = hooks.delivered;
  figures.hooks_failed = hooks.failed;
  figures.hooks_given_up = hooks.given_up;
  figures.hooks_dropped = hooks.dropped;
  if (parts_.mail != nullptr) {
    const notify::Figures mail = parts_.mail->figures();
    figures.mail_waiting = static_cast<std::uint64_t>(mail.waiting);
    figures.mail_sent = mail.sent;
    figures.mail_refused = mail.refused;
    figures.mail_given_up = mail.given_up;
    figures.mail_server_up = mail.server_up;
  }
  if (parts_.mirror != nullptr) {
    const HepMirror::Figures mirror = parts_.mirror->figures();
    figures.hep_sent = mirror.sent;
    figures.hep_lost = mirror.lost;
  }
  const obs::ObserverFigures observer = parts_.observer.figures();
  figures.facts_dropped = observer.dropped;
  figures.log_lines_suppressed = observer.suppressed;
  figures.event_subscribers = parts_.observer.feed().subscribers();
  return parts_.observer.metrics().text(figures);
}

base::WallTime Backend::now() {
  return net::read_clocks().wall;
}

std::string Backend::version() {
  return std::string{app::version()};
}

}  // namespace app
