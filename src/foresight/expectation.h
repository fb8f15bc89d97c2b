#pragma once
// A saved simulation as a test: the question is asked again, and what differs from the answer that
// was expected is named.

#include <string>
#include <vector>

#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight {

// One difference. `code` is a fixed word: "rings_nobody", "stages", "who", "starts", "lasts",
// "stage_lasts", "finally", "leads_to". `whose`: the member, or the number of the stage. Times are
// in seconds; empty: without an end.
struct Difference {
  std::string code, whose, expected, found;
  std::string text;  // "102 starts at 6 s, expected 0 s"
  bool operator==(const Difference&) const = default;
};

// Nobody talks, and these users (all where none is named) have a phone.
[[nodiscard]] hunt::Presence presence_of(const model::Snapshot& snapshot,
                                         const model::SavedTest& test);

// Empty: it passes. What the expectation leaves out (lengths, `finally`) is not compared.
// A test without a moment is asked for the beginning of 1970.
[[nodiscard]] std::vector<Difference> differences(const model::Snapshot& snapshot,
                                                  const model::SavedTest& test);

}  // namespace foresight
