#include "api/router.h"

#include <array>
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/callers.h"
#include "api/desk.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/limits.h"
#include "api/problem.h"
#include "api/rights.h"
#include "base/result.h"
#include "model/thing.h"
#include "store/secrets.h"

namespace api {
namespace {

using enum Access;

// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {"GET",    "/healthz",                      Open,       "",       get_health},
    {"GET",    "/readyz",                       Open,       "",       get_ready},
    {"GET",    "/metrics",                      Open,       "",       get_metrics},
    {"GET",    "/version",                      Open,       "",       get_version},
    {"GET",    "/api/v1/openapi.json",          Open,       "",       get_openapi},
    {"GET",    "/prov/{secret}/{file}",         Open,       "",       get_provision_file},
    {"GET",    "/hooks/phone/{secret}",         Open,       "",       get_phone_hook},
    {"GET",    "/answer/{secret}",              Open,       "",       get_answer},
    // who asks
    {"GET",    "/api/v1/setup",                 Open,       "",       get_setup},
    {"POST",   "/api/v1/setup",                 Open,       "",       post_setup},
    {"POST",   "/api/v1/setup/links",           Administer, "system", post_setup_link},
    {"GET",    "/api/v1/session",               Own,        "",       get_session},
    {"POST",   "/api/v1/session",               Open,       "",       post_session},
    {"DELETE", "/api/v1/session",               Own,        "",       delete_session},
    {"POST",   "/api/v1/session/password",      Own,        "",       post_password},
    {"POST",   "/api/v1/session/totp",          Own,        "",       post_totp},
    {"PUT",    "/api/v1/session/totp",          Own,        "",       put_totp},
    {"DELETE", "/api/v1/session/totp",          Own,        "",       delete_totp},
    {"GET",    "/api/v1/sessions",              Own,        "",       list_sessions},
    {"DELETE", "/api/v1/sessions/{id}",         Own,        "",       end_session},
    {"GET",    "/api/v1/admins",                Administer, "system", list_admins},
    {"POST",   "/api/v1/admins",                Administer, "system", create_admin},
    {"GET",    "/api/v1/admins/{id}",           Administer, "system", get_admin},
    {"PATCH",  "/api/v1/admins/{id}",           Administer, "system", patch_admin},
    {"DELETE", "/api/v1/admins/{id}",           Administer, "system", delete_admin},
    // oneself
    {"GET",    "/api/v1/me",                    Own,        "",       get_me},
    {"PATCH",  "/api/v1/me",                    Own,        "",       patch_me},
    {"GET",    "/api/v1/me/records",            Own,        "",       list_my_records},
    {"POST",   "/api/v1/me/explain",            Own,        "",       explain_me},
    {"PUT",    "/api/v1/me/groups/{id}/login",  Own,        "",       put_my_login},
    {"DELETE", "/api/v1/me/groups/{id}/login",  Own,        "",       delete_my_login},
    {"POST",   "/api/v1/me/calls",              Own,        "",       post_my_call},
    {"GET",    "/api/v1/me/messages",           Own,        "",       list_my_messages},
    {"GET",    "/api/v1/me/messages/{message}", Own,        "",       get_my_message},
    {"PATCH",  "/api/v1/me/messages/{message}", Own,        "",       patch_my_message},
    {"DELETE", "/api/v1/me/messages/{message}", Own,        "",       delete_my_message},
    {"GET",    "/api/v1/me/messages/{message}/audio", Own,  "",       get_my_message_audio},
    {"GET",    "/api/v1/me/chain",              Own,        "",       get_my_chain},
    {"PATCH",  "/api/v1/me/chain",              Own,        "",       patch_my_chain},
    // calls
    {"GET",    "/api/v1/calls",                 Read,       "calls",  list_calls},
    {"GET",    "/api/v1/calls/{id}",            Read,       "calls",  get_call},
    {"GET",    "/api/v1/calls/{id}/sip",        Administer, "system", get_call_sip},
    {"GET",    "/api/v1/calls/{id}/pcap",       Administer, "system", get_call_pcap},
    {"DELETE", "/api/v1/calls/{id}",            Operate,    "calls",  delete_call},
    {"POST",   "/api/v1/calls",                 Administer, "calls",  post_call},
    {"POST",   "/api/v1/calls/{id}/actions",    Operate,    "calls",  act_on_call},
    {"POST",   "/api/v1/calls/{id}/pickup",     Operate,    "calls",  pick_up_call},
    {"POST",   "/api/v1/calls/{id}/transfer",   Operate,    "calls",  transfer_call},
    {"GET",    "/api/v1/events",                Own,        "events", get_events},
    {"GET",    "/api/v1/records",               Read,       "records", list_records},
    {"GET",    "/api/v1/records/{id}",          Read,       "records", get_record},
    {"GET",    "/api/v1/records/{id}/story",    Read,       "records", get_story},
    {"GET",    "/api/v1/records/{id}/recording", Read,      "records", get_recording},
    {"GET",    "/api/v1/statistics",            Read,       "records", get_statistics},
    {"POST",   "/api/v1/explain",               Read,       "calls",  post_explain},
    {"POST",   "/api/v1/simulate",              Read,       "calls",  post_simulate, kFileBodyMax},
    {"GET",    "/api/v1/registrations",         Read,       "registrations", list_registrations},
    {"GET",    "/api/v1/mailboxes/{id}/messages", Read,     "messages", list_messages},
    {"GET",    "/api/v1/mailboxes/{id}/messages/{message}", Read, "messages", get_message},
    {"PATCH",  "/api/v1/mailboxes/{id}/messages/{message}", Administer, "messages", patch_message},
    {"DELETE", "/api/v1/mailboxes/{id}/messages/{message}", Administer, "messages", delete_message},
    {"GET",    "/api/v1/mailboxes/{id}/messages/{message}/audio", Read, "messages",
     get_message_audio},
    // the office as a whole
    {"GET",    "/api/v1/now",                   Read,       "schedules", get_now},
    {"GET",    "/api/v1/search",                Read,       "search", search},
    {"GET",    "/api/v1/feature_codes",         Read,       "settings", list_feature_codes},
    {"GET",    "/api/v1/settings",              Read,       "settings", get_settings},
    {"PATCH",  "/api/v1/settings",              Administer, "settings", patch_settings},
    {"GET",    "/api/v1/system",                Administer, "system", get_system},
    {"POST",   "/api/v1/config/apply",          Administer, "system", apply_office, kFileBodyMax},
    {"GET",    "/api/v1/config/export",         Read,       "system", export_office},
    {"POST",   "/api/v1/chain/import",          Administer, "chain",  import_chain, kFileBodyMax},
    {"GET",    "/api/v1/chain/export",          Read,       "chain",  export_chain},
    {"POST",   "/api/v1/import/{system}",       Administer, "system", import_table, kFileBodyMax},
    {"GET",    "/api/v1/revisions",             Administer, "system", list_revisions},
    {"GET",    "/api/v1/revisions/{id}",        Administer, "system", get_revision},
    {"POST",   "/api/v1/revisions/{id}/undo",   Administer, "system", undo_revision},
    {"POST",   "/api/v1/revisions/{id}/restore", Administer, "system", restore_revision},
    {"GET",    "/api/v1/log",                   Administer, "system", list_log},
    {"GET",    "/api/v1/bans",                  Administer, "system", list_bans},
    {"DELETE", "/api/v1/bans/{id}",             Administer, "system", delete_ban},
    {"GET",    "/api/v1/tokens",                Administer, "system", list_tokens},
    {"POST",   "/api/v1/tokens",                Administer, "system", create_token},
    {"DELETE", "/api/v1/tokens/{id}",           Administer, "system", delete_token},
    // things
    {"GET",    "/api/v1/groups/{id}/statistics", Read,      "records", get_group_statistics},
    {"GET",    "/api/v1/groups/{id}/health",    Read,       "groups", get_group_health},
    {"PUT",    "/api/v1/groups/{id}",           Manage,     "groups", put_thing},
    {"PATCH",  "/api/v1/groups/{id}",           Manage,     "groups", patch_thing},
    {"PUT",    "/api/v1/groups/{id}/members/{member}/login",    Operate, "groups", put_login},
    {"DELETE", "/api/v1/groups/{id}/members/{member}/login",    Operate, "groups", delete_login},
    {"PUT",    "/api/v1/groups/{id}/members/{member}/pause",    Operate, "groups", put_pause},
    {"DELETE", "/api/v1/groups/{id}/members/{member}/pause",    Operate, "groups", delete_pause},
    {"PUT",    "/api/v1/queues/{id}/members/{member}/login",    Operate, "queues", put_login},
    {"DELETE", "/api/v1/queues/{id}/members/{member}/login",    Operate, "queues", delete_login},
    {"PUT",    "/api/v1/queues/{id}/members/{member}/pause",    Operate, "queues", put_pause},
    {"DELETE", "/api/v1/queues/{id}/members/{member}/pause",    Operate, "queues", delete_pause},
    {"PUT",    "/api/v1/flags/{id}/state",      Operate,    "flags",  put_flag_state},
    {"POST",   "/api/v1/users/{id}/devices/{device}/provision", Administer, "users",
     provision_device},
    {"GET",    "/api/v1/sounds/{id}/audio",     Read,       "sounds", get_sound_audio},
    {"PUT",    "/api/v1/sounds/{id}/audio",     Administer, "sounds", put_sound_audio,
     kFileBodyMax},
    {"POST",   "/api/v1/sounds/{id}/speech",    Administer, "sounds", speak_sound},
    {"GET",    "/api/v1/schedules/{id}/calendar", Read,     "schedules", get_calendar},
    {"PUT",    "/api/v1/schedules/{id}/calendar", Administer, "schedules", put_calendar,
     kFileBodyMax},
    {"POST",   "/api/v1/trunks/{id}/test",      Administer, "trunks", test_trunk},
    {"GET",    "/api/v1/deliveries",            Read,       "webhooks", list_deliveries},
    {"POST",   "/api/v1/deliveries/{id}/resend", Administer, "webhooks", resend_delivery},
    {"POST",   "/api/v1/webhooks/{id}/test",    Administer, "webhooks", test_webhook},
    {"GET",    "/api/v1/{things}",              Read,       "{things}", list_things},
    {"POST",   "/api/v1/{things}",              Administer, "{things}", create_thing},
    {"GET",    "/api/v1/{things}/{id}",         Read,       "{things}", get_thing},
    {"PUT",    "/api/v1/{things}/{id}",         Administer, "{things}", put_thing},
    {"PATCH",  "/api/v1/{things}/{id}",         Administer, "{things}", patch_thing},
    {"DELETE", "/api/v1/{things}/{id}",         Administer, "{things}", delete_thing},
});
// clang-format on

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// The caller, if he may use the route.
base::Result<Caller, Refused> admitted(const Request& request, const Route& route,
                                       std::string_view area, Backend& backend, Desk& desk) {
  if (route.access == Open) {
    // Nobody is made to log in, or to set up, by a page of another site.
    if (std::string why = forged(request, {}, false); route.method != "GET" && !why.empty())
      return base::Unexpected{Refused{403, std::move(why), {}}};
    return Caller{};
  }
  TRY(auto caller, caller_of(request, backend, desk));
  if (may(caller, route.access, area)) return caller;
  if (caller.role == Role::Nobody)
    return base::Unexpected{Refused{401,
                                    "log in, or send a token: Authorization: Bearer …; `harrier "
                                    "token create` on the server makes one",
                                    {}}};
  if (caller.role == Role::Token)
    return base::Unexpected{
        Refused{403, "this token may not; its scopes are: " + caller.scopes, {}}};
  return base::Unexpected{
      Refused{403, "not allowed for the role " + std::string{word(caller.role)}, {}}};
}

