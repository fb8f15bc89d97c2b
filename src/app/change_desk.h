#pragma once
// Changes of the configuration that people make by codes from their phones: one after another on a
// thread of its own, so that no call waits for the store.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "app/configuration.h"
#include "call/engine.h"

namespace app {

class ChangeDesk final {
 public:
  // What came of a change, on the desk's thread (or at once, when too many wait).
  using Answer = std::function<void(std::uint64_t token, call::ChangeOutcome)>;
  // `configuration` outlives this.
  ChangeDesk(Configuration& configuration, Answer answer);
  ~ChangeDesk();
  ChangeDesk(const ChangeDesk&) = delete;
  ChangeDesk& operator=(const ChangeDesk&) = delete;

  // From any thread; never blocks.
  void ask(call::ChangeOffice wanted);
  // Ends the thread after the change that it is at.
  void stop();

 private:
  void work();

  // Given to us.
  Configuration& configuration_;
  Answer answer_;
  // Owned.
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<call::ChangeOffice> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace app
