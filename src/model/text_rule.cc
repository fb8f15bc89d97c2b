#include "model/detail/text_rule.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace model::detail {
namespace {

constexpr const char* kUriForm =
    "is no SIP URI; write it as sip:bob@192.0.2.7, without blanks, quotes and < >";

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

bool is_telephone(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto allowed = [](char c) {
    return is_digit(c) || std::string_view(".-()/ ").find(c) != std::string_view::npos;
  };
  return all(text, allowed) && std::any_of(text.begin(), text.end(), is_digit);
}

bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         all(text, [](char c) { return c != ' ' && c != '<' && c != '>' && c != ','; });
}

bool looks_like_uri(std::string_view text) {
  return text.starts_with("sip:") || text.starts_with("sips:");
}

}  // namespace

std::string why_not(std::string_view text, const TextRule& rule) {
  if (text.empty()) return "";
  if (text.size() > rule.longest) return "may be " + std::to_string(rule.longest) + " bytes long";
  if (std::any_of(text.begin(), text.end(), is_control))
    return "may not hold control characters such as line breaks";
  const auto unless = [](bool good, const char* why) { return std::string(good ? "" : why); };
  switch (rule.letters) {
    case Letters::Any:
      return "";
    case Letters::Number:
      return unless(is_number(text),
                    "may have digits, letters, + * # and the separators . - ( ) /");
    case Letters::Code:
      return unless(text.find_first_not_of("0123456789*#") == std::string_view::npos,
                    "may have digits, * and #");
    case Letters::Username:
      return unless(is_username(text), "may have letters, digits and -_.!~*'()&=+$,;?/");
    case Letters::Domain:
      return unless(is_domain(text), "is a domain such as office.example");
    case Letters::Uri:
      return unless(is_uri(text), kUriForm);
    case Letters::Telephone:
      return unless(is_telephone(text),
                    "is no telephone number; write it as +48587622447 (digits, + in front, and the "
                    "separators . - ( ) / between them)");
    case Letters::Email:
      return unless(is_email(text), "is no e-mail address; write it as bob@office.example");
    case Letters::Target:
      return unless(is_uri(text) || !looks_like_uri(text), kUriForm);
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
