#pragma once
// Accounts: administrators by their address, users by extension, address or name.

#include <optional>
#include <string>
#include <string_view>

#include "api/fields.h"
#include "api/router.h"
#include "api/sessions.h"
#include "base/node.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace api {

struct Account {
  std::string login;     // "admin:a@b", "user:101"; empty: nobody
  std::string password;  // its hash, empty if there is none
  std::string totp;
};
// Who this name is for a login. Somebody without a password is nobody.
[[nodiscard]] Account account_named(const model::Snapshot& snapshot, const std::string& name);
// The account of a session.
[[nodiscard]] Account account_of_login(const model::Snapshot& snapshot, std::string_view login);

// By address, any case; null when there is none.
[[nodiscard]] model::Admin* find_admin(model::Office& office, std::string_view email);
[[nodiscard]] const model::Admin* find_admin(const model::Office& office, std::string_view email);

// What a new password must be.
void check_password(Fields& fields, std::string_view key, const std::string& password,
                    const std::string& account);

// The session of who asks; nothing for a token and the local socket.
[[nodiscard]] std::optional<Session> own_session(const Call& call);
// The session as the API shows it, with the account as it is now.
[[nodiscard]] base::Node session_node(const Session& session, const model::Snapshot& snapshot);

}  // namespace api
