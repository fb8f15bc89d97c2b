#include "api/callers.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "api/backend.h"
#include "api/desk.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/rights.h"
#include "api/sessions.h"
#include "base/result.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace api {
namespace {

// What stands behind the scheme Bearer, which is written in any case (RFC 9110 section 11.1); ""
// for another scheme.
std::string_view bearer_secret(std::string_view header) {
  constexpr std::string_view kBearer = "bearer ";
  if (lowered(header.substr(0, kBearer.size())) != kBearer) return {};
  header.remove_prefix(std::min(header.find_first_not_of(' ', kBearer.size()), header.size()));
  return header;
}

// "https://pbx.example:8443" -> "pbx.example:8443"
std::string_view host_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view{} : origin.substr(scheme + 3);
}

bool is_safe(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// What a page of another site can send without asking us first (the "simple" types of Fetch).
bool is_form(std::string_view type) {
  const std::string bare = lowered(type.substr(0, type.find(';')));
  return bare.starts_with("application/x-www-form-urlencoded") ||
         bare.starts_with("multipart/form-data") || bare.starts_with("text/plain");
}

}  // namespace

std::string cookie(const Request& request, std::string_view name) {
  const std::string header = request.header("cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return std::string{one.substr(name.size() + 1)};
  }
  return {};
}

std::string cookie_header(const Request& request, std::string_view secret) {
  std::string made{kCookie};
  made.append("=").append(secret).append("; Path=/; HttpOnly; SameSite=Strict");
  if (request.is_secure) made += "; Secure";
  if (secret.empty()) made += "; Max-Age=0";
  return made;
}

std::string forged(const Request& request, std::string_view csrf, bool with_token) {
  const std::string site = request.header("sec-fetch-site");
  if (site == "cross-site" || site == "same-site") return "this was sent by a page of another site";
  if (const std::string origin = request.header("origin");
      !origin.empty() && lowered(host_of(origin)) != lowered(request.header("host")))
    return "this was sent by a page of " + origin;
  if (is_safe(request.method)) return {};
  if (is_form(request.header("content-type"))) return "a form cannot be sent here; send JSON";
  if (with_token && request.header("x-csrf-token") != csrf)
    return "send the session's csrf as X-CSRF-Token";
  return {};
}

Caller account_of(const Session& session, const model::Snapshot& snapshot) {
  Caller caller;
  const std::string_view login = session.login;
  if (login.starts_with("admin:")) {
    for (const model::Admin& admin : snapshot.office().admins) {
      if (lowered(admin.email) != login.substr(6) || admin.password != session.credential) continue;
      caller.role = role_of(admin);
      caller.name = admin.email;
      caller.groups = managed_by(admin, snapshot);
    }
  } else if (const model::User* user = snapshot.user_by_id(login.substr(login.find(':') + 1));
             user != nullptr && user->enabled && user->web_password == session.credential) {
    caller.role = Role::User;
    caller.name = user->name.empty() ? user->extension : user->name + " (" + user->extension + ")";
    caller.user_id = user->id;
  }
  if (caller.role == Role::Nobody) return caller;
  caller.login = session.login;
  caller.session = session.id;
  return caller;
}

base::Result<Caller, Refused> caller_of(const Request& request, Backend& backend, Desk& desk) {
  Caller caller;
  if (request.is_local) {
    caller.role = Role::Administrator;
    caller.name = "local";
    caller.is_local = true;
    return caller;
  }
  const std::string header = request.header("authorization");
  const std::string_view secret = bearer_secret(header);
  if (!secret.empty()) {
    TRY(const auto token, backend.token(secret));
    if (!token.has_value()) return caller;
    caller.role = Role::Token;
    caller.name = token->name;
    caller.login = "token:" + token->id;
    caller.scopes = token->scopes;
    return caller;
  }
  const std::string given = cookie(request, kCookie);
  if (given.empty()) return caller;
  const auto session = desk.sessions.find(given, request.header("host"), backend.now());
  if (!session.has_value()) return caller;
  Caller found = account_of(*session, *backend.snapshot());
  if (found.role == Role::Nobody) {
    (void)desk.sessions.end(session->id);
    return caller;
  }
  if (std::string why = forged(request, session->csrf, true); !why.empty())
    return base::Unexpected{Refused{403, std::move(why), {}}};
  return found;
}

}  // namespace api
