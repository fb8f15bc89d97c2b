#pragma once
// JSON text <-> base::Node. The only file that knows nlohmann/json; its exceptions end here.

#include <string>
#include <string_view>

#include "base/node.h"
#include "base/result.h"
#include "config/yaml.h"

namespace config {

// Reads one JSON text. Refused: a key twice in one object, more than base::kDocumentDepthMax levels
// or kDocumentBytesMax bytes, what is not JSON. Strings become quoted scalars; numbers, true, false
// and null plain ones. Positions are given for errors of syntax only.
[[nodiscard]] base::Result<base::Node, SyntaxError> read_json(std::string_view text);

// Plain scalars that are JSON numbers, true, false or null are written as those, others as strings.
// `pretty`: two blanks a level and a newline at the end; else one line.
[[nodiscard]] std::string write_json(const base::Node& node, bool pretty = false);

}  // namespace config
