#include "foresight/draw.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "facts/call_record.h"
#include "foresight/detail/canvas.h"

namespace foresight {
namespace {

using detail::Picture;
using detail::Row;
using detail::span;
using detail::spoken;

constexpr std::size_t kColumnsMin = 60;
constexpr std::size_t kRowsMax = 200;

std::string label_of(const std::string& target, const std::vector<std::string>& path) {
  std::string label;
  for (const std::string& group : path) label += group + " › ";
  return label + target;
}

// A planned stage ends with its last ring.
std::int64_t length_of(const facts::PlannedStage& stage) {
  if (stage.for_ms) return *stage.for_ms;
  std::int64_t end = 0;
  for (const facts::PlannedRing& ring : stage.rings)
    end = std::max(end, ring.after_ms + ring.for_ms.value_or(0));
  return end;
}

std::string decisions_of(const facts::PlanStory& plan) {
  std::string out;
  for (const facts::Decision& decision : plan.decisions) {
    out += "  " + decision.what;
    if (!decision.because.empty()) out += ", because " + decision.because;
    if (!decision.setting.empty()) out += "  [" + decision.setting + ']';
    out += '\n';
  }
  return out;
}

std::string skipped_of(const facts::PlanStory& plan) {
  std::string out;
  for (const facts::SkippedTarget& skipped : plan.skipped)
    out += "  does not ring: " + skipped.target + ", " + spoken(skipped.why) + '\n';
  return out;
}

std::string rounds_of(const facts::PlanStory& plan) {
  if (plan.rounds == 1) return "once";
  std::string text = plan.rounds == 0 ? "again and again" : std::to_string(plan.rounds) + " rounds";
  if (plan.repeat_from > 0) text += " from stage " + std::to_string(plan.repeat_from + 1);
  return text;
}

std::string end_of(const facts::PlanStory& plan) {
  if (plan.stages.empty()) return "";
  std::string out = "  " + rounds_of(plan);
  if (plan.limit_ms) out += ", at most " + span(*plan.limit_ms);
  const std::string then = detail::without_json(plan.finally_json);
  return out + "; then " + (then.empty() ? "the call ends" : spoken(then)) + '\n';
}

// The row of this label, made when there is none; null beyond the limit.
Row* row_named(Picture& picture, const std::string& label) {
  const auto row = std::find_if(picture.rows.begin(), picture.rows.end(),
                                [&](const Row& r) { return r.label == label; });
  if (row != picture.rows.end()) return &*row;
  if (picture.rows.size() >= kRowsMax) return nullptr;
  picture.rows.push_back({.label = label, .bars = {}, .remark = {}});
  return &picture.rows.back();
}

// Who goes on from one stage to the next has one bar over both.
void add_bar(Row& row, std::int64_t from, std::int64_t to) {
  if (!row.bars.empty() && row.bars.back().to_ms == from) {
    row.bars.back().to_ms = to;
  } else {
    row.bars.push_back({.from_ms = from, .to_ms = to, .glyph = "░"});
  }
}

// The rows of the first round: one a target, with a bar for each stage in which it rings.
Picture planned(const facts::PlanStory& plan) {
  Picture picture;
  std::int64_t began = 0;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const facts::PlannedStage& stage = plan.stages[i];
    if (!stage.rings.empty())
      picture.marks.push_back({.at_ms = began, .text = "stage " + std::to_string(i + 1)});
    for (const facts::PlannedRing& ring : stage.rings) {
      const std::int64_t from = began + ring.after_ms;
      Row* row = row_named(picture, label_of(ring.target, ring.path));
      if (row != nullptr)
        add_bar(*row, from, from + ring.for_ms.value_or(length_of(stage) - ring.after_ms));
    }
    began += length_of(stage);
  }
  for (Row& row : picture.rows) {
    for (const detail::Bar& bar : row.bars) {
      if (!row.remark.empty()) row.remark += ", ";
      row.remark += span(bar.from_ms) + " to " + span(bar.to_ms);
    }
  }
  return picture;
}

std::string remark_of(const facts::Attempt& attempt, bool live) {
  const bool over = attempt.ended_at_ms.has_value();
  if (live && attempt.dialled_at_ms && !over) return attempt.ringing_at_ms ? "ringing" : "dialling";
  std::string text = spoken(facts::word(attempt.result));
  if (!attempt.why.empty()) text += ": " + spoken(attempt.why);
  if (over) text += ", " + span(*attempt.ended_at_ms);
  return text;
}

// For how long an attempt was to ring: who rings until the end of his stage has no time of his own.
std::optional<std::int64_t> planned_for(const facts::Attempt& attempt,
                                        const facts::PlanStory& plan) {
  if (attempt.planned_for_ms) return attempt.planned_for_ms;
  if (attempt.stage == 0 || attempt.stage > plan.stages.size()) return {};
  const facts::PlannedStage& stage = plan.stages[attempt.stage - 1];
  const auto ring =
      std::find_if(stage.rings.begin(), stage.rings.end(), [&](const facts::PlannedRing& one) {
        return one.target == attempt.target && one.path == attempt.path;
      });
  if (ring == stage.rings.end()) return {};
  return ring->for_ms.value_or(std::max<std::int64_t>(length_of(stage) - ring->after_ms, 0));
}

// Planned light, real dark.
Row row_of(const facts::Attempt& attempt, const facts::PlanStory& plan,
           std::optional<std::int64_t> now_ms) {
  Row row{.label = label_of(attempt.target, attempt.path),
          .bars = {},
          .remark = remark_of(attempt, now_ms.has_value())};
  const bool rung = attempt.dialled_at_ms.has_value();
  const bool was_planned = rung || attempt.result == facts::AttemptResult::NotReached;
  const auto for_ms = planned_for(attempt, plan);
  if (was_planned && for_ms)
    row.bars.push_back(
        {.from_ms = attempt.planned_at_ms, .to_ms = attempt.planned_at_ms + *for_ms, .glyph = "░"});
  if (!rung) return row;
  const std::int64_t end = attempt.ended_at_ms.value_or(now_ms.value_or(*attempt.dialled_at_ms));
  const std::int64_t rang = std::min(attempt.ringing_at_ms.value_or(end), end);
  if (rang > *attempt.dialled_at_ms)
    row.bars.push_back({.from_ms = *attempt.dialled_at_ms, .to_ms = rang, .glyph = "▒"});
  if (attempt.ringing_at_ms && end > rang)
    row.bars.push_back({.from_ms = rang, .to_ms = end, .glyph = "█"});
  return row;
}

// What the plan of a running call still has in store.
void add_what_is_to_come(Picture& picture, const facts::CallRecord& record) {
  if (record.answered || record.ended) return;
  std::int64_t began = 0;
  for (std::size_t i = 0; i < record.plan.stages.size(); ++i) {
    const facts::PlannedStage& stage = record.plan.stages[i];
    for (const facts::PlannedRing& ring : stage.rings) {
      const bool known = std::any_of(
          record.attempts.begin(), record.attempts.end(), [&](const facts::Attempt& attempt) {
            return attempt.target == ring.target && attempt.path == ring.path;
          });
      const std::int64_t from = began + ring.after_ms;
      if (known || from < picture.now_ms.value_or(0) || picture.rows.size() >= kRowsMax) continue;
      picture.rows.push_back(
          {.label = label_of(ring.target, ring.path),
           .bars = {{.from_ms = from, .to_ms = from + ring.for_ms.value_or(0), .glyph = "░"}},
           .remark = "to come"});
    }
    began += length_of(stage);
  }
}

std::string head_of(const facts::CallRecord& record) {
  std::string out = "call " + record.id + ": " + record.from + " calls " + record.dialled;
  if (!record.group.empty()) out += ", group " + record.group;
  return out + '\n';
}

std::string tail_of(const facts::CallRecord& record) {
  std::string out = "  " + spoken(facts::word(record.outcome));
  if (!record.answered_by.empty()) out += " by " + record.answered_by;
  out += " after " + span(record.wait_ms);
  if (record.answered) out += ", talked " + span(record.talk_ms);
  if (!record.final_destination.empty()) out += ", went to " + record.final_destination;
  if (record.sip_code != 0) {
    out += ", SIP " + std::to_string(record.sip_code);
    if (record.q850 != 0) out += " with Q.850 " + std::to_string(record.q850);
  }
  if (record.ended_by != facts::EndedBy::Nobody)
    out += ", ended by " + std::string{facts::word(record.ended_by)};
  return out + '\n';
}

std::string draw_record(const facts::CallRecord& record, std::optional<std::int64_t> now_ms,
                        const DrawOptions& options) {
  Picture picture;
  picture.now_ms = now_ms;
  std::uint32_t round = 0;
  std::uint32_t stage = 0;
  for (const facts::Attempt& attempt : record.attempts) {
    if (picture.rows.size() >= kRowsMax) break;
    if (attempt.round != round || attempt.stage != stage) {
      round = attempt.round;
      stage = attempt.stage;
      std::string text = "stage " + std::to_string(stage);
      if (record.plan.rounds != 1) text.insert(0, "round " + std::to_string(round) + ' ');
      if (attempt.dialled_at_ms)
        picture.marks.push_back({.at_ms = *attempt.dialled_at_ms, .text = std::move(text)});
    }
    picture.rows.push_back(row_of(attempt, record.plan, now_ms));
  }
  if (now_ms) add_what_is_to_come(picture, record);
  std::string out = head_of(record) + decisions_of(record.plan);
  if (!picture.rows.empty())
    out += '\n' + detail::paint(picture, std::max(options.columns, kColumnsMin)) + '\n';
  return now_ms && !record.ended ? out : out + tail_of(record);
}

}  // namespace

std::string draw(const facts::PlanStory& plan, const DrawOptions& options) {
  std::string out = plan.number;
  if (!plan.from.empty()) out += " called by " + plan.from;
  if (!plan.at.empty()) out += " at " + plan.at;
  out += '\n' + decisions_of(plan);
  const Picture picture = planned(plan);
  if (!picture.rows.empty())
    out += '\n' + detail::paint(picture, std::max(options.columns, kColumnsMin)) + '\n';
  return out + skipped_of(plan) + end_of(plan);
}

std::string draw(const facts::CallRecord& record, const DrawOptions& options) {
  return draw_record(record, std::nullopt, options);
}

std::string draw_live(const facts::CallRecord& record, std::int64_t now_ms,
                      const DrawOptions& options) {
  return draw_record(record, now_ms, options);
}

}  // namespace foresight
