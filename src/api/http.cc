#include "api/http.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace api {

std::string Request::header(std::string_view lower_name) const {
  const auto found = headers.find(std::string{lower_name});
  return found == headers.end() ? std::string{} : found->second;
}

std::string Request::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string{} : found->second;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return {};
    out += static_cast<char>(value);
    i += 2;
  }
  if (out.find('\0') != std::string::npos) return {};
  return out;
}

bool read_target(std::string_view target, Request& request) {
  if (!target.starts_with('/')) return false;
  const std::size_t question = target.find('?');
  request.path = std::string{target.substr(0, question)};
  if (!percent_decoded(request.path).has_value()) return false;
  if (question == std::string_view::npos) return true;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view item = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    const std::size_t equals = item.find('=');
    const auto name = percent_decoded(item.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::optional<std::string>{""}
                                                        : percent_decoded(item.substr(equals + 1));
    if (!name.has_value() || !value.has_value()) return false;
    request.query[*name] = *value;
  }
  return true;
}

}  // namespace api
