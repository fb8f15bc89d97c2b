#pragma once
// The letters of RFC 3261's grammar (section 25.1) for readers of this room.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace sip {

[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr bool is_alpha(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}
// token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
namespace detail {
// A set of letters as a table: parsers ask for each byte of each message.
class Letters {
 public:
  constexpr explicit Letters(std::string_view others) {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const char c = static_cast<char>(static_cast<unsigned char>(i));
      in_[i] = is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
    }
  }
  [[nodiscard]] constexpr bool has(char c) const { return in_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> in_{};
};
inline constexpr Letters kTokenLetters{"-.!%*_+`'~"};
}  // namespace detail

[[nodiscard]] constexpr bool is_token_char(char c) {
  return detail::kTokenLetters.has(c);
}
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  for (const char c : text)
    if (!is_token_char(c)) return false;
  return !text.empty();
}
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) {  // any case
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
// True with a letter that would end a line or a C string: such text is never copied into a message.
[[nodiscard]] constexpr bool breaks_a_line(std::string_view text) {
  return text.find('\r') != std::string_view::npos || text.find('\n') != std::string_view::npos ||
         text.find('\0') != std::string_view::npos;
}
// A whole decimal number that fills `text` and is at most `max`.
[[nodiscard]] inline std::optional<std::uint64_t> read_number(std::string_view text,
                                                              std::uint64_t max) {
  std::uint64_t value = 0;
  if (text.empty() || !is_digit(text.front())) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return {};
  return value;
}
// The inside of a quoted string with its escapes undone; other text as it is.
[[nodiscard]] std::string unquoted(std::string_view text);
// `text` as a quoted string; control letters are left out.
[[nodiscard]] std::string quoted(std::string_view text);
// The place after the quoted string that begins at `at`; npos if it never ends.
[[nodiscard]] std::size_t skip_quoted(std::string_view text, std::size_t at);

}  // namespace sip
