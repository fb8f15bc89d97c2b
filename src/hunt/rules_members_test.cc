// Rules 10 to 15 of docs/hunting.md: changes in mid-call, nested groups, skipping, contacts,
// forwards, several calls at a time.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "hunt/testing/rig.h"
#include "hunt/verdict.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"

namespace {

using hunt::testing::group;
using hunt::testing::Log;
using hunt::testing::office_with;
using hunt::testing::Phone;
using hunt::testing::Rig;
using hunt::testing::seconds;
using model::Strategy;

model::Office sales(Strategy strategy, const std::string& words) {
  return office_with({group("Sales", strategy, words)});
}

TEST(Hunt, Rule_10_AMemberWhoLogsOutStopsRingingAtOnce) {
  const model::Office office = sales(Strategy::RingAll, "101 102");
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(5'000);
  model::Office changed = office;
  changed.groups[0].members[0].logged_in = false;
  rig.reconfigure(changed);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "5000 drop 101 timed_out"}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 30000 dialled 0 ringing 0 ended 5000 removed");
}

TEST(Hunt, Rule_10_AMemberWhoPausesOrIsDeletedStopsRinging) {
  const model::Office office = sales(Strategy::RingAll, "101 102 103 104");
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(5'000);
  model::Office changed = office;
  changed.users[0].paused.on = true;
  changed.groups[0].members[1].paused.on = true;
  changed.users.erase(changed.users.begin() + 2);
  changed.groups[0].members.erase(changed.groups[0].members.begin() + 2);
  rig.reconfigure(changed);

  EXPECT_EQ(rig.lines("drop"),
            (Log{"5000 drop 101 timed_out", "5000 drop 102 timed_out", "5000 drop 103 timed_out"}));
}

TEST(Hunt, Rule_10_WhenTheLastOneLeavesTheHuntMovesOn) {
  const model::Office office = sales(Strategy::Sequential, "101:20 102:20");
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(5'000);
  model::Office changed = office;
  changed.users[0].enabled = false;
  rig.reconfigure(changed);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 drop 101 timed_out", "5000 dial 102"}));
}

TEST(Hunt, Rule_10_WhoIsStillReachedByAnotherWayRingsOn) {
  const model::Office office = office_with({group("Outer", Strategy::RingAll, "101 g:Inner"),
                                            group("Inner", Strategy::RingAll, "101 102")});
  Rig rig{office};

  rig.start_group("Outer");
  model::Office changed = office;
  changed.groups[1].members[0].logged_in = false;
  rig.reconfigure(changed);

  EXPECT_EQ(rig.lines("drop"), Log{});
}

TEST(Hunt, Rule_10_TheCallKeepsItsMembersAndOrderOtherwise) {
  const model::Office office = sales(Strategy::Sequential, "101:5 102:5");
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(1'000);
  model::Office changed = office;
  changed.groups[0].strategy = Strategy::RingAll;
  changed.groups[0].members.push_back(hunt::testing::member("103"));
  rig.reconfigure(changed);
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 drop 101 timed_out", "5000 dial 102",
                          "10000 drop 102 timed_out", "10000 end no_answer"}));
}

TEST(Hunt, Rule_10_ADeviceThatRegistersJoinsWhileItsUserIsRung) {
  Rig rig{sales(Strategy::Sequential, "101:20 102:20")};

  rig.start_group("Sales");
  rig.until(5'000);
  rig.event(hunt::DeviceRegistered{"101"});
  rig.event(hunt::DeviceRegistered{"102"});

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "5000 add_devices 101"}));
}

