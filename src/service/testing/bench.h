#pragma once
// The bench of the services' tests: one service in virtual time, and a log of what it did:
// "5000 play en/vm-intro beep".

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/media.h"
#include "service/service.h"

namespace service::testing {

using Log = std::vector<std::string>;

inline constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z, a Sunday

[[nodiscard]] base::Duration seconds(std::int64_t s);

class Bench {
 public:
  // `service` outlives it.
  explicit Bench(Service& service) : service_(service) {}

  void begin();
  // Lets time pass up to this moment (ms from the start).
  void until(std::int64_t ms);
  void digit(char digit);
  void digits(const std::string& keys);
  void played();
  void recorded(std::int64_t length_ms, facts::RecordingEnd why = facts::RecordingEnd::Stopped);
  void hang_up();
  // Runs `input(now, out)` on the service, for inputs that only this kind of service has.
  template <class Input>
  void with(Input input) {
    Actions out;
    input(now(), out);
    note(out);
  }

  [[nodiscard]] base::Now now() const;
  // Forgets what was logged so far.
  void clear() { log.clear(); }
  Log log;

 private:
  void note(const Actions& out);

  Service& service_;  // given to us
  std::int64_t now_ms_ = 0;
};

}  // namespace service::testing
