#pragma once
// The Next Number table as CSV, the way document 004 prints it: columns Sip number, Next number,
// Service number, Start number and, ours, For.

#include <string>
#include <string_view>
#include <vector>

#include "model/findings.h"
#include "model/office.h"

namespace model {

// Reads `,`, `;` or tab separated lines, with or without a header row. "1" and "" are empty
// anywhere, four or more zeros end the chain; rows keep their line. Findings carry the line.
[[nodiscard]] Decoded<std::vector<ChainRow>> chain_from_csv(std::string_view text);

// Findings of validate() about rows of this table that have no place yet get the line of their row.
void locate_rows(Findings& findings, const std::vector<ChainRow>& chain);

// With a header row, `,`, CR LF left to the reader: lines end with "\n".
[[nodiscard]] std::string chain_to_csv(const std::vector<ChainRow>& chain);

// A field of the table: "" for "1" and "", else the text without blanks at its ends.
[[nodiscard]] std::string chain_field(std::string_view text);
// A Next Number: as chain_field(), and "" for four or more zeros.
[[nodiscard]] std::string next_field(std::string_view text);

}  // namespace model
