#include "model/phone_kinds.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace model {
namespace {

// In the order of the enumeration, but for Other.
constexpr std::array<std::string_view, 6> kNames{"yealink", "snom",  "grandstream",
                                                 "polycom", "cisco", "fanvil"};

// Words of User-Agents that are not the kind's own name.
struct Word {
  std::string_view word;
  PhoneKind kind;
};
constexpr std::array<Word, 2> kWords{
    {{"polyvvx", PhoneKind::Polycom}, {"linksys", PhoneKind::Cisco}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(char a, char b) {
  return lower(a) == lower(b);
}

bool contains(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

PhoneKind kind_at(std::size_t place) {
  return static_cast<PhoneKind>(place + 1);
}

}  // namespace

std::optional<PhoneKind> phone_kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (std::equal(name.begin(), name.end(), kNames[i].begin(), kNames[i].end(), same)) {
      return kind_at(i);
    }
  }
  return std::nullopt;
}

std::span<const std::string_view> phone_kind_names() {
  return kNames;
}

PhoneKind phone_kind_of_agent(std::string_view user_agent) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (contains(user_agent, kNames[i])) return kind_at(i);
  }
  for (const Word& known : kWords) {
    if (contains(user_agent, known.word)) return known.kind;
  }
  return PhoneKind::Other;
}

}  // namespace model
