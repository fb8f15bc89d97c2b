#include "hunt/memory.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"

namespace hunt {
namespace {

constexpr std::string_view kHeader = "1 ";  // the version of the text, then the pointer

template <class Members>
auto place_of(Members& members, std::string_view member) {
  return std::lower_bound(
      members.begin(), members.end(), member,
      [](const MemberMemory& m, std::string_view key) { return m.member < key; });
}

// The entry of `member`, made when it is not there.
MemberMemory& entry_of(Memory& memory, const std::string& member) {
  auto place = place_of(memory.members, member);
  if (place != memory.members.end() && place->member == member) return *place;
  if (memory.members.size() >= kMembersRemembered) {
    const auto oldest = std::min_element(
        memory.members.begin(), memory.members.end(),
        [](const MemberMemory& a, const MemberMemory& b) { return a.last_call < b.last_call; });
    memory.members.erase(oldest);
    place = place_of(memory.members, member);
  }
  return *memory.members.insert(place, MemberMemory{.member = member});
}

// Takes the text up to `end` off the front of `rest`; nothing if `end` does not come.
std::optional<std::string_view> take_until(std::string_view& rest, char end) {
  const auto at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return taken;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const char* begin = text.empty() ? nullptr : &text.front();
  const char* end = begin + text.size();
  const auto [stopped, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

// "answered day last_call member": the member last, because its text may hold blanks.
std::optional<MemberMemory> member_of(std::string_view line) {
  const auto answered = take_until(line, ' ');
  const auto day = take_until(line, ' ');
  const auto last = take_until(line, ' ');
  if (!answered || !day || !last || line.empty()) return std::nullopt;
  const auto count = number_of<std::uint32_t>(*answered);
  const auto midnight = number_of<std::int64_t>(*day);
  if (!count || !midnight) return std::nullopt;
  MemberMemory member{.member = std::string{line}, .answered = *count, .day = {*midnight}};
  if (*last == "-") return member;
  const auto at = number_of<std::int64_t>(*last);
  if (!at) return std::nullopt;
  member.last_call = base::WallTime{*at};
  return member;
}

}  // namespace

void apply(Memory& memory, const MemoryChange& change) {
  std::visit(base::Overloaded{[&](const RoundBegan& began) { memory.pointer = began.member; },
                              [&](const MemberAnswered& call) {
                                memory.pointer = call.member;
                                MemberMemory& member = entry_of(memory, call.member);
                                if (member.day != call.midnight) member.answered = 0;
                                member.day = call.midnight;
                                ++member.answered;
                                member.last_call = call.at;
                              }},
             change);
}

const MemberMemory* find(const Memory& memory, std::string_view member) {
  const auto place = place_of(memory.members, member);
  if (place == memory.members.end() || place->member != member) return nullptr;
  return &*place;
}

std::uint32_t answered_since(const Memory& memory, std::string_view member,
                             base::WallTime midnight) {
  const MemberMemory* found = find(memory, member);
  return found != nullptr && found->day == midnight ? found->answered : 0;
}

std::string encode(const Memory& memory) {
  std::string text{kHeader};
  text += memory.pointer + '\n';
  for (const MemberMemory& member : memory.members) {
    if (member.member.find('\n') != std::string::npos) continue;  // no name of ours holds one
    text += std::to_string(member.answered) + ' ' + std::to_string(member.day.unix_ms) + ' ';
    text += member.last_call ? std::to_string(member.last_call->unix_ms) : "-";
    text += ' ' + member.member + '\n';
  }
  return text;
}

std::optional<Memory> decode(std::string_view text) {
  if (!text.starts_with(kHeader)) return std::nullopt;
  text.remove_prefix(kHeader.size());
  Memory memory;
  const auto pointer = take_until(text, '\n');
  if (!pointer) return std::nullopt;
  memory.pointer = *pointer;
  while (!text.empty()) {
    const auto line = take_until(text, '\n');
    if (!line) return std::nullopt;
    auto member = member_of(*line);
    const bool in_order = memory.members.empty() || !member.has_value() ||
                          memory.members.back().member < member->member;
    if (!member || !in_order || memory.members.size() >= kMembersRemembered) return std::nullopt;
    memory.members.push_back(std::move(*member));
  }
  return memory;
}

}  // namespace hunt
