// Live calls and the stream of events.
#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "api/accounts.h"
#include "api/backend.h"
#include "api/callers.h"
#include "api/concerns.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/no_answer.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/time.h"
#include "foresight/draw.h"
#include "model/office.h"
#include "obs/events.h"
#include "store/record_json.h"

namespace api {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append("\"").append(name).append("\":");
  store::append_json_string(out, value);
}

// The record so far with `state` and `legs` added.
std::string live_json(const LiveCall& live, bool with_plan) {
  std::string out = store::to_json(live.record, with_plan);
  out.pop_back();  // the closing brace
  out += ',';
  append_field(out, "state", live.state);
  out += ',';
  append_field(out, "queue", live.queue);
  out += ",\"legs\":[";
  bool first = true;
  for (const LiveLeg& leg : live.legs) {
    if (!first) out += ',';
    first = false;
    out += '{';
    append_field(out, "role", leg.role);
    out += ',';
    append_field(out, "target", leg.target);
    out += ',';
    append_field(out, "state", leg.state);
    out += ',';
    append_field(out, "uri", leg.uri);
    out += ',';
    append_field(out, "sip_call_id", leg.sip_call_id);
    out += '}';
  }
  return out + "]}";
}

bool wants_text(const Request& request) {
  return request.header("accept").find("text/plain") != std::string::npos;
}

Response drawing(std::string text) {
  Response response = json_text(std::move(text));
  response.type = "text/plain; charset=utf-8";
  return response;
}

// A call's picture: what it did, or how far it is.
std::string drawing_of(const LiveCall& live, base::WallTime now) {
  if (live.state == "ended") return foresight::draw(live.record);
  return foresight::draw_live(live.record, now.unix_ms - live.record.started.unix_ms);
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

Response list_calls(const Call& call) {
  const auto calls = call.backend.calls();
  if (!calls.has_value()) return problem(503, kNoAnswer);
  if (wants_text(call.request)) {
    std::string text;
    for (const LiveCall& live : *calls) text += drawing_of(live, call.backend.now()) + "\n";
    return drawing(calls->empty() ? "no live calls\n" : std::move(text));
  }
  std::string out = "{\"items\":[";
  bool first = true;
  for (const LiveCall& live : *calls) {
    if (!first) out += ',';
    first = false;
    out += live_json(live, true);
  }
  return json_text(out + "],\"next\":\"\"}");
}

Response get_call(const Call& call) {
  const std::string& id = call.path.at("id");
  const auto show = [&](const LiveCall& live) {
    return wants_text(call.request) ? drawing(drawing_of(live, call.backend.now()))
                                    : json_text(live_json(live, true));
  };
  if (const auto live = call.backend.call(id); live.has_value()) return show(*live);
  auto record = call.backend.record(id);
  const bool is_by_id = record && record->has_value() && (*record)->id == id;
  // A SIP Call-ID may be that of a call that runs, and of one before it.
  if (!is_by_id)
    for (const LiveCall& live : call.backend.calls().value_or(std::vector<LiveCall>{}))
      if (live.record.sip_call_id == id) return show(live);
  if (!record) return problem(record.error());
  if (record->has_value()) {
    LiveCall ended;
    ended.record = **std::move(record);
    ended.state = "ended";
    return show(ended);
  }
  return problem(404, "there is no call " + id + ", neither live nor in the records");
}

namespace {

// While whoever opened the stream may see it as he did then. A stream does not keep a session from
// ending unused.
std::function<bool()> goes_on_while_known(const Call& call) {
  if (call.caller.is_local) return {};
  const Role role = call.caller.role;
  if (const auto session = own_session(call))
    return [session = *session, role, &desk = call.desk, &backend = call.backend] {
      return desk.sessions.is_open(session.id, backend.now()) &&
             account_of(session, *backend.snapshot()).role == role;
    };
  return [request = call.request, role, &desk = call.desk, &backend = call.backend] {
    const auto caller = caller_of(request, backend, desk);
    return !caller || caller->role == role;  // a database that does not answer ends nothing
  };
}

}  // namespace

// Users see what is about themselves; who sees the office sees all. A stream ends with its session.
Response get_events(const Call& call) {
  Response response;
  response.event_stream = true;
  const std::string last = call.request.header("last-event-id");
  response.events_after = number_of(last.empty() ? call.request.parameter("after") : last);
  if (call.caller.role == Role::User)
    response.shows = [user = call.caller.user_id,
                      &backend = call.backend](const obs::Event& event) {
      return concerns(event, user, *backend.snapshot());
    };
  response.goes_on = goes_on_while_known(call);
  return response;
}

}  // namespace api
