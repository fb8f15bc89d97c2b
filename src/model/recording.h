#pragma once
// Which calls are recorded (mission row S1.14).

#include <optional>

#include "model/office.h"

namespace model {

// `never` and `always` win, `never` first, whoever says them; else the narrower word holds: the
// group's, where it says one, before the office's.
[[nodiscard]] bool is_recorded(RecordPolicy office, std::optional<RecordPolicy> group);

}  // namespace model
