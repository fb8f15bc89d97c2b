#pragma once
// The Next Number table as CSV, the way document 004 prints it: columns Sip number, Next number,
// Service number, Start number and, ours, For.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "model/findings.h"
#include "model/office.h"

namespace model {

// Where the five fields of a row stand in the text, in the order of the columns above.
using ChainPlaces = std::array<base::Position, 5>;

struct ChainTable : Decoded<std::vector<ChainRow>> {
  std::vector<ChainPlaces> places;  // of each row
};

// Reads `,`, `;` or tab separated lines, with or without a header row. "1" and "" are empty
// anywhere, four or more zeros end the chain. A table without a row is an error: it would end every
// chain. Findings carry line and column, and quote at most 60 bytes of a field.
[[nodiscard]] ChainTable chain_from_csv(std::string_view text);

// Findings of validate() about rows of this table that have no place yet get that of their field.
void locate_rows(Findings& findings, const ChainTable& table);

// With a header row, `,`, CR LF left to the reader: lines end with "\n".
[[nodiscard]] std::string chain_to_csv(const std::vector<ChainRow>& chain);

// A field of the table: "" for "1" and "", else the text without blanks at its ends.
[[nodiscard]] std::string chain_field(std::string_view text);
// A Next Number: as chain_field(), and "" for four or more zeros.
[[nodiscard]] std::string next_field(std::string_view text);

}  // namespace model
