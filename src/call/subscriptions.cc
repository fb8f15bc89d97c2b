#include "call/detail/subscriptions.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "call/detail/ids.h"

namespace call {

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

std::vector<Subscription*> Subscriptions::all() const {
  std::vector<Subscription*> out;
  table_.for_each([&](Subscription& subscription) { out.push_back(&subscription); });
  return out;
}

std::optional<base::Instant> Subscriptions::deadline() const {
  if (expiries_.empty()) return std::nullopt;
  return expiries_.begin()->first;
}

Subscription* Subscriptions::due(base::Instant now) const {
  if (expiries_.empty() || expiries_.begin()->first > now) return nullptr;
  return owned_[expiries_.begin()->second].get();
}

}  // namespace call
