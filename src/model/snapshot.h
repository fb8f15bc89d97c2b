#pragma once
// The configuration as calls see it: one office, never changed again, with its look-ups.
//
// A call pins the snapshot it began with by a shared_ptr<const Snapshot>; pointers to users and
// groups are valid as long as the snapshot. Across snapshots things are named by id.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "model/office.h"
#include "model/thing.h"
#include "model/zone.h"

namespace model {

// Makes "+48587622447" of "058 762 24 47" in the office's country; returns what it was given,
// without visual separators, when it knows no better.
using ToE164 = std::function<std::string(std::string_view number, std::string_view country)>;
// Strips separators, 00 -> +, the national prefix by a small table of countries.
[[nodiscard]] std::string plain_e164(std::string_view number, std::string_view country);
// Looks like a number of the telephone network: + or 0 in front, or at least seven digits.
[[nodiscard]] bool is_public_number(std::string_view number);
// Without the visual separators . - ( ) / and blanks; letters and + * # are kept.
[[nodiscard]] std::string strip_separators(std::string_view number);

struct BuildOptions {
  std::int64_t revision = 0;
  Zone zone;
  ToE164 to_e164 = plain_e164;
};

// A SIP account: the user, and the device when the username is a device's own.
struct Account {
  const User* user = nullptr;
  const Device* device = nullptr;  // null: the account that all phones of the user share
  std::string_view password;
  std::string_view username;
  // Whose account it is; `user` is who sits at it (hot desking), mostly the same.
  const User* owner = nullptr;
};

// What a member line names.
struct UserTarget {
  const User* user = nullptr;
  bool operator==(const UserTarget&) const = default;
};
struct GroupTarget {
  const Group* group = nullptr;
  bool operator==(const GroupTarget&) const = default;
};
struct NumberTarget {
  std::string number;  // E.164, or as written
  bool operator==(const NumberTarget&) const = default;
};
struct UriTarget {
  std::string uri;
  bool operator==(const UriTarget&) const = default;
};
struct NoTarget {
  bool operator==(const NoTarget&) const = default;
};
using Target = std::variant<NoTarget, UserTarget, GroupTarget, NumberTarget, UriTarget>;

// The walk along Next Number from one row: each row once, and the place to which the last Next
// leads back when it is a loop (rule 5's repeat_from).
struct ChainWalk {
  std::vector<const ChainRow*> rows;
  std::optional<std::size_t> loops_to;
  bool operator==(const ChainWalk&) const = default;
};

// What a dialled string is.
struct DialledNothing {
  bool operator==(const DialledNothing&) const = default;
};
struct DialledService {  // a service number of the chain table
  const ChainRow* row = nullptr;
  bool operator==(const DialledService&) const = default;
};
struct DialledThing {  // the extension of a queue, menu or mailbox: Kind says which
  Kind kind = Kind::Queue;
  std::string id;
  bool operator==(const DialledThing&) const = default;
};
struct DialledNumber {  // an entry of `numbers` with its destination
  const Number* number = nullptr;
  bool operator==(const DialledNumber&) const = default;
};
struct DialledCode {  // a feature code, or a flag's own code (name "flag", argument its name)
  std::string name, argument;
  bool operator==(const DialledCode&) const = default;
};
struct DialledExternal {  // looks like a number of the telephone network: +…, 0…, or 7 digits up
  std::string number;     // E.164 where the plan knows it
  bool operator==(const DialledExternal&) const = default;
};
using Dialled = std::variant<DialledNothing, UserTarget, GroupTarget, DialledService, DialledThing,
                             DialledNumber, DialledCode, DialledExternal>;

// A mailbox, whosever it is: one of the two is set.
struct MailboxRef {
  const User* user = nullptr;
  const Mailbox* general = nullptr;
  // "user/101", "general/office": stays when the mailbox is renamed.
  [[nodiscard]] std::string key() const;
  // For people: the extension of its user, or its name.
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& pin() const;
  bool operator==(const MailboxRef&) const = default;
};

class Snapshot final {
  struct Key {};  // only build() has one

 public:
  // Gives ids, builds the look-ups. Never fails: what is ambiguous keeps the first (validate()
  // refuses it before).
  [[nodiscard]] static std::shared_ptr<const Snapshot> build(Office office, BuildOptions options);

  Snapshot(Key key, Office office, BuildOptions options);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  Snapshot(Snapshot&&) = delete;
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot() = default;

  [[nodiscard]] const Office& office() const { return office_; }
  [[nodiscard]] std::int64_t revision() const { return options_.revision; }
  [[nodiscard]] const Zone& zone() const { return options_.zone; }

