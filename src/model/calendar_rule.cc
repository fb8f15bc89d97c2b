#include "model/detail/calendar_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/zone.h"

namespace model::detail {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::array<std::string_view, 7> kWeekdays{"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

std::optional<std::int32_t> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int32_t read = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), read);
  if (text.empty() || done.ec != std::errc{} || done.ptr != text.data() + text.size())
    return std::nullopt;
  return read;
}

std::uint32_t days_in(std::int32_t year, std::uint32_t month) {
  const std::int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
  return static_cast<std::uint32_t>(next - days_of(year, month, 1));
}

Local date_of(std::int64_t day) {
  return local_of(Zone{}, base::WallTime{day * kDayMs});
}

std::uint32_t weekday_of(std::int64_t day) {
  return date_of(day).weekday;
}

// "4TH", "-1MO", "FR".
std::optional<RepeatRule::Weekday> weekday_in(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto found = std::ranges::find(kWeekdays, text.substr(text.size() - 2));
  if (found == kWeekdays.end()) return std::nullopt;
  RepeatRule::Weekday made;
  made.day = static_cast<std::uint32_t>(found - kWeekdays.begin());
  const std::string_view which = text.substr(0, text.size() - 2);
  if (which.empty()) return made;
  const auto number = number_in(which);
  if (!number || *number == 0 || *number < -1 || *number > 5) return std::nullopt;
  made.which = *number;
  return made;
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// One NAME=VALUE; a sentence when it is not understood.
std::string take(RepeatRule& rule, std::string_view name, std::string_view value) {
  const std::string bad =
      "RRULE: " + std::string(name) + "=" + std::string(value) + " is not understood";
  const auto number = number_in(value);
  if (name == "FREQ") {
    if (value == "DAILY")
      rule.frequency = Frequency::Daily;
    else if (value == "WEEKLY")
      rule.frequency = Frequency::Weekly;
    else if (value == "MONTHLY")
      rule.frequency = Frequency::Monthly;
    else if (value != "YEARLY")
      return bad + "; known are DAILY, WEEKLY, MONTHLY and YEARLY";
    return {};
  }
  if (name == "INTERVAL" && number && *number >= 1 && *number <= 1'000) {
    rule.interval = *number;
    return {};
  }
  if (name == "COUNT" && number && *number >= 1) {
    rule.count = *number;
    return {};
  }
  if (name == "UNTIL") {
    if (value.ends_with('Z')) value.remove_suffix(1);
    const auto day = day_time_from(value);
    if (!day.has_value()) return bad;
    rule.until_day = day->day;
    return {};
  }
  if (name == "WKST") return value == "MO" || value == "SU" ? std::string{} : bad;
  for (const std::string_view part : parts_of(value, ',')) {
    const auto each = number_in(part);
    const auto weekday = weekday_in(part);
    if (name == "BYMONTH" && each && *each >= 1 && *each <= 12)
      rule.months.push_back(static_cast<std::uint32_t>(*each));
    else if (name == "BYMONTHDAY" && each && (*each == -1 || (*each >= 1 && *each <= 31)))
      rule.month_days.push_back(*each);
    else if (name == "BYDAY" && weekday)
      rule.weekdays.push_back(*weekday);
    else
      return bad;
  }
  return {};
}

// What may stand together.
std::string why_not(const RepeatRule& rule) {
  const bool of_month = !rule.months.empty() || !rule.month_days.empty();
  const bool numbered = std::ranges::any_of(
      rule.weekdays, [](const RepeatRule::Weekday& weekday) { return weekday.which != 0; });
  if (rule.frequency == Frequency::Daily && (of_month || !rule.weekdays.empty()))
    return "RRULE: FREQ=DAILY is understood without BYDAY, BYMONTH and BYMONTHDAY";
  if (rule.frequency == Frequency::Weekly && (of_month || numbered))
    return "RRULE: FREQ=WEEKLY is understood with plain BYDAY only";
  if (rule.frequency == Frequency::Monthly && !rule.month_days.empty() && !rule.weekdays.empty())
    return "RRULE: FREQ=MONTHLY is understood with BYMONTHDAY or BYDAY, not with both";
  if (rule.frequency != Frequency::Yearly) return {};
  if (!rule.month_days.empty() && (rule.months.empty() || !rule.weekdays.empty()))
    return "RRULE: BYMONTHDAY is understood together with BYMONTH alone";
  if (!rule.weekdays.empty() && (rule.months.empty() || !numbered))
    return "RRULE: FREQ=YEARLY with BYDAY needs BYMONTH and which one, as 4TH or -1MO";
  return {};
}

// Two parts may mean one day: the last of a month is also its 31st, its last Friday a Friday.
void put_in_order(std::vector<std::int64_t>& days) {
  std::ranges::sort(days);
  const auto twice = std::ranges::unique(days);
  days.erase(twice.begin(), twice.end());
}

// The days of one month that a monthly or yearly rule means, in any order.
void add_days(const RepeatRule& rule, std::int32_t year, std::uint32_t month,
              std::vector<std::int64_t>& days) {
  const std::uint32_t length = days_in(year, month);
  const std::int64_t first = days_of(year, month, 1);
  for (const std::int32_t day : rule.month_days) {
    const std::int64_t wanted = day == -1 ? length : day;
    if (wanted <= static_cast<std::int64_t>(length)) days.push_back(first + wanted - 1);
  }
  for (const RepeatRule::Weekday& weekday : rule.weekdays) {
    std::vector<std::int64_t> all;
    for (std::int64_t day = first; day < first + length; ++day)
      if (weekday_of(day) == weekday.day) all.push_back(day);
    if (weekday.which == 0)
      days.insert(days.end(), all.begin(), all.end());
    else if (weekday.which == -1)
      days.push_back(all.back());
    else if (static_cast<std::size_t>(weekday.which) <= all.size())
      days.push_back(all[static_cast<std::size_t>(weekday.which) - 1]);
  }
}

std::vector<std::int64_t> days_of_year(const RepeatRule& rule, std::int32_t year,
                                       const Local& first) {
  std::vector<std::int64_t> days;
  const std::vector<std::uint32_t> months =
      rule.months.empty() ? std::vector<std::uint32_t>{first.month} : rule.months;
  for (const std::uint32_t month : months) {
    if (!rule.month_days.empty() || !rule.weekdays.empty())
      add_days(rule, year, month, days);
    else if (first.day <= days_in(year, month))
      days.push_back(days_of(year, month, first.day));
  }
  put_in_order(days);
  return days;
}

// A month without such a day (the 31st, a fifth Friday) has none.
std::vector<std::int64_t> days_of_month(const RepeatRule& rule, std::int32_t year,
                                        std::uint32_t month, const Local& first) {
  std::vector<std::int64_t> days;
  if (!rule.months.empty() && std::ranges::find(rule.months, month) == rule.months.end())
    return days;
  if (!rule.month_days.empty() || !rule.weekdays.empty())
    add_days(rule, year, month, days);
  else if (first.day <= days_in(year, month))
    days.push_back(days_of(year, month, first.day));
  put_in_order(days);
  return days;
}

std::vector<std::int64_t> days_of_week(const RepeatRule& rule, std::int64_t monday,
                                       std::int64_t first) {
  std::vector<std::int64_t> days;
  days.reserve(rule.weekdays.size());
  for (const RepeatRule::Weekday& weekday : rule.weekdays) days.push_back(monday + weekday.day);
  if (days.empty()) days.push_back(monday + weekday_of(first));
  put_in_order(days);
  return days;
}

// So many days, weeks, months or years after the first; nothing: that is behind the last day.
std::optional<std::vector<std::int64_t>> days_of_step(const RepeatRule& rule, std::int64_t first,
                                                      std::int64_t on, std::int64_t last) {
  const Local begun = date_of(first);
  switch (rule.frequency) {
    case Frequency::Daily:
      if (first + on > last) return std::nullopt;
      return std::vector{first + on};
    case Frequency::Weekly: {
      const std::int64_t monday = first - begun.weekday + on * 7;
      if (monday > last) return std::nullopt;
      return days_of_week(rule, monday, first);
    }
    case Frequency::Monthly: {
      const std::int64_t months = begun.month - 1 + on;
      const auto year = static_cast<std::int32_t>(begun.year + months / 12);
      const auto month = static_cast<std::uint32_t>(months % 12 + 1);
      if (days_of(year, month, 1) > last) return std::nullopt;
      return days_of_month(rule, year, month, begun);
    }
    case Frequency::Yearly: {
      const auto year = static_cast<std::int32_t>(begun.year + on);
      if (days_of(year, 1, 1) > last) return std::nullopt;
      return days_of_year(rule, year, begun);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<DayTime> day_time_from(std::string_view text) {
  constexpr std::size_t kDate = 8;
  const auto two = [&](std::size_t at) { return number_in(text.substr(at, 2)).value_or(-1); };
  const bool digits =
      std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == 'T'; });
  if (!digits || (text.size() != kDate && text.size() != 15)) return std::nullopt;
  if (text.substr(0, kDate).find('T') != std::string_view::npos) return std::nullopt;
  const std::int32_t year = number_in(text.substr(0, 4)).value_or(0);
  const std::int32_t month = two(4);
  const std::int32_t day = two(6);
  if (year < 1970 || year > 9'000 || month < 1 || month > 12 || day < 1 ||
      day > static_cast<std::int32_t>(days_in(year, static_cast<std::uint32_t>(month))))
    return std::nullopt;
  DayTime made{days_of(year, static_cast<std::uint32_t>(month), static_cast<std::uint32_t>(day)),
               0};
  if (text.size() == kDate) return made;
  const std::string_view time = text.substr(kDate + 1);
  if (text[kDate] != 'T' || time.find('T') != std::string_view::npos) return std::nullopt;
  const std::int32_t hour = two(9);
  const std::int32_t minute = two(11);
  const std::int32_t second = std::min(two(13), 59);  // a leap second is none here
  if (hour > 23 || minute > 59 || two(13) > 60) return std::nullopt;
  made.second = (hour * 60 + minute) * 60 + second;
  return made;
}

base::Result<RepeatRule, std::string> repeat_rule_from(std::string_view text) {
  RepeatRule rule;
  bool has_frequency = false;
  for (const std::string_view part : parts_of(text, ';')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = part.substr(std::min(equals + 1, part.size()));
    has_frequency = has_frequency || name == "FREQ";
    if (const std::string why = take(rule, name, value); !why.empty()) return base::Unexpected{why};
  }
  if (!has_frequency) return base::Unexpected{std::string("RRULE has no FREQ")};
  if (const std::string why = why_not(rule); !why.empty()) return base::Unexpected{why};
  return rule;
}

void each_day_of(const RepeatRule& rule, const DayTime& first, std::int64_t last_day,
                 const std::function<bool(std::int64_t day)>& visit) {
  const std::int64_t last = std::min(last_day, rule.until_day.value_or(last_day));
  std::int64_t left = rule.count.value_or(INT64_MAX);
  // False: nothing more.
  const auto give = [&](const std::vector<std::int64_t>& days) {
    for (const std::int64_t day : days) {
      if (day < first.day) continue;
      if (day > last || left-- <= 0 || !visit(day)) return false;
    }
    return true;
  };
  for (std::int64_t step = 0;; ++step) {
    const auto days = days_of_step(rule, first.day, step * rule.interval, last);
    if (!days.has_value() || !give(*days)) return;
  }
}

}  // namespace model::detail
