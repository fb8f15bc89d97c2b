// What the API asks about webhooks and action URLs.
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "app/backend.h"
#include "app/detail/answer_of.h"
#include "app/hooks.h"
#include "base/result.h"
#include "base/time.h"
#include "model/office.h"
#include "net/clock.h"
#include "notify/courier.h"
#include "obs/events.h"
#include "store/deliveries.h"
#include "store/secrets.h"
#include "store/store.h"

namespace app {

base::Result<std::vector<store::Delivery>, api::Refused> Backend::deliveries(
    const store::DeliveryFilter& filter) {
  return answer_of(parts_.readers.lease()->deliveries(filter));
}

base::Result<std::optional<store::Delivery>, api::Refused> Backend::resend(std::int64_t id) {
  TRY(auto found, answer_of(parts_.readers.lease()->delivery(id)));
  if (!found.has_value() || found->state == store::DeliveryState::Unsettled)
    return std::optional<store::Delivery>{};
  found->state = store::DeliveryState::Waiting;
  found->due = now();
  found->tries = 0;
  found->trouble.clear();
  found->done.reset();
  auto promise = std::make_shared<std::promise<bool>>();
  auto stored = promise->get_future();
  parts_.store.change_deliveries({.updated = {*found}},
                                 [promise](bool done) { promise->set_value(done); });
  if (!stored.get())
    return base::Unexpected{api::Refused{503, "the database does not take it now", {}}};
  parts_.courier.look();
  return found;
}

void Backend::test_webhook(const model::Webhook& webhook) {
  const base::WallTime at = now();
  obs::Event event;
  event.type = "test";
  event.data = R"({"text":"a test from the panel"})";
  const notify::HookEvent made =
      hook_event(std::move(event), "test." + store::new_token().substr(0, 16), at);
  store::Delivery delivery;
  delivery.webhook = webhook.id;
  delivery.event_id = made.id;
  delivery.type = made.type;
  delivery.body = made.body;
  delivery.at = delivery.due = at;
  parts_.courier.tell({std::move(delivery)});
}

}  // namespace app
