#include "hunt/strategies.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/rng.h"
#include "base/time.h"
#include "hunt/detail/order.h"
#include "hunt/detail/targets.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/zone.h"

namespace hunt {
namespace {

using detail::Candidate;
using detail::Together;
using model::Strategy;

// One strategy and round draws one sequence, whatever else the call draws.
constexpr std::uint64_t kRoundStep = 0x9E3779B97F4A7C15ULL;

class Writer {
 public:
  Writer(const PlanInput& input, Policy policy)
      : input_(input), policy_(std::move(policy)), rng_(input.seed ^ (input.round * kRoundStep)) {}

  Plan group(const model::Group& group, model::Confirm confirm);
  Plan inner(const std::vector<std::string>& way, model::Confirm confirm);
  Plan rule(const model::User& owner, const model::Rule& rule);
  Plan chain(const model::ChainRow& row);
  Plan single(Target target, base::Duration ring_for, bool own);

 private:
  // What a member line inherits.
  struct Inherited {
    const model::Group* group = nullptr;  // whose line it is; null in rules and chains
    model::Confirm confirm = model::Confirm::Never;
  };
  struct Line {
    const model::Member& member;
    std::size_t place = 0;
    Inherited inherited{};
    std::optional<base::Duration> fallback{};  // its length without `for`; absent: to the end
  };
  Ring ring_of(const Line& line);
  void nest(Ring& ring, const model::Group& inner, model::Confirm confirm);
  void divert(Ring& ring);
  void finish(Ring& ring) { ring.skip = skip_now(ring, policy_, input_); }
  Stage stage_of(const model::Stage& stage, std::size_t first_place, Inherited inherited,
                 base::Duration fallback);
  void write_parallel(Plan& plan, const model::Group& group, model::Confirm confirm);
  void write_in_turn(Plan& plan, const model::Group& group, model::Confirm confirm);
  void write_stages(Plan& plan, const model::Group& group, model::Confirm confirm);
  void write_limits(Plan& plan, const model::Group& group) const;
  [[nodiscard]] base::Duration cap() const { return input_.pinned.office().max_hunt; }

