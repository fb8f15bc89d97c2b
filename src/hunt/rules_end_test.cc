// Rules 6 to 9 of docs/hunting.md: who wins, the caller hangs up, the end, confirmation.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "hunt/verdict.h"
#include "model/office.h"
#include "model/routing.h"

namespace {

using hunt::LastResult;
using hunt::testing::group;
using hunt::testing::Log;
using hunt::testing::office_with;
using hunt::testing::Phone;
using hunt::testing::Rig;
using hunt::testing::seconds;
using model::EndClass;
using model::Strategy;

TEST(Hunt, Rule_6_TheFirstAnswerWinsAndTheOthersAreCompletedElsewhere) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102 103")})};

  rig.start_group("Sales");
  rig.until(7'000);
  rig.answer("102");

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "0 dial 103", "7000 connect 102",
                 "7000 drop 101 completed_elsewhere", "7000 drop 103 completed_elsewhere"}));
  EXPECT_EQ(rig.hunt().phase(), hunt::Phase::Connected);
}

TEST(Hunt, Rule_6_TheSecondAnswerIsHungUpWithCompletedElsewhere) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.answer("102");
  rig.answer("101");

  EXPECT_EQ(rig.lines("101"), (Log{"0 dial 101", "0 drop 101 completed_elsewhere",
                                   "0 drop 101 completed_elsewhere"}));
}

TEST(Hunt, Rule_6_A200ThatCrossesACancelWinsWhileNobodyHas) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:10 102:15")})};
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.until(10'005);
  rig.answer("101");

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 dial 102",
                          "10005 connect 101", "10005 drop 102 completed_elsewhere"}));
}

TEST(Hunt, Rule_6_AnEndedHuntStillWinsWhileFinallyOnlyRings) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:10")})};
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.until(12'000);
  rig.answer("101");

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 end no_answer",
                          "12000 connect 101"}));
  EXPECT_EQ(rig.timeline().back(),
            "101 round 1 stage 1 at 0 for 10000 dialled 0 ringing 0 ended 12000 won");
}

TEST(Hunt, Rule_6_AnEndedHuntNoLongerWinsOnceTheCallerIsTaken) {
  for (const hunt::Event& taken :
       {hunt::Event{hunt::TakenElsewhere{}}, hunt::Event{hunt::ServiceTook{}},
        hunt::Event{hunt::CallerAnswered{}}}) {
    Rig rig{office_with({group("Sales", Strategy::Sequential, "101:10")})};
    rig.deaf["101"] = true;

    rig.start_group("Sales");
    rig.until(11'000);
    rig.event(taken);
    rig.until(12'000);
    rig.answer("101");

    EXPECT_EQ(rig.log, (Log{"0 dial 101", "10000 drop 101 timed_out", "10000 end no_answer",
                            "12000 drop 101 completed_elsewhere"}));
  }
}

TEST(Hunt, Rule_6_ARunningHuntTakesTakenElsewhere) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};

  rig.start_group("Sales");
  rig.until(4'000);
  rig.event(hunt::TakenElsewhere{});
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "4000 drop 101 completed_elsewhere",
                          "4000 drop 102 completed_elsewhere"}));
  EXPECT_EQ(rig.hunt().phase(), hunt::Phase::Taken);
}

TEST(Hunt, Rule_6_NothingRingsAfterTheAnswer) {
  Rig rig{office_with({group("Sales", Strategy::Sequential, "101:10 102:15")})};

  rig.start_group("Sales");
  rig.answer("101");
  rig.until(120'000);
  rig.fail("101", 487);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 connect 101"}));
  EXPECT_EQ(rig.hunt().deadline(), std::nullopt);
}

TEST(Hunt, Rule_7_TheCallerHangsUpAndNobodyHearsOfElsewhere) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};

  rig.start_group("Sales");
  rig.until(5'000);
  rig.event(hunt::CallerHungUp{});
  rig.until(60'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "5000 drop 101 caller_gave_up",
                          "5000 drop 102 caller_gave_up"}));
  EXPECT_EQ(rig.hunt().phase(), hunt::Phase::CallerGone);
}

TEST(Hunt, Rule_7_TheGroupMaySayElsewhereAllTheSame) {
  model::Group g = group("Sales", Strategy::RingAll, "101");
  g.prevent_missed_calls = true;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.event(hunt::CallerHungUp{});

  EXPECT_EQ(rig.lines("drop"), (Log{"0 drop 101 completed_elsewhere"}));
}

TEST(Hunt, Rule_7_WeAreALegOfSomebodyElsesGroup) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101")})};

  rig.start_group("Sales");
  rig.event(hunt::CallerHungUp{.elsewhere = true});

  EXPECT_EQ(rig.lines("drop"), (Log{"0 drop 101 completed_elsewhere"}));
}

TEST(Hunt, Rule_7_TheRecordSaysAtWhichMomentOfThePlan) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:15");
  g.repeat = 0;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(38'000);
  rig.event(hunt::CallerHungUp{});

  EXPECT_EQ(rig.timeline().back(),
            "102 round 2 stage 2 at 35000 for 15000 dialled 35000 ringing 35000 ended 38000 "
            "caller_gave_up");
  EXPECT_EQ(rig.hunt().round(), 2U);
  EXPECT_EQ(rig.hunt().stage(), 2U);
}

