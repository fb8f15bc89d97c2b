#pragma once
// Call records as JSON text with the names of the contract, and back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"

namespace store {

// "2026-03-01T12:00:00.250Z" (RFC 3339, UTC, milliseconds).
[[nodiscard]] std::string rfc3339(base::WallTime at);
// Appends `text` as a JSON string; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// {"id": …, …, "attempts": […]} with the fields and order of the contract; "plan" only if asked.
// Unset times are null; "call_back" is there where the caller asked for it.
[[nodiscard]] std::string to_json(const facts::CallRecord& record, bool with_plan);
[[nodiscard]] std::string to_json(const std::vector<facts::Attempt>& attempts);
[[nodiscard]] std::string to_json(const facts::Attempt& attempt);
// The contract's shape of explain.
[[nodiscard]] std::string to_json(const facts::PlanStory& plan);

// Nothing if the text is not what the functions above write.
[[nodiscard]] std::optional<std::vector<facts::Attempt>> attempts_from_json(std::string_view json);
[[nodiscard]] std::optional<facts::PlanStory> plan_from_json(std::string_view json);

}  // namespace store