  const PlanInput& input_;
  Policy policy_;
  base::SplitMix rng_;
  std::vector<const model::Group*> way_;  // the groups that lead here, outermost first
};

bool asks(model::Confirm confirm, const Target& target) {
  return confirm == model::Confirm::Always ||
         (confirm == model::Confirm::Auto && target.kind == TargetKind::Number);
}

// Rule 4 within one stage: the same target twice is one ring, earliest start, latest end.
void merge_into(Stage& stage, Ring ring) {
  const auto same = std::find_if(stage.rings.begin(), stage.rings.end(), [&](const Ring& other) {
    return other.target.kind == ring.target.kind && other.target.id == ring.target.id;
  });
  if (same == stage.rings.end() || ring.target.id.empty()) {
    stage.rings.push_back(std::move(ring));
    return;
  }
  if (same->skip != Skip::None && ring.skip == Skip::None) {
    *same = std::move(ring);
    return;
  }
  if (ring.skip != Skip::None) return;
  const base::Duration start = std::min(same->after, ring.after);
  const std::optional<base::Duration> first = same->ring_for;
  const std::optional<base::Duration> second = ring.ring_for;
  same->ring_for.reset();
  if (first.has_value() && second.has_value())
    same->ring_for = std::max(same->after + *first, ring.after + *second) - start;
  same->after = start;
}

Ring Writer::ring_of(const Line& line) {
  Ring ring;
  const model::Target named = input_.pinned.target_of(line.member);
  ring.target = detail::target_of(named, line.member.target);
  for (std::size_t i = 1; i < way_.size(); ++i) ring.path.push_back(way_[i]->name);
  ring.after = line.member.after.value_or(base::Duration{0});
  ring.ring_for = line.member.ring_for ? line.member.ring_for : line.fallback;
  const model::Confirm confirm = line.member.confirm.value_or(line.inherited.confirm);
  ring.timer_from_ringing =
      ring.ring_for.has_value() && line.member.timer_from == model::TimerFrom::Ringing;
  if (line.inherited.group != nullptr) ring.member_of = line.inherited.group->id;
  ring.member = line.member.target;
  ring.member_place = line.place;
  if (policy_.follow_forwards) divert(ring);
  if (ring.target.kind == TargetKind::Group) {
    const model::Group* inner = input_.pinned.group_by_id(ring.target.id);
    if (inner != nullptr) nest(ring, *inner, confirm);
  }
  ring.confirm = !policy_.page && asks(confirm, ring.target);
  finish(ring);
  return ring;
}

void Writer::nest(Ring& ring, const model::Group& inner, model::Confirm confirm) {
  const bool cycle = std::any_of(way_.begin(), way_.end(),
                                 [&](const model::Group* g) { return g->id == inner.id; });
  if (cycle || way_.size() >= kDepthMax) {
    ring.skip = cycle ? Skip::Cycle : Skip::TooDeep;
    return;
  }
  ring.inner.push_back(group(inner, confirm));
  ring.inner.front().limit.reset();  // it is cut at the ring's end, by nothing else
}

// A member's own forwards, under follow_forwards: always is taken here, the others when they fall
// due.
void Writer::divert(Ring& ring) {
  for (int hop = 0; hop < 5 && ring.target.kind == TargetKind::User; ++hop) {
    const model::User* user = input_.pinned.user_by_id(ring.target.id);
    if (user == nullptr) return;
    const auto lead = [&](const std::string& to) {
      return detail::forward_of(input_.pinned, *user, to);
    };
    if (user->forward.always.empty()) {
      ring.forwards = {.busy = lead(user->forward.busy),
                       .unreachable = lead(user->forward.unreachable),
                       .no_answer = lead(user->forward.no_answer.to),
                       .no_answer_after = user->forward.no_answer.after};
      return;
    }
    ring.target = lead(user->forward.always).value_or(Target{.name = user->forward.always});
  }
  if (ring.target.kind == TargetKind::User) ring.forwards = {};
}

void Writer::write_parallel(Plan& plan, const model::Group& group, model::Confirm confirm) {
  const bool nested = way_.size() > 1;
  Stage stage;
  if (!nested) stage.limit = group.timeout.value_or(kTimeout);
  base::Duration before{0};
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    Ring ring = ring_of({.member = group.members[i], .place = i, .inherited = {&group, confirm}});
    if (group.strategy == Strategy::Rollover) {
      ring.after = before;
      before += ring.ring_for.value_or(kSequentialLength);
      ring.ring_for.reset();
      ring.timer_from_ringing = false;
    } else if (group.strategy != Strategy::Staggered) {
      ring.after = base::Duration{0};
      ring.ring_for.reset();
      ring.timer_from_ringing = false;
    }
    merge_into(stage, std::move(ring));
  }
  if (!stage.rings.empty()) plan.stages.push_back(std::move(stage));
  plan.late_join = group.strategy != Strategy::Page;
}

void Writer::write_in_turn(Plan& plan, const model::Group& group, model::Confirm confirm) {
  std::vector<Candidate> candidates;
  candidates.reserve(group.members.size());
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const Target target =
        detail::target_of(input_.pinned.target_of(group.members[i]), group.members[i].target);
    candidates.push_back({.place = i,
                          .member = &group.members[i],
                          .key = key_of(target),
                          .user_id = target.kind == TargetKind::User ? target.id : ""});
  }
  const bool reads = detail::remembers(group.strategy);
  const Memory memory = reads ? input_.view.memory(group.id) : Memory{};
  const base::WallTime midnight =
      reads ? model::midnight_before(input_.pinned.zone(), input_.now.wall) : base::WallTime{};
  const auto order = detail::order_of({.strategy = group.strategy,
                                       .candidates = candidates,
                                       .view = input_.view,
                                       .memory = memory,
                                       .midnight = midnight},
                                      rng_);
  for (const Together& together : order) {
    base::Duration longest{0};
    for (const std::size_t i : together)
      longest = std::max(longest, group.members[i].ring_for.value_or(kSequentialLength));
    Stage stage;
    for (const std::size_t i : together) {
      Ring ring = ring_of({.member = group.members[i],
                           .place = i,
                           .inherited = {&group, confirm},
                           .fallback = longest});
      ring.after = base::Duration{0};
      ring.ring_for = longest;
      merge_into(stage, std::move(ring));
    }
    plan.stages.push_back(std::move(stage));
  }
}

