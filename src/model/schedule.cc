#include "model/schedule.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/calendar.h"
#include "model/detail/canonical.h"
#include "model/occasion.h"
#include "model/office.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"mo", "tu", "we", "th", "fr", "sa", "su"};
constexpr std::uint8_t kEveryDay = 0x7f;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "Mo", "mon", "Monday".
std::optional<std::uint32_t> weekday_from(std::string_view text) {
  constexpr std::array<std::string_view, 7> kLong{"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
  for (std::uint32_t i = 0; i < 7; ++i)
    if (text == kWeekdays.at(i) || text == kLong.at(i) || text == kLong.at(i).substr(0, 3))
      return i;
  return std::nullopt;
}

// "mo-fr" (may run over the week's end: "sa-mo") or "mo".
std::optional<std::uint8_t> day_range_from(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = weekday_from(trimmed(text.substr(0, dash)));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return static_cast<std::uint8_t>(1U << *first);
  const auto last = weekday_from(trimmed(text.substr(dash + 1)));
  if (!last) return std::nullopt;
  std::uint32_t days = 0;
  for (std::uint32_t day = *first;; day = (day + 1) % 7) {
    days |= 1U << day;
    if (day == *last) return static_cast<std::uint8_t>(days);
  }
}

std::optional<std::uint8_t> weekdays_from(std::string_view text) {
  std::uint32_t days = 0;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto part = day_range_from(trimmed(text.substr(0, comma)));
    if (!part) return std::nullopt;
    days |= *part;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return static_cast<std::uint8_t>(days);
}

// "08:00", "8:00", "24:00" -> minutes of the day.
std::optional<std::uint32_t> minutes_from(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon < 1 || colon > 2 || text.size() != colon + 3)
    return std::nullopt;
  std::uint32_t hour = 0;
  for (const char c : text.substr(0, colon)) {
    if (!digit(c)) return std::nullopt;
    hour = hour * 10 + static_cast<std::uint32_t>(c - '0');
  }
  std::uint32_t minute = 0;
  for (const char c : text.substr(colon + 1)) {
    if (!digit(c)) return std::nullopt;
    minute = minute * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (hour > 24 || minute > 59 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

bool has_day(const OpenHours& hours, std::uint32_t weekday) {
  return ((static_cast<std::uint32_t>(hours.weekdays) >> weekday) & 1U) != 0;
}

const char* holiday_of(const Schedule& schedule, const Local& day) {
  if (schedule.holidays.empty()) return nullptr;
  return holiday_on(schedule.holidays, day.year, day.month, day.day);
}

}  // namespace

std::optional<OpenHours> open_hours_from(std::string_view text) {
  const std::string line = detail::lower(trimmed(text));
  std::string_view rest = line;
  OpenHours hours{kEveryDay, 0, 1'440};
  if (rest == "always" || rest == "24/7") return hours;
  if (rest.empty()) return std::nullopt;
  // The days stand before the first digit, the times from there.
  const std::size_t digit = std::min(rest.find_first_of("0123456789"), rest.size());
  const std::string_view days = trimmed(rest.substr(0, digit));
  const std::string_view times = rest.substr(digit);
  if (!days.empty()) {
    const auto read = weekdays_from(days);
    if (!read) return std::nullopt;
    hours.weekdays = *read;
  }
  if (times.empty()) return hours;
  const std::size_t dash = times.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = minutes_from(trimmed(times.substr(0, dash)));
  const auto until = minutes_from(trimmed(times.substr(dash + 1)));
  if (!from || !until || *from == 1'440 || *from == *until) return std::nullopt;
  hours.from = *from;
  hours.until = *until;
  return hours;
}

Openness openness(const Schedule& schedule, base::WallTime at, const Zone& zone) {
  if (const Occasion* occasion = occasion_at(schedule.occasions, at))
    return {schedule.open.empty(), "calendar: " + occasion->name};
  const Local today = local_of(zone, at);
  const Local yesterday = local_of(zone, base::WallTime{midnight_before(zone, at).unix_ms - 1});
  const char* holiday = holiday_of(schedule, today);
  const bool holiday_yesterday = holiday_of(schedule, yesterday) != nullptr;
  for (const std::string& line : schedule.open) {
    const auto hours = open_hours_from(line);
    if (!hours) continue;
    const bool over_midnight = hours->until <= hours->from;
    const bool began =
        today.minute >= hours->from && (over_midnight || today.minute < hours->until);
    if (began && has_day(*hours, today.weekday) && holiday == nullptr) return {true, line};
    const bool runs_on = over_midnight && today.minute < hours->until;
    if (runs_on && has_day(*hours, yesterday.weekday) && !holiday_yesterday) return {true, line};
  }
  if (holiday != nullptr) return {false, std::string("holiday: ") + holiday};
  return {false, "outside the hours"};
}

}  // namespace model
