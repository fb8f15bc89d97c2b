#include "app/passwords.h"

#include <map>
#include <string>

#include "model/office.h"
#include "store/passwords.h"

namespace app {
namespace {

void hash(std::string& password, const std::string* before) {
  if (password.empty() || store::is_password_hash(password)) return;
  password = before != nullptr && store::is_password_hash(*before) &&
                     store::password_fits(password, *before)
                 ? *before
                 : store::hash_password(password);
}

const std::string* find(const std::map<std::string, const std::string*>& known,
                        const std::string& name) {
  const auto found = known.find(name);
  return found == known.end() ? nullptr : found->second;
}

}  // namespace

void hash_passwords(model::Office& office, const model::Office& before) {
  std::map<std::string, const std::string*> users, admins;
  for (const model::User& user : before.users) users[user.id] = &user.web_password;
  for (const model::Admin& admin : before.admins) admins[admin.email] = &admin.password;
  for (model::User& user : office.users) hash(user.web_password, find(users, user.id));
  for (model::Admin& admin : office.admins) hash(admin.password, find(admins, admin.email));
}

}  // namespace app
