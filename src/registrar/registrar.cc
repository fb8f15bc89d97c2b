#include "registrar/registrar.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "facts/fact.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace registrar {

// One Contact of the request, checked.
struct Wanted {
  facts::Binding binding;
  std::uint32_t expires = 0;  // seconds; 0 removes
};

// All of the request, checked before anything is changed.
struct Request {
  std::vector<Wanted> contacts;
  bool remove_all = false;
  std::uint16_t refuse = 0;
  std::string lines;
  std::string why;
};

namespace {

constexpr std::size_t kUserAgentBytesMax = 128;

Request refused(std::uint16_t code, std::string_view why, std::string lines = {}) {
  Request request;
  request.refuse = code;
  request.why = why;
  request.lines = std::move(lines);
  return request;
}

// A flow of RFC 5626: instance and reg-id name it.
bool is_outbound(const facts::Binding& binding) {
  return !binding.instance.empty() && binding.reg_id != 0;
}

std::uint16_t q_milli(std::string_view q) {
  // "0.5", "1", "1.0": at most three digits behind the point.
  if (q.empty() || (q[0] != '0' && q[0] != '1')) return 1000;
  if (q[0] == '1') return 1000;
  std::uint16_t value = 0;
  std::uint16_t weight = 100;
  for (std::size_t i = 2; i < q.size() && i < 5 && sip::is_digit(q[i]); ++i) {
    value = static_cast<std::uint16_t>(value + (q[i] - '0') * weight);
    weight = static_cast<std::uint16_t>(weight / 10);
  }
  return value;
}

// An expires parameter: a malformed one counts as the default (20.19 asks so of Expires).
std::uint32_t expires_of(const sip::NameAddr& contact, std::optional<std::uint32_t> header,
                         const base::Limits& limits) {
  if (const auto own = contact.param("expires")) {
    const auto number = sip::read_number(*own, UINT32_MAX);
    if (number.has_value()) return static_cast<std::uint32_t>(*number);
    return limits.expires_default;
  }
  return header.value_or(limits.expires_default);
}

// One Contact on top of what the whole request says; nothing if it cannot be a phone.
std::optional<facts::Binding> read_contact(const sip::NameAddr& contact,
                                           const facts::Binding& common,
                                           const base::Limits& limits) {
  const auto uri = sip::Uri::parse(contact.uri);
  if (!uri.has_value() || uri->scheme == sip::Scheme::Other || uri->scheme == sip::Scheme::Tel)
    return {};
  if (contact.uri.size() > limits.contact_bytes) return {};
  facts::Binding binding = common;
  binding.contact = contact.uri;
  binding.instance = sip::unquoted(contact.param("+sip.instance").value_or(""));
  if (binding.instance.size() > limits.contact_bytes) return {};
  const auto reg_id = sip::read_number(contact.param("reg-id").value_or(""), INT32_MAX);
  if (reg_id.has_value() && !binding.instance.empty())
    binding.reg_id = static_cast<std::uint32_t>(*reg_id);
  binding.q_milli = q_milli(contact.param("q").value_or(""));
  return binding;
}

// Path (RFC 3327 5.3); nothing if a value is malformed or there are too many.
std::optional<std::vector<std::string>> read_path(const sip::Message& request,
                                                  const base::Limits& limits) {
  std::vector<std::string> path;
  bool good = true;
  request.for_each_value(sip::Header::Path, [&](std::string_view value) {
    good = good && sip::NameAddr::parse(value).has_value() && path.size() < limits.paths;
    if (good) path.emplace_back(value);
  });
  if (!good) return {};
  return path;
}

// Step 6, the reading: each Contact with its interval; "*" stands alone and with Expires: 0.
Request read_contacts(const sip::Message& request, const facts::Binding& common,
                      const base::Limits& limits) {
  const sip::Field* field = request.find(sip::Header::Expires);
  const auto header =
      field != nullptr ? sip::seconds_of(field->value) : std::optional<std::uint32_t>{};
  Request out;
  std::size_t count = 0;
  bool good = true;
  request.for_each_value(sip::Header::Contact, [&](std::string_view value) {
    ++count;
    const auto contact = sip::NameAddr::parse(value);
    if (contact.has_value() && contact->star) {
      out.remove_all = true;
      return;
    }
    auto binding = contact.has_value() ? read_contact(*contact, common, limits) : std::nullopt;
    good = good && binding.has_value();
    if (good && out.contacts.size() <= limits.bindings_per_aor)
      out.contacts.push_back({*std::move(binding), expires_of(*contact, header, limits)});
  });
  if (!good) return refused(400, "bad_contact");
  if (out.remove_all && (count != 1 || header != std::uint32_t{0})) return refused(400, "bad_star");
  return out;
}

// Step 7, the interval: too brief is refused, too long is shortened.
Request judged(Request request, const base::Limits& limits) {
  if (request.refuse != 0) return request;
  if (request.contacts.size() > limits.bindings_per_aor) return refused(403, "too_many_contacts");
  for (Wanted& wanted : request.contacts) {
    if (wanted.expires != 0 && wanted.expires < limits.expires_min)
      return refused(423, "interval_too_brief",
                     "Min-Expires: " + std::to_string(limits.expires_min) + "\r\n");
    wanted.expires = std::min(wanted.expires, limits.expires_max);
  }
  return request;
}

Request read_request(const sip::Message& request, const Registrant& who, const base::Flow& flow,
                     const base::Limits& limits) {
  auto path = read_path(request, limits);
  if (!path.has_value()) return refused(400, "bad_path");
  // A phone that does not know Path would not know why its calls take another way: told to (421).
  if (!path->empty() && !request.has_token(sip::Header::Supported, "path"))
    return refused(421, "path_not_supported", "Require: path\r\n");
  facts::Binding common;
  common.user_id = who.user_id;
  common.username = who.username;
  common.call_id = request.value(sip::Header::CallId);
  common.cseq = request.cseq();
  common.user_agent = request.value(sip::Header::UserAgent).substr(0, kUserAgentBytesMax);
  common.path = *std::move(path);
  common.flow = flow;
  return judged(read_contacts(request, common, limits), limits);
}

// Which binding a contact replaces: the same instance and reg-id whatever the URI (RFC 5626 section
// 6), else an equal URI (19.1.4).
bool replaces(const facts::Binding& fresh, const facts::Binding& old) {
  if (is_outbound(fresh) && is_outbound(old))
    return old.instance == fresh.instance && old.reg_id == fresh.reg_id;
  return sip::same_uri(old.contact, fresh.contact);
}

// True if who keeps bindings by account and contact, or account, instance and reg-id, would keep
// both: then the old one is taken away by a fact of its own.
bool has_another_name(const facts::Binding& a, const facts::Binding& b) {
  if (a.username != b.username || is_outbound(a) != is_outbound(b)) return true;
  if (is_outbound(a)) return a.instance != b.instance || a.reg_id != b.reg_id;
  return a.contact != b.contact;
}

// Step 7: the same Call-ID must come with a higher CSeq.
bool is_out_of_order(const facts::Binding& fresh, const facts::Binding& old) {
  return fresh.call_id == old.call_id && fresh.cseq <= old.cseq;
}

void append_contact(std::string& out, const facts::Binding& binding, std::int64_t seconds) {
  out.append("Contact: <").append(binding.contact).append(">;expires=");
  out.append(std::to_string(std::max<std::int64_t>(seconds, 0)));
  if (binding.q_milli < 1000) {
    const std::string digits = std::to_string(1000 + binding.q_milli);
    out.append(";q=0.").append(digits.substr(1));
  }
  if (!binding.instance.empty())
    out.append(";+sip.instance=").append(sip::quoted(binding.instance));
  if (binding.reg_id != 0) out.append(";reg-id=").append(std::to_string(binding.reg_id));
  out.append("\r\n");
}

}  // namespace

