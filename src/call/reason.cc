#include "call/detail/reason.h"

#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace call {
namespace {

constexpr std::string_view kCompletedElsewhere =
    "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"
    "Reason: Q.850;cause=26\r\n";
constexpr std::string_view kDeclinedElsewhere =
    "Reason: SIP;cause=603;text=\"Declined elsewhere\"\r\n"
    "Reason: Q.850;cause=21\r\n";

constexpr auto kCauses = std::to_array<std::pair<std::uint16_t, std::string_view>>({
    {1, "Reason: Q.850;cause=1\r\n"},
    {16, "Reason: Q.850;cause=16\r\n"},
    {17, "Reason: Q.850;cause=17\r\n"},
    {18, "Reason: Q.850;cause=18\r\n"},
    {19, "Reason: Q.850;cause=19\r\n"},
    {20, "Reason: Q.850;cause=20\r\n"},
    {21, "Reason: Q.850;cause=21\r\n"},
    {25, "Reason: Q.850;cause=25\r\n"},
    {41, "Reason: Q.850;cause=41\r\n"},
    {88, "Reason: Q.850;cause=88\r\n"},
    {102, "Reason: Q.850;cause=102\r\n"},
});

// Takes blanks and the separators of a parameter list off the front.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(a[i])) !=
        std::tolower(static_cast<unsigned char>(b[i]))) {
      return false;
    }
  }
  return true;
}

// One part up to `separator` outside quotes; `rest` keeps what follows.
std::string_view take_until(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    const char c = rest[end];
    if (quoted && c == '\\') {
      ++end;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      break;
    }
  }
  if (end >= rest.size()) return std::exchange(rest, std::string_view{});
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return part;
}

bool value_says_completed(std::string_view value) {
  std::string_view rest = value;
  if (!equals_ignoring_case(trimmed(take_until(rest, ';')), "SIP")) return false;
  while (!rest.empty()) {
    std::string_view parameter = take_until(rest, ';');
    const std::string_view name = trimmed(take_until(parameter, '='));
    if (equals_ignoring_case(name, "cause") && trimmed(parameter) == "200") return true;
  }
  return false;
}

}  // namespace

std::string_view reason_lines(StopReason reason) {
  switch (reason) {
    case StopReason::None:
      return {};
    case StopReason::CompletedElsewhere:
      return kCompletedElsewhere;
    case StopReason::CallerGaveUp:
    case StopReason::NormalClearing:
      return q850_line(16);
    case StopReason::TimedOut:
      return q850_line(19);
    case StopReason::DeclinedElsewhere:
      return kDeclinedElsewhere;
    case StopReason::NotAcceptable:
      return "Reason: SIP;cause=488\r\nReason: Q.850;cause=88\r\n";
    case StopReason::Busy:
      return q850_line(17);
    case StopReason::Declined:
      return q850_line(21);
    case StopReason::Unreachable:
      return q850_line(20);
    case StopReason::NoAck:
      return q850_line(102);
    case StopReason::NoMedia:
      return q850_line(41);
  }
  return {};
}

bool says_completed_elsewhere(std::string_view reason_value) {
  std::string_view rest = reason_value;
  while (!rest.empty()) {
    if (value_says_completed(take_until(rest, ','))) return true;
  }
  return false;
}

std::string_view q850_line(std::uint16_t cause) {
  for (const auto& [number, line] : kCauses) {
    if (number == cause) return line;
  }
  return {};
}

}  // namespace call
