#include "model/thing.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/office.h"

namespace model {
namespace {

struct KindNames {
  std::string_view key, noun;
};
constexpr std::array<KindNames, kKindCount> kKinds{{{"users", "user"},
                                                    {"groups", "group"},
                                                    {"chain", "chain row"},
                                                    {"mailboxes", "mailbox"},
                                                    {"ivrs", "menu"},
                                                    {"queues", "queue"},
                                                    {"schedules", "schedule"},
                                                    {"flags", "flag"},
                                                    {"numbers", "number"},
                                                    {"trunks", "trunk"},
                                                    {"sounds", "sound"},
                                                    {"webhooks", "webhook"},
                                                    {"tests", "test"},
                                                    {"reports", "report"}}};

std::string own_id(const User& user) {
  return user.extension;
}
std::string own_id(const ChainRow& row) {
  return row.sip_number;
}
std::string own_id(const Number& number) {
  return number.number;
}
template <class T>
std::string own_id(const T& named) {
  return slug(named.name);
}

std::string own_label(const User& user) {
  return user.name.empty() ? user.extension : user.name;
}
std::string own_label(const ChainRow& row) {
  return row.sip_number;
}
std::string own_label(const Number& number) {
  return number.number;
}
template <class T>
std::string own_label(const T& named) {
  return named.name;
}

// A thing that was renamed keeps its id, so a new one may find its own taken.
template <class T>
void give_ids_in(std::vector<T>& things) {
  std::set<std::string> taken;
  for (const T& thing : things) taken.insert(thing.id);
  for (T& thing : things) {
    if (!thing.id.empty()) continue;
    const std::string wanted = own_id(thing);
    thing.id = wanted;
    for (int n = 2; !taken.insert(thing.id).second; ++n)
      thing.id = wanted + "-" + std::to_string(n);
  }
}

}  // namespace

std::string_view key_of(Kind kind) {
  return kKinds.at(static_cast<std::size_t>(kind)).key;
}

std::optional<Kind> kind_from_key(std::string_view key) {
  for (std::size_t i = 0; i < kKindCount; ++i)
    if (kKinds.at(i).key == key) return static_cast<Kind>(i);
  return std::nullopt;
}

std::string_view noun_of(Kind kind) {
  return kKinds.at(static_cast<std::size_t>(kind)).noun;
}

Thing blank(Kind kind) {
  Thing made;
  const auto try_each = [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((I == static_cast<std::size_t>(kind) ? (void)made.emplace<I>() : void()), ...);
  };
  try_each(std::make_index_sequence<kKindCount>{});
  return made;
}

Kind kind_of(const Thing& thing) {
  return static_cast<Kind>(thing.index());
}

std::string id_of(const Thing& thing) {
  return std::visit([](const auto& held) { return held.id.empty() ? own_id(held) : held.id; },
                    thing);
}

std::string label_of(const Thing& thing) {
  return std::visit([](const auto& held) { return own_label(held); }, thing);
}

std::int64_t revision_of(const Thing& thing) {
  return std::visit([](const auto& held) { return held.revision; }, thing);
}

void set_identity(Thing& thing, std::string id, std::int64_t revision) {
  std::visit(
      [&](auto& held) {
        held.id = std::move(id);
        held.revision = revision;
      },
      thing);
}

std::string slug(std::string_view name) {
  std::string made;
  bool gap = false;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
                       static_cast<unsigned char>(c) >= 0x80U;
    if (!upper && !plain) {
      gap = !made.empty();
      continue;
    }
    if (gap) made += '-';
    gap = false;
    made += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return made;
}

void give_ids(Office& office) {
  give_ids_in(office.users);
  give_ids_in(office.groups);
  give_ids_in(office.chain);
  give_ids_in(office.mailboxes);
  give_ids_in(office.ivrs);
  give_ids_in(office.queues);
  give_ids_in(office.schedules);
  give_ids_in(office.flags);
  give_ids_in(office.numbers);
  give_ids_in(office.trunks);
  give_ids_in(office.sounds);
  give_ids_in(office.webhooks);
  give_ids_in(office.tests);
  give_ids_in(office.reports);
}

void complete(Office& office) {
  give_ids(office);
  for (User& user : office.users) {
    if (user.sip_username.empty()) user.sip_username = user.extension;
    for (Device& device : user.devices)
      if (device.id.empty()) device.id = device.username;
  }
  if (office.tenant.empty()) office.tenant = "localhost";
}

}  // namespace model