TEST(Hunt, Rule_10_AMemberSkippedInACallJoinsWhenThatCallEnds) {
  for (const Strategy strategy : {Strategy::RingAll, Strategy::Staggered}) {
    Rig rig{sales(strategy, "101 102")};
    rig.presence.users["102"].calls = 1;

    rig.start_group("Sales");
    rig.until(12'000);
    rig.presence.users["102"].calls = 0;
    rig.event(hunt::UserFree{"102"});
    rig.until(60'000);

    EXPECT_EQ(rig.log, (Log{"0 dial 101", "12000 dial 102", "30000 drop 101 timed_out",
                            "30000 drop 102 timed_out", "30000 end no_answer"}));
  }
}

TEST(Hunt, Rule_10_OneAfterAnotherNobodyJoinsLate) {
  Rig rig{sales(Strategy::Sequential, "101:5 102:20")};
  rig.presence.users["101"].calls = 1;

  rig.start_group("Sales");
  rig.until(3'000);
  rig.presence.users["101"].calls = 0;
  rig.event(hunt::UserFree{"101"});

  EXPECT_EQ(rig.log, (Log{"0 dial 102"}));
}

TEST(Hunt, Rule_11_AGroupAsAMemberIsAPlanInsideTheRing) {
  Rig rig{office_with({group("Outer", Strategy::Sequential, "101:10 g:Inner:25 103:10"),
                       group("Inner", Strategy::Sequential, "104:10 105:10 106:10")})};

  rig.start_group("Outer");
  rig.until(120'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 dial 104",
                          "20000 drop 104 timed_out", "20000 dial 105", "30000 drop 105 timed_out",
                          "30000 dial 106", "35000 drop 106 timed_out", "35000 dial 103",
                          "45000 drop 103 timed_out", "45000 end no_answer"}));
  EXPECT_EQ(rig.timeline()[1],
            "104 in Inner round 1 stage 2 at 10000 for 10000 dialled 10000 ringing 10000 ended "
            "20000 timed_out");
}

TEST(Hunt, Rule_11_TheInnerGroupsOwnSettingsDoNotApply) {
  model::Group inner = group("Inner", Strategy::RingAll, "102");
  inner.prevent_missed_calls = true;
  inner.decline = model::Decline::Group;
  inner.skip_busy = false;
  inner.timeout = seconds(5);
  inner.finally.any = {model::DestinationKind::Busy, ""};
  model::Group outer = group("Outer", Strategy::RingAll, "101 g:Inner");
  Rig rig{office_with({outer, inner})};
  rig.phones["102"] = Phone::Declines;

  rig.start_group("Outer");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "30000 drop 101 timed_out", "30000 end no_answer"}));

  rig.log.clear();
  rig.presence.users["102"].calls = 1;
  rig.start_group("Outer");
  EXPECT_EQ(rig.lines("102"), Log{});
}

TEST(Hunt, Rule_11_TheInnerRepeatApplies) {
  model::Group inner = group("Inner", Strategy::Sequential, "102:5 103:5");
  inner.repeat = 2;
  Rig rig{office_with({group("Outer", Strategy::RingAll, "101 g:Inner"), inner})};

  rig.start_group("Outer");
  rig.until(60'000);

  EXPECT_EQ(rig.lines("dial"),
            (Log{"0 dial 101", "0 dial 102", "5000 dial 103", "10000 dial 102", "15000 dial 103"}));
}

TEST(Hunt, Rule_11_ASixthLevelAndACycleAreSkipped) {
  std::vector<model::Group> groups;
  for (int level = 1; level <= 6; ++level)
    groups.push_back(group("L" + std::to_string(level), Strategy::RingAll,
                           std::to_string(100 + level) + " g:L" + std::to_string(level + 1)));
  groups.push_back(group("Ring", Strategy::RingAll, "101 g:Back"));
  groups.push_back(group("Back", Strategy::RingAll, "102 g:Ring"));
  Rig rig{office_with(groups)};

  rig.start_group("L1");
  EXPECT_EQ(rig.lines("dial"),
            (Log{"0 dial 101", "0 dial 102", "0 dial 103", "0 dial 104", "0 dial 105"}));
  EXPECT_EQ(rig.hunt().plan().skipped,
            (std::vector<facts::SkippedTarget>{{"L6", "nested_too_deep"}}));

  rig.log.clear();
  rig.start_group("Ring");
  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "0 dial 102"}));
  EXPECT_EQ(rig.hunt().plan().skipped, (std::vector<facts::SkippedTarget>{{"Ring", "cycle"}}));
}

