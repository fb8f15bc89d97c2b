// One's own account: password, second factor, sessions.
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "api/accounts.h"
#include "api/callers.h"
#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "api/sessions.h"
#include "api/totp.h"
#include "base/node.h"
#include "base/time.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"
#include "store/passwords.h"
#include "store/record_json.h"

namespace api {
namespace {

Response only_with_a_session() {
  return problem(409, "this is for who is logged in with a password");
}

// The password once more, for what an open browser alone must not do. Guessing is slow here, too.
std::optional<Response> confirmed(const Call& call, const Account& account,
                                  const std::string& password, const char* pointer) {
  LoginGuard& guard = call.desk.guard;
  const base::WallTime now = call.backend.now();
  if (guard.wait(account.login, call.request.peer, now).has_value() || !guard.enter())
    return problem(429, "too many failed tries; wait a moment");
  const bool fits = store::password_fits(password, account.password);
  guard.leave();
  if (fits) return {};
  guard.failed(account.login, call.request.peer, now);
  return problem(
      422, "the password is wrong",
      {{model::Severity::Error, "wrong_password", pointer, {}, "this is not your password"}});
}

// Changes the account of an administrator, whoever else changes the office meanwhile.
std::optional<Response> change_admin(const Call& call, const std::string& login,
                                     const std::string& verb, const Changer<model::Admin>& change) {
  const std::string email = login.substr(6);
  const auto done = change_office(call, {"account", "", email, verb},
                                  [&](model::Office& office) -> std::optional<Response> {
                                    model::Admin* admin = find_admin(office, email);
                                    if (admin == nullptr)
                                      return problem(409, "the account was removed meanwhile");
                                    return change(*admin);
                                  });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  return {};
}

bool is_admin_account(const Caller& caller) {
  return caller.login.starts_with("admin:");
}

}  // namespace

Response post_password(const Call& call) {
  if (call.caller.session.empty()) return only_with_a_session();
  Fields fields{call.request.body};
  const std::string current = fields.required("current", store::kPasswordBytesMax);
  const std::string fresh = fields.required("new", store::kPasswordBytesMax);
  if (!fresh.empty()) check_password(fields, "new", fresh, call.caller.name);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const Account account = account_of_login(*call.backend.snapshot(), call.caller.login);
  if (auto refused = confirmed(call, account, current, "/current")) return *std::move(refused);
  if (is_admin_account(call.caller)) {
    if (auto refused = change_admin(call, call.caller.login, "got another password",
                                    [&](model::Admin& admin) -> std::optional<Response> {
                                      admin.password = fresh;
                                      return {};
                                    }))
      return *std::move(refused);
  } else {
    const auto changed = change_thing(call, model::Kind::User, call.caller.user_id, "changed",
                                      [&](model::Thing& thing) -> std::optional<Response> {
                                        std::get<model::User>(thing).web_password = fresh;
                                        return {};
                                      });
    if (const auto* refused = std::get_if<Response>(&changed)) return *refused;
  }
  call.desk.sessions.renew(call.caller.session,
                           account_of_login(*call.backend.snapshot(), call.caller.login).password);
  call.desk.sessions.end_others(call.caller.login, call.caller.session);
  return json_text("", 204);
}

Response post_totp(const Call& call) {
  if (!is_admin_account(call.caller)) return only_with_a_session();
  const auto snapshot = call.backend.snapshot();
  if (!account_of_login(*snapshot, call.caller.login).totp.empty())
    return problem(409, "there is a second factor already; switch it off first");
  const std::string secret = new_totp_secret();
  const std::string& tenant = snapshot->office().tenant;
  base::Node body = base::Node::empty_map();
  body.set("secret", base::Node::text(secret));
  body.set("uri", base::Node::text(totp_uri(secret, call.caller.name,
                                            tenant.empty() ? "Harrier" : "Harrier " + tenant)));
  return json(body);
}

Response put_totp(const Call& call) {
  if (!is_admin_account(call.caller)) return only_with_a_session();
  Fields fields{call.request.body};
  const std::string secret = fields.required("secret", 128);
  const std::string code = fields.required("code", 16);
  if (!secret.empty() && (secret.size() < 32 || !totp_code(secret, 0).has_value()))
    fields.fault("secret", "bad_text", "send the secret that POST gave");
  else if (!code.empty() && !totp_step(secret, code, call.backend.now()).has_value())
    fields.fault("code", "wrong_code", "this is not the code of now; is the phone's clock right?");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto refused = change_admin(call, call.caller.login, "got a second factor",
                                    [&](model::Admin& admin) -> std::optional<Response> {
                                      if (!admin.totp.empty())
                                        return problem(409, "there is a second factor already");
                                      admin.totp = secret;
                                      return {};
                                    });
  if (refused.has_value()) return *refused;
  return json_text("", 204);
}

Response delete_totp(const Call& call) {
  if (!is_admin_account(call.caller)) return only_with_a_session();
  Fields fields{call.request.body};
  const std::string password = fields.required("password", store::kPasswordBytesMax);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const Account account = account_of_login(*call.backend.snapshot(), call.caller.login);
  if (auto refused = confirmed(call, account, password, "/password")) return *std::move(refused);
  const auto refused = change_admin(call, call.caller.login, "lost its second factor",
                                    [](model::Admin& admin) -> std::optional<Response> {
                                      admin.totp.clear();
                                      return {};
                                    });
  if (refused.has_value()) return *refused;
  return json_text("", 204);
}

Response list_sessions(const Call& call) {
  const bool sees_all = may(call.caller, Access::Administer, "system");
  base::Node items = base::Node::empty_list();
  const auto snapshot = call.backend.snapshot();
  if (sees_all || !call.caller.login.empty()) {
    for (const Session& session :
         call.desk.sessions.list(sees_all ? "" : call.caller.login, call.backend.now())) {
      const Caller account = account_of(session, *snapshot);
      base::Node one = base::Node::empty_map();
      one.set("id", base::Node::text(session.id));
      one.set("login", base::Node::text(session.login.substr(session.login.find(':') + 1)));
      one.set("role", base::Node::text(word(account.role)));
      one.set("source", base::Node::text(session.source));
      one.set("user_agent", base::Node::text(session.user_agent));
      one.set("created", base::Node::text(store::rfc3339(session.created)));
      one.set("last_used", base::Node::text(store::rfc3339(session.last_used)));
      one.set("current", base::Node::boolean(session.id == call.caller.session));
      items.push(std::move(one));
    }
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response end_session(const Call& call) {
  const bool ends_all = may(call.caller, Access::Administer, "system");
  if (!ends_all && call.caller.login.empty())
    return problem(404, "there is no session " + call.path.at("id"));
  if (!call.desk.sessions.end(call.path.at("id"), ends_all ? "" : call.caller.login))
    return problem(404, "there is no session " + call.path.at("id"));
  return json_text("", 204);
}

}  // namespace api