// The route of a request with the values of its path; else a file of the web application, 404 or
// 405.
struct Found {
  const Route* route = nullptr;
  std::map<std::string, std::string> values;
  std::string area;
};
std::variant<Found, Response> find(const Request& request, Desk& desk) {
  std::string allow;
  for (const Route& route : kRoutes) {
    std::map<std::string, std::string> values;
    if (!fits(route.pattern, request.path, values)) continue;
    const auto things = values.find("things");
    if (things != values.end() && !model::kind_from_key(things->second).has_value()) continue;
    if (route.method == request.method) {
      std::string area{route.area == "{things}" ? std::string_view{things->second} : route.area};
      // What stands in the path of its own is a kind of things all the same.
      if (things == values.end() && (route.area == "groups" || route.area == "queues"))
        values["things"] = area;
      return Found{&route, std::move(values), std::move(area)};
    }
    if (allow.find(route.method) == std::string::npos)
      allow.append(allow.empty() ? "" : ", ").append(route.method);
  }
  if (!allow.empty()) {
    Response response = problem(405, request.method + " is not possible here; allowed: " + allow);
    response.headers.emplace_back("Allow", allow);
    return response;
  }
  if (request.method == "GET" && !request.path.starts_with("/api/"))
    if (auto page = desk.web.get(request)) return *std::move(page);
  return problem(404, "there is nothing at " + request.path);
}