TEST(Hunt, Rule_12_WhoIsSkippedAndWhy) {
  model::Group g =
      group("Sales", Strategy::RingAll, "101 102 103 104 105 106 107 108 +48600100200 109");
  g.members[1].logged_in = false;
  g.members[2].paused.on = true;
  g.members[8].enabled = false;
  model::Office office = office_with({g});
  office.users[0].do_not_disturb = true;
  office.users[3].enabled = false;
  office.users[4].paused.on = true;
  Rig rig{office};
  rig.presence.users["106"].devices = 0;
  rig.presence.users["107"].calls = 1;
  rig.caller_user = "108";

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial 109"}));
  EXPECT_EQ(rig.hunt().plan().skipped,
            (std::vector<facts::SkippedTarget>{{"101", "do_not_disturb"},
                                               {"102", "logged_out"},
                                               {"103", "paused"},
                                               {"104", "disabled"},
                                               {"105", "paused"},
                                               {"106", "not_registered"},
                                               {"107", "in_a_call"},
                                               {"108", "caller_himself"},
                                               {"+48600100200", "disabled"}}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for - dialled - ringing - ended - skipped do_not_disturb");
}

TEST(Hunt, Rule_12_APauseThatIsOverNoLongerCounts) {
  model::Office office = sales(Strategy::RingAll, "101 102");
  office.users[0].paused = {.on = true, .until = base::WallTime{hunt::testing::kNoon - 1}};
  office.users[1].paused = {.on = true, .until = base::WallTime{hunt::testing::kNoon + 1}};
  Rig rig{office};

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
}

TEST(Hunt, Rule_12_WhoDeclinedEarlierInThisCallIsNotRungByTheNextHuntEither) {
  Rig rig{sales(Strategy::RingAll, "101 102")};
  hunt::Start start;
  start.step = model::RingGroup{"sales"};
  start.declined = {"user:102"};

  rig.start(start);

  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
  EXPECT_EQ(rig.hunt().plan().skipped,
            (std::vector<facts::SkippedTarget>{{"102", "declined_earlier"}}));
}

TEST(Hunt, Rule_12_ADeviceThatAnEarlierHuntLeftOpenIsDialledWhenItIsFree) {
  Rig rig{sales(Strategy::RingAll, "101 102")};
  hunt::Start start;
  start.step = model::RingGroup{"sales"};
  start.open_elsewhere = {"user:102"};

  rig.start(start);
  rig.until(50);
  rig.event(hunt::DeviceClosed{"user:102"});

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "50 dial 102"}));
}

TEST(Hunt, Rule_12_SkipBusyIsASettingAndRingingIsNotBusy) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  g.skip_busy = false;
  Rig rig{office_with({g})};
  rig.presence.users["101"].calls = 1;

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
}

TEST(Hunt, Rule_12_ATrunkCallerWhoseNumberIsAMembersMobileIsNotSkipped) {
  Rig rig{sales(Strategy::RingAll, "+48600100200")};
  rig.caller_user = "";

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial +48600100200"}));
}

TEST(Hunt, Rule_12_TheStateOfTheMomentOfDiallingCounts) {
  Rig rig{sales(Strategy::Sequential, "101:10 102:10")};

  rig.start_group("Sales");
  rig.until(9'000);
  rig.presence.users["102"].calls = 1;
  rig.until(10'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 end no_answer"}));
  EXPECT_EQ(rig.timeline().back(),
            "102 round 1 stage 2 at 10000 for 10000 dialled - ringing - ended - skipped "
            "in_a_call");
}

TEST(Hunt, Rule_12_AMembersOwnRulesAndForwardsDoNotApplyInsideAGroup) {
  model::Office office = sales(Strategy::RingAll, "101");
  office.users[0].forward.always = "105";
  office.users[0].rules.push_back({});
  Rig rig{office};

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 dial 101"}));
}

TEST(Hunt, Rule_12_UnderFollowForwardsAMembersForwardsApply) {
  model::Group g = group("Sales", Strategy::Staggered, "101 102 103 104");
  g.follow_forwards = true;
  g.timeout = seconds(40);
  model::Office office = office_with({g});
  office.users[0].forward.always = "105";
  office.users[1].forward.busy = "106";
  office.users[2].forward.unreachable = "107";
  office.users[3].forward.no_answer = {.to = "+48600100200", .after = seconds(8)};
  Rig rig{office};
  rig.presence.users["102"].calls = 1;
  rig.presence.users["103"].devices = 0;

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 105", "0 dial 106", "0 dial 107", "0 dial 104", "8000 drop 104 timed_out",
                 "8000 dial +48600100200", "40000 drop 105 timed_out", "40000 drop 106 timed_out",
                 "40000 drop 107 timed_out", "40000 drop +48600100200 timed_out",
                 "40000 end no_answer"}));
}

