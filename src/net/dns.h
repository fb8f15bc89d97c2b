#pragma once
// Questions to DNS and what comes of them, for net/resolver.h: addresses, and the records by which
// a domain tells where a service of it is (RFC 2782, RFC 3403).

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"

namespace net {

struct DnsQuestion {
  enum class Type : std::uint8_t { Address, Srv, Naptr };  // Address: A and AAAA
  Type type = Type::Address;
  std::string name;
  auto operator<=>(const DnsQuestion&) const = default;
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

struct DnsAnswer {
  std::vector<base::IpAddress> addresses{};
  std::vector<SrvRecord> srv{};
  std::vector<NaptrRecord> naptr{};
  std::optional<std::uint32_t> ttl_s{};  // the shortest of the records; nothing: not known
  bool operator==(const DnsAnswer&) const = default;
  [[nodiscard]] bool is_empty() const { return addresses.empty() && srv.empty() && naptr.empty(); }
};

// The records of that type in the answer section of a packet. What cannot be read is left out; a
// packet that is none is an empty answer. At most 64 records.
[[nodiscard]] DnsAnswer read_answer(std::span<const unsigned char> packet, DnsQuestion::Type type);

// Asks the system and waits: getaddrinfo for addresses, the nameservers of this machine (or only
// `nameserver`, in tests) for the others.
[[nodiscard]] DnsAnswer ask_system(const DnsQuestion& question,
                                   const std::optional<base::Address>& nameserver = {});

}  // namespace net
