// Who may call: a trunk by its address, a trusted network, an own user by his credentials; everyone
// else is asked for credentials first, whatever he dials (docs/contract.md, reliability.md T2,
// T10).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/address.h"
#include "base/keyed_hash.h"
#include "call/detail/call.h"
#include "call/detail/call_parts.h"
#include "call/detail/core.h"
#include "call/detail/guard.h"
#include "call/detail/ids.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/fact.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sip/digest.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::size_t kDisplayMax = 64;

// A name for a display: no control letters, no marks that turn the direction of writing, bounded
// (T10).
std::string clean_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < kDisplayMax; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7F || c == '"' || c == '\\') continue;
    const bool mark = c == 0xE2 && i + 2 < text.size() &&
                      (static_cast<unsigned char>(text[i + 1]) == 0x80 ||
                       static_cast<unsigned char>(text[i + 1]) == 0x81);
    if (mark) {
      i += 2;
      continue;
    }
    out += text[i];
  }
  return out;
}

std::string user_part(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  if (!uri.has_value()) return {};
  return sip::unescaped(uri->user.substr(0, uri->user.find(';')));
}

bool wants_privacy(const sip::Message& message) {
  const std::string_view value = message.value(sip::Header::Privacy);
  return !value.empty() && !sip::same_word(value, "none");
}

// Who calls by P-Asserted-Identity, else by From: only for peers that are believed.
void believe(const sip::Message& message, Identity& identity) {
  std::optional<sip::NameAddr> who;
  message.for_each_value(sip::Header::PAssertedIdentity, [&](std::string_view value) {
    if (!who.has_value()) who = sip::NameAddr::parse(value);
  });
  if (!who.has_value()) who = sip::from_of(message);
  if (!who.has_value()) return;
  identity.number = user_part(who->uri);
  identity.name = clean_name(sip::unquoted(who->display));
  identity.anonymous = wants_privacy(message) || sip::same_word(identity.number, "anonymous");
}

// RFC 8760 offers several algorithms and lets the phone choose. These fail at any challenge that
// they do not know instead of taking the next one (libre before 2.9).
bool knows_only_md5(std::string_view user_agent) {
  return user_agent.starts_with("baresip v0.") || user_agent.starts_with("baresip v1.");
}

}  // namespace

void Core::on_invite(const Incoming& in) {
  if (is_merged(in)) {
    refuse(in, 482, "merged_request");
    return;
  }
  auto identity = admit(in);
  if (!identity.has_value()) return;
  const std::string number = user_part(in.message.request_uri());
  if (in.message.has(sip::Header::Replaces)) {
    on_replaces(in, *identity);
    return;
  }
  if (draining_ && !is_emergency(number)) {
    refuse(in, 503, "draining", "Retry-After: 30\r\n");
    return;
  }
  if (pick_up_by_code(in, *identity, number)) return;
  if (!has_room(in, *identity, number)) return;
  if (is_loop(in)) {
    refuse(in, 482, "loop");
    return;
  }
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) {
    refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
    return;
  }
  const CallOrigin origin{source_of(in.flow.peer.ip), identity->user_id};
  const auto [id, made] = add_call(std::move(*identity));
  note_origin(id.slot, origin);
  const std::uint64_t key = merge_key_of(in);
  merging_[key] = id;
  made->arrive(in, id, *server, key);
  touch(*made);
}

std::optional<Identity> Core::admit(const Incoming& in) {
  if (auto trunk = admit_trunk(in); trunk.has_value()) return trunk;
  if (auto trusted = admit_trusted(in); trusted.has_value()) return trusted;
  return admit_user(in);
}

std::optional<Identity> Core::admit_trunk(const Incoming& in) {
  const model::Trunk* trunk = snapshot_->trunk_from(in.flow.peer);
  for (auto& [id, agent] : trunks_) {
    if (trunk == nullptr && agent.is_registered_at(in.flow)) trunk = snapshot_->trunk_by_id(id);
  }
  if (trunk == nullptr) return std::nullopt;
  // A phone of ours that stands at a trunk's address shows credentials for our realm.
  if (in.message.has(sip::Header::Authorization)) return std::nullopt;
  Identity identity;
  identity.kind = model::CallerKind::Trunk;
  identity.trunk_id = trunk->id;
  believe(in.message, identity);
  if (!identity.number.empty() &&
      identity.number.find_first_not_of("0123456789") == std::string::npos) {
    identity.number = snapshot_->e164(identity.number);
  }
  return identity;
}

std::optional<Identity> Core::admit_trusted(const Incoming& in) const {
  const bool trusted =
      std::any_of(settings_.trusted.begin(), settings_.trusted.end(),
                  [&](const base::Cidr& network) { return network.contains(in.flow.peer.ip); });
  if (!trusted || in.message.has(sip::Header::Authorization)) return std::nullopt;
  Identity identity;
  identity.kind = model::CallerKind::Trusted;
  believe(in.message, identity);
  return identity;
}

std::optional<Identity> Core::admit_user(const Incoming& in) {
  const auto from = sip::from_of(in.message);
  const auto from_uri = from.has_value() ? sip::Uri::parse(from->uri) : std::nullopt;
  const auto target = sip::Uri::parse(in.message.request_uri());
  if (target.has_value() && target->scheme != sip::Scheme::Tel && !is_ours(target->host, in.flow)) {
    tell(facts::AuthFailed{in.flow.peer, std::string(in.message.method_name()), "",
                           facts::AuthFailure::ForeignDomain});
    refuse(in, 403, "foreign_domain");
    return std::nullopt;
  }
  const auto account = authenticate(in);
  if (!account.has_value()) return std::nullopt;
  Identity identity;
  identity.kind = model::CallerKind::User;
  identity.user_id = account->user->id;
  identity.account = account->username;
  identity.number = account->user->extension;
  identity.name = clean_name(account->user->name);
  identity.anonymous = wants_privacy(in.message) ||
                       (from_uri.has_value() && sip::same_word(from_uri->user, "anonymous"));
  return identity;
}

