#pragma once
// Numbers, lengths and times as lists of recordings, by the rules of each language. A phrase for
// which a recording is missing is said in English.

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "model/zone.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

// What is counted decides the form in Spanish (un, una) and in Polish (jeden, jedna, dwie).
enum class Gender : std::uint8_t { Counting, Masculine, Feminine };

// Key by key: "+48587" is plus four eight five eight seven. What is no key is left out.
[[nodiscard]] Sounds say_digits(const Voice& voice, std::string_view digits);
// 0 to 999,999,999; more is said digit by digit.
[[nodiscard]] Sounds say_number(const Voice& voice, std::uint64_t number,
                                Gender gender = Gender::Counting);
// Minutes and seconds, rounded down to the second: "two minutes five seconds".
[[nodiscard]] Sounds say_duration(const Voice& voice, base::Duration length);
// Whole minutes, rounded up, at least one: for expected waits.
[[nodiscard]] Sounds say_minutes(const Voice& voice, base::Duration length);
// "8:05 p.m.", "las veinte y cinco", "godzina dwudziesta zero pięć".
[[nodiscard]] Sounds say_time(const Voice& voice, const model::Local& local);
// "today", "yesterday", else weekday, day and month, with the year if it is another one; then the
// time.
[[nodiscard]] Sounds say_moment(const Voice& voice, base::WallTime at, base::WallTime now,
                                const model::Zone& zone);
// "You have two new messages and one saved message".
[[nodiscard]] Sounds say_messages(const Voice& voice, std::uint64_t fresh, std::uint64_t saved);

}  // namespace service
