#pragma once
// A queue of the office as its line wants it: the settings, and which members are agents now.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "service/queue_line.h"

namespace service {

// What phones and calls say of a user.
struct AgentPresence {
  bool registered = false;
  bool in_call = false;
  std::optional<base::WallTime> last_call_ended{};
};

[[nodiscard]] QueueLine::Settings settings_of(const model::Queue& queue, std::uint64_t seed);
// Members who are users of the office, in the configuration's order.
[[nodiscard]] std::vector<Agent> agents_of(
    const model::Snapshot& snapshot, const model::Queue& queue, base::WallTime now,
    const std::function<AgentPresence(std::string_view user_id)>& presence_of);

}  // namespace service
