#pragma once
// The queues of a simulated office: the engine's own lines, with the agents of OfficeLife.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "foresight/detail/office_life.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "service/queue_line.h"

namespace foresight::detail {

class QueueFloor final {
 public:
  // Both outlive it.
  QueueFloor(const model::Snapshot& snapshot, const OfficeLife& life, std::uint64_t seed);

  // The line of this queue; made when its first caller comes.
  [[nodiscard]] service::QueueLine& line_of(const model::Queue& queue);
  [[nodiscard]] std::vector<service::Agent> agents_of(const model::Queue& queue,
                                                      base::WallTime now) const;
  // The lines in which somebody stands, in the order of the office.
  [[nodiscard]] std::vector<const model::Queue*> with_callers() const;
  [[nodiscard]] std::optional<base::Instant> deadline() const;

 private:
  // Given to us.
  const model::Snapshot& snapshot_;
  const OfficeLife& life_;
  std::uint64_t seed_;
  // Owned.
  std::map<std::string, service::QueueLine, std::less<>> lines_;  // by id
};

}  // namespace foresight::detail
