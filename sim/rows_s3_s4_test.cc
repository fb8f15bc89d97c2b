// Documents 003 (a user's hunting rules) and 004 (number chains) row by row, on the wire.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"

namespace sim {
namespace {

using Starts = std::vector<std::int64_t>;

model::Stage stage_of(const std::vector<std::string>& ring, base::Duration ring_for) {
  model::Stage stage;
  for (const std::string& target : ring) stage.ring.push_back(member(target));
  stage.ring_for = ring_for;
  return stage;
}

// John is 101, home 102, cell 103, assistant 104; the caller is 105.
model::Office johns(const std::vector<model::Stage>& stages) {
  model::Office office = office_of_users(5);
  model::Rule rule;
  rule.name = "always";
  rule.stages = stages;
  office.users[0].rules.push_back(rule);
  return office;
}

TEST(RowsS3, Row_S3_1_AUsersRuleRunsWhenHisNumberIsCalled) {
  Scene scene{johns({stage_of({"102"}, s(10))})};

  scene.dial("101");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.rang_at("101"), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS3, Row_S3_2_TheOfficeRingsOnIntoTheNextStepWithoutABreak) {
  Scene scene{
      johns({stage_of({"101"}, s(10)), stage_of({"101", "103"}, s(10)), stage_of({"104"}, s(10))})};

  scene.dial("101");
  scene.run_until(s(31));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("101", 1), -1);
  EXPECT_EQ(scene.stopped_at("101"), 20'000);
  EXPECT_EQ(scene.rang_at("103"), 10'000);
  EXPECT_EQ(scene.rang_at("104"), 20'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS3, Row_S3_3_StepsOneAfterAnotherTargetsOfAStepTogether) {
  Scene scene{johns({stage_of({"101"}, s(5)), stage_of({"102", "103"}, s(5))})};

  scene.dial("101");
  scene.run_until(s(6));

  EXPECT_EQ(scene.rang_at("102"), 5'000);
  EXPECT_EQ(scene.rang_at("103"), 5'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS3, Row_S3_6_FollowMeLeavesTheCallerRingingAndStopsAtTheFirstAnswer) {
  Scene scene{johns({stage_of({"101"}, s(5)), stage_of({"102"}, s(5)), stage_of({"103"}, s(5))})};
  scene.phone("102").habit.answers = s(2);

  scene.dial("101");
  scene.run_until(s(4));
  EXPECT_EQ(scene.final_code(), 0) << "not answered before a destination picks up";
  scene.run_until(s(12));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.rang_at("103"), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS3, Row_S3_7_WithoutConfirmADestinationsVoicemailTakesTheCall) {
  Scene scene{johns({stage_of({"103"}, s(10)), stage_of({"104"}, s(5))})};
  scene.phone("103").habit.answers = s(8);  // its voicemail

  scene.dial("101");
  scene.run_until(s(12));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.rang_at("104"), -1);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Answered);
}

TEST(RowsS3, Row_S3_13_JohnsExampleOffice40Home30CellAndTheEnd) {
  model::Office office = johns({stage_of({"101"}, s(40)), stage_of({"102"}, s(30))});
  model::Stage cell = stage_of({"103"}, s(30));
  cell.ring_for.reset();  // no duration: 30 s
  office.users[0].rules[0].stages.push_back(cell);
  Scene scene{office};

  scene.dial("101");
  scene.run_until(s(101));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.rang_at("102"), 40'000);
  EXPECT_EQ(scene.rang_at("103"), 70'000);
  EXPECT_EQ(scene.stopped_at("103"), 100'000);
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

// ---- chains --------------------------------------------------------------------------------

model::ChainRow row(const std::string& number, const std::string& next,
                    const std::string& service = "", const std::string& start = "") {
  model::ChainRow made;
  made.sip_number = number;
  made.next_number = next;
  made.service_number = service;
  made.start_number = start;
  return made;
}

// The six SIP numbers of example 1 and a caller 900.
model::Office example_1() {
  model::Office office = office_of_users(7);
  for (std::size_t i = 0; i < 6; ++i) {
    model::User& user = office.users[i];
    user.extension = "7772140" + std::to_string(i + 1);
    user.sip_username = user.extension;
  }
  office.users[6].extension = office.users[6].sip_username = "900";
  office.chain = {row("77721401", "77721402", "8008001", "77721401"),
                  row("77721402", "77721403", "8008002", "77721401"),
                  row("77721403", "77721404", "8008003", "77721403"),
                  row("77721404", "77721405"),
                  row("77721405", "77721406"),
                  row("77721406", "")};
  return office;
}

Starts starts(Scene& scene) {
  Starts out;
  for (int i = 1; i <= 6; ++i) out.push_back(scene.rang_at("7772140" + std::to_string(i)));
  return out;
}

Starts starts_of(const std::string& dialled, const model::Office& office = example_1()) {
  Scene scene{office};
  scene.dial(dialled);
  scene.run_until(s(130));
  EXPECT_EQ(scene.finish(), "") << dialled;
  return starts(scene);
}

TEST(RowsS4, Row_S4_1_BusyOrNotConnectedTheNextOneAtOnceElseAfter20Seconds) {
  Scene scene{example_1()};
  scene.phone("77721401").habit.fails = ms(30);
  scene.phone("77721402").habit.rings.reset();
  scene.phone("77721402").habit.fails = ms(30);
  scene.phone("77721402").habit.code = 500;

  scene.dial("8008001");
  scene.run_until(s(25));

  EXPECT_EQ(scene.rang_at("77721402"), 30);
  EXPECT_EQ(scene.rang_at("77721403"), 60);
  EXPECT_EQ(scene.rang_at("77721404"), 20'060);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_2_TheFirstAnswerStopsTheChain) {
  Scene scene{example_1()};
  scene.phone("77721402").habit.answers = s(3);

  scene.dial("8008001");
  scene.run_until(s(60));

  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.rang_at("77721403"), -1);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_9_AMemberThatIsNotRegisteredIsSkippedAtOnce) {
  Scene scene{example_1()};
  scene.phone("77721402").register_now(0);
  scene.run_until(s(3));

  scene.dial("8008001");
  scene.run_until(s(21));

  EXPECT_EQ(scene.rang_at("77721403"), 20'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_14_TheStartNumberEntersTheChainInTheMiddle) {
  EXPECT_EQ(starts_of("8008003"), (Starts{-1, -1, 0, 20'000, 40'000, 60'000}));
}

TEST(RowsS4, Row_S4_16_AMembersOwnNumberStartsTheChainThereAndTStopsIt) {
  EXPECT_EQ(starts_of("77721405"), (Starts{-1, -1, -1, -1, 0, 20'000}));
  EXPECT_EQ(starts_of("77721405T"), (Starts{-1, -1, -1, -1, 0, -1}));
  EXPECT_EQ(starts_of("77721405t"), (Starts{-1, -1, -1, -1, 0, -1}));
}

TEST(RowsS4, Row_S4_16_NoForkOfAnOwnPhoneMeansTheSameAsT) {
  Scene scene{example_1()};

  scene.dial("77721405", {"Request-Disposition: no-fork"});
  scene.run_until(s(25));

  EXPECT_EQ(starts(scene), (Starts{-1, -1, -1, -1, 0, -1}));
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_17_TheFormWithALostDigitIsNotGuessed) {
  Scene scene{example_1()};

  scene.dial("7772145T");
  scene.run_until(s(1));

  EXPECT_EQ(scene.final_code(), 404);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_18_Example1) {
  EXPECT_EQ(starts_of("8008001"), (Starts{0, 20'000, 40'000, 60'000, 80'000, 100'000}));
  EXPECT_EQ(starts_of("8008002"), (Starts{0, 20'000, 40'000, 60'000, 80'000, 100'000}));
  EXPECT_EQ(starts_of("800.8002"), (Starts{0, 20'000, 40'000, 60'000, 80'000, 100'000}));
}

const Starts kAllSix{0, 20'000, 40'000, 60'000, 80'000, 100'000};

TEST(RowsS4, Row_S4_4_AServiceNumberIsAnAliasOfItsStartNumber) {
  EXPECT_EQ(starts_of("8008003"), starts_of("77721403"));
}

TEST(RowsS4, Row_S4_7_OneStartNumberServesSeveralServiceNumbers) {
  EXPECT_EQ(starts_of("8008001"), kAllSix);
  EXPECT_EQ(starts_of("8008002"), kAllSix);
}

TEST(RowsS4, Row_S4_8_PhonesAndTheRecordNameTheServiceNumberThatWasDialled) {
  for (const std::string number : {"8008001", "8008002"}) {
    Scene scene{example_1()};
    scene.phone("77721401").habit.answers = s(1);

    scene.dial(number);
    scene.run_until(s(2));

    const Text& invite = scene.phone("77721401").calls().at(0).invite;
    EXPECT_EQ(invite.get("P-Called-Party-ID"), "<sip:" + number + "@office.example>");
    EXPECT_EQ(scene.finish(), "");
    EXPECT_EQ(scene.record().dialled, number);
  }
}

TEST(RowsS4, Row_S4_19_Example2TwoServiceNumbersBothFromTheFirst) {
  model::Office office = example_1();
  office.chain[1] = row("77721402", "77721403");
  office.chain[2] = row("77721403", "77721404", "8008002", "77721401");

  EXPECT_EQ(starts_of("8008001", office), kAllSix);
  EXPECT_EQ(starts_of("8008002", office), kAllSix);
  EXPECT_EQ(starts_of("77721404", office), (Starts{-1, -1, -1, 0, 20'000, 40'000}));
}

TEST(RowsS4, Row_S4_20_Example3OneServiceNumber) {
  model::Office office = example_1();
  office.chain[1] = row("77721402", "77721403");
  office.chain[2] = row("77721403", "77721404");

  EXPECT_EQ(starts_of("8008001", office), kAllSix);
  EXPECT_EQ(starts_of("8008002", office), (Starts{-1, -1, -1, -1, -1, -1}));
}

TEST(RowsS4, Row_S4_24_TheDeviceRingsNotTheMembersGroup) {
  model::Office office = example_1();
  model::Group group = group_of(model::Strategy::RingAll, {member("77721401"), member("77721406")});
  office.groups.push_back(group);
  office.chain = {row("77721401", "", "8008001", "77721401")};

  EXPECT_EQ(starts_of("8008001", office), (Starts{0, -1, -1, -1, -1, -1}));
}

TEST(RowsS4, Row_S4_21_Example4IsAnAliasOfOneNumber) {
  model::Office office = example_1();
  office.chain = {row("77721401", "", "8008001", "77721401")};
  Scene scene{office};

  scene.dial("8008001");
  scene.run_until(s(25));

  EXPECT_EQ(starts(scene), (Starts{0, -1, -1, -1, -1, -1}));
  EXPECT_EQ(scene.stopped_at("77721401"), 20'000);
  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_22_ANextThatNamesAnEarlierMemberLoopsFromThere) {
  model::Office office = example_1();
  office.chain = {row("77721401", "77721402", "8008001", "77721401"), row("77721402", "77721403"),
                  row("77721403", "77721402")};
  Scene scene{office};

  scene.dial("8008001");
  scene.run_until(s(85));

  EXPECT_EQ(scene.rang_at("77721401"), 0);
  EXPECT_EQ(scene.rang_at("77721401", 1), -1) << "the loop begins at 02";
  EXPECT_EQ(scene.rang_at("77721402", 1), 60'000);
  EXPECT_EQ(scene.rang_at("77721403", 1), 80'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS4, Row_S4_23_ACallerInTheChainIsSkipped) {
  model::Office office = example_1();
  office.users.pop_back();  // now 77721406 is the last user and so the caller
  office.chain[5].next_number = "77721401";
  Scene scene{office};

  scene.dial("8008003");
  scene.run_until(s(61));

  EXPECT_EQ(scene.rang_at("77721405"), 40'000);
  EXPECT_EQ(scene.phone("77721406").calls().size(), 1U) << "only his own call";
  EXPECT_EQ(scene.rang_at("77721401"), 60'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(RowsS3, Row_S3_4_ANumberThatTheUserMayNotDialIsSkippedAtCallTime) {
  model::Office office = johns({stage_of({"+14155550101", "102"}, s(10))});
  office.users[0].permissions.external = false;
  Scene scene{office};

  scene.dial("101");
  scene.run_until(s(2));

  EXPECT_EQ(scene.rang_at("102"), 0);
  EXPECT_EQ(scene.finish(), "");
  const auto& attempts = scene.record().attempts;
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].target, "+14155550101");
  EXPECT_EQ(attempts[0].result, facts::AttemptResult::Skipped);
  EXPECT_EQ(attempts[0].why, "not_permitted");
}

}  // namespace
}  // namespace sim
