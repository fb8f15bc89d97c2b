#include "foresight/statistics.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"

namespace {

constexpr base::WallTime kNoon{1'772'366'400'000};

facts::Attempt ring(std::string target, facts::AttemptResult result, std::int64_t from_ms,
                    std::vector<std::string> path = {}) {
  facts::Attempt one;
  one.target = std::move(target);
  one.path = std::move(path);
  one.result = result;
  if (result != facts::AttemptResult::Skipped) one.dialled_at_ms = from_ms;
  return one;
}

facts::CallRecord call(facts::Outcome outcome, std::int64_t wait_ms, std::int64_t talk_ms) {
  facts::CallRecord record;
  record.started = kNoon;
  record.group = "Sales";
  record.outcome = outcome;
  record.wait_ms = wait_ms;
  record.talk_ms = talk_ms;
  return record;
}

TEST(Statistics, CountCallsWaitsAndEachMembersPart) {
  foresight::Statistics sales("Sales", base::Duration{10'000}, {});
  facts::CallRecord won = call(facts::Outcome::Answered, 8'000, 60'000);
  won.attempts = {ring("101", facts::AttemptResult::TimedOut, 0),
                  ring("102", facts::AttemptResult::Won, 5'000),
                  ring("103", facts::AttemptResult::Skipped, 0)};
  facts::CallRecord lost = call(facts::Outcome::Abandoned, 20'000, 0);
  lost.attempts = {ring("101", facts::AttemptResult::CallerGaveUp, 0)};
  facts::CallRecord other = call(facts::Outcome::Answered, 1'000, 1'000);
  other.group = "Support";

  for (const auto& record : {won, lost, other}) sales.add(record);

  const foresight::GroupStatistics& found = sales.result();
  EXPECT_EQ(found.calls, 2U);
  EXPECT_EQ(found.outcomes.at("answered"), 1U);
  EXPECT_EQ(found.outcomes.at("abandoned"), 1U);
  EXPECT_EQ(found.within_service_level, 1U);
  EXPECT_EQ(found.wait.mean_s(), 8.0);
  EXPECT_EQ(found.gave_up.mean_s(), 20.0);
  EXPECT_EQ(found.calls_by_hour[12], 2U);
  EXPECT_EQ(found.members.at("101").missed, 2U);
  EXPECT_EQ(found.members.at("102").answered, 1U);
  EXPECT_EQ(found.members.at("102").talk_ms, 60'000);
  EXPECT_EQ(found.members.at("102").pickup.mean_s(), 3.0);
  EXPECT_EQ(found.members.at("103").skipped, 1U);
  EXPECT_EQ(found.members.at("103").rang, 0U);
}

TEST(Statistics, ANestedGroupAnsweredOnlyWhatItsOwnMembersTook) {
  foresight::Statistics night("Night", base::Duration{10'000}, {});
  facts::CallRecord outer = call(facts::Outcome::Answered, 4'000, 9'000);
  outer.attempts = {ring("101", facts::AttemptResult::Won, 0),
                    ring("201", facts::AttemptResult::AnsweredElsewhere, 0, {"Night"})};
  facts::CallRecord inner = call(facts::Outcome::Answered, 6'000, 9'000);
  inner.attempts = {ring("101", facts::AttemptResult::AnsweredElsewhere, 0),
                    ring("201", facts::AttemptResult::Won, 0, {"Night"})};

  night.add(outer);
  night.add(inner);

  EXPECT_EQ(night.result().calls, 2U);
  EXPECT_EQ(night.result().outcomes.at("answered_elsewhere"), 1U);
  EXPECT_EQ(night.result().wait.count(), 1U);
  EXPECT_EQ(night.result().members.size(), 1U) << "only who is below it";
  EXPECT_EQ(night.result().members.at("201").rang, 2U);
}

facts::Attempt ring_of(std::string group, std::string target, facts::AttemptResult result,
                       std::int64_t from_ms, std::int64_t to_ms) {
  facts::Attempt one = ring(std::move(target), result, from_ms);
  one.group = std::move(group);
  one.ended_at_ms = to_ms;
  return one;
}

// Sales takes the call after 5 s and sends it on after 20 s: Night takes it 7 s later.
TEST(Statistics, ATransferredCallCountsForEachGroupFromWhenItCame) {
  facts::CallRecord record = call(facts::Outcome::Answered, 5'000, 60'000);
  record.attempts = {ring_of("Sales", "101", facts::AttemptResult::Won, 1'000, 5'000),
                     ring_of("Night", "201", facts::AttemptResult::TimedOut, 25'000, 30'000),
                     ring_of("Night", "202", facts::AttemptResult::Won, 30'000, 32'000)};
  foresight::Statistics sales("Sales", base::Duration{10'000}, {});
  foresight::Statistics night("Night", base::Duration{10'000}, {});

  sales.add(record);
  night.add(record);

  EXPECT_EQ(sales.result().wait.mean_s(), 5.0);
  EXPECT_EQ(sales.result().talk_ms, 20'000);
  EXPECT_EQ(sales.result().members.size(), 1U);
  EXPECT_EQ(sales.result().members.at("101").talk_ms, 20'000);
  EXPECT_EQ(night.result().wait.mean_s(), 7.0);
  EXPECT_EQ(night.result().within_service_level, 1U);
  EXPECT_EQ(night.result().talk_ms, 33'000) << "to the end of the call";
  EXPECT_EQ(night.result().members.at("202").pickup.mean_s(), 2.0);
  EXPECT_EQ(night.result().members.at("202").talk_ms, 33'000);
}

TEST(Statistics, WhoeverIsSentOnAndHangsUpGaveUpThere) {
  facts::CallRecord record = call(facts::Outcome::Answered, 5'000, 60'000);
  record.group = "Night";
  record.attempts = {ring_of("", "101", facts::AttemptResult::Won, 0, 5'000),
                     ring_of("Night", "201", facts::AttemptResult::CallerGaveUp, 25'000, 40'000)};
  foresight::Statistics night("Night", base::Duration{10'000}, {});

  night.add(record);

  EXPECT_EQ(night.result().outcomes.at("abandoned"), 1U);
  EXPECT_EQ(night.result().wait.count(), 0U);
  EXPECT_EQ(night.result().gave_up.mean_s(), 15.0);
}

TEST(Statistics, WhatTheNextGroupTookIsNotAnsweredByTheFirst) {
  facts::CallRecord record = call(facts::Outcome::Answered, 33'000, 60'000);
  record.attempts = {ring_of("Sales", "101", facts::AttemptResult::TimedOut, 0, 30'000),
                     ring_of("Night", "201", facts::AttemptResult::Won, 30'000, 33'000)};
  foresight::Statistics sales("Sales", base::Duration{10'000}, {});
  foresight::Statistics night("Night", base::Duration{10'000}, {});

  sales.add(record);
  night.add(record);

  EXPECT_EQ(sales.result().outcomes.at("answered_elsewhere"), 1U);
  EXPECT_EQ(sales.result().wait.count(), 0U);
  EXPECT_EQ(night.result().wait.mean_s(), 33.0) << "since he called";
}

// Of four, one hangs up in the first 5 s; of the three left one was answered; of two then one hangs
// up: 1/4, and 1 - 3/4 * 1/2.
TEST(Statistics, TheAbandonCurveKnowsWhoWasAnswered) {
  foresight::AbandonCurve curve;
  curve.add(base::Duration{2'000}, true);
  curve.add(base::Duration{4'000}, false);
  curve.add(base::Duration{7'000}, true);
  curve.add(base::Duration{60'000}, false);

  const auto shares = curve.shares();

  EXPECT_DOUBLE_EQ(shares[0], 0.25);
  EXPECT_DOUBLE_EQ(shares[1], 0.625);
  EXPECT_DOUBLE_EQ(shares[23], 0.625);
}

}  // namespace
