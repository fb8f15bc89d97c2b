// The rows of docs/mission-rows.md that the hunt decides, one test each.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "model/office.h"
#include "model/routing.h"

namespace {

using hunt::testing::group;
using hunt::testing::Log;
using hunt::testing::members;
using hunt::testing::office_with;
using hunt::testing::Phone;
using hunt::testing::Rig;
using hunt::testing::seconds;
using model::Strategy;

model::Office sales(Strategy strategy, const std::string& words) {
  return office_with({group("Sales", strategy, words)});
}

model::Office staged(const std::vector<std::string>& stages) {
  model::Group g = group("Sales", Strategy::Stages, "");
  for (const std::string& words : stages)
    g.stages.push_back({.ring = members(words), .ring_for = seconds(15)});
  return office_with({g});
}

model::Office with_rule(model::RuleMode mode, std::vector<model::Stage> stages) {
  model::Office office = office_with({});
  model::Rule rule;
  rule.mode = mode;
  rule.stages = std::move(stages);
  office.users[0].rules.push_back(rule);
  office.users[0].mailbox.present = true;
  return office;
}

TEST(Rows, Row_S0_1_AGroupMayBeAMemberOfAGroup) {
  Rig rig{office_with(
      {group("Outer", Strategy::RingAll, "g:Inner"), group("Inner", Strategy::RingAll, "101")})};
  rig.start_group("Outer");
  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
}

TEST(Rows, Row_S0_2_RingAllForAPredefinedTimeAndAtOnceToTheEndWhenNobodyCan) {
  Rig rig{sales(Strategy::RingAll, "101 102")};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("end"), (Log{"30000 end no_answer"}));

  rig.presence.users.clear();
  rig.log.clear();
  rig.start_group("Sales");
  EXPECT_EQ(rig.log, (Log{"60000 end unreachable"}));
}

TEST(Rows, Row_S0_3_SequentialPassesOnceAndABusyMemberTakesNoTime) {
  Rig rig{sales(Strategy::Sequential, "101:10 102:10 103:10")};
  rig.phones["102"] = Phone::Busy;
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 dial 102",
                          "10000 dial 103", "20000 drop 103 timed_out", "20000 end no_answer"}));
}

TEST(Rows, Row_S0_4_InfiniteLooksAtEveryMemberAgainOnEveryPass) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:10");
  g.repeat = 0;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Busy;
  rig.start_group("Sales");
  rig.until(15'000);
  rig.phones["101"] = Phone::Rings;
  rig.until(21'000);
  EXPECT_EQ(rig.lines("dial 101"), (Log{"0 dial 101", "10000 dial 101", "20000 dial 101"}));
}

TEST(Rows, Row_S0_5_RandomIsDrawnAnewForEachCall) {
  std::vector<std::string> firsts;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Rig rig{sales(Strategy::Random, "101 102 103")};
    rig.seed = seed;
    rig.start_group("Sales");
    firsts.push_back(rig.log.front());
  }
  for (const char* who : {"0 dial 101", "0 dial 102", "0 dial 103"})
    EXPECT_NE(std::count(firsts.begin(), firsts.end(), who), 0) << who;
}

TEST(Rows, Row_S0_6_AliceAndBobFor30Seconds) {
  Rig rig{sales(Strategy::RingAll, "101 102")};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "30000 drop 101 timed_out",
                          "30000 drop 102 timed_out", "30000 end no_answer"}));
}

TEST(Rows, Row_S0_8_AChangeOfStrategyNeedsNoNewValues) {
  model::Group g = group("Sales", Strategy::RingAll, "101 102");
  g.strategy = Strategy::Sequential;
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "20000 dial 102"}));
}

