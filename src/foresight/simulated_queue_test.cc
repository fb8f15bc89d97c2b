// Queues in a simulation: against the theory of Erlang C and Erlang A, and what becomes of callers
// whom no agent takes.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "foresight/chance.h"
#include "foresight/figures.h"
#include "foresight/simulation.h"
#include "foresight/traffic.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace {

using foresight::Estimate;
using foresight::Figures;
using foresight::Habits;
using foresight::Lengths;
using foresight::Traffic;

constexpr double kTalkS = 180;
constexpr base::Duration s(std::int64_t seconds) {
  return base::Duration{seconds * 1'000};
}

model::Office office(int agents) {
  model::Office o;
  model::Queue& queue = o.queues.emplace_back();
  queue.name = "Support";
  queue.extension = "700";
  queue.max_wait = s(100'000);
  for (int i = 1; i <= agents; ++i) {
    const std::string extension = std::to_string(100 + i);
    o.users.emplace_back().extension = extension;
    queue.members.emplace_back().target = extension;
  }
  return o;
}

// `load` in Erlang.
Traffic traffic(std::uint64_t calls, double load) {
  Traffic t;
  t.number = "700";
  t.begins = base::WallTime{1'772'409'600'000};  // 2026-03-02T00:00:00Z
  t.calls = calls;
  t.an_hour = load * 3'600 / kTalkS;
  t.talk = Lengths::around(s(static_cast<std::int64_t>(kTalkS)));
  t.patience = {};
  return t;
}

// They take each call at once.
Habits eager() {
  Habits people;
  people.usual.answers = 1;
  people.usual.pickup = Lengths::always(base::Duration{0});
  return people;
}

Figures run(model::Office o, const Traffic& t, const Habits& people) {
  return foresight::simulate({model::Snapshot::build(std::move(o), {}), t, people, 11});
}

// How many callers stand in the system: the shares of time, by birth and death.
std::vector<double> erlang_a(int agents, double load, double patience_s) {
  std::vector<double> shares{1};
  double sum = 1;
  for (int n = 1; n < 400; ++n) {
    const double leave = std::min(n, agents) / kTalkS + std::max(n - agents, 0) / patience_s;
    shares.push_back(shares.back() * (load / kTalkS) / leave);
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

TEST(SimulatedQueue, WithPatientCallersIsErlangsC) {
  const int agents = 4;
  const double load = 3;
  const Figures figures = run(office(agents), traffic(200'000, load), eager());

  double blocked = 1;  // Erlang B
  for (int n = 1; n <= agents; ++n) blocked = load * blocked / (n + load * blocked);
  const double waits = blocked / (1 - load / agents * (1 - blocked));
  const double mean_wait_s = waits * kTalkS / (agents - load);
  const Estimate wait = figures.wait_s.estimate();
  EXPECT_EQ(figures.answered, figures.calls);
  EXPECT_NEAR(wait.value, mean_wait_s, wait.give_or_take) << "plus or minus its interval";
  EXPECT_LT(wait.give_or_take, mean_wait_s / 10);
}

TEST(SimulatedQueue, WithCallersWhoGiveUpIsErlangsA) {
  const int agents = 4;
  const double load = 5;
  const double patience_s = 60;
  Traffic t = traffic(100'000, load);
  t.patience = Lengths::around(s(static_cast<std::int64_t>(patience_s)));

  const Figures figures = run(office(agents), t, eager());

  const std::vector<double> shares = erlang_a(agents, load, patience_s);
  double given_up = 0;  // a second
  for (std::size_t n = agents; n < shares.size(); ++n)
    given_up += shares[n] * static_cast<double>(n - agents) / patience_s;
  const Estimate abandoned = figures.abandoned_share.estimate();
  EXPECT_NEAR(abandoned.value, given_up * kTalkS / load, abandoned.give_or_take);
  EXPECT_LT(abandoned.give_or_take, 0.02);
  EXPECT_EQ(figures.answered + figures.abandoned, figures.calls);
}

TEST(SimulatedQueue, WhoDeclinesOrLetsItRingLosesTheCallerToTheNext) {
  Habits people = eager();
  people.known["101"].answers = 0;
  people.known["101"].declines = 1;
  people.known["102"].answers = 0;
  Traffic t = traffic(200, 0.01);

  const Figures figures = run(office(3), t, people);

  EXPECT_EQ(figures.answered, figures.calls);
  EXPECT_EQ(figures.members.at("103").answered.count(), figures.calls);
  EXPECT_GT(figures.members.at("101").declined.count(), 0U);
  EXPECT_GT(figures.members.at("102").missed.count(), 0U);
}

TEST(SimulatedQueue, WhoWaitedTooLongAndWhoMeetsTooFewAgentsGoToTheFinally) {
  model::Office o = office(1);
  o.queues[0].max_wait = s(30);
  o.queues[0].finally.any = {model::DestinationKind::Mailbox, "101"};
  o.users[0].mailbox.present = true;
  Habits people;
  people.usual.answers = 0;

  const Figures waited = run(o, traffic(200, 0.01), people);
  EXPECT_EQ(waited.ended_in.at("mailbox 101"), waited.calls);
  EXPECT_GE(waited.members.at("101").rang.count(), waited.calls);

  o.queues[0].minimum_agents = 2;
  const Figures nobody = run(o, traffic(200, 0.01), people);
  EXPECT_EQ(nobody.ended_in.at("mailbox 101"), nobody.calls);
  EXPECT_EQ(nobody.members.at("101").rang.count(), 0U);
}

TEST(SimulatedQueue, AGroupThatNobodyAnswersHandsItsCallersOn) {
  model::Office o = office(2);
  model::Group& group = o.groups.emplace_back();
  group.name = "Sales";
  group.extensions = {"600"};
  group.timeout = s(10);
  group.members.emplace_back().target = "101";
  group.finally.any = {model::DestinationKind::Queue, "Support"};
  Habits people = eager();
  people.known["101"].answers = 0;
  Traffic t = traffic(200, 0.01);
  t.number = "600";

  const Figures figures = run(o, t, people);

  EXPECT_EQ(figures.answered, figures.calls);
  EXPECT_EQ(figures.members.at("102").answered.count(), figures.calls);
  EXPECT_GE(figures.wait.quantile_s(0.1), 10.0);
}

}  // namespace
