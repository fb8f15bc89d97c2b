#include "service/pin.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace service {
namespace {

constexpr std::uint32_t kFree = 2;
constexpr base::Duration kFirstDelay{30'000};
constexpr base::Duration kLongestDelay{3'600'000};
constexpr std::int64_t kForgottenAfterMs = 86'400'000;
constexpr std::uint32_t kDoublings = 7;  // 30 s · 2^7 is more than an hour

}  // namespace

base::Duration pin_delay(std::uint32_t failures) {
  if (failures <= kFree) return base::Duration{0};
  const std::uint32_t doublings = std::min(failures - kFree - 1, kDoublings);
  return std::min(kFirstDelay * (1 << doublings), kLongestDelay);
}

PinVerdict try_pin(PinTries& tries, std::string_view expected, std::string_view keyed,
                   base::WallTime now) {
  if (now < tries.last) tries.last = now;
  const std::int64_t since_ms = now.unix_ms - tries.last.unix_ms;
  if (since_ms >= kForgottenAfterMs) tries = {};
  if (tries.failures > 0 && since_ms < pin_delay(tries.failures).count())
    return PinVerdict::TooEarly;
  if (!expected.empty() && keyed == expected) {
    tries = {};
    return PinVerdict::Right;
  }
  ++tries.failures;
  tries.last = now;
  return PinVerdict::Wrong;
}

}  // namespace service
