#pragma once
// Durations as text for sentences.

#include <string>

#include "base/time.h"

namespace model::detail {

// "20", "1.5": seconds without a unit.
[[nodiscard]] std::string seconds_text(base::Duration duration);

}  // namespace model::detail
