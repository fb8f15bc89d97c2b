#include "model/detail/text_rule.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace model::detail {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20U || c == '\x7f';
}

template <class Allowed>
bool all(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool is_number(std::string_view text) {
  const auto allowed = [](char c) {
    return is_alnum(c) || std::string_view("+*#.-()/ _").find(c) != std::string_view::npos;
  };
  return all(text, allowed) && std::any_of(text.begin(), text.end(), is_alnum);
}

bool is_username(std::string_view text) {
  return all(text, [](char c) {
    return is_alnum(c) || std::string_view("-_.!~*'()&=+$,;?/").find(c) != std::string_view::npos;
  });
}

bool is_domain(std::string_view text) {
  return all(text, [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; }) &&
         is_alnum(text.front()) && is_alnum(text.back());
}

bool is_uri(std::string_view text) {
  const bool sip = text.starts_with("sip:") && text.size() > 4;
  const bool sips = text.starts_with("sips:") && text.size() > 5;
  return (sip || sips) && all(text, [](char c) {
           return static_cast<unsigned char>(c) > 0x20U && c != '<' && c != '>' && c != '"' &&
                  static_cast<unsigned char>(c) < 0x7fU;
         });
}

}  // namespace

std::string why_not(std::string_view text, const TextRule& rule) {
  if (text.empty()) return "";
  if (text.size() > rule.longest) return "may be " + std::to_string(rule.longest) + " bytes long";
  if (std::any_of(text.begin(), text.end(), is_control))
    return "may not hold control characters such as line breaks";
  switch (rule.letters) {
    case Letters::Any:
      return "";
    case Letters::Number:
      return is_number(text) ? "" : "may have digits, letters, + * # and the separators . - ( ) /";
    case Letters::Code:
      return all(text, [](char c) { return is_digit(c) || c == '*' || c == '#'; })
                 ? ""
                 : "may have digits, * and #";
    case Letters::Username:
      return is_username(text) ? "" : "may have letters, digits and -_.!~*'()&=+$,;?/";
    case Letters::Domain:
      return is_domain(text) ? "" : "is a domain such as office.example";
    case Letters::Uri:
      return is_uri(text) ? "" : "is a URI such as sip:bob@192.0.2.7";
  }
  return "";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  constexpr std::size_t kLongest = 64;  // longer words are nobody's typing error
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace model::detail
