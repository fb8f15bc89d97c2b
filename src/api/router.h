#pragma once
// The API: a table of routes over a Backend.

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "api/backend.h"
#include "api/http.h"

namespace api {

// What a caller must be allowed to do. The local socket may do everything; a token has scopes:
// "read" or "admin" (which includes read).
enum class Right : std::uint8_t { Nobody, Read, Admin };

// One call of a handler.
struct Call {
  const Request& request;
  Backend& backend;
  std::map<std::string, std::string> path;  // {id} of the pattern
  std::string who;                          // for the audit: the token's name, or "local"
  Right right = Right::Nobody;              // what he may do, at least the route's
};

// What a body may be long: office files and tables more than a thing.
inline constexpr std::size_t kBodyMax = std::size_t{1024} * 1024;
inline constexpr std::size_t kFileBodyMax = 16 * kBodyMax;
inline constexpr std::size_t kOpenBodyMax = 4'096;  // where no right is needed: nothing reads it

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/calls/{id}"
  Right right = Right::Nobody;
  Response (*handler)(const Call& call) = nullptr;
  std::size_t max_body = kBodyMax;
};

// Every route, in one place; the order matters only for equal patterns.
[[nodiscard]] std::span<const Route> routes();

// Finds the route, checks the right, calls the handler. Unknown path: 404; known path with another
// method: 405 with Allow.
[[nodiscard]] Response serve(const Request& request, Backend& backend);

// What is decided by the head of a request, before its body is read: nobody makes us keep a body
// who may not send it.
[[nodiscard]] Admission admit(const Request& head, Backend& backend);

// True if `path` fits `pattern`; the values of {names} are put into `values`.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view path,
                        std::map<std::string, std::string>& values);

}  // namespace api
