#pragma once
// A mailbox's PIN against guessing. The count of failures is a value that belongs to the mailbox,
// not to a call: many calls at once do not get more tries.
//
// Two mistakes cost nothing. After the third nothing is accepted for 30 s, after each further one
// twice as long, at most an hour; the right PIN does not help before that, so guesses in the
// meantime tell nothing and do not count. The right PIN, or a day without a failure, forgets the
// failures.

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace service {

struct PinTries {
  std::uint32_t failures = 0;
  base::WallTime last{};  // the last failure
  bool operator==(const PinTries&) const = default;
};

enum class PinVerdict : std::uint8_t { Right, Wrong, TooEarly };

// How long nothing is accepted after the last of so many failures.
[[nodiscard]] base::Duration pin_delay(std::uint32_t failures);

// Judges what was keyed and counts it in `tries`. An empty `expected` is never right. A clock that
// was set back forgets nothing and locks nobody out for more than the delay.
[[nodiscard]] PinVerdict try_pin(PinTries& tries, std::string_view expected, std::string_view keyed,
                                 base::WallTime now);

}  // namespace service
