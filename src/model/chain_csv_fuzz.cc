// Bytes -> the Next Number table. What is accepted is the same after export and reading again, and
// its checks find a place for each row.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "model/chain_csv.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(bytes, bytes + size);
  const model::ChainTable table = model::chain_from_csv(text);
  ASSERT(table.places.size() == table.value.size());
  for (const model::Finding& finding : table.findings) {
    ASSERT(finding.at.line > 0);
    ASSERT(finding.at.column > 0);
    (void)model::line_of(finding, "chain.csv");
  }

  model::Office office;
  office.chain = table.value;
  model::Findings found = model::validate(office, table.findings);
  model::locate_rows(found, table);
  for (const model::Finding& finding : found)
    if (finding.path.starts_with("/chain/")) ASSERT(finding.at.line > 0);

  if (!table.ok()) return 0;
  const model::ChainTable again = model::chain_from_csv(model::chain_to_csv(table.value));
  ASSERT(!table.value.empty());
  ASSERT(again.ok());
  ASSERT(again.value == table.value);
  return 0;
}
