#include "foresight/traffic.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
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

constexpr base::Duration kUsualTalk{180'000};
constexpr double kBusyMost = 0.99;

// What the rings of one member say of him.
struct Rings {
  Observations lengths;
  std::uint64_t declined = 0;
  // Of those dialled while no call of the records kept him: all, and those that found him busy.
  std::uint64_t tried = 0, busy = 0;
};

// When each was in a call, as the records know it.
class Talks {
 public:
  explicit Talks(const std::vector<facts::CallRecord>& records) {
    for (const facts::CallRecord& record : records) {
      if (!record.answered.has_value() || record.talk_ms <= 0) continue;
      const std::int64_t begun = record.answered->unix_ms;
      for (const std::string& who : {record.answered_by, record.from})
        if (!who.empty()) times_[who].emplace_back(begun, begun + record.talk_ms);
    }
    for (auto& [who, times] : times_) std::sort(times.begin(), times.end());
  }
  [[nodiscard]] bool keep(const std::string& who, std::int64_t at) const {
    const auto found = times_.find(who);
    if (found == times_.end()) return false;
    // Talks of one person do not overlap but by a second line: the last few that began decide.
    auto after = std::upper_bound(found->second.begin(), found->second.end(),
                                  std::pair{at, std::numeric_limits<std::int64_t>::max()});
    for (int looked = 0; after != found->second.begin() && looked < kLines; ++looked)
      if ((--after)->second > at) return true;
    return false;
  }

 private:
  static constexpr int kLines = 4;
  std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> times_;
};

void observe_busy(const facts::CallRecord& record, const facts::Attempt& attempt,
                  const Talks& talks, Rings& rings) {
  if (!attempt.dialled_at_ms.has_value() || attempt.result == facts::AttemptResult::Unreachable)
    return;
  const bool took_it = attempt.result == facts::AttemptResult::Won;
  if (!took_it && talks.keep(attempt.target, record.started.unix_ms + *attempt.dialled_at_ms))
    return;
  ++rings.tried;
  if (attempt.result == facts::AttemptResult::Busy) ++rings.busy;
}

// Busy with what the records do not have, for that share of the time: as long at a time as a talk.
void learn_absences(const Rings& rings, base::Duration talk, Person& person) {
  if (rings.busy == 0) return;
  const double share =
      std::min(static_cast<double>(rings.busy) / static_cast<double>(rings.tried), kBusyMost);
  const double free_ms = static_cast<double>(talk.count()) * (1 - share) / share;
  person.busy_for = Lengths::around(talk);
  person.free_for = Lengths::around(base::Duration{static_cast<std::int64_t>(free_ms)});
}

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

Person person_of(const Rings& rings) {
  Person out;
  if (rings.lengths.empty() && rings.declined == 0) return out;
  const double count = static_cast<double>(rings.lengths.size() + rings.declined);
  out.declines = count == 0 ? 0 : static_cast<double>(rings.declined) / count;
  out.answers = 1 - out.declines;  // `pickup` knows when it would never have come
  out.pickup = Lengths::seen(product_limit(rings.lengths));
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
  const Talks talking{records};
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
    for (const facts::Attempt& attempt : record->attempts) {
      observe(attempt, members[attempt.target]);
      observe_busy(*record, attempt, talking, members[attempt.target]);
    }
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
  base::Duration talk = kUsualTalk;
  if (!talks.empty()) {
    base::Duration all{};
    for (const auto& [length, came] : talks) all += length;
    talk = std::max(all / static_cast<std::int64_t>(talks.size()), base::Duration{1'000});
  }
  if (!talks.empty()) out.traffic.talk = Lengths::seen(product_limit(std::move(talks)));
  for (auto& [name, rings] : members) {
    if (rings.lengths.empty() && rings.declined == 0 && rings.busy == 0) continue;
    Person& person = out.people.known[name];
    person = person_of(rings);
    learn_absences(rings, talk, person);
  }
  return out;
}

}  // namespace foresight
