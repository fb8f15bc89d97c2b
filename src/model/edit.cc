#include "model/edit.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/node.h"
#include "base/overloaded.h"
#include "model/detail/canonical.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model {
namespace {

std::vector<User>& list_of(Office& office, const User*) {
  return office.users;
}
std::vector<Group>& list_of(Office& office, const Group*) {
  return office.groups;
}
std::vector<ChainRow>& list_of(Office& office, const ChainRow*) {
  return office.chain;
}
std::vector<Mailbox>& list_of(Office& office, const Mailbox*) {
  return office.mailboxes;
}
std::vector<Ivr>& list_of(Office& office, const Ivr*) {
  return office.ivrs;
}
std::vector<Queue>& list_of(Office& office, const Queue*) {
  return office.queues;
}
std::vector<Schedule>& list_of(Office& office, const Schedule*) {
  return office.schedules;
}
std::vector<Flag>& list_of(Office& office, const Flag*) {
  return office.flags;
}
std::vector<Number>& list_of(Office& office, const Number*) {
  return office.numbers;
}
std::vector<Trunk>& list_of(Office& office, const Trunk*) {
  return office.trunks;
}
std::vector<Sound>& list_of(Office& office, const Sound*) {
  return office.sounds;
}
std::vector<Webhook>& list_of(Office& office, const Webhook*) {
  return office.webhooks;
}
std::vector<Report>& list_of(Office& office, const Report*) {
  return office.reports;
}
std::vector<SavedTest>& list_of(Office& office, const SavedTest*) {
  return office.tests;
}

// Calls `act` with each list of the office, in the order of Kind.
template <class Act>
void for_each_list(Act act) {
  act(static_cast<const User*>(nullptr));
  act(static_cast<const Group*>(nullptr));
  act(static_cast<const ChainRow*>(nullptr));
  act(static_cast<const Mailbox*>(nullptr));
  act(static_cast<const Ivr*>(nullptr));
  act(static_cast<const Queue*>(nullptr));
  act(static_cast<const Schedule*>(nullptr));
  act(static_cast<const Flag*>(nullptr));
  act(static_cast<const Number*>(nullptr));
  act(static_cast<const Trunk*>(nullptr));
  act(static_cast<const Sound*>(nullptr));
  act(static_cast<const Webhook*>(nullptr));
  act(static_cast<const SavedTest*>(nullptr));
  act(static_cast<const Report*>(nullptr));
}

template <class T>
void put(std::vector<T>& list, T thing) {
  const std::string id = id_of(Thing{thing});
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const T& held) { return id_of(Thing{held}) == id; });
  if (found == list.end())
    list.push_back(std::move(thing));
  else
    *found = std::move(thing);
}

template <class T>
void remove(std::vector<T>& list, std::string_view id) {
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const T& held) { return id_of(Thing{held}) == id; }),
             list.end());
}

// What makes two things the same when the file gives no id.
std::string natural_key(const User& user) {
  return detail::canonical(user.extension);
}
std::string natural_key(const ChainRow& row) {
  return detail::canonical(row.sip_number);
}
std::string natural_key(const Number& number) {
  return strip_separators(number.number);
}
template <class T>
std::string natural_key(const T& named) {
  return detail::lower(named.name);
}

template <class T>
void keep_state(T& /*made*/, const T& /*old*/, const base::Node* /*node*/) {}
// What was switched by hand stays, unless the file says so.
void keep_state(Flag& made, const Flag& old, const base::Node* node) {
  if (node != nullptr && node->find("on") != nullptr) return;
  made.on = old.on;
  made.on_until = old.on_until;
  made.off_until = old.off_until;
}

