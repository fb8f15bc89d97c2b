#pragma once
// SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966) as views of text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sip {

enum class Scheme : std::uint8_t { Sip, Sips, Tel, Other };

struct Uri {
  Scheme scheme = Scheme::Sip;
  std::string_view text;  // the whole
  std::string_view user;  // still escaped; for tel the number with its parameters cut off
  std::string_view password;
  std::string_view host;     // IPv6 with its brackets
  std::uint16_t port = 0;    // 0 = none given
  std::string_view params;   // after the host, with the first ';'
  std::string_view headers;  // after '?'

  // Nothing if it is no URI of these schemes; Other for any other absolute URI.
  [[nodiscard]] static std::optional<Uri> parse(std::string_view text);
  // The value of a URI parameter: "" for one without a value, nothing if absent.
  [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const;
};

// %41 becomes A; a bad escape stays as it is.
[[nodiscard]] std::string unescaped(std::string_view text);
// For the user part: what is not allowed there becomes %XX.
[[nodiscard]] std::string escaped_user(std::string_view text);
// Equality of RFC 3261 19.1.4, for tel: of RFC 3966 section 4; texts that are neither are compared
// letter by letter.
[[nodiscard]] bool same_uri(std::string_view a, std::string_view b);

}  // namespace sip
