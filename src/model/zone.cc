#include "model/zone.h"

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace model {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

// The civil date of a day number: the calendar year is taken to begin in March, so that the leap
// day is its last, and 400 years are one period of 146,097 days.
void set_date(Local& local, std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * of_year + 2) / 153;
  local.day = static_cast<std::uint32_t>(of_year - (153 * march_month + 2) / 5 + 1);
  local.month = static_cast<std::uint32_t>(march_month < 10 ? march_month + 3 : march_month - 9);
  local.year = static_cast<std::int32_t>(year_of_era + era * 400 + (local.month <= 2 ? 1 : 0));
}

}  // namespace

std::int64_t days_of(std::int32_t year, std::uint32_t month, std::uint32_t day) {
  const std::int64_t y = static_cast<std::int64_t>(year) - (month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t march_month = month > 2 ? month - 3 : month + 9;
  const std::int64_t of_year = (153 * march_month + 2) / 5 + static_cast<std::int64_t>(day) - 1;
  const std::int64_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
  return era * 146'097 + of_era - 719'468;
}

std::int32_t offset_at(const Zone& zone, base::WallTime at) {
  const auto later = std::upper_bound(
      zone.transitions.begin(), zone.transitions.end(), at,
      [](base::WallTime moment, const Transition& change) { return moment < change.from; });
  return later == zone.transitions.begin() ? zone.offset_s : (later - 1)->offset_s;
}

Local local_of(const Zone& zone, base::WallTime at) {
  const std::int64_t shifted = at.unix_ms + std::int64_t{offset_at(zone, at)} * 1'000;
  const std::int64_t days = floor_div(shifted, kDayMs);
  Local local;
  set_date(local, days);
  local.weekday = static_cast<std::uint32_t>(((days + 3) % 7 + 7) % 7);  // day 0 was a Thursday
  local.minute = static_cast<std::uint32_t>((shifted - days * kDayMs) / 60'000);
  return local;
}

base::WallTime midnight_before(const Zone& zone, base::WallTime at) {
  const auto day_of = [&zone](std::int64_t moment) {
    return floor_div(moment + std::int64_t{offset_at(zone, {moment})} * 1'000, kDayMs);
  };
  const std::int64_t day = day_of(at.unix_ms);
  // The day began at 00:00 by an offset that held then, or at a transition that skipped 00:00: the
  // earliest of these moments that lies on the same local day.
  std::int64_t earliest = at.unix_ms;
  const auto offer = [&](std::int64_t moment) {
    if (moment < earliest && at.unix_ms - moment <= kDayMs + kDayMs / 8 && day_of(moment) == day)
      earliest = moment;
  };
  offer(day * kDayMs - std::int64_t{zone.offset_s} * 1'000);
  for (const Transition& change : zone.transitions) {
    offer(day * kDayMs - std::int64_t{change.offset_s} * 1'000);
    offer(change.from.unix_ms);
  }
  return {earliest};
}

}  // namespace model
