#include "sip/uri.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "sip/text.h"

namespace sip {
namespace {

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// "[2001:db8:::192.0.2.1]" is what an old grammar asked for (RFC 5118 4.10): read it as two colons.
bool is_v6_with_three_colons(std::string_view host) {
  const std::size_t colons = host.find(":::");
  if (colons == std::string_view::npos || host.find('.') == std::string_view::npos) return false;
  std::string corrected{host};
  corrected.erase(colons, 1);
  return base::IpAddress::parse(corrected).has_value();
}

// The byte that an escape at the start of `text` stands for; -1 if there is none.
int escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_host(std::string_view host) {
  if (host.empty()) return false;
  if (host.front() == '[')
    return base::IpAddress::parse(host).has_value() || is_v6_with_three_colons(host);
  static constexpr detail::Letters kHostLetters{".-_"};
  return std::ranges::all_of(host, [](char c) { return kHostLetters.has(c); });
}

// host [":" port]; false when malformed.
bool read_host_port(std::string_view text, Uri& uri) {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    end = close + 1;
  } else {
    end = std::min(text.find(':'), text.size());
  }
  uri.host = text.substr(0, end);
  const std::string_view rest = text.substr(end);
  if (!is_host(uri.host)) return false;
  if (rest.empty()) return true;
  const auto port = rest.front() == ':' ? read_number(rest.substr(1), 65535) : std::nullopt;
  if (!port.has_value()) return false;
  uri.port = static_cast<std::uint16_t>(*port);
  return true;
}

// What no URI of these schemes may hold unescaped; letters beyond ASCII are let through.
bool has_bad_char(std::string_view text) {
  static constexpr std::array<bool, 256> kBad = [] {
    std::array<bool, 256> bad{};
    for (std::size_t i = 0; i < bad.size(); ++i)
      bad[i] = i <= 0x20 || i == 0x7F || i == '<' || i == '>' || i == '"';
    return bad;
  }();
  return std::ranges::any_of(text, [](char c) { return kBad[static_cast<unsigned char>(c)]; });
}

// Digits, the letters of a local number and visual separators (RFC 3966).
bool is_tel_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return hex_value(c) >= 0 || std::string_view{"*#-.()"}.find(c) != std::string_view::npos;
  });
}

std::optional<Uri> parse_sip(Uri uri, std::string_view rest) {
  const std::size_t at = rest.find('@');
  if (at != std::string_view::npos) {
    const std::string_view info = rest.substr(0, at);
    const std::size_t colon = info.find(':');
    uri.user = info.substr(0, colon);
    if (colon != std::string_view::npos) uri.password = info.substr(colon + 1);
    if (uri.user.empty()) return {};
    rest.remove_prefix(at + 1);
  }
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    uri.headers = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  if (const std::size_t semicolon = rest.find(';'); semicolon != std::string_view::npos) {
    uri.params = rest.substr(semicolon);
    rest = rest.substr(0, semicolon);
  }
  if (!read_host_port(rest, uri)) return {};
  return uri;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Escapes of letters that mean nothing by themselves are undone; "%2b" of a reserved '+' stays an
// escape, for the two are different (19.1.4).
std::string normal(std::string_view text) {
  static constexpr std::string_view kReserved = ";/?:@&=+$,%";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = escaped_byte(text.substr(i));
    if (byte < 0) {
      out += text[i];
      continue;
    }
    const char plain = static_cast<char>(byte);
    if (kReserved.find(plain) == std::string_view::npos)
      out += plain;
    else
      out.append({'%', lower(text[i + 1]), lower(text[i + 2])});
    i += 2;
  }
  return out;
}

std::string lowered(std::string_view text) {
  std::string out = normal(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

// A telephone number without its visual separators (RFC 3966 section 4).
std::string dialled(std::string_view number) {
  std::string out;
  for (const char c : number)
    if (std::string_view{"-.()"}.find(c) == std::string_view::npos) out += lower(c);
  return out;
}

Pairs pairs_of(std::string_view text, char separator) {
  Pairs pairs;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view item = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    pairs.emplace_back(lowered(item.substr(0, equals)),
                       equals == std::string_view::npos ? "" : lowered(item.substr(equals + 1)));
  }
  std::ranges::sort(pairs);
  return pairs;
}

const std::string* value_in(const Pairs& pairs, std::string_view name) {
  const auto found = std::ranges::find(pairs, name, &Pairs::value_type::first);
  return found == pairs.end() ? nullptr : &found->second;
}

// Parameters in both must agree; user, ttl, method, maddr and transport must be in both or none.
bool same_params(const Pairs& a, const Pairs& b) {
  for (const auto& [name, unused] : a) {
    const std::string* other = value_in(b, name);  // of a name that stands twice, the first value
    if (other != nullptr && *other != *value_in(a, name)) return false;
  }
  for (const char* name : {"user", "ttl", "method", "maddr", "transport"})
    if ((value_in(a, name) == nullptr) != (value_in(b, name) == nullptr)) return false;
  return true;
}

}  // namespace

std::optional<Uri> Uri::parse(std::string_view text) {
  if (has_bad_char(text)) return {};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = text.substr(0, colon);
  Uri uri;
  uri.text = text;
  const std::string_view rest = text.substr(colon + 1);
  if (rest.empty()) return {};
  if (same_word(scheme, "sip") || same_word(scheme, "sips")) {
    uri.scheme = scheme.size() == 3 ? Scheme::Sip : Scheme::Sips;
    return parse_sip(uri, rest);
  }
  if (same_word(scheme, "tel")) {
    uri.scheme = Scheme::Tel;
    const std::size_t semicolon = rest.find(';');
    uri.user = rest.substr(0, semicolon);
    if (semicolon != std::string_view::npos) uri.params = rest.substr(semicolon);
    return is_tel_number(uri.user) ? std::optional{uri} : std::nullopt;
  }
  const bool named = is_alpha(scheme.front()) && std::ranges::all_of(scheme, [](char c) {
                       return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                     });
  if (!named) return {};
  uri.scheme = Scheme::Other;
  return uri;
}

std::optional<std::string_view> Uri::param(std::string_view name) const {
  std::string_view rest = params;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // ';'
    const std::string_view item = rest.substr(0, rest.find(';'));
    rest.remove_prefix(item.size());
    const std::size_t equals = item.find('=');
    if (same_word(item.substr(0, equals), name))
      return equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
  }
  return {};
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = escaped_byte(text.substr(i));
    out += byte < 0 ? text[i] : static_cast<char>(byte);
    if (byte >= 0) i += 2;
  }
  return out;
}

std::string escaped_user(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  static constexpr std::string_view kAllowed = "-_.!~*'()&=+$,;?/";
  std::string out;
  for (const char c : text) {
    if (is_alpha(c) || is_digit(c) || kAllowed.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

bool same_uri(std::string_view a, std::string_view b) {
  const auto left = Uri::parse(a);
  const auto right = Uri::parse(b);
  if (!left.has_value() || !right.has_value() || left->scheme == Scheme::Other ||
      left->scheme != right->scheme)
    return a == b;
  if (left->scheme == Scheme::Tel)
    return dialled(left->user) == dialled(right->user) &&
           pairs_of(left->params, ';') == pairs_of(right->params, ';');
  return normal(left->user) == normal(right->user) &&
         normal(left->password) == normal(right->password) && same_word(left->host, right->host) &&
         left->port == right->port &&
         same_params(pairs_of(left->params, ';'), pairs_of(right->params, ';')) &&
         pairs_of(left->headers, '&') == pairs_of(right->headers, '&');
}

}  // namespace sip