// A ring without `for` lasts to the stage's end; a stage without one as long as its longest ring,
// at least `fallback` where a ring has no length of its own.
Stage Writer::stage_of(const model::Stage& from, std::size_t first_place, Inherited inherited,
                       base::Duration fallback) {
  Stage stage{.rings = {}, .limit = from.ring_for};
  base::Duration end{0};
  for (const model::Member& member : from.ring) {
    const base::Duration after = member.after.value_or(base::Duration{0});
    end = std::max(end, after + member.ring_for.value_or(fallback));
  }
  if (!stage.limit) stage.limit = end;
  for (std::size_t i = 0; i < from.ring.size(); ++i) {
    Ring ring = ring_of({.member = from.ring[i], .place = first_place + i, .inherited = inherited});
    if (ring.timer_from_ringing && !from.ring_for) stage.limit.reset();
    merge_into(stage, std::move(ring));
  }
  if (stage.limit) return stage;
  for (Ring& ring : stage.rings)
    if (!ring.ring_for) ring.ring_for = std::max(end - ring.after, fallback);
  return stage;
}

void Writer::write_stages(Plan& plan, const model::Group& group, model::Confirm confirm) {
  std::size_t place = 0;
  for (const model::Stage& stage : group.stages) {
    plan.stages.push_back(stage_of(stage, place, {&group, confirm}, kSequentialLength));
    place += stage.ring.size();
  }
}

void Writer::write_limits(Plan& plan, const model::Group& group) const {
  const bool parallel = group.strategy == Strategy::RingAll ||
                        group.strategy == Strategy::Staggered ||
                        group.strategy == Strategy::Rollover || group.strategy == Strategy::Page;
  if (parallel && group.repeat > 0) {
    plan.limit = group.timeout.value_or(kTimeout) * static_cast<std::int64_t>(group.repeat);
  } else if (!parallel) {
    plan.limit = group.timeout;
  }
  if (group.repeat == 0) plan.limit = std::min(plan.limit.value_or(cap()), cap());
}

Plan Writer::group(const model::Group& group, model::Confirm confirm) {
  way_.push_back(&group);
  Plan plan{.rounds = group.repeat,
            .confirm = confirm,
            .group_id = group.id,
            .group_name = group.name,
            .strategy = group.strategy,
            .policy = way_.size() == 1 ? policy_ : Policy{}};
  switch (group.strategy) {
    case Strategy::RingAll:
    case Strategy::Staggered:
    case Strategy::Rollover:
    case Strategy::Page:
      write_parallel(plan, group, confirm);
      break;
    case Strategy::Stages:
      write_stages(plan, group, confirm);
      break;
    case Strategy::Sequential:
    case Strategy::Random:
    case Strategy::RoundRobin:
    case Strategy::LongestIdle:
    case Strategy::FewestCalls:
    case Strategy::Weighted:
      write_in_turn(plan, group, confirm);
      break;
  }
  write_limits(plan, group);
  way_.pop_back();
  return plan;
}

// The plan of the last group on the way, as the one before it would ring it.
Plan Writer::inner(const std::vector<std::string>& way, model::Confirm confirm) {
  for (const std::string& id : way) {
    const model::Group* next = input_.pinned.group_by_id(id);
    const bool cycle = std::find(way_.begin(), way_.end(), next) != way_.end();
    if (next == nullptr || cycle || way_.size() >= kDepthMax) return {};
    way_.push_back(next);
  }
  if (way_.empty()) return {};
  const model::Group* last = way_.back();
  way_.pop_back();
  Plan plan = group(*last, confirm);
  plan.limit.reset();
  return plan;
}

Plan Writer::rule(const model::User& owner, const model::Rule& rule) {
  const bool extend = rule.mode == model::RuleMode::ExtendRing;
  const model::Confirm confirm =
      rule.confirm.value_or(extend ? model::Confirm::Always : model::Confirm::Never);
  Plan plan{.rounds = rule.repeat.value_or(extend ? 0 : 1), .policy = policy_};
  if (extend) plan.limit = rule.max_hold;
  if (plan.rounds == 0) plan.limit = std::min(plan.limit.value_or(cap()), cap());
  for (const model::Stage& from : rule.stages) {
    Stage stage = stage_of(from, 0, {nullptr, confirm}, kRuleLength);
    for (Ring& ring : stage.rings) {
      ring.own = ring.target.kind == TargetKind::User && ring.target.id == owner.id;
      if (ring.target.kind == TargetKind::Number || ring.target.kind == TargetKind::Uri)
        ring.target.diverted_by = owner.id;
      finish(ring);
    }
    plan.stages.push_back(std::move(stage));
  }
  return plan;
}

