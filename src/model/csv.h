#pragma once
// Tables of other systems as text: comma separated values after RFC 4180, with a header row.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/findings.h"

namespace model {

struct CsvRow {
  std::uint32_t line = 0;           // where it begins; a quoted field may hold line ends
  std::vector<std::string> fields;  // without blanks at their ends; as many as the header has
  std::string trouble;              // why it cannot be read; empty: it can
};

struct CsvTable {
  std::vector<std::string> header;  // in lower case
  std::vector<CsvRow> rows;
  Findings findings;  // what is wrong with the table as a whole: it has no rows then
};

// Separated by `,`, `;` or tabs, whichever the header row has first. A field in quotes may hold
// separators, line ends and doubled quotes. At most 100,000 rows of 512 fields; a header without a
// name, or with one twice, is refused.
[[nodiscard]] CsvTable read_csv(std::string_view text);

}  // namespace model
