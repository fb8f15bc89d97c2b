#include "foresight/detail/first_round.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/view.h"
#include "model/snapshot.h"

namespace foresight::detail {
namespace {

// The world as it was told, but for what the strategies remember meanwhile.
class LaterView final : public hunt::View {
 public:
  LaterView(const model::Snapshot& snapshot, const hunt::Presence& presence)
      : now_(snapshot, presence) {}
  [[nodiscard]] const model::Snapshot& current() const override { return now_.current(); }
  [[nodiscard]] hunt::UserPresence user(std::string_view user_id) const override {
    return now_.user(user_id);
  }
  [[nodiscard]] hunt::Memory memory(std::string_view group_id) const override {
    const auto changed = changed_.find(group_id);
    return changed == changed_.end() ? now_.memory(group_id) : changed->second;
  }
  void remember(const hunt::Remember& change) {
    hunt::Memory memory = this->memory(change.group_id);
    hunt::apply(memory, change.change);
    changed_[change.group_id] = std::move(memory);
  }

 private:
  hunt::PresenceView now_;
  std::map<std::string, hunt::Memory, std::less<>> changed_;
};

class Rehearsal {
 public:
  Rehearsal(const model::Snapshot& snapshot, const hunt::Presence& presence,
            const Beginning& beginning)
      : view_(snapshot, presence),
        wall_(beginning.at),
        steps_max_(beginning.steps_max),
        hunt_(start_of(snapshot, beginning), {.confirm_available = true}) {}

  facts::PlanStory play() {
    hunt_.begin(view_, now(), actions_);
    carry_out();
    while (!is_over()) {
      const auto due = hunt_.deadline();
      if (!due.has_value()) break;
      if (++steps_ > steps_max_) break;
      at_ = std::max(at_, *due);
      hunt_.step(hunt::TimeReached{}, view_, now(), actions_);
      carry_out();
    }
    return story();
  }

 private:
  static hunt::Start start_of(const model::Snapshot& snapshot, const Beginning& beginning) {
    hunt::Start start;
    start.step = beginning.step;
    // Borrowed: the hunt ends before explain returns.
    start.snapshot = {std::shared_ptr<const void>{}, &snapshot};
    start.seed = beginning.seed;
    start.caller_user = beginning.caller_user;
    return start;
  }

  [[nodiscard]] base::Now now() const {
    return {at_, base::WallTime{wall_.unix_ms + at_.time_since_epoch().count()}};
  }

  [[nodiscard]] bool is_over() const {
    return hunt_.phase() != hunt::Phase::Hunting || hunt_.round() > 1 || hunt_.between_rounds();
  }

  // Every phone rings at once, and stops at once when it is cancelled.
  void carry_out() {
    for (std::size_t i = 0; i < actions_.size(); ++i) {
      note_stage();
      const hunt::Action action = std::move(actions_[i]);
      if (const auto* dial = std::get_if<hunt::Dial>(&action)) {
        confirms_[dial->attempt] = dial->confirm;
        hunt_.step(hunt::AttemptRinging{dial->attempt}, view_, now(), actions_);
      } else if (const auto* drop = std::get_if<hunt::Drop>(&action)) {
        hunt_.step(hunt::AttemptFailed{.attempt = drop->attempt, .code = 487}, view_, now(),
                   actions_);
      } else if (const auto* change = std::get_if<hunt::Remember>(&action)) {
        view_.remember(*change);
      }
    }
    note_stage();
    actions_.clear();
  }

  // Stages that nobody could ring in are over in the moment in which they began.
  void note_stage() {
    if (hunt_.round() > 1) return;
    while (began_.size() < hunt_.stage()) began_.push_back(at_);
  }

  [[nodiscard]] facts::PlanStory story() const {
    facts::PlanStory out = hunt_.plan();
    std::vector<facts::SkippedTarget> as_written;
    std::swap(as_written, out.skipped);
    for (std::size_t i = 0; i < out.stages.size(); ++i) {
      facts::PlannedStage& stage = out.stages[i];
      stage.rings.clear();
      stage.for_ms = end_of(i) - begin_of(i);
      for (std::size_t a = 0; a < hunt_.attempts().size(); ++a) add(a, i, stage);
      std::stable_sort(stage.rings.begin(), stage.rings.end(),
                       [](const auto& x, const auto& y) { return x.after_ms < y.after_ms; });
    }
    for (const facts::Attempt& one : hunt_.attempts())
      if (one.round == 1 && one.result == facts::AttemptResult::Skipped)
        skip({one.target, one.why}, out.skipped);
    for (const facts::SkippedTarget& one : as_written)
      if (!had_a_turn(one.target)) skip({one.target, "after_the_end"}, out.skipped);
    if (steps_ > steps_max_)
      out.decisions.push_back({"the picture ends after " +
                                   std::to_string(at_.time_since_epoch().count() / 1'000) + " s",
                               "explain follows a round for " + std::to_string(steps_max_) +
                                   " steps at most; the call itself goes on",
                               ""});
    return out;
  }

  [[nodiscard]] std::int64_t begin_of(std::size_t stage) const {
    return (stage < began_.size() ? began_[stage] : at_).time_since_epoch().count();
  }
  [[nodiscard]] std::int64_t end_of(std::size_t stage) const { return begin_of(stage + 1); }

  // The part of a ringing that falls into the stage.
  void add(std::size_t attempt, std::size_t stage, facts::PlannedStage& out) const {
    const facts::Attempt& one = hunt_.attempts()[attempt];
    if (!one.dialled_at_ms.has_value() || one.round > 1) return;
    const std::int64_t from = std::max(*one.dialled_at_ms, begin_of(stage));
    const std::int64_t to = std::min(one.ended_at_ms.value_or(end_of(stage)), end_of(stage));
    if (from >= to) return;
    const auto asked = confirms_.find(hunt::AttemptId{static_cast<std::uint32_t>(attempt)});
    out.rings.push_back({.target = one.target,
                         .path = one.path,
                         .after_ms = from - begin_of(stage),
                         .for_ms = to - from,
                         .confirm = asked != confirms_.end() && asked->second});
  }

  [[nodiscard]] bool had_a_turn(const std::string& target) const {
    return std::any_of(
        hunt_.attempts().begin(), hunt_.attempts().end(), [&](const facts::Attempt& one) {
          return one.target == target && one.result != facts::AttemptResult::NotReached;
        });
  }

  static void skip(facts::SkippedTarget one, std::vector<facts::SkippedTarget>& out) {
    if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
  }

  LaterView view_;
  base::WallTime wall_;
  int steps_max_;
  int steps_ = 0;
  hunt::Hunt hunt_;
  hunt::Actions actions_;
  base::Instant at_{};
  std::vector<base::Instant> began_;  // of the stages, from the first
  std::map<hunt::AttemptId, bool> confirms_;
};

}  // namespace

facts::PlanStory first_round(const model::Snapshot& snapshot, const hunt::Presence& presence,
                             const Beginning& beginning) {
  return Rehearsal{snapshot, presence, beginning}.play();
}

}  // namespace foresight::detail
