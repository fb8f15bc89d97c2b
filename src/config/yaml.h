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
// base::kDocumentDepthMax levels, kDocumentBytesMax bytes, 2,000,000 nodes (aliases count as what
// they stand for), a tag other than !encrypted, a second document. `<<` merges a map. Scalars keep
// their letters; `quoted` tells "no" from no. An empty text is an empty map.
[[nodiscard]] base::Result<base::Node, SyntaxError> read_yaml(std::string_view text);

// Stable, two blanks a level, what is short and flat on one line; ends with a newline. Texts that
// need no quotes get none, all others do: what is read back decodes to the same.
[[nodiscard]] std::string write_yaml(const base::Node& node);

}  // namespace config
