#include "call/detail/ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/keyed_hash.h"

namespace call {
namespace {

constexpr std::size_t kPlainDigits = 4 + 8 + 16;
constexpr std::size_t kTagDigits = kPlainDigits + 16;

std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4U | digit;
  }
  return value;
}

}  // namespace

void append_hex(std::string& out, std::uint64_t value, int digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i) {
    out += kDigits[static_cast<std::size_t>(value >> static_cast<unsigned>(i * 4) & 0xFU)];
  }
}

std::string Names::plain(const Id& id) const {
  std::string out;
  out.reserve(kTagDigits);
  append_hex(out, shard_, 4);
  append_hex(out, id.slot, 8);
  append_hex(out, id.random, 16);
  return out;
}

std::string Names::tag(const Id& id) const {
  std::string out = plain(id);
  append_hex(out, base::keyed_hash(key_, out), 16);
  return out;
}

std::optional<Id> Names::read_plain(std::string_view text) const {
  if (text.size() != kPlainDigits) return std::nullopt;
  const auto shard = read_hex(text.substr(0, 4));
  const auto slot = read_hex(text.substr(4, 8));
  const auto random = read_hex(text.substr(12, 16));
  if (!shard.has_value() || !slot.has_value() || !random.has_value()) return std::nullopt;
  if (*shard != shard_) return std::nullopt;
  return Id{static_cast<std::uint32_t>(*slot), *random};
}

std::optional<Id> Names::read_tag(std::string_view text) const {
  if (text.size() != kTagDigits) return std::nullopt;
  const auto check = read_hex(text.substr(kPlainDigits));
  if (!check.has_value()) return std::nullopt;
  if (*check != base::keyed_hash(key_, text.substr(0, kPlainDigits))) return std::nullopt;
  return read_plain(text.substr(0, kPlainDigits));
}

std::string Names::seal(std::string_view text) const {
  std::string out;
  append_hex(out, base::keyed_hash(key_, text), 16);
  return out;
}

}  // namespace call
