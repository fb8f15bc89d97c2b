#pragma once
// The one place that reads clocks: monotonic milliseconds since this process began, and wall time.

#include "base/time.h"

namespace net {

// One reading of both clocks. Thread-safe. Monotonic time is CLOCK_MONOTONIC, so a step of the wall
// clock moves no timer.
[[nodiscard]] base::Now read_clocks();

}  // namespace net
