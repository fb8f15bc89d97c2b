#pragma once
// What a hunt may ask about the world when it looks at everybody afresh (rules 5, 10 and 12).

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace hunt {

// The moving part of one user's state; what stands still (enabled, do-not-disturb, paused) is
// configuration and comes from the current snapshot.
struct UserPresence {
  std::uint32_t devices = 0;  // registered contacts, devices counted once
  std::uint32_t calls = 0;    // answered or held calls, and own outgoing ones from their INVITE on
  std::optional<base::WallTime> last_answered_ended;  // for longest_idle; absent = never
  bool operator==(const UserPresence&) const = default;
};

// A value: the engine makes it for explain, tests write it by hand. Users by id; absent = all zero.
struct Presence {
  std::map<std::string, UserPresence> users;
  std::map<std::string, std::string> memory;  // group id -> hunt::encode(Memory)
  bool operator==(const Presence&) const = default;
};

}  // namespace hunt
