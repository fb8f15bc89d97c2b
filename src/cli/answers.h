#pragma once
// What the server answered, for a terminal.

#include <string>
#include <string_view>

#include "base/node.h"
#include "cli/client.h"

namespace cli {

// One line on stderr; 1.
int failed(const std::string& why);
// The text of a scalar below a key; "" when there is none.
[[nodiscard]] std::string text_at(const base::Node& node, std::string_view key);
// A problem document in words: its detail, then a line a finding, with its place in `file`; 1.
int refused(const Reply& reply, const std::string& file);
// The changes that apply or import made, a line each; or the whole answer as it came.
int print_changes(const Reply& reply, bool json);

}  // namespace cli
