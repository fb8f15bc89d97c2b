#include "obs/observer.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/fact.h"
#include "obs/events.h"
#include "obs/log.h"
#include "obs/log_ring.h"
#include "obs/metrics.h"

namespace obs {
namespace {

// How long facts wait until the observer looks: who tells never wakes it, for a wake-up is a system
// call on a signalling thread.
constexpr std::chrono::milliseconds kEvery{50};

struct Told {
  std::variant<facts::Fact, Line> what;
  base::WallTime at;
};

// Lines that wait for one write at most; more come in several.
constexpr std::size_t kMaxUnwritten = 64UL * 1024;

// stderr, the lines as they are.
std::function<void(const std::string&)> stderr_sink() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  auto logger = std::make_shared<spdlog::logger>("harrier", std::move(sink));
  logger->set_pattern("%v");
  return [logger](const std::string& lines) {
    logger->log(spdlog::level::critical, std::string_view{lines});
  };
}

bool is_hostile(std::string_view event) {
  return event == "auth.failed" || event == "message.dropped" || event == "request.refused" ||
         event == "login.failed";
}

}  // namespace

class Observer::Impl {
 public:
  explicit Impl(ObserverOptions options)
      : feed(options.keep_events), options_(std::move(options)), level_(options_.level) {
    if (!options_.sink) options_.sink = stderr_sink();
    thread_ = std::thread([this] { work(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void tell(Told told) {
    const std::lock_guard lock(mutex_);
    keep(std::move(told));
  }
  void tell(std::vector<facts::Fact>&& facts, base::WallTime at) {
    if (facts.empty()) return;
    const std::lock_guard lock(mutex_);
    for (facts::Fact& fact : facts) keep({std::move(fact), at});
  }

  void flush() {
    std::unique_lock lock(mutex_);
    const std::uint64_t wanted = ++flushes_asked_;
    wake_.notify_all();
    flushed_.wait(lock, [&] { return flushes_done_ >= wanted; });
  }

  [[nodiscard]] std::optional<TrunkSeen> trunk(const std::string& id) const {
    const std::lock_guard lock(trunks_mutex_);
    const auto found = trunks_.find(id);
    return found == trunks_.end() ? std::optional<TrunkSeen>{} : found->second;
  }

  void set_level(Level level) { level_.store(level, std::memory_order_relaxed); }

  [[nodiscard]] ObserverFigures figures() const {
    const std::lock_guard lock(mutex_);
    ObserverFigures read = figures_;
    read.suppressed = suppressed_.load(std::memory_order_relaxed);
    read.lines = lines_.load(std::memory_order_relaxed);
    return read;
  }

  Metrics metrics;
  Feed feed;
  LogRing log_ring;

 private:
  // Of one class of hostile events in the window that runs.
  struct Window {
    std::chrono::steady_clock::time_point began{};
    std::uint32_t written = 0;
    std::uint64_t swallowed = 0;
    base::WallTime last{};
  };

  void keep(Told told) {
    if (waiting_.size() >= options_.max_waiting) {
      ++figures_.dropped;
      return;
    }
    waiting_.push_back(std::move(told));
  }

  void work() {
    std::vector<Told> batch;  // swapped with waiting_: both keep their room
    std::unique_lock lock(mutex_);
    while (true) {
      (void)wake_.wait_for(lock, kEvery,
                           [this] { return stopping_ || flushes_asked_ != flushes_done_; });
      const bool last = stopping_;
      const std::uint64_t flushes = flushes_asked_;
      batch.clear();
      batch.swap(waiting_);
      lock.unlock();
      for (Told& told : batch) carry_out(told);
      close_windows(last);
      write_out();
      lock.lock();
      flushes_done_ = flushes;
      flushed_.notify_all();
      if (last && waiting_.empty()) return;
    }
  }

  void carry_out(Told& told) {
    std::visit(base::Overloaded{
                   [&](facts::Fact& fact) {
                     metrics.count(fact);
                     if (const auto* trunk = std::get_if<facts::TrunkChanged>(&fact))
                       see(*trunk, told.at);
                     if (level_of(fact) >= level_.load(std::memory_order_relaxed)) {
                       if (const auto line = line_about(fact)) write_bounded(*line, told.at);
                     }
                     if (options_.sees) options_.sees(fact, told.at);
                     feed.publish(std::move(fact), told.at);
                   },
                   [&](Line& line) { write_bounded(line, told.at); },
               },
               told.what);
  }

  void see(const facts::TrunkChanged& trunk, base::WallTime at) {
    const std::lock_guard lock(trunks_mutex_);
    trunks_[trunk.trunk] = {trunk.up, trunk.why, at};
  }

  void write_bounded(const Line& line, base::WallTime at) {
    if (!is_hostile(line.event)) {
      write(line, at);
      return;
    }
    Window& window = windows_[line.event];
    if (window.written == 0) window.began = std::chrono::steady_clock::now();
    window.last = at;
    if (window.written < options_.hostile_lines) {
      ++window.written;
      write(line, at);
    } else {
      ++window.swallowed;
      suppressed_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  void sum_up(std::string_view event, const Window& window) {
    if (window.swallowed == 0) return;
    write({Level::Warn,
           "events.repeated",
           {{"of", event}, {"count", static_cast<std::int64_t>(window.swallowed)}}},
          window.last);
  }

  // Looked at every few milliseconds, so no window lives longer than it should.
  void close_windows(bool all) {
    const auto now = std::chrono::steady_clock::now();
    for (auto it = windows_.begin(); it != windows_.end();) {
      if (all || now - it->second.began >= options_.hostile_window) {
        sum_up(it->first, it->second);
        it = windows_.erase(it);
      } else {
        ++it;
      }
    }
  }

  void write(const Line& line, base::WallTime at) {
    if (line.level < level_.load(std::memory_order_relaxed)) return;
    lines_.fetch_add(1, std::memory_order_relaxed);
    if (!unwritten_.empty()) unwritten_ += '\n';
    const std::size_t begin = unwritten_.size();
    append(unwritten_, line, at, {options_.format, options_.pii});
    log_ring.keep(line, at, std::string_view{unwritten_}.substr(begin));
    if (unwritten_.size() > kMaxUnwritten) write_out();
  }

  void write_out() {
    if (unwritten_.empty()) return;
    options_.sink(unwritten_);
    unwritten_.clear();
  }

  ObserverOptions options_;
  std::atomic<Level> level_;
  std::atomic<std::uint64_t> suppressed_{0}, lines_{0};
  std::map<std::string_view, Window> windows_;  // observer's thread; keys are literals
  std::string unwritten_;                       // observer's thread; lines of this batch
  mutable std::mutex trunks_mutex_;
  std::map<std::string, TrunkSeen> trunks_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_, flushed_;
  std::vector<Told> waiting_;
  std::uint64_t flushes_asked_ = 0, flushes_done_ = 0;
  bool stopping_ = false;
  ObserverFigures figures_;
  std::thread thread_;
};

Observer::Observer(ObserverOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Observer::~Observer() = default;

void Observer::tell(facts::Fact fact, base::WallTime at) {
  impl_->tell(Told{std::move(fact), at});
}
void Observer::tell(std::vector<facts::Fact>&& facts, base::WallTime at) {
  impl_->tell(std::move(facts), at);
}
void Observer::log(Line line, base::WallTime at) {
  impl_->tell(Told{std::move(line), at});
}
void Observer::set_level(Level level) {
  impl_->set_level(level);
}
void Observer::flush() {
  impl_->flush();
}
std::optional<TrunkSeen> Observer::trunk(const std::string& id) const {
  return impl_->trunk(id);
}
Metrics& Observer::metrics() {
  return impl_->metrics;
}
Feed& Observer::feed() {
  return impl_->feed;
}
const LogRing& Observer::log_ring() const {
  return impl_->log_ring;
}
ObserverFigures Observer::figures() const {
  return impl_->figures();
}

}  // namespace obs
