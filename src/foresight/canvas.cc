#include "foresight/detail/canvas.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace foresight::detail {
namespace {

constexpr std::size_t kLabelMax = 24;
constexpr std::size_t kRemarkMax = 34;
constexpr std::size_t kBarsMin = 20;
constexpr std::size_t kTickColumns = 10;

bool starts_a_letter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Seconds a column.
std::int64_t scale_for(std::int64_t end_ms, std::size_t columns) {
  constexpr std::array<std::int64_t, 12> kSteps{1,  2,   5,   10,  15,    30,
                                                60, 120, 300, 600, 1'800, 3'600};
  const auto width = static_cast<std::int64_t>(columns);
  for (const std::int64_t step : kSteps)
    if (end_ms <= step * 1'000 * width) return step;
  return (end_ms / 1'000 + width) / width;
}

std::string without_blanks_at_the_end(std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// Text on a line of blanks, where nothing else stands yet.
void write_at(std::vector<std::string>& cells, std::size_t at, std::string_view text) {
  if (at >= cells.size()) return;
  for (std::size_t i = 0; i < text.size() && at + i < cells.size(); ++i)
    cells[at + i] = std::string(1, text[i]);
}

std::string joined(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += cell;
  return line;
}

class Painter {
 public:
  Painter(const Picture& picture, std::size_t columns) : picture_(picture) {
    std::int64_t end = picture.now_ms.value_or(0);
    std::size_t remark = 0;
    for (const Row& row : picture.rows) {
      label_ = std::max(label_, std::min(kLabelMax, width_of(row.label)));
      remark = std::max(remark, std::min(kRemarkMax, width_of(row.remark)));
      for (const Bar& bar : row.bars) end = std::max(end, bar.to_ms);
    }
    const std::size_t taken = label_ + 4 + remark;
    width_ = columns > taken + kBarsMin ? columns - taken : kBarsMin;
    step_ms_ = scale_for(end, width_) * 1'000;
    width_ = std::min(width_, column_of_end(end) + 1);
  }

  std::string paint() const {
    std::string out;
    if (picture_.marks.size() > 1) out += line_of("", marks());
    out += line_of("", ticks());
    for (const Row& row : picture_.rows) out += painted(row);
    return out;
  }

 private:
  [[nodiscard]] std::size_t column_of(std::int64_t ms) const {
    return static_cast<std::size_t>(std::max<std::int64_t>(ms, 0) / step_ms_);
  }
  [[nodiscard]] std::size_t column_of_end(std::int64_t ms) const {
    return static_cast<std::size_t>((std::max<std::int64_t>(ms, 0) + step_ms_ - 1) / step_ms_);
  }
  [[nodiscard]] std::string line_of(std::string_view label, const std::string& rest) const {
    return without_blanks_at_the_end("  " + fitted(label, label_) + "  " + rest) + '\n';
  }
  [[nodiscard]] std::string marks() const {
    std::vector<std::string> cells(width_ + 20, " ");
    for (const Mark& mark : picture_.marks) write_at(cells, column_of(mark.at_ms), "|" + mark.text);
    return joined(cells);
  }
  [[nodiscard]] std::string ticks() const {
    std::vector<std::string> cells(width_ + 20, " ");
    std::size_t free = 0;  // a long label takes the place of the next
    for (std::size_t at = 0; at < width_; at += kTickColumns) {
      if (at < free) continue;
      const std::string label = span(static_cast<std::int64_t>(at) * step_ms_);
      write_at(cells, at, label);
      free = at + label.size() + 1;
    }
    if (picture_.now_ms) {
      const std::size_t at = column_of(*picture_.now_ms);
      if (at < cells.size()) cells[at] = "▼";
    }
    return joined(cells);
  }
  [[nodiscard]] std::string painted(const Row& row) const {
    std::vector<std::string> cells(width_, " ");
    for (const Bar& bar : row.bars) {
      const std::size_t from = column_of(bar.from_ms);
      const std::size_t to = std::max(column_of_end(bar.to_ms), from + 1);
      for (std::size_t i = from; i < std::min(to, width_); ++i) cells[i] = bar.glyph;
    }
    return line_of(row.label, joined(cells) + ' ' + row.remark);
  }

  const Picture& picture_;
  std::size_t label_ = 4;
  std::size_t width_ = 0;
  std::int64_t step_ms_ = 1'000;
};

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_a_letter));
}

std::string fitted(std::string_view text, std::size_t width) {
  const std::size_t has = width_of(text);
  if (has <= width) return std::string{text} + std::string(width - has, ' ');
  std::string cut;
  std::size_t letters = 0;
  for (const char c : text) {
    if (starts_a_letter(c) && ++letters == width) break;
    cut += c;
  }
  return cut + "…";
}

std::string span(std::int64_t ms) {
  const std::int64_t minutes = ms / 60'000;
  const std::int64_t seconds = ms / 1'000 % 60;
  const std::int64_t tenths = ms % 1'000 / 100;
  std::string text;
  if (minutes > 0) text = std::to_string(minutes) + " min";
  if (minutes > 0 && seconds == 0 && tenths == 0) return text;
  if (minutes > 0) text += ' ';
  text += std::to_string(seconds);
  if (tenths > 0) text += '.' + std::to_string(tenths);
  return text + " s";
}

std::string spoken(std::string_view word) {
  std::string text{word};
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string without_json(std::string_view json) {
  std::string text;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '\\' && quoted && i + 1 < json.size()) {
      text += json[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted || (c != '{' && c != '}' && c != ':' && c != ',' && c != ' ')) {
      text += c;
    } else if (c == '{') {
      if (depth++ > 0) text += '(';
    } else if (c == '}') {
      if (--depth > 0) text += ')';
    } else if (c == ':') {
      text += ' ';
    } else if (c == ',') {
      text += ", ";
    }
  }
  return text;
}

std::string paint(const Picture& picture, std::size_t columns) {
  return Painter{picture, columns}.paint();
}

}  // namespace foresight::detail
