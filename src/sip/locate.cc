#include "sip/locate.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace sip {
namespace {

constexpr std::size_t kServicesMax = 4;    // NAPTR records that count
constexpr std::size_t kServersMax = 16;    // SRV records of one service
constexpr std::size_t kLocationsMax = 16;  // altogether

// What NAPTR and SRV call a transport (RFC 3263 4.1, 4.2).
struct Name {
  base::Transport transport;
  std::string_view naptr, srv;
};
constexpr auto kNames = std::to_array<Name>({
    {base::Transport::Udp, "SIP+D2U", "_sip._udp."},
    {base::Transport::Tcp, "SIP+D2T", "_sip._tcp."},
    {base::Transport::Tls, "SIPS+D2T", "_sips._tcp."},
});

bool has(const std::vector<base::Transport>& ours, base::Transport transport) {
  return std::ranges::find(ours, transport) != ours.end();
}

// A transport with the SRV records that tell its servers.
struct Service {
  base::Transport transport = base::Transport::Udp;
  std::string srv;
};

// Collects what is missing while the answers are gone through.
class Search final {
 public:
  Search(const Wanted& wanted, const std::vector<base::Transport>& ours, const Answers& known,
         base::Rng& rng)
      : wanted_(wanted), ours_(ours), known_(known), rng_(rng) {}

  std::variant<Questions, Locations> run() {
    if (const auto literal = base::IpAddress::parse(wanted_.host)) {
      if (!has(ours_, plain())) return Locations{};
      return Locations{{plain(), {*literal, port_or_default(plain())}}};
    }
    if (wanted_.port != 0) return at_host();
    const std::vector<Service> found = services();
    if (!missing_.empty()) return std::move(missing_);
    std::vector<std::pair<Service, const Answer*>> answered;
    for (const Service& service : found)
      if (const Answer* answer = ask({Question::Type::Srv, service.srv}))
        answered.emplace_back(service, answer);
    if (!missing_.empty()) return std::move(missing_);
    bool any = false;
    for (const auto& [service, answer] : answered) {
      any = any || !answer->srv.empty();
      for (const SrvRecord& server : servers(*answer))
        (void)ask({Question::Type::Address, server.target});
    }
    if (!missing_.empty()) return std::move(missing_);
    if (!any) return at_host();
    for (const auto& [service, answer] : answered)
      for (const SrvRecord& server : in_order(servers(*answer)))
        add(service.transport, *ask({Question::Type::Address, server.target}), server.port);
    return std::move(found_);
  }

 private:
  // Without DNS's word: what the URI names, else UDP, or TLS of a SIPS one.
  [[nodiscard]] base::Transport plain() const {
    if (wanted_.transport.has_value()) return *wanted_.transport;
    return wanted_.sips ? base::Transport::Tls : base::Transport::Udp;
  }
  [[nodiscard]] std::uint16_t port_or_default(base::Transport transport) const {
    return wanted_.port != 0 ? wanted_.port : default_port(transport);
  }

  const Answer* ask(const Question& question) {
    const auto found = known_.find(question);
    if (found != known_.end()) return &found->second;
    if (std::ranges::find(missing_, question) == missing_.end()) missing_.push_back(question);
    return nullptr;
  }

  // The addresses of the host itself.
  std::variant<Questions, Locations> at_host() {
    const base::Transport transport = plain();
    if (!has(ours_, transport)) return Locations{};
    const Answer* const answer = ask({Question::Type::Address, wanted_.host});
    if (answer == nullptr) return std::move(missing_);
    add(transport, *answer, port_or_default(transport));
    return std::move(found_);
  }

  std::vector<Service> services() {
    std::vector<Service> out;
    for (const Name& name : kNames) {
      if (wanted_.transport.has_value() && *wanted_.transport != name.transport) continue;
      if (wanted_.sips && name.transport != base::Transport::Tls) continue;
      if (has(ours_, name.transport))
        out.push_back({name.transport, std::string(name.srv) + wanted_.host});
    }
    if (wanted_.transport.has_value()) return out;
    const Answer* const answer = ask({Question::Type::Naptr, wanted_.host});
    if (answer == nullptr) return out;
    const std::vector<Service> told = services_of(*answer);
    return told.empty() ? out : told;
  }