TEST(Rows, Row_S0_9_Alice10Bob15UntilOneAnswersOrOnce) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:15");
  Rig once{office_with({g})};
  once.start_group("Sales");
  once.until(120'000);
  EXPECT_EQ(once.lines("end"), (Log{"25000 end no_answer"}));

  g.repeat = 0;
  Rig forever{office_with({g})};
  forever.start_group("Sales");
  forever.until(61'000);
  forever.answer("102");
  EXPECT_EQ(forever.lines("dial"), (Log{"0 dial 101", "10000 dial 102", "25000 dial 101",
                                        "35000 dial 102", "50000 dial 101", "60000 dial 102"}));
  EXPECT_EQ(forever.lines("connect"), (Log{"61000 connect 102"}));
}

TEST(Rows, Row_S0_10_PriorityGoesFromLowerToHigherAndEqualOnesRingTogether) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:10 103:10");
  g.members[0].priority = 20;
  g.members[1].priority = 10;
  g.members[2].priority = 20;
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(10'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 102", "10000 dial 101", "10000 dial 103"}));
}

TEST(Rows, Row_S0_11_EachHasARingingTime) {
  Rig rig{sales(Strategy::Sequential, "101:7 102")};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("drop"), (Log{"7000 drop 101 timed_out", "27000 drop 102 timed_out"}));
}

TEST(Rows, Row_S0_17_FollowForwardsIsOneSwitchAndDoNotDisturbIsAlwaysHonoured) {
  model::Office office = sales(Strategy::RingAll, "101 102");
  office.users[0].forward.always = "103";
  office.users[1].do_not_disturb = true;
  Rig off{office};
  off.start_group("Sales");
  EXPECT_EQ(off.log, (Log{"0 dial 101"}));

  office.groups[0].follow_forwards = true;
  Rig on{office};
  on.start_group("Sales");
  EXPECT_EQ(on.log, (Log{"0 dial 103"}));
}

TEST(Rows, Row_S0_18_TheEndIsTheClassNoAnswer) {
  Rig rig{sales(Strategy::RingAll, "101")};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("end"), (Log{"30000 end no_answer"}));
}

TEST(Rows, Row_S1_2_StagesHaveNoMemoryBetweenCalls) {
  Rig rig{staged({"101", "102"})};
  rig.start_group("Sales");
  rig.start_group("Sales");
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 101"}));
  EXPECT_TRUE(rig.memory.empty());
}

TEST(Rows, Row_S1_3_CellPhonesAreMembersAndAreAskedToConfirm) {
  Rig rig{staged({"101 +48600100200"})};
  rig.settings.confirm_available = true;
  rig.start_group("Sales");
  rig.answer("+48600100200");
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial +48600100200", "0 ask +48600100200"}));
}

TEST(Rows, Row_S1_4_ThreeStagesAndMore) {
  Rig rig{staged({"101", "102", "103", "104"})};
  rig.start_group("Sales");
  rig.until(120'000);
  EXPECT_EQ(rig.lines("dial"),
            (Log{"0 dial 101", "15000 dial 102", "30000 dial 103", "45000 dial 104"}));
  EXPECT_EQ(rig.lines("end"), (Log{"60000 end no_answer"}));
}

TEST(Rows, Row_S1_5_ATransitionIsASetDifference) {
  Rig rig{staged({"101 102 103", "101 103 104"})};
  rig.phones["103"] = Phone::Busy;
  rig.start_group("Sales");
  rig.until(15'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial 103", "15000 drop 102 timed_out",
                          "15000 dial 103", "15000 dial 104"}));
}

TEST(Rows, Row_S1_5_WhoRejectedIsNotDialledInTheNextStage) {
  Rig rig{staged({"101 102", "102 103"})};
  rig.phones["102"] = Phone::Declines;
  rig.start_group("Sales");
  rig.until(15'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "0 dial 102", "15000 dial 103"}));
}

TEST(Rows, Row_S1_6_FourThenTwoThenTheFinalStage) {
  Rig rig{staged({"101 102 103 104", "105 106", ""})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "0 dial 102", "0 dial 103", "0 dial 104",
                                    "15000 dial 105", "15000 dial 106"}));
  EXPECT_EQ(rig.lines("end"), (Log{"30000 end no_answer"}));
}

TEST(Rows, Row_S1_7_TheFinalStageIsNoRingButWhatFollowsTheEnd) {
  model::Office office = staged({"101"});
  office.groups[0].finally.any = {model::DestinationKind::User, "102"};
  Rig rig{office};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "15000 drop 101 timed_out", "15000 end no_answer"}));
}