bool same_device(const facts::Binding& a, const facts::Binding& b) {
  if (!a.instance.empty() || !b.instance.empty()) return a.instance == b.instance;
  const auto left = sip::Uri::parse(a.contact);
  const auto right = sip::Uri::parse(b.contact);
  if (!left.has_value() || !right.has_value()) return a.contact == b.contact;
  return left->user == right->user && sip::same_word(left->host, right->host);
}

Answer Registrar::handle(const sip::Message& request, const Registrant& who, const base::Flow& flow,
                         base::Now now) {
  Request wanted = read_request(request, who, flow, limits_);
  Answer answer;
  expire(now, answer.facts);
  if (wanted.refuse == 0) {
    facts::Binding mark;
    mark.username = who.username;
    mark.call_id = request.value(sip::Header::CallId);
    mark.cseq = request.cseq();
    check_order(who.user_id, mark, wanted);
  }
  if (wanted.refuse != 0) {
    answer.code = wanted.refuse;
    answer.lines = std::move(wanted.lines);
    answer.why = std::move(wanted.why);
    return answer;
  }
  bool outbound = false;
  if (wanted.remove_all) remove_account(who, answer.facts);
  for (Wanted& one : wanted.contacts) {
    outbound = outbound || is_outbound(one.binding);
    update(std::move(one.binding), one.expires, now, answer.facts);
  }
  // Step 8: every binding that there is now, with the time that it has left.
  if (const auto aor = aors_.find(who.user_id); aor != aors_.end())
    for (const Bound& bound : aor->second)
      append_contact(answer.lines, bound.binding, (bound.expires_at - now.at).count() / 1000);
  request.for_each_value(sip::Header::Path, [&](std::string_view value) {
    answer.lines.append("Path: ").append(value).append("\r\n");
  });
  // RFC 5626 section 6: the phone may count on its flow, and keeps it alive: an empty line answers
  // its ping on streams, STUN over UDP.
  if (outbound && request.has_token(sip::Header::Supported, "outbound"))
    answer.lines.append("Require: outbound\r\n");
  return answer;
}

