// The queue's half of driver.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "model/office.h"
#include "service/queue_line.h"
#include "service/testing/driver.h"

namespace service::testing {
namespace {

constexpr std::uint8_t kAgents = 4;

QueueLine::Settings settings_from(Bytes& bytes) {
  QueueLine::Settings settings;
  settings.strategy = static_cast<model::Strategy>(bytes.next() % 11);
  settings.minimum_agents = bytes.next() % 8 == 0 ? 2 : 0;
  settings.longest_line = 1U + bytes.next() % 6U;
  settings.wrap_up = base::Duration{1'000 * (bytes.next() % 20)};
  if (bytes.next() % 2 == 0) settings.max_wait = base::Duration{1'000 * (1 + bytes.next())};
  settings.seed = bytes.next();
  return settings;
}

class QueueDriver {
 public:
  explicit QueueDriver(Bytes bytes)
      : bytes_(bytes), line_(settings_from(bytes_)), agents_(kAgents) {
    for (std::size_t i = 0; i < agents_.size(); ++i) agents_[i].id = std::to_string(101 + i);
  }

  std::string run() {
    step([&](QueueActions& out) { line_.agents(agents_, now(), out); });
    while (!bytes_.empty() && broken_.empty()) input();
    return broken_;
  }

 private:
  [[nodiscard]] base::Now now() const {
    return {.at = base::Instant{base::Duration{now_ms_}}, .wall = {.unix_ms = now_ms_}};
  }
  [[nodiscard]] const std::string& some_agent() { return agents_[bytes_.next() % kAgents].id; }
  [[nodiscard]] CallerId some_caller() { return CallerId{bytes_.next() % (next_caller_ + 1)}; }

  void input() {
    switch (bytes_.next() % 8) {
      case 0: {
        const CallerId caller{++next_caller_};
        inside_.insert(caller);
        const std::string user = bytes_.next() % 4 == 0 ? some_agent() : "";
        step([&](QueueActions& out) { line_.enter(caller, user, now(), out); });
        break;
      }
      case 1: {
        const CallerId caller = some_caller();
        inside_.erase(caller);
        step([&](QueueActions& out) { line_.leave(caller, now(), out); });
        break;
      }
      case 2: {
        const CallerId caller = some_caller();
        const std::string agent = some_agent();
        step([&](QueueActions& out) { line_.answered(caller, agent, now(), out); });
        break;
      }
      case 3: {
        const CallerId caller = some_caller();
        const std::string agent = some_agent();
        const auto why = static_cast<OfferFailure>(bytes_.next() % 4);
        if (const auto open = offers_.find(agent); open != offers_.end() && open->second == caller)
          offers_.erase(open);
        step([&](QueueActions& out) { line_.failed(caller, agent, why, now(), out); });
        break;
      }
      case 4: {
        const std::string agent = some_agent();
        step([&](QueueActions& out) { line_.call_over(agent, now(), out); });
        break;
      }
      case 5: {
        Agent& agent = agents_[bytes_.next() % kAgents];
        const std::uint8_t state = bytes_.next();
        agent.logged_in = (state & 3U) != 0;
        agent.paused = (state & 12U) == 0;
        agent.reachable = (state & 48U) != 0;
        agent.in_call = (state & 192U) == 0;
        step([&](QueueActions& out) { line_.agents(agents_, now(), out); });
        break;
      }
      default:
        pass(std::int64_t{100} * bytes_.next());
        break;
    }
  }

  void pass(std::int64_t ms) {
    const std::int64_t until = now_ms_ + ms;
    int turns = 0;
    for (std::optional<base::Instant> due = line_.deadline();
         broken_.empty() && due.has_value() && due->time_since_epoch().count() <= until;
         due = line_.deadline()) {
      now_ms_ = std::max(now_ms_, due->time_since_epoch().count());
      if (++turns > 1'000) broken_ = "a deadline that does not move";
      step([&](QueueActions& out) { line_.time_reached(now(), out); });
    }
    now_ms_ = until;
  }

  template <class Input>
  void step(Input input) {
    QueueActions out;
    input(out);
    for (const QueueAction& action : out) note(action);
    if (broken_.empty() && line_.waiting() != inside_.size()) broken_ = "who waits is not counted";
  }

  void note(const QueueAction& action) {
    std::visit(base::Overloaded{
                   [&](const Offer& offer) {
                     if (!inside_.contains(offer.caller)) broken_ = "offers who does not wait";
                     if (!offers_.emplace(offer.agent, offer.caller).second)
                       broken_ = "offers one agent twice";
                   },
                   [&](const Withdraw& withdraw) {
                     const auto open = offers_.find(withdraw.agent);
                     if (open != offers_.end() && open->second == withdraw.caller)
                       offers_.erase(open);
                   },
                   [&](const Connect& connect) {
                     if (inside_.erase(connect.caller) == 0) broken_ = "connects who has left";
                     const auto open = offers_.find(connect.agent);
                     if (open != offers_.end() && open->second == connect.caller)
                       offers_.erase(open);
                   },
                   [&](const Moved& moved) {
                     if (!inside_.contains(moved.caller)) broken_ = "moves who has left";
                   },
                   [&](const SendAway& away) {
                     if (inside_.erase(away.caller) == 0) broken_ = "sends away who has left";
                   },
               },
               action);
  }

  Bytes bytes_;
  QueueLine line_;
  std::vector<Agent> agents_;
  std::int64_t now_ms_ = 0;
  std::uint64_t next_caller_ = 0;
  std::set<CallerId> inside_;
  std::map<std::string, CallerId> offers_;
  std::string broken_;
};

}  // namespace

std::string drive_queue(Bytes bytes) {
  return QueueDriver{bytes}.run();
}

}  // namespace service::testing
