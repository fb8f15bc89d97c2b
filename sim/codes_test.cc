// Feature codes from phones, on the wire of the whole engine: what is changed, what is said, and
// that nothing is said to be done that is not stored (product.md 5.1, mission rows S1.18 to S1.20).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/settings.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// 101 to 103 and the caller 104; 600 rings 101 and 102; queue 650 has 101, and 103 may log in.
model::Office office() {
  model::Office made = office_with_mailboxes();
  model::Queue queue;
  queue.name = "Support";
  queue.extension = "650";
  queue.members = {member("101")};
  queue.may_log_in = {"103"};
  made.queues.push_back(queue);
  made.trunks.emplace_back();
  made.trunks[0].name = "carrier";
  made.trunks[0].uri = "sip:10.9.9.9:5060";
  return made;
}

struct Desk {
  explicit Desk(const model::Office& made = office()) : scene(made, with_media()) {}

  // Dials a code and listens to the end.
  Lines dial(const std::string& who, const std::string& code) {
    const std::size_t index = scene.phone(who).call(code);
    scene.world.run_for(s(20));
    return scene.played(who, index);
  }
  [[nodiscard]] const model::User& user(std::size_t place) {
    return scene.world.office().users.at(place);
  }
  [[nodiscard]] const model::Group& group() { return scene.world.office().groups.at(0); }

  Scene scene;
};

Lines said(const std::string& prompt) {
  return {"en/harrier/" + prompt};
}
// A prompt and a number, key by key.
Lines said(const std::string& prompt, const std::string& number) {
  std::string all = "en/harrier/" + prompt;
  for (const char digit : number) all += std::string(" en/digits/") + digit;
  return {all};
}

