#pragma once
// What the strategies of one group remember from call to call: an explicit value that goes in and
// comes out. Changes are told as deltas, so that calls that run at the same time do not undo each
// other.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace hunt {

// Members are named by hunt::key_of(Target).
struct MemberMemory {
  std::string member{};
  std::uint32_t answered = 0;                 // calls of this group since `day`
  base::WallTime day{};                       // the tenant's midnight from which `answered` counts
  std::optional<base::WallTime> last_call{};  // answered through this group
  bool operator==(const MemberMemory&) const = default;
};

struct Memory {
  std::string pointer{};                // round_robin: the member begun with or the last winner
  std::vector<MemberMemory> members{};  // sorted by member, at most kMembersRemembered
  bool operator==(const Memory&) const = default;
};

// Beyond this the one with the oldest last call is forgotten.
inline constexpr std::size_t kMembersRemembered = 1'000;

// A round of round_robin began with this member.
struct RoundBegan {
  std::string member{};
  bool operator==(const RoundBegan&) const = default;
};
// This member took a call of the group.
struct MemberAnswered {
  std::string member{};
  base::WallTime at{};
  base::WallTime midnight{};  // the tenant's, before `at`
  bool operator==(const MemberAnswered&) const = default;
};
using MemoryChange = std::variant<RoundBegan, MemberAnswered>;

void apply(Memory& memory, const MemoryChange& change);

// Null if the member is not remembered.
[[nodiscard]] const MemberMemory* find(const Memory& memory, std::string_view member);
// Answered calls since `midnight` (fewest_calls).
[[nodiscard]] std::uint32_t answered_since(const Memory& memory, std::string_view member,
                                           base::WallTime midnight);

// Text for the store: a line for the pointer and one a member. decode(encode(m)) == m; nothing for
// text that encode did not write.
[[nodiscard]] std::string encode(const Memory& memory);
[[nodiscard]] std::optional<Memory> decode(std::string_view text);

}  // namespace hunt
