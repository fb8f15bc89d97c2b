#pragma once
// YAML text <-> base::Node. The only file that knows yaml-cpp; its exceptions end here.

#include <string>
#include <string_view>

#include "base/node.h"
#include "base/result.h"

namespace config {

// Why a text is not a document, with the place.
struct SyntaxError {
  std::string message;
  base::Position at{};
  bool operator==(const SyntaxError&) const = default;
};

// Reads one YAML document. Refused: a key twice in one map, a key that is not a scalar, more than
// 64 levels, 8 MiB of text, 500,000 nodes (aliases count as what they stand for), a second
// document. Scalars keep their letters; `quoted` tells "no" from no. An empty text is an empty map.
[[nodiscard]] base::Result<base::Node, SyntaxError> read_yaml(std::string_view text);

// Stable, two blanks a level, short maps and lists of scalars on one line; ends with a newline.
// read_yaml(write_yaml(x)) == x.
[[nodiscard]] std::string write_yaml(const base::Node& node);

}  // namespace config
