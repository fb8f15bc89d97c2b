// Snapshot: what a dialled string and a member line are, and the walk along a chain.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/detail/canonical.h"
#include "model/feature_codes.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model {
namespace {

using detail::canonical;

bool has_letter(std::string_view text) {
  for (const char c : text)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80U)
      return true;
  return false;
}

bool takes(CodeArgument argument, std::string_view rest) {
  switch (argument) {
    case CodeArgument::None:
      return rest.empty();
    case CodeArgument::Number:
    case CodeArgument::NumberAndHash:
      return !rest.empty();
    case CodeArgument::Optional:
      return true;
  }
  return false;
}

}  // namespace

void Snapshot::index_chain() {
  for (const ChainRow& row : office_.chain) chain_rows_.emplace(canonical(row.sip_number), &row);
  // The vector is filled before pointers into it are taken.
  std::set<std::string> wanted;
  for (const ChainRow& row : office_.chain) {
    for (const std::string& number : {row.next_number, row.start_number}) {
      const std::string key = canonical(number);
      if (key.empty() || chain_rows_.contains(key) || !wanted.insert(key).second) continue;
      if (user_by_number(number) == nullptr) continue;
      ChainRow implied;
      implied.id = number;
      implied.sip_number = number;
      implied_rows_.push_back(std::move(implied));
    }
  }
  for (const ChainRow& row : implied_rows_) implied_.emplace(canonical(row.sip_number), &row);
}

const ChainRow* Snapshot::chain_row(std::string_view sip_number) const {
  const auto found = chain_rows_.find(canonical(sip_number));
  return found == chain_rows_.end() ? nullptr : found->second;
}

const ChainRow* Snapshot::chain_row_of(const User& user) const {
  if (const ChainRow* row = chain_row(user.extension)) return row;
  for (const std::string& alias : user.aliases)
    if (const ChainRow* row = chain_row(alias)) return row;
  return chain_row(user.sip_username);
}

const ChainRow* Snapshot::chain_start(const ChainRow& service_row) const {
  const std::string key = canonical(service_row.start_number);
  if (const ChainRow* row = chain_row(key)) return row;
  const auto implied = implied_.find(key);
  return implied == implied_.end() ? nullptr : implied->second;
}

ChainWalk Snapshot::chain_from(const ChainRow& row) const {
  ChainWalk walk;
  std::map<const ChainRow*, std::size_t> seen;
  for (const ChainRow* at = &row; at != nullptr;) {
    const auto [place, fresh] = seen.emplace(at, walk.rows.size());
    if (!fresh) {
      walk.loops_to = place->second;
      break;
    }
    walk.rows.push_back(at);
    const std::string next = canonical(at->next_number);
    if (next.empty()) break;
    const ChainRow* following = chain_row(next);
    const auto implied = implied_.find(next);
    if (following == nullptr && implied != implied_.end()) following = implied->second;
    at = following;
  }
  return walk;
}

Target Snapshot::target_of(const Member& member) const {
  if (member.is_group) {
    const Group* group = group_named(member.target);
    return group == nullptr ? Target{NoTarget{}} : Target{GroupTarget{group}};
  }
  if (member.target.starts_with("sip:") || member.target.starts_with("sips:"))
    return UriTarget{member.target};
  if (const User* user = user_named(member.target)) return UserTarget{user};
  if (const Group* group = group_named(member.target)) return GroupTarget{group};
  if (is_public_number(member.target)) return NumberTarget{e164(member.target)};
  return NoTarget{};
}

// A trunk may write +48…, 48…, 0048… or the national form: each is tried.
const Dialled* Snapshot::public_number(std::string_view dialled) const {
  const std::string bare = strip_separators(dialled);
  for (const std::string& form : {e164(dialled), bare, "+" + bare}) {
    const auto found = public_.find(form);
    if (found != public_.end()) return &found->second;
  }
  return nullptr;
}

std::optional<DialledCode> Snapshot::code_of(std::string_view dialled) const {
  std::optional<DialledCode> best;
  std::size_t longest = 0;
  for (const FeatureCode& code : codes_) {
    const FeatureCodeInfo* known = feature_code(code.name);
    if (code.code.empty() || known == nullptr || known->only_in_call) continue;
    if (!dialled.starts_with(code.code) || code.code.size() <= longest) continue;
    const std::string_view rest = dialled.substr(code.code.size());
    if (!takes(known->argument, rest)) continue;
    longest = code.code.size();
    best = DialledCode{code.name, std::string(rest)};
  }
  for (const Flag& flag : office_.flags)
    if (!flag.code.empty() && flag.code == dialled && flag.code.size() >= longest)
      return DialledCode{"flag", flag.name};
  return best;
}

Dialled Snapshot::what_is(std::string_view dialled) const {
  const std::string key = canonical(dialled);
  if (key.empty()) return DialledNothing{};
  const auto inside = internal_.find(key);
  if (inside != internal_.end()) return inside->second;
  if (const Dialled* number = public_number(dialled)) return *number;
  if (auto code = code_of(key)) return std::move(*code);
  if (has_letter(key)) {
    if (const User* user = user_named(dialled)) return UserTarget{user};
    if (const Group* group = group_named(dialled)) return GroupTarget{group};
  }
  if (is_public_number(dialled)) return DialledExternal{e164(dialled)};
  return DialledNothing{};
}

}  // namespace model
