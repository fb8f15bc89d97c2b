// The line of a queue: rules 2, 5, 6, 10 and 12 of docs/hunting.md, row S1.19.
#include "service/queue_line.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"
#include "model/office.h"
#include "service/testing/bench.h"
#include "service/testing/line_bench.h"

namespace {

using model::Strategy;
using service::Agent;
using service::OfferFailure;
using service::QueueLine;
using service::testing::LineBench;
using service::testing::Log;
using service::testing::seconds;

QueueLine::Settings with(Strategy strategy) {
  QueueLine::Settings settings;
  settings.strategy = strategy;
  return settings;
}

TEST(QueueLine, TwoCallersAndOneAgentAreServedOneAfterTheOther) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.enter(2);
  bench.until(5'000);
  bench.answered(1, "101");
  bench.until(65'000);
  bench.call_over("101");
  bench.answered(2, "101");

  EXPECT_EQ(bench.log, (Log{"0 offer 1 101", "0 moved 1 1", "0 moved 2 2", "5000 connect 1 101",
                            "5000 moved 2 1", "65000 offer 2 101", "65000 connect 2 101"}));
}

TEST(QueueLine, SeveralFreeAgentsServeSeveralHeadsAtOnce) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1);
  bench.enter(2);
  bench.enter(3);

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 101", "0 offer 2 102"}));
}

TEST(QueueLine, Rule_5_AnOfferLasts20SecondsThenTheNextIsAskedAndThePassesAre2SecondsApart) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1);
  bench.until(45'000);

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "20000 withdraw 1 101 timed_out", "20000 offer 1 102",
                 "40000 withdraw 1 102 timed_out", "42000 offer 1 101"}));
}

TEST(QueueLine, WhoCameLaterDoesNotGetTheAgentsOfTheHeadsNextPass) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.enter(2);
  bench.until(25'000);

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "20000 withdraw 1 101 timed_out", "22000 offer 1 101"}));
}

TEST(QueueLine, Rule_2_WhoDeclinedIsNotAskedForThisCallerAgainButForTheNext) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.enter(2);
  bench.until(3'000);
  bench.failed(1, "101", OfferFailure::Declined);
  bench.until(60'000);

  EXPECT_EQ(bench.deeds()[1], "3000 offer 2 101");
  for (const std::string& deed : bench.deeds()) EXPECT_NE(deed, "5000 offer 1 101");
}

TEST(QueueLine, Rule_2_WhoIsBusyIsAskedAgain) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.failed(1, "101", OfferFailure::Busy);
  bench.until(3'000);

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 101", "2000 offer 1 101"}));
}

TEST(QueueLine, Rule_12_WhoIsInACallPausedOrNotRegisteredIsNotOffered) {
  LineBench bench{with(Strategy::Sequential), "101 102 103 104"};
  bench.agent("101").in_call = true;
  bench.agent("102").paused = true;
  bench.agent("103").reachable = false;
  bench.agent("104").logged_in = false;
  bench.tell();

  bench.enter(1);
  EXPECT_EQ(bench.deeds(), Log{});
  bench.until(7'000);
  bench.agent("103").reachable = true;
  bench.tell();

  EXPECT_EQ(bench.deeds(), (Log{"7000 offer 1 103"}));
}

TEST(QueueLine, Rule_12_NobodyIsOfferedHimself) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1, "101");

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 102"}));
}

TEST(QueueLine, Rule_6_RingAllOffersTheHeadToAllAndTheFirstAnswerWins) {
  LineBench bench{with(Strategy::RingAll), "101 102"};

  bench.enter(1);
  bench.enter(2);
  bench.until(4'000);
  bench.answered(1, "102");

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 101", "0 offer 1 102", "4000 connect 1 102",
                                "4000 withdraw 1 101 answered_elsewhere", "4000 offer 2 101"}));
}

TEST(QueueLine, Rule_6_AnAnswerThatCrossesAWithdrawWinsWhileTheCallerWaits) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1);
  bench.until(20'000);
  bench.answered(1, "101");

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "20000 withdraw 1 101 timed_out", "20000 offer 1 102",
                 "20000 connect 1 101", "20000 withdraw 1 102 answered_elsewhere"}));
}

TEST(QueueLine, Rule_6_AnAnswerForACallerWhoIsGoneIsHungUp) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.leave(1);
  bench.answered(1, "101");

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 101", "0 withdraw 1 101 caller_gone",
                                "0 withdraw 1 101 answered_elsewhere"}));
}

TEST(QueueLine, Rule_6_AnAgentWhoAnswersLateIsTakenFromHisNextOffer) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1);
  bench.enter(2);
  bench.until(20'000);
  bench.log.clear();
  bench.answered(1, "101");
  bench.until(23'000);

  EXPECT_EQ(bench.deeds(), (Log{"20000 withdraw 2 101 answered_elsewhere", "20000 connect 1 101",
                                "20000 withdraw 1 102 answered_elsewhere", "22000 offer 2 102"}));
}

TEST(QueueLine, Rule_10_WhoPausesOrLogsOutRingsNoMore) {
  LineBench bench{with(Strategy::Sequential), "101 102"};

  bench.enter(1);
  bench.until(5'000);
  bench.agent("101").paused = true;
  bench.tell();

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "5000 withdraw 1 101 agent_gone", "5000 offer 1 102"}));
}

