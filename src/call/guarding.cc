// Core: who is kept out, held back or banned (guard.h; reliability.md T1, T3, T6, T24).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/call_parts.h"
#include "call/detail/core.h"
#include "call/detail/guard.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/trunk_agent.h"
#include "call/detail/wire_names.h"
#include "call/engine.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/zone.h"
#include "registrar/registrar.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace call {
namespace {

// What tools that look for open servers call themselves.
constexpr auto kScanners = std::to_array<std::string_view>(
    {"friendly-scanner", "sipvicious", "sundayddr", "sipcli", "sip-scan", "pplsip", "sivus"});

bool contains_word(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
    const bool begins = text[i] == word[0] || text[i] == word[0] - 'a' + 'A';
    if (begins && sip::same_word(text.substr(i, word.size()), word)) return true;
  }
  return false;
}

Guard::Kind kind_of(sip::Method method) {
  if (method == sip::Method::Invite) return Guard::Kind::Invite;
  return method == sip::Method::Register ? Guard::Kind::Register : Guard::Kind::Other;
}

std::string dialled_number(const sip::Message& message) {
  const auto uri = sip::Uri::parse(message.request_uri());
  if (!uri.has_value()) return {};
  return sip::unescaped(uri->user.substr(0, uri->user.find(';')));
}

// Less than the reader of messages takes anyway.
bool reads_less(const base::Limits& limits) {
  return limits.message_bytes < base::kMessageBytesMax ||
         limits.header_bytes < base::kHeaderBytesMax ||
         limits.header_lines < base::kHeaderLinesMax || limits.vias < base::kViasMax ||
         limits.sdp_bytes < base::kSdpBytesMax || limits.sdp_media < base::kSdpMediaMax ||
         limits.sdp_attributes < base::kSdpAttributesMax;
}

std::optional<sip::Reject> too_much(const sip::Message& message, std::size_t size,
                                    const base::Limits& limits) {
  if (size > limits.message_bytes) return sip::Reject::TooLong;
  if (message.fields().size() > limits.header_lines) return sip::Reject::TooManyHeaders;
  std::size_t vias = 0;
  message.for_each_value(sip::Header::Via, [&](std::string_view) { ++vias; });
  if (vias > limits.vias) return sip::Reject::TooManyVias;
  for (const auto& field : message.fields())
    if (field.name.size() + field.value.size() > limits.header_bytes)
      return sip::Reject::HeaderTooLong;
  return std::nullopt;
}

bool describes_too_much(std::string_view sdp, const base::Limits& limits) {
  if (sdp.size() > limits.sdp_bytes) return true;
  std::size_t media = 0;
  std::size_t attributes = 0;
  for (std::size_t at = 0; at < sdp.size();) {
    const std::size_t end = std::min(sdp.find('\n', at), sdp.size());
    const std::string_view line = sdp.substr(at, end - at);
    if (line.starts_with("m=")) {
      ++media;
      attributes = 0;
    }
    if (line.starts_with("a=")) ++attributes;
    if (media > limits.sdp_media || attributes > limits.sdp_attributes) return true;
    at = end + 1;
  }
  return false;
}

base::WallTime later(base::WallTime when, base::Duration by) {
  return {when.unix_ms + by.count()};
}

}  // namespace

bool Core::is_trusted(const base::Flow& flow) const {
  if (snapshot_->trunk_from(flow.peer) != nullptr) return true;
  for (const auto& [id, agent] : trunks_)
    if (agent.is_registered_at(flow)) return true;
  return std::any_of(settings_.trusted.begin(), settings_.trusted.end(),
                     [&](const base::Cidr& network) { return network.contains(flow.peer.ip); });
}

// Answers are let through: they find a transaction of ours, or nothing.
bool Core::is_banned(const base::Flow& flow, std::string_view bytes) {
  if (bytes.starts_with("SIP/2.0 ") || !guard_.drops(flow.peer.ip, now_.at)) return false;
  if (is_trusted(flow)) return false;
  ++counters_.banned;
  if (flow.connection != base::ConnectionId::None)
    out_->emplace_back(CloseConnection{flow.connection});
  return true;
}

