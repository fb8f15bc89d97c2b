// Validator: one name, one number, one account for one thing (Row S2.7, S4.3).

#include <cstddef>
#include <map>
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
                        "a service number of the chain (row of " + office.chain[i].sip_number + ")",
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
                      "an entry of numbers", at("numbers", i)});
  return claims;
}

}  // namespace

void Validator::numbers_are_unique() {
  std::map<std::string, const Claim*> first;
  const auto take = [&](const Claim& claim) {
    if (claim.number.empty()) return;  // said by the reader
    const auto [known, fresh] = first.emplace(canonical(claim.number), &claim);
    if (fresh || known->second->thing == claim.thing) return;
    clash("number_used_twice", known->second->path, claim.path,
          "\"" + claim.number + "\" is that of " + known->second->owner + " and of " + claim.owner +
              "; one number can lead to one thing only");
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
  codes_are_unique();
}

// Two may share their digits where no string means both: one alone and one with a number, one
// dialled and one keyed during a call.
void Validator::codes_are_unique() {
  const std::vector<FeatureCode>& codes = snapshot_->feature_codes();
  for (std::size_t a = 0; a < codes.size(); ++a) {
    for (std::size_t b = a + 1; b < codes.size(); ++b) {
      if (codes[a].code.empty() || codes[a].code != codes[b].code) continue;
      const FeatureCodeInfo* first = feature_code(codes[a].name);
      const FeatureCodeInfo* second = feature_code(codes[b].name);
      if (first == nullptr || second == nullptr || !may_clash(*first, *second)) continue;
      clash("number_used_twice", "/feature_codes/" + codes[a].name,
            "/feature_codes/" + codes[b].name,
            "the code \"" + codes[a].code + "\" is given to " + codes[a].name + " and to " +
                codes[b].name);
    }
  }
}

template <class T>
void Validator::names_are_unique_in(std::string_view list, const std::vector<T>& things,
                                    std::string_view noun) {
  std::map<std::string, std::size_t> names;
  std::map<std::string, std::size_t> ids;
  const auto key = [&](std::size_t i) { return things[i].id.empty() ? "name" : "id"; };
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (things[i].name.empty()) continue;  // said by the reader
    const auto [known, fresh] = names.emplace(lower(things[i].name), i);
    if (!fresh) {
      clash("name_used_twice", at(list, known->second, "name"), at(list, i, "name"),
            "there is more than one " + std::string(noun) + " \"" + things[i].name +
                "\"; each needs a name of its own");
      continue;
    }
    const std::string id = id_of(Thing{things[i]});
    const auto [other, fresh_id] = ids.emplace(id, i);
    if (!fresh_id)
      clash("name_used_twice", at(list, other->second, key(other->second)), at(list, i, key(i)),
            "\"" + things[other->second].name + "\" and \"" + things[i].name +
                "\" get the same id \"" + id + "\"; give this " + std::string(noun) +
                " another name or an id of its own");
  }
}

void Validator::names_are_unique() {
  names_are_unique_in("groups", office_.groups, "group");
  names_are_unique_in("mailboxes", office_.mailboxes, "mailbox");
  names_are_unique_in("ivrs", office_.ivrs, "menu");
  names_are_unique_in("queues", office_.queues, "queue");
  names_are_unique_in("schedules", office_.schedules, "schedule");
  names_are_unique_in("flags", office_.flags, "flag");
  names_are_unique_in("trunks", office_.trunks, "trunk");
  names_are_unique_in("sounds", office_.sounds, "sound");
  names_are_unique_in("webhooks", office_.webhooks, "webhook");
  names_are_unique_in("tests", office_.tests, "test");
  names_are_unique_in("reports", office_.reports, "report");
  std::map<std::string, std::size_t> ids;
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    if (user.extension.empty()) continue;
    const auto [known, fresh] = ids.emplace(id_of(Thing{user}), i);
    if (!fresh && !user.id.empty())
      clash("name_used_twice", at("users", known->second, "id"), at("users", i, "id"),
            "two users have the id \"" + user.id + "\"; each needs one of his own");
  }
}

void Validator::device_ids_are_unique(const User& user, const std::string& path) {
  std::map<std::string, std::string> first;
  for (std::size_t d = 0; d < user.devices.size(); ++d) {
    const std::string& id = user.devices[d].id;
    const std::string here = path + "/devices/" + std::to_string(d) + "/id";
    if (id.empty()) continue;
    const auto [known, fresh] = first.emplace(id, here);
    if (!fresh)
      clash("name_used_twice", known->second, here,
            "two devices of one user have the id \"" + id + "\"");
  }
}

void Validator::accounts_are_unique() {
  std::map<std::string, std::string> first;
  const auto take = [&](const std::string& username, const std::string& path) {
    if (username.empty()) return;
    const auto [known, fresh] = first.emplace(username, path);
    if (!fresh)
      clash("name_used_twice", known->second, path,
            "the SIP username \"" + username + "\" is used twice; each account needs its own");
  };
  for (std::size_t i = 0; i < office_.users.size(); ++i) {
    const User& user = office_.users[i];
    const bool own = !user.sip_username.empty() && user.sip_username != user.extension;
    const std::string& username = own ? user.sip_username : user.extension;
    take(username, at("users", i, own ? "sip/username" : "extension"));
    // A device may share the account of its user.
    for (std::size_t d = 0; d < user.devices.size(); ++d)
      if (user.devices[d].username != username)
        take(user.devices[d].username,
             at("users", i, "devices/" + std::to_string(d) + "/username"));
    device_ids_are_unique(user, at("users", i));
  }
}

}  // namespace model::detail
