#include "sim/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace sim {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Text Text::parse(std::string_view bytes) {
  Text text;
  std::size_t at = bytes.find("\r\n");
  text.start = bytes.substr(0, at);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + 2;
    at = bytes.find("\r\n", begin);
    const std::string_view line = bytes.substr(begin, at - begin);
    if (line.empty()) {
      if (at != std::string_view::npos) text.body = bytes.substr(at + 2);
      break;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    text.add(std::string{trimmed(line.substr(0, colon))},
             std::string{trimmed(line.substr(colon + 1))});
  }
  return text;
}

std::string Text::bytes() const {
  std::string out = start + "\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return out + body;
}

std::string Text::method() const {
  if (is_request()) return start.substr(0, start.find(' '));
  const std::string value = get("CSeq");
  return value.substr(std::min(value.find(' ') + 1, value.size()));
}

int Text::code() const {
  return is_request() ? 0 : std::atoi(start.c_str() + 8);
}

std::string Text::uri() const {
  const std::size_t first = start.find(' ');
  return start.substr(first + 1, start.rfind(' ') - first - 1);
}

std::string Text::get(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

std::vector<std::string> Text::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) values.push_back(value);
  return values;
}

std::string Text::tag(std::string_view header) const {
  const std::string value = get(header);
  const std::size_t close = value.find('>');
  return param(close == std::string::npos ? value : value.substr(close), "tag");
}

std::string Text::branch() const {
  return param(get("Via"), "branch");
}

std::uint32_t Text::cseq() const {
  return static_cast<std::uint32_t>(std::strtoul(get("CSeq").c_str(), nullptr, 10));
}

std::string uri_in(std::string_view value) {
  const std::size_t open = value.find('<');
  if (open == std::string_view::npos) return std::string{value.substr(0, value.find(';'))};
  return std::string{value.substr(open + 1, value.find('>') - open - 1)};
}

std::string param(std::string_view value, std::string_view name) {
  std::size_t at = 0;
  while ((at = value.find_first_of(";, ", at)) != std::string_view::npos) {
    ++at;
    const std::string_view rest = trimmed(value.substr(at));
    if (rest.size() <= name.size() || rest[name.size()] != '=' ||
        !same_name(rest.substr(0, name.size()), name))
      continue;
    std::string_view found = rest.substr(name.size() + 1);
    if (found.starts_with('"')) {
      found.remove_prefix(1);
      return std::string{found.substr(0, found.find('"'))};
    }
    return std::string{found.substr(0, found.find_first_of(";, >"))};
  }
  return {};
}

}  // namespace sim
