#pragma once
// The last lines of the log, as they were written: what an administrator reads in the panel where
// he has no shell. In memory only; the whole log is where the sink puts it.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "obs/log.h"

namespace obs {

struct KeptLine {
  std::uint64_t id = 0;  // grows by one each line
  base::WallTime at{};
  Level level = Level::Info;
  std::string event;
  std::string call;  // id; empty: it is of no call
  std::string text;  // the line, in the style of the log
};

// What somebody wants of them: all that is given holds.
struct LogQuestion {
  Level level = Level::Debug;  // at least
  std::string call{};          // id
  std::string text{};          // in lower case, anywhere in the line
  std::uint64_t before = 0;    // only older ones than this id; 0: from the newest on
  std::size_t most = 200;
};

// Thread-safe.
class LogRing final {
 public:
  explicit LogRing(std::size_t keep = 2'000) : keep_(keep) {}
  LogRing(const LogRing&) = delete;
  LogRing& operator=(const LogRing&) = delete;

  // `text`: the line as it is written.
  void keep(const Line& line, base::WallTime at, std::string_view text);
  // The newest first.
  [[nodiscard]] std::vector<KeptLine> find(const LogQuestion& question) const;

 private:
  std::size_t keep_;
  mutable std::mutex mutex_;  // guards what follows
  std::deque<KeptLine> lines_;
  std::uint64_t last_ = 0;
};

}  // namespace obs
