// Registration at a trunk with refresh and backoff (RFC 3261 10.2), and the answers to its digest
// challenges (22.2): credentials go to this trunk only (T4).
#include "call/detail/trunk_agent.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "call/detail/core.h"
#include "call/detail/transaction_layer.h"
#include "facts/fact.h"
#include "model/office.h"
#include "sip/digest.h"
#include "sip/header_values.h"
#include "sip/locate.h"
#include "sip/message.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::uint32_t kExpires = 600;        // seconds, what we ask for first …
constexpr std::uint32_t kExpiresMax = 86'400;  // … and at most, when the registrar wants more (423)
constexpr base::Duration kFirstRetry{5'000};   // doubled up to …
constexpr base::Duration kLastRetry{300'000};  // … five minutes
constexpr base::Duration kLookUpKept{60'000};
constexpr std::uint32_t kChallengesMax = 2;
// A registrar that closes each connection is not asked more often (RFC 5626 4.5).
constexpr base::Duration kFlowRecovery{2'000};

std::string user_and_host(const std::string& username, const sip::Uri& uri) {
  return "<sip:" + sip::escaped_user(username) + "@" + std::string(uri.host) + ">";
}

// The Request-URI of a REGISTER: the domain alone (10.2). Its digest names the same.
std::string registrar_of(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  if (!uri.has_value()) return {};
  std::string target = uri->scheme == sip::Scheme::Sips ? "sips:" : "sip:";
  target += uri->host;
  if (uri->port != 0) target += ":" + std::to_string(uri->port);
  return target;
}

// The expires that the registrar granted: of our own Contact among those of the account (10.2.4),
// else of the header, else what we asked for.
std::uint32_t granted(const sip::Message& response, std::string_view own_uri, std::uint32_t asked) {
  const auto ours = sip::Uri::parse(own_uri);
  std::optional<std::uint32_t> own;
  response.for_each_value(sip::Header::Contact, [&](std::string_view value) {
    const auto contact = sip::NameAddr::parse(value);
    const auto uri = contact.has_value() ? sip::Uri::parse(contact->uri) : std::nullopt;
    if (!uri.has_value() || !ours.has_value() || uri->user != ours->user ||
        uri->host != ours->host || uri->port != ours->port)
      return;
    own = sip::seconds_of(contact->param("expires").value_or(""));
  });
  if (own.has_value()) return *own;
  return sip::seconds_of(response.value(sip::Header::Expires)).value_or(asked);
}

}  // namespace

void TrunkAgent::configure(Core& core, const model::Trunk* trunk) {
  if (trunk == nullptr) {
    stop(core);
    configured_ = registers_ = false;  // calls of a former configuration may still ask for ways
    next_.reset();
    return;
  }
  const bool same = configured_ && trunk->uri == uri_ && trunk->username == username_ &&
                    trunk->password == password_ && trunk->register_ == registers_;
  if (same) return;
  if (configured_) stop(core);
  uri_ = trunk->uri;
  username_ = trunk->username;
  password_ = trunk->password;
  registers_ = trunk->register_;
  digest_.emplace(username_, password_);
  configured_ = true;
  if (const auto uri = sip::Uri::parse(uri_); uri.has_value()) core.expect_peer(uri->host);
  refused_ = registered_ = false;
  expires_ = kExpires;
  failures_ = 0;
  ways_.clear();
  tried_ = 0;
  look_again_ = {};
  next_.reset();
  if (registers_) next_ = core.now().at;
}

const std::vector<base::Flow>* TrunkAgent::ways(Core& core) {
  const auto found = core.way_to(uri_);
  if (!found.has_value()) return nullptr;
  if (!found->look_up.has_value()) {
    ways_.assign(1, found->flow);
  } else if (!look_up_.has_value() && core.now().at >= look_again_) {
    look_up_ = core.look_up_for_trunk(*found->look_up, id_);
  }
  return ways_.empty() ? nullptr : &ways_;
}

void TrunkAgent::on_connection_lost(Core& core, const base::Flow& flow) {
  if (!registered_ || waiting_ || flow.transport != flow_.transport || flow.peer != flow_.peer)
    return;
  const base::Instant soon = core.now().at + kFlowRecovery;
  next_ = std::min(next_.value_or(soon), soon);
}

void TrunkAgent::put_last(const base::Flow& way) {
  const auto found = std::ranges::find(ways_, way);
  if (found != ways_.end()) std::rotate(found, found + 1, ways_.end());
}

void TrunkAgent::on_resolved(Core& core, std::uint64_t token, const sip::Locations& places) {
  if (look_up_ != token) return;  // of a name that it had before
  look_up_.reset();
  look_again_ = core.now().at + kLookUpKept;
  const auto uri = sip::Uri::parse(uri_);
  std::vector<base::Flow> found =
      uri.has_value() ? core.ways_to(places, uri->host) : std::vector<base::Flow>();
  if (found.empty()) {
    // What was known goes on while DNS is silent.
    report(core, false, "host_not_found");
    if (registers_) try_later(core, "host_not_found");
    return;
  }
  // Calls go where we are registered, if he is still among them.
  if (registered_) {
    const auto same = std::ranges::find(found, flow_);
    if (same != found.end()) std::rotate(found.begin(), same, same + 1);
  }
  ways_ = std::move(found);
  tried_ = 0;
  if (registers_ && !waiting_ && !registered_) next_ = core.now().at;
}

bool TrunkAgent::is_registered_at(const base::Flow& flow) const {
  return configured_ && registered_ && flow.transport == flow_.transport && flow.peer == flow_.peer;
}

std::optional<base::Instant> TrunkAgent::deadline() const {
  return waiting_ ? std::nullopt : next_;
}

void TrunkAgent::on_time(Core& core) {
  if (waiting_ || !next_.has_value() || *next_ > core.now().at) return;
  next_.reset();
  challenges_ = 0;
  send_register(core, expires_, digest_->authorization("REGISTER", registrar_of(uri_), core.rng()));
}

void TrunkAgent::send_register(Core& core, std::uint32_t expires,
                               const std::string& authorization) {
  const auto uri = sip::Uri::parse(uri_);
  const bool takes_back = expires == 0;  // where it is, wherever the name leads by now
  const std::vector<base::Flow>* const where = takes_back ? nullptr : ways(core);
  if (!uri.has_value() || (where == nullptr && !takes_back)) {
    // on_resolved() goes on from here when a name is being looked up.
    if (!look_up_.has_value()) try_later(core, "no_way_there");
    return;
  }
  if (where != nullptr) flow_ = where->front();
  if (call_id_.empty()) {
    call_id_ = core.names().seal(id_ + std::to_string(core.rng().next()));
    local_tag_ = core.names().seal(call_id_ + std::to_string(core.rng().next()));
  }
  const std::string own = user_and_host(username_, *uri);
  std::string contact = core.contact(flow_, uri->scheme == sip::Scheme::Sips);
  contact.insert(contact.find(':') + 1, sip::escaped_user(username_) + "@");
  contact_uri_ = contact.substr(1, contact.size() - 2);
  client_ = core.layer().reserve();
  sip::Writer writer;
  writer.request("REGISTER", registrar_of(uri_))
      .header(sip::Header::Via, core.via(flow_, core.layer().branch_of(client_)))
      .header(sip::Header::MaxForwards, std::uint64_t{70})
      .header(sip::Header::From, own + ";tag=" + local_tag_)
      .header(sip::Header::To, own)
      .header(sip::Header::CallId, call_id_)
      .header(sip::Header::Cseq, std::to_string(++cseq_) + " REGISTER")
      .header(sip::Header::Contact, contact)
      .header(sip::Header::Expires, std::uint64_t{expires})
      .lines(authorization)
      .no_body();
  if (!writer.ok()) {
    core.layer().release(client_);
    refused_ = true;
    report(core, false, "bad_configuration");
    return;
  }
  waiting_ = expires != 0;
  bare_ = authorization.empty();
  const Owner owner{waiting_ ? Owner::Kind::Trunk : Owner::Kind::Nobody, {}};
  core.layer().begin(client_,
                     {flow_, std::make_shared<const std::string>(writer.take()), false, owner},
                     core.now(), core.out());
}

void TrunkAgent::on_event(Core& core, const ClientEvent& event, const sip::Message* response) {
  if (event.what == ClientEvent::What::Response && response != nullptr) {
    if (response->code() < 200) return;
    waiting_ = false;
    on_response(core, *response);
    return;
  }
  waiting_ = false;
  registered_ = false;
  try_elsewhere(core, event.what == ClientEvent::What::Timeout ? "timeout" : "not_reachable");
}

// The next of its addresses at once (RFC 3263 4.3); later when all have been tried.
void TrunkAgent::try_elsewhere(Core& core, std::string why) {
  if (++tried_ >= ways_.size()) {
    tried_ = 0;
    try_later(core, std::move(why));
    return;
  }
  std::rotate(ways_.begin(), ways_.begin() + 1, ways_.end());
  next_ = core.now().at;
}

void TrunkAgent::on_response(Core& core, const sip::Message& response) {
  const std::uint16_t code = response.code();
  if (code == 401 || code == 407) {
    std::string line;
    if (++challenges_ <= kChallengesMax)
      line = answer_challenge(core, response, "REGISTER", registrar_of(uri_), bare_);
    if (!line.empty()) {
      send_register(core, expires_, line);
      return;
    }
    registered_ = false;
    refused_ = true;
    try_later(core, "wrong_credentials");
    return;
  }
  if (code == 423 && takes_longer(response)) {
    send_register(core, expires_,
                  digest_->authorization("REGISTER", registrar_of(uri_), core.rng()));
    return;
  }
  if (code >= 300) {
    registered_ = false;
    refused_ = code == 403 || code == 404;
    const std::string why = "refused_" + std::to_string(code);
    if (code == 503) {
      try_elsewhere(core, why);
    } else {
      try_later(core, why);
    }
    return;
  }
  registered_ = true;
  refused_ = false;
  failures_ = 0;
  tried_ = 0;
  // Half of what was granted, so that a lost refresh can be repeated in time.
  const std::uint32_t seconds =
      std::max<std::uint32_t>(granted(response, contact_uri_, expires_), 30) / 2;
  next_ = core.now().at + base::Duration{std::int64_t{seconds} * 1000};
  report(core, true, {});
}

// 423: the registrar wants to be asked less often (10.2.8). True when that is new to us.
bool TrunkAgent::takes_longer(const sip::Message& response) {
  const auto least = sip::seconds_of(response.value(sip::Header::MinExpires));
  if (!least.has_value() || *least <= expires_ || *least > kExpiresMax) return false;
  expires_ = *least;
  return true;
}

std::string TrunkAgent::answer_challenge(Core& core, const sip::Message& response,
                                         std::string_view method, const std::string& uri,
                                         bool bare) {
  if (username_.empty() || !digest_.has_value()) return {};
  const bool proxy = response.code() == 407;
  std::vector<std::string_view> challenges;
  const auto header = proxy ? sip::Header::ProxyAuthenticate : sip::Header::WwwAuthenticate;
  for (const sip::Field& field : response.fields()) {
    if (field.id == header) challenges.push_back(field.value);
  }
  if (!digest_->take_challenge(challenges, proxy, bare)) return {};
  return digest_->authorization(method, uri, core.rng());
}

void TrunkAgent::try_later(Core& core, std::string why) {
  base::Duration wait = kFirstRetry;
  for (std::uint32_t i = 0; i < failures_ && wait < kLastRetry; ++i) wait = wait * 2;
  wait = std::min(wait, kLastRetry);
  ++failures_;
  if (registers_) next_ = core.now().at + wait;
  report(core, false, std::move(why));
}

void TrunkAgent::report(Core& core, bool up, std::string why) {
  if (reported_ && reported_up_ == up) return;
  reported_ = true;
  reported_up_ = up;
  core.tell(facts::TrunkChanged{id_, up, std::move(why)});
}

void TrunkAgent::stop(Core& core) {
  next_.reset();
  look_up_.reset();
  if (waiting_) core.layer().disown(client_);
  waiting_ = false;
  if (!registered_) return;
  registered_ = false;
  send_register(core, 0, digest_->authorization("REGISTER", registrar_of(uri_), core.rng()));
}

}  // namespace call
