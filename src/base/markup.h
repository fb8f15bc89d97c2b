#pragma once
// Text inside XML and HTML, where an element's text or an attribute's value stands.

#include <string>
#include <string_view>

namespace base {

// & < > " as their entities; control characters but tab and line end, which XML forbids, are left
// out.
[[nodiscard]] std::string escaped_markup(std::string_view text);

}  // namespace base
