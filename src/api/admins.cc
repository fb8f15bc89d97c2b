// Accounts of administrators, group managers and readers: `admins` of the office file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "api/accounts.h"
#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "model/encode.h"
#include "model/office.h"
#include "store/passwords.h"

namespace api {
namespace {

base::Node node_of(const model::Admin& admin) {
  base::Node groups = base::Node::empty_list();
  for (const std::string& group : admin.groups) groups.push(base::Node::text(group));
  base::Node body = base::Node::empty_map();
  body.set("email", base::Node::text(admin.email));
  body.set("role", base::Node::text(model::word(admin.role)));
  body.set("groups", std::move(groups));
  body.set("totp", base::Node::boolean(!admin.totp.empty()));
  return body;
}

// Changes with the password, too, which is not shown.
std::string tag_of(const model::Admin& admin) {
  base::Node body = node_of(admin);
  body.set("password", base::Node::text(admin.password));
  return etag_of(body);
}

Response response_of(const model::Admin& admin, std::uint16_t status) {
  Response response = json(node_of(admin), status);
  response.headers.emplace_back("ETag", tag_of(admin));
  return response;
}

Response no_such_account(const std::string& email) {
  return problem(404, "there is no account " + email);
}

void read_role(Fields& fields, model::Admin& admin) {
  const auto role = fields.text("role");
  if (!role.has_value()) return;
  for (const auto one : {model::AdminRole::Administrator, model::AdminRole::GroupManager,
                         model::AdminRole::ReadOnly}) {
    if (*role != model::word(one)) continue;
    admin.role = one;
    return;
  }
  fields.fault("role", "unknown_word", "role: administrator, group_manager or read_only");
}

void read_groups(Fields& fields, model::Admin& admin) {
  const base::Node* groups = fields.node("groups");
  if (groups == nullptr) return;
  admin.groups.clear();
  if (groups->list() == nullptr) {
    fields.fault("groups", "wrong_type", "groups is a list of names");
    return;
  }
  for (std::size_t i = 0; i < groups->list()->size(); ++i) {
    const base::Node::Scalar* name = (*groups->list())[i].scalar();
    if (name != nullptr)
      admin.groups.push_back(name->text);
    else
      fields.fault("groups/" + std::to_string(i), "wrong_type", "a group is a text");
  }
}

// Null takes the second factor away; what is shown of it may be sent back.
void read_totp(Fields& fields, model::Admin& admin) {
  const base::Node* totp = fields.node("totp");
  if (totp == nullptr) return;
  const char* const shown = admin.totp.empty() ? "false" : "true";
  if (totp->is_null())
    admin.totp.clear();
  else if (totp->scalar() == nullptr || totp->scalar()->text != shown)
    fields.fault("totp", "read_only",
                 "null switches the second factor off; only its owner makes one");
}

// Reads what a body says of an account into it.
void read(Fields& fields, model::Admin& admin) {
  if (const auto email = fields.text("email", 254)) admin.email = *email;
  if (const auto password = fields.text("password", store::kPasswordBytesMax)) {
    check_password(fields, "password", *password, admin.email);
    admin.password = *password;
  }
  read_role(fields, admin);
  read_groups(fields, admin);
  read_totp(fields, admin);
}

bool keeps_an_administrator(const model::Office& office) {
  return std::ranges::any_of(office.admins, [](const model::Admin& one) {
    return one.role == model::AdminRole::Administrator && !one.password.empty();
  });
}
Response last_administrator() {
  return problem(409, "this is the last administrator; make another one first");
}

}  // namespace

Response list_admins(const Call& call) {
  base::Node items = base::Node::empty_list();
  const auto snapshot = call.backend.snapshot();
  for (const model::Admin& admin : snapshot->office().admins) items.push(node_of(admin));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response create_admin(const Call& call) {
  Fields fields{call.request.body};
  model::Admin fresh;
  read(fields, fresh);
  if (fresh.email.empty()) fields.fault("email", "missing", "email is missing");
  if (fresh.password.empty()) fields.fault("password", "missing", "password is missing");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto done =
      change_office(call, {"account", "", fresh.email, "added"},
                    [&](model::Office& office) -> std::optional<Response> {
                      if (find_admin(office, fresh.email) != nullptr)
                        return problem(409, "there is an account with this address already");
                      office.admins.push_back(fresh);
                      return {};
                    });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  const auto snapshot = call.backend.snapshot();
  const model::Admin* stored = find_admin(snapshot->office(), fresh.email);
  return response_of(stored == nullptr ? fresh : *stored, 201);
}

Response get_admin(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const model::Admin* admin = find_admin(snapshot->office(), call.path.at("id"));
  return admin == nullptr ? no_such_account(call.path.at("id")) : response_of(*admin, 200);
}

Response patch_admin(const Call& call) {
  const std::string email = call.path.at("id");
  std::string after = email;
  const auto done =
      change_office(call, {"account", "", email, "changed"},
                    [&](model::Office& office) -> std::optional<Response> {
                      model::Admin* admin = find_admin(office, email);
                      if (admin == nullptr) return no_such_account(email);
                      if (auto refused = precondition(call, tag_of(*admin), node_of(*admin)))
                        return refused;
                      Fields fields{call.request.body};
                      read(fields, *admin);
                      if (auto refusal = fields.refusal()) return refusal;
                      if (!keeps_an_administrator(office)) return last_administrator();
                      after = admin->email;
                      return {};
                    });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  const auto snapshot = call.backend.snapshot();
  const model::Admin* stored = find_admin(snapshot->office(), after);
  if (stored == nullptr) return no_such_account(after);
  // Another address or password ends the sessions of the account by themselves.
  return response_of(*stored, 200);
}

Response delete_admin(const Call& call) {
  const std::string email = call.path.at("id");
  const auto done =
      change_office(call, {"account", "", email, "removed"},
                    [&](model::Office& office) -> std::optional<Response> {
                      const model::Admin* admin = find_admin(office, email);
                      if (admin == nullptr) return no_such_account(email);
                      if (auto refused = precondition(call, tag_of(*admin), node_of(*admin)))
                        return refused;
                      std::erase_if(office.admins, [&](const model::Admin& one) {
                        return lowered(one.email) == lowered(email);
                      });
                      if (!keeps_an_administrator(office)) return last_administrator();
                      return {};
                    });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  call.desk.sessions.end_others("admin:" + lowered(email));
  return json_text("", 204);
}

}  // namespace api