TEST(Codes, DoNotDisturbIsOnOffAndTurnedAround) {
  Desk desk;

  EXPECT_EQ(desk.dial("101", "*78"), said("do-not-disturb-on"));
  EXPECT_TRUE(desk.user(0).do_not_disturb);
  EXPECT_EQ(desk.dial("101", "*76"), said("do-not-disturb-off"));
  EXPECT_FALSE(desk.user(0).do_not_disturb);
  EXPECT_EQ(desk.dial("101", "*76"), said("do-not-disturb-on"));
  EXPECT_EQ(desk.dial("101", "*79"), said("do-not-disturb-off"));
  EXPECT_FALSE(desk.user(0).do_not_disturb);
  EXPECT_EQ(desk.scene.phone("101").calls().back().final_code, 200);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, WhatCouldNotBeStoredIsNotSaidToBeDone) {
  Desk desk;
  desk.scene.world.takes_changes = false;

  EXPECT_EQ(desk.dial("101", "*78"), said("not-saved"));

  EXPECT_FALSE(desk.user(0).do_not_disturb);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, WhoHangsUpBeforeTheAnswerHasChangedItAllTheSame) {
  Desk desk;
  const std::size_t index = desk.scene.phone("101").call("*78");
  desk.scene.world.run_for(ms(10));

  desk.scene.phone("101").cancel(index);
  desk.scene.world.run_for(s(2));

  EXPECT_TRUE(desk.user(0).do_not_disturb);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, ForwardsAreSetWithTheirNumberSpokenBackAndCleared) {
  Desk desk;

  EXPECT_EQ(desk.dial("101", "*72103"), said("forward-always-to", "103"));
  EXPECT_EQ(desk.user(0).forward.always, "103");
  EXPECT_EQ(desk.dial("101", "*90102"), said("forward-busy-to", "102"));
  EXPECT_EQ(desk.dial("101", "*92600"), said("forward-no-answer-to", "600"));
  EXPECT_EQ(desk.dial("101", "*940600100200"), said("forward-unreachable-to", "0600100200"));
  EXPECT_EQ(desk.user(0).forward.busy, "102");
  EXPECT_EQ(desk.user(0).forward.no_answer.to, "600");
  EXPECT_EQ(desk.user(0).forward.unreachable, "0600100200");
  EXPECT_EQ(desk.dial("101", "*73"), said("forward-always-off"));
  EXPECT_EQ(desk.dial("101", "*91"), said("forward-busy-off"));
  EXPECT_EQ(desk.dial("101", "*93"), said("forward-no-answer-off"));
  EXPECT_EQ(desk.dial("101", "*95"), said("forward-unreachable-off"));
  EXPECT_EQ(desk.user(0).forward, model::Forward{});
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, AForwardThatCannotBeIsSpokenNeverSilence) {
  model::Office made = office();
  made.users[1].permissions.external = false;
  Desk desk{made};

  EXPECT_EQ(desk.dial("101", "*72101"), said("number-not-usable")) << "to himself";
  EXPECT_EQ(desk.dial("101", "*72199"), said("number-not-usable")) << "nobody";
  EXPECT_EQ(desk.dial("101", "*72*78"), said("number-not-usable")) << "a code";
  EXPECT_EQ(desk.dial("102", "*720600100200"), said("not-allowed"));
  EXPECT_EQ(desk.user(0).forward, model::Forward{});
  EXPECT_EQ(desk.user(1).forward, model::Forward{});
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_19_LogsInToAGroupAndOutOfIt) {
  Desk desk;

  EXPECT_EQ(desk.dial("101", "*45600"), Lines{"en/agent-loggedoff"});
  EXPECT_FALSE(desk.group().members.at(0).logged_in);
  EXPECT_TRUE(desk.group().members.at(1).logged_in);
  desk.scene.dial("600");
  desk.scene.run_until(s(2));
  EXPECT_EQ(desk.scene.phone("101").calls().back().outgoing, true) << "it does not ring there";
  EXPECT_FALSE(desk.scene.phone("102").calls().empty());
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(2));
  EXPECT_EQ(desk.dial("101", "*45600"), Lines{"en/agent-loginok"});
  EXPECT_TRUE(desk.group().members.at(0).logged_in);
  EXPECT_EQ(desk.dial("103", "*45600"), said("not-a-member"));
  EXPECT_EQ(desk.dial("101", "*45102"), said("number-not-usable"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_19_WhoMayLogsInToAQueueAndLeavesItAgain) {
  Desk desk;

  EXPECT_EQ(desk.dial("103", "*45650"), Lines{"en/agent-loginok"});
  EXPECT_EQ(desk.scene.world.office().queues.at(0).members.size(), 2U);
  EXPECT_EQ(desk.dial("103", "*45650"), Lines{"en/agent-loggedoff"});
  EXPECT_EQ(desk.scene.world.office().queues.at(0).members.size(), 1U);
  EXPECT_EQ(desk.dial("102", "*45650"), said("not-a-member"));
  EXPECT_EQ(desk.dial("101", "*45650"), Lines{"en/agent-loggedoff"});
  EXPECT_FALSE(desk.scene.world.office().queues.at(0).members.at(0).logged_in) << "he stays listed";
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, LogsOutOfAllOfHisAndInAgain) {
  Desk desk;

  EXPECT_EQ(desk.dial("101", "*45"), Lines{"en/agent-loggedoff"});
  EXPECT_FALSE(desk.group().members.at(0).logged_in);
  EXPECT_FALSE(desk.scene.world.office().queues.at(0).members.at(0).logged_in);
  EXPECT_EQ(desk.dial("101", "*45"), Lines{"en/agent-loginok"});
  EXPECT_TRUE(desk.group().members.at(0).logged_in);
  EXPECT_EQ(desk.dial("104", "*45"), said("not-a-member"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, WhoLogsOutWhileItRingsStopsRinging) {
  Desk desk;
  desk.scene.dial("600");
  desk.scene.run_until(s(2));

  (void)desk.scene.phone("101").call("*45600");
  desk.scene.run_until(s(4));

  EXPECT_NE(desk.scene.stopped_at("101", 0), -1) << "rule 10";
  EXPECT_EQ(desk.scene.stopped_at("102", 0), -1);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, APauseTakesOneOutOfHisGroupsAndEnds) {
  Desk desk;

  EXPECT_EQ(desk.dial("101", "*46"), said("pause-on"));
  EXPECT_TRUE(desk.user(0).paused.on);
  EXPECT_EQ(desk.dial("101", "*46"), said("pause-off"));
  EXPECT_FALSE(desk.user(0).paused.on);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, OwnRulesAreOffAndOnButNotThoseThatAreLocked) {
  model::Office made = office();
  model::Rule rule;
  rule.name = "evening";
  rule.stages.resize(1);
  rule.stages[0].ring = {member("102")};
  made.users[0].rules = {rule};
  made.users[1].rules = {rule};
  made.users[1].rules[0].stages[0].ring = {member("101")};
  made.users[1].rules[0].locked = true;
  made.users[2].rules = {rule};
  made.users[2].permissions.own_rules = false;
  Desk desk{made};

  EXPECT_EQ(desk.dial("101", "*21"), said("rules-off"));
  desk.scene.dial("101");
  desk.scene.run_until(s(1));
  EXPECT_FALSE(desk.scene.phone("101").calls().back().outgoing) << "his own phone rings again";
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(2));
  EXPECT_EQ(desk.dial("101", "*21"), said("rules-on"));
  EXPECT_EQ(desk.dial("102", "*21"), said("not-allowed")) << "locked";
  EXPECT_EQ(desk.dial("103", "*21"), said("not-allowed")) << "by the administrator";
  EXPECT_EQ(desk.dial("104", "*21"), said("no-rules"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_18_AFlagIsSwitchedByItsOwnCodeAndByItsNumber) {
  model::Office made = office();
  model::Flag flag;
  flag.name = "night";
  flag.code = "*30";
  made.flags = {flag};
  made.groups[0].flags = {{"night", {model::DestinationKind::User, "103"}}};
  Desk desk{made};

  EXPECT_EQ(desk.dial("102", "*30"), said("flag-on"));
  EXPECT_TRUE(desk.scene.world.office().flags.at(0).on);
  desk.scene.dial("600");
  desk.scene.run_until(s(1));
  EXPECT_EQ(desk.scene.rang_at("103"), 0) << "it redirects the group";
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(2));
  EXPECT_EQ(desk.dial("101", "*281"), said("flag-off"));
  EXPECT_FALSE(desk.scene.world.office().flags.at(0).on);
  EXPECT_EQ(desk.dial("101", "*282"), said("number-not-usable"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, AGroupIsForwardedByItsMembersAndHuntedAgain) {
  Desk desk;
  const std::size_t index = desk.scene.phone("101").call("*75600");
  desk.scene.world.run_for(s(2));
  for (const char key : std::string{"103#"}) (void)desk.scene.press("101", key, index);
  desk.scene.world.run_for(s(20));

  EXPECT_EQ(desk.group().forward, (model::GroupForward{"103", "101"}));
  EXPECT_EQ(desk.scene.played("101", index).back(),
            "en/harrier/group-forwarded-to en/digits/1 en/digits/0 en/digits/3 en/vm-goodbye");
  desk.scene.dial("600");
  desk.scene.run_until(s(1));
  EXPECT_EQ(desk.scene.rang_at("103"), 0);
  EXPECT_EQ(desk.scene.rang_at("102"), -1);
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(2));
  const std::size_t second = desk.scene.phone("101").call("*75");
  desk.scene.world.run_for(s(2));
  for (const char key : std::string{"600#"}) (void)desk.scene.press("101", key, second);
  desk.scene.world.run_for(s(2));
  for (const char key : std::string{"0#"}) (void)desk.scene.press("101", key, second);
  desk.scene.world.run_for(s(20));
  EXPECT_EQ(desk.group().forward, model::GroupForward{});
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, WhoIsNoMemberForwardsNoGroup) {
  Desk desk;
  const std::size_t index = desk.scene.phone("103").call("*75600");
  desk.scene.world.run_for(s(2));

  for (const char key : std::string{"103#"}) (void)desk.scene.press("103", key, index);
  desk.scene.world.run_for(s(2));

  EXPECT_EQ(desk.group().forward, model::GroupForward{});
  EXPECT_NE(desk.scene.played("103", index).back().find("not-a-member"), std::string::npos);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, HideMyNumberShowsNoneToTheCalled) {
  Desk desk;

  desk.scene.dial("*67103");
  desk.scene.run_until(s(1));

  ASSERT_EQ(desk.scene.phone("103").calls().size(), 1U);
  EXPECT_NE(desk.scene.phone("103").calls()[0].invite.get("From").find("anonymous.invalid"),
            std::string::npos);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_20_RedialCallsTheNumberDialledLast) {
  Desk desk;
  EXPECT_EQ(desk.dial("104", "*66"), said("nothing-to-redial"));
  desk.scene.dial("102");
  desk.scene.run_until(s(1));
  desk.scene.caller().cancel(1);
  desk.scene.world.run_for(s(2));
  (void)desk.dial("104", "*78");

  (void)desk.scene.caller().call("*66");
  desk.scene.world.run_for(s(1));

  EXPECT_EQ(desk.scene.phone("102").calls().size(), 2U);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_20_CallReturnCallsTheCallerOfAMissedGroupCall) {
  Desk desk;
  EXPECT_EQ(desk.dial("101", "*69"), said("nobody-to-call-back"));
  desk.scene.dial("600");
  desk.scene.run_until(s(15));

  (void)desk.scene.phone("101").call("*69");
  desk.scene.world.run_for(s(1));

  EXPECT_FALSE(desk.scene.caller().calls().back().outgoing) << "104 rings, not the group";
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_20_WhatIsRememberedSurvivesARestart) {
  Desk desk;
  desk.scene.dial("101");
  desk.scene.run_until(s(1));
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(10));

  desk.scene.world.restart();
  (void)desk.scene.phone("101").call("*69");
  desk.scene.world.run_for(s(1));

  EXPECT_FALSE(desk.scene.caller().calls().back().outgoing);
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_20_AHiddenCallerIsNotCalledBack) {
  Desk desk;
  desk.scene.dial("*67101");
  desk.scene.run_until(s(1));
  desk.scene.caller().cancel(0);
  desk.scene.world.run_for(s(2));

  EXPECT_EQ(desk.dial("101", "*69"), said("caller-was-hidden"));
  EXPECT_EQ(desk.scene.finish(), "");
}

TEST(Codes, Row_S1_19_HotDeskingOnePersonSitsDownAtAnotherPhone) {
  model::Office made = office();
  made.users[1].mailbox.pin = "4711";
  Desk desk{made};
  Scene& scene = desk.scene;

  const std::size_t index = scene.phone("101").call("*70102");
  scene.world.run_for(s(2));
  for (const char key : std::string{"4711#"}) (void)scene.press("101", key, index);
  scene.world.run_for(s(20));
  EXPECT_EQ(desk.user(1).desks, Lines{"101"});
  EXPECT_EQ(scene.played("101", index).back(), "en/agent-loginok en/vm-goodbye");
  scene.dial("102");
  scene.run_until(s(1));
  EXPECT_FALSE(scene.phone("101").calls().back().outgoing) << "his calls ring here, too";
  EXPECT_FALSE(scene.phone("102").calls().empty());
  scene.caller().cancel(0);
  scene.world.run_for(s(2));
  scene.dial("101");
  scene.run_until(s(2));
  EXPECT_EQ(scene.final_code(), 200) << "101 has no phone now: his mailbox answers";
  scene.caller().hang_up(1);
  scene.world.run_for(s(2));
  const std::size_t own = scene.phone("101").call("103");
  scene.world.run_for(s(1));
  EXPECT_NE(scene.phone("103").calls().at(0).invite.get("From").find("102"), std::string::npos);
  scene.phone("101").cancel(own);
  scene.world.run_for(s(2));
  scene.phone("101").register_now();
  scene.world.run_for(s(2));
  EXPECT_TRUE(scene.phone("101").registered());

  EXPECT_EQ(desk.dial("101", "*70"), Lines{"en/agent-loggedoff"});
  EXPECT_TRUE(desk.user(1).desks.empty());
  scene.dial("101");
  scene.run_until(s(1));
  EXPECT_FALSE(scene.phone("101").calls().back().outgoing) << "it is 101's again";
  EXPECT_EQ(scene.finish(), "");
}

TEST(Codes, HotDeskingNeedsThePinAndSlowsGuessingDown) {
  model::Office made = office();
  made.users[1].mailbox.pin = "4711";
  Desk desk{made};
  Scene& scene = desk.scene;

  const std::size_t index = scene.phone("101").call("*70102");
  for (int guess = 0; guess < 3; ++guess) {
    scene.world.run_for(s(4));
    for (const char key : std::string{"1111#"}) (void)scene.press("101", key, index);
  }
  scene.world.run_for(s(20));
  const std::size_t second = scene.phone("101").call("*70103");
  scene.world.run_for(s(2));
  for (const char key : std::string{"1#"}) (void)scene.press("101", key, second);
  scene.world.run_for(s(20));

  EXPECT_TRUE(desk.user(1).desks.empty());
  EXPECT_TRUE(desk.user(2).desks.empty()) << "without a PIN nobody sits down";
  EXPECT_NE(scene.played("101", index).back().find("en/vm-incorrect"), std::string::npos);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Codes, AnotherProfileGivesOtherDigits) {
  model::Office made = office();
  made.feature_profile = "vodia";
  Desk desk{made};

  EXPECT_EQ(desk.dial("101", "*71103"), said("forward-always-to", "103"));
  EXPECT_EQ(desk.dial("101", "*72"), said("forward-always-off"));
  EXPECT_EQ(desk.dial("101", "*64600"), Lines{"en/agent-loggedoff"});
  EXPECT_EQ(desk.scene.finish(), "");
}

}  // namespace
}  // namespace sim
