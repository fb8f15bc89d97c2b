// Durations and moments from text and back.

#include "model/detail/times.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/encode.h"
#include "model/zone.h"

namespace model {
namespace {

constexpr std::int64_t kLongestMs = 366LL * 86'400'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes digits from the front; nothing without any, or with more than `most`.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t most) {
  std::int64_t value = 0;
  std::size_t taken = 0;
  while (taken < text.size() && is_digit(text[taken])) {
    if (taken == most) return std::nullopt;
    value = value * 10 + (text[taken] - '0');
    ++taken;
  }
  if (taken == 0) return std::nullopt;
  text.remove_prefix(taken);
  return value;
}

// ".25" as milliseconds; further digits count for nothing.
std::int64_t take_fraction_ms(std::string_view& text) {
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return 0;
  text.remove_prefix(1);
  std::int64_t ms = 0;
  std::int64_t weight = 100;
  while (!text.empty() && is_digit(text.front())) {
    ms += (text.front() - '0') * weight;
    weight /= 10;
    text.remove_prefix(1);
  }
  return ms;
}

std::optional<std::int64_t> take_unit_ms(std::string_view& text) {
  if (text.starts_with("ms")) {
    text.remove_prefix(2);
    return 1;
  }
  if (text.empty()) return 1'000;
  const char unit = text.front();
  text.remove_prefix(1);
  if (unit == 's') return 1'000;
  if (unit == 'm') return 60'000;
  if (unit == 'h') return 3'600'000;
  return std::nullopt;
}

bool take_letter(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_fixed(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::string_view part = text.substr(0, digits);
  const auto value = take_number(part, digits);
  if (!value || !part.empty()) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

// "Z", "+01:00": seconds east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take_letter(text, "Zz")) return 0;
  const bool west = text.starts_with('-');
  if (!take_letter(text, "+-")) return std::nullopt;
  const auto hours = take_fixed(text, 2);
  if (!hours || !take_letter(text, ":")) return std::nullopt;
  const auto minutes = take_fixed(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t east = *hours * 3'600 + *minutes * 60;
  return west ? -east : east;
}

std::int64_t days_in(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && leap ? 1 : 0);
}

}  // namespace

std::optional<base::Duration> duration_from(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::int64_t last_unit = 2 * 3'600'000;
  while (!text.empty()) {
    const auto value = take_number(text, 9);
    if (!value) return std::nullopt;
    const std::int64_t thousandths = take_fraction_ms(text);
    const bool bare = text.empty();
    const auto unit = take_unit_ms(text);
    // Units go down: "1h30m", never "30m1h", and a bare number stands alone.
    if (!unit || *unit >= last_unit || (bare && last_unit != 2 * 3'600'000)) return std::nullopt;
    last_unit = *unit;
    total += *value * *unit + thousandths * *unit / 1'000;
    if (total > kLongestMs) return std::nullopt;
  }
  return base::Duration{total};
}

std::optional<base::WallTime> time_from(std::string_view text) {
  const auto year = take_fixed(text, 4);
  if (!year || !take_letter(text, "-")) return std::nullopt;
  const auto month = take_fixed(text, 2);
  if (!month || !take_letter(text, "-")) return std::nullopt;
  const auto day = take_fixed(text, 2);
  if (!day || !take_letter(text, "Tt ")) return std::nullopt;
  const auto hour = take_fixed(text, 2);
  if (!hour || !take_letter(text, ":")) return std::nullopt;
  const auto minute = take_fixed(text, 2);
  if (!minute || !take_letter(text, ":")) return std::nullopt;
  const auto second = take_fixed(text, 2);
  if (!second) return std::nullopt;
  const std::int64_t ms = take_fraction_ms(text);
  const auto east = take_offset(text);
  if (!east || !text.empty()) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::int64_t days =
      days_of(static_cast<std::int32_t>(*year), static_cast<std::uint32_t>(*month),
              static_cast<std::uint32_t>(*day));
  const std::int64_t seconds = days * 86'400 + *hour * 3'600 + *minute * 60 + *second - *east;
  return base::WallTime{seconds * 1'000 + ms};
}

std::string text_of(base::WallTime time) {
  const Local day = local_of(Zone{}, time);
  const std::int64_t of_minute = ((time.unix_ms % 60'000) + 60'000) % 60'000;
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02u:%02u:%02d.%03dZ", static_cast<int>(day.year),
      static_cast<unsigned>(day.month), static_cast<unsigned>(day.day),
      static_cast<unsigned>(day.minute / 60), static_cast<unsigned>(day.minute % 60),
      static_cast<int>(of_minute / 1'000), static_cast<int>(of_minute % 1'000));
  return {text.data(), static_cast<std::size_t>(length)};
}

base::Node encode_duration(base::Duration duration) {
  return base::Node::plain(detail::seconds_text(duration));
}

}  // namespace model

namespace model::detail {

std::string seconds_text(base::Duration duration) {
  const std::int64_t ms = duration.count();
  std::string text = std::to_string(ms / 1'000);
  if (ms % 1'000 == 0) return text;
  std::string fraction = std::to_string(1'000 + ms % 1'000).substr(1);
  while (fraction.back() == '0') fraction.pop_back();
  return text + "." + fraction;
}

}  // namespace model::detail
