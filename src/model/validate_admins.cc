// Accounts of administrators: one an e-mail address, and groups that exist.

#include <cstddef>
#include <map>
#include <string>

#include "model/detail/canonical.h"
#include "model/detail/validator.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model::detail {

void Validator::admins_are_sound() {
  std::map<std::string, std::size_t> emails;
  for (std::size_t i = 0; i < office_.admins.size(); ++i) {
    const Admin& admin = office_.admins[i];
    if (admin.email.empty()) continue;  // said by the reader
    const auto [known, fresh] = emails.emplace(lower(admin.email), i);
    if (!fresh)
      clash("name_used_twice", at("admins", known->second, "email"), at("admins", i, "email"),
            "there are two accounts with the address " + admin.email);
    for (std::size_t g = 0; g < admin.groups.size(); ++g)
      if (snapshot_->group_named(admin.groups[g]) == nullptr &&
          snapshot_->queue_named(admin.groups[g]) == nullptr)
        error("no_such_thing", at("admins", i, "groups/" + std::to_string(g)),
              "there is no group or queue \"" + admin.groups[g] + "\"");
  }
}

}  // namespace model::detail
