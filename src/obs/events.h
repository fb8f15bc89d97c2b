#pragma once
// The live feed: facts as events for /api/v1/events, kept in a bounded ring for Last-Event-ID.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "facts/fact.h"

namespace obs {

struct Event {
  std::uint64_t id = 0;  // grows, also over a restart
  base::WallTime time{};
  std::string type;  // "call.attempt.ringing"
  std::string call;  // empty if it is of no call
  std::string data;  // a JSON object
  // {"id": "…", "time": "…", "type": "…", "call": "…", "data": {…}}
  [[nodiscard]] std::string to_json() const;
  // The same with another id: for who is told of it elsewhere.
  [[nodiscard]] std::string to_json(std::string_view as) const;
};

// The event that a fact makes, without id and time; nothing if the feed does not carry it. A call
// that nobody took makes two: call.ended and call.missed.
[[nodiscard]] std::vector<Event> events_of(const facts::Fact& fact);

// Thread-safe.
class Feed final {
 public:
  using Subscriber = std::function<void(const std::shared_ptr<const Event>&)>;

  explicit Feed(std::size_t keep = 2'048, std::size_t max_subscribers = 256);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // The fact is kept as it is: its JSON is made when somebody reads it, and once for all who do.
  void publish(facts::Fact fact, base::WallTime at);
  void publish(Event event, base::WallTime at);

  // First the kept events after `after` (unset: none), then each new one, in order, on the
  // publisher's thread with the feed locked: a subscriber only hands the event on and never blocks.
  // 0: there are max_subscribers already.
  [[nodiscard]] std::uint64_t subscribe(std::optional<std::uint64_t> after, Subscriber subscriber);
  // After this returns the subscriber is not called any more.
  void unsubscribe(std::uint64_t subscription);
  [[nodiscard]] std::vector<std::shared_ptr<const Event>> since(std::uint64_t after,
                                                                std::size_t most) const;
  [[nodiscard]] std::size_t subscribers() const;
  // False: events after this one are not kept any more, or were told by a process before this one.
  [[nodiscard]] bool keeps_all_after(std::uint64_t after) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace obs
