#include "net/loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include "base/time.h"
#include "net/clock.h"
#include "net/handler.h"

namespace net {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

constexpr std::size_t kMaxTasksATurn = 1'024;
constexpr base::Duration kIdleTurn{1'000};
// Whoever waits longer than a system call takes had nothing to do.
constexpr std::chrono::microseconds kWaited{30};
// One long turn is no overload: what waited for it is dealt with in the next ones.
constexpr std::uint32_t kBusyTurns = 4;

// What the callbacks of one watched descriptor need; kept alive by the operations under way.
struct Watched {
  Watched(asio::io_context& io, int fd) : descriptor(io, fd) {}
  Descriptor descriptor;
  std::function<void()> readable, writable;
  bool gone = false;
  bool write_wanted = false;
};

void wait_readable(const std::shared_ptr<Watched>& watched) {
  watched->descriptor.async_wait(Descriptor::wait_read,
                                 [watched](const boost::system::error_code& why) {
                                   if (watched->gone || why == asio::error::operation_aborted) {
                                     return;
                                   }
                                   watched->readable();
                                   if (!watched->gone) wait_readable(watched);
                                 });
}

class WatchImpl final : public Loop::Watch {
 public:
  explicit WatchImpl(std::shared_ptr<Watched> watched) : watched_(std::move(watched)) {}
  WatchImpl(const WatchImpl&) = delete;
  WatchImpl& operator=(const WatchImpl&) = delete;
  ~WatchImpl() override {
    watched_->gone = true;
    // The descriptor belongs to our caller: it leaves the reactor here and stays open.
    (void)watched_->descriptor.release();
  }
  void want_write() override {
    if (watched_->write_wanted || !watched_->writable) return;
    watched_->write_wanted = true;
    watched_->descriptor.async_wait(Descriptor::wait_write,
                                    [watched = watched_](const boost::system::error_code& why) {
                                      watched->write_wanted = false;
                                      if (!watched->gone && why != asio::error::operation_aborted)
                                        watched->writable();
                                    });
  }

 private:
  std::shared_ptr<Watched> watched_;
};

}  // namespace

class Loop::Impl {
 public:
  explicit Impl(LoopOptions options) : options_(options), work_(io_.get_executor()) {}

  void run() {
    while (!stopping_.load(std::memory_order_acquire)) run_turn(kIdleTurn);
  }

  void run_turn(base::Duration longest) {
    now_.reset();
    wait_and_run(longest);
    const base::Now started = now();
    run_tasks(started);
    wake_due(started);
    for (const auto& end : turn_ends_) end.second();
    count_turn(started);
    now_.reset();
  }

