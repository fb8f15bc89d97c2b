#include "api/rights.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/office.h"
#include "model/snapshot.h"

namespace api {
namespace {

constexpr std::array<std::string_view, 21> kAreas{
    "users",     "groups",   "numbers", "chain",         "trunks", "schedules", "flags",
    "mailboxes", "ivrs",     "queues",  "sounds",        "calls",  "records",   "events",
    "messages",  "settings", "search",  "registrations", "tests",  "reports",   "webhooks"};

std::vector<std::string_view> words_of(std::string_view scopes) {
  std::vector<std::string_view> words;
  while (!scopes.empty()) {
    const std::size_t end = std::min(scopes.find_first_of(" ,"), scopes.size());
    if (end > 0) words.push_back(scopes.substr(0, end));
    scopes.remove_prefix(std::min(end + 1, scopes.size()));
  }
  return words;
}

bool token_may(std::string_view scopes, Access access, std::string_view area) {
  const std::string reading = std::string{area} + ":read";
  const std::string writing = std::string{area} + ":write";
  const bool reads = access == Access::Read || access == Access::Own;
  return std::ranges::any_of(words_of(scopes), [&](std::string_view word) {
    if (word == "admin") return true;
    if (word == "read") return reads;
    if (area == "system") return false;
    if (access == Access::Own && area.empty()) return true;
    return word == writing || (reads && word == reading);
  });
}

}  // namespace

bool may(const Caller& caller, Access access, std::string_view area) {
  if (access == Access::Open) return true;
  switch (caller.role) {
    case Role::Nobody:
      return false;
    case Role::Token:
      return token_may(caller.scopes, access, area);
    case Role::User:
      return access == Access::Own;
    case Role::ReadOnly:
      return access == Access::Own || access == Access::Read;
    case Role::GroupManager:
      return access != Access::Administer;
    case Role::Administrator:
      return true;
  }
  return false;
}

bool may_manage(const Caller& caller, std::string_view group_id) {
  if (caller.role != Role::GroupManager) return true;
  return std::ranges::find(caller.groups, group_id) != caller.groups.end();
}

std::string unknown_scope(std::string_view scopes) {
  for (const std::string_view word : words_of(scopes)) {
    if (word == "admin" || word == "read") continue;
    const std::size_t colon = word.find(':');
    const bool known = colon != std::string_view::npos &&
                       std::ranges::find(kAreas, word.substr(0, colon)) != kAreas.end() &&
                       (word.substr(colon) == ":read" || word.substr(colon) == ":write");
    if (!known) return std::string{word};
  }
  return words_of(scopes).empty() ? "\"\"" : std::string{};
}

std::string known_scopes() {
  std::string made = "admin, read, and AREA:read or AREA:write with one of";
  for (const std::string_view area : kAreas) made.append(" ").append(area);
  return made;
}

std::vector<std::string> managed_by(const model::Admin& admin, const model::Snapshot& snapshot) {
  std::vector<std::string> ids;
  for (const std::string& name : admin.groups) {
    if (const model::Group* group = snapshot.group_named(name)) ids.push_back(group->id);
    if (const model::Queue* queue = snapshot.queue_named(name)) ids.push_back(queue->id);
  }
  return ids;
}

Role role_of(const model::Admin& admin) {
  switch (admin.role) {
    case model::AdminRole::Administrator:
      return Role::Administrator;
    case model::AdminRole::GroupManager:
      return Role::GroupManager;
    case model::AdminRole::ReadOnly:
      return Role::ReadOnly;
  }
  return Role::Nobody;
}

const char* word(Role role) {
  switch (role) {
    case Role::Nobody:
      return "nobody";
    case Role::Token:
      return "token";
    case Role::User:
      return "user";
    case Role::ReadOnly:
      return "read_only";
    case Role::GroupManager:
      return "group_manager";
    case Role::Administrator:
      return "administrator";
  }
  return "";
}

}  // namespace api