TEST(Hunt, Rule_12_AForwardThatFallsDueWithTheEndOfTheStageRingsNobody) {
  model::Group g = group("Sales", Strategy::Stages, "");
  g.follow_forwards = true;
  g.stages = {{.ring = {hunt::testing::member("101")}, .ring_for = seconds(8)},
              {.ring = {hunt::testing::member("102")}, .ring_for = seconds(8)}};
  model::Office office = office_with({g});
  office.users[0].forward.no_answer = {.to = "105", .after = seconds(8)};
  Rig rig{office};

  rig.start_group("Sales");
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "8000 drop 101 timed_out", "8000 dial 102",
                          "16000 drop 102 timed_out", "16000 end no_answer"}));
}

TEST(Hunt, Rule_13_OneTargetIsOneRingWhateverItsContactsSay) {
  using hunt::Failure;
  const auto together = [](std::vector<std::uint16_t> codes) { return hunt::worst_of(codes); };

  EXPECT_EQ(together({486, 480}), Failure::Busy);
  EXPECT_EQ(together({480, 603, 486}), Failure::Declined);
  EXPECT_EQ(together({404, 0}), Failure::Unreachable);
  EXPECT_EQ(together({}), Failure::Unreachable);
}

TEST(Hunt, Rule_13_A6xxOfOneNeverEndsTheRingOfAnother) {
  Rig rig{sales(Strategy::RingAll, "101 102")};

  rig.start_group("Sales");
  rig.until(2'000);
  rig.fail("101", 603);
  rig.until(29'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102"}));
}

TEST(Hunt, Rule_13_UnlessTheGroupSaysDeclineGroup) {
  model::Group g = group("Sales", Strategy::RingAll, "101 102 103");
  g.decline = model::Decline::Group;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(2'000);
  rig.fail("101", 603);
  rig.until(60'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "0 dial 103", "2000 drop 102 declined_elsewhere",
                 "2000 drop 103 declined_elsewhere", "2000 end declined by_group"}));
}

TEST(Hunt, Rule_14_A302IsFollowedOnlyUnderFollowForwards) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  for (const bool follow : {false, true}) {
    g.follow_forwards = follow;
    Rig rig{office_with({g})};
    hunt::Hunt hunt{{.step = model::RingGroup{"sales"},
                     .snapshot = hunt::testing::snapshot_of(office_with({g}))},
                    {}};
    hunt::Actions actions;

    hunt.begin(hunt::PresenceView{rig.snapshot(), rig.presence}, rig.now(), actions);

    ASSERT_FALSE(actions.empty());
    EXPECT_EQ(std::get<hunt::Dial>(actions.front()).follow_forwards, follow);
  }
}

TEST(Hunt, Rule_14_A302ThatIsNotFollowedIsUnreachable) {
  Rig rig{sales(Strategy::Sequential, "101:10 102:10")};

  rig.start_group("Sales");
  rig.fail("101", 302);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102"}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 10000 dialled 0 ringing 0 ended 0 unreachable "
            "status_302");
}

TEST(Hunt, Rule_14_AForwardIsNeverAFreeRideToTheTelephoneNetwork) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  g.follow_forwards = true;
  model::Office office = office_with({g});
  office.users[0].forward.always = "+48600100200";
  office.users[0].permissions.external = false;
  Rig rig{office};

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 end unreachable"}));
  EXPECT_EQ(rig.hunt().plan().skipped,
            (std::vector<facts::SkippedTarget>{{"+48600100200", "not_permitted"}}));
}

TEST(Hunt, Rule_15_TwoCallersOfAGroupRingTheSamePeople) {
  const model::Office office = sales(Strategy::RingAll, "101 102");
  Rig first{office};
  Rig second{office};

  first.start_group("Sales");
  second.start_group("Sales");

  EXPECT_EQ(first.log, (Log{"0 dial 101", "0 dial 102"}));
  EXPECT_EQ(second.log, first.log);
}

TEST(Hunt, Rule_15_OnlyTheMemoryOfTheStrategyIsShared) {
  const model::Office office = sales(Strategy::RoundRobin, "101 102 103");
  Rig rig{office};

  rig.start_group("Sales");
  rig.start_group("Sales");

  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "0 dial 102"}));
}

}  // namespace
