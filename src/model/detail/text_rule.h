#pragma once
// What letters a text of the configuration may have. No text may hold a control character: many of
// them are written into SIP header fields.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace model::detail {

enum class Letters : std::uint8_t {
  Any,        // no control characters
  Number,     // digits, letters, + * # and visual separators; at least one digit or letter
  Code,       // * # and digits
  Username,   // the user part of a SIP URI, unescaped (RFC 3261 section 25.1)
  Domain,     // host letters
  Uri,        // begins with sip: or sips:, has something behind it, no blanks
  Telephone,  // digits with visual separators, + at most in front
  Email,      // something@something without blanks
  Target      // whatever may be rung: a Uri when it begins like one
};

struct TextRule {
  Letters letters = Letters::Any;
  std::size_t longest = 255;  // bytes
  bool required = false;
};

// Empty when `text` obeys; else what would be right ("may have digits, …"). The empty text obeys.
[[nodiscard]] std::string why_not(std::string_view text, const TextRule& rule);

// The known word with the smallest edit distance (Levenshtein); "" when `known` is empty.
template <class Range>
[[nodiscard]] std::string_view nearest(std::string_view word, const Range& known);

// Number of letters to insert, remove or replace.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string_view nearest(std::string_view word, const Range& known) {
  std::string_view best;
  std::size_t least = static_cast<std::size_t>(-1);
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace model::detail
