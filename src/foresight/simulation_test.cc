// simulate against theory, against itself and against a hunt that is easy to see through.
#include "foresight/simulation.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/chance.h"
#include "foresight/figures.h"
#include "foresight/traffic.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace {

using foresight::Figures;
using foresight::Habits;
using foresight::Lengths;
using foresight::Traffic;

constexpr base::WallTime kMonday{1'772'409'600'000};  // 2026-03-02T00:00:00Z
constexpr base::Duration s(std::int64_t seconds) {
  return base::Duration{seconds * 1'000};
}

model::Office office(int users, model::Strategy strategy) {
  model::Office o;
  model::Group& group = o.groups.emplace_back();
  group.name = "Sales";
  group.extensions = {"600"};
  group.strategy = strategy;
  group.timeout = s(30);
  for (int i = 1; i <= users; ++i) {
    o.users.emplace_back().extension = std::to_string(100 + i);
    group.members.emplace_back().target = std::to_string(100 + i);
  }
  return o;
}

std::shared_ptr<const model::Snapshot> snapshot_of(model::Office o) {
  return model::Snapshot::build(std::move(o), {});
}

Traffic traffic(std::uint64_t calls, double an_hour) {
  Traffic t;
  t.number = "600";
  t.begins = kMonday;
  t.calls = calls;
  t.an_hour = an_hour;
  t.patience = {};
  return t;
}

Figures run(const model::Office& o, const Traffic& t, const Habits& people,
            std::uint64_t seed = 7) {
  return foresight::simulate({snapshot_of(o), t, people, seed});
}

std::uint64_t ended(const Figures& figures) {
  std::uint64_t sum = 0;
  for (const auto& [where, count] : figures.ended_in) sum += count;
  return sum;
}

// The share of callers whom a full office of `lines` without a waiting room sends away.
double erlang_b(int lines, double load) {
  double blocked = 1;
  for (int n = 1; n <= lines; ++n) blocked = load * blocked / (n + load * blocked);
  return blocked;
}

TEST(Chance, TheExponentialHasItsMeanAndItsTail) {
  base::SplitMix rng{1};
  double sum = 0;
  int beyond_one = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    const double drawn = foresight::exponential(rng);
    sum += drawn;
    beyond_one += drawn > 1 ? 1 : 0;
  }

  EXPECT_NEAR(sum / kDraws, 1.0, 0.01);
  EXPECT_NEAR(static_cast<double>(beyond_one) / kDraws, std::exp(-1.0), 0.005);
}

