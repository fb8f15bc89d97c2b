#pragma once
// One random life of an office: groups, phones with moods, callers, faults of the network, clock
// steps and an administrator who changes things in mid-call. All drawn from one seed.

#include <cstdint>
#include <string>

namespace sim {

struct RunResult {
  std::string problems;  // empty: sound
  std::uint64_t calls = 0, answered = 0, packets = 0;
};

[[nodiscard]] RunResult random_run(std::uint64_t seed);

}  // namespace sim