// Counts the request; what it says of the rate goes into every answer.
RateLimits::Verdict count(const Request& request, const Caller& caller, Desk& desk) {
  const bool known = caller.role != Role::Nobody;
  std::string who = "source " + request.peer;
  if (known) who = caller.session.empty() ? caller.login : "session " + caller.session;
  return desk.rates.count(who, known ? RateLimits::kKnown : RateLimits::kUnknown,
                          std::chrono::steady_clock::now());
}

void add_rate(Response& response, const RateLimits::Verdict& verdict) {
  response.headers.emplace_back("RateLimit-Limit", std::to_string(verdict.limit));
  response.headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.left));
  response.headers.emplace_back("RateLimit-Reset", std::to_string(verdict.full_after_s));
  if (!verdict.passes)
    response.headers.emplace_back("Retry-After", std::to_string(verdict.retry_after_s));
}

// A POST with an Idempotency-Key is carried out once.
Response once(const Call& call, const Route& route) {
  const std::string given = call.request.header("idempotency-key");
  if (route.method != "POST" || given.empty() || route.access == Open) return route.handler(call);
  if (given.size() > 255) return problem(400, "Idempotency-Key: at most 255 letters");
  const Caller& caller = call.caller;
  const std::string key = (caller.login.empty() ? caller.name : caller.login) + "\n" + given;
  const std::string asked = store::token_hash(call.request.path + "\n" + call.request.body);
  const auto look = call.desk.given.begin(key, asked, call.backend.now());
  switch (look.found) {
    case GivenAnswers::Found::Same:
      return look.answer.value_or(Response{});
    case GivenAnswers::Found::Other:
      return problem(422, "this Idempotency-Key was sent with another request before");
    case GivenAnswers::Found::Running:
      return problem(409, "the request with this Idempotency-Key is being carried out");
    case GivenAnswers::Found::New:
      break;
  }
  Response response = route.handler(call);
  if (response.status < 300)
    call.desk.given.keep(key, response);
  else
    call.desk.given.forget(key);  // nothing was done: the same may be tried again
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

Response serve(const Request& request, Backend& backend, Desk& desk) {
  auto found = find(request, desk);
  if (auto* none = std::get_if<Response>(&found)) return std::move(*none);
  auto& [route, values, area] = std::get<Found>(found);
  const bool counted = !request.is_local && request.path.starts_with("/api/");
  auto caller = admitted(request, *route, area, backend, desk);
  RateLimits::Verdict verdict;
  if (counted) {
    verdict = count(request, caller ? *caller : Caller{}, desk);
    if (!verdict.passes) {
      Response response = problem(429, "too many requests; slow down");
      add_rate(response, verdict);
      return response;
    }
  }
  Response response =
      caller ? once({request, backend, desk, std::move(values), *std::move(caller)}, *route)
             : problem(caller.error());
  if (counted) add_rate(response, verdict);
  return response;
}

Admission admit(const Request& head, Backend& backend, Desk& desk) {
  auto found = find(head, desk);
  if (auto* none = std::get_if<Response>(&found)) return {std::move(*none), 0};
  const auto& [route, values, area] = std::get<Found>(found);
  const auto caller = admitted(head, *route, area, backend, desk);
  if (!caller) {
    if (!head.is_local) (void)count(head, {}, desk);
    return {problem(caller.error()), 0};
  }
  return {{}, route->access == Open ? kOpenBodyMax : route->max_body};
}

}  // namespace api
