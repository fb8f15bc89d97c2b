#include "foresight/traffic.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/chance.h"
#include "model/zone.h"

namespace foresight {
namespace {

using Observations = std::vector<std::pair<base::Duration, bool>>;

constexpr std::int64_t kWeekMs = 7LL * 24 * 3'600 * 1'000;

// What the rings of one member say of him.
struct Rings {
  Observations lengths;
  std::uint64_t declined = 0;
};

void observe(const facts::Attempt& attempt, Rings& rings) {
  if (!attempt.dialled_at_ms.has_value() || !attempt.ended_at_ms.has_value()) return;
  const base::Duration length{*attempt.ended_at_ms - *attempt.dialled_at_ms};
  switch (attempt.result) {
    case facts::AttemptResult::Won:
    case facts::AttemptResult::NotConfirmed:
      rings.lengths.emplace_back(length, true);
      return;
    case facts::AttemptResult::Declined:
      ++rings.declined;
      return;
    case facts::AttemptResult::AnsweredElsewhere:
    case facts::AttemptResult::TimedOut:
    case facts::AttemptResult::CallerGaveUp:
    case facts::AttemptResult::ToMailbox:
    case facts::AttemptResult::Removed:
      rings.lengths.emplace_back(length, false);
      return;
    case facts::AttemptResult::Busy:
    case facts::AttemptResult::Unreachable:
    case facts::AttemptResult::Skipped:
    case facts::AttemptResult::NotReached:
    case facts::AttemptResult::Failed:
      return;
  }
}

Person person_of(Rings rings) {
  Person out;
  const double count = static_cast<double>(rings.lengths.size() + rings.declined);
  out.declines = count == 0 ? 0 : static_cast<double>(rings.declined) / count;
  out.answers = 1 - out.declines;  // `pickup` knows when it would never have come
  out.pickup = Lengths::seen(product_limit(std::move(rings.lengths)));
  return out;
}

}  // namespace

const Person& Habits::named(std::string_view name) const {
  const auto found = known.find(name);
  return found == known.end() ? usual : found->second;
}

Lengths::Seen product_limit(std::vector<std::pair<base::Duration, bool>> lengths) {
  // Of equal lengths, those that came stand first: who was cut off then had not answered yet.
  std::sort(lengths.begin(), lengths.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  Lengths::Seen out;
  double still = 1;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (!lengths[i].second) continue;
    const double at_risk = static_cast<double>(lengths.size() - i);
    still *= (at_risk - 1) / at_risk;
    if (!out.empty() && out.back().first == lengths[i].first) {
      out.back().second = 1 - still;
    } else {
      out.emplace_back(lengths[i].first, 1 - still);
    }
  }
  return out;
}

Learned learn(const std::vector<facts::CallRecord>& records, const std::vector<std::string>& names,
              const model::Zone& zone) {
  Learned out;
  std::map<std::string, Rings> members;
  Observations waits;
  Observations talks;
  std::vector<const facts::CallRecord*> used;
  for (const facts::CallRecord& record : records) {
    const auto is_meant = [&](const std::string& name) {
      return name == record.dialled || name == record.group;
    };
    if (names.empty() || std::any_of(names.begin(), names.end(), is_meant)) used.push_back(&record);
  }
  std::stable_sort(used.begin(), used.end(),
                   [](const auto* a, const auto* b) { return a->started < b->started; });
  for (const facts::CallRecord* record : used) {
    for (const facts::Attempt& attempt : record->attempts)
      observe(attempt, members[attempt.target]);
    const base::Duration wait{record->wait_ms};
    const bool gave_up = record->outcome == facts::Outcome::Abandoned;
    waits.emplace_back(wait, gave_up);
    Arrival arrival;
    arrival.after = base::Duration{record->started.unix_ms - used.front()->started.unix_ms};
    arrival.from = record->from;
    arrival.number = record->dialled;
    if (gave_up)
      arrival.patience = wait;
    else
      arrival.waited = wait;
    if (record->answered.has_value() && record->talk_ms > 0) {
      arrival.talk = base::Duration{record->talk_ms};
      talks.emplace_back(*arrival.talk, true);
    }
    out.traffic.recorded.push_back(std::move(arrival));
    const model::Local local = model::local_of(zone, record->started);
    out.traffic.week.at(local.weekday * 24 + local.minute / 60) += 1;
  }
  out.used = used.size();
  if (used.empty()) return out;
  out.traffic.begins = used.front()->started;
  const std::int64_t span = used.back()->started.unix_ms - used.front()->started.unix_ms;
  const std::int64_t begun = span / kWeekMs + 1;
  const auto weeks = static_cast<double>(begun);
  for (double& rate : out.traffic.week) rate /= weeks;
  out.traffic.patience = Lengths::seen(product_limit(std::move(waits)));
  if (!talks.empty()) out.traffic.talk = Lengths::seen(product_limit(std::move(talks)));
  for (auto& [name, rings] : members) {
    if (rings.lengths.empty() && rings.declined == 0) continue;
    out.people.known[name] = person_of(std::move(rings));
  }
  return out;
}

}  // namespace foresight
