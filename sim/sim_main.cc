// sim --seed N: repeats one run. sim --from N --seconds S: runs on from a seed for a bounded time.
// sim --speed CALLS: how many calls of a group of ten a second of CPU time simulates with full SIP.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/random_run.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace {

int broken(std::uint64_t seed, const sim::RunResult& result) {
  std::printf("BROKEN: repeat with ./dev sim %llu\n%s", static_cast<unsigned long long>(seed),
              result.problems.c_str());
  std::printf("0 passed, 1 failed\n");
  return 1;
}

// Ten phones ring at once, the third answers after 2 s and hangs up 2 s later; a new call each
// second.
int speed(std::uint64_t calls) {
  constexpr int kMembers = 10;
  std::vector<model::Member> members;
  for (int i = 1; i <= kMembers; ++i) members.push_back(sim::member(std::to_string(100 + i)));
  model::Office office = sim::office_of_users(kMembers + 1);
  office.groups.push_back(sim::group_of(model::Strategy::RingAll, members));
  office.groups.back().skip_busy = false;
  sim::Scene scene{std::move(office)};
  scene.phone("103").habit.answers = sim::s(2);
  scene.phone("103").habit.hangs_up = sim::s(2);
  const std::clock_t begin = std::clock();
  for (std::uint64_t i = 0; i < calls; ++i) {
    if (i % 1'000 == 999) scene.world.register_all();  // they registered for an hour
    scene.caller().call("600");
    scene.world.run_for(sim::s(1));
  }
  (void)scene.world.run_to_rest();
  const double used = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  const std::string problems = scene.world.verdict();
  std::uint64_t answered = 0;
  for (const auto& record : scene.world.records())
    if (record.outcome == facts::Outcome::Answered) ++answered;
  std::printf("%llu calls, %llu answered, %.0f calls a second\n%s",
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(answered),
              static_cast<double>(calls) / used, problems.c_str());
  return problems.empty() && answered == calls ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  double seconds = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--speed") == 0) return speed(std::strtoull(argv[i + 1], nullptr, 10));
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
