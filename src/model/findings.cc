#include "model/findings.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "model/detail/text_rule.h"

namespace model {

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Severity::Error; });
}

const char* word(Severity severity) {
  return severity == Severity::Error ? "error" : "warning";
}

void append(Findings& findings, Findings more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known) {
  return detail::nearest(word, known);
}

std::string pointer_part(std::string_view name) {
  std::string part;
  for (const char c : name) {
    if (c == '~')
      part += "~0";
    else if (c == '/')
      part += "~1";
    else
      part += c;
  }
  return part;
}

std::string name_of_part(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char next = part[i] == '~' && i + 1 < part.size() ? part[i + 1] : '\0';
    const bool escaped = next == '0' || next == '1';
    if (escaped) ++i;
    name += !escaped ? part[i] : next == '0' ? '~' : '/';
  }
  return name;
}

std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls are two bytes in UTF-8; terminals obey them, too.
    const bool c1 = byte == 0xC2U && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80U &&
                    static_cast<unsigned char>(text[i + 1]) < 0xA0U;
    if (c1) byte = static_cast<unsigned char>(text[++i]);
    if (!c1 && byte >= 0x20U && byte != 0x7FU) {
      made += text[i];
      continue;
    }
    made += "\\x";
    made += kDigits[byte >> 4U];
    made += kDigits[byte & 0xFU];
  }
  return made;
}

std::string line_of(const Finding& finding, std::string_view file) {
  std::string line(file);
  if (finding.at.line != 0)
    line += ":" + std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column);
  line += line.empty() ? "" : ": ";
  line += word(finding.severity);
  line += ": " + finding.message;
  if (!finding.path.empty()) line += " [" + finding.path + "]";
  return printable(line);
}

}  // namespace model
