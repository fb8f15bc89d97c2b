// Bytes -> a table of another system. Every row has a verdict, and what is left of the office has
// no errors.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "model/findings.h"
#include "model/import.h"
#include "model/office.h"
#include "model/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  constexpr model::ImportFrom kFrom[]{model::ImportFrom::FreePbx, model::ImportFrom::FusionPbx,
                                      model::ImportFrom::Csv};
  const std::string text(bytes + 1, bytes + size);
  const model::Import import = model::read_import(kFrom[bytes[0] % 3], text, {});
  for (const model::ImportRow& row : import.rows) {
    ASSERT(row.line > 0);
    ASSERT((row.verdict == model::ImportVerdict::Taken) == row.notes.empty());
  }
  ASSERT(!model::has_errors(model::validate(import.applied.office)));
  return 0;
}
