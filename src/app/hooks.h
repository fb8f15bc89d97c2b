#pragma once
// Webhooks and action URLs as this program runs them: which facts become deliveries, and the thread
// that delivers them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/configuration.h"
#include "app/mail.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "model/snapshot.h"
#include "notify/courier.h"
#include "obs/events.h"
#include "obs/observer.h"
#include "store/deliveries.h"
#include "store/store.h"

namespace app {

class Hooks final {
 public:
  struct Parts {
    store::Store& store;
    obs::Observer& observer;
    std::string database_file;
    std::vector<base::Cidr> allow;
    OfficeOfNow office;
    std::function<void(const std::string&)> switch_off;  // a webhook that is gone; on its thread
    std::function<std::string(std::string_view)> seal;   // what only this server opens
  };
  // The failure is one clear line.
  [[nodiscard]] static base::Result<std::unique_ptr<Hooks>, std::string> open(Parts parts);

  // On the observer's thread, every fact.
  void see(const facts::Fact& fact, base::WallTime at);
  [[nodiscard]] notify::Courier& courier() { return *courier_; }

 private:
  Hooks(OfficeOfNow office, std::function<std::string(std::string_view)> seal)
      : office_(std::move(office)), seal_(std::move(seal)) {}
  void see_events(const model::Snapshot& office, const facts::Fact& fact, base::WallTime at,
                  std::vector<store::Delivery>& told);
  void see_actions(const model::Snapshot& office, const facts::Fact& fact, base::WallTime at,
                   std::vector<store::Delivery>& told);

  // "/answer/…" by which this user answers this call; empty for who is no user.
  [[nodiscard]] std::string answer_path(const model::Snapshot& office, const std::string& call,
                                        const std::string& agent, base::WallTime at) const;

  OfficeOfNow office_;
  std::function<std::string(std::string_view)> seal_;
  std::unique_ptr<notify::Courier> courier_;
  // Of the observer's thread.
  std::map<std::string, facts::CallRecord> calls_;  // that ring or may ring, as they began
  std::uint64_t events_ = 0;
};

// A webhook that is gone gets no more events.
void switch_off_webhook(Configuration& configuration, const std::string& id);

// A webhook's event of an event of the feed.
[[nodiscard]] notify::HookEvent hook_event(obs::Event event, std::string id, base::WallTime at);

}  // namespace app
