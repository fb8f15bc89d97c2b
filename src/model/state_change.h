#pragma once
// What a person changes of the configuration by a code from his phone: small differences, so that
// they can be made to whatever the configuration is by then and undo nothing that an administrator
// saves at the same moment.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model {

struct SetDoNotDisturb {
  std::string user_id;
  bool on = false;
  bool operator==(const SetDoNotDisturb&) const = default;
};
enum class ForwardKind : std::uint8_t { Always, Busy, NoAnswer, Unreachable };
struct SetForward {
  std::string user_id;
  ForwardKind kind = ForwardKind::Always;
  std::string to;  // empty: none any more
  bool operator==(const SetForward&) const = default;
};
struct SetPaused {
  std::string user_id;
  bool on = false;
  bool operator==(const SetPaused&) const = default;
};
// His own hunting rules, all at once; locked ones are the administrator's and stay as they are.
struct SetRules {
  std::string user_id;
  bool on = false;
  bool operator==(const SetRules&) const = default;
};
// Of a group or queue. Who may log in to a queue without being a member becomes one, and is none
// any more when he logs out.
struct SetLogin {
  std::string user_id;
  Kind kind = Kind::Group;
  std::string id;
  bool in = false;
  bool operator==(const SetLogin&) const = default;
};
// He sits down at somebody's phone, or leaves it; whoever sat there before has left.
struct SetDesk {
  std::string user_id;
  std::string username;  // the SIP account of the phone
  bool sits = false;
  bool operator==(const SetDesk&) const = default;
};
struct SetFlag {
  std::string id;
  bool on = false;
  bool operator==(const SetFlag&) const = default;
};
// All calls of a group go there, with the rights of `by`.
struct SetGroupForward {
  std::string group_id;
  std::string to;  // empty: the group is hunted again
  std::string by;  // extension
  bool operator==(const SetGroupForward&) const = default;
};
using StateChange = std::variant<SetDoNotDisturb, SetForward, SetPaused, SetRules, SetLogin,
                                 SetDesk, SetFlag, SetGroupForward>;

// The office with all of them made; nothing when one is about something that is gone.
[[nodiscard]] std::optional<Office> changed(const Snapshot& snapshot,
                                            const std::vector<StateChange>& changes,
                                            base::WallTime now);
// What it is about, for logs: the kind and id of its thing.
[[nodiscard]] Kind kind_of(const StateChange& change);
[[nodiscard]] const std::string& id_of(const StateChange& change);

// The lines of this user himself in a group or queue.
[[nodiscard]] std::vector<const Member*> lines_of(const Snapshot& snapshot, const Group& group,
                                                  const User& user);
[[nodiscard]] std::vector<const Member*> lines_of(const Snapshot& snapshot, const Queue& queue,
                                                  const User& user);
// True if an administrator lets him log in to a queue of which he is no member.
[[nodiscard]] bool may_log_in(const Snapshot& snapshot, const Queue& queue, const User& user);

}  // namespace model
