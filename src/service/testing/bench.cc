#include "service/testing/bench.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "base/assert.h"
#include "base/time.h"
#include "facts/media.h"
#include "service/service.h"

namespace service::testing {

base::Duration seconds(std::int64_t s) {
  return base::Duration{s * 1'000};
}

base::Now Bench::now() const {
  return {.at = base::Instant{base::Duration{now_ms_}}, .wall = {.unix_ms = kNoon + now_ms_}};
}

void Bench::note(const Actions& out) {
  for (const Action& action : out) log.push_back(std::to_string(now_ms_) + " " + describe(action));
}

void Bench::begin() {
  with([&](base::Now now, Actions& out) { service_.begin(now, out); });
}

void Bench::until(std::int64_t ms) {
  int turns = 0;
  for (std::optional<base::Instant> due = service_.deadline();
       due.has_value() && due->time_since_epoch().count() <= ms; due = service_.deadline()) {
    ASSERT(++turns < 10'000);  // a deadline that never moves
    now_ms_ = std::max(now_ms_, due->time_since_epoch().count());
    with([&](base::Now now, Actions& out) { service_.time_reached(now, out); });
  }
  now_ms_ = ms;
}

void Bench::digit(char digit) {
  with([&](base::Now now, Actions& out) { service_.digit(digit, now, out); });
}

void Bench::digits(const std::string& keys) {
  for (const char key : keys) digit(key);
}

void Bench::played() {
  with([&](base::Now now, Actions& out) { service_.played(now, out); });
}

void Bench::recorded(std::int64_t length_ms, facts::RecordingEnd why) {
  const Recorded recording{.length = base::Duration{length_ms}, .why = why};
  with([&](base::Now now, Actions& out) { service_.recorded(recording, now, out); });
}

void Bench::hang_up() {
  with([&](base::Now now, Actions& out) { service_.hung_up(now, out); });
}

}  // namespace service::testing