// A scanner gets no answer at all. Its name is easily forged: it leads to no ban.
bool Core::is_scanner(const Incoming& in) {
  const std::string_view agent = in.message.value(sip::Header::UserAgent);
  if (agent.empty() || guard_.is_known(in.flow.peer.ip, now_.at)) return false;
  const bool known = std::any_of(kScanners.begin(), kScanners.end(),
                                 [&](std::string_view name) { return contains_word(agent, name); });
  if (!known || is_trusted(in.flow)) return false;
  ++counters_.held_back;
  return true;
}

// A request that would begin something. Strangers who are too fast hear nothing, all others a 503;
// OPTIONS of strangers cost nothing to speak of, and whoever watches the server sends them.
bool Core::keeps_pace(const Incoming& in) {
  const base::IpAddress& ip = in.flow.peer.ip;
  const sip::Method method = in.message.method();
  if (method == sip::Method::Options && !guard_.is_known(ip, now_.at)) return true;
  const Guard::Pace pace = guard_.count(ip, kind_of(method), now_.at);
  if (pace == Guard::Pace::Good || is_trusted(in.flow)) return true;
  if (method == sip::Method::Invite && is_emergency(dialled_number(in.message))) return true;
  ++counters_.held_back;
  if (auto held = guard_.take_held_back(ip, now_.at); held.has_value())
    tell(facts::SourceHeldBack{source_text(held->source), held->count});
  if (pace == Guard::Pace::TooFast && in.message.answerable())
    refuse(in, 503, "too_fast", "Retry-After: 5\r\n");
  return false;
}

// ---- limits ----

bool Core::is_within_limits(const Incoming& in, std::size_t size) {
  const base::Limits& limits = settings_.limits;
  if (!reads_less(limits)) return true;
  const auto why = too_much(in.message, size, limits);
  if (why.has_value()) {
    reject(in, *why);
    return false;
  }
  if (!describes_too_much(sip::body_of_type(in.message, kSdpType), limits)) return true;
  if (in.message.answerable()) refuse(in, 488, "description_too_long");
  return false;
}

// Seconds to wait, drawn so that not all come back at once.
std::string Core::retry_after(std::uint32_t least, std::uint32_t most) {
  const std::uint64_t seconds = least + rng_.next() % (most - least + 1);
  return "Retry-After: " + std::to_string(seconds) + "\r\n";
}

bool Core::is_put_off(const Incoming& in) {
  if (!behind_) return false;
  // Who was here before comes first.
  if (in.message.method() == sip::Method::Register && guard_.is_known(in.flow.peer.ip, now_.at))
    return false;
  ++counters_.put_off;
  refuse(in, 503, "overloaded", retry_after(5, 30));
  return true;
}

bool Core::has_room(const Incoming& in, const Identity& identity, const std::string& number) {
  if (is_emergency(number)) return true;
  if (behind_) {
    ++counters_.put_off;
    refuse(in, 503, "overloaded", retry_after(2, 10));
    return false;
  }
  if (calls_.size() >= settings_.limits.calls) {
    refuse(in, 503, "too_many_calls", retry_after(5, 10));
    return false;
  }
  const auto by_source = calls_of_source_.find(source_of(in.flow.peer.ip));
  const bool own_network =
      identity.kind == model::CallerKind::Trunk || identity.kind == model::CallerKind::Trusted;
  if (!own_network && by_source != calls_of_source_.end() &&
      by_source->second >= settings_.limits.source_calls) {
    refuse(in, 503, "too_many_calls_of_source", retry_after(5, 10));
    return false;
  }
  const auto by_user = calls_of_user_.find(identity.user_id);
  if (by_user != calls_of_user_.end() && by_user->second >= settings_.limits.user_calls) {
    refuse(in, 403, "too_many_calls_of_user");
    return false;
  }
  return true;
}

// ---- calls to the telephone network (T5) ----

std::int64_t Core::local_day() const {
  const model::Local local = model::local_of(snapshot_->zone(), now_.wall);
  return model::days_of(local.year, local.month, local.day);
}

