#include "app/signals.h"

#include <chrono>
#include <csignal>
#include <ctime>
#include <pthread.h>

namespace app {

Signals::Signals() {
  sigemptyset(&set_);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, number);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

int Signals::wait(std::chrono::milliseconds limit) {
  timespec time{};
  time.tv_sec = limit.count() / 1000;
  time.tv_nsec = limit.count() % 1000 * 1'000'000;
  const int number = sigtimedwait(&set_, nullptr, &time);
  return number > 0 ? number : 0;
}

}  // namespace app
