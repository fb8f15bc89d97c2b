#pragma once
// SIGTERM, SIGINT and SIGHUP as values, taken by one thread that waits for them.

#include <chrono>
#include <csignal>

namespace app {

// Blocks the signals in this thread and all that it starts later; SIGPIPE is ignored.
class Signals final {
 public:
  Signals();
  // The next signal, or 0 after `limit`.
  [[nodiscard]] int wait(std::chrono::milliseconds limit);

 private:
  sigset_t set_{};
};

}  // namespace app
