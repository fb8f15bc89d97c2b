#pragma once
// The thread that tells others by HTTP what happened: webhooks and action URLs. Its spool and its
// log are the store's table of deliveries (store/deliveries.h).
//
// The end of a call is written in the transaction of its record, so that kill -9 does not lose it;
// other events are written a moment after they happened. A request goes out at least once: when the
// process dies between the answer and its note it goes again, with the same webhook-id.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/snapshot.h"
#include "notify/http_client.h"
#include "store/deliveries.h"
#include "store/store.h"

namespace notify {

// An event with its body, as /api/v1/events shows it.
struct HookEvent {
  std::string id;    // the same for all who are told, and at every try
  std::string type;  // "call.answered"
  std::string call;
  std::string body;
  base::WallTime at{};
};

struct HookNote {
  bool warning = false;
  const char* event = "";  // "hook.failed"
  std::string to;          // the webhook, or "group Sales"
  std::string type;
  std::string call;
  std::string cause;
};

struct HookFigures {
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;  // tries that did not end well
  std::uint64_t given_up = 0;
  std::uint64_t dropped = 0;  // too many waited
  std::int64_t waiting = 0;
};

// The action URL of a group, filled with what is known of the call. `moment`: "ring", "answer",
// "missed" or "end"; `agent`: who is rung or answered; `answer_path`: by which he may answer.
// Nothing where the group has none.
[[nodiscard]] std::optional<store::Delivery> action_of(const model::Snapshot& office,
                                                       std::string_view moment,
                                                       const facts::CallRecord& call,
                                                       const std::string& agent, base::WallTime at,
                                                       const std::string& answer_path = {});
// One delivery for each webhook that wants the event.
[[nodiscard]] std::vector<store::Delivery> deliveries_of(const model::Snapshot& office,
                                                         const HookEvent& event);
// True if somebody is told of the end of such a call.
[[nodiscard]] bool told_of_end(const model::Snapshot& office, const facts::CallRecord& call);

// The wait after so many tries; nothing: it is given up.
[[nodiscard]] std::optional<base::Duration> wait_after(const store::Delivery& delivery);

class Courier final {
 public:
  struct Parts {
    store::Store& store;  // started; outlives this
    std::string database_file;
    std::function<std::shared_ptr<const model::Snapshot>()> office;
    std::vector<base::Cidr> allow;  // special addresses that may be asked
    // The events that the end of a call makes.
    std::function<std::vector<HookEvent>(const facts::CallRecord&)> events_of_end;
    std::function<void(const HookNote&)> notes;       // on the thread
    std::function<void(const std::string&)> is_gone;  // a webhook answered 410; on the thread
  };

  // The failure is one clear line.
  [[nodiscard]] static base::Result<std::unique_ptr<Courier>, std::string> open(Parts parts);
  ~Courier();  // stops
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start();
  void stop();

  // ---- any thread ----
  // Keeps and sends them; what is over 10,000 is dropped and counted.
  void tell(std::vector<store::Delivery> deliveries);
  // Looks at the table soon: somebody changed it.
  void look();
  [[nodiscard]] HookFigures figures() const;

  // What the thread does over and over, waiting at most so long for answers; for tests. Not while
  // it runs.
  void round(base::WallTime now, int wait_ms);

 private:
  class Impl;
  explicit Courier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace notify
