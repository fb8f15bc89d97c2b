#pragma once
// Polish: the words from which numbers, lengths and dates are put together, and its rules.

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"
#include "model/zone.h"
#include "service/say.h"
#include "service/service.h"

namespace service::detail {

struct PolishWord {
  std::string_view name;  // below pl/
  std::string_view text;
};
// All recordings of single words that the functions below use.
[[nodiscard]] std::span<const PolishWord> polish_words();

// 1 wiadomość, 2 wiadomości, 5 wiadomości: which of the three forms follows the number.
enum class PolishForm : std::uint8_t { One, Few, Many };
[[nodiscard]] PolishForm polish_form(std::uint64_t number);

// REQUIRES: number < 1,000,000,000.
[[nodiscard]] Sounds polish_number(std::uint64_t number, Gender gender);
[[nodiscard]] Sounds polish_duration(std::uint64_t minutes, std::uint64_t seconds);
[[nodiscard]] Sounds polish_time(const model::Local& local);
[[nodiscard]] Sounds polish_day(const model::Local& local, bool with_year);
[[nodiscard]] Sounds polish_messages(std::uint64_t fresh, std::uint64_t saved);

}  // namespace service::detail
