#pragma once
// Structured values of header fields, as views of the value's text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sip/message.h"
#include "sip/uri.h"

namespace sip {

// The value of `;name` in a parameter list that begins with ';' (blanks around ';' and '='
// allowed): "" for one without a value, nothing if absent. A quoted value keeps its quotes.
[[nodiscard]] std::optional<std::string_view> find_param(std::string_view params,
                                                         std::string_view name);

// From, To, Contact, Route, Record-Route, Path, Refer-To, P-Asserted-Identity (20.10).
struct NameAddr {
  std::string_view display;  // as written, quotes kept
  std::string_view uri;
  std::string_view params;  // header parameters with the first ';'
  bool star = false;        // "*" of a Contact

  [[nodiscard]] static std::optional<NameAddr> parse(std::string_view value);
  [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const {
    return find_param(params, name);
  }
  [[nodiscard]] std::string_view tag() const { return param("tag").value_or(""); }
};

// One Via (20.42).
struct Via {
  std::string_view transport;  // "UDP"
  std::string_view host;       // sent-by, IPv6 with brackets
  std::uint16_t port = 0;      // 0 = none given
  std::string_view params;
  std::string_view sent_by;  // host and port as written

  [[nodiscard]] static std::optional<Via> parse(std::string_view value);
  [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const {
    return find_param(params, name);
  }
  [[nodiscard]] std::string_view branch() const { return param("branch").value_or(""); }
};

struct Cseq {
  std::uint32_t number = 0;
  std::string_view method;
  [[nodiscard]] static std::optional<Cseq> parse(std::string_view value);
};

// RAck of RFC 3262: "776656 1 INVITE".
struct Rack {
  std::uint32_t rseq = 0;
  std::uint32_t cseq = 0;
  std::string_view method;
  [[nodiscard]] static std::optional<Rack> parse(std::string_view value);
};

// One value of a Reason header (RFC 3326).
struct ReasonValue {
  std::string_view protocol;  // "SIP", "Q.850"
  std::uint16_t cause = 0;
  std::string_view text;  // as written, quotes kept
  [[nodiscard]] static std::optional<ReasonValue> parse(std::string_view value);
};

// Session-Expires and Min-SE of RFC 4028, in seconds.
struct SessionExpires {
  std::uint32_t seconds = 0;
  std::string_view refresher;  // "uac", "uas" or empty
  [[nodiscard]] static std::optional<SessionExpires> parse(std::string_view value);
};

// Replaces of RFC 3891.
struct Replaces {
  std::string_view call_id, to_tag, from_tag;
  bool early_only = false;
  [[nodiscard]] static std::optional<Replaces> parse(std::string_view value);
};

// A number of seconds at the start of a value (Expires, Retry-After with its comment).
[[nodiscard]] std::optional<std::uint32_t> seconds_of(std::string_view value);

// Typed reads of the headers that every message has; nothing when missing or malformed.
[[nodiscard]] std::optional<Via> top_via(const Message& message);
[[nodiscard]] std::optional<NameAddr> from_of(const Message& message);
[[nodiscard]] std::optional<NameAddr> to_of(const Message& message);
[[nodiscard]] std::optional<NameAddr> first_contact(const Message& message);

// Exactly one, and an address (8.1.1.8): where the dialog's requests go.
[[nodiscard]] bool has_one_contact(const Message& message);

// The part of the body with this type ("application/sdp"): the body itself, or that part of a
// multipart/mixed one; "" if there is none. One that is coded (Content-Encoding) is none.
[[nodiscard]] std::string_view body_of_type(const Message& message, std::string_view type);
// RFC 3261 section 8.2.3: the header field of a 415, which tells what we take, when the body is not
// of this type or is coded; "" if it can be taken, or may be ignored (handling=optional).
[[nodiscard]] std::string body_refusal(const Message& message, std::string_view type);

}  // namespace sip
