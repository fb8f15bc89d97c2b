#pragma once
// Who is where: addresses of record and their bindings (RFC 3261 section 10, RFC 3327 Path, RFC
// 5626 instance and reg-id). An address of record is a user; each of his SIP accounts (his own and
// those of his devices) adds to it, and takes away by "*" only what it added itself.
//
// A Contact is kept octet for octet; sip::as_request_uri makes of it what a request is sent to.
// Authentication is over before a request comes here. Time inside is monotonic; wall time stands
// only in the facts.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "facts/fact.h"
#include "sip/message.h"

namespace registrar {

// Who registers, by his credentials.
struct Registrant {
  std::string user_id;
  std::string username;
};

// The answer to a REGISTER. Header lines are complete, with CRLF, to go between the usual ones and
// Content-Length: Contact with expires, Path, Min-Expires, Require.
struct Answer {
  std::uint16_t code = 200;
  std::string lines;
  // RegistrationAdded and RegistrationRemoved, in order. An Added takes the place of the binding
  // with the same username and contact, or (with a reg-id) the same username, instance and reg-id.
  std::vector<facts::Fact> facts;
  std::string why;  // for a refusal: "too_many_contacts", "interval_too_brief"…
};

struct Bound {
  facts::Binding binding;
  base::Instant expires_at{};
  std::uint64_t serial = 0;  // rises with each new binding and each refresh
};

struct Request;  // a REGISTER as it was read

// One phone: its bindings, newest first. Several only with one +sip.instance (RFC 5626): they are
// tried one after another, never together.
using Device = std::vector<const Bound*>;

class Registrar {
 public:
  explicit Registrar(const base::Limits& limits = {}) : limits_(limits) {}

  // RFC 3261 10.3, steps 5 to 8; those before are authentication. Nothing that the request asks
  // for is done unless the answer is 200.
  // 400 bad Contact, Path or "*" · 403 too many contacts · 421 Path without Supported: path (RFC
  // 3327 5.3) · 423 with Min-Expires · 500 the same Call-ID without a higher CSeq.
  [[nodiscard]] Answer handle(const sip::Message& request, const Registrant& who,
                              const base::Flow& flow, base::Now now);
  // Drops what has expired; the facts of it.
  void expire(base::Now now, std::vector<facts::Fact>& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  // Drops what this account has bound: by its "*", or because it may not register any more.
  void remove_account(const Registrant& who, std::vector<facts::Fact>& out);
  // Somebody else answers for this account now: its bindings are his from here on. Told as Removed
  // and Added.
  void move_account(const Registrant& who, const std::string& to_user,
                    std::vector<facts::Fact>& out);
  // A stream connection is gone: its bindings cannot be reached any more (RFC 5626 section 5).
  void remove_connection(base::ConnectionId connection, std::vector<facts::Fact>& out);
  // At the start: what the store remembers. What has expired meanwhile is left out.
  void restore(const facts::Binding& binding, base::Now now);

  // Phones of a user, the most recently bound first; empty: not registered. Valid until the next
  // change.
  [[nodiscard]] std::vector<Device> devices(std::string_view user_id) const;
  // How many devices there are: the size of devices(), for who only counts.
  [[nodiscard]] std::size_t device_count(std::string_view user_id) const;
  [[nodiscard]] std::vector<facts::Binding> all() const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Bounds = std::vector<Bound>;  // at most limits_.bindings_per_aor

  void check_order(std::string_view user_id, const facts::Binding& mark, Request& wanted) const;
  void update(facts::Binding fresh, std::uint32_t expires, base::Now now,
              std::vector<facts::Fact>& out);
  void add(const facts::Binding& binding, base::Instant expires_at);
  void erase(Bounds& bounds, std::size_t index);

  base::Limits limits_;
  std::map<std::string, Bounds, std::less<>> aors_;                                  // by user id
  std::map<std::pair<base::Instant, std::uint64_t>, std::string> expiries_;          // -> user id
  std::map<std::pair<base::ConnectionId, std::uint64_t>, std::string> connections_;  // -> user id
  std::uint64_t serial_ = 0;
  std::size_t size_ = 0;
};

// True if two bindings are the same phone: the same +sip.instance, else the same user and host of
// the Contact (rule 10).
[[nodiscard]] bool same_device(const facts::Binding& a, const facts::Binding& b);

}  // namespace registrar
