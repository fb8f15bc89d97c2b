#include "service/detail/polish.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "facts/media.h"
#include "model/zone.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service::detail {
namespace {

constexpr auto kWords = std::to_array<PolishWord>({
    // cardinal numbers
    {"digits/0", "zero"},
    {"digits/1", "jeden"},
    {"digits/1F", "jedna"},
    {"digits/2", "dwa"},
    {"digits/2F", "dwie"},
    {"digits/3", "trzy"},
    {"digits/4", "cztery"},
    {"digits/5", "pięć"},
    {"digits/6", "sześć"},
    {"digits/7", "siedem"},
    {"digits/8", "osiem"},
    {"digits/9", "dziewięć"},
    {"digits/10", "dziesięć"},
    {"digits/11", "jedenaście"},
    {"digits/12", "dwanaście"},
    {"digits/13", "trzynaście"},
    {"digits/14", "czternaście"},
    {"digits/15", "piętnaście"},
    {"digits/16", "szesnaście"},
    {"digits/17", "siedemnaście"},
    {"digits/18", "osiemnaście"},
    {"digits/19", "dziewiętnaście"},
    {"digits/20", "dwadzieścia"},
    {"digits/30", "trzydzieści"},
    {"digits/40", "czterdzieści"},
    {"digits/50", "pięćdziesiąt"},
    {"digits/60", "sześćdziesiąt"},
    {"digits/70", "siedemdziesiąt"},
    {"digits/80", "osiemdziesiąt"},
    {"digits/90", "dziewięćdziesiąt"},
    {"digits/100", "sto"},
    {"digits/200", "dwieście"},
    {"digits/300", "trzysta"},
    {"digits/400", "czterysta"},
    {"digits/500", "pięćset"},
    {"digits/600", "sześćset"},
    {"digits/700", "siedemset"},
    {"digits/800", "osiemset"},
    {"digits/900", "dziewięćset"},
    {"digits/thousand-one", "tysiąc"},
    {"digits/thousand-few", "tysiące"},
    {"digits/thousand-many", "tysięcy"},
    {"digits/million-one", "milion"},
    {"digits/million-few", "miliony"},
    {"digits/million-many", "milionów"},
    {"digits/star", "gwiazdka"},
    {"digits/pound", "krzyżyk"},
    {"letters/plus", "plus"},
    // ordinals of days and years: genitive, masculine
    {"ordinal/of-1", "pierwszego"},
    {"ordinal/of-2", "drugiego"},
    {"ordinal/of-3", "trzeciego"},
    {"ordinal/of-4", "czwartego"},
    {"ordinal/of-5", "piątego"},
    {"ordinal/of-6", "szóstego"},
    {"ordinal/of-7", "siódmego"},
    {"ordinal/of-8", "ósmego"},
    {"ordinal/of-9", "dziewiątego"},
    {"ordinal/of-10", "dziesiątego"},
    {"ordinal/of-11", "jedenastego"},
    {"ordinal/of-12", "dwunastego"},
    {"ordinal/of-13", "trzynastego"},
    {"ordinal/of-14", "czternastego"},
    {"ordinal/of-15", "piętnastego"},
    {"ordinal/of-16", "szesnastego"},
    {"ordinal/of-17", "siedemnastego"},
    {"ordinal/of-18", "osiemnastego"},
    {"ordinal/of-19", "dziewiętnastego"},
    {"ordinal/of-20", "dwudziestego"},
    {"ordinal/of-30", "trzydziestego"},
    {"ordinal/of-40", "czterdziestego"},
    {"ordinal/of-50", "pięćdziesiątego"},
    {"ordinal/of-60", "sześćdziesiątego"},
    {"ordinal/of-70", "siedemdziesiątego"},
    {"ordinal/of-80", "osiemdziesiątego"},
    {"ordinal/of-90", "dziewięćdziesiątego"},
    {"ordinal/year", "roku"},
    // ordinals of hours: nominative, feminine
    {"hour/hour", "godzina"},
    {"hour/0", "zerowa"},
    {"hour/1", "pierwsza"},
    {"hour/2", "druga"},
    {"hour/3", "trzecia"},
    {"hour/4", "czwarta"},
    {"hour/5", "piąta"},
    {"hour/6", "szósta"},
    {"hour/7", "siódma"},
    {"hour/8", "ósma"},
    {"hour/9", "dziewiąta"},
    {"hour/10", "dziesiąta"},
    {"hour/11", "jedenasta"},
    {"hour/12", "dwunasta"},
    {"hour/13", "trzynasta"},
    {"hour/14", "czternasta"},
    {"hour/15", "piętnasta"},
    {"hour/16", "szesnasta"},
    {"hour/17", "siedemnasta"},
    {"hour/18", "osiemnasta"},
    {"hour/19", "dziewiętnasta"},
    {"hour/20", "dwudziesta"},
    // days and months; 0 is Monday and January
    {"day/0", "poniedziałek"},
    {"day/1", "wtorek"},
    {"day/2", "środa"},
    {"day/3", "czwartek"},
    {"day/4", "piątek"},
    {"day/5", "sobota"},
    {"day/6", "niedziela"},
    {"day/today", "dzisiaj"},
    {"day/yesterday", "wczoraj"},
    {"month/1", "stycznia"},
    {"month/2", "lutego"},
    {"month/3", "marca"},
    {"month/4", "kwietnia"},
    {"month/5", "maja"},
    {"month/6", "czerwca"},
    {"month/7", "lipca"},
    {"month/8", "sierpnia"},
    {"month/9", "września"},
    {"month/10", "października"},
    {"month/11", "listopada"},
    {"month/12", "grudnia"},
    // what is counted, in the three forms
    {"count/minute-one", "minuta"},
    {"count/minute-few", "minuty"},
    {"count/minute-many", "minut"},
    {"count/second-one", "sekunda"},
    {"count/second-few", "sekundy"},
    {"count/second-many", "sekund"},
    {"count/new-message-one", "nowa wiadomość"},
    {"count/new-message-few", "nowe wiadomości"},
    {"count/new-message-many", "nowych wiadomości"},
    {"count/saved-message-one", "zachowana wiadomość"},
    {"count/saved-message-few", "zachowane wiadomości"},
    {"count/saved-message-many", "zachowanych wiadomości"},
});

facts::Sound word(const std::string& name) {
  return sound("pl/" + name);
}
facts::Sound digits(std::uint64_t number) {
  return word("digits/" + std::to_string(number));
}

facts::Sound formed(const std::string& name, std::uint64_t number) {
  switch (polish_form(number)) {
    case PolishForm::One:
      return word(name + "-one");
    case PolishForm::Few:
      return word(name + "-few");
    case PolishForm::Many:
      return word(name + "-many");
  }
  return word(name + "-many");
}

// Below 1,000; nothing for 0.
void say_below_thousand(std::uint64_t number, Gender gender, Sounds& out) {
  const bool alone = number == 1;
  if (number >= 100) out.push_back(digits(number / 100 * 100));
  std::uint64_t rest = number % 100;
  if (rest >= 20) {
    out.push_back(digits(rest / 10 * 10));
    rest %= 10;
  }
  if (rest == 0) return;
  const bool feminine = gender == Gender::Feminine && (alone || rest == 2);
  out.push_back(feminine ? word("digits/" + std::to_string(rest) + "F") : digits(rest));
}

// "dwa tysiące", "milion": the count of a big unit, which is left out when it is one.
void say_big(std::uint64_t count, const std::string& unit, Sounds& out) {
  if (count == 0) return;
  if (count > 1) say_below_thousand(count, Gender::Counting, out);
  out.push_back(formed(unit, count));
}

// An ordinal whose tens and ones are both declined: "dwudziestego pierwszego".
void say_ordinal(const std::string& series, std::uint64_t number, Sounds& out) {
  std::uint64_t rest = number;
  if (rest > 20 && rest % 10 != 0) {
    out.push_back(word(series + std::to_string(rest / 10 * 10)));
    rest %= 10;
  }
  out.push_back(word(series + std::to_string(rest)));
}

void say_counted(std::uint64_t number, const std::string& unit, Sounds& out) {
  append(out, polish_number(number, Gender::Feminine));
  out.push_back(formed(unit, number));
}

}  // namespace

