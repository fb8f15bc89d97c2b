#pragma once
// The API: a table of routes over a Backend.

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "api/backend.h"
#include "api/desk.h"
#include "api/http.h"
#include "api/rights.h"

namespace api {

// One call of a handler.
struct Call {
  const Request& request;
  Backend& backend;
  Desk& desk;
  std::map<std::string, std::string> path;  // {id} of the pattern
  Caller caller;                            // may use this route
};

// What a body may be long: office files and tables more than a thing.
inline constexpr std::size_t kBodyMax = std::size_t{1024} * 1024;
inline constexpr std::size_t kFileBodyMax = 16 * kBodyMax;
inline constexpr std::size_t kOpenBodyMax = 4'096;  // where no right is needed

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/calls/{id}"
  Access access = Access::Open;
  std::string_view area;  // of a token's scopes; {things} stands for the kind in the path
  Response (*handler)(const Call& call) = nullptr;
  std::size_t max_body = kBodyMax;
};

// Every route, in one place; the first that fits is taken.
[[nodiscard]] std::span<const Route> routes();

// Finds the route, checks rate and right, calls the handler. Unknown path: a file of the web
// application, else 404; known path with another method: 405 with Allow.
[[nodiscard]] Response serve(const Request& request, Backend& backend, Desk& desk);

// What is decided by the head of a request, before its body is read: nobody makes us keep a body
// who may not send it.
[[nodiscard]] Admission admit(const Request& head, Backend& backend, Desk& desk);

// True if `path` fits `pattern`; the values of {names} are put into `values`.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view path,
                        std::map<std::string, std::string>& values);

}  // namespace api
