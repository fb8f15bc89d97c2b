#include "model/findings.h"

#include <algorithm>
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

std::string line_of(const Finding& finding, std::string_view file) {
  std::string line(file);
  if (finding.at.line != 0)
    line += ":" + std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column);
  line += line.empty() ? "" : ": ";
  line += word(finding.severity);
  line += ": " + finding.message;
  if (!finding.path.empty()) line += " [" + finding.path + "]";
  return line;
}

}  // namespace model
