#pragma once
// Who wants to be told of the messages that wait for him: subscriptions of message-summary (RFC
// 6665, RFC 3842), found by the tag that we gave them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/ids.h"
#include "sip/dialog.h"

namespace call {

struct Subscription {
  Id id;
  std::string user_id;
  std::string event;  // the Event line's value, with its id if there was one
  std::string tag;    // ours
  sip::Dialog dialog;
  base::Flow flow;  // by which the SUBSCRIBE came
  base::Instant expires_at{};
  bool waits = false;  // a NOTIFY has no answer yet
  bool again = false;  // something changed meanwhile
};

class Subscriptions final {
 public:
  // One that expires then; valid until it is removed.
  [[nodiscard]] Subscription& add(base::Instant expires_at, base::Rng& rng);
  [[nodiscard]] Subscription* find(const Id& id) const { return table_.find(id); }
  void expire_at(Subscription& subscription, base::Instant when);
  void remove(const Id& id);
  // In the order of their slots.
  [[nodiscard]] std::vector<Subscription*> of_user(std::string_view user_id) const;
  [[nodiscard]] std::vector<Subscription*> all() const;
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  // One that has expired.
  [[nodiscard]] Subscription* due(base::Instant now) const;
  [[nodiscard]] std::size_t size() const { return table_.size(); }

 private:
  SlotTable<Subscription> table_;
  std::vector<std::unique_ptr<Subscription>> owned_;            // by slot
  std::set<std::pair<base::Instant, std::uint32_t>> expiries_;  // -> slot
};

}  // namespace call
