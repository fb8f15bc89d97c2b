#pragma once
// Local time as a value: the rules of a time zone come in as a list of transitions, made by app/.

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace model {

struct Transition {
  base::WallTime from{};      // from this moment on (UTC) …
  std::int32_t offset_s = 0;  // … local time is UTC plus this
  bool operator==(const Transition&) const = default;
};

// Without transitions: `offset_s` always.
struct Zone {
  std::string name = "UTC";
  std::int32_t offset_s = 0;            // before the first transition
  std::vector<Transition> transitions;  // ascending
  bool operator==(const Zone&) const = default;
};

// A day and a minute of it, as the clock on the wall shows them.
struct Local {
  std::int32_t year = 1970;
  std::uint32_t month = 1;    // 1 … 12
  std::uint32_t day = 1;      // 1 … 31
  std::uint32_t weekday = 0;  // 0 = Monday … 6 = Sunday
  std::uint32_t minute = 0;   // of the day, 0 … 1439
  bool operator==(const Local&) const = default;
};

[[nodiscard]] std::int32_t offset_at(const Zone& zone, base::WallTime at);
[[nodiscard]] Local local_of(const Zone& zone, base::WallTime at);
// The moment at which the local day of `at` began; on a day whose midnight does not exist, the
// first moment that does.
[[nodiscard]] base::WallTime midnight_before(const Zone& zone, base::WallTime at);
// Days since 1970-01-01 of a civil date, proleptic Gregorian.
[[nodiscard]] std::int64_t days_of(std::int32_t year, std::uint32_t month, std::uint32_t day);

}  // namespace model
