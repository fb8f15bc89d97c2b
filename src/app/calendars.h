#pragma once
// The calendar files that schedules name, read for the years to come.

#include <string>

#include "base/time.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/zone.h"

namespace app {

// Fills `occasions` of each schedule with an `ics` from its file in the data folder, for two years
// from now. What cannot be read, with the schedule's path and the file's line in words; such a
// schedule has no occasions.
[[nodiscard]] model::Findings read_calendars(model::Office& office, const model::Zone& zone,
                                             const std::string& data_folder, base::WallTime now);

// The same as warnings, for who only looks at an office: its server may have the files.
[[nodiscard]] model::Findings missing_calendars(const std::string& data_folder,
                                                const model::Office& office);

}  // namespace app
