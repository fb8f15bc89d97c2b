// The missed-call table of docs/hunting.md, cell by cell (rows S0.13 to S0.15): when a stopped
// phone is told "completed elsewhere".
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "hunt/verdict.h"
#include "model/office.h"

namespace {

using hunt::reason_for;
using hunt::Stopped;
using hunt::StopReason;
using hunt::testing::group;
using hunt::testing::Log;
using hunt::testing::office_with;
using hunt::testing::Rig;
using model::Strategy;

model::Office sales(Strategy strategy, bool prevent) {
  model::Group g = group("Sales", strategy, "101:10@0 102:10@0 103:10@0");
  g.prevent_missed_calls = prevent;
  return office_with({g});
}

const std::vector<Strategy> in_turn{Strategy::Sequential,  Strategy::Random,
                                    Strategy::RoundRobin,  Strategy::LongestIdle,
                                    Strategy::FewestCalls, Strategy::Weighted};
const std::vector<Strategy> together{Strategy::RingAll, Strategy::Staggered, Strategy::Rollover};

// Every drop of the log has this reason.
void expect_all(const Rig& rig, const std::string& reason) {
  const Log drops = rig.lines("drop");
  EXPECT_FALSE(drops.empty());
  for (const std::string& line : drops) EXPECT_TRUE(line.ends_with(' ' + reason)) << line;
}

TEST(MissedCalls, Prevented_AnyStrategy_WhenOneAnswered) {
  for (const Strategy strategy : together) {
    Rig rig{sales(strategy, true)};
    rig.start_group("Sales");
    rig.until(25'000);
    rig.answer("102");
    expect_all(rig, "completed_elsewhere");
  }
}

TEST(MissedCalls, Prevented_AnyStrategy_WhenNobodyAnswered) {
  for (const auto& kind : {together, in_turn}) {
    for (const Strategy strategy : kind) {
      Rig rig{sales(strategy, true)};
      rig.start_group("Sales");
      rig.until(120'000);
      expect_all(rig, "completed_elsewhere");
    }
  }
}

TEST(MissedCalls, Prevented_AnyStrategy_WhenTheCallerGaveUp) {
  for (const auto& kind : {together, in_turn}) {
    for (const Strategy strategy : kind) {
      Rig rig{sales(strategy, true)};
      rig.start_group("Sales");
      rig.event(hunt::CallerHungUp{});
      expect_all(rig, "completed_elsewhere");
    }
  }
}

TEST(MissedCalls, Prevented_OneAfterAnother_WhenTheHuntMovesOn) {
  for (const Strategy strategy : in_turn) {
    Rig rig{sales(strategy, true)};
    rig.start_group("Sales");
    rig.until(10'000);
    EXPECT_EQ(rig.lines("drop").size(), 1U);
    expect_all(rig, "completed_elsewhere");
  }
}

TEST(MissedCalls, Prevented_WhenAMemberIsRemoved) {
  const model::Office office = sales(Strategy::RingAll, true);
  Rig rig{office};
  rig.start_group("Sales");
  model::Office changed = office;
  changed.groups[0].members[0].logged_in = false;
  rig.reconfigure(changed);
  expect_all(rig, "completed_elsewhere");
}

TEST(MissedCalls, NotPrevented_RingAll_ToTheOthersWhenOneAnswered) {
  for (const Strategy strategy : together) {
    Rig rig{sales(strategy, false)};
    rig.start_group("Sales");
    rig.until(5'000);
    rig.answer("101");
    for (const std::string& line : rig.lines("drop"))
      EXPECT_TRUE(line.ends_with("completed_elsewhere")) << line;
  }
}

TEST(MissedCalls, NotPrevented_RingAll_NotWhenNobodyAnswered) {
  for (const Strategy strategy : together) {
    Rig rig{sales(strategy, false)};
    rig.start_group("Sales");
    rig.until(120'000);
    expect_all(rig, "timed_out");
  }
}

TEST(MissedCalls, NotPrevented_RingAll_NotWhenTheCallerGaveUp) {
  for (const Strategy strategy : together) {
    Rig rig{sales(strategy, false)};
    rig.start_group("Sales");
    rig.event(hunt::CallerHungUp{});
    expect_all(rig, "caller_gave_up");
  }
}

TEST(MissedCalls, NotPrevented_AnyRingThatOverlapsTheWinner) {
  Rig rig{sales(Strategy::Sequential, false)};
  rig.deaf["101"] = true;
  rig.start_group("Sales");
  rig.until(10'000);
  rig.answer("101");
  EXPECT_EQ(rig.lines("drop"),
            (Log{"10000 drop 101 timed_out", "10000 drop 102 completed_elsewhere"}));
}

TEST(MissedCalls, NotPrevented_OneAfterAnother_NotWhenTheHuntMovesOnEvenIfAnotherAnswersLater) {
  for (const Strategy strategy : in_turn) {
    Rig rig{sales(strategy, false)};
    rig.start_group("Sales");
    rig.until(15'000);
    const std::string second = rig.lines("dial").back().substr(11);
    rig.answer(second);
    EXPECT_EQ(rig.lines("drop").size(), 1U);
    expect_all(rig, "timed_out");
  }
}

TEST(MissedCalls, NotPrevented_MemberRemovedPausedLoggedOut) {
  const model::Office office = sales(Strategy::RingAll, false);
  Rig rig{office};
  rig.start_group("Sales");
  model::Office changed = office;
  changed.groups[0].members[0].logged_in = false;
  changed.users[1].paused.on = true;
  changed.groups[0].members.erase(changed.groups[0].members.begin() + 2);
  rig.reconfigure(changed);
  EXPECT_EQ(rig.lines("drop").size(), 3U);
  expect_all(rig, "timed_out");
}

TEST(MissedCalls, Any_Page) {
  for (const Stopped why : {Stopped::MovedOn, Stopped::CallerHungUp, Stopped::SomebodyWon,
                            Stopped::Removed, Stopped::ServiceTook})
    EXPECT_EQ(reason_for(why, false, true), StopReason::CompletedElsewhere);
}

TEST(MissedCalls, Any_KeyTwoOfAConfirmation) {
  EXPECT_EQ(reason_for(Stopped::SentToMailbox, false, false), StopReason::CompletedElsewhere);
  EXPECT_EQ(reason_for(Stopped::SentToMailbox, true, false), StopReason::CompletedElsewhere);
}

TEST(MissedCalls, Any_PickupByAnybody) {
  for (const bool prevent : {false, true}) {
    Rig rig{sales(Strategy::Sequential, prevent)};
    rig.start_group("Sales");
    rig.event(hunt::TakenElsewhere{});
    expect_all(rig, "completed_elsewhere");
  }
}

TEST(MissedCalls, NotPrevented_WhenAServiceOfFinallyTookTheCallNobodyOfTheGroupAnswered) {
  EXPECT_EQ(reason_for(Stopped::ServiceTook, false, false), StopReason::TimedOut);
  EXPECT_EQ(reason_for(Stopped::NotConfirmed, false, false), StopReason::TimedOut);
}

TEST(MissedCalls, DeclinedByTheGroupIsDeclinedElsewhere) {
  for (const bool prevent : {false, true})
    EXPECT_EQ(reason_for(Stopped::GroupDeclined, prevent, false), StopReason::DeclinedElsewhere);
}

// ---- the rows of document 000 --------------------------------------------------------------
TEST(MissedCalls, Row_S0_13_PreventedNeverLeavesAMissedCall) {
  for (const Stopped why : {Stopped::SomebodyWon, Stopped::MovedOn, Stopped::CallerHungUp,
                            Stopped::Removed, Stopped::NotConfirmed, Stopped::PickedUp})
    EXPECT_EQ(reason_for(why, true, false), StopReason::CompletedElsewhere);
}

TEST(MissedCalls, Row_S0_14_RingAllLeavesOneOnlyIfNobodyAnswered) {
  Rig answered{sales(Strategy::RingAll, false)};
  answered.start_group("Sales");
  answered.answer("102");
  expect_all(answered, "completed_elsewhere");

  Rig unanswered{sales(Strategy::RingAll, false)};
  unanswered.start_group("Sales");
  unanswered.until(60'000);
  expect_all(unanswered, "timed_out");
}

TEST(MissedCalls, Row_S0_15_OneAfterAnotherLeavesOneOnEachWhoDidNotAnswer) {
  Rig rig{sales(Strategy::Sequential, false)};
  rig.start_group("Sales");
  rig.until(15'000);
  rig.answer("102");
  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 dial 102", "15000 connect 102"}));
}

}  // namespace
