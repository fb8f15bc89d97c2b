#include "model/detail/canonical.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "model/snapshot.h"

namespace model::detail {

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

std::string canonical(std::string_view text) {
  const bool numeric = std::all_of(text.begin(), text.end(), [](char c) {
    return std::string_view("0123456789+*#.-()/ ").find(c) != std::string_view::npos;
  });
  return numeric ? strip_separators(text) : lower(text);
}

}  // namespace model::detail
