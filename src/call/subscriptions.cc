#include "call/detail/subscriptions.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "call/detail/ids.h"

namespace call {
namespace {

std::vector<std::string> watched_by(const Subscription& subscription) {
  if (subscription.list.empty()) return {subscription.resource};
  std::vector<std::string> resources;
  for (const ListItem& item : subscription.list) resources.push_back(item.resource);
  return resources;
}

}  // namespace

Subscription& Subscriptions::add(base::Instant expires_at, base::Rng& rng) {
  auto made = std::make_unique<Subscription>();
  Subscription& subscription = *made;
  subscription.id = table_.add(subscription, rng);
  const std::size_t slot = subscription.id.slot;
  if (owned_.size() <= slot) owned_.resize(slot + 1);
  owned_[slot] = std::move(made);
  subscription.expires_at = expires_at;
  expiries_.emplace(expires_at, subscription.id.slot);
  return subscription;
}

void Subscriptions::expire_at(Subscription& subscription, base::Instant when) {
  expiries_.erase({subscription.expires_at, subscription.id.slot});
  subscription.expires_at = when;
  expiries_.emplace(when, subscription.id.slot);
}

void Subscriptions::remove(const Id& id) {
  const Subscription* subscription = find(id);
  if (subscription == nullptr) return;
  const Id gone = id;  // `id` may be the subscription's own
  expiries_.erase({subscription->expires_at, gone.slot});
  paced_.erase({subscription->not_before, gone.slot});
  unwatch(*subscription);
  table_.remove(gone);
  owned_[gone.slot].reset();
}

std::vector<Subscription*> Subscriptions::of_user(std::string_view user_id) const {
  std::vector<Subscription*> out;
  table_.for_each([&](Subscription& subscription) {
    if (subscription.user_id == user_id) out.push_back(&subscription);
  });
  return out;
}

std::vector<Subscription*> Subscriptions::of_resource(std::string_view resource) const {
  std::vector<Subscription*> out;
  const auto found = by_resource_.find(resource);
  if (found == by_resource_.end()) return out;
  for (const std::uint32_t slot : found->second) out.push_back(owned_[slot].get());
  return out;
}

void Subscriptions::watch(const Subscription& subscription) {
  for (const std::string& resource : watched_by(subscription))
    by_resource_[resource].insert(subscription.id.slot);
  ++watching_;
}

void Subscriptions::unwatch(const Subscription& subscription) {
  bool watched = false;
  for (const std::string& resource : watched_by(subscription)) {
    const auto found = by_resource_.find(resource);
    if (found == by_resource_.end() || found->second.erase(subscription.id.slot) == 0) continue;
    if (found->second.empty()) by_resource_.erase(found);
    watched = true;
  }
  if (watched) --watching_;
}

void Subscriptions::pace(const Subscription& subscription) {
  paced_.emplace(subscription.not_before, subscription.id.slot);
}

Subscription* Subscriptions::take_paced(base::Instant now) {
  if (paced_.empty() || paced_.begin()->first > now) return nullptr;
  Subscription* due = owned_[paced_.begin()->second].get();
  paced_.erase(paced_.begin());
  return due;
}

std::vector<Subscription*> Subscriptions::all() const {
  std::vector<Subscription*> out;
  table_.for_each([&](Subscription& subscription) { out.push_back(&subscription); });
  return out;
}

std::optional<base::Instant> Subscriptions::deadline() const {
  std::optional<base::Instant> first;
  if (!expiries_.empty()) first = expiries_.begin()->first;
  if (!paced_.empty() && (!first.has_value() || paced_.begin()->first < *first))
    first = paced_.begin()->first;
  return first;
}

Subscription* Subscriptions::due(base::Instant now) const {
  if (expiries_.empty() || expiries_.begin()->first > now) return nullptr;
  return owned_[expiries_.begin()->second].get();
}

}  // namespace call