TEST(QueueLine, AfterACallTheAgentHasTimeToWrapUp) {
  QueueLine::Settings settings = with(Strategy::Sequential);
  settings.wrap_up = seconds(10);
  LineBench bench{settings, "101"};

  bench.enter(1);
  bench.answered(1, "101");
  bench.until(30'000);
  bench.call_over("101");
  bench.enter(2);
  bench.until(41'000);

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 101", "0 connect 1 101", "40000 offer 2 101"}));
}

TEST(QueueLine, AtTheLongestWaitTheCallerIsSentAway) {
  QueueLine::Settings settings = with(Strategy::Sequential);
  settings.max_wait = seconds(30);
  LineBench bench{settings, "101"};

  bench.enter(1);
  bench.until(60'000);

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "20000 withdraw 1 101 timed_out", "22000 offer 1 101",
                 "30000 withdraw 1 101 caller_gone", "30000 send_away 1 waited_too_long"}));
  EXPECT_EQ(bench.line.waiting(), 0U);
}

TEST(QueueLine, Row_S1_19_WithTooFewAgentsLoggedInCallersAreSentAway) {
  QueueLine::Settings settings = with(Strategy::Sequential);
  settings.minimum_agents = 2;
  LineBench bench{settings, "101 102"};

  bench.enter(1);
  bench.until(4'000);
  bench.agent("102").logged_in = false;
  bench.tell();
  bench.enter(2);

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "4000 withdraw 1 101 caller_gone",
                 "4000 send_away 1 too_few_agents", "4000 send_away 2 too_few_agents"}));
}

TEST(QueueLine, Row_S1_19_WhoLogsInGetsTheHead) {
  LineBench bench{with(Strategy::Sequential), "101"};
  bench.agent("101").logged_in = false;
  bench.tell();

  bench.enter(1);
  bench.enter(2);
  bench.until(4'000);
  bench.agent("101").logged_in = true;
  bench.tell();

  EXPECT_EQ(bench.deeds(), (Log{"4000 offer 1 101"}));
}

TEST(QueueLine, AFullLineTakesNobody) {
  QueueLine::Settings settings = with(Strategy::Sequential);
  settings.longest_line = 1;
  LineBench bench{settings, ""};

  bench.enter(1);
  bench.enter(2);

  EXPECT_EQ(bench.deeds(), (Log{"0 send_away 2 line_full"}));
}

TEST(QueueLine, EveryoneBehindMovesUpAndHearsHowLongItMayTake) {
  LineBench bench{with(Strategy::Sequential), "101"};

  bench.enter(1);
  bench.answered(1, "101");
  bench.until(60'000);
  bench.call_over("101");
  bench.enter(2);
  bench.enter(3);
  bench.enter(4);
  bench.log.clear();
  bench.leave(3);

  EXPECT_EQ(bench.log, (Log{"60000 moved 4 2 120000"}));
}

TEST(QueueLine, RoundRobinAsksTheNextOneForTheNextCall) {
  LineBench bench{with(Strategy::RoundRobin), "101 102 103"};

  for (std::uint64_t caller = 1; caller <= 4; ++caller) {
    bench.enter(caller);
    bench.leave(caller);
  }

  EXPECT_EQ(bench.deeds(),
            (Log{"0 offer 1 101", "0 withdraw 1 101 caller_gone", "0 offer 2 102",
                 "0 withdraw 2 102 caller_gone", "0 offer 3 103", "0 withdraw 3 103 caller_gone",
                 "0 offer 4 101", "0 withdraw 4 101 caller_gone"}));
  EXPECT_EQ(bench.line.pointer(), "101");
}

TEST(QueueLine, LongestIdleAsksWhoHasNotTalkedForLongest) {
  LineBench bench{with(Strategy::LongestIdle), "101 102 103"};
  bench.agent("101").last_call_ended = base::WallTime{3'000};
  bench.agent("102").last_call_ended = base::WallTime{1'000};
  bench.agent("103").last_call_ended = base::WallTime{2'000};
  bench.tell();

  bench.enter(1);
  bench.answered(1, "102");
  bench.call_over("102");
  bench.enter(2);

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 102", "0 connect 1 102", "0 offer 2 103"}));
}

TEST(QueueLine, FewestCallsAsksWhoAnsweredLeast) {
  LineBench bench{with(Strategy::FewestCalls), "101 102"};
  bench.agent("101").answered = 1;
  bench.tell();

  bench.enter(1);
  bench.answered(1, "102");
  bench.call_over("102");
  bench.enter(2);

  EXPECT_EQ(bench.deeds().back(), "0 offer 2 101");
}

TEST(QueueLine, SequentialAsksByPriority) {
  LineBench bench{with(Strategy::Sequential), "101 102"};
  bench.agent("101").priority = 2;
  bench.agent("102").priority = 1;
  bench.tell();

  bench.enter(1);

  EXPECT_EQ(bench.deeds(), (Log{"0 offer 1 102"}));
}

TEST(QueueOrder, WeightedDrawsByWeightAndZeroComesLast) {
  std::vector<Agent> agents(3);
  agents[0].weight = 0;
  agents[1].weight = 30;
  agents[2].weight = 10;
  base::SplitMix rng{7};
  int heavy_first = 0;

  for (int i = 0; i < 1'000; ++i) {
    const auto order =
        service::in_order({&agents[0], &agents[1], &agents[2]}, Strategy::Weighted, "", rng);
    if (order[0] == &agents[1]) ++heavy_first;
    ASSERT_EQ(order[2], &agents[0]);
  }

  EXPECT_NEAR(heavy_first, 750, 60);
}

TEST(QueueOrder, RandomAsksEachEquallyOften) {
  std::vector<Agent> agents(4);
  base::SplitMix rng{7};
  int first = 0;

  for (int i = 0; i < 1'000; ++i) {
    const auto order = service::in_order({&agents[0], &agents[1], &agents[2], &agents[3]},
                                         Strategy::Random, "", rng);
    if (order[0] == &agents[2]) ++first;
  }

  EXPECT_NEAR(first, 250, 60);
}

}  // namespace