TEST(Hunt, Rule_7_A200AfterTheHangUpIsEndedWithTheFrozenReason) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101")})};
  rig.deaf["101"] = true;

  rig.start_group("Sales");
  rig.event(hunt::CallerHungUp{});
  rig.answer("101");

  EXPECT_EQ(rig.lines("drop"), (Log{"0 drop 101 caller_gave_up", "0 drop 101 caller_gave_up"}));
}

TEST(Hunt, Rule_8_TheFirstThatIsTrueDecides) {
  const auto of = [](std::vector<LastResult> results) { return hunt::end_class(results); };

  EXPECT_EQ(of({LastResult::Unreachable, LastResult::Busy, LastResult::RangOut}),
            EndClass::NoAnswer);
  EXPECT_EQ(of({LastResult::Unreachable, LastResult::Declined, LastResult::Busy}), EndClass::Busy);
  EXPECT_EQ(of({LastResult::Unreachable, LastResult::Declined}), EndClass::Declined);
  EXPECT_EQ(of({LastResult::Unreachable, LastResult::NotReached}), EndClass::Unreachable);
  EXPECT_EQ(of({}), EndClass::Unreachable);
}

TEST(Hunt, Rule_8_EachClassHasItsCodes) {
  const auto code = [](EndClass end) {
    const model::Refuse refuse = model::code_of(end);
    return std::vector<int>{refuse.sip_code, refuse.q850};
  };

  EXPECT_EQ(code(EndClass::NoAnswer), (std::vector<int>{480, 19}));
  EXPECT_EQ(code(EndClass::Busy), (std::vector<int>{486, 17}));
  EXPECT_EQ(code(EndClass::Declined), (std::vector<int>{486, 21}));
  EXPECT_EQ(code(EndClass::Unreachable), (std::vector<int>{480, 20}));
}

TEST(Hunt, Rule_8_EachMemberCountsOnceByTheLastResult) {
  model::Group g = group("Sales", Strategy::Sequential, "101:5");
  g.repeat = 2;
  Rig rig{office_with({g})};

  rig.start_group("Sales");
  rig.until(1'000);
  rig.fail("101", 480);
  rig.phones["101"] = Phone::Busy;
  rig.until(60'000);

  EXPECT_EQ(rig.lines("end"), (Log{"2000 end busy"}));
}

TEST(Hunt, Rule_8_WhoIsSkippedInACallIsBusyAndTheOtherReasonsAreUnreachable) {
  model::Office office = office_with({group("Sales", Strategy::RingAll, "101 102")});
  office.users[1].do_not_disturb = true;
  Rig rig{office};
  rig.presence.users["101"].calls = 1;

  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 end busy"}));

  rig.log.clear();
  rig.presence.users["101"].devices = 0;
  rig.start_group("Sales");

  EXPECT_EQ(rig.log, (Log{"0 end unreachable"}));
}

TEST(Hunt, Rule_8_AllDeclinedIsDeclined) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 102")})};
  rig.phones["101"] = Phone::Declines;
  rig.phones["102"] = Phone::Declines;

  rig.start_group("Sales");

  EXPECT_EQ(rig.lines("end"), (Log{"0 end declined"}));
}

// ---- rule 9 --------------------------------------------------------------------------------
class Confirming : public ::testing::Test {
 protected:
  Confirming() : rig(office()) {
    rig.settings.confirm_available = true;
    rig.start_group("Sales");
  }
  static model::Office office() {
    model::Group g = group("Sales", Strategy::RingAll, "101 102 +48600100200");
    g.confirm = model::Confirm::Always;
    g.timeout = seconds(60);
    g.finally.any = {model::DestinationKind::Mailbox, "general"};
    return office_with({g});
  }

  Rig rig;
};

TEST_F(Confirming, Rule_9_WhoAnswersIsAskedAndTheOthersRingOn) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(10'000);

  EXPECT_EQ(rig.log,
            (Log{"0 dial 101", "0 dial 102", "0 dial +48600100200", "3000 ask 101 mailbox"}));
}

TEST_F(Confirming, Rule_9_OneTakesTheCallAndWhoIsAskedTooHearsThatHeIsTooLate) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(4'000);
  rig.answer("102");
  rig.until(6'000);
  rig.press("102", '1');

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial +48600100200", "3000 ask 101 mailbox",
                          "4000 ask 102 mailbox", "6000 connect 102",
                          "6000 too_late 101 completed_elsewhere",
                          "6000 drop +48600100200 completed_elsewhere"}));
}

TEST_F(Confirming, Rule_9_TwoSendsTheCallerToTheMailboxAndEndsTheHunt) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(5'000);
  rig.press("101", '2');
  rig.until(90'000);

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial 102", "0 dial +48600100200", "3000 ask 101 mailbox",
                          "5000 mailbox general", "5000 drop 101 completed_elsewhere",
                          "5000 drop 102 completed_elsewhere",
                          "5000 drop +48600100200 completed_elsewhere"}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 60000 dialled 0 ringing 0 ended 5000 to_mailbox key");
}

