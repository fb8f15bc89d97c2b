#pragma once
// How names and dialled strings are compared.

#include <string>
#include <string_view>

namespace model::detail {

// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);
// Digits, + * # without visual separators; what has letters in lower case.
[[nodiscard]] std::string canonical(std::string_view text);

}  // namespace model::detail