std::string_view Core::why_not_out(const std::string& user_id) const {
  if (user_id.empty()) return {};
  std::size_t at_once = 0;
  calls_.for_each([&](const Call& call) { at_once += call.dialled_out_by(user_id); });
  if (at_once >= settings_.limits.external_calls) return "too_many_external_calls";
  const model::User* user = snapshot_->user_by_id(user_id);
  const std::uint32_t own = user == nullptr ? 0 : user->permissions.calls_a_day;
  const std::uint32_t most = own == 0 ? settings_.limits.external_calls_a_day : own;
  const auto found = out_today_.find(user_id);
  const bool today = found != out_today_.end() && found->second.day == local_day();
  return (today ? found->second.count : 0) >= most ? "too_many_external_calls_today" : "";
}

void Core::note_dialled_out(const std::string& user_id) {
  DayCount& count = out_today_[user_id];
  const std::int64_t today = local_day();
  if (count.day != today) count = {today, 0};
  ++count.count;
  tell(facts::MemoryChanged{std::string(kDialledOut) + user_id,
                            std::to_string(count.day) + ' ' + std::to_string(count.count)});
}

// "20514 17": the day and the calls.
void Core::restore_out_today(const std::string& user_id, const std::string& text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string::npos) return;
  const auto day = sip::read_number(std::string_view(text).substr(0, blank), INT32_MAX);
  const auto count = sip::read_number(std::string_view(text).substr(blank + 1), UINT32_MAX);
  if (!day.has_value() || !count.has_value()) return;
  out_today_[user_id] = {static_cast<std::int64_t>(*day), static_cast<std::uint32_t>(*count)};
}

void Core::note_origin(std::uint32_t slot, const CallOrigin& origin) {
  if (origins_.size() <= slot) origins_.resize(slot + std::size_t{1});
  CallOrigin& there = origins_[slot];
  const auto leave = [](auto& table, const auto& key) {
    const auto found = table.find(key);
    if (found != table.end() && --found->second == 0) table.erase(found);
  };
  if (there != CallOrigin{}) {
    leave(calls_of_source_, there.source);
    if (!there.user_id.empty()) leave(calls_of_user_, there.user_id);
  }
  there = origin;
  if (origin == CallOrigin{}) return;
  ++calls_of_source_[origin.source];
  if (!origin.user_id.empty()) ++calls_of_user_[origin.user_id];
}

// ---- credentials and bans ----

void Core::note_failure(const Incoming& in, const std::string& username,
                        facts::AuthFailure reason) {
  tell(facts::AuthFailed{in.flow.peer, std::string(in.message.method_name()), username, reason});
  const auto counts = is_trusted(in.flow) ? Guard::Counts::Account : Guard::Counts::Both;
  const auto ban = guard_.failed(in.flow.peer.ip, username, now_, counts);
  if (ban.has_value()) tell_ban(*ban);
}

void Core::tell_ban(const Ban& ban) {
  tell(facts::BanAdded{source_text(ban.source), ban.reason, later(ban.since.wall, ban.lasts)});
}

void Core::end_bans() {
  if (const auto due = guard_.deadline(); !due.has_value() || *due > now_.at) return;
  for (const Ban& ban : guard_.take_expired(now_.at))
    tell(facts::BanLifted{source_text(ban.source), "time", ban.dropped});
}

bool Core::lift_ban(const base::IpAddress& address, const std::string& who) {
  const auto lifted = guard_.lift(address);
  if (!lifted.has_value()) return false;
  tell(facts::BanLifted{source_text(lifted->source), who, lifted->dropped});
  return true;
}

std::vector<LiveBan> Core::bans() const {
  std::vector<LiveBan> out;
  for (const Ban& ban : guard_.bans())
    out.push_back({source_text(ban.source), ban.reason, ban.since.wall,
                   later(ban.since.wall, ban.lasts), ban.dropped});
  return out;
}

// Nobody has guessed at a new password yet.
void Core::forget_changed_accounts(const model::Snapshot& old) {
  for (const std::string& name : guard_.locked_accounts(now_.at)) {
    const auto before = old.account(name);
    const auto after = snapshot_->account(name);
    const bool same = before.has_value() == after.has_value() &&
                      (!before.has_value() || before->password == after->password);
    if (!same) guard_.forget_account(name);
  }
}

// Where a phone was registered before the restart it is known.
void Core::restore(const facts::Binding& binding) {
  registrar_.restore(binding, now_);
  guard_.succeeded(binding.flow.peer.ip, binding.username, now_.at);
}

}  // namespace call