template <class T>
void merge_list(std::vector<T>& current, const std::vector<T>& file, const base::Node* nodes,
                bool prune) {
  std::vector<bool> named(current.size(), false);
  for (std::size_t f = 0; f < file.size(); ++f) {
    T made = file[f];
    const auto same = [&](const T& held) {
      return made.id.empty() ? natural_key(held) == natural_key(made)
                             : id_of(Thing{held}) == made.id;
    };
    const auto found = std::find_if(current.begin(), current.end(), same);
    if (found == current.end()) {
      current.push_back(std::move(made));
      named.push_back(true);
      continue;
    }
    const base::Node::List* items = nodes == nullptr ? nullptr : nodes->list();
    keep_state(made, *found, items != nullptr && f < items->size() ? &(*items)[f] : nullptr);
    made.id = found->id;
    made.revision = found->revision;
    named[static_cast<std::size_t>(found - current.begin())] = true;
    *found = std::move(made);
  }
  if (!prune) return;
  std::vector<T> kept;
  for (std::size_t i = 0; i < current.size(); ++i)
    if (named[i]) kept.push_back(std::move(current[i]));
  current = std::move(kept);
}

// A second factor is made in the panel, so a file that names none does not take it away.
Admin with_secrets_of(const Admin& held, Admin admin) {
  if (admin.password.empty()) admin.password = held.password;
  if (admin.totp.empty()) admin.totp = held.totp;
  return admin;
}

void merge_settings(Office& made, const Office& file, const base::Node& document, bool prune) {
  const auto take = [&](const char* key, auto& to, const auto& from) {
    if (prune || document.find(key) != nullptr) to = from;
  };
  if (document.find("tenant") != nullptr) made.tenant = file.tenant;
  take("timezone", made.timezone, file.timezone);
  take("country", made.country, file.country);
  take("language", made.language, file.language);
  take("music", made.music, file.music);
  take("record", made.record, file.record);
  take("max_hunt", made.max_hunt, file.max_hunt);
  take("feature_codes", made.feature_profile, file.feature_profile);
  take("feature_codes", made.feature_codes, file.feature_codes);
  if (prune) made.admins.clear();
  for (const Admin& admin : file.admins) {
    const auto found = std::find_if(made.admins.begin(), made.admins.end(),
                                    [&](const Admin& held) { return held.email == admin.email; });
    if (found == made.admins.end())
      made.admins.push_back(admin);
    else
      *found = with_secrets_of(*found, admin);
  }
}

}  // namespace

Office apply(Office office, const Edit& edit) {
  std::visit(base::Overloaded{
                 [&](const PutThing& put_thing) {
                   std::visit([&](const auto& thing) { put(list_of(office, &thing), thing); },
                              put_thing.thing);
                 },
                 [&](const RemoveThing& gone) {
                   std::size_t kind = 0;
                   for_each_list([&](const auto* type) {
                     if (kind++ == static_cast<std::size_t>(gone.kind))
                       remove(list_of(office, type), gone.id);
                   });
                 },
                 [&](const ReplaceOffice& replace) { office = replace.office; },
             },
             edit);
  return office;
}

std::vector<Thing> things_of(const Office& office, Kind kind) {
  std::vector<Thing> things;
  Office copy = office;
  std::size_t at = 0;
  for_each_list([&](const auto* type) {
    if (at++ != static_cast<std::size_t>(kind)) return;
    for (auto& thing : list_of(copy, type)) things.emplace_back(std::move(thing));
  });
  return things;
}

std::vector<Thing> things_of(const Office& office) {
  std::vector<Thing> things;
  Office copy = office;
  for_each_list([&](const auto* type) {
    for (auto& thing : list_of(copy, type)) things.emplace_back(std::move(thing));
  });
  return things;
}

std::optional<Thing> find_thing(const Office& office, Kind kind, std::string_view id) {
  for (Thing& thing : things_of(office, kind))
    if (id_of(thing) == id) return std::move(thing);
  return std::nullopt;
}

Office settings_of(const Office& office) {
  Office settings = office;
  for_each_list([&](const auto* type) { list_of(settings, type).clear(); });
  return settings;
}

Applied apply_file(const Office& current, const Office& file, const base::Node& document,
                   bool prune) {
  Applied applied{current, {}};
  Office from = file;
  merge_settings(applied.office, file, document, prune);
  std::size_t kind = 0;
  for_each_list([&](const auto* type) {
    const std::string_view key = key_of(static_cast<Kind>(kind++));
    merge_list(list_of(applied.office, type), list_of(from, type), document.find(key), prune);
  });
  complete(applied.office);
  Office before = current;
  complete(before);
  applied.changes = changes_between(before, applied.office);
  return applied;
}

}  // namespace model
