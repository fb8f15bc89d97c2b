#include "api/router.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "base/result.h"
#include "model/thing.h"
#include "store/things.h"

namespace api {
namespace {

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {"GET",    "/healthz",                      Right::Nobody, get_health},
    {"GET",    "/readyz",                       Right::Nobody, get_ready},
    {"GET",    "/metrics",                      Right::Nobody, get_metrics},
    {"GET",    "/version",                      Right::Nobody, get_version},
    {"GET",    "/api/v1/openapi.json",          Right::Nobody, get_openapi},
    {"GET",    "/api/v1/calls",                 Right::Read,   list_calls},
    {"GET",    "/api/v1/calls/{id}",            Right::Read,   get_call},
    {"DELETE", "/api/v1/calls/{id}",            Right::Admin,  delete_call},
    {"GET",    "/api/v1/events",                Right::Read,   get_events},
    {"GET",    "/api/v1/records",               Right::Read,   list_records},
    {"GET",    "/api/v1/records/{id}",          Right::Read,   get_record},
    {"POST",   "/api/v1/explain",               Right::Read,   post_explain},
    {"GET",    "/api/v1/registrations",         Right::Read,   list_registrations},
    {"GET",    "/api/v1/feature_codes",         Right::Read,   list_feature_codes},
    {"POST",   "/api/v1/config/apply",          Right::Admin,  apply_office, kFileBodyMax},
    {"GET",    "/api/v1/config/export",         Right::Read,   export_office},
    {"POST",   "/api/v1/chain/import",          Right::Admin,  import_chain, kFileBodyMax},
    {"GET",    "/api/v1/chain/export",          Right::Read,   export_chain},
    {"GET",    "/api/v1/tokens",                Right::Admin,  list_tokens},
    {"POST",   "/api/v1/tokens",                Right::Admin,  create_token},
    {"DELETE", "/api/v1/tokens/{id}",           Right::Admin,  delete_token},
    {"GET",    "/api/v1/mailboxes/{id}/messages", Right::Read, list_messages},
    {"GET",    "/api/v1/mailboxes/{id}/messages/{message}", Right::Read, get_message},
    {"PATCH",  "/api/v1/mailboxes/{id}/messages/{message}", Right::Admin, patch_message},
    {"DELETE", "/api/v1/mailboxes/{id}/messages/{message}", Right::Admin, delete_message},
    {"GET",    "/api/v1/mailboxes/{id}/messages/{message}/audio", Right::Read, get_message_audio},
    {"GET",    "/api/v1/{things}",              Right::Read,   list_things},
    {"POST",   "/api/v1/{things}",              Right::Admin,  create_thing},
    {"GET",    "/api/v1/{things}/{id}",         Right::Read,   get_thing},
    {"PUT",    "/api/v1/{things}/{id}",         Right::Admin,  put_thing},
    {"PATCH",  "/api/v1/{things}/{id}",         Right::Admin,  patch_thing},
    {"DELETE", "/api/v1/{things}/{id}",         Right::Admin,  delete_thing},
});
// clang-format on

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// What stands behind the scheme Bearer, which is written in any case (RFC 9110 section 11.1); ""
// for another scheme.
std::string_view bearer_secret(std::string_view header) {
  constexpr std::string_view kBearer = "bearer ";
  if (header.size() < kBearer.size()) return {};
  for (std::size_t i = 0; i < kBearer.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kBearer[i]) return {};
  }
  header.remove_prefix(std::min(header.find_first_not_of(' ', kBearer.size()), header.size()));
  return header;
}

// Who asks, and what he may do.
struct Visitor {
  Right right = Right::Nobody;
  std::string who;
};

base::Result<Visitor, Refused> visitor_of(const Request& request, Backend& backend) {
  if (request.is_local) return Visitor{Right::Admin, "local"};
  const std::string header = request.header("authorization");
  const std::string_view secret = bearer_secret(header);
  if (secret.empty()) return Visitor{};
  TRY(const auto token, backend.token(secret));
  if (!token.has_value()) return Visitor{};
  const bool admin = token->scopes.find("admin") != std::string::npos;
  return Visitor{admin ? Right::Admin : Right::Read, token->name};
}

// The visitor, if he may use the route.
base::Result<Visitor, Refused> admitted(const Request& request, const Route& route,
                                        Backend& backend) {
  if (route.right == Right::Nobody) return Visitor{};
  TRY(auto visitor, visitor_of(request, backend));
  if (visitor.right >= route.right) return visitor;
  if (visitor.right == Right::Nobody)
    return base::Unexpected{Refused{401,
                                    "a token is needed: Authorization: Bearer …; `harrier token "
                                    "create` on the server makes one",
                                    {}}};
  return base::Unexpected{
      Refused{403, "this token may only read; create one with the scope admin", {}}};
}

// The route of a request with the values of its path; else 404 or 405.
struct Found {
  const Route* route = nullptr;
  std::map<std::string, std::string> values;
};
std::variant<Found, Response> find(const Request& request) {
  std::string allow;
  for (const Route& route : kRoutes) {
    std::map<std::string, std::string> values;
    if (!fits(route.pattern, request.path, values)) continue;
    const auto things = values.find("things");
    if (things != values.end() && !model::kind_from_key(things->second).has_value()) continue;
    if (route.method == request.method) return Found{&route, std::move(values)};
    if (allow.find(route.method) == std::string::npos)
      allow.append(allow.empty() ? "" : ", ").append(route.method);
  }
  if (allow.empty()) return problem(404, "there is nothing at " + request.path);
  Response response = problem(405, request.method + " is not possible here; allowed: " + allow);
  response.headers.emplace_back("Allow", allow);
  return response;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

bool fits(std::string_view pattern, std::string_view path,
          std::map<std::string, std::string>& values) {
  std::map<std::string, std::string> found;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view want = take_segment(pattern);
    const auto have = percent_decoded(take_segment(path));
    if (!have.has_value()) return false;
    if (want.starts_with('{')) {
      if (have->empty()) return false;
      found[std::string{want.substr(1, want.size() - 2)}] = *have;
    } else if (want != *have) {
      return false;
    }
  }
  if (!pattern.empty() || !path.empty()) return false;
  values = std::move(found);
  return true;
}

Response serve(const Request& request, Backend& backend) {
  auto found = find(request);
  if (auto* none = std::get_if<Response>(&found)) return std::move(*none);
  auto& [route, values] = std::get<Found>(found);
  const auto visitor = admitted(request, *route, backend);
  if (!visitor) return problem(visitor.error());
  return route->handler({request, backend, std::move(values), visitor->who, visitor->right});
}

Admission admit(const Request& head, Backend& backend) {
  auto found = find(head);
  if (auto* none = std::get_if<Response>(&found)) return {std::move(*none), 0};
  const Route& route = *std::get<Found>(found).route;
  const auto visitor = admitted(head, route, backend);
  if (!visitor) return {problem(visitor.error()), 0};
  return {{}, route.right == Right::Nobody ? kOpenBodyMax : route.max_body};
}

}  // namespace api
