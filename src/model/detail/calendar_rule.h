#pragma once
// Dates and recurrence rules of a calendar (RFC 5545 3.3.4, 3.3.5, 3.3.10).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace model::detail {

// A day since 1970-01-01 and a second of it, as the wall shows them.
struct DayTime {
  std::int64_t day = 0;
  std::int32_t second = 0;
  bool operator==(const DayTime&) const = default;
};

// "20261224" or "20261224T180000". Nothing for a day or time that does not exist.
[[nodiscard]] std::optional<DayTime> day_time_from(std::string_view text);

enum class Frequency : std::uint8_t { Daily, Weekly, Monthly, Yearly };

struct RepeatRule {
  Frequency frequency = Frequency::Yearly;
  std::int64_t interval = 1;
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> until_day;  // the last
  std::vector<std::uint32_t> months;      // BYMONTH, 1 … 12
  std::vector<std::int32_t> month_days;   // BYMONTHDAY, 1 … 31, or -1 the last
  // BYDAY: the weekday (0 = Monday) and which of the month (1 … 5, -1 the last); 0: every one.
  struct Weekday {
    std::uint32_t day = 0;
    std::int32_t which = 0;
  };
  std::vector<Weekday> weekdays;
};

// The value of an RRULE, in capitals; the error is a sentence.
[[nodiscard]] base::Result<RepeatRule, std::string> repeat_rule_from(std::string_view text);

// Calls `visit` with each day of the rule in order, from `first` on, until the last day that is
// asked for or until it returns false.
void each_day_of(const RepeatRule& rule, const DayTime& first, std::int64_t last_day,
                 const std::function<bool(std::int64_t day)>& visit);

}  // namespace model::detail