TEST(Chance, LengthsThatWereSeenComeInTheirShares) {
  const Lengths seen = Lengths::seen({{s(2), 0.25}, {s(9), 0.75}});
  base::SplitMix rng{2};
  int two = 0;
  int nine = 0;
  int never = 0;
  for (int i = 0; i < 40'000; ++i) {
    const auto drawn = seen.draw(rng);
    if (!drawn.has_value())
      ++never;
    else
      ++(*drawn == s(2) ? two : nine);
  }

  EXPECT_NEAR(two / 40'000.0, 0.25, 0.01);
  EXPECT_NEAR(nine / 40'000.0, 0.5, 0.01);
  EXPECT_NEAR(never / 40'000.0, 0.25, 0.01);
}

TEST(Simulation, ARingAllGroupWithoutWaitingIsErlangsB) {
  Habits people;
  people.usual.answers = 1;
  people.usual.pickup = Lengths::always(base::Duration{1});
  Traffic t = traffic(100'000, 80);
  t.talk = Lengths::around(s(180));  // 80 calls an hour of 3 minutes: 4 Erlang
  model::Office o = office(6, model::Strategy::RingAll);
  o.groups[0].skip_busy = true;

  const Figures figures = run(o, t, people);

  const foresight::Estimate answered = figures.answered_share.estimate();
  const double theory = 1 - erlang_b(6, 4);
  EXPECT_NEAR(answered.value, theory, answered.give_or_take) << "plus or minus its interval";
  EXPECT_LT(answered.give_or_take, 0.01);
  EXPECT_EQ(figures.answered + ended(figures), figures.calls);
}

TEST(Simulation, TheSameSeedTellsTheSameStory) {
  const model::Office o = office(4, model::Strategy::Sequential);
  Traffic t = traffic(2'000, 120);
  t.patience = Lengths::around(s(40));

  const Figures first = run(o, t, {});
  const Figures again = run(o, t, {});
  const Figures other = run(o, t, {}, 8);

  EXPECT_EQ(first.answered, again.answered);
  EXPECT_EQ(first.wait.mean_s(), again.wait.mean_s());
  EXPECT_EQ(first.members.at("103").missed.count(), again.members.at("103").missed.count());
  EXPECT_NE(first.wait.mean_s(), other.wait.mean_s());
}

TEST(Simulation, EveryCallIsCountedOnceWhateverBecameOfIt) {
  model::Office o = office(3, model::Strategy::Sequential);
  o.groups[0].finally.any = {model::DestinationKind::Mailbox, "101"};
  o.users[0].mailbox.present = true;
  Traffic t = traffic(5'000, 200);
  t.patience = Lengths::around(s(60));
  Habits people;
  people.usual.declines = 0.1;

  const Figures figures = run(o, t, people);

  EXPECT_EQ(figures.answered + figures.abandoned + ended(figures), figures.calls);
  EXPECT_EQ(figures.calls, 4'750U) << "the first twentieth is not counted";
  EXPECT_GT(figures.ended_in.at("mailbox 101"), 0U);
  EXPECT_GT(figures.abandoned, 0U);
  EXPECT_GT(figures.members.at("101").declined.count(), 0U);
}

TEST(Simulation, WhoIsNotRegisteredNeverRings) {
  Habits people;
  people.known["102"].registered = false;
  Traffic t = traffic(500, 20);
  t.talk = Lengths::always(base::Duration{1});

  const Figures figures = run(office(3, model::Strategy::RingAll), t, people);

  EXPECT_EQ(figures.members.at("102").rang.count(), 0U);
  EXPECT_EQ(figures.members.at("101").rang.count(), figures.calls);
}

TEST(Simulation, AMobilesVoicemailSwallowsCallsUnlessAKeyIsAskedFor) {
  model::Office o = office(1, model::Strategy::RingAll);
  o.trunks.emplace_back().name = "carrier";
  o.groups[0].members.emplace_back().target = "+48600100200";
  Habits people;
  people.known["101"].answers = 0;
  people.known["+48600100200"].answers = 0;
  people.known["+48600100200"].own_voicemail = s(20);

  o.groups[0].confirm = model::Confirm::Never;
  const Figures swallowed = run(o, traffic(200, 10), people);
  o.groups[0].confirm = model::Confirm::Auto;
  const Figures asked = run(o, traffic(200, 10), people);

  EXPECT_EQ(swallowed.own_voicemail, swallowed.calls);
  EXPECT_EQ(asked.own_voicemail, 0U);
  EXPECT_EQ(asked.answered, 0U);
}

TEST(Simulation, RingsStoppedByAnAnswerAreNotMissed) {
  Habits people;
  people.usual.answers = 1;
  people.usual.pickup = Lengths::always(s(3));
  people.known["102"].pickup = Lengths::always(s(20));
  Traffic t = traffic(400, 2);
  t.talk = Lengths::always(base::Duration{1});

  const Figures figures = run(office(2, model::Strategy::RingAll), t, people);

  EXPECT_EQ(figures.members.at("102").missed.count(), 0U);
  EXPECT_EQ(figures.members.at("101").answered.count(), figures.calls);
}

TEST(Simulation, CallersComeByTheHourOfTheWeek) {
  Traffic t = traffic(2'000, 0);
  t.week[8] = 100;  // Monday, 08:00 to 09:00

  const Figures figures = run(office(2, model::Strategy::RingAll), t, {});

  EXPECT_GT(figures.span, s(std::int64_t{7} * 24 * 3'600 * 17)) << "a hundred calls a week";
  EXPECT_EQ(figures.calls, 1'900U);
}

TEST(Simulation, WhatWouldTakeTooLongIsCutOffAndSaysSo) {
  const model::Office endless = office(2, model::Strategy::RingAll);
  foresight::Traffic traffic;
  traffic.number = "600";
  const foresight::Habits people;
  const auto snapshot = model::Snapshot::build(endless, {});

  EXPECT_TRUE(foresight::simulate({snapshot, traffic, people, 1, 1'000}).cut);
  EXPECT_FALSE(foresight::simulate({snapshot, traffic, people, 1}).cut);
}

TEST(Learn, AnAnswerElsewhereIsNotARefusal) {
  // Rings of 5 s that came, of 4 s that were cut off, of 10 s that came: by the product limit one
  // of two who were left at 5 s, then the last.
  const Lengths::Seen seen = foresight::product_limit({{s(10), true}, {s(4), false}, {s(5), true}});

  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].first, s(5));
  EXPECT_DOUBLE_EQ(seen[0].second, 0.5);
  EXPECT_DOUBLE_EQ(seen[1].second, 1.0);
}

facts::CallRecord record(std::int64_t at_s, facts::Outcome outcome, std::int64_t wait_s,
                         std::int64_t talk_s) {
  facts::CallRecord r;
  r.started = base::WallTime{kMonday.unix_ms + at_s * 1'000};
  r.dialled = "600";
  r.from = "+48587622447";
  r.outcome = outcome;
  r.wait_ms = wait_s * 1'000;
  r.talk_ms = talk_s * 1'000;
  if (outcome == facts::Outcome::Answered) r.answered = r.started;
  facts::Attempt attempt;
  attempt.target = "101";
  attempt.dialled_at_ms = 0;
  attempt.ended_at_ms = wait_s * 1'000;
  attempt.result = outcome == facts::Outcome::Answered ? facts::AttemptResult::Won
                                                       : facts::AttemptResult::CallerGaveUp;
  r.attempts.push_back(attempt);
  return r;
}

TEST(Learn, RecordsThatAreReplayedGiveWhatTheyTell) {
  const std::vector<facts::CallRecord> records{record(0, facts::Outcome::Answered, 5, 60),
                                               record(600, facts::Outcome::Abandoned, 3, 0),
                                               record(1'200, facts::Outcome::Answered, 5, 90)};

  const foresight::Learned learned = foresight::learn(records, {"600"}, {});
  const Figures figures = run(office(1, model::Strategy::RingAll), learned.traffic, learned.people);

  EXPECT_EQ(learned.used, 3U);
  EXPECT_EQ(figures.calls, 3U);
  EXPECT_EQ(figures.answered, 2U);
  EXPECT_EQ(figures.abandoned, 1U);
  EXPECT_EQ(figures.wait.mean_s(), 5.0);
  EXPECT_DOUBLE_EQ(figures.members.at("101").talked_s.sum(), 150);
}

TEST(Learn, WhoIsFoundBusyOutsideOfTheRecordsIsBusyForThatShareOfTheTime) {
  std::vector<facts::CallRecord> records;
  for (int i = 0; i < 400; ++i) {
    const bool busy = i % 10 < 3;
    records.push_back(record(i * 1'000, busy ? facts::Outcome::Busy : facts::Outcome::Answered,
                             busy ? 0 : 5, busy ? 0 : 60));
    facts::Attempt& attempt = records.back().attempts[0];
    if (busy) attempt.result = facts::AttemptResult::Busy;
    if (!busy) records.back().answered_by = "101";
  }
  // Busy with a call that the records have: that is no absence.
  records.push_back(record(400'030, facts::Outcome::Busy, 0, 0));
  records.back().attempts[0].result = facts::AttemptResult::Busy;
  records.push_back(record(400'000, facts::Outcome::Answered, 5, 60));
  records.back().answered_by = "101";

  foresight::Learned learned = foresight::learn(records, {"600"}, {});
  learned.traffic.recorded.clear();
  learned.traffic.week = {};
  learned.traffic.number = "600";
  learned.traffic.an_hour = 0.6;
  learned.traffic.calls = 4'000;
  const Figures figures = run(office(1, model::Strategy::RingAll), learned.traffic, learned.people);

  EXPECT_NEAR(figures.answered_share.estimate().value, 0.7, 0.05);
}

}  // namespace
