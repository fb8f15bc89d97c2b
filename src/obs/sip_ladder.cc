#include "obs/sip_ladder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "obs/sip_ring.h"

namespace obs {
namespace {

constexpr std::size_t kLane = 24;      // columns from one lane to the next
constexpr std::size_t kTime = 10;      // columns of the time
constexpr std::size_t kMargin = 10;    // to the first lane
constexpr std::size_t kLanesMax = 40;  // peers beyond share the last one

// A row of cells; each holds one letter, which may be several bytes.
class Row final {
 public:
  explicit Row(std::size_t width) : cells_(width, " ") {}
  void put(std::size_t at, std::string_view letter) {
    if (at < cells_.size()) cells_[at] = letter;
  }
  void write(std::size_t at, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      put(at + i, c < 0x20 || c >= 0x7F ? "." : text.substr(i, 1));
    }
  }
  [[nodiscard]] std::string line() const {
    std::string out;
    for (const std::string& cell : cells_) out += cell;
    const std::size_t end = out.find_last_not_of(' ');
    return out.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  }

 private:
  std::vector<std::string> cells_;
};

std::size_t lane_of(std::vector<base::Address>& peers, const base::Address& peer) {
  const auto found = std::find(peers.begin(), peers.end(), peer);
  if (found != peers.end()) return static_cast<std::size_t>(found - peers.begin());
  if (peers.size() < kLanesMax) peers.push_back(peer);
  return peers.size() - 1;
}

// The caller stands on the left, then we, then all others.
std::size_t place_of(std::size_t lane) {
  return kTime + kMargin + (lane == 0 ? 0 : lane + 1) * kLane;
}
constexpr std::size_t kOurs = kTime + kMargin + kLane;

std::string seconds(std::int64_t ms) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%5lld.%03lld", static_cast<long long>(ms / 1000),
                      static_cast<long long>(ms % 1000));
  return text.data();
}

// ---- pcap ----

void put16(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value >> 8U & 0xFFU);
  out += static_cast<char>(value & 0xFFU);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xFFFFU);
}

std::uint32_t sum16(std::string_view bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto high = static_cast<unsigned char>(bytes[i]);
    const auto low = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0U;
    sum += static_cast<std::uint32_t>(high) << 8U | low;
  }
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum >> 16U != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::string octets(const base::IpAddress& ip) {
  return {ip.bytes.begin(), ip.bytes.begin() + (ip.is_v6 ? 16 : 4)};
}

// An IP packet with one UDP datagram (RFC 791, RFC 8200, RFC 768).
std::string packet(const base::Address& from, const base::Address& to, std::string_view bytes) {
  constexpr std::size_t kMost = 65'000;
  bytes = bytes.substr(0, kMost);
  const bool v6 = from.ip.is_v6 || to.ip.is_v6;
  const std::string source = octets(from.ip);
  const std::string target = octets(to.ip);
  const auto udp_size = static_cast<std::uint32_t>(8 + bytes.size());
  std::string udp;
  put16(udp, from.port);
  put16(udp, to.port);
  put16(udp, udp_size);
  put16(udp, 0);
  udp += bytes;
  const std::uint16_t sum = folded(sum16(udp, sum16(target, sum16(source, 17 + udp_size))));
  const std::uint32_t shown = sum == 0 ? 0xFFFFU : sum;
  udp[6] = static_cast<char>(shown >> 8U);
  udp[7] = static_cast<char>(shown & 0xFFU);
  std::string out;
  if (v6) {
    put32(out, 0x60000000U);
    put16(out, udp_size);
    out += '\x11';
    out += '\x40';
    return out + source + target + udp;
  }
  put16(out, 0x4500);
  put16(out, 20 + udp_size);
  put32(out, 0);
  put16(out, 0x4011);
  put16(out, 0);
  out += source + target;
  const std::uint32_t head = folded(sum16(out, 0));
  out[10] = static_cast<char>(head >> 8U);
  out[11] = static_cast<char>(head & 0xFFU);
  return out + udp;
}

}  // namespace

std::string_view start_of(std::string_view message) {
  std::string_view line = message.substr(0, message.find_first_of("\r\n"));
  if (line.starts_with("SIP/2.0 ")) return line.substr(8);
  if (line.ends_with(" SIP/2.0")) line.remove_suffix(8);
  return line;
}

std::string draw_ladder(const std::vector<SipCopy>& messages) {
  std::vector<base::Address> peers;
  for (const SipCopy& one : messages) (void)lane_of(peers, one.flow.peer);
  if (peers.empty()) return "no message of this call is left\n";
  const std::size_t width = place_of(std::max<std::size_t>(peers.size() - 1, 1)) + 2 * kLane;
  Row names(width);
  const auto centred = [&](std::size_t at, const std::string& text) {
    names.write(at - std::min(at, text.size() / 2), text);
  };
  for (std::size_t lane = 0; lane < peers.size(); ++lane)
    centred(place_of(lane), peers[lane].to_string());
  centred(kOurs, "harrier");
  std::string out = names.line();
  for (const SipCopy& one : messages) {
    const std::size_t lane = lane_of(peers, one.flow.peer);
    Row row(width);
    row.write(0, seconds(one.at.unix_ms - messages.front().at.unix_ms));
    for (std::size_t other = 0; other < peers.size(); ++other) row.put(place_of(other), "│");
    row.put(kOurs, "│");
    const std::size_t left = std::min(place_of(lane), kOurs);
    const std::size_t right = std::max(place_of(lane), kOurs);
    for (std::size_t at = left + 1; at < right; ++at) row.put(at, "─");
    const bool to_right = one.sent == (place_of(lane) > kOurs);
    row.put(to_right ? right - 1 : left + 1, to_right ? "►" : "◄");
    const std::string_view start = start_of(one.bytes);
    const bool request = !one.bytes.starts_with("SIP/2.0 ");
    const std::string_view what = request ? start.substr(0, start.find(' ')) : start;
    row.write(left + 3, std::string(" ") + std::string(what.substr(0, kLane - 8)) + " ");
    out += row.line();
  }
  return out;
}

std::string to_pcap(const std::vector<SipCopy>& messages) {
  constexpr std::uint32_t kRawIp = 101;
  std::string out;
  put32(out, 0xA1B2C3D4U);
  put16(out, 2);
  put16(out, 4);
  put32(out, 0);
  put32(out, 0);
  put32(out, 65'535);
  put32(out, kRawIp);
  for (const SipCopy& one : messages) {
    base::Address ours = one.flow.local;
    // A wildcard has the family of the peer in a packet.
    if (ours.ip.is_v6 != one.flow.peer.ip.is_v6) {
      ours.ip = {};
      ours.ip.is_v6 = one.flow.peer.ip.is_v6;
    }
    const std::string ip =
        one.sent ? packet(ours, one.flow.peer, one.bytes) : packet(one.flow.peer, ours, one.bytes);
    put32(out, static_cast<std::uint32_t>(one.at.unix_ms / 1000));
    put32(out, static_cast<std::uint32_t>(one.at.unix_ms % 1000 * 1000));
    put32(out, static_cast<std::uint32_t>(ip.size()));
    put32(out, static_cast<std::uint32_t>(ip.size()));
    out += ip;
  }
  return out;
}

}  // namespace obs
