#pragma once
// One thread's event loop. A turn: wait for something ready or for the earliest deadline, read both
// clocks once, run what is ready, wake what is due, run the turn's end (where packets leave).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/time.h"
#include "net/handler.h"

namespace net {

struct LoopCounters {
  std::uint64_t turns = 0;
  std::uint64_t posts_refused = 0;
  std::int64_t longest_turn_ms = 0;  // since the last reading
  std::int64_t lag_ms = 0;           // how late the last due deadline was served
};

struct LoopOptions {
  std::size_t max_posts = 16'384;  // values from other threads that wait at once
};

class Loop final {
 public:
  using Task = std::function<void(base::Now)>;

  explicit Loop(LoopOptions options = {});
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs turns until stop(). The calling thread becomes the loop's thread.
  void run();
  // Runs one turn: waits at most `longest`, then returns. For tests and for a caller's own loop.
  void run_turn(base::Duration longest);

  // ---- from any thread ----
  // Hands `task` to the loop's thread. False (and counted) when max_posts wait already.
  [[nodiscard]] bool post(Task task);
  // Ends run() after the current turn. Also from a signal watcher's thread; not from a handler of
  // the signal itself.
  void stop();
  [[nodiscard]] LoopCounters counters();

  // ---- on the loop's thread, or before run() ----
  // The clocks as read at the start of this turn.
  [[nodiscard]] base::Now now();
  // True while for so long no turn found that nothing was ready, and no note_came() told otherwise:
  // what comes in waits.
  [[nodiscard]] bool is_behind(base::Duration by);
  // What is read now came at that time: what came earlier from there does not wait any more.
  void note_came(base::WallTime at);
  // `timed` stays until remove(); the caller keeps it alive.
  void add(Timed& timed);
  void remove(Timed& timed);
  // Called at the end of every turn, in the order of adding. Returns an id for forget_turn_end.
  std::uint32_t at_turn_end(std::function<void()> task);
  void forget_turn_end(std::uint32_t id);

  // Watches a file descriptor (non-blocking, owned by the caller, open for as long as this lives).
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;
    // Whether the writable callback is wanted: once, at the next moment the descriptor takes data.
    virtual void want_write() = 0;
  };
  // `readable` is called whenever there is something to read (or an error to fetch), level
  // triggered; `writable` (may be empty) once after each want_write(). Destroying the watch inside
  // a callback is allowed.
  [[nodiscard]] std::unique_ptr<Watch> watch(int descriptor, std::function<void()> readable,
                                             std::function<void()> writable = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
