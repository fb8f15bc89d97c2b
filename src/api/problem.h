#pragma once
// Answers of the API: JSON bodies and problem documents (RFC 9457) with every finding.

#include <cstdint>
#include <string>
#include <string_view>

#include "api/backend.h"
#include "api/http.h"
#include "base/node.h"
#include "model/findings.h"

namespace api {

// {"type":"about:blank","title":…,"status":…,"detail":…,"errors":[{"pointer","detail","code"}…]}
// `current`: what is there now, where the asker knew something older.
[[nodiscard]] Response problem(std::uint16_t status, std::string_view detail,
                               const model::Findings& findings = {},
                               const base::Node* current = nullptr);
[[nodiscard]] Response problem(const Refused& refused);
[[nodiscard]] Response json(const base::Node& node, std::uint16_t status = 200);
[[nodiscard]] Response json_text(std::string text, std::uint16_t status = 200);
// [{"severity","code","pointer","detail"}…]
[[nodiscard]] base::Node findings_node(const model::Findings& findings);

}  // namespace api
