#include "base/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace base {
namespace {

constexpr std::array<std::string_view, 5> kTransportNames{"udp", "tcp", "tls", "ws", "wss"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A whole number of at most `max`, decimal or hexadecimal, that fills `text` entirely.
std::optional<std::uint32_t> whole_number(std::string_view text, int radix, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  if (value > max) return {};
  return value;
}

bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return false;
    const std::string_view digits = text.substr(0, dot);
    const auto value = whole_number(digits, 10, 255);
    if (!value.has_value() || digits.size() > 3) return false;
    out[part] = static_cast<std::uint8_t>(*value);
    if (part < 3) text.remove_prefix(dot + 1);
  }
  return true;
}

// Groups of one side of "::", at most `max` of them. Returns how many, or nothing if malformed.
std::optional<std::size_t> parse_groups(std::string_view text, std::uint16_t* out,
                                        std::size_t max) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      std::array<std::uint8_t, 4> v4{};
      if (count + 2 > max || !parse_v4(group, v4.data())) return {};
      out[count++] = static_cast<std::uint16_t>(v4[0] << 8U | v4[1]);
      out[count++] = static_cast<std::uint16_t>(v4[2] << 8U | v4[3]);
      return count;
    }
    const auto value = whole_number(group, 16, 0xFFFF);
    if (!value.has_value() || group.size() > 4 || count == max) return {};
    out[count++] = static_cast<std::uint16_t>(*value);
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
    if (text.empty()) return {};
  }
  return count;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  std::array<std::uint16_t, 8> head{};
  std::array<std::uint16_t, 8> tail{};
  const std::size_t gap = text.find("::");
  const auto heads = parse_groups(text.substr(0, gap), head.data(), 8);
  if (!heads.has_value()) return {};
  std::size_t tails = 0;
  if (gap == std::string_view::npos) {
    if (*heads != 8) return {};
  } else {
    const auto counted = parse_groups(text.substr(gap + 2), tail.data(), 8);
    if (!counted.has_value() || *heads + *counted > 7) return {};
    tails = *counted;
  }
  IpAddress ip;
  ip.is_v6 = true;
  for (std::size_t i = 0; i < *heads; ++i) {
    ip.bytes[2 * i] = static_cast<std::uint8_t>(head[i] >> 8U);
    ip.bytes[2 * i + 1] = static_cast<std::uint8_t>(head[i] & 0xFFU);
  }
  for (std::size_t i = 0; i < tails; ++i) {
    const std::size_t at = 2 * (8 - tails + i);
    ip.bytes[at] = static_cast<std::uint8_t>(tail[i] >> 8U);
    ip.bytes[at + 1] = static_cast<std::uint8_t>(tail[i] & 0xFFU);
  }
  return ip;
}

std::string v4_to_string(const std::uint8_t* bytes) {
  std::string out;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) out += '.';
    out += std::to_string(bytes[i]);
  }
  return out;
}

void append_hex(std::string& out, std::uint16_t value) {
  std::array<char, 4> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace

std::string_view name_of(Transport transport) {
  return kTransportNames.at(static_cast<std::size_t>(transport));
}

std::optional<Transport> transport_from(std::string_view name) {
  for (std::size_t i = 0; i < kTransportNames.size(); ++i) {
    const std::string_view known = kTransportNames.at(i);
    if (std::ranges::equal(name, known, [](char a, char b) { return lower(a) == b; }))
      return static_cast<Transport>(i);
  }
  return {};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
    return parse_v6(text.substr(1, text.size() - 2));
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  IpAddress ip;
  if (!parse_v4(text, ip.bytes.data())) return {};
  return ip;
}

std::string IpAddress::to_string() const {
  if (!is_v6) return v4_to_string(bytes.data());
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8U | bytes[2 * i + 1]);
  // RFC 5952: the longest run of zero groups (two or more, the first on a tie) becomes "::".
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups.at(i + length) == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    append_hex(out, groups.at(i));
  }
  return out;
}

bool IpAddress::is_unspecified() const {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
  if (!is_v6) return bytes[0] == 127;
  return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
         bytes[15] == 1;
}

bool IpAddress::is_private() const {
  if (is_loopback()) return true;
  if (is_v6) return (bytes[0] & 0xFEU) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80);
  return bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0U) == 16) ||
         (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254) ||
         (bytes[0] == 100 && (bytes[1] & 0xC0U) == 64);
}

bool is_behind_nat(const IpAddress& described, const IpAddress& seen) {
  return described != seen && described.is_private() && !seen.is_private();
}

std::optional<Address> Address::parse(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return {};
    host = text.substr(0, close + 1);
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return {};
  } else if (const std::size_t colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  const auto ip = IpAddress::parse(host);
  if (!ip.has_value()) return {};
  if (port.empty()) return Address{*ip, 0};
  const auto number = whole_number(port.substr(1), 10, 65535);
  if (!number.has_value()) return {};
  return Address{*ip, static_cast<std::uint16_t>(*number)};
}

std::string Address::to_string() const {
  const std::string host = ip.is_v6 ? "[" + ip.to_string() + "]" : ip.to_string();
  return host + ":" + std::to_string(port);
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = IpAddress::parse(text.substr(0, slash));
  if (!ip.has_value()) return {};
  const std::uint32_t full = ip->is_v6 ? 128 : 32;
  std::uint32_t bits = full;
  if (slash != std::string_view::npos) {
    const auto number = whole_number(text.substr(slash + 1), 10, full);
    if (!number.has_value()) return {};
    bits = *number;
  }
  return Cidr{*ip, static_cast<std::uint8_t>(bits)};
}

bool Cidr::contains(const IpAddress& ip) const {
  if (ip.is_v6 != network.is_v6) return false;
  for (std::uint32_t bit = 0; bit < prefix_bits; ++bit) {
    const std::uint32_t mask = 0x80U >> (bit % 8);
    if (((ip.bytes.at(bit / 8) ^ network.bytes.at(bit / 8)) & mask) != 0) return false;
  }
  return true;
}

std::string Cidr::to_string() const {
  return network.to_string() + "/" + std::to_string(prefix_bits);
}

}  // namespace base
