#include "app/change_desk.h"

#include <cstddef>
#include <mutex>
#include <utility>

#include "app/configuration.h"
#include "call/engine.h"
#include "net/clock.h"

namespace app {
namespace {

constexpr std::size_t kWaitingMax = 256;

}  // namespace

ChangeDesk::ChangeDesk(Configuration& configuration, Answer answer)
    : configuration_(configuration), answer_(std::move(answer)), thread_([this] { work(); }) {}

ChangeDesk::~ChangeDesk() {
  stop();
}

void ChangeDesk::stop() {
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ChangeDesk::ask(call::ChangeOffice wanted) {
  {
    const std::scoped_lock lock{mutex_};
    if (waiting_.size() < kWaitingMax && !stopping_) {
      waiting_.push_back(std::move(wanted));
      wake_.notify_one();
      return;
    }
  }
  answer_(wanted.token, call::ChangeOutcome::Failed);
}

void ChangeDesk::work() {
  for (;;) {
    call::ChangeOffice next;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const auto done = configuration_.change(next.changes, next.who, net::read_clocks().wall);
    auto outcome = call::ChangeOutcome::Done;
    if (!done) {
      const bool cannot_be = done.error().status == 409 || done.error().status == 422;
      outcome = cannot_be ? call::ChangeOutcome::Refused : call::ChangeOutcome::Failed;
    }
    answer_(next.token, outcome);
  }
}

}  // namespace app
