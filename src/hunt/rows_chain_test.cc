// Document 004's chains (S4) and the defects of peers and decisions that are hunt logic.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "hunt/verdict.h"
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

using Rows = std::vector<std::pair<std::string, std::string>>;

model::Office chained(const Rows& rows) {
  model::Office office = office_with({});
  for (const auto& [number, next] : rows) {
    model::ChainRow row;
    row.sip_number = number;
    row.next_number = next;
    office.chain.push_back(row);
  }
  return office;
}

const Rows six{{"101", "102"}, {"102", "103"}, {"103", "104"},
               {"104", "105"}, {"105", "106"}, {"106", ""}};

Log dials(Rig& rig, const std::string& row) {
  rig.log.clear();
  rig.start(model::RingChain{row, "", "8008"});
  rig.until(rig.now_ms() + 300'000);
  Log order;
  for (const std::string& line : rig.lines("dial"))
    order.push_back(line.substr(line.rfind(' ') + 1));
  return order;
}

TEST(Chain, Row_S4_1_TheNextWhenItIsBusyOrForOtherPurposes) {
  Rig rig{chained(six)};
  rig.phones["101"] = Phone::Busy;
  rig.phones["102"] = Phone::Unreachable;
  rig.phones["103"] = Phone::Declines;
  rig.start(model::RingChain{"101", "", "8008"});
  rig.until(20'000);
  EXPECT_EQ(rig.lines("dial"),
            (Log{"0 dial 101", "0 dial 102", "0 dial 103", "0 dial 104", "20000 dial 105"}));
}

TEST(Chain, Row_S4_2_AConnectionStopsIt) {
  Rig rig{chained(six)};
  rig.start(model::RingChain{"101", "", "8008"});
  rig.until(25'000);
  rig.answer("102");
  rig.until(200'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "20000 dial 102"}));
}

TEST(Chain, Row_S4_9_WhoIsNotRegisteredIsSkippedAtOnce) {
  Rig rig{chained(six)};
  rig.presence.users["101"].devices = 0;
  EXPECT_EQ(dials(rig, "101"), (Log{"102", "103", "104", "105", "106"}));
}

TEST(Chain, Row_S4_14_TheSequenceStartsAtTheStartNumber) {
  Rig rig{chained(six)};
  EXPECT_EQ(dials(rig, "103"), (Log{"103", "104", "105", "106"}));
}

TEST(Chain, Row_S4_16_WithTOnlyThatMembersDevices) {
  model::Office office = chained(six);
  office.users[0].forward.always = "105";
  Rig rig{office};
  rig.start(model::RingUser{"101", seconds(20), true});
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "20000 drop 101 timed_out", "20000 end no_answer"}));
}

TEST(Chain, Row_S4_18_SixNumbersInARow) {
  Rig rig{chained(six)};
  EXPECT_EQ(dials(rig, "101"), (Log{"101", "102", "103", "104", "105", "106"}));
}

TEST(Chain, Row_S4_21_OneNumberAlone) {
  Rig rig{chained({{"101", ""}})};
  EXPECT_EQ(dials(rig, "101"), (Log{"101"}));
}

TEST(Chain, Row_S4_22_ALoopIsBoundedByTheCapAndATailMayBeShared) {
  model::Office office = chained({{"101", "102"}, {"102", "101"}, {"103", "102"}});
  office.max_hunt = seconds(70);
  Rig rig{office};
  EXPECT_EQ(dials(rig, "101"), (Log{"101", "102", "101", "102"}));
  EXPECT_EQ(dials(rig, "103"), (Log{"103", "102", "101", "102"}));
}

TEST(Chain, Row_S4_23_TheCallerInTheChainIsSkipped) {
  Rig rig{chained(six)};
  rig.caller_user = "102";
  EXPECT_EQ(dials(rig, "101"), (Log{"101", "103", "104", "105", "106"}));
}

TEST(Chain, Row_S4_24_TheDeviceRingsNotTheMembersGroup) {
  model::Office office = chained({{"101", ""}});
  office.groups.push_back(group("Sales", Strategy::RingAll, "101 102"));
  Rig rig{office};
  EXPECT_EQ(dials(rig, "101"), (Log{"101"}));
}

// ---- defects that peers have ----------------------------------------------------------------
TEST(Peers, Peer_B1_ASkippedMemberDoesNotShiftTheTimesOfTheOthers) {
  model::Office office =
      office_with({group("Sales", Strategy::Sequential, "101:10 102:15 103:20")});
  office.users[0].do_not_disturb = true;
  Rig rig{office};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("drop"), (Log{"15000 drop 102 timed_out", "35000 drop 103 timed_out"}));
}

