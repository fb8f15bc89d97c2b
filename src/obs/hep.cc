#include "obs/hep.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "obs/sip_ring.h"

namespace obs {
namespace {

// Chunk types of HEPv3; vendor 0.
enum Chunk : std::uint16_t {
  kFamily = 1,
  kProtocol = 2,
  kSource4 = 3,
  kTarget4 = 4,
  kSource6 = 5,
  kTarget6 = 6,
  kSourcePort = 7,
  kTargetPort = 8,
  kSeconds = 9,
  kMicroseconds = 10,
  kKind = 11,
  kAgent = 12,
  kPassword = 14,
  kPayload = 15,
  kCorrelation = 17
};
constexpr std::size_t kChunkHead = 6;
constexpr std::size_t kPayloadMost = 60'000;  // so that all fits into one datagram

std::string big_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i)
    out += static_cast<char>(value >> static_cast<unsigned>(i * 8) & 0xFFU);
  return out;
}

void put(std::string& out, Chunk type, std::string_view value) {
  out += big_endian(0, 2);
  out += big_endian(type, 2);
  out += big_endian(static_cast<std::uint32_t>(kChunkHead + value.size()), 2);
  out += value;
}

std::string octets(const base::IpAddress& ip, bool v6) {
  return {ip.bytes.begin(), ip.bytes.begin() + (v6 ? 16 : 4)};
}

}  // namespace

std::string to_hep(const SipCopy& message, const HepAgent& agent, std::string_view correlation) {
  const base::Address& from = message.sent ? message.flow.local : message.flow.peer;
  const base::Address& to = message.sent ? message.flow.peer : message.flow.local;
  const bool v6 = message.flow.peer.ip.is_v6;
  const bool udp = message.flow.transport == base::Transport::Udp;
  std::string chunks;
  put(chunks, kFamily, std::string(1, v6 ? '\x0A' : '\x02'));
  put(chunks, kProtocol, std::string(1, udp ? '\x11' : '\x06'));
  put(chunks, v6 ? kSource6 : kSource4, octets(from.ip, v6));
  put(chunks, v6 ? kTarget6 : kTarget4, octets(to.ip, v6));
  put(chunks, kSourcePort, big_endian(from.port, 2));
  put(chunks, kTargetPort, big_endian(to.port, 2));
  put(chunks, kSeconds, big_endian(static_cast<std::uint32_t>(message.at.unix_ms / 1000), 4));
  put(chunks, kMicroseconds,
      big_endian(static_cast<std::uint32_t>(message.at.unix_ms % 1000 * 1000), 4));
  put(chunks, kKind, std::string(1, '\x01'));
  put(chunks, kAgent, big_endian(agent.id, 4));
  if (!agent.password.empty()) put(chunks, kPassword, agent.password);
  if (!correlation.empty()) put(chunks, kCorrelation, correlation);
  put(chunks, kPayload, std::string_view(message.bytes).substr(0, kPayloadMost));
  return "HEP3" + big_endian(static_cast<std::uint32_t>(6 + chunks.size()), 2) + chunks;
}

}  // namespace obs
