#pragma once
// What a hunt may ask about the world when it looks at everybody afresh (rules 5, 10 and 12).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "hunt/memory.h"
#include "model/snapshot.h"

namespace hunt {

// The moving part of one user's state; what stands still (enabled, do-not-disturb, paused) is
// configuration and comes from the current snapshot.
struct UserPresence {
  std::uint32_t devices = 0;  // registered contacts, devices counted once
  std::uint32_t calls = 0;    // answered or held calls, and own outgoing ones from their INVITE on
  std::optional<base::WallTime> last_answered_ended{};  // for longest_idle; absent = never
  bool operator==(const UserPresence&) const = default;
};

// A value: the engine makes it for explain, tests write it by hand. Users by id; absent = all zero.
struct Presence {
  std::map<std::string, UserPresence> users;
  std::map<std::string, std::string> memory;  // group id -> hunt::encode(Memory)
  bool operator==(const Presence&) const = default;
};

// The world of this moment, asked at the start of a round and when a ring is due. The engine
// answers from its own tables, explain and tests from a Presence.
class View {
 public:
  View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  virtual ~View() = default;

  // The configuration that holds now (not the one that the call pinned): who is logged in, paused,
  // enabled, on do-not-disturb, and whether there is a trunk, is read from here.
  [[nodiscard]] virtual const model::Snapshot& current() const = 0;
  // All zero for somebody unknown.
  [[nodiscard]] virtual UserPresence user(std::string_view user_id) const = 0;
  // What the strategy of this group remembers; empty if nothing yet.
  [[nodiscard]] virtual Memory memory(std::string_view group_id) const = 0;
};

// A view of values. Both outlive it.
class PresenceView final : public View {
 public:
  PresenceView(const model::Snapshot& snapshot, const Presence& presence)
      : snapshot_(snapshot), presence_(presence) {}
  [[nodiscard]] const model::Snapshot& current() const override { return snapshot_; }
  [[nodiscard]] UserPresence user(std::string_view user_id) const override;
  [[nodiscard]] Memory memory(std::string_view group_id) const override;

 private:
  // Given to us.
  const model::Snapshot& snapshot_;
  const Presence& presence_;
};

}  // namespace hunt
