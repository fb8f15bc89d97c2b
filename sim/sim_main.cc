// sim --seed N: repeats one run. sim --from N --seconds S: runs on from a seed for a bounded time.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/random_run.h"

namespace {

int broken(std::uint64_t seed, const sim::RunResult& result) {
  std::printf("BROKEN: repeat with ./dev sim %llu\n%s", static_cast<unsigned long long>(seed),
              result.problems.c_str());
  std::printf("0 passed, 1 failed\n");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  double seconds = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seconds") == 0)
      seconds = std::strtod(argv[i + 1], nullptr);
    else
      seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t runs = 0;
  std::uint64_t calls = 0;
  std::uint64_t answered = 0;
  std::uint64_t packets = 0;
  const std::uint64_t first = seed;
  do {
    const sim::RunResult result = sim::random_run(seed);
    if (!result.problems.empty()) return broken(seed, result);
    ++runs;
    ++seed;
    calls += result.calls;
    answered += result.answered;
    packets += result.packets;
  } while (std::chrono::steady_clock::now() - begin < std::chrono::duration<double>(seconds));
  std::printf("sim: from seed %llu: %llu runs, %llu calls, %llu answered, %llu packets\n",
              static_cast<unsigned long long>(first), static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(answered),
              static_cast<unsigned long long>(packets));
  std::printf("%llu passed, 0 failed\n", static_cast<unsigned long long>(runs));
  return 0;
}
