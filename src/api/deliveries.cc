// What was told to others by HTTP, or is to be: the log, sending again, trying a webhook.
#include "store/deliveries.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "model/office.h"
#include "model/thing.h"
#include "store/record_json.h"

namespace api {
namespace {

std::optional<std::int64_t> number_from(const std::string& text) {
  std::int64_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size() || read < 1) return std::nullopt;
  return read;
}

base::Node time_node(const std::optional<base::WallTime>& at) {
  return at.has_value() ? base::Node::text(store::rfc3339(*at)) : base::Node::null();
}

base::Node node_of(const store::Delivery& delivery) {
  const bool waits = delivery.state == store::DeliveryState::Waiting;
  base::Node node = base::Node::empty_map();
  node.set("id", base::Node::text(std::to_string(delivery.id)));
  node.set("webhook", base::Node::text(delivery.webhook));
  node.set("group", base::Node::text(delivery.group));
  node.set("event_id", base::Node::text(delivery.event_id));
  node.set("type", base::Node::text(delivery.type));
  node.set("call", base::Node::text(delivery.call));
  node.set("url", base::Node::text(delivery.url));
  node.set("body", base::Node::text(delivery.body));
  node.set("state", base::Node::text(store::word(delivery.state)));
  node.set("at", time_node(delivery.at));
  node.set("tries", base::Node::number(delivery.tries));
  node.set("status", base::Node::number(delivery.status));
  node.set("trouble", base::Node::text(delivery.trouble));
  node.set("due", time_node(waits ? std::optional{delivery.due} : std::nullopt));
  node.set("done", time_node(delivery.done));
  return node;
}

}  // namespace

Response list_deliveries(const Call& call) {
  constexpr std::int64_t kLimitMax = 1'000;
  store::DeliveryFilter filter;
  filter.webhook = call.request.parameter("webhook");
  filter.call = call.request.parameter("call");
  filter.state = call.request.parameter("state");
  filter.type = call.request.parameter("type");
  if (const std::string text = call.request.parameter("limit"); !text.empty()) {
    const auto limit = number_from(text);
    if (!limit || *limit > kLimitMax) return problem(400, "limit: a whole number from 1 to 1000");
    filter.limit = static_cast<std::size_t>(*limit);
  }
  if (const std::string text = call.request.parameter("cursor"); !text.empty()) {
    const auto before = number_from(text);
    if (!before) return problem(400, "cursor: the `next` of the page before");
    filter.before = *before;
  }
  const auto found = call.backend.deliveries(filter);
  if (!found) return problem(found.error());
  base::Node items = base::Node::empty_list();
  for (const store::Delivery& delivery : *found) items.push(node_of(delivery));
  const bool more = found->size() == filter.limit;
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(more ? std::to_string(found->back().id) : ""));
  return json(body);
}

Response resend_delivery(const Call& call) {
  const std::string& id = call.path.at("id");
  const auto number = number_from(id);
  if (!number) return problem(404, "there is no delivery " + id);
  const auto again = call.backend.resend(*number);
  if (!again) return problem(again.error());
  if (!again->has_value()) return problem(404, "there is no delivery " + id);
  return json(node_of(again->value()), 202);
}

Response test_webhook(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Webhook, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Webhook, call.path.at("id"));
  const auto& webhook = std::get<model::Webhook>(*thing);
  if (!webhook.enabled) return problem(409, "the webhook is off");
  call.backend.test_webhook(webhook);
  base::Node body = base::Node::empty_map();
  body.set("webhook", base::Node::text(webhook.id));
  body.set("type", base::Node::text("test"));
  return json(body, 202);
}

}  // namespace api
