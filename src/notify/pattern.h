#pragma once
// Texts with gaps. `{caller}` is replaced by a word; `{if message}…{end}` stays where the word or
// the list is not empty; `{each rang}…{end}` is repeated for each entry of a list, whose words are
// looked for before those around it. What names nothing stays as it is written.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

struct Values {
  std::map<std::string, std::string, std::less<>> words;
  std::map<std::string, std::vector<Values>, std::less<>> lists;
};

enum class Markup : std::uint8_t { Text, Html };  // in HTML the words are escaped

[[nodiscard]] std::string fill(std::string_view pattern, const Values& values, Markup markup);

}  // namespace notify
