// Validator: the Next Number table (section E of docs/hunting.md), row by row.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/detail/canonical.h"
#include "model/detail/validator.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model::detail {
namespace {

// Rows that Next connects, in whatever direction, are one chain.
class Chains {
 public:
  explicit Chains(const std::vector<ChainRow>& rows) : above_(rows.size()) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      above_[i] = i;
      if (!rows[i].sip_number.empty()) places.emplace(canonical(rows[i].sip_number), i);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto next = places.find(canonical(rows[i].next_number));
      if (next != places.end()) above_[top(i)] = top(next->second);
    }
    places_ = std::move(places);
  }
  [[nodiscard]] std::size_t top(std::size_t i) const {
    while (above_[i] != i) i = above_[i];
    return i;
  }
  [[nodiscard]] std::size_t chain_of(const std::string& number, std::size_t otherwise) const {
    const auto found = places_.find(canonical(number));
    return top(found == places_.end() ? otherwise : found->second);
  }

 private:
  std::vector<std::size_t> above_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

void Validator::chain_user_is_sound(const std::string& number, std::string_view column,
                                    const ChainRow& row, const std::string& path) {
  if (number.empty()) return;
  const User* user = snapshot_->user_by_number(number);
  if (user == nullptr)
    error("no_such_thing", path,
          std::string(column) + " \"" + number + "\" of " + row.sip_number +
              " does not exist: it must be the number of a user");
  else if (!user->enabled)
    error("not_active", path,
          std::string(column) + " \"" + number + "\" of " + row.sip_number +
              " is not active: user " + user->extension + " is disabled");
}

void Validator::chain_row_is_sound(const ChainRow& row, const std::string& path) {
  if (!row.sip_number.empty() && snapshot_->user_by_number(row.sip_number) == nullptr)
    error("no_such_thing", path + "/sip_number",
          "Sip number \"" + row.sip_number + "\" does not exist: it must be the number of a user");
  chain_user_is_sound(row.next_number, "Next number", row, path + "/next_number");
  chain_user_is_sound(row.start_number, "Start number", row, path + "/start_number");
  if (!row.service_number.empty() && row.start_number.empty())
    error("missing", path + "/start_number",
          "service number \"" + row.service_number + "\" needs a Start number");
  if (row.service_number.empty() && !row.start_number.empty())
    warn("unused", path + "/start_number",
         "the Start number has no service number beside it and is not used");
}

void Validator::chain_is_sound() {
  const std::vector<ChainRow>& rows = office_.chain;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string path = at("chain", i);
    const auto [known, fresh] = first.emplace(canonical(rows[i].sip_number), i);
    if (!fresh && !rows[i].sip_number.empty())
      clash("number_used_twice", at("chain", known->second, "sip_number"), path + "/sip_number",
            "Sip number \"" + rows[i].sip_number + "\" has more than one row; one row a number");
    chain_row_is_sound(rows[i], path);
  }
  const Chains chains(rows);
  std::map<std::size_t, std::size_t> members;
  std::map<std::size_t, std::size_t> services;
  for (std::size_t i = 0; i < rows.size(); ++i) ++members[chains.top(i)];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].service_number.empty() || rows[i].start_number.empty()) continue;
    const std::size_t chain = chains.chain_of(rows[i].start_number, i);
    if (++services[chain] > members[chain])
      error("too_many", at("chain", i, "service_number"),
            "the chain of " + rows[i].start_number + " has more service numbers than Sip numbers");
  }
  std::set<const ChainRow*> shown;
  for (const ChainRow& row : snapshot_->office().chain) {
    const ChainWalk walk = snapshot_->chain_from(row);
    if (!walk.loops_to || shown.contains(walk.rows[*walk.loops_to])) continue;
    std::string circle;
    for (std::size_t r = *walk.loops_to; r < walk.rows.size(); ++r) {
      shown.insert(walk.rows[r]);
      circle += walk.rows[r]->sip_number + " -> ";
    }
    const auto place = static_cast<std::size_t>(&row - snapshot_->office().chain.data());
    warn("chain_loop", at("chain", place, "next_number"),
         "the chain is a loop (" + circle + walk.rows[*walk.loops_to]->sip_number +
             "); it is hunted until max_hunt");
  }
}

}  // namespace model::detail
