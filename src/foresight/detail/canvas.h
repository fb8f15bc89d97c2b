#pragma once
// Rows of bars on a common scale.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foresight::detail {

// How many columns UTF-8 text takes, one a code point.
[[nodiscard]] std::size_t width_of(std::string_view text);
// Cut to `width` (with …) or filled up with blanks.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t width);
// "6 s", "1.5 s", "2 min", "1 min 30 s".
[[nodiscard]] std::string span(std::int64_t ms);
// "do not disturb" of "do_not_disturb".
[[nodiscard]] std::string spoken(std::string_view word);
// `mailbox general` of {"mailbox": "general"}; braces of the inner level become parentheses.
[[nodiscard]] std::string without_json(std::string_view json);

struct Bar {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  const char* glyph = "█";
};
struct Row {
  std::string label;
  std::vector<Bar> bars;  // later ones cover earlier ones
  std::string remark;     // right of the bars
};
struct Mark {
  std::int64_t at_ms = 0;
  std::string text;
};

struct Picture {
  std::vector<Row> rows;
  std::vector<Mark> marks;  // above the axis: the stages
  std::optional<std::int64_t> now_ms;
};

// Axis and rows; a column is the smallest of 1, 2, 5, 10, 15, 30, 60, … seconds with which all
// fits.
[[nodiscard]] std::string paint(const Picture& picture, std::size_t columns);

}  // namespace foresight::detail
