#pragma once
// Taking over the tables of another system: what each row becomes, and what of it is lost.
//
// Nothing is dropped silently: every row has a verdict and, where something of it has no place
// here, a note that says what. A row is a patch of a thing: an extension that is known already is
// changed in what the table says, and keeps the rest.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {

// FreePbx: CSV of its bulk handler (extensions, inbound routes) and of its table of ring groups.
// FusionPbx: CSV of its tables of extensions and of ring groups with their destinations. Csv: our
// own plain tables of users, groups and numbers. Which table it is, its columns say.
enum class ImportFrom : std::uint8_t { FreePbx, FusionPbx, Csv };
// "freepbx", "fusionpbx", "csv"; nothing for anything else.
[[nodiscard]] std::optional<ImportFrom> import_from(std::string_view word);

// Taken: all of it. Partly: the notes say what is lost. LeftOut: the notes say why.
enum class ImportVerdict : std::uint8_t { Taken, Partly, LeftOut };
// "taken", "partly", "left_out".
[[nodiscard]] const char* word(ImportVerdict verdict);

struct ImportRow {
  std::uint32_t line = 0;
  ImportVerdict verdict = ImportVerdict::Taken;
  Kind kind = Kind::User;
  std::string name;  // extension, group's name, number
  std::vector<std::string> notes;
  bool operator==(const ImportRow&) const = default;
};

struct Import {
  Applied applied;  // the office with the rows that are not left out
  std::vector<ImportRow> rows;
  std::vector<std::string> unused_columns;  // that have no meaning here, but have values
  Findings findings;                        // errors: no table of that system, nothing is taken
};

// REQUIRES: `current` has no errors.
[[nodiscard]] Import read_import(ImportFrom from, std::string_view text, const Office& current);

}  // namespace model
