// Validator: one name, one number, one account for one thing (Row S2.7, S4.3).

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/detail/canonical.h"
#include "model/detail/validator.h"
#include "model/feature_codes.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model::detail {
namespace {

struct Claim {
  std::string number;  // as written
  std::string path;
  std::string owner;  // "user Alice", for sentences
  std::string thing;  // the same thing may say a number twice (extension and alias)
};

void claim_extensions(std::vector<Claim>& claims, std::string_view list, const auto& things,
                      std::string_view noun) {
  for (std::size_t i = 0; i < things.size(); ++i)
    if (!things[i].extension.empty())
      claims.push_back({things[i].extension, at(list, i, "extension"),
                        std::string(noun) + " " + things[i].name, at(list, i)});
}

std::vector<Claim> internal_claims(const Office& office) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < office.users.size(); ++i) {
    const User& user = office.users[i];
    const std::string owner = "user " + label_of(Thing{user});
    claims.push_back({user.extension, at("users", i, "extension"), owner, at("users", i)});
    for (std::size_t a = 0; a < user.aliases.size(); ++a)
      claims.push_back(
          {user.aliases[a], at("users", i, "aliases/" + std::to_string(a)), owner, at("users", i)});
  }
  for (std::size_t i = 0; i < office.groups.size(); ++i) {
    const Group& group = office.groups[i];
    for (std::size_t e = 0; e < group.extensions.size(); ++e)
      claims.push_back({group.extensions[e], at("groups", i, "extensions/" + std::to_string(e)),
                        "group " + group.name, at("groups", i)});
  }
  claim_extensions(claims, "mailboxes", office.mailboxes, "mailbox");
  claim_extensions(claims, "ivrs", office.ivrs, "menu");
  claim_extensions(claims, "queues", office.queues, "queue");
  for (std::size_t i = 0; i < office.chain.size(); ++i)
    if (!office.chain[i].service_number.empty())
      claims.push_back({office.chain[i].service_number, at("chain", i, "service_number"),
                        "service number of the chain, line of " + office.chain[i].sip_number,
                        at("chain", i, "service_number")});
  for (std::size_t i = 0; i < office.flags.size(); ++i)
    if (!office.flags[i].code.empty())
      claims.push_back({office.flags[i].code, at("flags", i, "code"),
                        "flag " + office.flags[i].name, at("flags", i)});
  return claims;
}

std::vector<Claim> public_claims(const Office& office, const Snapshot& snapshot) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < office.groups.size(); ++i) {
    const Group& group = office.groups[i];
    for (std::size_t n = 0; n < group.numbers.size(); ++n)
      claims.push_back({snapshot.e164(group.numbers[n]),
                        at("groups", i, "numbers/" + std::to_string(n)), "group " + group.name,
                        at("groups", i)});
  }
  for (std::size_t i = 0; i < office.numbers.size(); ++i)
    claims.push_back({snapshot.e164(office.numbers[i].number), at("numbers", i, "number"),
                      "the list of numbers", at("numbers", i)});
  return claims;
}

}  // namespace

void Validator::numbers_are_unique() {
  std::map<std::string, const Claim*> first;
  const auto take = [&](const Claim& claim) {
    const auto [known, fresh] = first.emplace(canonical(claim.number), &claim);
    if (fresh || known->second->thing == claim.thing) return;
    error("number_used_twice", claim.path,
          "\"" + claim.number + "\" (" + claim.owner + ") belongs already to " +
              known->second->owner + " (" + known->second->path +
              "); one number can lead to one thing only");
  };
  const std::vector<Claim> inside = internal_claims(office_);
  const std::vector<Claim> outside = public_claims(office_, *snapshot_);
  for (const Claim& claim : inside) take(claim);
  for (const Claim& claim : outside) take(claim);
  // Codes: an extension or service number that is one could never be dialled, or hides the code.
  for (const FeatureCode& code : snapshot_->feature_codes()) {
    const auto known = code.code.empty() ? first.end() : first.find(code.code);
    if (known != first.end())
      error("number_is_code", known->second->path,
            "\"" + code.code + "\" (" + known->second->owner + ") is the feature code " +
                code.name + "; choose another, or give the code another in feature_codes");
  }
  std::map<std::string, std::string> codes;
  for (const FeatureCode& code : snapshot_->feature_codes()) {
    if (code.code.empty()) continue;
    const auto [known, fresh] = codes.emplace(code.code, code.name);
    if (!fresh)
      error("number_used_twice", "/feature_codes/" + code.name,
            "the code \"" + code.code + "\" is given to " + known->second + " and to " + code.name);
  }
}

void Validator::names_are_unique() {
  const auto check = [this](std::string_view list, const auto& things, std::string_view noun) {
    std::map<std::string, std::size_t> names;
    std::map<std::string, std::size_t> ids;
    for (std::size_t i = 0; i < things.size(); ++i) {
      const auto [known, fresh] = names.emplace(lower(things[i].name), i);
      if (!fresh && !things[i].name.empty()) {
        error("name_used_twice", at(list, i, "name"),
              "there is another " + std::string(noun) + " \"" + things[i].name + "\" at " +
                  at(list, known->second));
        continue;
      }
      const std::string id = things[i].id.empty() ? slug(things[i].name) : things[i].id;
      const auto [known_id, fresh_id] = ids.emplace(id, i);
      if (!fresh_id)
        error("name_used_twice", at(list, i, things[i].id.empty() ? "name" : "id"),
              "the " + std::string(noun) + " \"" + things[i].name +
                  "\" gets the same id as the one at " + at(list, known_id->second) + " (\"" + id +
                  "\"); give it another name or an id of its own");
    }
  };
  check("groups", office_.groups, "group");
  check("mailboxes", office_.mailboxes, "mailbox");
  check("ivrs", office_.ivrs, "menu");
  check("queues", office_.queues, "queue");
  check("schedules", office_.schedules, "schedule");
  check("flags", office_.flags, "flag");
  check("trunks", office_.trunks, "trunk");
  check("sounds", office_.sounds, "sound");
  std::map<std::string, std::size_t> ids;
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    const auto [known, fresh] = ids.emplace(user.id.empty() ? user.extension : user.id, i);
    if (!fresh && !user.id.empty())
      error("name_used_twice", at("users", i, "id"),
            "the user at " + at("users", known->second) + " has the same id");
  }
}

void Validator::accounts_are_unique() {
  std::map<std::string, std::string> first;
  const auto take = [&](const std::string& username, const std::string& path) {
    const auto [known, fresh] = first.emplace(username, path);
    if (!fresh)
      error("name_used_twice", path,
            "the SIP username \"" + username + "\" is used already at " + known->second);
  };
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    const bool own = !user.sip_username.empty();
    take(own ? user.sip_username : user.extension,
         at("users", i, own ? "sip/username" : "extension"));
    std::set<std::string> ids;
    for (std::size_t d = 0; d < user.devices.size(); ++d) {
      const std::string path = at("users", i, "devices/" + std::to_string(d));
      // A device may share the account of its user.
      if (user.devices[d].username != (own ? user.sip_username : user.extension))
        take(user.devices[d].username, path + "/username");
      const std::string& id = user.devices[d].id;
      if (!id.empty() && !ids.insert(id).second)
        error("name_used_twice", path + "/id",
              "two devices of one user have the id \"" + id + "\"");
    }
  }
}

}  // namespace model::detail
