#pragma once
// Call records as CSV (RFC 4180): the fields of the contract in its order, one row a call.

#include <string>
#include <string_view>
#include <vector>

#include "facts/call_record.h"

namespace store {

[[nodiscard]] std::string records_csv(const std::vector<facts::CallRecord>& records);
// Quoted when it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace store
