#pragma once
// Facts as bytes, for the journal: little-endian, length-prefixed, with a version. Not for people.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "facts/fact.h"

namespace store {

enum class DecodeError : std::uint8_t { UnknownVersion, UnknownKind, Truncated, BadValue };

// Appends the encoding of a durable fact to `out`. False (nothing appended) for any other fact.
bool encode(const facts::Fact& fact, std::string& out);
[[nodiscard]] base::Result<facts::Fact, DecodeError> decode(std::string_view bytes);

}  // namespace store
