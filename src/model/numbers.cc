// Telephone numbers: visual separators and the plain way to E.164.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "model/detail/canonical.h"
#include "model/snapshot.h"

namespace model {
namespace {

// How a country writes its numbers: its code, the digit(s) before a national number, and how long
// a national number is without it (others are left alone).
struct Country {
  std::string_view iso, code, national;
  std::size_t shortest = 8;
  std::size_t longest = 11;
};
constexpr auto kCountries = std::to_array<Country>({
    {"at", "43", "0", 7},     {"au", "61", "0", 9, 9},   {"be", "32", "0", 8},
    {"bg", "359", "0", 7},    {"br", "55", "0", 10, 11}, {"ca", "1", "1", 10, 10},
    {"ch", "41", "0", 9, 9},  {"cy", "357", "", 8, 8},   {"cz", "420", "", 9, 9},
    {"de", "49", "0", 7},     {"dk", "45", "", 8, 8},    {"ee", "372", "", 7, 8},
    {"es", "34", "", 9, 9},   {"fi", "358", "0", 7},     {"fr", "33", "0", 9, 9},
    {"gb", "44", "0", 9, 10}, {"gr", "30", "", 10, 10},  {"hr", "385", "0", 8},
    {"hu", "36", "06", 8},    {"ie", "353", "0", 7},     {"it", "39", "", 8},
    {"lt", "370", "8", 8, 8}, {"lu", "352", "", 6},      {"lv", "371", "", 8, 8},
    {"mx", "52", "", 10, 10}, {"nl", "31", "0", 9, 9},   {"no", "47", "", 8, 8},
    {"nz", "64", "0", 8},     {"pl", "48", "", 9, 9},    {"pt", "351", "", 9, 9},
    {"ro", "40", "0", 9, 9},  {"se", "46", "0", 7},      {"si", "386", "0", 8, 8},
    {"sk", "421", "0", 9, 9}, {"tr", "90", "0", 10, 10}, {"ua", "380", "0", 9, 9},
    {"us", "1", "1", 10, 10}, {"za", "27", "0", 9, 9},
});

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string strip_separators(std::string_view number) {
  std::string made;
  for (const char c : number)
    if (std::string_view(" .-()/").find(c) == std::string_view::npos) made += c;
  return made;
}

std::string plain_e164(std::string_view number, std::string_view country) {
  std::string bare = strip_separators(number);
  if (bare.starts_with('+')) return bare;
  if (!all_digits(bare)) return bare;
  if (bare.starts_with("00")) return "+" + bare.substr(2);
  const std::string iso = detail::lower(country);
  const auto found = std::find_if(kCountries.begin(), kCountries.end(),
                                  [&](const Country& known) { return known.iso == iso; });
  if (found == kCountries.end()) return bare;
  std::string_view rest = bare;
  // North America dials 1 before ten digits, others a trunk prefix before the national number.
  if (!found->national.empty() && rest.starts_with(found->national))
    rest.remove_prefix(found->national.size());
  else if (!found->national.empty() && found->code != "1")
    return bare;
  if (rest.size() < found->shortest || rest.size() > found->longest) return bare;
  return "+" + std::string(found->code) + std::string(rest);
}

bool is_public_number(std::string_view number) {
  const std::string bare = strip_separators(number);
  const std::string_view digits = std::string_view(bare).substr(bare.starts_with('+') ? 1 : 0);
  if (!all_digits(digits) || digits.size() > 20) return false;
  return bare.starts_with('+') || (bare.starts_with('0') && bare.size() >= 4) || bare.size() >= 7;
}

}  // namespace model
