#include "model/calendar.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/detail/calendar_rule.h"
#include "model/findings.h"
#include "model/occasion.h"
#include "model/zone.h"

namespace model {
namespace {

using detail::DayTime;
using detail::RepeatRule;

constexpr std::size_t kBytesMax = 4U << 20U;
constexpr std::size_t kOccasionsMax = 2'000;
constexpr std::int64_t kDayMs = 86'400'000;

// One content line, unfolded: NAME;PARAM=VALUE:VALUE (3.1).
struct ContentLine {
  std::uint32_t at = 0;
  std::string name;  // in capitals
  std::string tzid;
  bool is_date = false;  // VALUE=DATE
  std::string value;
};

std::string capitals(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return made;
}

// "\n", "\,", "\;" and "\\" of a text value (3.3.11).
std::string unescaped(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      made += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];
    } else if (static_cast<unsigned char>(text[i]) >= 0x20U) {
      made += text[i];
    }
  }
  return made;
}

// Takes the next line off, with those that continue it.
std::string next_line(std::string_view& text, std::uint32_t& number) {
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view part = text.substr(0, end);
    if (part.ends_with('\r')) part.remove_suffix(1);
    line += part;
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (!text.starts_with(' ') && !text.starts_with('\t')) break;
    text.remove_prefix(1);
  }
  return line;
}

// The place of `wanted` outside of quotes.
std::size_t find_outside(std::string_view text, std::string_view wanted) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && wanted.find(text[i]) != std::string_view::npos) return i;
  }
  return std::string_view::npos;
}

std::optional<ContentLine> content_line(std::string_view text, std::uint32_t number) {
  const std::size_t colon = find_outside(text, ":");
  if (colon == std::string_view::npos) return std::nullopt;
  ContentLine line;
  line.at = number;
  line.value = text.substr(colon + 1);
  std::string_view head = text.substr(0, colon);
  const std::size_t first = std::min(find_outside(head, ";"), head.size());
  line.name = capitals(head.substr(0, first));
  head.remove_prefix(std::min(first + 1, head.size()));
  while (!head.empty()) {
    const std::size_t end = std::min(find_outside(head, ";"), head.size());
    const std::string_view parameter = head.substr(0, end);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string key = capitals(parameter.substr(0, equals));
    std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (value.size() >= 2 && value.starts_with('"')) value = value.substr(1, value.size() - 2);
    if (key == "TZID") line.tzid = value;
    if (key == "VALUE") line.is_date = capitals(value) == "DATE";
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return line;
}

// A moment as it stands: a day, and perhaps a time in some zone.
struct When {
  DayTime local;
  bool is_date = false;
  bool utc = false;
  std::string tzid;
};

struct Event {
  std::uint32_t at = 0;
  std::string name;
  std::optional<When> start, end;
  std::optional<std::int64_t> length_ms;
  std::optional<RepeatRule> rule;
  std::vector<When> except;
  bool cancelled = false;
};

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t read = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), read);
  if (text.empty() || done.ec != std::errc{} || done.ptr != text.data() + text.size())
    return std::nullopt;
  return read;
}

// Seconds of a duration's unit; 0: there is no such unit there.
std::int64_t unit_s(char unit, bool in_time) {
  constexpr std::int64_t kDayS = 86'400;
  if (!in_time) return unit == 'W' ? 7 * kDayS : unit == 'D' ? kDayS : 0;
  if (unit == 'H') return 3'600;
  return unit == 'M' ? 60 : unit == 'S' ? 1 : 0;
}

