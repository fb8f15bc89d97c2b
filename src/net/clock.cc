#include "net/clock.h"

#include <cstdint>
#include <time.h>

#include "base/time.h"

namespace net {
namespace {

std::int64_t read_ms(clockid_t clock) {
  timespec t{};
  (void)::clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * 1'000 + t.tv_nsec / 1'000'000;
}

}  // namespace

base::Now read_clocks() {
  static const std::int64_t began = read_ms(CLOCK_MONOTONIC);
  const base::Duration since{read_ms(CLOCK_MONOTONIC) - began};
  return {.at = base::Instant{since}, .wall = {.unix_ms = read_ms(CLOCK_REALTIME)}};
}

}  // namespace net
