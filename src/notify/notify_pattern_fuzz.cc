// Any text as a pattern: it is filled in, in bounded time and size, and nothing else happens.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "notify/pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4'096) return 0;
  notify::Values values;
  values.words = {{"caller", "<Bob>"}, {"message", ""}};
  values.lists["rang"].resize(2);
  values.lists["rang"][0].words = {{"member", "101"}, {"length", "0:12"}};
  const std::string_view pattern(reinterpret_cast<const char*>(data), size);
  const std::string text = notify::fill(pattern, values, notify::Markup::Text);
  const std::string html = notify::fill(pattern, values, notify::Markup::Html);
  // Two entries in five blocks that stand in each other, and a word is no longer than its gap.
  if (text.size() > 32 * size + 32 || html.size() > 64 * size + 64) std::abort();
  return 0;
}