TEST(Rows, Row_S2_1_ManyAtOnce) {
  Rig rig{sales(Strategy::Staggered, "101 102 103")};
  rig.start_group("Sales");
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial 103"}));
}

TEST(Rows, Row_S2_2_OrWithADeferral) {
  Rig rig{sales(Strategy::Staggered, "101 102@4.5")};
  rig.start_group("Sales");
  rig.until(4'500);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "4500 dial 102"}));
}

TEST(Rows, Row_S2_3_TheFirstOnesRingOnWhenTheThirdStarts) {
  Rig rig{sales(Strategy::Staggered, "101 102 103@4")};
  rig.start_group("Sales");
  rig.until(29'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "4000 dial 103"}));
}

TEST(Rows, Row_S2_4_WhoeverLiftsFirstHasIt) {
  Rig rig{sales(Strategy::Staggered, "101 102@6 103@10")};
  rig.start_group("Sales");
  rig.until(8'000);
  rig.answer("102");
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "6000 dial 102", "8000 connect 102",
                          "8000 drop 101 completed_elsewhere"}));
}

TEST(Rows, Row_S2_8_NobodyHasDelayZero) {
  Rig rig{sales(Strategy::Staggered, "101@5 102@5 103@9")};
  rig.start_group("Sales");
  rig.until(10'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "4000 dial 103"}));
}

TEST(Rows, Row_S2_9_TheGroupsWaitingTimeIsAbsoluteFromEntry) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@25");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("end"), (Log{"30000 end no_answer"}));
  EXPECT_EQ(rig.lines("drop 102"), (Log{"30000 drop 102 timed_out"}));
}

TEST(Rows, Row_S2_10_Test002Test006Test007) {
  model::Group g = group("Sales", Strategy::Staggered, "test002 test006@6 test007@10");
  g.timeout = seconds(30);
  model::Office office = office_with({g});
  office.users[1].aliases = {"test002"};
  office.users[5].aliases = {"test006"};
  office.users[6].aliases = {"test007"};
  Rig rig{office};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log,
            (Log{"0 dial 102", "6000 dial 106", "10000 dial 107", "30000 drop 102 timed_out",
                 "30000 drop 106 timed_out", "30000 drop 107 timed_out", "30000 end no_answer"}));
}

TEST(Rows, Row_S2_11_ADelayBeyondTheGroupsTimeNeverRings) {
  Rig rig{sales(Strategy::Staggered, "101 102@30 103@45")};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101"}));
  EXPECT_EQ(rig.hunt().plan().skipped, (std::vector<facts::SkippedTarget>{
                                           {"102", "after_the_end"}, {"103", "after_the_end"}}));
}

