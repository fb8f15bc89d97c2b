#pragma once
// Where the requests for a SIP URI go (RFC 3263): what DNS must be asked, and what follows from its
// answers. No I/O: whoever asks DNS brings the answers and is told what is still missing.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "sip/uri.h"

namespace sip {

// What of a URI decides where its requests go.
struct Wanted {
  std::string host;                            // a name or an address
  std::uint16_t port = 0;                      // 0: none in the URI
  std::optional<base::Transport> transport{};  // none in the URI
  bool sips = false;
  bool operator==(const Wanted&) const = default;
};

// The transport that a URI means without DNS: the one that it names, TLS of a SIPS one whatever it
// names (RFC 3261 26.2.2, RFC 7118 5.1), else UDP.
[[nodiscard]] base::Transport transport_of(const Uri& uri);
[[nodiscard]] Wanted wanted_of(const Uri& uri);

struct Located {
  base::Transport transport = base::Transport::Udp;
  base::Address address{};
  bool operator==(const Located&) const = default;
};

struct NaptrRecord {
  std::uint16_t order = 0, preference = 0;
  std::string flags, service, replacement;
  bool operator==(const NaptrRecord&) const = default;
};
struct SrvRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
  bool operator==(const SrvRecord&) const = default;
};

struct Question {
  enum class Type : std::uint8_t { Naptr, Srv, Address };  // Address: A and AAAA
  Type type = Type::Address;
  std::string name;
  auto operator<=>(const Question&) const = default;
};
// An empty one: there is nothing of that type, or nobody answers.
struct Answer {
  std::vector<NaptrRecord> naptr{};
  std::vector<SrvRecord> srv{};
  std::vector<base::IpAddress> addresses{};
  bool operator==(const Answer&) const = default;
};
using Answers = std::map<Question, Answer>;

// Default port of RFC 3261 19.1.2 and RFC 7118 section 4.
[[nodiscard]] std::uint16_t default_port(base::Transport transport);

using Questions = std::vector<Question>;
using Locations = std::vector<Located>;  // in the order in which they are to be tried
// Either what must be asked before it can be said, or where to go: empty means nowhere. Only
// transports of `ours` are chosen. Equal priorities are drawn by weight from `rng` (RFC 2782),
// which is touched only when the result is there. What comes of one name is bounded.
[[nodiscard]] std::variant<Questions, Locations> locate(const Wanted& wanted,
                                                        const std::vector<base::Transport>& ours,
                                                        const Answers& known, base::Rng& rng);

}  // namespace sip