TEST_F(Confirming, Rule_9_ThreeDeclinesAndTheOthersRingOn) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(5'000);
  rig.press("101", '3');

  EXPECT_EQ(rig.lines("101"),
            (Log{"0 dial 101", "3000 ask 101 mailbox", "5000 drop 101 timed_out"}));
  EXPECT_EQ(rig.hunt().declined(), std::vector<std::string>{"user:101"});
}

TEST_F(Confirming, Rule_9_HashAsksAgain) {
  rig.answer("101");
  rig.until(1'000);
  rig.press("101", '#');

  EXPECT_EQ(rig.lines("repeat"), (Log{"1000 repeat 101"}));
}

TEST_F(Confirming, Rule_9_KeysOfTheFirstHalfSecondDoNotCount) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(3'499);
  rig.press("101", '1');
  EXPECT_EQ(rig.lines("connect"), Log{});

  rig.until(3'500);
  rig.press("101", '1');
  EXPECT_EQ(rig.lines("connect"), (Log{"3500 connect 101"}));
}

TEST_F(Confirming, Rule_9_NoKeyIn15SecondsIsNotConfirmed) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(18'000);

  EXPECT_EQ(rig.lines("101"),
            (Log{"0 dial 101", "3000 ask 101 mailbox", "18000 drop 101 timed_out"}));
  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 60000 dialled 0 ringing 0 ended 18000 not_confirmed "
            "no_key");
}

TEST_F(Confirming, Rule_9_WhoHangsUpInTheMenuHasNotConfirmed) {
  rig.until(3'000);
  rig.answer("101");
  rig.until(5'000);
  rig.fail("101", 0);

  EXPECT_EQ(rig.timeline().front(),
            "101 round 1 stage 1 at 0 for 60000 dialled 0 ringing 0 ended 5000 not_confirmed "
            "hung_up");
}

TEST_F(Confirming, Rule_9_ThePlansLimitCutsTheMenu) {
  rig.until(55'000);
  rig.answer("101");
  rig.until(120'000);

  EXPECT_EQ(rig.lines("60000"), (Log{"60000 drop 101 timed_out", "60000 drop 102 timed_out",
                                     "60000 drop +48600100200 timed_out", "60000 end no_answer"}));
}

TEST_F(Confirming, Rule_9_TheCallersHangUpCutsTheMenu) {
  rig.answer("101");
  rig.until(2'000);
  rig.event(hunt::CallerHungUp{});

  EXPECT_EQ(rig.lines("drop 101"), (Log{"2000 drop 101 caller_gave_up"}));
}

TEST(Hunt, Rule_9_TheNextStageStartsOnTimeAndTheLegStaysInTheMenu) {
  model::Group g = group("Sales", Strategy::Sequential, "101:10 102:10");
  g.confirm = model::Confirm::Always;
  Rig rig{office_with({g})};
  rig.settings.confirm_available = true;

  rig.start_group("Sales");
  rig.until(8'000);
  rig.answer("101");
  rig.until(22'000);
  rig.press("101", '1');

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "8000 ask 101", "10000 dial 102",
                          "20000 drop 102 timed_out", "22000 connect 101"}));
}

TEST(Hunt, Rule_9_WhoDidNotConfirmIsRungAgainInTheNextRound) {
  model::Group g = group("Sales", Strategy::Sequential, "101:20");
  g.confirm = model::Confirm::Always;
  g.repeat = 2;
  Rig rig{office_with({g})};
  rig.settings.confirm_available = true;

  rig.start_group("Sales");
  rig.answer("101");
  rig.until(16'000);

  EXPECT_EQ(rig.lines("dial"), (Log{"0 dial 101", "15000 dial 101"}));
}

TEST(Hunt, Rule_9_AutoAsksExternalMembersOnly) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "101 +48600100200")})};
  rig.settings.confirm_available = true;

  rig.start_group("Sales");
  rig.answer("+48600100200");
  rig.until(1'000);
  rig.answer("101");

  EXPECT_EQ(rig.log, (Log{"0 dial 101", "0 dial +48600100200", "0 ask +48600100200",
                          "1000 connect 101", "1000 too_late +48600100200 completed_elsewhere"}));
}

TEST(Hunt, Rule_9_WhereConfirmingIsNotAvailableTheRingConnectsAndTheRecordSaysWhy) {
  Rig rig{office_with({group("Sales", Strategy::RingAll, "+48600100200")})};

  rig.start_group("Sales");
  rig.until(2'000);
  rig.answer("+48600100200");

  EXPECT_EQ(rig.log, (Log{"0 dial +48600100200", "2000 connect +48600100200"}));
  EXPECT_EQ(rig.timeline().back(),
            "+48600100200 round 1 stage 1 at 0 for 30000 dialled 0 ringing 0 ended 2000 won "
            "confirm_not_available");
}

}  // namespace
