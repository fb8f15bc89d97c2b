#include "base/utf8.h"

#include <cstddef>
#include <string_view>

namespace base {

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80U) return 1;
  const std::size_t length = first >= 0xf0U ? 4U : first >= 0xe0U ? 3U : 2U;
  if (first < 0xc2U || first > 0xf4U || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  const unsigned char second = byte(1);
  if (first == 0xe0U && second < 0xa0U) return 0;
  if (first == 0xedU && second > 0x9fU) return 0;
  if (first == 0xf0U && second < 0x90U) return 0;
  if (first == 0xf4U && second > 0x8fU) return 0;
  return length;
}

}  // namespace base
