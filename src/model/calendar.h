#pragma once
// Calendar files (iCalendar, RFC 5545) as far as schedules need them: when something is on.
//
// Read are VEVENTs with DTSTART, DTEND or DURATION, all day or by the clock, in UTC, in local time
// or with a TZID; EXDATE; RRULE with FREQ DAILY, WEEKLY (BYDAY), MONTHLY (BYMONTHDAY or BYDAY,
// within BYMONTH) and YEARLY (BYMONTH, BYMONTHDAY, BYDAY with a number), INTERVAL, COUNT and UNTIL.
// Anything else that would change when an event happens is refused with its line, never passed
// over.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/findings.h"
#include "model/occasion.h"
#include "model/zone.h"

namespace model {

struct CalendarOptions {
  Zone zone;  // of days, and of times without a zone
  // The rules of a zone by its name; nothing: there is none.
  std::function<std::optional<Zone>(const std::string& name)> load_zone{};
  base::WallTime from{}, until{};  // what is asked for
};

// The occasions that touch from … until, in order. At most 2,000, and 4 MB of text.
[[nodiscard]] Decoded<std::vector<Occasion>> read_calendar(std::string_view text,
                                                           const CalendarOptions& options);

// The moment at which the clock on the wall of that zone shows this; a time that the clock jumps
// over counts as if it had not jumped yet, one that comes twice is the first.
[[nodiscard]] base::WallTime moment_of(const Zone& zone, std::int64_t day, std::int32_t second);

// The occasion at that moment; null: none.
[[nodiscard]] const Occasion* occasion_at(const std::vector<Occasion>& occasions,
                                          base::WallTime at);

}  // namespace model
