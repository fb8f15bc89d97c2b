// Every strategy of docs/hunting.md as the plan that it writes and the hunt that comes of it.
#include "hunt/strategies.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/testing/rig.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"

namespace {

using hunt::testing::group;
using hunt::testing::kNoon;
using hunt::testing::Log;
using hunt::testing::members;
using hunt::testing::office_with;
using hunt::testing::Phone;
using hunt::testing::Rig;
using hunt::testing::seconds;
using model::Strategy;

// The order in which the members of a sequential kind are dialled in one round: silence from all.
Log order_of(Rig& rig) {
  rig.log.clear();
  rig.start_group("Sales");
  rig.until(rig.now_ms() + 100'000);
  Log order;
  for (const std::string& line : rig.lines("dial"))
    order.push_back(line.substr(line.rfind(' ') + 1));
  return order;
}

model::Office sales(Strategy strategy, const std::string& words) {
  return office_with({group("Sales", strategy, words)});
}

TEST(Strategies, RingAllRingsAllFor30SecondsWhateverTheirOwnValues) {
  Rig rig{sales(Strategy::RingAll, "101@7:5 102:9 103")};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "0 dial 103", "30000 drop 101 timed_out",
                 "30000 drop 102 timed_out", "30000 drop 103 timed_out", "30000 end no_answer"}));
}

TEST(Strategies, SequentialGoesByPriorityAndEqualGivenOnesRingTogether) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5 102:10 103:15 104:5");
  g.members[1].priority = 4;
  g.members[2].priority = 1;
  g.members[3].priority = 1;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 drop 101 timed_out", "5000 dial 103", "5000 dial 104",
                          "20000 drop 103 timed_out", "20000 drop 104 timed_out", "20000 dial 102",
                          "30000 drop 102 timed_out", "30000 end no_answer"}));
}

TEST(Strategies, SequentialRings20SecondsEachWhenNothingIsGiven) {
  Rig rig{sales(Strategy::Sequential, "101 102")};

  rig.start_group("Sales");
  rig.until(90'000);

  EXPECT_EQ(rig.lines("drop"), (Log{"20000 drop 101 timed_out", "40000 drop 102 timed_out"}));
}

TEST(Strategies, RandomDrawsAPermutationAndAnotherOneForEachRound) {
  std::set<Log> seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rig rig{sales(Strategy::Random, "101:5 102:5 103:5")};
    rig.seed = seed;
    Log order = order_of(rig);
    seen.insert(order);
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, (Log{"101", "102", "103"}));
  }
  EXPECT_EQ(seen.size(), 6U);

  std::set<Log> rounds;
  model::Group g = group("Sales", Strategy::Random, "101:5 102:5 103:5");
  g.repeat = 20;
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(300'000);
  const Log dials = rig.lines("dial");
  for (std::size_t i = 0; i + 2 < dials.size(); i += 3)
    rounds.insert(
        {dials[i].substr(dials[i].rfind(' ')), dials[i + 1].substr(dials[i + 1].rfind(' '))});
  EXPECT_GT(rounds.size(), 3U);
}

TEST(Strategies, RandomIsTheSameForTheSameSeed) {
  Rig first{sales(Strategy::Random, "101:5 102:5 103:5 104:5 105:5")};
  Rig second{sales(Strategy::Random, "101:5 102:5 103:5 104:5 105:5")};
  first.seed = 77;
  second.seed = 77;

  EXPECT_EQ(order_of(first), order_of(second));
}

TEST(Strategies, RoundRobinStartsBehindThePointer) {
  Rig rig{sales(Strategy::RoundRobin, "101:5 102:5 103:5")};

  EXPECT_EQ(order_of(rig), (Log{"101", "102", "103"}));
  EXPECT_EQ(order_of(rig), (Log{"102", "103", "101"}));
  EXPECT_EQ(order_of(rig), (Log{"103", "101", "102"}));
}

