#pragma once
// The kinds of things an office consists of, so that store, API and edits can treat them alike.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/office.h"

namespace model {

enum class Kind : std::uint8_t {
  User,
  Group,
  ChainRow,
  Mailbox,
  Ivr,
  Queue,
  Schedule,
  Flag,
  Number,
  Trunk,
  Sound,
  Webhook,
  SavedTest,
  Report
};
inline constexpr std::size_t kKindCount = 14;

// In the order of Kind: `Thing{…}.index()` is the Kind.
using Thing = std::variant<User, Group, ChainRow, Mailbox, Ivr, Queue, Schedule, Flag, Number,
                           Trunk, Sound, Webhook, SavedTest, Report>;

// The key in office.yaml and the path of the API: "users", "groups", "chain", "mailboxes", …
[[nodiscard]] std::string_view key_of(Kind kind);
// The same back; nothing for anything else.
[[nodiscard]] std::optional<Kind> kind_from_key(std::string_view key);
// For sentences: "user", "group", "chain row", …
[[nodiscard]] std::string_view noun_of(Kind kind);

// A thing of that kind made by default.
[[nodiscard]] Thing blank(Kind kind);
[[nodiscard]] Kind kind_of(const Thing& thing);
// The id, or the one that is made when there is none: user = extension, chain row = sip_number,
// number = the number, all others = the name in lower case with dashes.
[[nodiscard]] std::string id_of(const Thing& thing);
// What people call it: the name, the extension of a nameless user, the number.
[[nodiscard]] std::string label_of(const Thing& thing);
[[nodiscard]] std::int64_t revision_of(const Thing& thing);
void set_identity(Thing& thing, std::string id, std::int64_t revision);

// "Head Office" -> "head-office"; letters outside ASCII are kept.
[[nodiscard]] std::string slug(std::string_view name);

// Gives each thing without an id the one of id_of(). Snapshot::build does this too.
void give_ids(Office& office);
// Writes out what may be left out: ids, SIP usernames, the ids of devices, the tenant. What calls
// see and what the store holds is completed; a file compares with it once it is, too.
void complete(Office& office);

}  // namespace model
