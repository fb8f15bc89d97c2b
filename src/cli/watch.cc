#include "cli/watch.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

#include "base/node.h"
#include "base/result.h"
#include "cli/client.h"
#include "config/json.h"

namespace cli {
namespace {

using std::chrono::milliseconds;

constexpr int kTriesForTheRecord = 40;  // it is in the store a moment after the call ended

std::string text_at(const base::Node& node, std::string_view key) {
  const base::Node* found = node.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

// Draws calls. On a terminal all that live, again and again in one place, and the one that ended
// last; in a file each state of a call behind the one before.
class Painter {
 public:
  Painter(const Server& server, bool is_terminal) : server_(server), is_terminal_(is_terminal) {}

  void on_event(std::string_view type, const std::string& call) {
    if (type == "call.missed") return;  // said by the end of the call
    const std::scoped_lock lock{mutex_};
    const bool ended = type == "call.ended";
    const std::string picture = picture_of(call, ended ? kTriesForTheRecord : 1);
    if (ended) {
      live_.erase(call);
      ended_ = picture;
    } else {
      live_.insert(call);
    }
    if (is_terminal_)
      redraw();
    else
      print(picture);
  }

  // Time has passed: bars grow.
  void on_tick() {
    const std::scoped_lock lock{mutex_};
    if (!live_.empty()) redraw();
  }

 private:
  // Empty if there is none.
  [[nodiscard]] std::string picture_of(const std::string& call, int tries) const {
    for (int i = 0; i < tries; ++i) {
      if (i > 0) std::this_thread::sleep_for(milliseconds{50});
      const auto reply = ask(server_, {"GET", "/api/v1/calls/" + escaped(call), "", "text/plain"});
      if (reply && reply->status == 200) return reply->body;
    }
    return {};
  }

  void redraw() {
    std::string screen;
    for (const std::string& call : live_) screen += picture_of(call, 1) + "\n";
    screen += ended_;
    if (screen == last_) return;
    last_ = screen;
    std::printf("\x1b[2J\x1b[H%s\n", screen.c_str());
    (void)std::fflush(stdout);
  }

  void print(const std::string& picture) {
    if (picture.empty() || picture == last_) return;
    last_ = picture;
    std::printf("%s\n", picture.c_str());
    (void)std::fflush(stdout);
  }

  // Given to us.
  const Server& server_;
  bool is_terminal_;
  // Plain state, guarded by mutex_.
  std::mutex mutex_;
  std::set<std::string> live_;
  std::string ended_, last_;
};

// Calls on_tick() every second until it is destroyed.
class Ticker {
 public:
  Ticker(Painter& painter, bool wanted) {
    if (!wanted) return;
    thread_ = std::thread([this, &painter] {
      for (int i = 1; !done_; ++i) {
        std::this_thread::sleep_for(milliseconds{100});
        if (i % 10 == 0) painter.on_tick();
      }
    });
  }
  ~Ticker() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace

int watch(const Server& server, bool json) {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  Painter painter{server, is_terminal};
  const Ticker ticker{painter, is_terminal && !json};
  const auto done = follow(server, "/api/v1/events", [&](std::string_view data) {
    if (json) {
      std::printf("%.*s\n", static_cast<int>(data.size()), data.data());
      (void)std::fflush(stdout);
      return true;
    }
    const auto event = config::read_json(data);
    if (!event) return true;
    const std::string call = text_at(*event, "call");
    if (!call.empty()) painter.on_event(text_at(*event, "type"), call);
    return true;
  });
  if (!done) {
    (void)std::fprintf(stderr, "harrier: %s\n", done.error().c_str());
    return 1;
  }
  return 0;
}

}  // namespace cli
