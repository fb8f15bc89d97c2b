// The pictures, letter by letter.
#include "foresight/draw.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/detail/canvas.h"

namespace {

facts::PlanStory sales() {
  facts::PlanStory plan;
  plan.number = "8001";
  plan.from = "106";
  plan.at = "2026-03-01T12:00:00.000Z";
  plan.decisions = {{"group Sales is hunted", "strategy staggered", "groups/sales/strategy"}};
  plan.stages = {{.rings = {{"101", {}, 0, 30'000, false}, {"102", {}, 6'000, 24'000, false}},
                  .for_ms = 30'000}};
  plan.limit_ms = 30'000;
  plan.finally_json = R"({"mailbox": "general"})";
  plan.skipped = {{"103", "do_not_disturb"}};
  return plan;
}

TEST(Draw, APlanIsARowATargetAndAColumnASecond) {
  EXPECT_EQ(foresight::draw(sales()),
            "8001 called by 106 at 2026-03-01T12:00:00.000Z\n"
            "  group Sales is hunted, because strategy staggered  [groups/sales/strategy]\n"
            "\n"
            "        0 s       10 s      20 s      30 s\n"
            "  101   ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 s to 30 s\n"
            "  102         ░░░░░░░░░░░░░░░░░░░░░░░░  6 s to 30 s\n"
            "\n"
            "  does not ring: 103, do not disturb\n"
            "  once, at most 30 s; then mailbox general\n");
}

TEST(Draw, WhoGoesOnIntoTheNextStageHasOneBar) {
  facts::PlanStory plan;
  plan.number = "8002";
  plan.stages = {
      {.rings = {{"101", {}, 0, 10'000, false}, {"102", {}, 0, 10'000, false}}, .for_ms = 10'000},
      {.rings = {{"101", {}, 0, 15'000, false}, {"104", {"In"}, 5'000, 10'000, false}},
       .for_ms = 15'000}};
  plan.rounds = 0;
  plan.repeat_from = 1;

  EXPECT_EQ(foresight::draw(plan),
            "8002\n"
            "\n"
            "            |stage 1  |stage 2\n"
            "            0 s       10 s      20 s\n"
            "  101       ░░░░░░░░░░░░░░░░░░░░░░░░░  0 s to 25 s\n"
            "  102       ░░░░░░░░░░                 0 s to 10 s\n"
            "  In › 104                 ░░░░░░░░░░  15 s to 25 s\n"
            "\n"
            "  again and again from stage 2; then the call ends\n");
}

facts::Attempt attempt(std::string target, std::int64_t at_ms, std::int64_t for_ms) {
  facts::Attempt a;
  a.target = std::move(target);
  a.planned_at_ms = at_ms;
  a.planned_for_ms = for_ms;
  return a;
}

facts::CallRecord answered() {
  facts::CallRecord record;
  record.id = "c1";
  record.from = "106";
  record.dialled = "8001";
  record.group = "Sales";
  record.outcome = facts::Outcome::Answered;
  record.answered_by = "102";
  record.answered = base::WallTime{1};
  record.wait_ms = 14'000;
  record.talk_ms = 61'500;
  record.ended_by = facts::EndedBy::Caller;
  record.attempts = {attempt("101", 0, 10'000), attempt("103", 10'000, 10'000),
                     attempt("102", 10'000, 15'000)};
  record.attempts[0].dialled_at_ms = 0;
  record.attempts[0].ringing_at_ms = 2'000;
  record.attempts[0].ended_at_ms = 10'000;
  record.attempts[0].result = facts::AttemptResult::TimedOut;
  record.attempts[1].stage = 2;
  record.attempts[1].result = facts::AttemptResult::Skipped;
  record.attempts[1].why = "in_a_call";
  record.attempts[2].stage = 2;
  record.attempts[2].dialled_at_ms = 10'000;
  record.attempts[2].ringing_at_ms = 10'000;
  record.attempts[2].ended_at_ms = 14'000;
  record.attempts[2].result = facts::AttemptResult::Won;
  return record;
}

TEST(Draw, ACallIsPlannedLightAndRealDark) {
  EXPECT_EQ(foresight::draw(answered()),
            "call c1: 106 calls 8001, group Sales\n"
            "\n"
            "        0 s       10 s      20 s\n"
            "  101   ▒▒████████                 timed out, 10 s\n"
            "  103                              skipped: in a call\n"
            "  102             ████░░░░░░░░░░░  won, 14 s\n"
            "\n"
            "  answered by 102 after 14 s, talked 1 min 1.5 s, ended by caller\n");
}

TEST(Draw, ARunningCallShowsNowAndWhatIsToCome) {
  facts::CallRecord record = answered();
  record.answered.reset();
  record.attempts.resize(1);
  record.attempts[0].ended_at_ms.reset();
  record.attempts[0].result = facts::AttemptResult::NotReached;
  record.plan.stages = {{.rings = {{"101", {}, 0, 10'000, false}}, .for_ms = 10'000},
                        {.rings = {{"102", {}, 0, 15'000, false}}, .for_ms = 15'000}};

  EXPECT_EQ(foresight::draw_live(record, 6'000),
            "call c1: 106 calls 8001, group Sales\n"
            "\n"
            "        0 s   ▼   10 s      20 s\n"
            "  101   ▒▒████░░░░                 ringing\n"
            "  102             ░░░░░░░░░░░░░░░  to come\n"
            "\n");
}

TEST(Draw, WhoWasToRingUntilTheEndOfTheStageAndWasNotReachedHasABar) {
  facts::CallRecord record;
  record.id = "c1";
  record.from = "106";
  record.dialled = "8001";
  record.plan.stages.push_back(
      {.rings = {{.target = "101", .path = {}, .after_ms = 0, .for_ms = {}, .confirm = false},
                 {.target = "102", .path = {}, .after_ms = 10'000, .for_ms = {}, .confirm = false}},
       .for_ms = 20'000});
  record.attempts.resize(2);
  record.attempts[0].target = "101";
  record.attempts[0].dialled_at_ms = 0;
  record.attempts[0].ringing_at_ms = 0;
  record.attempts[0].ended_at_ms = 5'000;
  record.attempts[0].result = facts::AttemptResult::Won;
  record.attempts[1].target = "102";
  record.attempts[1].planned_at_ms = 10'000;
  record.attempts[1].result = facts::AttemptResult::NotReached;

  EXPECT_EQ(foresight::draw(record),
            "call c1: 106 calls 8001\n"
            "\n"
            "        0 s       10 s      20 s\n"
            "  101   █████░░░░░░░░░░░░░░░  won, 5 s\n"
            "  102             ░░░░░░░░░░  not reached\n"
            "\n"
            "  failed after 0 s\n");
}

TEST(Draw, ALongCallIsScaledAndNeverWiderThanTheTerminal) {
  facts::PlanStory plan = sales();
  plan.stages[0].rings[0].for_ms = 1'800'000;
  plan.stages[0].for_ms = 1'800'000;
  for (const std::size_t columns : {60U, 80U, 100U}) {
    const std::string picture = foresight::draw(plan, {.columns = columns});
    std::size_t from = picture.find("\n\n");
    for (std::size_t end = 0; end != std::string::npos; from = end + 1) {
      end = picture.find('\n', from);
      EXPECT_LE(foresight::detail::width_of(picture.substr(from, end - from)), columns);
    }
  }
}

TEST(Draw, SaysSpansAsPeopleDo) {
  using foresight::detail::span;

  const std::vector<std::string> said{span(0),      span(1'500),   span(59'000),
                                      span(60'000), span(125'000), span(1'800'000)};

  EXPECT_EQ(said,
            (std::vector<std::string>{"0 s", "1.5 s", "59 s", "1 min", "2 min 5 s", "30 min"}));
}

TEST(Draw, ReadsFinallyAloud) {
  using foresight::detail::without_json;

  EXPECT_EQ(without_json(R"({"no_answer": {"user": "105"}, "busy": {"mailbox": "a \"b\""}})"),
            "no_answer (user 105), busy (mailbox a \"b\")");
  EXPECT_EQ(without_json(""), "");
}

TEST(Draw, CutsALongName) {
  EXPECT_EQ(foresight::detail::fitted("Grüße aus Łódź", 6), "Grüße…");
  EXPECT_EQ(foresight::detail::fitted("ab", 4), "ab  ");
}

}  // namespace
