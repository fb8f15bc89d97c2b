#include "foresight/detail/queue_floor.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/keyed_hash.h"
#include "base/time.h"
#include "foresight/detail/office_life.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "service/queue_agents.h"
#include "service/queue_line.h"

namespace foresight::detail {

QueueFloor::QueueFloor(const model::Snapshot& snapshot, const OfficeLife& life, std::uint64_t seed)
    : snapshot_(snapshot), life_(life), seed_(seed) {}

service::QueueLine& QueueFloor::line_of(const model::Queue& queue) {
  const std::uint64_t seed = base::keyed_hash({seed_, 0}, queue.id);
  return lines_.try_emplace(queue.id, service::settings_of(queue, seed)).first->second;
}

std::vector<service::Agent> QueueFloor::agents_of(const model::Queue& queue,
                                                  base::WallTime now) const {
  return service::agents_of(snapshot_, queue, now, [this](std::string_view user_id) {
    const hunt::UserPresence presence = life_.user(user_id);
    return service::AgentPresence{presence.devices > 0, presence.calls > 0,
                                  presence.last_answered_ended};
  });
}

std::vector<const model::Queue*> QueueFloor::with_callers() const {
  std::vector<const model::Queue*> out;
  if (lines_.empty()) return out;
  for (const model::Queue& queue : snapshot_.office().queues) {
    const auto line = lines_.find(queue.id);
    if (line != lines_.end() && line->second.waiting() > 0) out.push_back(&queue);
  }
  return out;
}

std::optional<base::Instant> QueueFloor::deadline() const {
  std::optional<base::Instant> first;
  for (const auto& [id, line] : lines_) {
    const auto due = line.deadline();
    if (due.has_value() && (!first.has_value() || *due < *first)) first = due;
  }
  return first;
}

}  // namespace foresight::detail
