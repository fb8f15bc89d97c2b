#include "base/keyed_hash.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace base {
namespace {

// The four words of state, mixed by additions, rotations and exclusive ors.
struct State {
  std::uint64_t a, b, c, d;

  void mix() {
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }
  void mix(int rounds) {
    for (int i = 0; i < rounds; ++i) mix();
  }
  void take(std::uint64_t word, int rounds) {
    d ^= word;
    mix(rounds);
    a ^= word;
  }
};

// Up to eight bytes, the first one lowest, on every machine alike.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    word = word << 8U | static_cast<unsigned char>(bytes[i]);
  return word;
}

std::uint64_t hash(const HashSeed& seed, std::string_view bytes, int rounds, int final_rounds) {
  // The initial words of the published algorithm.
  State state{seed.first ^ 0x736F6D6570736575ULL, seed.second ^ 0x646F72616E646F6DULL,
              seed.first ^ 0x6C7967656E657261ULL, seed.second ^ 0x7465646279746573ULL};
  const auto length = static_cast<std::uint64_t>(bytes.size());
  while (bytes.size() >= 8) {
    state.take(little_endian(bytes.substr(0, 8)), rounds);
    bytes.remove_prefix(8);
  }
  state.take(little_endian(bytes) | length << 56U, rounds);
  state.c ^= 0xFFU;
  state.mix(final_rounds);
  return state.a ^ state.b ^ state.c ^ state.d;
}

}  // namespace

std::uint64_t keyed_hash(const HashSeed& seed, std::string_view bytes) {
  return hash(seed, bytes, 1, 3);
}

std::uint64_t keyed_hash_2_4(const HashSeed& seed, std::string_view bytes) {
  return hash(seed, bytes, 2, 4);
}

}  // namespace base
