#include "foresight/statistics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "base/node.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/group_part.h"
#include "foresight/figures.h"
#include "model/zone.h"

namespace foresight {
namespace {

base::Node seconds(double s) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.1f", s);
  return base::Node::plain(text.data());
}
base::Node fraction(double share) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.4f", share);
  return base::Node::plain(text.data());
}
base::Node whole(std::uint64_t n) {
  return base::Node::number(static_cast<std::int64_t>(n));
}
double share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

base::Node waits(const Waits& all) {
  base::Node out = base::Node::empty_map();
  out.set("mean_s", seconds(all.mean_s()));
  out.set("median_s", seconds(all.quantile_s(0.5)));
  out.set("p90_s", seconds(all.quantile_s(0.9)));
  out.set("p99_s", seconds(all.quantile_s(0.99)));
  return out;
}

base::Node member_node(const std::string& name, const MemberStatistics& m) {
  base::Node out = base::Node::empty_map();
  out.set("member", base::Node::text(name));
  for (const auto& [key, count] :
       {std::pair{"rang", m.rang}, std::pair{"answered", m.answered}, std::pair{"missed", m.missed},
        std::pair{"answered_elsewhere", m.elsewhere}, std::pair{"declined", m.declined},
        std::pair{"busy", m.busy}, std::pair{"unreachable", m.unreachable},
        std::pair{"skipped", m.skipped}})
    out.set(key, whole(count));
  out.set("talk_ms", base::Node::number(m.talk_ms));
  out.set("pickup", waits(m.pickup));
  return out;
}

}  // namespace

Statistics::Statistics(std::string group, base::Duration in_time, model::Zone zone)
    : group_(std::move(group)), in_time_(in_time), zone_(std::move(zone)) {}

void Statistics::add(const facts::CallRecord& record) {
  const bool rang = std::ranges::any_of(record.attempts, [&](const facts::Attempt& one) {
    return facts::is_of(record, one, group_);
  });
  if (!group_.empty() && record.group != group_ && !rang) return;
  const facts::GroupPart part = facts::part_of(record, group_);
  ++result_.calls;
  ++result_.outcomes[part.outcome];
  const base::WallTime came{record.started.unix_ms + part.came_ms};
  const std::size_t hour = model::local_of(zone_, came).minute / 60;
  ++result_.calls_by_hour.at(hour);
  const base::Duration wait{part.wait_ms};
  result_.abandon.add(wait, part.gave_up);
  if (part.answered) {
    ++result_.answered_by_hour.at(hour);
    result_.wait.add(wait);
    result_.talk_ms += part.talk_ms;
    if (wait <= in_time_) ++result_.within_service_level;
  } else if (part.gave_up) {
    result_.gave_up.add(wait);
  }
  for (const facts::Attempt& attempt : record.attempts)
    if (facts::is_of(record, attempt, group_)) add_member(record, attempt);
}

void Statistics::add_member(const facts::CallRecord& record, const facts::Attempt& attempt) {
  if (attempt.result == facts::AttemptResult::NotReached) return;
  MemberStatistics& member = result_.members[attempt.target];
  if (attempt.dialled_at_ms.has_value()) ++member.rang;
  switch (attempt.result) {
    case facts::AttemptResult::Won:
      ++member.answered;
      member.talk_ms += facts::talk_ms_of(record, attempt);
      if (attempt.dialled_at_ms.has_value())
        member.pickup.add(
            base::Duration{attempt.ended_at_ms.value_or(record.wait_ms) - *attempt.dialled_at_ms});
      return;
    case facts::AttemptResult::TimedOut:
    case facts::AttemptResult::CallerGaveUp:
    case facts::AttemptResult::NotConfirmed:
      ++member.missed;
      return;
    case facts::AttemptResult::AnsweredElsewhere:
    case facts::AttemptResult::ToMailbox:
      ++member.elsewhere;
      return;
    case facts::AttemptResult::Declined:
      ++member.declined;
      return;
    case facts::AttemptResult::Busy:
      ++member.busy;
      return;
    case facts::AttemptResult::Unreachable:
    case facts::AttemptResult::Failed:
      ++member.unreachable;
      return;
    case facts::AttemptResult::Skipped:
    case facts::AttemptResult::Removed:
    case facts::AttemptResult::NotReached:
      ++member.skipped;
      return;
  }
}

void AbandonCurve::add(base::Duration wait, bool gave_up) {
  const auto step =
      static_cast<std::size_t>(std::max<std::int64_t>(wait.count(), 0) / kStep.count());
  auto& counts = gave_up ? gave_up_ : left_;
  ++counts.at(std::min(step, kSteps));
}

std::array<double, AbandonCurve::kSteps> AbandonCurve::shares() const {
  std::array<double, kSteps> out{};
  std::uint64_t waiting = 0;
  for (std::size_t i = 0; i <= kSteps; ++i) waiting += gave_up_.at(i) + left_.at(i);
  double still = 1;
  for (std::size_t i = 0; i < kSteps; ++i) {
    if (waiting > 0)
      still *= 1 - static_cast<double>(gave_up_.at(i)) / static_cast<double>(waiting);
    waiting -= gave_up_.at(i) + left_.at(i);
    out.at(i) = 1 - still;
  }
  return out;
}

base::Node to_node(const GroupStatistics& s) {
  base::Node out = base::Node::empty_map();
  const std::uint64_t answered = s.wait.count();
  out.set("calls", whole(s.calls));
  out.set("answered_share", fraction(share(answered, s.calls)));
  base::Node outcomes = base::Node::empty_map();
  for (const auto& [word, count] : s.outcomes) outcomes.set(word, whole(count));
  out.set("outcomes", std::move(outcomes));
  out.set("service_level", fraction(share(s.within_service_level, s.calls)));
  out.set("wait", waits(s.wait));
  out.set("gave_up_after", waits(s.gave_up));
  out.set("talk_ms", base::Node::number(s.talk_ms));
  base::Node hours = base::Node::empty_list();
  for (std::size_t hour = 0; hour < s.calls_by_hour.size(); ++hour) {
    base::Node one = base::Node::empty_map();
    one.set("hour", whole(hour));
    one.set("calls", whole(s.calls_by_hour.at(hour)));
    one.set("answered", whole(s.answered_by_hour.at(hour)));
    hours.push(std::move(one));
  }
  out.set("hours", std::move(hours));
  base::Node abandon = base::Node::empty_list();
  const auto shares = s.abandon.shares();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    base::Node one = base::Node::empty_map();
    one.set("after_s",
            whole((i + 1) * static_cast<std::size_t>(AbandonCurve::kStep.count()) / 1'000));
    one.set("share", fraction(shares.at(i)));
    abandon.push(std::move(one));
  }
  out.set("abandon_curve", std::move(abandon));
  base::Node members = base::Node::empty_list();
  for (const auto& [name, member] : s.members) members.push(member_node(name, member));
  out.set("members", std::move(members));
  return out;
}

}  // namespace foresight
