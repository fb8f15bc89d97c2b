#include "notify/wording.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/zone.h"

namespace notify {
namespace {

// In the order of Language.
using Words = std::array<std::string_view, 3>;

constexpr std::array<Words, 13> kResults{{
    {"answered", "odebrano", "contestó"},
    {"answered elsewhere", "odebrano gdzie indziej", "contestada en otro lugar"},
    {"did not answer", "nie odebrano", "no contestó"},
    {"rang until the caller hung up", "dzwoniło, aż dzwoniący się rozłączył",
     "sonó hasta que el llamante colgó"},
    {"busy", "zajęte", "ocupado"},
    {"declined", "odrzucono", "rechazó"},
    {"not reachable", "niedostępny", "no localizable"},
    {"not rung", "pominięto", "no se llamó"},
    {"did not press the key to take the call", "nie potwierdzono odbioru",
     "no confirmó la llamada"},
    {"not reached", "nie doszło do tego numeru", "no se llegó a llamar"},
    {"removed meanwhile", "usunięto w trakcie", "retirado entretanto"},
    {"sent to the mailbox", "skierowano do poczty głosowej", "enviada al buzón"},
    {"failed", "błąd", "error"},
}};

constexpr std::array<Words, 9> kOutcomes{{
    {"answered", "odebrane", "contestada"},
    {"nobody answered", "nikt nie odebrał", "nadie contestó"},
    {"all were busy", "wszyscy zajęci", "todos ocupados"},
    {"nobody could be reached", "nikt nie był dostępny", "nadie estaba localizable"},
    {"declined", "odrzucone", "rechazada"},
    {"the caller hung up", "dzwoniący się rozłączył", "el llamante colgó"},
    {"redirected", "przekierowane", "desviada"},
    {"failed", "błąd", "error"},
    {"cut by a restart of the server", "przerwane restartem serwera",
     "cortada por un reinicio del servidor"},
}};

struct Kind {
  std::string_view english;
  Words words;
};
constexpr std::array<Kind, 8> kKinds{{
    {"user", {"user", "użytkownik", "usuario"}},
    {"group", {"group", "grupa", "grupo"}},
    {"mailbox", {"mailbox", "poczta głosowa", "buzón"}},
    {"ivr", {"menu", "menu", "menú"}},
    {"queue", {"queue", "kolejka", "cola"}},
    {"number", {"number", "numer", "número"}},
    {"announce", {"announcement", "zapowiedź", "anuncio"}},
    {"chain", {"chain", "łańcuch", "cadena"}},
}};

constexpr std::size_t at(Language language) {
  return static_cast<std::size_t>(language);
}

std::string two(std::uint32_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

Language language_from(std::string_view text) {
  if (text == "pl") return Language::Pl;
  return text == "es" ? Language::Es : Language::En;
}

std::string_view word(Language language) {
  constexpr Words kNames{"en", "pl", "es"};
  return kNames.at(at(language));
}

std::string_view word_of(facts::AttemptResult result, Language language) {
  return kResults.at(static_cast<std::size_t>(result)).at(at(language));
}

std::string_view word_of(facts::Outcome outcome, Language language) {
  return kOutcomes.at(static_cast<std::size_t>(outcome)).at(at(language));
}

std::string_view unknown_caller(Language language) {
  constexpr Words kUnknown{"an unknown caller", "nieznany numer", "un número desconocido"};
  return kUnknown.at(at(language));
}

std::string destination(std::string_view text, Language language) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  for (const Kind& kind : kKinds) {
    if (kind.english != text.substr(0, blank)) continue;
    return std::string(kind.words.at(at(language))) + std::string(text.substr(blank));
  }
  return std::string(text);
}

std::string day_of(const model::Zone& zone, base::WallTime at, Language language) {
  const model::Local day = model::local_of(zone, at);
  const std::string year = std::to_string(day.year);
  switch (language) {
    case Language::En:
      break;
    case Language::Pl:
      return two(day.day) + '.' + two(day.month) + '.' + year;
    case Language::Es:
      return two(day.day) + '/' + two(day.month) + '/' + year;
  }
  return year + '-' + two(day.month) + '-' + two(day.day);
}

std::string time_of(const model::Zone& zone, base::WallTime at) {
  const model::Local day = model::local_of(zone, at);
  return two(day.minute / 60) + ':' + two(day.minute % 60);
}

std::string length_of(std::int64_t ms) {
  const std::int64_t seconds = (std::max<std::int64_t>(ms, 0) + 500) / 1'000;
  return std::to_string(seconds / 60) + ':' + two(static_cast<std::uint32_t>(seconds % 60));
}

std::string_view file_stem(Letter letter) {
  switch (letter) {
    case Letter::MissedCall:
      return "missed";
    case Letter::Message:
      return "message";
    case Letter::Day:
      return "day";
  }
  return "missed";
}

}  // namespace notify
