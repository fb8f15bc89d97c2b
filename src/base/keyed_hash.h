#pragma once
// A hash of bytes that a stranger cannot steer without the key: SipHash (Aumasson and Bernstein,
// 2012). For tables whose keys come off the wire.

#include <cstdint>
#include <string_view>

namespace base {

// Drawn once at the start from the system's random source (or the simulator's seed) and handed in.
struct HashSeed {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

// SipHash-1-3: enough for tables; no signature.
[[nodiscard]] std::uint64_t keyed_hash(const HashSeed& seed, std::string_view bytes);
// SipHash-2-4, the variant with published values; here so that a test can compare with them.
[[nodiscard]] std::uint64_t keyed_hash_2_4(const HashSeed& seed, std::string_view bytes);

}  // namespace base
