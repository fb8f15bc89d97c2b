// What the records say of one group and of its members.
#include "foresight/statistics.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/records.h"
#include "api/router.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "store/reader.h"

namespace api {
namespace {

// Reading more would hold a thread of the API for seconds.
constexpr std::size_t kRecordsMax = 20'000;
constexpr std::size_t kPage = 1'000;
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1'000;
constexpr std::int64_t kInTimeDefaultS = 20;

const model::Group* group_named(const model::Snapshot& snapshot, const std::string& id) {
  for (const model::Group& group : snapshot.office().groups) {
    const auto& extensions = group.extensions;
    if (group.id == id || std::find(extensions.begin(), extensions.end(), id) != extensions.end())
      return &group;
  }
  return nullptr;
}

std::optional<std::int64_t> in_time_of(const Request& request) {
  const std::string text = request.parameter("in_time_s");
  if (text.empty()) return kInTimeDefaultS;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good && seconds >= 1 && seconds <= 3'600 ? std::optional{seconds} : std::nullopt;
}

}  // namespace

// Without `from`: the last 24 hours.
Response get_group_statistics(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const model::Group* group = group_named(*snapshot, call.path.at("id"));
  if (group == nullptr) return problem(404, "there is no group " + call.path.at("id"));
  std::string trouble;
  store::RecordFilter filter;
  read_times(call.request, filter.from, filter.until, trouble);
  if (!trouble.empty()) return problem(400, trouble);
  const auto in_time = in_time_of(call.request);
  if (!in_time.has_value()) return problem(400, "in_time_s: whole seconds, 1 to 3600");
  if (!filter.until.has_value()) filter.until = call.backend.now();
  if (!filter.from.has_value()) filter.from = base::WallTime{filter.until->unix_ms - kDayMs};
  filter.limit = kPage;
  foresight::Statistics statistics(group->name, base::Duration{*in_time * 1'000}, snapshot->zone());
  std::size_t read = 0;
  while (true) {
    const auto page = call.backend.records(filter);
    if (!page) return problem(page.error());
    for (const facts::CallRecord& record : page->items) statistics.add(record);
    read += page->items.size();
    if (page->next.empty()) break;
    if (read >= kRecordsMax)
      return problem(422, "from: there are more than " + std::to_string(kRecordsMax) +
                              " calls since then; ask for a shorter time");
    filter.cursor = page->next;
  }
  return json(foresight::to_node(statistics.result()));
}

}  // namespace api
