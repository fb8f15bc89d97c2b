#pragma once
// Who asks, and what he may do: one table for sessions, tokens and the local socket.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/office.h"
#include "model/snapshot.h"

namespace api {

enum class Role : std::uint8_t { Nobody, Token, User, ReadOnly, GroupManager, Administrator };

// What a route asks of its caller.
enum class Access : std::uint8_t {
  Open,        // nothing
  Own,         // to be somebody: it is about himself
  Read,        // to see the office
  Operate,     // to act on what runs: calls, logins, pauses, flags
  Manage,      // to change a group
  Administer,  // to change the rest
};

struct Caller {
  Role role = Role::Nobody;
  std::string name;                 // for the audit: an address, a user, a token's name, "local"
  std::string login;                // of a session: the account, as Sessions knows it
  std::string user_id;              // of a user
  std::vector<std::string> groups;  // of a group manager: ids of groups and queues
  std::string session;              // id of his session; empty: a token, or the local socket
  std::string scopes;               // of a token
  bool is_local = false;

  [[nodiscard]] bool is_administrator() const { return role == Role::Administrator; }
};

// Whether this caller may use a route of this kind in this area ("users", "calls", …; "system" is
// for administrators and the scope `admin`).
[[nodiscard]] bool may(const Caller& caller, Access access, std::string_view area);
// Whether what may() allows goes for this group or queue, too: a group manager has his own.
[[nodiscard]] bool may_manage(const Caller& caller, std::string_view group_id);

// Scopes of a token: "admin", "read", or AREA:read and AREA:write with a space between. The first
// word that is none; empty: all are known.
[[nodiscard]] std::string unknown_scope(std::string_view scopes);
[[nodiscard]] std::string known_scopes();

// Ids of the groups and queues that an account manages.
[[nodiscard]] std::vector<std::string> managed_by(const model::Admin& admin,
                                                  const model::Snapshot& snapshot);
[[nodiscard]] Role role_of(const model::Admin& admin);
// "administrator", "group_manager", …
[[nodiscard]] const char* word(Role role);

}  // namespace api
