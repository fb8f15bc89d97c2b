#include "service/say.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/media.h"
#include "model/zone.h"
#include "service/detail/polish.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {
namespace {

constexpr std::uint64_t kNumberMax = 999'999'999;

facts::Sound word(Language language, std::string_view name) {
  return sound(std::string{prefix(language)}.append(name));
}
facts::Sound digits(Language language, std::uint64_t number) {
  return word(language, "digits/" + std::to_string(number));
}

// ---- English -------------------------------------------------------------------------------
void english_below_thousand(std::uint64_t number, Sounds& out) {
  if (number >= 100) {
    out.push_back(digits(Language::En, number / 100));
    out.push_back(word(Language::En, "digits/hundred"));
  }
  std::uint64_t rest = number % 100;
  if (rest >= 20) {
    out.push_back(digits(Language::En, rest / 10 * 10));
    rest %= 10;
  }
  if (rest > 0) out.push_back(digits(Language::En, rest));
}

Sounds english_number(std::uint64_t number) {
  if (number == 0) return {digits(Language::En, 0)};
  Sounds out;
  if (number >= 1'000'000) {
    english_below_thousand(number / 1'000'000, out);
    out.push_back(word(Language::En, "digits/million"));
  }
  if (number / 1'000 % 1'000 > 0) {
    english_below_thousand(number / 1'000 % 1'000, out);
    out.push_back(word(Language::En, "digits/thousand"));
  }
  english_below_thousand(number % 1'000, out);
  return out;
}

// "twenty" "first"
void english_ordinal(std::uint64_t number, Sounds& out) {
  if (number > 20 && number % 10 != 0) {
    out.push_back(digits(Language::En, number / 10 * 10));
    number %= 10;
  }
  out.push_back(word(Language::En, "digits/h-" + std::to_string(number)));
}

// ---- Spanish -------------------------------------------------------------------------------
// Below 1,000; nothing for 0. `one` is the form of a lone 1: "1", "1M" (un) or "1F" (una).
void spanish_below_thousand(std::uint64_t number, std::string_view one, Sounds& out) {
  if (number == 100) {
    out.push_back(word(Language::Es, "digits/hundred"));
    return;
  }
  if (number >= 200) {
    out.push_back(digits(Language::Es, number / 100 * 100));
  } else if (number > 100) {
    out.push_back(word(Language::Es, "digits/100-and"));
  }
  std::uint64_t rest = number % 100;
  if (rest > 30 && rest % 10 != 0) {
    out.push_back(digits(Language::Es, rest / 10 * 10));
    out.push_back(word(Language::Es, "digits/and"));
    rest %= 10;
  }
  if (rest == 1) {
    out.push_back(word(Language::Es, std::string{"digits/"}.append(one)));
  } else if (rest > 0) {
    out.push_back(digits(Language::Es, rest));
  }
}

std::string_view spanish_one(Gender gender) {
  switch (gender) {
    case Gender::Counting:
      return "1";
    case Gender::Masculine:
      return "1M";
    case Gender::Feminine:
      return "1F";
  }
  return "1";
}

Sounds spanish_number(std::uint64_t number, Gender gender) {
  if (number == 0) return {digits(Language::Es, 0)};
  Sounds out;
  const std::uint64_t millions = number / 1'000'000;
  if (millions > 0) {
    spanish_below_thousand(millions, "1M", out);
    out.push_back(word(Language::Es, millions == 1 ? "digits/million" : "digits/millions"));
  }
  const std::uint64_t thousands = number / 1'000 % 1'000;
  if (thousands > 1) spanish_below_thousand(thousands, "1M", out);
  if (thousands > 0) out.push_back(word(Language::Es, "digits/thousand"));
  spanish_below_thousand(number % 1'000, spanish_one(gender), out);
  return out;
}

// ---- each language -------------------------------------------------------------------------
Sounds number_in(Language language, std::uint64_t number, Gender gender) {
  switch (language) {
    case Language::En:
      return english_number(number);
    case Language::Es:
      return spanish_number(number, gender);
    case Language::Pl:
      return detail::polish_number(number, gender);
  }
  return {};
}

Sounds minutes_in(Language language, std::uint64_t minutes) {
  Sounds out = number_in(language, minutes, Gender::Masculine);
  const std::string_view one = language == Language::Es ? "queue-minute" : "minute";
  out.push_back(word(language, minutes == 1 ? one : "minutes"));
  return out;
}

Sounds duration_in(Language language, std::uint64_t minutes, std::uint64_t seconds) {
  if (language == Language::Pl) return detail::polish_duration(minutes, seconds);
  Sounds out;
  if (minutes > 0) append(out, minutes_in(language, minutes));
  if (seconds == 1) out.push_back(sound(name_of(language, Prompt::OneSecond)));
  if (seconds > 1 || (minutes == 0 && seconds == 0)) {
    append(out, number_in(language, seconds, Gender::Masculine));
    out.push_back(word(language, "seconds"));
  }
  return out;
}

// Twelve hours with a.m. and p.m., as the two packages are recorded.
Sounds twelve_hours(Language language, const model::Local& local) {
  const std::uint32_t hour = local.minute / 60;
  const std::uint32_t minute = local.minute % 60;
  const std::uint32_t shown = hour % 12 == 0 ? 12 : hour % 12;
  Sounds out;
  if (language == Language::Es) {
    out.push_back(word(language, shown == 1 ? "digits/1F" : "digits/" + std::to_string(shown)));
    if (minute > 0) out.push_back(word(language, "digits/and"));
  } else {
    out.push_back(digits(language, shown));
    if (minute > 0 && minute < 10) out.push_back(word(language, "digits/oh"));
  }
  if (minute > 0) append(out, number_in(language, minute, Gender::Counting));
  out.push_back(word(language, hour < 12 ? "digits/a-m" : "digits/p-m"));
  return out;
}

Sounds time_in(Language language, const model::Local& local) {
  if (language == Language::Pl) return detail::polish_time(local);
  return twelve_hours(language, local);
}

Sounds day_in(Language language, const model::Local& local, bool with_year) {
  if (language == Language::Pl) return detail::polish_day(local, with_year);
  // The packages count weekdays from Sunday and months from 0.
  const facts::Sound weekday =
      word(language, "digits/day-" + std::to_string((local.weekday + 1) % 7));
  const facts::Sound month = word(language, "digits/mon-" + std::to_string(local.month - 1));
  const auto year = static_cast<std::uint64_t>(local.year);
  Sounds out;
  if (language == Language::Es) {
    const facts::Sound of = word(language, "digits/es-de");
    out = {word(language, "digits/es-el"), weekday};
    append(out, number_in(language, local.day, Gender::Counting));
    append(out, {of, month});
    if (with_year) out.push_back(of);
  } else {
    out = {weekday, month};
    english_ordinal(local.day, out);
  }
  if (with_year) append(out, number_in(language, year, Gender::Counting));
  return out;
}

facts::Sound near_day(Language language, bool today) {
  if (language == Language::Pl) return word(language, today ? "day/today" : "day/yesterday");
  return word(language, today ? "digits/today" : "digits/yesterday");
}

Sounds messages_in(Language language, std::uint64_t fresh, std::uint64_t saved) {
  if (fresh + saved == 0) return {sound(name_of(language, Prompt::YouHaveNo))};
  Sounds out{sound(name_of(language, Prompt::YouHave))};
  if (language == Language::Pl) {
    append(out, detail::polish_messages(fresh, saved));
    return out;
  }
  const bool spanish = language == Language::Es;
  const auto count = [&](std::uint64_t number, std::string_view one, std::string_view more) {
    append(out, number_in(language, number, Gender::Masculine));
    const facts::Sound kind = word(language, spanish && number != 1 ? more : one);
    const facts::Sound message = word(language, number == 1 ? "vm-message" : "vm-messages");
    append(out, spanish ? Sounds{message, kind} : Sounds{kind, message});
  };
  if (fresh > 0) count(fresh, "vm-INBOX", "vm-INBOXs");
  if (fresh > 0 && saved > 0) out.push_back(sound(name_of(language, Prompt::And)));
  if (saved > 0) count(saved, "vm-Old", "vm-Olds");
  return out;
}

Sounds digits_in(Language language, std::string_view keys) {
  Sounds out;
  for (const char key : keys) {
    if (key >= '0' && key <= '9') {
      out.push_back(word(language, std::string{"digits/"} + key));
    } else if (key == '*') {
      out.push_back(word(language, "digits/star"));
    } else if (key == '#') {
      out.push_back(word(language, "digits/pound"));
    } else if (key == '+') {
      out.push_back(word(language, "letters/plus"));
    }
  }
  return out;
}

}  // namespace

Sounds say_digits(const Voice& voice, std::string_view digits) {
  return phrase(voice, [&](Language language) { return digits_in(language, digits); });
}

Sounds say_number(const Voice& voice, std::uint64_t number, Gender gender) {
  if (number > kNumberMax) return say_digits(voice, std::to_string(number));
  return phrase(voice, [&](Language language) { return number_in(language, number, gender); });
}

Sounds say_duration(const Voice& voice, base::Duration length) {
  const auto seconds = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(length).count()));
  return phrase(
      voice, [&](Language language) { return duration_in(language, seconds / 60, seconds % 60); });
}

