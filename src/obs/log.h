#pragma once
// Log lines as values: formatted and written by the observer's thread, never by who tells them.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/pii.h"
#include "base/time.h"

namespace obs {

enum class Level : std::uint8_t { Debug, Info, Warn, Error };
// "debug", "info", "warn", "error".
[[nodiscard]] std::string_view word(Level level);
enum class LogFormat : std::uint8_t { Text, Json };
enum class PiiMode : std::uint8_t { Shown, Short, Hidden };

// One name and value of a line. Names come from docs/formats/log-fields.md.
struct Field {
  Field(std::string_view field_name, std::string text) : name(field_name), value(std::move(text)) {}
  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(text) {}
  Field(std::string_view field_name, base::Pii person)
      : name(field_name), value(person.text), pii(true) {}
  Field(std::string_view field_name, std::int64_t number)
      : name(field_name), value(std::to_string(number)), is_number(true) {}

  std::string_view name;  // a literal
  std::string value;
  bool pii = false;
  bool is_number = false;
};

struct Line {
  Level level = Level::Info;
  std::string_view event;  // a literal: noun.past_tense
  std::vector<Field> fields;
};

// One line without its end: logfmt ("ts=… level=info event=call.ended …") or one JSON object.
// Control characters and quotes are escaped: nothing that a stranger sends starts a second line.
struct LineStyle {
  LogFormat format = LogFormat::Text;
  PiiMode pii = PiiMode::Shown;
};
void append(std::string& out, const Line& line, base::WallTime at, LineStyle style);
// "+48587622447" -> "+4858…47" (Short), "…" (Hidden); short texts are hidden whole.
[[nodiscard]] std::string shorten(std::string_view person, PiiMode mode);

}  // namespace obs
