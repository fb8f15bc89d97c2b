#pragma once
// Opening hours: is a schedule open at a moment, and why.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/zone.h"

namespace model {

// One line of `open`: "Mo-Fr 08:00-16:00", "Sa,Su 10:00-14:00", "Fr 22:00-06:00" (over midnight),
// "08:00-16:00" (every day), "Mo-Fr" (all day), "always".
struct OpenHours {
  std::uint8_t weekdays = 0;    // bit 0 = Monday
  std::uint32_t from = 0;       // minutes of the day
  std::uint32_t until = 1'440;  // ≤ from: the next day
  bool operator==(const OpenHours&) const = default;
};
// Nothing for what is not such a line.
[[nodiscard]] std::optional<OpenHours> open_hours_from(std::string_view text);

struct Openness {
  bool open = false;
  std::string because;  // "Mo-Fr 08:00-16:00", "holiday: Easter Monday", "outside the hours"
  bool operator==(const Openness&) const = default;
};

// On a holiday of `holidays` the schedule is closed all day (hours that began the day before run
// on to their end). During an occasion of its calendar it is closed; a schedule without hours is
// open then, and only then.
[[nodiscard]] Openness openness(const Schedule& schedule, base::WallTime at, const Zone& zone);

// When it opens or closes next; nothing: not within a year.
[[nodiscard]] std::optional<base::WallTime> next_change(const Schedule& schedule, base::WallTime at,
                                                        const Zone& zone);

// The name of the public holiday on that day in that country (ISO 3166 code, any case): pl, es, de,
// gb, us, fr, it, nl, at, cz, sk; nationwide ones only. Null: none, or an unknown country.
[[nodiscard]] const char* holiday_on(std::string_view country, std::int32_t year,
                                     std::uint32_t month, std::uint32_t day);
[[nodiscard]] bool knows_holidays_of(std::string_view country);

}  // namespace model
