#pragma once
// Time as the pure rooms see it: it is always an argument. Only net/ and sim/ make an Instant out
// of a clock; wall time is for schedules, records and logs, never for timers.

#include <chrono>
#include <compare>
#include <cstdint>

namespace base {

// Monotonic milliseconds since the process (or the simulation) began.
struct CoreClock {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<CoreClock>;
  static constexpr bool is_steady = true;
};
using Duration = CoreClock::duration;
using Instant = CoreClock::time_point;

// Milliseconds since 1970-01-01T00:00:00Z. May jump: never compare it to decide when to act.
struct WallTime {
  std::int64_t unix_ms = 0;
  auto operator<=>(const WallTime&) const = default;
};

// One reading of both clocks, taken once a turn of the loop.
struct Now {
  Instant at{};
  WallTime wall{};
};

}  // namespace base
