// Health, metrics, the description of the API.
#include <string>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"

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
  return json_text(std::string{kOpenApi});
}

}  // namespace api
