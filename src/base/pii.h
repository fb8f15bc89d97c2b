#pragma once
// Marks text that names a person (a number, a URI, a display name) at the place where it is logged.

#include <string_view>

namespace base {

// The sink prints it in full, shortened or not at all, by the setting log.pii.
struct Pii {
  std::string_view text;
};

}  // namespace base