std::span<const PolishWord> polish_words() {
  return kWords;
}

PolishForm polish_form(std::uint64_t number) {
  if (number == 1) return PolishForm::One;
  const std::uint64_t ones = number % 10;
  const std::uint64_t tens = number % 100;
  const bool few = ones >= 2 && ones <= 4 && (tens < 12 || tens > 14);
  return few ? PolishForm::Few : PolishForm::Many;
}

Sounds polish_number(std::uint64_t number, Gender gender) {
  if (number == 0) return {digits(0)};
  Sounds out;
  say_big(number / 1'000'000, "digits/million", out);
  say_big(number / 1'000 % 1'000, "digits/thousand", out);
  const std::uint64_t rest = number % 1'000;
  say_below_thousand(rest, number == rest || rest != 1 ? gender : Gender::Counting, out);
  return out;
}

Sounds polish_duration(std::uint64_t minutes, std::uint64_t seconds) {
  Sounds out;
  if (minutes > 0) say_counted(minutes, "count/minute", out);
  if (seconds > 0 || minutes == 0) say_counted(seconds, "count/second", out);
  return out;
}

Sounds polish_time(const model::Local& local) {
  Sounds out{word("hour/hour")};
  say_ordinal("hour/", local.minute / 60, out);
  const std::uint64_t minute = local.minute % 60;
  if (minute == 0) return out;
  if (minute < 10) out.push_back(digits(0));
  append(out, polish_number(minute, Gender::Counting));
  return out;
}

Sounds polish_day(const model::Local& local, bool with_year) {
  Sounds out{word("day/" + std::to_string(local.weekday))};
  say_ordinal("ordinal/of-", local.day, out);
  out.push_back(word("month/" + std::to_string(local.month)));
  const auto year = static_cast<std::uint64_t>(local.year);
  if (!with_year || year % 100 == 0) return out;
  append(out, polish_number(year / 100 * 100, Gender::Counting));
  say_ordinal("ordinal/of-", year % 100, out);
  out.push_back(word("ordinal/year"));
  return out;
}

Sounds polish_messages(std::uint64_t fresh, std::uint64_t saved) {
  Sounds out;
  if (fresh > 0) say_counted(fresh, "count/new-message", out);
  if (fresh > 0 && saved > 0) out.push_back(sound(name_of(Language::Pl, Prompt::And)));
  if (saved > 0) say_counted(saved, "count/saved-message", out);
  return out;
}

}  // namespace service::detail