  bool post(Task task) {
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.size() >= options_.max_posts) {
        ++counters_.posts_refused;
        return false;
      }
      tasks_.push_back(std::move(task));
      if (woken_) return true;
      woken_ = true;
    }
    asio::post(io_, [this] { note_served(); });
    return true;
  }

  void stop() {
    stopping_.store(true, std::memory_order_release);
    asio::post(io_, [] {});
  }

  LoopCounters counters() {
    const std::lock_guard lock(mutex_);
    LoopCounters read = counters_;
    counters_.longest_turn_ms = 0;
    return read;
  }

  base::Now now() {
    if (!now_) now_ = read_clocks();
    return *now_;
  }

  bool is_behind(base::Duration by) {
    return busy_turns_ >= kBusyTurns && idle_at_ && now().at - *idle_at_ > by;
  }

  // Only a step of the wall clock in this moment makes the age wrong, and then for one reading.
  void note_came(base::WallTime at) {
    const base::Duration age{std::max<std::int64_t>(now().wall.unix_ms - at.unix_ms, 0)};
    if (idle_at_) idle_at_ = std::max(*idle_at_, now().at - age);
  }

  void add(Timed& timed) { timed_.push_back(&timed); }
  void remove(Timed& timed) { std::erase(timed_, &timed); }

  std::uint32_t at_turn_end(std::function<void()> task) {
    turn_ends_.emplace_back(++last_turn_end_, std::move(task));
    return last_turn_end_;
  }
  void forget_turn_end(std::uint32_t id) {
    std::erase_if(turn_ends_, [id](const auto& end) { return end.first == id; });
  }

  std::unique_ptr<Watch> watch(int descriptor, std::function<void()> readable,
                               std::function<void()> writable) {
    auto watched = std::make_shared<Watched>(io_, descriptor);
    watched->descriptor.non_blocking(true);
    watched->readable = [this, readable = std::move(readable)] {
      note_served();
      readable();
    };
    if (writable)
      watched->writable = [this, writable = std::move(writable)] {
        note_served();
        writable();
      };
    wait_readable(watched);
    return std::make_unique<WatchImpl>(std::move(watched));
  }

 private:
  // On the loop's thread: what was waited for is there.
  void note_served() { served_at_ = std::chrono::steady_clock::now(); }

  // Blocks for the first ready thing.
  void wait_and_run(base::Duration longest) {
    base::Duration wait = longest;
    if (const auto due = earliest()) {
      wait = std::clamp(*due - read_clocks().at, base::Duration{0}, longest);
    }
    {
      const std::lock_guard lock(mutex_);
      if (!tasks_.empty()) wait = base::Duration{0};
    }
    const auto before = std::chrono::steady_clock::now();
    served_at_.reset();
    // One handler a turn: asio looks for more only by another system call, mostly for nothing.
    const std::size_t ran = wait > base::Duration{0} ? io_.run_one_for(wait) : io_.poll_one();
    const bool waited = served_at_ && *served_at_ - before > kWaited;
    ++busy_turns_;
    if (ran == 0 || waited || !idle_at_) {
      idle_at_ = now().at;
      busy_turns_ = 0;
    }
  }

  std::vector<Task> take_tasks() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    const std::size_t count = std::min(tasks_.size(), kMaxTasksATurn);
    const auto end = tasks_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Task> batch{std::make_move_iterator(tasks_.begin()), std::make_move_iterator(end)};
    tasks_.erase(tasks_.begin(), end);
    return batch;
  }

  void run_tasks(base::Now now) {
    for (const Task& task : take_tasks()) task(now);
  }

  void wake_due(base::Now now) {
    // By index: what is woken may add to the list or leave it.
    for (std::size_t i = 0; i < timed_.size(); ++i) {
      const auto due = timed_[i]->deadline();
      if (!due || *due > now.at) continue;
      lag_ms_ = (now.at - *due).count();
      timed_[i]->on_time(now);
    }
  }

  [[nodiscard]] std::optional<base::Instant> earliest() const {
    std::optional<base::Instant> first;
    for (const Timed* timed : timed_) {
      const auto due = timed->deadline();
      if (due && (!first || *due < *first)) first = due;
    }
    return first;
  }

  void count_turn(base::Now started) {
    const std::int64_t took = (read_clocks().at - started.at).count();
    const std::lock_guard lock(mutex_);
    ++counters_.turns;
    counters_.longest_turn_ms = std::max(counters_.longest_turn_ms, took);
    counters_.lag_ms = lag_ms_;
  }

  LoopOptions options_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::optional<base::Now> now_;
  std::optional<base::Instant> idle_at_;  // when nothing was ready last, and turns since
  std::uint32_t busy_turns_ = 0;
  // When what was waited for in this turn began to be served.
  std::optional<std::chrono::steady_clock::time_point> served_at_;
  std::int64_t lag_ms_ = 0;
  std::vector<Timed*> timed_;
  std::vector<std::pair<std::uint32_t, std::function<void()>>> turn_ends_;
  std::uint32_t last_turn_end_ = 0;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  // guards what follows
  std::deque<Task> tasks_;
  bool woken_ = false;
  LoopCounters counters_;
};

Loop::Loop(LoopOptions options) : impl_(std::make_unique<Impl>(options)) {}
Loop::~Loop() = default;
void Loop::run() {
  impl_->run();
}
void Loop::run_turn(base::Duration longest) {
  impl_->run_turn(longest);
}
bool Loop::post(Task task) {
  return impl_->post(std::move(task));
}
void Loop::stop() {
  impl_->stop();
}
LoopCounters Loop::counters() {
  return impl_->counters();
}
base::Now Loop::now() {
  return impl_->now();
}
bool Loop::is_behind(base::Duration by) {
  return impl_->is_behind(by);
}
void Loop::note_came(base::WallTime at) {
  impl_->note_came(at);
}
void Loop::add(Timed& timed) {
  impl_->add(timed);
}
void Loop::remove(Timed& timed) {
  impl_->remove(timed);
}
std::uint32_t Loop::at_turn_end(std::function<void()> task) {
  return impl_->at_turn_end(std::move(task));
}
void Loop::forget_turn_end(std::uint32_t id) {
  impl_->forget_turn_end(id);
}
std::unique_ptr<Loop::Watch> Loop::watch(int descriptor, std::function<void()> readable,
                                         std::function<void()> writable) {
  return impl_->watch(descriptor, std::move(readable), std::move(writable));
}

}  // namespace net