  // Null when there is none.
  [[nodiscard]] const User* user_by_id(std::string_view id) const;
  // By extension, alias, name (any case), SIP username or id, in this order.
  [[nodiscard]] const User* user_named(std::string_view name) const;
  // The account for digest and registration; nothing for an unknown username. Also those of
  // disabled users: the registrar looks at `enabled`.
  [[nodiscard]] std::optional<Account> account(std::string_view sip_username) const;
  [[nodiscard]] const Group* group_by_id(std::string_view id) const;
  // By extension, public number, name (any case) or id, in this order.
  [[nodiscard]] const Group* group_named(std::string_view name) const;
  [[nodiscard]] const Trunk* trunk_by_id(std::string_view id) const;
  // By name (any case), extension or id.
  [[nodiscard]] const Mailbox* mailbox_named(std::string_view name) const;
  // A general mailbox as above, else that of a user who has one, by all of his names.
  [[nodiscard]] std::optional<MailboxRef> mailbox_at(std::string_view name) const;
  // Keys of the mailboxes for which a user's phones have a lamp: his own, and the general ones to
  // which `finally` or a flag of a group of his leads.
  [[nodiscard]] const std::vector<std::string>& lamps_of(std::string_view user_id) const;
  // Ids of the users who have a lamp for it.
  [[nodiscard]] const std::vector<std::string>& lit_by(std::string_view box) const;
  [[nodiscard]] const Ivr* ivr_named(std::string_view name) const;
  [[nodiscard]] const Queue* queue_named(std::string_view name) const;
  [[nodiscard]] const Schedule* schedule_named(std::string_view name) const;
  [[nodiscard]] const Flag* flag_named(std::string_view name) const;

  // The trunk that may call from this address without digest: first one whose uri is exactly this
  // address and port, then one whose allow_from holds it, then one whose uri has this host.
  [[nodiscard]] const Trunk* trunk_from(const base::Address& source) const;

  // What a member line, or a `ring` of a stage, names.
  [[nodiscard]] Target target_of(const Member& member) const;
  // Null unless `number` is a user's extension, alias or SIP username. A user's mobile is not him.
  [[nodiscard]] const User* user_by_number(std::string_view number) const;

  // The row with this sip_number, or with one of this user's; null when the table has none.
  [[nodiscard]] const ChainRow* chain_row(std::string_view sip_number) const;
  [[nodiscard]] const ChainRow* chain_row_of(const User& user) const;
  // A Next that has no row of its own is the last of the walk.
  [[nodiscard]] ChainWalk chain_from(const ChainRow& row) const;
  // Where a service number begins: the row of its Start Number, or one that stands for a user
  // without a row; null when the Start Number names nobody.
  [[nodiscard]] const ChainRow* chain_start(const ChainRow& service_row) const;

  // What `dialled` (the user part of a Request-URI) is: internal first, then public numbers, codes
  // (the longest match), external. The T suffix is the business of route().
  [[nodiscard]] Dialled what_is(std::string_view dialled) const;
  [[nodiscard]] std::string e164(std::string_view number) const;

  // The codes that hold: the profile with the overrides, sorted by name.
  [[nodiscard]] const std::vector<FeatureCode>& feature_codes() const { return codes_; }

 private:
  void index_users();
  void index_groups();
  void index_rest();
  void index_chain();
  void index_codes();
  void index_lamps();
  void light(const User& user, const std::string& box);
  [[nodiscard]] const Dialled* public_number(std::string_view dialled) const;
  [[nodiscard]] std::optional<DialledCode> code_of(std::string_view dialled) const;

  using Index = std::map<std::string, std::size_t, std::less<>>;
  struct AccountIndex {
    std::size_t user = 0;
    std::optional<std::size_t> device;
  };

  // Owned.
  Office office_;
  BuildOptions options_;
  std::vector<ChainRow> implied_rows_;  // users that a Next names and that have no row
  std::vector<FeatureCode> codes_;
  std::map<std::string, std::vector<std::string>, std::less<>> lamps_, lit_by_;
  std::vector<std::string> no_lamps_;  // always empty
  // By canonical text (see snapshot.cc).
  std::map<std::string, Dialled, std::less<>> internal_, public_;
  Index user_ids_, user_numbers_, user_names_;
  std::map<std::string, AccountIndex, std::less<>> accounts_;
  Index guests_;  // by SIP username: who sits there
  Index group_ids_, group_names_;
  Index mailboxes_, ivrs_, queues_, schedules_, flags_;
  std::map<std::string, const ChainRow*, std::less<>> chain_rows_, implied_;
};

// True for an address in the trunk's allow_from.
[[nodiscard]] bool may_call_from(const Trunk& trunk, const base::IpAddress& ip);

}  // namespace model