Plan Writer::chain(const model::ChainRow& row) {
  const model::ChainWalk walk = input_.pinned.chain_from(row);
  Plan plan{.rounds = walk.loops_to ? 0U : 1U,
            .repeat_from = static_cast<std::uint32_t>(walk.loops_to.value_or(0)),
            .policy = policy_};
  if (walk.loops_to) plan.limit = cap();
  for (const model::ChainRow* link : walk.rows) {
    model::Member member;
    member.target = link->sip_number;
    Stage stage;
    stage.rings.push_back(ring_of({.member = member,
                                   .place = 0,
                                   .inherited = {},
                                   .fallback = link->ring_for.value_or(kSequentialLength)}));
    plan.stages.push_back(std::move(stage));
  }
  return plan;
}

Plan Writer::single(Target target, base::Duration ring_for, bool own) {
  Ring ring;
  ring.target = std::move(target);
  ring.ring_for = ring_for;
  ring.own = own;
  finish(ring);
  Plan plan{.policy = policy_};
  plan.stages.push_back({.rings = {std::move(ring)}, .limit = std::nullopt});
  return plan;
}

Policy policy_of(const model::Group& group) {
  Policy policy{.prevent_missed_calls = group.prevent_missed_calls,
                .decline_ends_all = group.decline == model::Decline::Group,
                .skip_busy = group.skip_busy || group.strategy == Strategy::Page,
                .follow_forwards = group.follow_forwards,
                .page = group.strategy == Strategy::Page};
  const model::Destination end = model::chosen(group.finally, model::EndClass::NoAnswer);
  if (end.kind == model::DestinationKind::Mailbox) policy.mailbox = end;
  return policy;
}

}  // namespace

Plan detail::write_inner(const std::vector<std::string>& way, const Policy& policy,
                         model::Confirm confirm, const PlanInput& input) {
  return Writer{input, policy}.inner(way, confirm);
}

Plan write_plan(const model::Step& step, const PlanInput& input) {
  const model::Snapshot& office = input.pinned;
  return std::visit(
      base::Overloaded{
          [](const model::Refuse&) { return Plan{}; },
          [](const model::Serve&) { return Plan{}; },
          [&](const model::RingGroup& ring) {
            const model::Group* group = office.group_by_id(ring.group_id);
            if (group == nullptr) return Plan{};
            return Writer{input, policy_of(*group)}.group(*group, group->confirm);
          },
          [&](const model::RingChain& ring) {
            const auto& rows = office.office().chain;
            const auto row = std::find_if(rows.begin(), rows.end(),
                                          [&](const auto& r) { return r.id == ring.row_id; });
            return row == rows.end() ? Plan{} : Writer{input, Policy{}}.chain(*row);
          },
          [&](const model::RingUser& ring) {
            const model::User* user = office.user_by_id(ring.user_id);
            if (user == nullptr) return Plan{};
            return Writer{input, Policy{.skip_busy = false}}.single(
                detail::target_of(model::UserTarget{user}, user->extension), ring.ring_for, true);
          },
          [&](const model::RunRule& run) {
            const model::User* user = office.user_by_id(run.user_id);
            if (user == nullptr || run.rule >= user->rules.size()) return Plan{};
            Policy policy{.skip_busy = false};
            if (user->mailbox.present)
              policy.mailbox = {model::DestinationKind::Mailbox, user->extension};
            return Writer{input, std::move(policy)}.rule(*user, user->rules[run.rule]);
          },
          [&](const model::DialOut& dial) {
            return Writer{input, Policy{.skip_busy = false}}.single(
                {.kind = TargetKind::Number, .id = dial.number, .name = dial.number}, kSingleLength,
                false);
          },
          [&](const model::DialUri& dial) {
            return Writer{input, Policy{.skip_busy = false}}.single(
                {.kind = TargetKind::Uri, .id = dial.uri, .name = dial.uri}, kSingleLength, false);
          },
      },
      step);
}

}  // namespace hunt
