#pragma once
// Who wants to be told of something (RFC 6665): messages that wait for him, calls and switches of
// the office, who is there. Subscriptions are found by the tag that we gave them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
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
#include "call/detail/dialog_info.h"
#include "call/detail/ids.h"
#include "call/detail/lamp_list.h"
#include "sip/dialog.h"

namespace call {

enum class Package : std::uint8_t { Messages, Dialog, Presence };

struct Subscription {
  Id id;
  Package package = Package::Messages;
  std::string user_id;   // who watches
  std::string resource;  // what: "user/101", "group/sales", "flag/night"…; empty for Messages
  std::string entity;    // its URI in documents
  std::string event;     // the Event line's value, with its id if there was one
  std::string tag;       // ours
  sip::Dialog dialog;
  base::Flow flow;  // by which the SUBSCRIBE came
  base::Instant expires_at{};
  bool waits = false;  // a NOTIFY has no answer yet
  bool again = false;  // something changed meanwhile
  // Dialog and Presence: what was told, for differences.
  bool wants_all = false;     // the whole state, with the next NOTIFY
  std::uint32_t version = 0;  // of the next document
  DialogLines told;
  std::string told_text;
  std::vector<ListItem> list;  // not empty: a list of lamps (RFC 4662); `resource` is whose
  base::Instant not_before{};  // the next NOTIFY
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
  [[nodiscard]] std::vector<Subscription*> of_resource(std::string_view resource) const;
  [[nodiscard]] std::vector<Subscription*> all() const;
  // After its package, resource and list were set: it watches calls or switches.
  void watch(const Subscription& subscription);
  // Before its list changes.
  void unwatch(const Subscription& subscription);
  [[nodiscard]] std::size_t watching() const { return watching_; }
  // It is to be told at its `not_before`.
  void pace(const Subscription& subscription);
  [[nodiscard]] Subscription* take_paced(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  // One that has expired.
  [[nodiscard]] Subscription* due(base::Instant now) const;
  [[nodiscard]] std::size_t size() const { return table_.size(); }

 private:
  SlotTable<Subscription> table_;
  std::vector<std::unique_ptr<Subscription>> owned_;                         // by slot
  std::set<std::pair<base::Instant, std::uint32_t>> expiries_;               // -> slot
  std::set<std::pair<base::Instant, std::uint32_t>> paced_;                  // -> slot
  std::map<std::string, std::set<std::uint32_t>, std::less<>> by_resource_;  // -> slots
  std::size_t watching_ = 0;
};

}  // namespace call
