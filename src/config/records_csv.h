#pragma once
// Call records as /api/v1/records gives them with `Accept: text/csv`, read back for simulations.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "facts/call_record.h"

namespace config {

// Times, caller, number, group, outcome, waits and attempts; other columns may be there in any
// order, and only `started`, `dialled`, `outcome`, `wait_ms` and `talk_ms` must be. The error names
// the line and what is wrong with it.
[[nodiscard]] base::Result<std::vector<facts::CallRecord>, std::string> read_records_csv(
    std::string_view text);

}  // namespace config
