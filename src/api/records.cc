// Call records: lists, one, CSV, recordings, figures.
#include "api/records.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/decode.h"
#include "store/reader.h"
#include "store/record_csv.h"
#include "store/record_json.h"
#include "store/things.h"

namespace api {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append("\"").append(name).append("\":");
  store::append_json_string(out, value);
}

bool wants_text(const Request& request) {
  return request.header("accept").find("text/plain") != std::string::npos;
}

Response drawing(std::string text) {
  Response response = json_text(std::move(text));
  response.type = "text/plain; charset=utf-8";
  return response;
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

}  // namespace

void read_times(const Request& request, std::optional<base::WallTime>& from,
                std::optional<base::WallTime>& until, std::string& trouble) {
  for (const auto& [name, out] : {std::pair{"from", &from}, std::pair{"until", &until}}) {
    const std::string text = request.parameter(name);
    if (text.empty()) continue;
    *out = model::time_from(text);
    if (!out->has_value())
      trouble = std::string{name} + ": an RFC 3339 time, such as 2026-03-01T12:00:00Z";
  }
}

store::RecordFilter record_filter(const Request& request, std::string& trouble) {
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
  read_times(request, filter.from, filter.until, trouble);
  return filter;
}

Response list_records(const Call& call) {
  std::string trouble;
  const store::RecordFilter filter = record_filter(call.request, trouble);
  if (!trouble.empty()) return problem(400, trouble);
  return records_response(call, filter);
}

Response records_response(const Call& call, const store::RecordFilter& filter) {
  const auto page = call.backend.records(filter);
  if (!page) return problem(page.error());
  if (call.request.header("accept").find("text/csv") != std::string::npos) {
    Response response = json_text(store::records_csv(page->items));
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

Response get_recording(const Call& call) {
  const auto record = call.backend.record(call.path.at("id"));
  if (!record) return problem(record.error());
  if (!record->has_value()) return problem(404, "there is no record " + call.path.at("id"));
  if ((*record)->recording.empty()) return problem(404, "this call was not recorded");
  auto audio = call.backend.recording((*record)->recording);
  if (!audio.has_value()) return problem(404, "the recording is gone");
  Response response;
  response.type = "audio/wav";
  response.body = *std::move(audio);
  return response;
}

// Without `from`: the last 24 hours.
Response get_statistics(const Call& call) {
  std::optional<base::WallTime> from;
  std::optional<base::WallTime> until;
  std::string trouble;
  read_times(call.request, from, until, trouble);
  if (!trouble.empty()) return problem(400, trouble);
  const base::WallTime end = until.value_or(call.backend.now());
  constexpr std::int64_t kDayMs = 24 * 60 * 60 * std::int64_t{1'000};
  const auto figures =
      call.backend.figures(from.value_or(base::WallTime{end.unix_ms - kDayMs}), end);
  if (!figures) return problem(figures.error());
  base::Node items = base::Node::empty_list();
  for (const store::GroupFigures& figure : *figures) {
    base::Node one = base::Node::empty_map();
    one.set("group", base::Node::text(figure.group));
    one.set("outcome", base::Node::text(figure.outcome));
    one.set("calls", base::Node::number(figure.calls));
    one.set("wait_ms", base::Node::number(figure.wait_ms));
    one.set("talk_ms", base::Node::number(figure.talk_ms));
    items.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

}  // namespace api
