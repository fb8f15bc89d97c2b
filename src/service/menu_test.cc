// A menu (IVR), the final stage of row S1.7.
#include "service/menu.h"

#include <string>

#include <gtest/gtest.h>

#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using model::DestinationKind;
using service::Menu;
using service::testing::Bench;
using service::testing::Log;

// 1 leads to Sales, 0 to 101; 101, 201 and 202 may be dialled.
Menu::Settings welcome() {
  Menu::Settings settings;
  settings.greeting = {service::sound("welcome")};
  settings.keys = {{"0", {DestinationKind::User, "101"}}, {"5", {DestinationKind::Group, "Sales"}}};
  for (const char* extension : {"101", "201", "202", "20"})
    settings.extensions.push_back({extension, {DestinationKind::User, extension}});
  settings.otherwise = {DestinationKind::Mailbox, "general"};
  return settings;
}

// Greeted at 3 s.
class Choosing : public ::testing::Test {
 protected:
  Choosing() {
    bench.begin();
    bench.until(3'000);
    bench.played();
    bench.clear();
  }
  Menu menu{welcome()};
  Bench bench{menu};
};

TEST_F(Choosing, Row_S1_7_AKeyLeadsToItsDestination) {
  bench.until(4'000);
  bench.digit('5');

  EXPECT_EQ(bench.log, (Log{"4000 go_to group Sales"}));
  EXPECT_TRUE(menu.done());
}

TEST(Menu, AKeyDuringTheGreetingCounts) {
  Menu menu{welcome()};
  Bench bench{menu};

  bench.begin();
  bench.until(500);
  bench.digit('5');

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 play welcome", "500 stop_playing", "500 go_to group Sales"}));
}

TEST_F(Choosing, AnExtensionIsDialledAsSoonAsItIsWhole) {
  bench.digits("202");

  EXPECT_EQ(bench.log, (Log{"3000 go_to user 202"}));
}

TEST_F(Choosing, AnExtensionThatBeginsALongerOneIsTakenAfterAPauseOrAtHash) {
  bench.digits("20");
  bench.until(5'000);

  EXPECT_EQ(bench.log, (Log{"5000 go_to user 20"}));

  Menu other{welcome()};
  Bench second{other};
  second.begin();
  second.clear();
  second.digits("20#");
  EXPECT_EQ(second.log, (Log{"0 stop_playing", "0 go_to user 20"}));
}

TEST(Menu, AKeyThatBeginsAnExtensionWaitsForMore) {
  Menu::Settings settings = welcome();
  settings.keys.push_back({"1", {DestinationKind::Queue, "Support"}});
  Menu menu{settings};
  Bench bench{menu};

  bench.begin();
  bench.clear();
  bench.digit('1');
  bench.until(10'000);

  EXPECT_EQ(bench.log, (Log{"0 stop_playing", "2000 go_to queue Support"}));
}

TEST_F(Choosing, AWrongKeyIsSaidToBeOneAndTheGreetingComesAgain) {
  bench.until(4'000);
  bench.digit('7');
  bench.until(8'000);
  bench.digit('5');

  EXPECT_EQ(bench.log, (Log{"4000 play en/harrier/wrong-key welcome", "8000 stop_playing",
                            "8000 go_to group Sales"}));
}

TEST_F(Choosing, AWrongExtensionIsSaidToBeOne) {
  bench.digits("203");

  EXPECT_EQ(bench.log, (Log{"3000 play en/pbx-invalid welcome"}));
}

TEST_F(Choosing, ThreeFailuresLeadElsewhere) {
  bench.digit('7');
  bench.digit('8');
  bench.digit('9');

  EXPECT_EQ(bench.log, (Log{"3000 play en/harrier/wrong-key welcome", "3000 stop_playing",
                            "3000 play en/harrier/wrong-key welcome", "3000 stop_playing",
                            "3000 go_to mailbox general"}));
}

TEST_F(Choosing, WithoutAKeyTheGreetingComesAgainAndThenOtherwise) {
  bench.until(8'000);
  bench.until(11'000);
  bench.played();
  bench.until(16'000);
  bench.until(19'000);
  bench.played();
  bench.until(60'000);

  EXPECT_EQ(bench.log,
            (Log{"8000 play welcome", "16000 play welcome", "24000 go_to mailbox general"}));
}

TEST(Menu, WithoutOtherwiseItSaysGoodbye) {
  Menu::Settings settings = welcome();
  settings.otherwise = {};
  settings.tries = 1;
  Menu menu{settings};
  Bench bench{menu};

  bench.begin();
  bench.until(3'000);
  bench.played();
  bench.clear();
  bench.until(9'000);
  bench.digit('5');
  bench.played();

  EXPECT_EQ(bench.log, (Log{"8000 play en/vm-goodbye", "9000 hang_up"}));
}

TEST_F(Choosing, HashAloneSaysItAgainWithoutUsingUpATry) {
  for (int i = 0; i < 5; ++i) bench.digit('#');
  bench.digit('5');

  EXPECT_EQ(bench.log.size(), 7U);
  EXPECT_EQ(bench.log.front(), "3000 play welcome");
  EXPECT_EQ(bench.log.back(), "3000 go_to group Sales");
}

TEST_F(Choosing, AMenuThatIsRepeatedForeverEnds) {
  for (int i = 1; i < 700; ++i) {
    bench.until(3'000 + i * 1'000);
    bench.digit('*');
  }

  EXPECT_EQ(bench.log.back(), "600000 go_to mailbox general");
  EXPECT_TRUE(menu.done());
}

TEST(Menu, AStarThatIsAKeyOfTheMenuIsThatKey) {
  Menu::Settings settings = welcome();
  settings.keys.push_back({"*", {DestinationKind::Ivr, "1"}});
  Menu menu{settings};
  Bench bench{menu};

  bench.begin();
  bench.clear();
  bench.digit('*');

  EXPECT_EQ(bench.log, (Log{"0 stop_playing", "0 go_to ivr 1"}));
}

TEST(Menu, WithoutAGreetingItWaitsForKeys) {
  Menu::Settings settings = welcome();
  settings.greeting.clear();
  settings.tries = 2;
  Menu menu{settings};
  Bench bench{menu};

  bench.begin();
  bench.until(60'000);

  EXPECT_EQ(bench.log, (Log{"0 answer", "10000 go_to mailbox general"}));
}

TEST_F(Choosing, AfterTheHangUpNothingMoreComes) {
  bench.hang_up();
  bench.digit('5');
  bench.until(3'600'000);

  EXPECT_EQ(bench.log, Log{});
}

}  // namespace