std::optional<model::Account> Core::authenticate(const Incoming& in) {
  const std::string& realm = snapshot_->office().tenant;
  std::optional<sip::DigestParams> params;
  bool present = false;
  for (const auto& field : in.message.fields()) {
    if (field.id != sip::Header::Authorization) continue;
    present = true;
    auto parsed = sip::DigestParams::parse(field.value);
    if (parsed.has_value() && parsed->realm == realm) params = std::move(parsed);
  }
  const auto failed = [&](facts::AuthFailure reason, std::string username) {
    tell(facts::AuthFailed{in.flow.peer, std::string(in.message.method_name()), std::move(username),
                           reason});
  };
  if (params.has_value() && !guard_.judges(in.flow.peer.ip, params->username, now_.at)) {
    if (digest_.issued(params->nonce, now_))
      note_failure(in, params->username, facts::AuthFailure::TooManyTries);
    challenge(in, false);
    return std::nullopt;
  }
  if (!params.has_value()) {
    if (present) failed(facts::AuthFailure::Malformed, "");
    challenge(in, false);
    return std::nullopt;
  }
  const auto account = snapshot_->account(params->username);
  std::optional<std::string_view> password;
  // Without a password there is no way in, not even with an empty one.
  if (account.has_value() && !account->password.empty()) password = account->password;
  const sip::Verdict verdict =
      digest_.verify(*params, realm, password, in.message.method_name(), now_);
  switch (verdict) {
    case sip::Verdict::Good:
      break;
    case sip::Verdict::None:
    case sip::Verdict::Malformed:
      failed(facts::AuthFailure::Malformed, params->username);
      challenge(in, false);
      return std::nullopt;
    case sip::Verdict::Stale:
      failed(facts::AuthFailure::StaleNonce, params->username);
      challenge(in, true);
      return std::nullopt;
    case sip::Verdict::Replayed:
      failed(facts::AuthFailure::ReplayedNonce, params->username);
      challenge(in, true);
      return std::nullopt;
    case sip::Verdict::Wrong:
      note_failure(in, params->username,
                   account.has_value() ? facts::AuthFailure::WrongPassword
                                       : facts::AuthFailure::UnknownUser);
      challenge(in, false);
      return std::nullopt;
  }
  if (!account.has_value() || account->user == nullptr || !account->user->enabled) {
    note_failure(in, params->username, facts::AuthFailure::DisabledUser);
    challenge(in, false);
    return std::nullopt;
  }
  guard_.succeeded(in.flow.peer.ip, params->username, now_.at);
  return account;
}

// The same 401 for an unknown user, a wrong password and a disabled user; stateless, and without a
// word about what we are (G19).
void Core::challenge(const Incoming& in, bool stale) {
  const bool md5_only = knows_only_md5(in.message.value(sip::Header::UserAgent));
  const std::string lines = digest_.challenge(
      {"WWW-Authenticate", snapshot_->office().tenant, stale, md5_only}, rng_, now_);
  std::string seed(in.message.value(sip::Header::CallId));
  seed += in.message.value(sip::Header::From);
  sip::Writer answer = sip::response_to(in.message, in.flow.peer, 401, names_.seal(seed));
  answer.lines(lines).no_body();
  if (!answer.ok()) return;
  base::Flow back = in.flow;
  back.peer = sip::response_target(in.message, in.flow.peer);
  send(back, answer.take());
}

// Calls to the tenant's domain, to an address of this machine, or to what is advertised.
bool Core::is_ours(std::string_view host, const base::Flow& flow) const {
  if (sip::same_word(host, snapshot_->office().tenant)) return true;
  if (!settings_.advertise.empty() &&
      sip::same_word(
          host, std::string_view(settings_.advertise).substr(0, settings_.advertise.find(':')))) {
    return true;
  }
  if (sip::same_word(host, "localhost")) return flow.peer.ip.is_loopback();
  const auto ip = base::IpAddress::parse(host);
  if (!ip.has_value()) return false;
  if (*ip == flow.local.ip || flow.local.ip.is_unspecified()) return true;
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [&](const base::Flow& listener) { return listener.local.ip == *ip; });
}

std::string Core::loop_mark(std::string_view number) const {
  return names_.seal(std::string("loop ") + std::string(number));
}

// The same number through us again: what we marked when we sent the call on comes back (482).
bool Core::is_loop(const Incoming& in) const {
  const std::string mark = loop_mark(user_part(in.message.request_uri()));
  for (const auto& field : in.message.fields()) {
    if (field.id != sip::Header::Other || !sip::same_word(field.name, kLoopHeader)) continue;
    if (field.value.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

std::uint64_t Core::merge_key_of(const Incoming& in) const {
  const auto from = sip::from_of(in.message);
  std::string text(in.message.value(sip::Header::CallId));
  text += '|';
  if (from.has_value()) text += from->tag();
  text += '|';
  text += std::to_string(in.message.cseq());
  return base::keyed_hash(names_.key(), text);
}

// 8.2.2.2: the same request by another way, while the first is still open.
bool Core::is_merged(const Incoming& in) const {
  const auto found = merging_.find(merge_key_of(in));
  return found != merging_.end() && calls_.find(found->second) != nullptr;
}

}  // namespace call
