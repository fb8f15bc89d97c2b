// The first administrator by a one-time link; logging in and out.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/accounts.h"
#include "api/callers.h"
#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/router.h"
#include "api/sessions.h"
#include "api/totp.h"
#include "base/node.h"
#include "base/time.h"
#include "model/findings.h"
#include "model/office.h"
#include "store/passwords.h"
#include "store/record_json.h"

namespace api {
namespace {

// A refusal that a login page can tell from others.
Response refused_login(std::string_view code, std::string_view pointer, std::string_view detail) {
  Response response = problem(
      401, detail,
      {{model::Severity::Error, std::string{code}, std::string{pointer}, {}, std::string{detail}}});
  // No browser opens its own window for this.
  std::erase_if(response.headers, [](const auto& one) { return one.first == "WWW-Authenticate"; });
  return response;
}

Response too_early(base::Duration wait) {
  Response response = problem(429, "too many failed logins; wait a moment");
  response.headers.emplace_back("Retry-After", std::to_string((wait.count() + 999) / 1'000));
  return response;
}

Response log_in(const Call& call, const std::string& login, std::uint16_t status) {
  Session wanted;
  wanted.login = login;
  wanted.credential = account_of_login(*call.backend.snapshot(), login).password;
  wanted.host = call.request.header("host");
  wanted.source = call.request.peer;
  wanted.user_agent = call.request.header("user-agent").substr(0, 200);
  const auto opened = call.desk.sessions.open(std::move(wanted), call.backend.now());
  Response response = json(session_node(opened.session, *call.backend.snapshot()), status);
  response.headers.emplace_back("Set-Cookie", cookie_header(call.request, opened.secret));
  return response;
}

bool has_administrator(const model::Office& office) {
  for (const model::Admin& admin : office.admins)
    if (admin.role == model::AdminRole::Administrator) return true;
  return false;
}

}  // namespace

Response get_setup(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const model::Office& office = snapshot->office();
  const auto until = call.desk.setup.holds(call.request.parameter("once"), call.backend.now());
  base::Node body = base::Node::empty_map();
  body.set("needed", base::Node::boolean(!has_administrator(office)));
  body.set("valid", base::Node::boolean(until.has_value()));
  body.set("expires",
           until.has_value() ? base::Node::text(store::rfc3339(*until)) : base::Node::null());
  // A stranger learns nothing of the office.
  const bool tells = until.has_value();
  body.set("tenant", base::Node::text(tells ? office.tenant : ""));
  body.set("language", base::Node::text(office.language));
  body.set("timezone", base::Node::text(tells ? office.timezone : ""));
  body.set("country", base::Node::text(tells ? office.country : ""));
  const auto count = [&](std::size_t n) {
    return base::Node::number(tells ? static_cast<std::int64_t>(n) : 0);
  };
  body.set("users", count(office.users.size()));
  body.set("groups", count(office.groups.size()));
  return json(body);
}

Response post_setup(const Call& call) {
  Fields fields{call.request.body};
  const std::string once = fields.required("once");
  const std::string email = fields.required("email", 254);
  const std::string password = fields.required("password", store::kPasswordBytesMax);
  const auto language = fields.text("language");
  const auto timezone = fields.text("timezone");
  const auto country = fields.text("country");
  if (!password.empty()) check_password(fields, "password", password, email);
  const base::WallTime now = call.backend.now();
  const auto until = call.desk.setup.holds(once, now);
  // A guess costs as a login does, and says nothing of the rest of the body.
  if (const auto wait = call.desk.guard.wait("setup", call.request.peer, now))
    return too_early(*wait);
  if (!once.empty() && !until.has_value()) {
    call.desk.guard.failed("setup", call.request.peer, now);
    return problem(403,
                   "this link was used already, or its hour is over; a restart of the server "
                   "prints a new one");
  }
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (!call.desk.setup.use(once, now)) return problem(403, "this link was used already");
  const auto edited = change_office(
      call, {"account", "", email, "added"}, [&](model::Office& office) -> std::optional<Response> {
        if (find_admin(office, email) != nullptr)
          return problem(409, "there is an account with this address already");
        office.admins.push_back({.email = email, .password = password});
        if (language.has_value()) office.language = *language;
        if (timezone.has_value()) office.timezone = *timezone;
        if (country.has_value()) office.country = *country;
        return {};
      });
  if (const auto* refused = std::get_if<Response>(&edited)) {
    call.desk.setup.give_back(once, *until);
    return *refused;
  }
  return log_in(call, "admin:" + lowered(email), 201);
}

Response post_setup_link(const Call& call) {
  const base::WallTime now = call.backend.now();
  const std::string once = call.desk.setup.make(now);
  base::Node body = base::Node::empty_map();
  body.set("link", base::Node::text(call.backend.web_address() + "/setup?once=" + once));
  body.set("expires", base::Node::text(
                          store::rfc3339(base::WallTime{now.unix_ms + SetupLink::kLife.count()})));
  return json(body, 201);
}

// Whoever has no account waits as long as who has one.
Response post_session(const Call& call) {
  Fields fields{call.request.body};
  const std::string login = fields.required("login", 254);
  const std::string password = fields.required("password", store::kPasswordBytesMax);
  const std::string code = fields.text("totp", 16).value_or("");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto snapshot = call.backend.snapshot();
  const Account account = account_named(*snapshot, login);
  const std::string guarded = account.login.empty() ? lowered(login) : account.login;
  LoginGuard& guard = call.desk.guard;
  const base::WallTime now = call.backend.now();
  if (const auto wait = guard.wait(guarded, call.request.peer, now)) return too_early(*wait);
  if (!guard.enter()) return too_early(base::Duration{1'000});
  const bool fits = store::password_fits(password, account.password);
  guard.leave();
  if (!fits || account.login.empty()) {
    guard.failed(guarded, call.request.peer, now);
    call.backend.note("login.failed", login, call.request.peer);
    return refused_login("wrong_login", "/password", "the name or the password is wrong");
  }
  if (!account.totp.empty()) {
    if (code.empty())
      return refused_login("totp_required", "/totp", "the code of the second factor is needed");
    const auto step = totp_step(account.totp, code, now);
    if (!step.has_value() || !call.desk.used_codes.use(account.login, *step)) {
      guard.failed(guarded, call.request.peer, now);
      call.backend.note("login.failed", login, call.request.peer);
      return refused_login("totp_wrong", "/totp", "this code is wrong, or was used already");
    }
  }
  guard.succeeded(guarded, call.request.peer);
  // Not the session that may have been here before: a fresh one at each login.
  if (const auto old =
          call.desk.sessions.find(cookie(call.request, kCookie), call.request.header("host"), now))
    (void)call.desk.sessions.end(old->id);
  call.backend.note("login.accepted", account.login, call.request.peer);
  return log_in(call, account.login, 200);
}

Response get_session(const Call& call) {
  const auto session = own_session(call);
  if (!session.has_value()) return problem(401, "this is no session; POST here logs in");
  return json(session_node(*session, *call.backend.snapshot()));
}

Response delete_session(const Call& call) {
  (void)call.desk.sessions.end(call.caller.session);
  Response response = json_text("", 204);
  response.headers.emplace_back("Set-Cookie", cookie_header(call.request, ""));
  response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
  return response;
}

}  // namespace api
