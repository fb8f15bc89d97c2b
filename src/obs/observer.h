#pragma once
// The observer: one thread that turns facts and log lines into text, counters and events. Telling
// is a move into a bounded queue: it never blocks and never formats; a full queue drops and counts.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/fact.h"
#include "obs/events.h"
#include "obs/log.h"
#include "obs/log_ring.h"
#include "obs/metrics.h"

namespace obs {

struct ObserverOptions {
  Level level = Level::Info;
  LogFormat format = LogFormat::Text;
  PiiMode pii = PiiMode::Shown;
  std::size_t max_waiting = 65'536;  // facts and lines
  std::size_t keep_events = 2'048;
  // Lines a class (auth.failed, message.dropped, request.refused) may make in a window; the rest is
  // one line "…repeated" with its count at the window's end.
  std::uint32_t hostile_lines = 20;
  base::Duration hostile_window{10'000};
  // Where lines go: one or more at a time, each but the last with its end, so that a busy moment
  // costs one write; default: stderr through spdlog.
  std::function<void(const std::string& lines)> sink;
  // Sees each fact, on the observer's thread, before the feed has it.
  std::function<void(const facts::Fact& fact, base::WallTime at)> sees{};
};

struct ObserverFigures {
  std::uint64_t dropped = 0;     // the queue was full
  std::uint64_t suppressed = 0;  // hostile lines that were summed up
  std::uint64_t lines = 0;
};

// What was told of a trunk last.
struct TrunkSeen {
  bool up = false;
  std::string why;
  base::WallTime since{};
};

class Observer final {
 public:
  explicit Observer(ObserverOptions options = {});
  ~Observer();  // writes what waits, then stops
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // ---- any thread ----
  void tell(facts::Fact fact, base::WallTime at);
  // All facts of one turn at once: one lock.
  void tell(std::vector<facts::Fact>&& facts, base::WallTime at);
  void log(Line line, base::WallTime at);
  void set_level(Level level);
  // Waits until everything told before is written. For shutdown and tests.
  void flush();

  [[nodiscard]] Metrics& metrics();
  [[nodiscard]] Feed& feed();
  [[nodiscard]] const LogRing& log_ring() const;
  [[nodiscard]] ObserverFigures figures() const;
  // Nothing: no word of it yet.
  [[nodiscard]] std::optional<TrunkSeen> trunk(const std::string& id) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The line that a fact makes, nothing if it makes none at any level.
[[nodiscard]] std::optional<Line> line_about(const facts::Fact& fact);
// The level of that line, without making it.
[[nodiscard]] Level level_of(const facts::Fact& fact);

}  // namespace obs