// Steps 6 and 7, all or nothing: looks before anything is changed.
void Registrar::check_order(std::string_view user_id, const facts::Binding& mark,
                            Request& wanted) const {
  static const Bounds kNone;
  const auto aor = aors_.find(user_id);
  const Bounds& bounds = aor == aors_.end() ? kNone : aor->second;
  const auto late = [&](const Bound& bound) {
    return wanted.remove_all && bound.binding.username == mark.username &&
           is_out_of_order(mark, bound.binding);
  };
  bool out_of_order = std::ranges::any_of(bounds, late);
  std::size_t fresh = 0;
  for (const Wanted& one : wanted.contacts) {
    const auto old = std::ranges::find_if(
        bounds, [&](const Bound& bound) { return replaces(one.binding, bound.binding); });
    if (old == bounds.end())
      fresh += static_cast<std::size_t>(one.expires != 0);
    else
      out_of_order = out_of_order || is_out_of_order(one.binding, old->binding);
  }
  if (out_of_order)
    wanted = refused(500, "out_of_order");
  else if (bounds.size() + fresh > limits_.bindings_per_aor)
    wanted = refused(403, "too_many_contacts");
}

// Step 6: "*" takes away what this account has bound, not what others of the user's have.
void Registrar::remove_account(const Registrant& who, std::vector<facts::Fact>& out) {
  const auto aor = aors_.find(who.user_id);
  if (aor == aors_.end()) return;
  Bounds& bounds = aor->second;
  for (std::size_t i = bounds.size(); i-- > 0;) {
    if (bounds[i].binding.username != who.username) continue;
    out.emplace_back(facts::RegistrationRemoved{bounds[i].binding, false});
    erase(bounds, i);
  }
  if (bounds.empty()) aors_.erase(aor);
}

void Registrar::move_account(const Registrant& who, const std::string& to_user,
                             std::vector<facts::Fact>& out) {
  const auto aor = aors_.find(who.user_id);
  if (aor == aors_.end()) return;
  Bounds moved;
  Bounds& bounds = aor->second;
  for (std::size_t i = 0; i < bounds.size();) {
    if (bounds[i].binding.username != who.username) {
      ++i;
      continue;
    }
    moved.push_back(bounds[i]);
    erase(bounds, i);
  }
  if (bounds.empty()) aors_.erase(aor);
  for (Bound& bound : moved) {
    out.emplace_back(facts::RegistrationRemoved{bound.binding, false});
    bound.binding.user_id = to_user;
    const auto there = aors_.find(to_user);
    if (there != aors_.end() && there->second.size() >= limits_.bindings_per_aor) continue;
    add(bound.binding, bound.expires_at);
    out.emplace_back(facts::RegistrationAdded{bound.binding, true});
  }
}

// Step 7: adds, refreshes or (0 seconds) removes one binding.
void Registrar::update(facts::Binding fresh, std::uint32_t expires, base::Now now,
                       std::vector<facts::Fact>& out) {
  bool known = false;
  if (const auto aor = aors_.find(fresh.user_id); aor != aors_.end()) {
    Bounds& bounds = aor->second;
    const auto old = std::ranges::find_if(
        bounds, [&](const Bound& bound) { return replaces(fresh, bound.binding); });
    known = old != bounds.end();
    if (known) {
      const auto index = static_cast<std::size_t>(old - bounds.begin());
      if (expires == 0 || has_another_name(old->binding, fresh))
        out.emplace_back(facts::RegistrationRemoved{old->binding, false});
      erase(bounds, index);
      if (bounds.empty()) aors_.erase(aor);
    }
  }
  if (expires == 0) return;
  const base::Duration lifetime{std::int64_t{expires} * 1000};
  fresh.expires_at = {now.wall.unix_ms + lifetime.count()};
  add(fresh, now.at + lifetime);
  out.emplace_back(facts::RegistrationAdded{std::move(fresh), !known});
}

