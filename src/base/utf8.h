#pragma once
// UTF-8 (RFC 3629), as far as what we write must be well-formed.

#include <cstddef>
#include <string_view>

namespace base {

// Bytes of the well-formed character at the front of `text`; 0 if there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

}  // namespace base