TEST(Strategies, RoundRobinSetsThePointerToTheWinner) {
  Rig rig{sales(Strategy::RoundRobin, "101:5 102:5 103:5")};

  rig.start_group("Sales");
  EXPECT_EQ(rig.memory["sales"].pointer, "user:101");
  rig.until(6'000);
  rig.answer("102");

  EXPECT_EQ(rig.memory["sales"].pointer, "user:102");
  EXPECT_EQ(order_of(rig), (Log{"103", "101", "102"}));
}

TEST(Strategies, RoundRobinBeginsWithTheFirstWhoIsDialledNotWithWhoIsSkipped) {
  Rig rig{sales(Strategy::RoundRobin, "101:5 102:5 103:5")};
  rig.presence.users["101"].devices = 0;

  rig.start_group("Sales");

  EXPECT_EQ(rig.memory["sales"].pointer, "user:102");
}

TEST(Strategies, LongestIdleBeginsWithWhoHasBeenIdleLongest) {
  Rig rig{sales(Strategy::LongestIdle, "101:5 102:5 103:5 104:5")};
  rig.presence.users["101"].last_answered_ended = base::WallTime{kNoon - 1'000};
  rig.presence.users["103"].last_answered_ended = base::WallTime{kNoon - 9'000};

  EXPECT_EQ(order_of(rig), (Log{"102", "104", "103", "101"}));
}

TEST(Strategies, LongestIdleKnowsExternalMembersByTheirLastCallThroughThisGroup) {
  Rig rig{sales(Strategy::LongestIdle, "+48600100200:5 +48600100300:5")};

  rig.start_group("Sales");
  rig.until(1'000);
  rig.answer("+48600100200");

  EXPECT_EQ(order_of(rig), (Log{"+48600100300", "+48600100200"}));
}

TEST(Strategies, FewestCallsBeginsWithWhoAnsweredLeastSinceMidnight) {
  Rig rig{sales(Strategy::FewestCalls, "101:5 102:5 103:5")};

  rig.start_group("Sales");
  rig.answer("101");
  EXPECT_EQ(order_of(rig), (Log{"102", "103", "101"}));
  rig.start_group("Sales");
  rig.answer("102");

  EXPECT_EQ(order_of(rig), (Log{"103", "101", "102"}));
}

TEST(Strategies, FewestCallsForgetsAtMidnight) {
  hunt::Memory memory;
  const base::WallTime monday{86'400'000};
  const base::WallTime tuesday{2 * 86'400'000};

  hunt::apply(memory, hunt::MemberAnswered{"user:101", {monday.unix_ms + 5}, monday});
  hunt::apply(memory, hunt::MemberAnswered{"user:101", {monday.unix_ms + 9}, monday});

  EXPECT_EQ(hunt::answered_since(memory, "user:101", monday), 2U);
  EXPECT_EQ(hunt::answered_since(memory, "user:101", tuesday), 0U);
}

TEST(Strategies, WeightedDrawsByWeightAndZeroComesLast) {
  model::Group g = group("Sales", Strategy::Weighted, "101:5 102:5 103:5");
  g.members[0].weight = 0;
  g.members[1].weight = 30;
  g.members[2].weight = 10;
  std::map<std::string, int> first;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Rig rig{office_with({g})};
    rig.seed = seed;
    const Log order = order_of(rig);
    ++first[order.front()];
    EXPECT_EQ(order.back(), "101");
  }

  EXPECT_EQ(first["101"], 0);
  EXPECT_NEAR(first["102"], 300, 40);
}

TEST(Strategies, StaggeredRingsOnUntilTheTimeoutOrForItsFor) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@6 103@10:5");
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "6000 dial 102", "10000 dial 103", "15000 drop 103 timed_out",
                 "30000 drop 101 timed_out", "30000 drop 102 timed_out", "30000 end no_answer"}));
}