// "P1D", "PT8H30M", "P2W" (3.3.6), not negative.
std::optional<std::int64_t> duration_in(std::string_view text) {
  constexpr std::int64_t kCountMax = 100'000;
  if (text.starts_with('+')) text.remove_prefix(1);
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  std::int64_t seconds = 0;
  bool in_time = false;
  bool any = false;
  while (!text.empty()) {
    if (text.starts_with('T') && !in_time) {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = number_in(text.substr(0, digits));
    const std::int64_t each = digits < text.size() ? unit_s(text[digits], in_time) : 0;
    if (!count || each == 0 || *count > kCountMax) return std::nullopt;
    seconds += *count * each;
    any = true;
    text.remove_prefix(digits + 1);
  }
  if (!any) return std::nullopt;
  return seconds * 1'000;
}

class Reader {
 public:
  explicit Reader(const CalendarOptions& options) : options_(options) {}

  Decoded<std::vector<Occasion>> made;

  void read(std::string_view text) {
    std::uint32_t number = 0;
    while (!text.empty()) {
      const std::uint32_t first = number + 1;
      const std::string whole = next_line(text, number);
      if (whole.empty()) continue;
      const auto line = content_line(whole, first);
      if (!line.has_value()) {
        complain(first, "this is no line of a calendar (NAME:value)");
        return;
      }
      take(*line);
    }
    if (!seen_) return complain(1, "this is no calendar: it has no BEGIN:VCALENDAR");
    if (!open_.empty()) complain(number, "BEGIN:" + open_.back() + " is never ended");
    std::ranges::sort(made.value, {}, &Occasion::from);
  }

 private:
  void complain(std::uint32_t line, std::string message) {
    made.findings.push_back({Severity::Error, "bad_calendar", {}, {line, 1}, std::move(message)});
  }

  void take(const ContentLine& line) {
    if (line.name == "BEGIN") {
      open_.push_back(capitals(line.value));
      seen_ = seen_ || open_.back() == "VCALENDAR";
      if (open_.back() != "VEVENT") return;
      event_ = {};
      event_.at = line.at;
      return;
    }
    if (line.name == "END") {
      const std::string what = capitals(line.value);
      if (open_.empty() || open_.back() != what)
        return complain(line.at, "END:" + what + " ends nothing");
      open_.pop_back();
      if (what == "VEVENT") expand();
      return;
    }
    if (!open_.empty() && open_.back() == "VEVENT") take_property(line);
  }

  void take_property(const ContentLine& line) {
    if (line.name == "SUMMARY") {
      event_.name = unescaped(line.value).substr(0, 100);
    } else if (line.name == "STATUS") {
      event_.cancelled = capitals(line.value) == "CANCELLED";
    } else if (line.name == "DTSTART") {
      event_.start = when_in(line, line.value);
    } else if (line.name == "DTEND") {
      event_.end = when_in(line, line.value);
    } else if (line.name == "DURATION") {
      event_.length_ms = duration_in(line.value);
      if (!event_.length_ms) complain(line.at, "\"" + line.value + "\" is no duration");
    } else if (line.name == "RRULE") {
      if (event_.rule.has_value()) return complain(line.at, "an event has one RRULE at most");
      auto rule = detail::repeat_rule_from(capitals(line.value));
      if (!rule) return complain(line.at, rule.error());
      event_.rule = *std::move(rule);
    } else if (line.name == "EXDATE") {
      take_exceptions(line);
    } else if (line.name == "RDATE" || line.name == "EXRULE" || line.name == "RECURRENCE-ID") {
      complain(line.at, line.name + " is not understood; write such days as events of their own");
    }
  }

  void take_exceptions(const ContentLine& line) {
    std::string_view rest = line.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (const auto when = when_in(line, rest.substr(0, comma))) event_.except.push_back(*when);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }

  std::optional<When> when_in(const ContentLine& line, std::string_view value) {
    When when;
    when.tzid = line.tzid;
    if (value.ends_with('Z')) {
      when.utc = true;
      value.remove_suffix(1);
    }
    const auto read = detail::day_time_from(value);
    when.is_date = value.find('T') == std::string_view::npos;
    if (!read.has_value() || (when.is_date && when.utc) || (line.is_date && !when.is_date)) {
      complain(line.at, "\"" + line.value + "\" is no date, nor a date and time");
      return std::nullopt;
    }
    when.local = *read;
    return when;
  }

  // The zone of this moment; nothing: an unknown one, which was told.
  std::optional<Zone> zone_of(const When& when) {
    if (when.utc) return Zone{};
    if (when.is_date || when.tzid.empty() || when.tzid == options_.zone.name) return options_.zone;
    auto zone = options_.load_zone ? options_.load_zone(when.tzid) : std::nullopt;
    if (!zone.has_value())
      complain(event_.at, "the time zone \"" + when.tzid + "\" is unknown; write Europe/Warsaw");
    return zone;
  }

  // How long it lasts, in days (of dates) or in milliseconds.
  struct Length {
    std::int64_t days = 0;
    std::int64_t ms = 0;
  };
  std::optional<Length> length_of(const Zone& zone, const When& start) {
    if (event_.end.has_value()) {
      const When& end = *event_.end;
      if (end.is_date != start.is_date) {
        complain(event_.at, "an event begins and ends with a date, or with a time");
        return std::nullopt;
      }
      if (end.is_date) return Length{end.local.day - start.local.day, 0};
      const auto end_zone = zone_of(end);
      if (!end_zone.has_value()) return std::nullopt;
      return Length{0, moment_of(*end_zone, end.local.day, end.local.second).unix_ms -
                           moment_of(zone, start.local.day, start.local.second).unix_ms};
    }
    if (!start.is_date) return Length{0, event_.length_ms.value_or(0)};
    return Length{event_.length_ms.value_or(kDayMs) / kDayMs, 0};
  }

  void expand() {
    if (event_.cancelled || has_errors(made.findings)) return;
    if (!event_.start.has_value()) return complain(event_.at, "an event has no DTSTART");
    const When start = *event_.start;
    const auto zone = zone_of(start);
    if (!zone.has_value()) return;
    const auto length = length_of(*zone, start);
    if (!length.has_value()) return;
    if (length->days < 0 || length->ms < 0)
      return complain(event_.at, "an event ends before it begins");
    const DayTime first = start.local;
    const std::int64_t last_day = options_.until.unix_ms / kDayMs + 1;
    if (!event_.rule.has_value()) return add(*zone, first, start.is_date, *length);
    detail::each_day_of(*event_.rule, first, last_day, [&](std::int64_t day) {
      add(*zone, {day, first.second}, start.is_date, *length);
      return made.value.size() < kOccasionsMax;
    });
    if (made.value.size() >= kOccasionsMax)
      complain(event_.at, "the calendar has more than 2000 occasions");
  }

  [[nodiscard]] bool is_excepted(const DayTime& at) const {
    return std::ranges::any_of(event_.except, [&](const When& when) {
      return when.is_date ? when.local.day == at.day : when.local == at;
    });
  }

  void add(const Zone& zone, const DayTime& at, bool is_date, const Length& length) {
    if (is_excepted(at)) return;
    Occasion occasion;
    occasion.name = event_.name;
    occasion.from = moment_of(zone, at.day, at.second);
    occasion.until = is_date ? moment_of(zone, at.day + std::max<std::int64_t>(length.days, 1), 0)
                             : base::WallTime{occasion.from.unix_ms + length.ms};
    if (occasion.until <= options_.from || options_.until <= occasion.from) return;
    if (occasion.from < occasion.until) made.value.push_back(std::move(occasion));
  }

  const CalendarOptions& options_;
  std::vector<std::string> open_;  // BEGINs without their END
  bool seen_ = false;
  Event event_;
};

}  // namespace

