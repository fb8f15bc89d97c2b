// Public holidays that hold in the whole of a country, computed.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/detail/canonical.h"
#include "model/schedule.h"
#include "model/zone.h"

namespace model {
namespace {

// A holiday by date (month > 0), by days from Easter Sunday (month 0, `day` the distance), or the
// n-th weekday of a month (`week` 1 … 4, 5 = last; `day` the weekday, 0 = Monday).
struct Holiday {
  std::string_view country;
  std::int32_t month;
  std::int32_t day;
  const char* name;
  std::int32_t week = 0;
  std::int32_t since = 0;  // the first year
};

constexpr std::int32_t kEaster = 0;

constexpr auto kHolidays = std::to_array<Holiday>({
    {"pl", 1, 1, "New Year"},
    {"pl", 1, 6, "Epiphany", 0, 2011},
    {"pl", kEaster, 0, "Easter Sunday"},
    {"pl", kEaster, 1, "Easter Monday"},
    {"pl", 5, 1, "Labour Day"},
    {"pl", 5, 3, "Constitution Day"},
    {"pl", kEaster, 49, "Whit Sunday"},
    {"pl", kEaster, 60, "Corpus Christi"},
    {"pl", 8, 15, "Assumption Day"},
    {"pl", 11, 1, "All Saints"},
    {"pl", 11, 11, "Independence Day"},
    {"pl", 12, 24, "Christmas Eve", 0, 2025},
    {"pl", 12, 25, "Christmas Day"},
    {"pl", 12, 26, "Second day of Christmas"},
    {"es", 1, 1, "New Year"},
    {"es", 1, 6, "Epiphany"},
    {"es", kEaster, -2, "Good Friday"},
    {"es", 5, 1, "Labour Day"},
    {"es", 8, 15, "Assumption Day"},
    {"es", 10, 12, "National Day"},
    {"es", 11, 1, "All Saints"},
    {"es", 12, 6, "Constitution Day"},
    {"es", 12, 8, "Immaculate Conception"},
    {"es", 12, 25, "Christmas Day"},
    {"de", 1, 1, "New Year"},
    {"de", kEaster, -2, "Good Friday"},
    {"de", kEaster, 1, "Easter Monday"},
    {"de", 5, 1, "Labour Day"},
    {"de", kEaster, 39, "Ascension Day"},
    {"de", kEaster, 50, "Whit Monday"},
    {"de", 10, 3, "Unity Day"},
    {"de", 12, 25, "Christmas Day"},
    {"de", 12, 26, "Second day of Christmas"},
    {"gb", 1, 1, "New Year"},
    {"gb", kEaster, -2, "Good Friday"},
    {"gb", 5, 0, "Early May bank holiday", 1},
    {"gb", 5, 0, "Spring bank holiday", 5},
    {"gb", 12, 25, "Christmas Day"},
    {"gb", 12, 26, "Boxing Day"},
    {"us", 1, 1, "New Year"},
    {"us", 1, 0, "Martin Luther King Day", 3},
    {"us", 2, 0, "Presidents Day", 3},
    {"us", 5, 0, "Memorial Day", 5},
    {"us", 6, 19, "Juneteenth", 0, 2021},
    {"us", 7, 4, "Independence Day"},
    {"us", 9, 0, "Labor Day", 1},
    {"us", 10, 0, "Columbus Day", 2},
    {"us", 11, 11, "Veterans Day"},
    {"us", 11, 3, "Thanksgiving", 4},
    {"us", 12, 25, "Christmas Day"},
    {"fr", 1, 1, "New Year"},
    {"fr", kEaster, 1, "Easter Monday"},
    {"fr", 5, 1, "Labour Day"},
    {"fr", 5, 8, "Victory Day"},
    {"fr", kEaster, 39, "Ascension Day"},
    {"fr", kEaster, 50, "Whit Monday"},
    {"fr", 7, 14, "National Day"},
    {"fr", 8, 15, "Assumption Day"},
    {"fr", 11, 1, "All Saints"},
    {"fr", 11, 11, "Armistice Day"},
    {"fr", 12, 25, "Christmas Day"},
    {"it", 1, 1, "New Year"},
    {"it", 1, 6, "Epiphany"},
    {"it", kEaster, 1, "Easter Monday"},
    {"it", 4, 25, "Liberation Day"},
    {"it", 5, 1, "Labour Day"},
    {"it", 6, 2, "Republic Day"},
    {"it", 8, 15, "Assumption Day"},
    {"it", 11, 1, "All Saints"},
    {"it", 12, 8, "Immaculate Conception"},
    {"it", 12, 25, "Christmas Day"},
    {"it", 12, 26, "Saint Stephen"},
    {"nl", 1, 1, "New Year"},
    {"nl", kEaster, 0, "Easter Sunday"},
    {"nl", kEaster, 1, "Easter Monday"},
    {"nl", 4, 27, "King's Day"},
    {"nl", kEaster, 39, "Ascension Day"},
    {"nl", kEaster, 49, "Whit Sunday"},
    {"nl", kEaster, 50, "Whit Monday"},
    {"nl", 12, 25, "Christmas Day"},
    {"nl", 12, 26, "Second day of Christmas"},
    {"at", 1, 1, "New Year"},
    {"at", 1, 6, "Epiphany"},
    {"at", kEaster, 1, "Easter Monday"},
    {"at", 5, 1, "Labour Day"},
    {"at", kEaster, 39, "Ascension Day"},
    {"at", kEaster, 50, "Whit Monday"},
    {"at", kEaster, 60, "Corpus Christi"},
    {"at", 8, 15, "Assumption Day"},
    {"at", 10, 26, "National Day"},
    {"at", 11, 1, "All Saints"},
    {"at", 12, 8, "Immaculate Conception"},
    {"at", 12, 25, "Christmas Day"},
    {"at", 12, 26, "Saint Stephen"},
    {"cz", 1, 1, "New Year"},
    {"cz", kEaster, -2, "Good Friday"},
    {"cz", kEaster, 1, "Easter Monday"},
    {"cz", 5, 1, "Labour Day"},
    {"cz", 5, 8, "Victory Day"},
    {"cz", 7, 5, "Cyril and Methodius"},
    {"cz", 7, 6, "Jan Hus"},
    {"cz", 9, 28, "Czech Statehood Day"},
    {"cz", 10, 28, "Independence Day"},
    {"cz", 11, 17, "Freedom and Democracy Day"},
    {"cz", 12, 24, "Christmas Eve"},
    {"cz", 12, 25, "Christmas Day"},
    {"cz", 12, 26, "Saint Stephen"},
    {"sk", 1, 1, "New Year"},
    {"sk", 1, 6, "Epiphany"},
    {"sk", kEaster, -2, "Good Friday"},
    {"sk", kEaster, 1, "Easter Monday"},
    {"sk", 5, 1, "Labour Day"},
    {"sk", 5, 8, "Victory Day"},
    {"sk", 7, 5, "Cyril and Methodius"},
    {"sk", 8, 29, "National Uprising"},
    {"sk", 11, 1, "All Saints"},
    {"sk", 12, 24, "Christmas Eve"},
    {"sk", 12, 25, "Christmas Day"},
    {"sk", 12, 26, "Saint Stephen"},
});

// The day number of Easter Sunday: the Sunday after the ecclesiastical full moon, by the Gregorian
// computus (golden number, century corrections, epact).
std::int64_t easter(std::int32_t year) {
  const std::int32_t golden = year % 19;
  const std::int32_t century = year / 100;
  const std::int32_t of_century = year % 100;
  const std::int32_t moon_shift = (century - (century + 8) / 25 + 1) / 3;
  const std::int32_t epact = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
  const std::int32_t to_sunday =
      (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
  const std::int32_t late = (golden + 11 * epact + 22 * to_sunday) / 451;
  const std::int32_t count = epact + to_sunday - 7 * late + 114;
  return days_of(year, static_cast<std::uint32_t>(count / 31),
                 static_cast<std::uint32_t>(count % 31 + 1));
}

bool falls_on(const Holiday& holiday, std::int32_t year, std::uint32_t month, std::uint32_t day) {
  if (year < holiday.since) return false;
  const std::int64_t today = days_of(year, month, day);
  if (holiday.month == kEaster) return today == easter(year) + holiday.day;
  if (static_cast<std::uint32_t>(holiday.month) != month) return false;
  if (holiday.week == 0) return static_cast<std::uint32_t>(holiday.day) == day;
  const auto weekday = static_cast<std::int32_t>(((today + 3) % 7 + 7) % 7);
  if (weekday != holiday.day) return false;
  if (holiday.week <= 4) return (static_cast<std::int32_t>(day) - 1) / 7 + 1 == holiday.week;
  const std::int64_t month_end =
      month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
  return today + 7 >= month_end;
}

}  // namespace

const char* holiday_on(std::string_view country, std::int32_t year, std::uint32_t month,
                       std::uint32_t day) {
  const std::string iso = detail::lower(country);
  for (const Holiday& holiday : kHolidays)
    if (holiday.country == iso && falls_on(holiday, year, month, day)) return holiday.name;
  return nullptr;
}

bool knows_holidays_of(std::string_view country) {
  const std::string iso = detail::lower(country);
  return std::any_of(kHolidays.begin(), kHolidays.end(),
                     [&](const Holiday& holiday) { return holiday.country == iso; });
}

}  // namespace model
