// Live calls, records, events, explain, registrations.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/csv.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/address.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "foresight/draw.h"
#include "model/decode.h"
#include "store/reader.h"
#include "store/record_json.h"

namespace api {
namespace {

constexpr const char* kNoAnswer = "the signalling thread did not answer in time; try again";

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

// One line a record, for `harrier calls`.
std::string line_of(const facts::CallRecord& record) {
  std::string out = store::rfc3339(record.started) + "  " + record.id + "  " + record.from +
                    " -> " + record.dialled + "  " + facts::word(record.outcome);
  if (!record.answered_by.empty()) out += " by " + record.answered_by;
  return out + "  waited " + std::to_string(record.wait_ms / 1000) + " s, talked " +
         std::to_string(record.talk_ms / 1000) + " s\n";
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

bool is_outcome(std::string_view text) {
  return std::ranges::any_of(facts::outcome_words(),
                             [&](const char* word) { return text == word; });
}

std::string known_outcomes() {
  std::string made;
  for (const char* word : facts::outcome_words())
    made.append(made.empty() ? "" : ", ").append(word);
  return made;
}

// `limit`, `cursor`, `sort`, `q`, the filters by name, `from` and `until`. What cannot be read goes
// into `trouble`.
store::RecordFilter filter_of(const Request& request, std::string& trouble) {
  store::RecordFilter filter;
  filter.group = request.parameter("group");
  filter.outcome = request.parameter("outcome");
  if (!filter.outcome.empty() && !is_outcome(filter.outcome))
    trouble = "outcome: " + filter.outcome + " is none; known are " + known_outcomes();
  filter.answered_by = request.parameter("answered_by");
  filter.caller = request.parameter("caller");
  filter.dialled = request.parameter("dialled");
  filter.q = request.parameter("q");
  filter.sort = request.parameter("sort");
  filter.cursor = request.parameter("cursor");
  if (const std::string limit = request.parameter("limit"); !limit.empty()) {
    const auto number = number_of(limit);
    if (!number.has_value() || *number < 1 || *number > 1000)
      trouble = "limit: a whole number from 1 to 1000";
    else
      filter.limit = static_cast<std::size_t>(*number);
  }
  for (const char* name : {"from", "until"}) {
    const std::string text = request.parameter(name);
    if (text.empty()) continue;
    const auto time = model::time_from(text);
    if (!time.has_value())
      trouble = std::string{name} + ": an RFC 3339 time, such as 2026-03-01T12:00:00Z";
    (name == std::string_view{"from"} ? filter.from : filter.until) = time;
  }
  return filter;
}

std::string text_at(const base::Node& node, std::string_view key) {
  const base::Node* found = node.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
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

Response delete_call(const Call& call) {
  const auto done = call.backend.hang_up(call.path.at("id"));
  if (!done) return problem(done.error());
  if (!*done) return problem(404, "there is no live call " + call.path.at("id"));
  return json_text("", 204);
}

Response get_events(const Call& call) {
  Response response;
  response.event_stream = true;
  const std::string last = call.request.header("last-event-id");
  response.events_after = number_of(last.empty() ? call.request.parameter("after") : last);
  return response;
}

Response list_records(const Call& call) {
  std::string trouble;
  const store::RecordFilter filter = filter_of(call.request, trouble);
  if (!trouble.empty()) return problem(400, trouble);
  const auto page = call.backend.records(filter);
  if (!page) return problem(page.error());
  if (call.request.header("accept").find("text/csv") != std::string::npos) {
    Response response = json_text(records_csv(page->items));
    response.type = "text/csv; charset=utf-8";
    if (!page->next.empty()) response.headers.emplace_back("X-Next-Cursor", page->next);
    return response;
  }
  if (wants_text(call.request)) {
    std::string text;
    for (const facts::CallRecord& record : page->items) text += line_of(record);
    return drawing(page->items.empty() ? "no records\n" : std::move(text));
  }
  std::string out = "{\"items\":[";
  for (std::size_t i = 0; i < page->items.size(); ++i)
    out.append(i == 0 ? "" : ",").append(store::to_json(page->items[i], false));
  out += "],";
  append_field(out, "next", page->next);
  return json_text(out + "}");
}

Response get_record(const Call& call) {
  const auto record = call.backend.record(call.path.at("id"));
  if (!record) return problem(record.error());
  if (!record->has_value()) return problem(404, "there is no record " + call.path.at("id"));
  return json_text(store::to_json(**record, true));
}

Response post_explain(const Call& call) {
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  ExplainQuestion question;
  if (body->map() == nullptr) return problem(422, "a JSON object {number, from, at} is expected");
  for (const base::Node::Entry& entry : *body->map())
    if (entry.key != "number" && entry.key != "from" && entry.key != "at")
      return problem(422, "unknown key " + entry.key + "; known: number, from, at");
  question.number = text_at(*body, "number");
  question.from = text_at(*body, "from");
  if (question.number.empty()) return problem(422, "number is missing");
  if (const std::string at = text_at(*body, "at"); !at.empty() && at != "null") {
    question.at = model::time_from(at);
    if (!question.at.has_value())
      return problem(422, "at: an RFC 3339 time, such as 2026-03-01T12:00:00+01:00");
  }
  const auto story = call.backend.explain(question);
  if (!story) return problem(story.error());
  if (wants_text(call.request)) return drawing(foresight::draw(*story));
  return json_text(store::to_json(*story));
}

Response list_registrations(const Call& call) {
  const auto bindings = call.backend.registrations();
  if (!bindings.has_value()) return problem(503, kNoAnswer);
  base::Node items = base::Node::empty_list();
  for (const facts::Binding& binding : *bindings) {
    base::Node one = base::Node::empty_map();
    one.set("user", base::Node::text(binding.user_id));
    one.set("username", base::Node::text(binding.username));
    one.set("contact", base::Node::text(binding.contact));
    one.set("transport", base::Node::text(std::string{base::name_of(binding.flow.transport)}));
    one.set("source", base::Node::text(binding.flow.peer.to_string()));
    one.set("user_agent", base::Node::text(binding.user_agent));
    one.set("expires", base::Node::text(store::rfc3339(binding.expires_at)));
    items.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

}  // namespace api
