#pragma once
// For tests: the value of an optional that has to have one.

#include <optional>
#include <utility>

#include "base/assert.h"

namespace sip::testing {

// Ends the test program when there is none.
template <class T>
[[nodiscard]] T must(std::optional<T> value) {
  if (!value.has_value()) base::assertion_failed("a value", __FILE__, __LINE__);
  return *std::move(value);
}

}  // namespace sip::testing
