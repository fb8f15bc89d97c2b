#include "obs/log.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/time.h"
#include "store/record_json.h"

namespace obs {
namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20U || byte == 0x7FU || c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

// A logfmt value: bare where it can be, else in quotes with escapes.
void append_value(std::string& out, std::string_view value) {
  if (!needs_quotes(value)) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20U || byte == 0x7FU) {
      std::array<char, 8> code{};
      (void)std::snprintf(code.data(), code.size(), "\\x%02x", static_cast<unsigned>(byte));
      out += code.data();
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string_view word(Level level) {
  return kLevels.at(static_cast<std::size_t>(level));
}

std::string shorten(std::string_view person, PiiMode mode) {
  constexpr std::size_t kHead = 5;
  constexpr std::size_t kTail = 2;
  if (mode == PiiMode::Shown || person.empty()) return std::string{person};
  if (mode == PiiMode::Hidden || person.size() <= kHead + kTail) return "…";
  return std::string{person.substr(0, kHead)} + "…" +
         std::string{person.substr(person.size() - kTail)};
}

void append(std::string& out, const Line& line, base::WallTime at, LineStyle style) {
  const std::string_view level = word(line.level);
  const bool json = style.format == LogFormat::Json;
  if (json) {
    out += R"({"ts":")" + store::rfc3339(at) + R"(","level":")";
    out += level;
    out += R"(","event":)";
    store::append_json_string(out, line.event);
  } else {
    out += "ts=" + store::rfc3339(at) + " level=";
    out += level;
    out += " event=";
    append_value(out, line.event);
  }
  for (const Field& field : line.fields) {
    const std::string shortened = field.pii ? shorten(field.value, style.pii) : std::string{};
    const std::string_view value = field.pii ? shortened : field.value;
    if (json) {
      out += ',';
      store::append_json_string(out, field.name);
      out += ':';
      if (field.is_number) {
        out += value;
      } else {
        store::append_json_string(out, value);
      }
    } else {
      out += ' ';
      out += field.name;
      out += '=';
      append_value(out, value);
    }
  }
  if (json) out += '}';
}

}  // namespace obs