TEST(Peers, Peer_B2_BusyAndUnreachableMembersAreNotLostForTheLoop) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:10");
  g.repeat = 0;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Busy;
  rig.phones["102"] = Phone::Unreachable;
  rig.start_group("Sales");
  rig.until(9'000);
  EXPECT_EQ(rig.lines("end"), Log{});
  EXPECT_EQ(rig.lines("dial").size(), 10U);
}

TEST(Peers, Peer_B4_RolloverReadsEachMembersOwnTime) {
  model::Group g = group("Sales", Strategy::Rollover, "101:5 102:12 103:3");
  g.timeout = seconds(60);
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(20'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "5000 dial 102", "17000 dial 103"}));
}

TEST(Peers, Peer_B5_ADelayedMemberRingsForWhatIsLeftOfTheGroupsTime) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@10:30");
  g.timeout = seconds(30);
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("102"), (Log{"10000 dial 102", "30000 drop 102 timed_out"}));
}

TEST(Peers, Peer_B6_ConfirmationIsNotLostBesideOthers) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 +48600100200 +48600100300")})};
  rig.settings.confirm_available = true;
  rig.start_group("Sales");
  rig.answer("+48600100200");
  rig.answer("+48600100300");
  EXPECT_EQ(rig.lines("ask"), (Log{"0 ask +48600100200", "0 ask +48600100300"}));
}

TEST(Peers, Peer_B8_OrderAndDelayAreTwoThings) {
  model::Group g = group("Sales", Strategy::Sequential, "101@30:10 102@10:10");
  Rig in_turn{office_with({g})};
  in_turn.start_group("Sales");
  in_turn.until(60'000);
  EXPECT_EQ(in_turn.lines("dial"), (Log{"0 dial 101", "10000 dial 102"}));

  g = group("Sales", Strategy::Staggered, "101 102");
  g.members[0].priority = 30;
  Rig together{office_with({g})};
  together.start_group("Sales");
  EXPECT_EQ(together.lines("dial"), (Log{"0 dial 101", "0 dial 102"}));
}

TEST(Peers, Peer_B10_NestedGroupsOfEqualWeightDoNotOverwriteEachOther) {
  const model::Group outer = group("Outer", Strategy::Weighted, "g:One:5 g:Two:5 g:Three:5");
  Rig rig{office_with({outer, group("One", Strategy::RingAll, "101"),
                       group("Two", Strategy::RingAll, "102"),
                       group("Three", Strategy::RingAll, "103")})};
  rig.start_group("Outer");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("dial").size(), 3U);
}

TEST(Peers, Peer_B11_AHangUpDuringAForkIsAMissedCall) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102 103")})};
  rig.start_group("Sales");
  rig.event(hunt::CallerHungUp{});
  EXPECT_EQ(rig.lines("drop"), (Log{"0 drop 101 caller_gave_up", "0 drop 102 caller_gave_up",
                                    "0 drop 103 caller_gave_up"}));
}

TEST(Peers, Peer_B13_TheFirstAgentWhoAnswersDoesNotEndTheOthersBeforeHeConfirmed) {
  model::Group g = group("Sales", Strategy::RingAll, "101 102");
  g.confirm = model::Confirm::Always;
  Rig rig{office_with({g})};
  rig.settings.confirm_available = true;
  rig.start_group("Sales");
  rig.until(2'000);
  rig.answer("101");
  rig.until(4'000);
  rig.fail("101", 0);
  rig.until(29'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "2000 ask 101"}));
}

TEST(Peers, Peer_B15_EveryDropCarriesAReason) {
  for (const hunt::Stopped why :
       {hunt::Stopped::SomebodyWon, hunt::Stopped::PickedUp, hunt::Stopped::SentToMailbox})
    EXPECT_EQ(hunt::reason_for(why, false, false), hunt::StopReason::CompletedElsewhere);
}

// ---- decisions ------------------------------------------------------------------------------
TEST(Decisions, Decision_D1_EveryWayOfRingingIsOnePlanForOneMachine) {
  model::Office office = chained(six);
  office.groups.push_back(group("Sales", Strategy::RingAll, "101"));
  Rig rig{office};
  for (const model::Step& step :
       {model::Step{model::RingGroup{"sales"}}, model::Step{model::RingUser{"101", seconds(5)}},
        model::Step{model::RingChain{"101", "", ""}}}) {
    rig.log.clear();
    rig.start(step);
    EXPECT_EQ(rig.lines("dial").size(), 1U);
  }
}

TEST(Decisions, Decision_D2_TimeCountsFromDialling) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:10")})};
  rig.phones["101"] = Phone::Trying;
  rig.start_group("Sales");
  rig.until(6'000);
  rig.ring("101");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("drop"), (Log{"10000 drop 101 timed_out"}));
}

TEST(Decisions, Decision_D3_TheGroupsTimeIncludesWhatHasNotStarted) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102@20");
  g.timeout = seconds(15);
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "15000 drop 101 timed_out", "15000 end no_answer"}));
}

