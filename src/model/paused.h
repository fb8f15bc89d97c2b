#pragma once
// Whether a pause holds at a moment.

#include "base/time.h"
#include "model/office.h"

namespace model {

// `paused: yes`, or until a time that has not come yet.
[[nodiscard]] inline bool is_paused(const Paused& paused, base::WallTime now) {
  return paused.on && (!paused.until.has_value() || now < *paused.until);
}

}  // namespace model