TEST(Rows, Row_S2_12_BusyAtItsOffsetJoinsWhenFreeWithTheTimeThatIsLeft) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@6 103@10");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};
  rig.presence.users["102"].calls = 1;
  rig.start_group("Sales");
  rig.until(12'000);
  rig.presence.users["102"].calls = 0;
  rig.event(hunt::UserFree{"102"});
  rig.until(60'000);
  EXPECT_EQ(rig.lines("102"), (Log{"12000 dial 102", "30000 drop 102 timed_out"}));
}

TEST(Rows, Row_S3_2_OfficeThenCellAndOfficeAgainThenAssistant) {
  Rig rig{with_rule(model::RuleMode::FollowMe,
                    {{.ring = members("101"), .ring_for = seconds(20)},
                     {.ring = members("+14155550101 101"), .ring_for = seconds(20)},
                     {.ring = members("102"), .ring_for = seconds(20)}})};
  rig.start(model::RunRule{"101", 0});
  rig.until(60'000);
  EXPECT_EQ(rig.lines("101"),
            (Log{"0 dial 101", "20000 dial +14155550101", "40000 drop 101 timed_out",
                 "40000 drop +14155550101 timed_out"}));
}

TEST(Rows, Row_S3_3_SequentialAndParallel) {
  Rig rig{with_rule(model::RuleMode::FollowMe,
                    {{.ring = members("101 102"), .ring_for = seconds(10)},
                     {.ring = members("103 104"), .ring_for = seconds(10)}})};
  rig.start(model::RunRule{"101", 0});
  rig.until(10'000);
  EXPECT_EQ(rig.lines("dial"),
            (Log{"0 dial 101", "0 dial 102", "10000 dial 103", "10000 dial 104"}));
}

TEST(Rows, Row_S3_4_ANumberThatTheUserMayNotDialIsSkippedAtCallTime) {
  model::Office office = with_rule(model::RuleMode::FollowMe,
                                   {{.ring = members("+14155550101"), .ring_for = seconds(10)}});
  office.users[0].permissions.external = false;
  Rig rig{office};
  rig.start(model::RunRule{"101", 0});
  EXPECT_EQ(rig.log, (Log{"0 end unreachable"}));
}

TEST(Rows, Row_S3_6_FollowMeConnectsWhoPicksUp) {
  Rig rig{
      with_rule(model::RuleMode::FollowMe, {{.ring = members("101"), .ring_for = seconds(10)},
                                            {.ring = members("102"), .ring_for = seconds(10)}})};
  rig.start(model::RunRule{"101", 0});
  rig.until(12'000);
  rig.answer("102");
  EXPECT_EQ(rig.lines("connect"), (Log{"12000 connect 102"}));
}

TEST(Rows, Row_S3_7_TheVoicemailOfACellCountsAsPickedUp) {
  Rig rig{with_rule(model::RuleMode::FollowMe,
                    {{.ring = members("+14155550101"), .ring_for = seconds(30)}})};
  rig.settings.confirm_available = true;
  rig.start(model::RunRule{"101", 0});
  rig.until(24'000);
  rig.answer("+14155550101");
  EXPECT_EQ(rig.lines("connect"), (Log{"24000 connect +14155550101"}));
}

// Document 003's Extend Ring: home for 10 s, then a cell whose voicemail answers.
class ExtendRing : public ::testing::Test {
 protected:
  ExtendRing()
      : rig(with_rule(model::RuleMode::ExtendRing,
                      {{.ring = members("102"), .ring_for = seconds(10)},
                       {.ring = members("+14155550101 103"), .ring_for = seconds(20)}})) {
    rig.settings.confirm_available = true;
    rig.start(model::RunRule{"101", 0});
  }
  Rig rig;
};

TEST_F(ExtendRing, Row_S3_9_TheSequenceIsRung) {
  rig.until(10'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 102", "10000 dial +14155550101", "10000 dial 103"}));
}

TEST_F(ExtendRing, Row_S3_10_WhoPicksUpMayTalkOrSendTheCallerToTheVoicemail) {
  rig.until(5'000);
  rig.answer("102");
  rig.until(7'000);
  rig.press("102", '2');
  EXPECT_EQ(rig.log, (Log{"0 dial 102", "5000 ask 102 mailbox", "7000 mailbox 101",
                          "7000 drop 102 completed_elsewhere"}));
}

TEST_F(ExtendRing, Row_S3_11_ItGoesOnWhenAVoicemailAnswered) {
  rig.until(15'000);
  rig.answer("+14155550101");
  rig.until(31'000);
  EXPECT_EQ(rig.lines("+14155550101"),
            (Log{"10000 dial +14155550101", "15000 ask +14155550101 mailbox",
                 "30000 drop +14155550101 timed_out"}));
  EXPECT_EQ(rig.lines("connect"), Log{});
  EXPECT_EQ(rig.log.back(), "30000 dial 102");
}

TEST_F(ExtendRing, Row_S3_12_AtTheMaximumHoldTimeItStops) {
  rig.until(600'000);
  EXPECT_EQ(rig.log.back(), "300000 end no_answer");
}

TEST(Rows, Row_S3_13_John40ThenHome30ThenCell) {
  Rig rig{
      with_rule(model::RuleMode::FollowMe, {{.ring = members("101"), .ring_for = seconds(40)},
                                            {.ring = members("102"), .ring_for = seconds(30)},
                                            {.ring = members("+14155550101"), .ring_for = {}}})};
  rig.start(model::RunRule{"101", 0});
  rig.until(120'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "40000 dial 102", "70000 dial +14155550101"}));
  EXPECT_EQ(rig.lines("end"), (Log{"100000 end no_answer"}));
}

}  // namespace
