#pragma once
// A message as plain text: the simulator's own small reader and writer, on purpose not src/sip/, so
// that a fault there does not hide itself.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

struct Text {
  std::string start;  // the request or status line
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Splits at CRLF. REQUIRES: long header names, no folding (phones and the engine write so).
  [[nodiscard]] static Text parse(std::string_view bytes);
  [[nodiscard]] std::string bytes() const;  // with Content-Length

  [[nodiscard]] bool is_request() const { return !start.starts_with("SIP/2.0 "); }
  [[nodiscard]] std::string method() const;  // of a request, or of the CSeq of a response
  [[nodiscard]] int code() const;            // 0 for a request
  [[nodiscard]] std::string uri() const;     // Request-URI
  [[nodiscard]] std::string get(std::string_view name) const;  // the first, or ""
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] std::string tag(std::string_view header) const;  // of From or To
  [[nodiscard]] std::string branch() const;                      // of the top Via
  [[nodiscard]] std::uint32_t cseq() const;
  void add(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }
};

// The URI inside <> of a From, To or Contact; the whole value without <>.
[[nodiscard]] std::string uri_in(std::string_view value);
// The value of `;name=` in a header value, unquoted; "" if absent.
[[nodiscard]] std::string param(std::string_view value, std::string_view name);

}  // namespace sim
