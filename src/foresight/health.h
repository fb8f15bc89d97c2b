#pragma once
// Who of a group could ring at this moment, and why not: rule 12 as a list for people. No call is
// made and no plan: a hunt looks again when it rings somebody.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight {

// The moving part of a user's state. Users by id; absent: all zero.
struct Present {
  std::uint32_t devices = 0;  // registered
  std::uint32_t calls = 0;    // answered ones, and own ones that are being made
  bool operator==(const Present&) const = default;
};
using People = std::map<std::string, Present, std::less<>>;

struct MemberHealth {
  std::size_t place = 0;  // of the line: in members, else in the stages one after another
  std::string target;     // as the line names it
  std::string user;       // his id; empty: no user
  std::string name;       // of the user or group
  std::string kind;       // "user", "group", "number", "uri", "unknown"
  bool can_ring = false;
  std::string why;  // a reason code of docs/words.md; empty: he can
  Present present;
  bool forwards = false;  // one of his forwardings is on
  std::string setting;    // where the reason is set: "users/101/do_not_disturb"
  bool operator==(const MemberHealth&) const = default;
};

[[nodiscard]] std::vector<MemberHealth> health_of(const model::Snapshot& snapshot,
                                                  const model::Group& group, const People& people,
                                                  base::WallTime now);

// "available", "in_a_call", "do_not_disturb", "paused", "not_registered", "disabled"
[[nodiscard]] std::string_view state_of(const model::User& user, const Present& present,
                                        base::WallTime now);

}  // namespace foresight