base::WallTime moment_of(const Zone& zone, std::int64_t day, std::int32_t second) {
  const std::int64_t wall_ms = (day * 86'400 + second) * 1'000;
  // The offset before the moment and after it: where they differ, a clock was set nearby.
  const std::int64_t before = std::int64_t{offset_at(zone, {wall_ms - kDayMs})} * 1'000;
  const std::int64_t after = std::int64_t{offset_at(zone, {wall_ms + kDayMs})} * 1'000;
  const base::WallTime early{wall_ms - before};
  const base::WallTime late{wall_ms - after};
  if (before == after) return early;
  const bool early_holds = std::int64_t{offset_at(zone, early)} * 1'000 == before;
  return early_holds ? early : std::int64_t{offset_at(zone, late)} * 1'000 == after ? late : early;
}

Decoded<std::vector<Occasion>> read_calendar(std::string_view text,
                                             const CalendarOptions& options) {
  Reader reader(options);
  if (text.size() > kBytesMax) {
    reader.made.findings.push_back(
        {Severity::Error, "bad_calendar", {}, {1, 1}, "a calendar has at most 4 MB"});
    return std::move(reader.made);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  reader.read(text);
  if (has_errors(reader.made.findings)) reader.made.value.clear();
  return std::move(reader.made);
}

const Occasion* occasion_at(const std::vector<Occasion>& occasions, base::WallTime at) {
  for (const Occasion& occasion : occasions) {
    if (at < occasion.from) return nullptr;  // they are in order
    if (at < occasion.until) return &occasion;
  }
  return nullptr;
}

}  // namespace model