Sounds say_minutes(const Voice& voice, base::Duration length) {
  const std::int64_t minutes = std::max<std::int64_t>(1, (length.count() + 59'999) / 60'000);
  return phrase(voice, [&](Language language) {
    return duration_in(language, static_cast<std::uint64_t>(minutes), 0);
  });
}

Sounds say_time(const Voice& voice, const model::Local& local) {
  return phrase(voice, [&](Language language) { return time_in(language, local); });
}

Sounds say_moment(const Voice& voice, base::WallTime at, base::WallTime now,
                  const model::Zone& zone) {
  const model::Local local = model::local_of(zone, at);
  const model::Local today = model::local_of(zone, now);
  const std::int64_t days_ago = model::days_of(today.year, today.month, today.day) -
                                model::days_of(local.year, local.month, local.day);
  return phrase(voice, [&](Language language) {
    Sounds out = days_ago == 0 || days_ago == 1 ? Sounds{near_day(language, days_ago == 0)}
                                                : day_in(language, local, local.year != today.year);
    append(out, time_in(language, local));
    return out;
  });
}

Sounds say_messages(const Voice& voice, std::uint64_t fresh, std::uint64_t saved) {
  return phrase(voice, [&](Language language) { return messages_in(language, fresh, saved); });
}

}  // namespace service
