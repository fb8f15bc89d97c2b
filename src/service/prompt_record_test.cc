#include "service/prompt_record.h"

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using service::Actions;
using service::PromptRecord;
using service::testing::Bench;
using service::testing::Log;

class RecordedPrompt : public ::testing::Test {
 protected:
  // Up to the recording of prompt 7.
  void reach_recording() {
    bench.begin();
    bench.digits("1234#");
    bench.with([&](base::Now now, Actions& out) { machine.pin_right(now, out); });
    bench.digits("7#");
    bench.played();
    bench.clear();
  }

  PromptRecord machine{{.voice = {}, .file = "prompts/c1.wav"}};
  Bench bench{machine};
};

TEST_F(RecordedPrompt, APinANumberARecordingAndItsAcceptanceMakeAPrompt) {
  bench.begin();
  bench.until(2'000);
  bench.digits("1234#");
  bench.with([&](base::Now now, Actions& out) { machine.pin_right(now, out); });
  bench.digits("7#");
  bench.until(5'000);
  bench.played();
  bench.until(9'000);
  bench.digit('#');
  bench.recorded(4'000);
  bench.digit('2');
  bench.digit('1');
  bench.until(12'000);
  bench.played();

  EXPECT_EQ(bench.log,
            (Log{"0 answer", "0 play en/harrier/enter-pin", "2000 stop_playing", "2000 check_pin",
                 "2000 play en/harrier/enter-prompt-number", "2000 stop_playing",
                 "2000 play en/harrier/say-prompt beep", "5000 record prompts/c1.wav 300000 0",
                 "9000 stop_recording", "9000 play prompts/c1.wav en/vm-review",
                 "9000 play prompts/c1.wav en/vm-review", "9000 keep_prompt 7 prompts/c1.wav",
                 "9000 play en/harrier/prompt-saved en/digits/7 en/vm-goodbye", "12000 hang_up"}));
}

TEST_F(RecordedPrompt, ThreeWrongPinsAreEnoughAndSoIsOneThatComesTooEarly) {
  bench.begin();
  for (int i = 0; i < 3; ++i) {
    bench.digits("1#");
    bench.with([&](base::Now now, Actions& out) { machine.pin_wrong(false, now, out); });
  }
  EXPECT_EQ(bench.log.back(), "0 play en/vm-incorrect en/vm-goodbye");

  PromptRecord other{{.voice = {}, .file = "f"}};
  Bench second{other};
  second.begin();
  second.digits("1#");
  second.with([&](base::Now now, Actions& out) { other.pin_wrong(true, now, out); });
  EXPECT_EQ(second.log.back(), "0 play en/harrier/try-later en/vm-goodbye");
}

TEST_F(RecordedPrompt, WhatIsNotAcceptedIsRecordedAgainOrGone) {
  reach_recording();
  bench.digit('#');
  bench.recorded(4'000);
  bench.digit('3');
  bench.played();
  bench.digit('#');
  bench.recorded(3'000);
  bench.hang_up();

  EXPECT_EQ(bench.log, (Log{"0 stop_recording", "0 play prompts/c1.wav en/vm-review",
                            "0 discard prompts/c1.wav", "0 play en/harrier/say-prompt beep",
                            "0 record prompts/c1.wav 300000 0", "0 stop_recording",
                            "0 play prompts/c1.wav en/vm-review", "0 discard prompts/c1.wav"}));
  EXPECT_TRUE(machine.done());
}

TEST_F(RecordedPrompt, WhoHangsUpWhileHeSpeaksHasRecordedNothing) {
  reach_recording();
  bench.hang_up();
  EXPECT_FALSE(machine.done());
  bench.recorded(4'000, facts::RecordingEnd::Closed);

  EXPECT_EQ(bench.log, (Log{"0 stop_recording", "0 discard prompts/c1.wav"}));
  EXPECT_TRUE(machine.done());
}

TEST_F(RecordedPrompt, WhoSaysNothingIsAskedThreeTimes) {
  bench.begin();
  for (int i = 0; i < 3; ++i) {
    bench.played();
    bench.until((i + 1) * 10'000);
  }

  EXPECT_EQ(bench.log.back(), "30000 play en/vm-goodbye");
}

}  // namespace
