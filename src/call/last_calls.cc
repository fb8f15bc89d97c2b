#include "call/detail/last_calls.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace call {
namespace {

constexpr std::string_view kHead = "1";  // the form of the text

}  // namespace

const LastCall* LastCalls::of(std::string_view user_id) const {
  const auto found = users_.find(user_id);
  return found == users_.end() ? nullptr : &found->second;
}

bool LastCalls::dialled(const std::string& user_id, const std::string& number) {
  LastCall& last = users_[user_id];
  if (last.dialled == number) return false;
  last.dialled = number;
  changed_.insert(user_id);
  return true;
}

bool LastCalls::called(const std::string& user_id, const std::string& number, bool hidden) {
  LastCall& last = users_[user_id];
  if (last.caller == number && last.hidden == hidden) return false;
  last.caller = number;
  last.hidden = hidden;
  changed_.insert(user_id);
  return true;
}

std::vector<std::pair<std::string, std::string>> LastCalls::take_changed() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& user : std::exchange(changed_, {}))
    out.emplace_back(user, encode(users_[user]));
  return out;
}

void LastCalls::restore(const std::string& user_id, std::string_view text) {
  if (auto last = decode_last_call(text); last.has_value()) users_[user_id] = std::move(*last);
}

// Four lines: the form, the number dialled, the caller, and "hidden" or nothing.
std::string encode(const LastCall& last) {
  std::string out{kHead};
  for (const std::string_view line : {std::string_view(last.dialled), std::string_view(last.caller),
                                      std::string_view(last.hidden ? "hidden" : "")}) {
    out += '\n';
    for (const char c : line)
      if (c != '\n') out += c;
  }
  return out;
}

std::optional<LastCall> decode_last_call(std::string_view text) {
  std::array<std::string_view, 4> lines{};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t end = text.find('\n');
    if ((end == std::string_view::npos) != (i + 1 == lines.size())) return std::nullopt;
    lines.at(i) = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (lines[0] != kHead || (!lines[3].empty() && lines[3] != "hidden")) return std::nullopt;
  return LastCall{std::string(lines[1]), std::string(lines[2]), !lines[3].empty()};
}

}  // namespace call
