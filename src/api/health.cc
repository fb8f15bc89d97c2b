// Health, metrics, the description of the API.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "base/time.h"
#include "store/record_json.h"

namespace api {

Response get_health(const Call&) {
  return json_text(R"({"status":"alive"})");
}

// 200 while calls are served, also when something behind them is not well; 503 only when starting
// or draining.
Response get_ready(const Call& call) {
  const Ready ready = call.backend.ready();
  base::Node body = base::Node::empty_map();
  body.set("status", base::Node::text(ready.serving ? "ready" : ready.why));
  base::Node degraded = base::Node::empty_list();
  for (const std::string& what : ready.degraded) degraded.push(base::Node::text(what));
  body.set("degraded", std::move(degraded));
  return json(body, ready.serving ? 200 : 503);
}

Response get_system(const Call& call) {
  using base::Node;
  const SystemState state = call.backend.system();
  const base::WallTime now = call.backend.now();
  const auto whole = [](std::uint64_t n) { return Node::number(static_cast<std::int64_t>(n)); };
  Node store = Node::empty_map();
  store.set("up", Node::boolean(state.store.up));
  store.set("trouble", Node::text(state.store.trouble));
  store.set("waiting", whole(state.store.waiting));
  store.set("records_written", whole(state.store.records_written));
  store.set("commit_us", whole(state.store.commit_us));
  store.set("journal_used_bytes", whole(state.store.journal.used_bytes));
  store.set("journal_capacity_bytes", whole(state.store.journal.capacity_bytes));
  Node shards = Node::empty_list();
  for (std::size_t i = 0; i < state.shards.size(); ++i) {
    const ShardState& shard = state.shards[i];
    Node one = Node::empty_map();
    one.set("number", whole(i));
    one.set("lag_ms", Node::number(shard.lag_ms));
    one.set("calls", whole(shard.calls));
    one.set("registrations", whole(shard.registrations));
    one.set("transactions", whole(shard.transactions));
    one.set("answers", Node::boolean(shard.answers));
    shards.push(std::move(one));
  }
  Node listeners = Node::empty_list();
  for (const std::string& listener : state.listeners) listeners.push(Node::text(listener));
  Node degraded = Node::empty_list();
  for (const std::string& what : call.backend.ready().degraded) degraded.push(Node::text(what));
  Node disk = Node::empty_map();
  disk.set("free_bytes", whole(state.disk_free_bytes));
  disk.set("size_bytes", whole(state.disk_size_bytes));
  Node events = Node::empty_map();
  events.set("streams", whole(state.event_streams));
  events.set("dropped", whole(state.events_dropped));
  Node certificate = Node::empty_map();
  certificate.set("self_signed", Node::boolean(state.self_signed));
  certificate.set("expires", state.certificate_expires.has_value()
                                 ? Node::text(store::rfc3339(*state.certificate_expires))
                                 : Node::null());
  certificate.set("subject", Node::text(state.certificate_subject));
  Node body = Node::empty_map();
  body.set("version", Node::text(call.backend.version()));
  body.set("started", Node::text(store::rfc3339(state.started)));
  body.set("now", Node::text(store::rfc3339(now)));
  body.set("uptime_s", Node::number((now.unix_ms - state.started.unix_ms) / 1'000));
  body.set("phase", Node::text(state.phase));
  body.set("degraded", std::move(degraded));
  body.set("store", std::move(store));
  body.set("shards", std::move(shards));
  body.set("listeners", std::move(listeners));
  body.set("disk", std::move(disk));
  body.set("events", std::move(events));
  body.set("certificate", std::move(certificate));
  body.set("revision", Node::number(call.backend.snapshot()->revision()));
  return json(body);
}

Response get_metrics(const Call& call) {
  Response response = json_text(call.backend.metrics());
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

Response get_version(const Call& call) {
  base::Node body = base::Node::empty_map();
  body.set("version", base::Node::text(call.backend.version()));
  return json(body);
}

Response get_openapi(const Call&) {
  std::string text;
  for (const std::string_view piece : openapi_pieces()) text += piece;
  return json_text(std::move(text));
}

}  // namespace api
