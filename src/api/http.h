#pragma once
// HTTP as values: what a handler gets and gives. The server behind it is http_server.h.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "obs/events.h"

namespace api {

struct Request {
  std::string method;  // "GET"
  std::string path;    // as sent, without the query; fits() decodes its parts
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool is_local = false;   // came over the socket in the data folder
  bool is_secure = false;  // came over TLS
  std::string peer;        // address of the other side, "" when local

  [[nodiscard]] std::string header(std::string_view lower_name) const;
  [[nodiscard]] std::string parameter(const std::string& name) const;  // "" if absent
};

struct Response {
  std::uint16_t status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // Set: not a body but a stream of server-sent events, after this id if one was given.
  bool event_stream = false;
  std::optional<std::uint64_t> events_after;
  // Of a stream: which events are shown (all, if unset), and whether it still goes on.
  std::function<bool(const obs::Event&)> shows{};
  std::function<bool()> goes_on{};
};

using Handler = std::function<Response(const Request&)>;

// What becomes of the body that follows a request's head.
struct Admission {
  std::optional<Response> refusal;  // the answer; the body is not read
  std::size_t max_body = 0;         // bytes
};
using Gate = std::function<Admission(const Request& head)>;

// "a%20b" -> "a b"; '+' stays. Nothing for a bad escape.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);
// Splits "/path?a=1&b=2" into a request's path and query; false if it is no such target.
[[nodiscard]] bool read_target(std::string_view target, Request& request);

}  // namespace api
