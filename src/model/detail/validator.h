#pragma once
// The parts of validate(): each looks at one question and adds to the same list of findings.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model::detail {

// "/groups/3/finally"
[[nodiscard]] std::string at(std::string_view list, std::size_t index, std::string_view rest = {});

// `for` of those who ring one after another.
inline constexpr base::Duration kInTurn{20'000};

class Validator {
 public:
  explicit Validator(const Office& office);

  // Names and numbers that two things claim (validate_numbers.cc).
  void names_are_unique();
  void numbers_are_unique();
  void accounts_are_unique();
  // What is named and does not exist (validate_references.cc).
  void references_exist();
  // The Next Number table (validate_chain.cc).
  void chain_is_sound();
  // Nesting and `finally` that run in circles (validate_cycles.cc).
  void groups_nest_soundly();
  void finals_end_somewhere();
  // What will not ring as it is probably meant (validate_warnings.cc).
  void warn_groups();
  void warn_phones(const User& user, const std::string& path);
  void warn_users();
  // Who is never reached, rules and hours in each other's way (validate_reach.cc).
  void warn_reach();
  // What a right or a limit does not let happen (validate_limits.cc).
  void warn_limits();
  void values_are_sound();
  // Webhooks and action URLs (validate_hooks.cc).
  void hooks_are_sound();
  void tests_can_be_asked();
  void reports_are_sound();
  // Who may enter the panel (validate_admins.cc).
  void admins_are_sound();

  Findings findings;

 private:
  void error(std::string_view code, std::string path, std::string message);
  void warn(std::string_view code, std::string path, std::string message);
  // Two places that claim the same: an error at each, at the first one once.
  void clash(std::string_view code, const std::string& first, const std::string& second,
             const std::string& message);
  template <class T>
  void names_are_unique_in(std::string_view list, const std::vector<T>& things,
                           std::string_view noun);
  void codes_are_unique();
  void device_ids_are_unique(const User& user, const std::string& path);
  void destination_exists(const Destination& destination, const std::string& path, bool required);
  void finally_exists(const Finally& finally, const std::string& path);
  void member_exists(const Member& member, const std::string& path);
  void sound_exists(const std::string& name, const std::string& path);
  void schedule_exists(const std::string& name, const std::string& path);
  void forward_exists(const std::string& to, const std::string& path);
  void user_references(const User& user, const std::string& path);
  void group_references(const Group& group, const std::string& path);
  void queue_references(const Queue& queue, const std::string& path);
  void chain_row_is_sound(const ChainRow& row, const std::string& path);
  void chain_user_is_sound(const std::string& number, std::string_view column, const ChainRow& row,
                           const std::string& path);
  void url_is_sound(const std::string& url, const std::string& path);
  void members_are_unique(const Group& group, const std::string& path);
  void warn_unused(const Group& group, const std::string& path);
  void warn_members(const Group& group, const std::string& path);
  void warn_member(const Group& group, const Member& member, const std::string& path);
  void warn_rule(const Rule& rule, const std::string& path);
  void warn_external(const Member& member, const std::string& path);
  void warn_too_late(const Group& group, const std::string& path);
  void warn_shadowed_rules(const User& user, std::size_t index);
  void warn_hours(const Schedule& schedule, const std::string& path);
  void warn_rights(const User& user, const std::string& path);
  void warn_no_right(const User& user, const std::string& target, const std::string& path);
  void warn_hunt_too_long(const Group& group, const std::string& path);
  void warn_channels(const Group& group, const std::string& path);

  const Office& office_;
  std::shared_ptr<const Snapshot> snapshot_;  // of the same office, for its look-ups
  std::set<std::string> clashed_;             // codes and first places of clashes that were told
};

}  // namespace model::detail