TEST(Strategies, RolloverAddsOneAfterTheOther) {
  model::Group g = group("Sales", Strategy::Rollover, "101:10 102:5 103:10");
  g.timeout = seconds(40);
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "10000 dial 102", "15000 dial 103", "40000 drop 101 timed_out",
                 "40000 drop 102 timed_out", "40000 drop 103 timed_out", "40000 end no_answer"}));
}

TEST(Strategies, StagesRingEachWithItsSetAndItsFor) {
  model::Group g = group("Sales", Strategy::Stages, "");
  g.stages = {{.ring = members("101 102"), .ring_for = seconds(10)},
              {.ring = members("103"), .ring_for = std::nullopt}};
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "10000 drop 101 timed_out", "10000 drop 102 timed_out",
                 "10000 dial 103", "30000 drop 103 timed_out", "30000 end no_answer"}));
}

model::Rule rule_of(model::RuleMode mode, std::vector<model::Stage> stages) {
  model::Rule rule;
  rule.name = "work";
  rule.mode = mode;
  rule.stages = std::move(stages);
  return rule;
}

TEST(Strategies, FollowMeRunsTheStagesOfAUsersRule) {
  model::Office office = office_with({});
  office.users[0].rules.push_back(
      rule_of(model::RuleMode::FollowMe, {{.ring = members("101"), .ring_for = seconds(40)},
                                          {.ring = members("+14155550101 102"), .ring_for = {}}}));
  Rig rig{office};
  rig.presence.users["101"].calls = 1;

  rig.start(model::RunRule{"101", 0});
  rig.until(120'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "40000 drop 101 timed_out", "40000 dial +14155550101",
                          "40000 dial 102", "70000 drop +14155550101 timed_out",
                          "70000 drop 102 timed_out", "70000 end no_answer"}));
}

TEST(Strategies, ExtendRingRepeatsUntilItsMaximumHoldTimeAndAsksEverybody) {
  model::Office office = office_with({});
  office.users[0].rules.push_back(
      rule_of(model::RuleMode::ExtendRing, {{.ring = members("101"), .ring_for = seconds(10)},
                                            {.ring = members("102"), .ring_for = seconds(10)}}));
  office.users[0].rules[0].max_hold = seconds(50);
  office.users[0].mailbox.present = true;
  Rig rig{office};
  rig.settings.confirm_available = true;

  rig.start(model::RunRule{"101", 0});
  rig.until(5'000);
  rig.answer("101");
  rig.until(100'000);

  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "10000 dial 102", "20000 dial 101",
                                    "30000 dial 102", "40000 dial 101"}));
  EXPECT_EQ(rig.lines("ask"), (Log{"5000 ask 101 mailbox"}));
  EXPECT_EQ(rig.lines("end"), (Log{"50000 end no_answer"}));
}

model::Office chained(const std::vector<std::pair<std::string, std::string>>& rows) {
  model::Office office = office_with({});
  for (const auto& [number, next] : rows) {
    model::ChainRow row;
    row.sip_number = number;
    row.next_number = next;
    office.chain.push_back(row);
  }
  return office;
}

TEST(Strategies, ChainWalksAlongNextNumber) {
  Rig rig{chained({{"101", "102"}, {"102", "103"}, {"103", ""}})};

  rig.start(model::RingChain{"102", "", "8008"});
  rig.until(120'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 102", "20000 drop 102 timed_out", "20000 dial 103",
                          "40000 drop 103 timed_out", "40000 end no_answer"}));
}

TEST(Strategies, AChainThatLoopsRepeatsFromThatMember) {
  model::Office office = chained({{"101", "102"}, {"102", "103"}, {"103", "102"}});
  office.max_hunt = seconds(100);
  Rig rig{office};

  rig.start(model::RingChain{"101", "101", ""});
  rig.until(200'000);

  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "20000 dial 102", "40000 dial 103",
                                    "60000 dial 102", "80000 dial 103"}));
  EXPECT_EQ(rig.hunt().plan().rounds, 0U);
  EXPECT_EQ(rig.hunt().plan().repeat_from, 1U);
}

