// Rule 9 of docs/hunting.md and rows S3.9 to S3.11: the member is asked before the call is his.
#include "service/confirm.h"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using service::Confirm;
using service::testing::Bench;
using service::testing::Log;

const std::string question =
    "loop pause:500 en/followme/call-from en/digits/1 en/digits/0 en/digits/2 "
    "en/harrier/confirm-options pause:1500";

Confirm::Settings from_102() {
  Confirm::Settings settings;
  settings.caller_number = "102";
  settings.mailbox_offered = true;
  return settings;
}

TEST(Confirm, Rule_9_TheMemberHearsWhoCallsDigitByDigit) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 " + question}));
}

TEST(Confirm, Row_S3_9_HeHearsWhomTheCallIsFor) {
  Confirm::Settings settings = from_102();
  settings.called_number = "8";
  Confirm confirm{settings};
  Bench bench{confirm};

  bench.begin();

  EXPECT_EQ(bench.log,
            (Log{"0 loop pause:500 en/followme/call-from en/digits/1 en/digits/0 en/digits/2 "
                 "en/harrier/call-for en/digits/8 en/harrier/confirm-options pause:1500"}));
}

TEST(Confirm, Rule_9_ARecordedNameIsSaidInsteadOfTheNumber) {
  Confirm::Settings settings = from_102();
  settings.caller_name = service::sound("names/102");
  Confirm confirm{settings};
  Bench bench{confirm};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 loop pause:500 en/followme/call-from names/102 "
                            "en/harrier/confirm-options pause:1500"}));
}

TEST(Confirm, Rule_9_AnAnonymousCallerIsSaidToBeUnknown) {
  Confirm::Settings settings;
  settings.voice.language = service::Language::Pl;
  Confirm confirm{settings};
  Bench bench{confirm};

  bench.begin();

  EXPECT_EQ(bench.log, (Log{"0 loop pause:500 pl/harrier/call-from pl/harrier/an-unknown-caller "
                            "pl/harrier/confirm-options-without-mailbox pause:1500"}));
}

TEST(Confirm, Row_S3_10_OneTakesTwoGoesToTheMailboxThreeDeclines) {
  for (const auto& [key, result] :
       {std::pair{'1', "taken"}, std::pair{'2', "to_mailbox"}, std::pair{'3', "declined"}}) {
    Confirm confirm{from_102()};
    Bench bench{confirm};

    bench.begin();
    bench.until(4'000);
    bench.digit(key);

    EXPECT_EQ(bench.log,
              (Log{"0 " + question, "4000 stop_playing", std::string{"4000 confirmed "} + result}));
    EXPECT_TRUE(confirm.done());
  }
}

TEST(Confirm, Rule_9_TwoDoesNothingWhereNoMailboxIsOffered) {
  Confirm::Settings settings = from_102();
  settings.mailbox_offered = false;
  Confirm confirm{settings};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.until(4'000);
  bench.digit('2');

  EXPECT_EQ(bench.log, Log{});
  EXPECT_FALSE(confirm.done());
}

TEST(Confirm, Rule_9_HashSaysItAgainAndTheClockRunsOn) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.until(14'000);
  bench.digit('#');
  bench.until(30'000);

  EXPECT_EQ(bench.log, (Log{"0 " + question, "14000 " + question, "15000 stop_playing",
                            "15000 confirmed not_confirmed"}));
}

TEST(Confirm, Rule_9_KeysOfTheFirstHalfSecondDoNotCount) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.until(499);
  bench.digit('1');
  bench.until(500);
  bench.digit('1');

  EXPECT_EQ(bench.log, (Log{"500 stop_playing", "500 confirmed taken"}));
}

TEST(Confirm, Row_S3_11_WithoutAKeyFifteenSecondsAfterTheAnswerItIsNotConfirmed) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.until(60'000);

  EXPECT_EQ(bench.log, (Log{"15000 stop_playing", "15000 confirmed not_confirmed"}));
  EXPECT_EQ(confirm.deadline(), std::nullopt);
}

TEST(Confirm, Rule_9_AKeyAtTheEndOfTheTimeIsTooLate) {
  Confirm confirm{from_102()};
  service::Actions out;
  const base::Now end{.at = base::Instant{base::Duration{15'000}}, .wall = {}};

  confirm.begin({}, out);
  out.clear();
  confirm.digit('1', end, out);

  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(service::describe(out[1]), "confirmed not_confirmed");
}

TEST(Confirm, Row_S3_10_WhoIsAskedWhileAnotherTakesTheCallHearsSo) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.until(6'000);
  bench.with([&](base::Now now, service::Actions& out) { confirm.too_late(now, out); });
  bench.digit('1');
  bench.until(8'000);
  bench.played();
  bench.until(60'000);

  EXPECT_EQ(bench.log, (Log{"6000 play en/harrier/too-late", "8000 hang_up"}));
  EXPECT_TRUE(confirm.done());
}

TEST(Confirm, Rule_9_TheTellingIsBounded) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.with([&](base::Now now, service::Actions& out) { confirm.too_late(now, out); });
  bench.until(60'000);

  EXPECT_EQ(bench.log, (Log{"0 play en/harrier/too-late", "5000 hang_up"}));
}

TEST(Confirm, Rule_9_WhoHangsUpInTheMenuIsAskedNoMore) {
  Confirm confirm{from_102()};
  Bench bench{confirm};

  bench.begin();
  bench.clear();
  bench.until(3'000);
  bench.hang_up();
  bench.digit('1');
  bench.until(60'000);

  EXPECT_EQ(bench.log, Log{});
  EXPECT_TRUE(confirm.done());
}

}  // namespace
