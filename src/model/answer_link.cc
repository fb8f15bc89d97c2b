#include "model/answer_link.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace model {
namespace {

constexpr std::string_view kPrefix = "answer\n";

}  // namespace

std::string text_of(const AnswerLink& link) {
  std::string text{kPrefix};
  text.append(link.call).append("\n").append(link.user_id).append("\n");
  return text.append(std::to_string(link.expires.unix_ms));
}

std::optional<AnswerLink> answer_link_from(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const std::size_t first = text.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  AnswerLink link;
  link.call = text.substr(0, first);
  link.user_id = text.substr(first + 1, second - first - 1);
  const std::string_view digits = text.substr(second + 1);
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, link.expires.unix_ms);
  if (digits.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return link;
}

std::string for_path(std::string_view base64) {
  std::string text(base64);
  std::erase(text, '=');
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::string from_path(std::string_view part) {
  constexpr std::size_t kGroup = 4;
  std::string made(part);
  std::ranges::replace(made, '-', '+');
  std::ranges::replace(made, '_', '/');
  while (made.size() % kGroup != 0) made += '=';
  return made;
}

}  // namespace model