  // Those that lead to SRV records of a transport that we have, in their order.
  [[nodiscard]] std::vector<Service> services_of(const Answer& answer) const {
    std::vector<NaptrRecord> records = answer.naptr;
    std::ranges::stable_sort(records, [](const NaptrRecord& a, const NaptrRecord& b) {
      return std::pair{a.order, a.preference} < std::pair{b.order, b.preference};
    });
    std::vector<Service> out;
    for (const NaptrRecord& record : records) {
      if (!same_word(record.flags, "s") || record.replacement.empty()) continue;
      for (const Name& name : kNames) {
        const bool fits = same_word(record.service, name.naptr) && has(ours_, name.transport) &&
                          (!wanted_.sips || name.transport == base::Transport::Tls);
        if (fits && out.size() < kServicesMax) out.push_back({name.transport, record.replacement});
      }
    }
    return out;
  }

  // A target of "." means that the service is decidedly not there.
  [[nodiscard]] static std::vector<SrvRecord> servers(const Answer& answer) {
    std::vector<SrvRecord> out;
    for (const SrvRecord& record : answer.srv)
      if (!record.target.empty() && record.target != "." && out.size() < kServersMax)
        out.push_back(record);
    return out;
  }

  // By priority; within one a draw in which each has the chance of its weight (RFC 2782).
  std::vector<SrvRecord> in_order(std::vector<SrvRecord> left) {
    std::ranges::stable_sort(left, [](const SrvRecord& a, const SrvRecord& b) {
      return std::pair{a.priority, a.weight} < std::pair{b.priority, b.weight};
    });
    std::vector<SrvRecord> out;
    while (!left.empty()) {
      const auto end = std::ranges::find_if(
          left, [&](const SrvRecord& record) { return record.priority != left.front().priority; });
      std::uint64_t sum = 0;
      for (auto record = left.begin(); record != end; ++record) sum += record->weight;
      const std::uint64_t drawn = rng_.next() % (sum + 1);
      auto chosen = left.begin();
      for (std::uint64_t running = chosen->weight; running < drawn; running += chosen->weight)
        ++chosen;
      out.push_back(std::move(*chosen));
      left.erase(chosen);
    }
    return out;
  }

  void add(base::Transport transport, const Answer& answer, std::uint16_t port) {
    for (const base::IpAddress& ip : answer.addresses) {
      const Located place{transport, {ip, port}};
      const bool known = std::ranges::find(found_, place) != found_.end();
      if (!known && found_.size() < kLocationsMax) found_.push_back(place);
    }
  }

  const Wanted& wanted_;
  const std::vector<base::Transport>& ours_;
  const Answers& known_;
  base::Rng& rng_;
  Questions missing_;
  Locations found_;
};

}  // namespace

base::Transport transport_of(const Uri& uri) {
  base::Transport transport = base::Transport::Udp;
  if (const auto named = uri.param("transport"); named.has_value())
    transport = base::transport_from(*named).value_or(transport);
  if (uri.scheme != Scheme::Sips) return transport;
  return base::is_websocket(transport) ? base::Transport::Wss : base::Transport::Tls;
}

Wanted wanted_of(const Uri& uri) {
  Wanted wanted{std::string(uri.host), uri.port, std::nullopt, uri.scheme == Scheme::Sips};
  if (uri.param("transport").has_value()) wanted.transport = transport_of(uri);
  return wanted;
}

std::uint16_t default_port(base::Transport transport) {
  switch (transport) {
    case base::Transport::Udp:
    case base::Transport::Tcp:
      return 5060;
    case base::Transport::Tls:
      return 5061;
    case base::Transport::Ws:
      return 80;
    case base::Transport::Wss:
      return 443;
  }
  return 5060;
}

std::variant<Questions, Locations> locate(const Wanted& wanted,
                                          const std::vector<base::Transport>& ours,
                                          const Answers& known, base::Rng& rng) {
  return Search(wanted, ours, known, rng).run();
}

}  // namespace sip