TEST(Strategies, AllDevicesOfAUserAreOneRing) {
  Rig rig{office_with({})};
  rig.presence.users["101"] = {.devices = 3, .calls = 1, .last_answered_ended = {}};

  rig.start(model::RingUser{"101", seconds(25), false});
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "25000 drop 101 timed_out", "25000 end no_answer"}));
}

TEST(Strategies, ASingleNumberOrUriIsAPlanToo) {
  Rig rig{office_with({})};

  rig.start(model::DialOut{"+48600100200", {}, ""});
  rig.until(1'000);
  rig.start(model::DialUri{"sip:bob@192.0.2.7"});

  EXPECT_EQ(rig.log, (Log{"0 dial +48600100200", "1000 dial sip:bob@192.0.2.7"}));
}

TEST(Strategies, PageConnectsAllThatAnswerAndNeverLeavesAMissedCall) {
  Rig rig{sales(Strategy::Page, "101 102 103 +48600100200")};
  rig.settings.page_available = true;
  rig.phones["101"] = Phone::Answers;

  rig.start_group("Sales");
  rig.until(1'000);
  rig.answer("102");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial 103", "0 join 101", "1000 join 102",
                          "30000 drop 103 completed_elsewhere", "30000 end no_answer page_over"}));
}

TEST(Strategies, APageNeverBargesIntoACallWhateverTheGroupSays) {
  model::Office office = sales(Strategy::Page, "101 102");
  office.groups[0].skip_busy = false;
  Rig rig{office};
  rig.settings.page_available = true;
  rig.presence.users["101"].calls = 1;

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial 102"}));
}

TEST(Strategies, WherePagingIsNotAvailableTheFirstIsConnected) {
  Rig rig{sales(Strategy::Page, "101 102")};

  rig.start_group("Sales");
  rig.answer("101");

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "0 connect 101", "0 drop 102 completed_elsewhere"}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 30000 dialled 0 ringing 0 ended 0 won "
            "page_not_available");
}

TEST(Strategies, ARepeatedParallelGroupIsLimitedByTimeoutTimesRepeat) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  g.timeout = seconds(12);
  g.repeat = 3;
  Rig rig{office_with({g})};

  rig.start_group("Sales");

  EXPECT_EQ(rig.hunt().plan().limit_ms, 36'000);
}

TEST(Memory, SurvivesTheTripThroughItsText) {
  hunt::Memory memory;
  hunt::apply(memory, hunt::RoundBegan{"user:101"});
  hunt::apply(memory, hunt::MemberAnswered{"uri:sip:a b@x", {kNoon}, {kNoon - 1}});
  hunt::apply(memory, hunt::MemberAnswered{"number:+48", {kNoon + 5}, {kNoon - 1}});

  EXPECT_EQ(hunt::decode(hunt::encode(memory)), memory);
  EXPECT_EQ(hunt::decode(hunt::encode({})), hunt::Memory{});
}

TEST(Memory, RefusesWhatItDidNotWrite) {
  for (const char* text : {"", "2 x\n", "1 x", "1 x\n1 2\n", "1 x\na 2 3 user:1\n",
                           "1 x\n1 2 3 user:2\n1 2 3 user:1\n", "1 x\n1 2 - \n"})
    EXPECT_EQ(hunt::decode(text), std::nullopt) << text;
}

TEST(Memory, ForgetsTheOldestBeyondItsLimit) {
  hunt::Memory memory;
  for (std::size_t i = 0; i <= hunt::kMembersRemembered; ++i)
    hunt::apply(memory, hunt::MemberAnswered{
                            "user:" + std::to_string(i), {static_cast<std::int64_t>(i)}, {0}});

  EXPECT_EQ(memory.members.size(), hunt::kMembersRemembered);
  EXPECT_EQ(hunt::find(memory, "user:0"), nullptr);
  EXPECT_NE(hunt::find(memory, "user:1000"), nullptr);
}

}  // namespace
