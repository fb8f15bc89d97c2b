// Bytes -> a calendar. What is accepted is in order and within what was asked for.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "model/calendar.h"
#include "model/findings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  model::CalendarOptions options;
  options.from = {1'767'225'600'000};   // 2026-01-01
  options.until = {1'830'297'600'000};  // 2028-01-01
  const auto read = model::read_calendar(std::string(bytes, bytes + size), options);
  for (const model::Finding& finding : read.findings) ASSERT(finding.at.line > 0);
  ASSERT(read.ok() || read.value.empty());
  const model::Occasion* before = nullptr;
  for (const model::Occasion& occasion : read.value) {
    ASSERT(occasion.from < occasion.until);
    ASSERT(occasion.from < options.until);
    ASSERT(options.from < occasion.until);
    if (before != nullptr) ASSERT(before->from <= occasion.from);
    before = &occasion;
  }
  return 0;
}
