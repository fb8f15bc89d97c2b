#pragma once
// The rules of a time zone as a value, from the system's time zone database.

#include <string>

#include "base/result.h"
#include "model/zone.h"

namespace app {

// Transitions of the zone from 1970 to 2100. The error says that the zone is not known, or that the
// database is missing.
[[nodiscard]] base::Result<model::Zone, std::string> load_zone(const std::string& name);

}  // namespace app
