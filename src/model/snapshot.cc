// Building a snapshot, and finding things by name. Dialled strings and chains: snapshot_dialled.cc.
//
// Canonical text: what is all digits and + * # is compared without visual separators ("800.8001" is
// "8008001"), what has letters in lower case.

#include "model/snapshot.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "model/detail/canonical.h"
#include "model/feature_codes.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {
namespace {

using detail::canonical;
using detail::lower;

template <class Index, class T>
const T* found_in(const Index& index, const std::vector<T>& things, std::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &things[found->second];
}

// By name in lower case, then by id: both in one index, names first.
template <class Index, class T>
void index_by_name(Index& index, const std::vector<T>& things) {
  for (std::size_t i = 0; i < things.size(); ++i) index.emplace(lower(things[i].name), i);
  for (std::size_t i = 0; i < things.size(); ++i) index.emplace(lower(things[i].id), i);
}

// The host of "sip:user@192.0.2.1:5070;transport=tcp" when it is an address.
std::optional<base::Address> address_of_uri(std::string_view uri) {
  const std::size_t scheme = uri.find(':');
  if (scheme == std::string_view::npos) return std::nullopt;
  uri.remove_prefix(scheme + 1);
  uri = uri.substr(0, uri.find_first_of(";?"));
  const std::size_t at = uri.rfind('@');
  if (at != std::string_view::npos) uri.remove_prefix(at + 1);
  return base::Address::parse(uri);
}

constexpr std::uint16_t kSipPort = 5'060;

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::build(Office office, BuildOptions options) {
  return std::make_shared<const Snapshot>(Key{}, std::move(office), std::move(options));
}

Snapshot::Snapshot(Key /*key*/, Office office, BuildOptions options)
    : office_(std::move(office)), options_(std::move(options)) {
  complete(office_);
  index_users();
  index_groups();
  index_rest();
  index_chain();
  index_codes();
  index_lamps();
}

void Snapshot::index_users() {
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    user_ids_.emplace(user.id, i);
    user_numbers_.emplace(canonical(user.extension), i);
    internal_.emplace(canonical(user.extension), UserTarget{&user});
    user_names_.emplace(lower(user.name), i);
    accounts_.emplace(user.sip_username, AccountIndex{i, std::nullopt});
    for (std::size_t d = 0; d < user.devices.size(); ++d) {
      const auto [entry, fresh] = accounts_.emplace(user.devices[d].username, AccountIndex{i, d});
      // A device may bear the name of its user's account where that has no password.
      const bool is_ours = entry->second.user == i && !entry->second.device.has_value();
      if (!fresh && is_ours && user.sip_password.empty()) entry->second.device = d;
    }
  }
  user_names_.erase("");
  // Nobody sits at his own account as a guest; of two at one the first sits there.
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    for (const std::string& desk : office_.users[i].desks) {
      const auto account = accounts_.find(desk);
      if (account != accounts_.end() && account->second.user != i) guests_.emplace(desk, i);
    }
  }
}

void Snapshot::index_groups() {
  for (std::size_t i = 0; i < office_.groups.size(); ++i) {
    const Group& group = office_.groups[i];
    group_ids_.emplace(group.id, i);
    group_names_.emplace(lower(group.name), i);
    for (const std::string& extension : group.extensions)
      internal_.emplace(canonical(extension), GroupTarget{&group});
    for (const std::string& number : group.numbers)
      public_.emplace(e164(number), GroupTarget{&group});
  }
}

void Snapshot::index_rest() {
  index_by_name(mailboxes_, office_.mailboxes);
  index_by_name(ivrs_, office_.ivrs);
  index_by_name(queues_, office_.queues);
  index_by_name(schedules_, office_.schedules);
  index_by_name(flags_, office_.flags);
  const auto extensions = [this](const auto& things, Kind kind, Index& names) {
    for (std::size_t i = 0; i < things.size(); ++i) {
      if (things[i].extension.empty()) continue;
      const std::string key = canonical(things[i].extension);
      internal_.emplace(key, DialledThing{kind, things[i].id});
      names.emplace(key, i);
    }
  };
  extensions(office_.queues, Kind::Queue, queues_);
  extensions(office_.ivrs, Kind::Ivr, ivrs_);
  extensions(office_.mailboxes, Kind::Mailbox, mailboxes_);
  for (const Number& number : office_.numbers)
    public_.emplace(e164(number.number), DialledNumber{&number});
  for (const ChainRow& row : office_.chain)
    if (!row.service_number.empty())
      internal_.emplace(canonical(row.service_number), DialledService{&row});
  // Other names of a user come last: an extension of another thing is stronger.
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    for (const std::string& alias : user.aliases) {
      user_numbers_.emplace(canonical(alias), i);
      internal_.emplace(canonical(alias), UserTarget{&user});
    }
  }
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    user_numbers_.emplace(canonical(user.sip_username), i);
    internal_.emplace(canonical(user.sip_username), UserTarget{&user});
  }
}

