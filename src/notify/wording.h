#pragma once
// The words of mails in each language: what an outcome is called, how a day and a length are
// written, and the patterns (pattern.h) that hold where an administrator has written none.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/zone.h"

namespace notify {

enum class Language : std::uint8_t { En, Pl, Es };
// "en", "pl", "es" of office.yaml; English for any other.
[[nodiscard]] Language language_from(std::string_view text);
[[nodiscard]] std::string_view word(Language language);  // "en"

[[nodiscard]] std::string_view word_of(facts::AttemptResult result, Language language);
[[nodiscard]] std::string_view word_of(facts::Outcome outcome, Language language);
[[nodiscard]] std::string_view unknown_caller(Language language);
// "mailbox general" as a record says it, in this language.
[[nodiscard]] std::string destination(std::string_view text, Language language);

[[nodiscard]] std::string day_of(const model::Zone& zone, base::WallTime at, Language language);
[[nodiscard]] std::string time_of(const model::Zone& zone, base::WallTime at);  // "19:05"
[[nodiscard]] std::string length_of(std::int64_t ms);                           // "1:07"

enum class Letter : std::uint8_t { MissedCall, Message, Day };
[[nodiscard]] std::string_view file_stem(Letter letter);  // "missed"
// The first line is the subject, the third the first of the text.
[[nodiscard]] std::string_view text_pattern(Letter letter, Language language);
[[nodiscard]] std::string_view html_pattern(Letter letter, Language language);

}  // namespace notify
