#pragma once
// What is wrong or doubtful in a configuration, as a list: never only the first.
//
// Findings are made for people: `message` says what is wrong and what would be right, `path` names
// the place as a JSON pointer into office.yaml ("/groups/0/members/2/for"), `at` is where it stood
// in the text (line 0: made by a program). `code` is one fixed word a program can look at.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"

namespace model {

// Error: the configuration is refused. Warning: it is taken, and probably not meant.
enum class Severity : std::uint8_t { Error, Warning };

struct Finding {
  Severity severity = Severity::Error;
  std::string code;  // "unknown_key", "wrong_type", "out_of_range", "no_such_thing", …
  std::string path;
  base::Position at{};
  std::string message;
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

[[nodiscard]] bool has_errors(const Findings& findings);
// "error" or "warning".
[[nodiscard]] const char* word(Severity severity);
// Moves `more` to the end of `findings`.
void append(Findings& findings, Findings more);
// "office.yaml:12:7: error: message" (without the position when there is none): the form that
// `check` prints and editors understand. Printable.
[[nodiscard]] std::string line_of(const Finding& finding, std::string_view file);

// One name within a path, escaped as RFC 6901 wants it: ~ is ~0, / is ~1; and back.
[[nodiscard]] std::string pointer_part(std::string_view name);
[[nodiscard]] std::string name_of_part(std::string_view part);
// For a terminal: control characters, which may have come from outside, as \\x1b.
[[nodiscard]] std::string printable(std::string_view text);

// The known word with the smallest edit distance, the first of equals; "" when there is none.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            const std::vector<std::string_view>& known);

// A value with what was found on the way; the value is only to be used when ok().
template <class T>
struct Decoded {
  T value{};
  Findings findings;
  [[nodiscard]] bool ok() const { return !has_errors(findings); }
};

}  // namespace model
