// explain says what the engine would do: by the same functions, and checked against a hunt that
// runs.
#include "foresight/explain.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/detail/first_round.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace {

constexpr base::WallTime kNoon{1'772'366'400'000};  // 2026-03-01T12:00:00Z, a Sunday

model::Member ring(std::string target, std::int64_t after_s = 0) {
  model::Member line;
  line.target = std::move(target);
  line.after = base::Duration{after_s * 1'000};
  return line;
}

model::Office office() {
  model::Office o;
  for (int e = 101; e <= 106; ++e) {
    o.users.emplace_back().extension = std::to_string(e);
    o.users.back().name = "User " + std::to_string(e);
  }
  o.trunks.emplace_back().name = "carrier";
  model::Group& sales = o.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.strategy = model::Strategy::Staggered;
  sales.members = {ring("101"), ring("102", 6), ring("103", 8), ring("+48600100200", 10)};
  sales.finally.any = {model::DestinationKind::User, "105"};
  return o;
}

hunt::Presence everybody(const model::Office& o) {
  hunt::Presence presence;
  for (const model::User& u : o.users) presence.users[u.extension].devices = 1;
  return presence;
}

facts::PlanStory explained(const model::Office& o, const hunt::Presence& presence,
                           const std::string& number, const std::string& from = "106") {
  const auto snapshot = model::Snapshot::build(o, {});
  return foresight::explain(*snapshot, presence, {.number = number, .from = from, .at = kNoon});
}

TEST(Explain, SaysWhoRingsWhenWhoIsSkippedAndWhatFollows) {
  model::Office o = office();
  o.users[2].do_not_disturb = true;

  facts::PlanStory story = explained(o, everybody(o), "8001");

  EXPECT_FALSE(story.decisions.empty());
  story.decisions.clear();
  EXPECT_EQ(story,
            (facts::PlanStory{.number = "8001",
                              .from = "106",
                              .at = "2026-03-01T12:00:00.000Z",
                              .decisions = {},
                              .stages = {{.rings = {{"101", {}, 0, 30'000, false},
                                                    {"102", {}, 6'000, 24'000, false},
                                                    {"+48600100200", {}, 10'000, 20'000, true}},
                                          .for_ms = 30'000}},
                              .rounds = 1,
                              .repeat_from = 0,
                              .limit_ms = 30'000,
                              .finally_json = R"({"user": "105"})",
                              .skipped = {{"103", "do_not_disturb"}}}));
}

TEST(Explain, BringsForwardWhatWouldNotWait) {
  model::Office o = office();
  hunt::Presence presence = everybody(o);
  presence.users["101"].devices = 0;

  const facts::PlanStory story = explained(o, presence, "8001");

  ASSERT_EQ(story.stages.size(), 1U);
  EXPECT_EQ(story.stages[0].rings,
            (std::vector<facts::PlannedRing>{{"102", {}, 0, 30'000, false},
                                             {"103", {}, 2'000, 28'000, false},
                                             {"+48600100200", {}, 4'000, 26'000, true}}));
}

TEST(Explain, NamesTheNestedGroupsThatLeadToARing) {
  model::Office o = office();
  model::Group& outer = o.groups.emplace_back();
  outer.name = "Outer";
  outer.extensions = {"8002"};
  outer.strategy = model::Strategy::Sequential;
  outer.members = {ring("104")};
  outer.members.push_back(ring("Sales"));
  outer.members.back().is_group = true;
  o.groups[0].strategy = model::Strategy::Sequential;
  o.groups[0].members = {ring("101"), ring("102")};
  o.groups[0].members[0].ring_for = base::Duration{5'000};

  const facts::PlanStory story = explained(o, everybody(o), "8002");

  ASSERT_EQ(story.stages.size(), 2U);
  EXPECT_EQ(story.stages[1].rings,
            (std::vector<facts::PlannedRing>{{"101", {"Sales"}, 0, 5'000, false},
                                             {"102", {"Sales"}, 5'000, 15'000, false}}));
}

TEST(Explain, AnUnknownNumberHasDecisionsOnly) {
  const model::Office o = office();

  const facts::PlanStory story = explained(o, everybody(o), "9999");

  EXPECT_TRUE(story.stages.empty());
  ASSERT_FALSE(story.decisions.empty());
  EXPECT_TRUE(story.decisions.back().what.ends_with("404"));
}

TEST(Explain, SaysOnceThatAServiceAnswers) {
  model::Office o = office();
  o.queues.emplace_back().name = "1";
  o.queues.back().extension = "700";

  const facts::PlanStory story = explained(o, everybody(o), "700");

  EXPECT_EQ(story.decisions,
            (std::vector<facts::Decision>{{"queue 1", "it answers the call", ""}}));
}

TEST(Explain, SaysWhenTheRoundIsLongerThanItLooks) {
  const auto snapshot = model::Snapshot::build(office(), {});
  const auto decisions_of = [&](int steps_max) {
    return foresight::detail::first_round(*snapshot, everybody(snapshot->office()),
                                          {.step = model::RingGroup{"sales"},
                                           .at = kNoon,
                                           .seed = 1,
                                           .caller_user = {},
                                           .steps_max = steps_max})
        .decisions;
  };

  EXPECT_EQ(decisions_of(2),
            (std::vector<facts::Decision>{
                {"the picture ends after 8 s",
                 "explain follows a round for 2 steps at most; the call itself goes on", ""}}));
  EXPECT_EQ(decisions_of(1'000), std::vector<facts::Decision>{});
}

TEST(Explain, KnowsTheCallerByNameElseAsSomebodyFromOutside) {
  const auto snapshot = model::Snapshot::build(office(), {});
  const auto kind_of = [&](const std::string& from) {
    return foresight::query_of(*snapshot, {.number = "8001", .from = from, .at = kNoon}).caller;
  };

  EXPECT_EQ(kind_of("User 101"), model::CallerKind::User);
  EXPECT_EQ(kind_of("+48587622447"), model::CallerKind::Trunk);
  EXPECT_EQ(kind_of(""), model::CallerKind::Trusted);
}

TEST(Explain, TheCallerHimselfDoesNotRing) {
  const model::Office o = office();

  const facts::PlanStory story = explained(o, everybody(o), "8001", "102");

  EXPECT_EQ(story.skipped, (std::vector<facts::SkippedTarget>{{"102", "caller_himself"}}));
}

TEST(Explain, FollowsAMembersForwardWhereTheGroupDoes) {
  model::Office o = office();
  o.groups[0].follow_forwards = true;
  o.groups[0].strategy = model::Strategy::Sequential;
  o.groups[0].members = {ring("101"), ring("102")};
  o.users[0].do_not_disturb = true;
  o.users[0].forward.busy = "103";
  o.users[1].forward.no_answer = {.to = "104", .after = base::Duration{8'000}};

  const facts::PlanStory story = explained(o, everybody(o), "8001");

  ASSERT_EQ(story.stages.size(), 2U);
  EXPECT_EQ(story.stages[0].rings,
            (std::vector<facts::PlannedRing>{{"103", {}, 0, 20'000, false}}));
  EXPECT_EQ(story.stages[1].rings,
            (std::vector<facts::PlannedRing>{{"102", {}, 0, 8'000, false},
                                             {"104", {}, 8'000, 12'000, false}}));
  EXPECT_EQ(story.skipped, (std::vector<facts::SkippedTarget>{{"101", "do_not_disturb"}}));
}

TEST(Explain, WaitsTwoSecondsForANestedRoundInWhichNobodyRang) {
  model::Office o = office();
  model::Group& outer = o.groups.emplace_back();
  outer.name = "Outer";
  outer.extensions = {"8002"};
  outer.strategy = model::Strategy::Sequential;
  outer.members = {ring("Sales"), ring("104")};
  outer.members[0].is_group = true;
  o.groups[0].repeat = 2;
  o.groups[0].members = {ring("101")};
  o.users[0].do_not_disturb = true;

  const facts::PlanStory story = explained(o, everybody(o), "8002");

  ASSERT_EQ(story.stages.size(), 2U);
  EXPECT_EQ(story.stages[0].for_ms, 2'000);
  EXPECT_EQ(story.stages[1].rings,
            (std::vector<facts::PlannedRing>{{"104", {}, 0, 20'000, false}}));
}

TEST(Explain, ATurnAfterTheEndOfAPauseIsATurn) {
  model::Office o = office();
  o.groups[0].strategy = model::Strategy::Sequential;
  o.groups[0].members = {ring("101"), ring("102"), ring("103")};
  o.users[1].paused = {.on = true, .until = base::WallTime{kNoon.unix_ms + 30'000}};
  o.users[2].paused = {.on = true, .until = base::WallTime{kNoon.unix_ms + 10'000}};

  const facts::PlanStory story = explained(o, everybody(o), "8001");

  ASSERT_EQ(story.stages.size(), 3U);
  EXPECT_EQ(story.skipped, (std::vector<facts::SkippedTarget>{{"102", "paused"}}));
  EXPECT_EQ(story.stages[2].rings,
            (std::vector<facts::PlannedRing>{{"103", {}, 0, 20'000, false}}));
}

TEST(Explain, WhoseTurnWouldComeAfterTheEndIsSkippedForThat) {
  model::Office o = office();
  o.groups[0].strategy = model::Strategy::Sequential;
  o.groups[0].members = {ring("101"), ring("102")};
  o.groups[0].timeout = base::Duration{15'000};

  const facts::PlanStory story = explained(o, everybody(o), "8001");

  EXPECT_EQ(story.skipped, (std::vector<facts::SkippedTarget>{{"102", "after_the_end"}}));
}

// ---- against the machine --------------------------------------------------------------------
struct Dialled {
  std::string target;
  std::int64_t at_ms = 0;
  auto operator<=>(const Dialled&) const = default;
};

model::Office drawn(base::Rng& rng) {
  model::Office o = office();
  for (model::User& u : o.users) u.do_not_disturb = base::below(rng, 8) == 0;
  model::Group& g = o.groups[0];
  constexpr model::Strategy kKinds[] = {
      model::Strategy::RingAll,    model::Strategy::Sequential,  model::Strategy::Random,
      model::Strategy::RoundRobin, model::Strategy::LongestIdle, model::Strategy::FewestCalls,
      model::Strategy::Weighted,   model::Strategy::Staggered,   model::Strategy::Rollover};
  g.strategy = kKinds[base::below(rng, 9)];
  g.members.clear();
  for (int i = 0; i < 5; ++i) {
    model::Member line =
        ring(std::to_string(101 + i), static_cast<std::int64_t>(base::below(rng, 12)));
    if (base::below(rng, 2) == 0)
      line.ring_for = base::Duration{1'000 * (1 + static_cast<std::int64_t>(base::below(rng, 15)))};
    if (base::below(rng, 3) == 0) line.priority = static_cast<std::int32_t>(base::below(rng, 3));
    line.enabled = base::below(rng, 8) != 0;
    g.members.push_back(line);
  }
  return o;
}

// The dials of the first round when every phone rings and nobody answers.
std::vector<Dialled> run(const std::shared_ptr<const model::Snapshot>& snapshot,
                         const hunt::Presence& presence) {
  const hunt::PresenceView view{*snapshot, presence};
  hunt::Start start;
  start.step = model::RingGroup{"sales"};
  start.snapshot = snapshot;
  start.seed = 1;
  start.caller_user = "106";
  hunt::Hunt hunt{std::move(start), {}};
  std::vector<Dialled> dials;
  base::Instant now{};
  hunt::Actions actions;
  hunt.begin(view, {now, kNoon}, actions);
  for (int i = 0; i < 1'000; ++i) {
    for (std::size_t a = 0; a < actions.size(); ++a) {
      const auto* dial = std::get_if<hunt::Dial>(&actions[a]);
      if (dial == nullptr) continue;
      dials.push_back({dial->target.name, now.time_since_epoch().count()});
      const hunt::AttemptId id = dial->attempt;
      hunt.step(hunt::AttemptRinging{id}, view, {now, kNoon}, actions);
    }
    actions.clear();
    const auto due = hunt.deadline();
    if (!due) break;
    now = *due;
    hunt.step(hunt::TimeReached{}, view, {now, kNoon}, actions);
  }
  std::sort(dials.begin(), dials.end());
  return dials;
}

TEST(Explain, AgreesWithTheHuntThatRuns) {
  base::SplitMix rng{7};
  for (int i = 0; i < 1'000; ++i) {
    const auto snapshot = model::Snapshot::build(drawn(rng), {});
    hunt::Presence presence = everybody(snapshot->office());
    for (auto& [id, user] : presence.users) {
      user.devices = base::below(rng, 6) == 0 ? 0 : 1;
      user.calls = base::below(rng, 6) == 0 ? 1 : 0;
    }

    const facts::PlanStory story =
        foresight::explain(*snapshot, presence, {.number = "8001", .from = "106", .at = kNoon});
    std::vector<Dialled> planned;
    std::int64_t began = 0;
    for (const facts::PlannedStage& stage : story.stages) {
      for (const facts::PlannedRing& r : stage.rings)
        planned.push_back({r.target, began + r.after_ms});
      began += stage.for_ms.value_or(0);
    }
    std::sort(planned.begin(), planned.end());

    const std::vector<Dialled> dials = run(snapshot, presence);
    ASSERT_EQ(planned.size(), dials.size()) << "case " << i;
    for (std::size_t d = 0; d < dials.size(); ++d) {
      EXPECT_EQ(planned[d].target, dials[d].target) << "case " << i;
      EXPECT_EQ(planned[d].at_ms, dials[d].at_ms) << "case " << i;
    }
  }
}

}  // namespace