TEST(Decisions, Decision_D4_EarlyExhaustionAdvancesAtOnce) {
  Rig rig{office_with({group("Sales", Strategy::Staggered, "101:5 102@10")})};
  rig.start_group("Sales");
  rig.until(5'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 drop 101 timed_out", "5000 dial 102"}));
}

TEST(Decisions, Decision_D5_AMemberWithSeveralRegistrationsIsOneAttempt) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101")})};
  rig.presence.users["101"].devices = 4;
  rig.start_group("Sales");
  EXPECT_EQ(rig.hunt().attempts().size(), 1U);
}

TEST(Decisions, Decision_D6_ADeviceReachedTwiceRingsOnce) {
  Rig rig{office_with({group("Outer", Strategy::RingAll, "101 g:A g:B"),
                       group("A", Strategy::RingAll, "101 102"),
                       group("B", Strategy::RingAll, "102 101")})};
  rig.start_group("Outer");
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102"}));
}

TEST(Decisions, Decision_D7_TheCallersOwnDevicesAreSkipped) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};
  rig.caller_user = "101";
  rig.start_group("Sales");
  EXPECT_EQ(rig.log, (Log{"0 dial 102"}));
}

TEST(Decisions, Decision_D9_ADoNotDisturbMemberIsNotAttempted) {
  model::Office office = office_with({group("Sales", Strategy::RingAll, "101 102")});
  office.users[0].do_not_disturb = true;
  Rig rig{office};
  rig.start_group("Sales");
  EXPECT_EQ(rig.hunt().attempts().front().result, facts::AttemptResult::Skipped);
}

TEST(Decisions, Decision_D11_ARejectEndsThatLegOnlyAndTheMemberForThisCall) {
  model::Group g = group("Sales", Strategy::RingAll, "101 102");
  g.timeout = seconds(5);
  g.repeat = 2;
  Rig rig{office_with({g})};
  rig.phones["101"] = Phone::Declines;
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "10000 drop 102 timed_out", "10000 end no_answer"}));
}

TEST(Decisions, Decision_D12_TheFinalCodeFollowsThePrecedence) {
  EXPECT_EQ(model::code_of(model::EndClass::NoAnswer).sip_code, 480);
  EXPECT_EQ(model::code_of(model::EndClass::Declined).q850, 21);
}

TEST(Decisions, Decision_D13_TheFourOutcomesAreNeverMixed) {
  using hunt::StopReason;
  EXPECT_EQ(hunt::reason_for(hunt::Stopped::SomebodyWon, false, false),
            StopReason::CompletedElsewhere);
  EXPECT_EQ(hunt::reason_for(hunt::Stopped::CallerHungUp, false, false), StopReason::CallerGaveUp);
  EXPECT_EQ(hunt::reason_for(hunt::Stopped::MovedOn, false, false), StopReason::TimedOut);
  EXPECT_EQ(hunt::reason_for(hunt::Stopped::GroupDeclined, false, false),
            StopReason::DeclinedElsewhere);
}

TEST(Decisions, Decision_D14_AnEmptyOrDisabledStageTakesNoTime) {
  model::Group g = group("Sales", Strategy::Stages, "");
  g.stages = {{.ring = members("101"), .ring_for = seconds(10)},
              {.ring = {}, .ring_for = seconds(10)},
              {.ring = members("102"), .ring_for = seconds(10)},
              {.ring = members("103"), .ring_for = seconds(10)}};
  g.stages[2].ring[0].enabled = false;
  Rig rig{office_with({g})};
  rig.start_group("Sales");
  rig.until(60'000);
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "10000 dial 103"}));
}

TEST(Decisions, Decision_D15_APassWithoutAnyAttemptWaitsAndIsCapped) {
  model::Group g = group("Sales", Strategy::Sequential, "101 102");
  g.repeat = 0;
  model::Office office = office_with({g});
  office.max_hunt = seconds(9);
  Rig rig{office};
  rig.presence.users.clear();
  rig.start_group("Sales");
  rig.until(5'000);
  rig.presence.users["102"].devices = 1;
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"6000 dial 102", "9000 drop 102 timed_out", "9000 end no_answer"}));
}

TEST(Decisions, Decision_D16_OnlyLogOutPauseAndDeleteReachARunningCall) {
  const model::Office office = office_with({group("Sales", Strategy::RingAll, "101 102")});
  Rig rig{office};
  rig.start_group("Sales");
  model::Office changed = office;
  changed.groups[0].timeout = seconds(5);
  changed.groups[0].members[0].logged_in = false;
  rig.reconfigure(changed);
  rig.until(60'000);
  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 drop 101 timed_out",
                          "30000 drop 102 timed_out", "30000 end no_answer"}));
}

}  // namespace
