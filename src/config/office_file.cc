#include "config/office_file.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/node.h"
#include "config/json.h"
#include "config/yaml.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/validate.h"

namespace config {
namespace {

// Findings after which the rest of the office still says what its author meant.
bool is_readable(const model::Findings& findings) {
  return std::all_of(findings.begin(), findings.end(), [](const model::Finding& finding) {
    return finding.code == "unknown_key" || finding.code == "unknown_word" ||
           finding.code == "out_of_range" || finding.severity == model::Severity::Warning;
  });
}

}  // namespace

OfficeFile read_office(std::string_view text, const model::DecodeOptions& options, bool alone) {
  OfficeFile file;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  auto read = json ? read_json(text) : read_yaml(text);
  // A YAML document may begin with { too.
  if (json && !read) {
    auto again = read_yaml(text);
    if (again) read = std::move(again);
  }
  if (!read) {
    file.findings.push_back(
        {model::Severity::Error, "syntax", "", read.error().at, std::move(read.error().message)});
    return file;
  }
  file.document = std::move(*read);
  auto decoded = model::decode_office(file.document, options);
  file.office = std::move(decoded.value);
  file.findings = std::move(decoded.findings);
  if (alone && is_readable(file.findings))
    model::append(file.findings, model::validate(file.office));
  model::locate(file.findings, file.document);
  return file;
}

std::string lines_of(const model::Findings& findings, std::string_view file) {
  std::string lines;
  for (const model::Finding& finding : findings) lines += model::line_of(finding, file) + "\n";
  return lines;
}

}  // namespace config
