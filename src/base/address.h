#pragma once
// Where packets come from and go to, as values. No system headers: net/ converts.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

enum class Transport : std::uint8_t { Udp, Tcp, Tls, Ws, Wss };

// "udp", "tcp", "tls", "ws", "wss".
[[nodiscard]] std::string_view name_of(Transport transport);
// The same, any case; nothing for anything else.
[[nodiscard]] std::optional<Transport> transport_from(std::string_view name);
[[nodiscard]] constexpr bool is_stream(Transport transport) {
  return transport != Transport::Udp;
}
// Nobody on the way can read or change it.
[[nodiscard]] constexpr bool is_secure(Transport transport) {
  return transport == Transport::Tls || transport == Transport::Wss;
}
[[nodiscard]] constexpr bool is_websocket(Transport transport) {
  return transport == Transport::Ws || transport == Transport::Wss;
}

// An IPv4 or IPv6 address in network byte order; IPv4 uses the first four bytes.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v6 = false;
  auto operator<=>(const IpAddress&) const = default;

  // "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; nothing if it is not an address.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
  // Without brackets.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  // RFC 1918, RFC 6598, link-local, unique local, loopback.
  [[nodiscard]] bool is_private() const;
};

// Who names `described` and sends from `seen` stands behind NAT: nobody outside reaches him there.
[[nodiscard]] bool is_behind_nat(const IpAddress& described, const IpAddress& seen);

struct Address {
  IpAddress ip{};
  std::uint16_t port = 0;
  auto operator<=>(const Address&) const = default;

  // "192.0.2.1:5060" or "[2001:db8::1]:5060"; a missing port is 0.
  [[nodiscard]] static std::optional<Address> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
};

// A network prefix, as in `trusted: [10.0.0.0/8]`. A bare address is a prefix of full length.
struct Cidr {
  IpAddress network{};
  std::uint8_t prefix_bits = 0;
  bool operator==(const Cidr&) const = default;

  [[nodiscard]] static std::optional<Cidr> parse(std::string_view text);
  [[nodiscard]] bool contains(const IpAddress& ip) const;
  [[nodiscard]] std::string to_string() const;
};

// Names one open stream connection: thread, slot and generation packed by net/; 0 is none.
enum class ConnectionId : std::uint64_t { None = 0 };

// The name or address that the certificate of a TLS peer must be for; numbered by the engine, which
// alone knows the text. 0: nobody has said whom to expect there.
enum class PeerName : std::uint16_t { None = 0 };

// The way a message came, and by which an answer goes back: our socket and the peer.
struct Flow {
  Transport transport = Transport::Udp;
  std::uint8_t listener = 0;  // index of the listening socket in the order of sip.listen
  Address local{};
  Address peer{};
  ConnectionId connection = ConnectionId::None;  // stream transports only
  PeerName peer_name = PeerName::None;           // TLS that we open only
  auto operator<=>(const Flow&) const = default;
};

}  // namespace base