void Registrar::add(const facts::Binding& binding, base::Instant expires_at) {
  const std::uint64_t serial = ++serial_;
  aors_[binding.user_id].push_back({binding, expires_at, serial});
  expiries_.emplace(std::pair{expires_at, serial}, binding.user_id);
  if (binding.flow.connection != base::ConnectionId::None)
    connections_.emplace(std::pair{binding.flow.connection, serial}, binding.user_id);
  ++size_;
}

void Registrar::erase(Bounds& bounds, std::size_t index) {
  const Bound& bound = bounds[index];
  expiries_.erase({bound.expires_at, bound.serial});
  connections_.erase({bound.binding.flow.connection, bound.serial});
  bounds.erase(bounds.begin() + static_cast<std::ptrdiff_t>(index));
  --size_;
}

void Registrar::expire(base::Now now, std::vector<facts::Fact>& out) {
  while (!expiries_.empty() && expiries_.begin()->first.first <= now.at) {
    const std::uint64_t serial = expiries_.begin()->first.second;
    const auto aor = aors_.find(expiries_.begin()->second);
    Bounds& bounds = aor->second;
    const auto bound = std::ranges::find(bounds, serial, &Bound::serial);
    out.emplace_back(facts::RegistrationRemoved{bound->binding, true});
    erase(bounds, static_cast<std::size_t>(bound - bounds.begin()));
    if (bounds.empty()) aors_.erase(aor);
  }
}

std::optional<base::Instant> Registrar::deadline() const {
  if (expiries_.empty()) return {};
  return expiries_.begin()->first.first;
}

void Registrar::remove_connection(base::ConnectionId connection, std::vector<facts::Fact>& out) {
  if (connection == base::ConnectionId::None) return;
  for (;;) {
    const auto first = connections_.lower_bound({connection, 0});
    if (first == connections_.end() || first->first.first != connection) return;
    const std::uint64_t serial = first->first.second;
    const auto aor = aors_.find(first->second);
    Bounds& bounds = aor->second;
    const auto bound = std::ranges::find(bounds, serial, &Bound::serial);
    out.emplace_back(facts::RegistrationRemoved{bound->binding, false});
    erase(bounds, static_cast<std::size_t>(bound - bounds.begin()));
    if (bounds.empty()) aors_.erase(aor);
  }
}

void Registrar::restore(const facts::Binding& binding, base::Now now) {
  const std::int64_t left = binding.expires_at.unix_ms - now.wall.unix_ms;
  const auto most = std::int64_t{limits_.expires_max} * 1000;
  if (left <= 0) return;
  const auto aor = aors_.find(binding.user_id);
  if (aor != aors_.end() && aor->second.size() >= limits_.bindings_per_aor) return;
  facts::Binding known = binding;
  known.flow.connection = base::ConnectionId::None;  // connections do not outlive a process
  add(known, now.at + base::Duration{std::min(left, most)});
}

std::size_t Registrar::device_count(std::string_view user_id) const {
  const auto aor = aors_.find(user_id);
  if (aor == aors_.end()) return 0;
  const Bounds& bounds = aor->second;
  std::size_t count = 0;
  for (auto bound = bounds.begin(); bound != bounds.end(); ++bound) {
    const std::string& instance = bound->binding.instance;
    const bool counted =
        !instance.empty() && std::any_of(bounds.begin(), bound, [&](const Bound& b) {
          return b.binding.instance == instance;
        });
    if (!counted) ++count;
  }
  return count;
}

std::vector<Device> Registrar::devices(std::string_view user_id) const {
  std::vector<Device> devices;
  const auto aor = aors_.find(user_id);
  if (aor == aors_.end()) return devices;
  std::vector<const Bound*> newest;
  for (const Bound& bound : aor->second) newest.push_back(&bound);
  std::ranges::sort(newest, std::greater{}, &Bound::serial);
  for (const Bound* bound : newest) {
    const auto same = std::ranges::find_if(devices, [&](const Device& device) {
      return !bound->binding.instance.empty() &&
             device.front()->binding.instance == bound->binding.instance;
    });
    if (same == devices.end())
      devices.push_back({bound});
    else
      same->push_back(bound);
  }
  return devices;
}

std::vector<facts::Binding> Registrar::all() const {
  std::vector<facts::Binding> out;
  for (const auto& [user_id, bounds] : aors_)
    for (const Bound& bound : bounds) out.push_back(bound.binding);
  return out;
}

}  // namespace registrar
