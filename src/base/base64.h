#pragma once
// Base64 (RFC 4648 section 4) where pure code needs it: the keys of RFC 4568.

#include <optional>
#include <string>
#include <string_view>

namespace base {

[[nodiscard]] std::string base64(std::string_view bytes);
// Nothing for letters or a length that base64() does not make.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace base
