#include "hunt/plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"

namespace hunt {
namespace {

constexpr std::size_t kRingsShown = 2'000;
constexpr base::Duration kRoundsApart{2'000};
constexpr base::Duration kNever{std::numeric_limits<std::int64_t>::max() / 4};

// Lays a plan out on a clock as if every phone rang and nobody answered. All times from entry.
class Layout {
 public:
  explicit Layout(facts::PlanStory& story) : story_(story) {}

  void root(const Plan& plan) {
    const base::Duration cut = plan.limit.value_or(kNever);
    base::Duration now{0};
    for (const Stage& stage : plan.stages) {
      rings_ = {};
      stage_began_ = now;
      const base::Duration end = stage_of(stage, now, cut);
      const auto length = (end - now).count();
      story_.stages.push_back({.rings = std::move(rings_), .for_ms = length});
      now = end;
    }
  }

 private:
  // Returns when the stage is over.
  base::Duration stage_of(const Stage& stage, base::Duration began, base::Duration cut) {
    const base::Duration stage_end = stage.limit ? std::min(cut, began + *stage.limit) : cut;
    std::vector<const Ring*> order;
    for (const Ring& ring : stage.rings) {
      if (ring.skip == Skip::None) {
        order.push_back(&ring);
      } else {
        skip(ring, ring.skip);
      }
    }
    // All point into one vector: by place where `after` is equal.
    std::sort(order.begin(), order.end(), [](const Ring* a, const Ring* b) {
      return a->after != b->after ? a->after < b->after : a < b;
    });
    base::Duration covered = began;  // until here somebody rings
    base::Duration shift{0};         // by which the rest is brought forward
    for (const Ring* ring : order) {
      base::Duration start = began + ring->after - shift;
      if (start > covered) {
        shift += start - covered;
        start = covered;
      }
      if (start >= stage_end) {
        skip(*ring, Skip::AfterTheEnd);
        continue;
      }
      covered = std::max(covered, ring_of(*ring, start, stage_end));
    }
    return covered;
  }

  base::Duration ring_of(const Ring& ring, base::Duration start, base::Duration cut) {
    const base::Duration end = ring.ring_for ? std::min(cut, start + *ring.ring_for) : cut;
    if (!ring.inner.empty()) return inner_of(ring.inner.front(), start, end);
    if (shown_++ >= kRingsShown) return end;
    facts::PlannedRing shown{.target = ring.target.name,
                             .path = ring.path,
                             .after_ms = (start - stage_began_).count(),
                             .for_ms = std::nullopt,
                             .confirm = ring.confirm};
    if (end < kNever) shown.for_ms = (end - start).count();
    rings_.push_back(std::move(shown));
    return end;
  }

  // Rounds of a nested group, as many as fit before its end.
  base::Duration inner_of(const Plan& plan, base::Duration start, base::Duration cut) {
    base::Duration now = start;
    for (std::uint32_t round = 1; plan.rounds == 0 || round <= plan.rounds; ++round) {
      const base::Duration began = now;
      const std::size_t first = round == 1 ? 0 : plan.repeat_from;
      for (std::size_t i = first; i < plan.stages.size() && now < cut; ++i)
        now = stage_of(plan.stages[i], now, cut);
      const bool last = plan.rounds != 0 && round == plan.rounds;
      if (now == began || last || now >= cut || shown_ >= kRingsShown) break;
      now = std::min(cut, std::max(now, began + kRoundsApart));
    }
    return now;
  }

  void skip(const Ring& ring, Skip why) {
    const facts::SkippedTarget entry{.target = ring.target.name, .why = word(why)};
    auto& all = story_.skipped;
    if (std::find(all.begin(), all.end(), entry) == all.end() && all.size() < kRingsShown)
      all.push_back(entry);
  }

  facts::PlanStory& story_;
  std::vector<facts::PlannedRing> rings_;
  base::Duration stage_began_{0};
  std::size_t shown_ = 0;
};

bool rings_somebody(const Ring& ring) {
  if (ring.skip != Skip::None) return false;
  return ring.inner.empty() || rings_anybody(ring.inner.front());
}

}  // namespace

const char* word(Skip why) {
  switch (why) {
    case Skip::None:
      return "";
    case Skip::DoNotDisturb:
      return "do_not_disturb";
    case Skip::LoggedOut:
      return "logged_out";
    case Skip::Paused:
      return "paused";
    case Skip::Disabled:
      return "disabled";
    case Skip::NotRegistered:
      return "not_registered";
    case Skip::InACall:
      return "in_a_call";
    case Skip::CallerHimself:
      return "caller_himself";
    case Skip::DeclinedEarlier:
      return "declined_earlier";
    case Skip::NoTrunk:
      return "no_trunk";
    case Skip::NotPermitted:
      return "not_permitted";
    case Skip::TooDeep:
      return "nested_too_deep";
    case Skip::Cycle:
      return "cycle";
    case Skip::Unknown:
      return "unknown";
    case Skip::ExternalInPage:
      return "external_in_page";
    case Skip::EmptyGroup:
      return "empty_group";
    case Skip::AfterTheEnd:
      return "after_the_end";
  }
  return "";
}

bool rings_anybody(const Plan& plan) {
  return std::any_of(plan.stages.begin(), plan.stages.end(), [](const Stage& stage) {
    return std::any_of(stage.rings.begin(), stage.rings.end(), rings_somebody);
  });
}

facts::PlanStory story_of(const Plan& plan) {
  facts::PlanStory story;
  story.rounds = plan.rounds;
  story.repeat_from = plan.repeat_from;
  if (plan.limit) story.limit_ms = plan.limit->count();
  Layout{story}.root(plan);
  return story;
}

}  // namespace hunt
