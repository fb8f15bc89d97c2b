#include "api/accounts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/callers.h"
#include "api/fields.h"
#include "api/listings.h"
#include "api/rights.h"
#include "api/router.h"
#include "api/sessions.h"
#include "base/node.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "store/passwords.h"
#include "store/record_json.h"

namespace api {
namespace {

Account account_of_user(const model::User& user) {
  if (!user.enabled || user.web_password.empty()) return {};
  return {"user:" + user.id, user.web_password, {}};
}

const model::User* user_of_login(const model::Snapshot& snapshot, std::string_view login) {
  return login.starts_with("user:") ? snapshot.user_by_id(login.substr(5)) : nullptr;
}

}  // namespace

const model::Admin* find_admin(const model::Office& office, std::string_view email) {
  const std::string wanted = lowered(email);
  const auto found = std::ranges::find_if(
      office.admins, [&](const model::Admin& one) { return lowered(one.email) == wanted; });
  return found == office.admins.end() ? nullptr : &*found;
}

model::Admin* find_admin(model::Office& office, std::string_view email) {
  const std::string wanted = lowered(email);
  const auto found = std::ranges::find_if(
      office.admins, [&](const model::Admin& one) { return lowered(one.email) == wanted; });
  return found == office.admins.end() ? nullptr : &*found;
}

Account account_named(const model::Snapshot& snapshot, const std::string& name) {
  const model::Office& office = snapshot.office();
  if (const model::Admin* admin = find_admin(office, name)) {
    if (!admin->password.empty())
      return {"admin:" + lowered(admin->email), admin->password, admin->totp};
  }
  if (const model::User* user = snapshot.user_named(name)) return account_of_user(*user);
  const std::string email = lowered(name);
  for (const model::User& user : office.users)
    if (!user.email.empty() && lowered(user.email) == email) return account_of_user(user);
  return {};
}

Account account_of_login(const model::Snapshot& snapshot, std::string_view login) {
  if (login.starts_with("admin:")) {
    const model::Admin* admin = find_admin(snapshot.office(), login.substr(6));
    return admin == nullptr ? Account{} : Account{std::string{login}, admin->password, admin->totp};
  }
  const model::User* user = user_of_login(snapshot, login);
  return user == nullptr ? Account{} : account_of_user(*user);
}

void check_password(Fields& fields, std::string_view key, const std::string& password,
                    const std::string& account) {
  if (password.size() < store::kPasswordBytesMin)
    fields.fault(key, "too_short",
                 "a password has " + std::to_string(store::kPasswordBytesMin) +
                     " characters or more; a sentence is easy to remember");
  else if (!account.empty() && lowered(password) == lowered(account))
    fields.fault(key, "too_simple", "the password must not be the name of the account");
  else if (password.find_first_not_of(password[0]) == std::string::npos)
    fields.fault(key, "too_simple", "one letter again and again is no password");
}

std::optional<Session> own_session(const Call& call) {
  if (call.caller.session.empty()) return {};
  for (Session& session : call.desk.sessions.list(call.caller.login, call.backend.now()))
    if (session.id == call.caller.session) return std::move(session);
  return {};
}

base::Node session_node(const Session& session, const model::Snapshot& snapshot) {
  const Caller caller = account_of(session, snapshot);
  const Account account = account_of_login(snapshot, session.login);
  const model::User* user = user_of_login(snapshot, session.login);
  const std::string& language = snapshot.office().language;
  base::Node groups = base::Node::empty_list();
  for (const std::string& id : caller.groups) groups.push(base::Node::text(id));
  base::Node permissions = base::Node::empty_map();
  const bool is_free = caller.role == Role::Administrator;
  permissions.set("own_rules",
                  base::Node::boolean(user != nullptr ? user->permissions.own_rules : is_free));
  permissions.set("own_chain",
                  base::Node::boolean(user != nullptr ? user->permissions.own_chain : is_free));
  base::Node body = base::Node::empty_map();
  body.set("login", base::Node::text(session.login.substr(session.login.find(':') + 1)));
  body.set("name", base::Node::text(caller.name));
  body.set("role", base::Node::text(word(caller.role)));
  body.set("user", base::Node::text(user != nullptr ? user->id : ""));
  body.set("extension", base::Node::text(user != nullptr ? user->extension : ""));
  body.set("groups", std::move(groups));
  body.set("permissions", std::move(permissions));
  body.set("csrf", base::Node::text(session.csrf));
  body.set("totp", base::Node::boolean(!account.totp.empty()));
  body.set("language", base::Node::text(language));
  body.set("created", base::Node::text(store::rfc3339(session.created)));
  body.set("expires", base::Node::text(store::rfc3339(session.expires())));
  return body;
}

}  // namespace api
