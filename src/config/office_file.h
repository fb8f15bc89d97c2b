#pragma once
// office.yaml from text: read, decoded and validated in one go, each finding with its place.

#include <string>
#include <string_view>

#include "base/node.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/office.h"

namespace config {

struct OfficeFile {
  model::Office office;
  base::Node document = base::Node::empty_map();  // for apply_file(): which keys were written
  model::Findings findings;                       // of syntax, decode and validate, with positions
  [[nodiscard]] bool ok() const { return !model::has_errors(findings); }
};

// YAML, or JSON when the text begins with `{`. The office is only to be used when ok().
// `alone`: the file is the whole office, so references must resolve within it; false: it is merged
// into a running one, which validates the outcome.
[[nodiscard]] OfficeFile read_office(std::string_view text,
                                     const model::DecodeOptions& options = {}, bool alone = true);

// Findings of validate() over `merged`, the office that the file was merged into, get the path and
// the place of the same thing in the file; those of things that the file does not name say in words
// what they are about.
void locate_in_file(model::Findings& findings, const model::Office& merged, const OfficeFile& file);

// A file with errors that was to be merged into `current`: adds what else is wrong with it.
void validate_merged(OfficeFile& file, const model::Office& current, bool prune);

// One line a finding: "office.yaml:12:7: error: message".
[[nodiscard]] std::string lines_of(const model::Findings& findings, std::string_view file);

}  // namespace config