void Snapshot::index_codes() {
  for (const FeatureCodeInfo& known : feature_profile()) {
    std::string code(code_in_profile(office_.feature_profile, known));
    for (const FeatureCode& override_ : office_.feature_codes)
      if (override_.name == known.name) code = override_.code;
    codes_.push_back({std::string(known.name), std::move(code)});
  }
}

const User* Snapshot::user_by_id(std::string_view id) const {
  return found_in(user_ids_, office_.users, id);
}

const User* Snapshot::user_by_number(std::string_view number) const {
  return found_in(user_numbers_, office_.users, canonical(number));
}

const User* Snapshot::user_named(std::string_view name) const {
  if (const User* user = user_by_number(name)) return user;
  return found_in(user_names_, office_.users, lower(name));
}

std::optional<Account> Snapshot::account(std::string_view sip_username) const {
  const auto found = accounts_.find(sip_username);
  if (found == accounts_.end()) return std::nullopt;
  const User& owner = office_.users[found->second.user];
  Account account;
  account.owner = &owner;
  account.username = found->first;
  account.password = owner.sip_password;
  if (found->second.device) {
    account.device = &owner.devices[*found->second.device];
    account.password = account.device->password;
  }
  const auto guest = guests_.find(sip_username);
  const bool taken = guest != guests_.end() && owner.enabled;
  account.user = taken ? &office_.users[guest->second] : &owner;
  return account;
}

const Group* Snapshot::group_by_id(std::string_view id) const {
  return found_in(group_ids_, office_.groups, id);
}

const Group* Snapshot::group_named(std::string_view name) const {
  const auto inside = internal_.find(canonical(name));
  if (inside != internal_.end())
    if (const auto* target = std::get_if<GroupTarget>(&inside->second)) return target->group;
  if (const Dialled* dialled = public_number(name))
    if (const auto* target = std::get_if<GroupTarget>(dialled)) return target->group;
  return found_in(group_names_, office_.groups, lower(name));
}

const Trunk* Snapshot::trunk_by_id(std::string_view id) const {
  const auto found = std::find_if(office_.trunks.begin(), office_.trunks.end(),
                                  [&](const Trunk& trunk) { return trunk.id == id; });
  return found == office_.trunks.end() ? nullptr : &*found;
}

const Mailbox* Snapshot::mailbox_named(std::string_view name) const {
  return found_in(mailboxes_, office_.mailboxes, lower(name));
}
std::optional<MailboxRef> Snapshot::mailbox_at(std::string_view name) const {
  if (const Mailbox* general = mailbox_named(name)) return MailboxRef{nullptr, general};
  const User* user = user_named(name);
  if (user == nullptr || !user->mailbox.present) return std::nullopt;
  return MailboxRef{user, nullptr};
}

std::string MailboxRef::key() const {
  return user != nullptr ? "user/" + user->id : "general/" + general->id;
}
const std::string& MailboxRef::name() const {
  return user != nullptr ? user->extension : general->name;
}
const std::string& MailboxRef::pin() const {
  return user != nullptr ? user->mailbox.pin : general->pin;
}

const Ivr* Snapshot::ivr_named(std::string_view name) const {
  return found_in(ivrs_, office_.ivrs, lower(name));
}
const Queue* Snapshot::queue_named(std::string_view name) const {
  return found_in(queues_, office_.queues, lower(name));
}
const Schedule* Snapshot::schedule_named(std::string_view name) const {
  return found_in(schedules_, office_.schedules, lower(name));
}
const Flag* Snapshot::flag_named(std::string_view name) const {
  return found_in(flags_, office_.flags, lower(name));
}

bool may_call_from(const Trunk& trunk, const base::IpAddress& ip) {
  return std::any_of(trunk.allow_from.begin(), trunk.allow_from.end(),
                     [&](const std::string& text) {
                       const auto prefix = base::Cidr::parse(text);
                       return prefix && prefix->contains(ip);
                     });
}

const Trunk* Snapshot::trunk_from(const base::Address& source) const {
  const auto first = [this](auto matches) -> const Trunk* {
    const auto found = std::find_if(office_.trunks.begin(), office_.trunks.end(), matches);
    return found == office_.trunks.end() ? nullptr : &*found;
  };
  const Trunk* exact = first([&](const Trunk& trunk) {
    auto address = address_of_uri(trunk.uri);
    if (address && address->port == 0) address->port = kSipPort;
    return address == source;
  });
  if (exact != nullptr) return exact;
  const Trunk* allowed = first([&](const Trunk& trunk) { return may_call_from(trunk, source.ip); });
  if (allowed != nullptr) return allowed;
  return first([&](const Trunk& trunk) {
    const auto address = address_of_uri(trunk.uri);
    return address && address->ip == source.ip;
  });
}

std::string Snapshot::e164(std::string_view number) const {
  return options_.to_e164 ? options_.to_e164(number, office_.country) : strip_separators(number);
}

}  // namespace model
