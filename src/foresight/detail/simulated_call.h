#pragma once
// One call of a simulation, and what can happen to it.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "foresight/detail/office_life.h"
#include "foresight/traffic.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"

namespace foresight::detail {

// One ring of one call.
struct Ring {
  Someone* who = nullptr;
  bool confirm = false;
  bool answered = false;
  bool machine = false;  // it was his own voicemail
  bool over = false;
};

struct OneCall {
  std::uint64_t number = 0;  // from 0
  bool counts = true;
  base::Instant arrived{};
  Arrival arrival;
  model::Query query;
  model::Step step;
  std::unique_ptr<hunt::Hunt> hunt;           // absent: it stands in `queue`
  const model::Queue* queue = nullptr;        // absent: it hunts
  std::uint64_t steps = 0;                    // hunts and queues so far
  std::vector<Ring> rings;                    // of this hunt by attempt, of a queue by offer
  std::map<std::string, std::uint64_t> rung;  // how often somebody was rung by this call
  std::optional<base::Instant> armed;
  bool over = false;
};

enum class What : std::uint8_t {
  Arrives,
  HuntDue,
  LinesDue,
  PicksUp,
  Voicemail,
  Busy,
  Declines,
  Key,
  GivesUp,
  TalkEnds,
  Leaves,
  Returns
};

struct Event {
  base::Instant at{};
  std::uint64_t serial = 0;
  What what = What::Arrives;
  std::uint64_t call = 0;
  std::uint64_t step = 0;  // of the call
  hunt::AttemptId attempt{};
  Someone* who = nullptr;
  friend bool operator>(const Event& a, const Event& b) {
    return a.at != b.at ? a.at > b.at : a.serial > b.serial;
  }
};

}  // namespace foresight::detail
