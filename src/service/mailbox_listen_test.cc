// A mailbox by phone.
#include "service/mailbox_listen.h"

#include <cstdint>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/media.h"
#include "service/service.h"
#include "service/testing/bench.h"

namespace {

using facts::RecordingEnd;
using service::MailboxListen;
using service::testing::Bench;
using service::testing::kNoon;
using service::testing::Log;

MailboxListen::Settings of_101(bool ask_pin) {
  MailboxListen::Settings settings;
  settings.mailbox = "101";
  settings.ask_pin = ask_pin;
  settings.greeting_file = "101/new.wav";
  return settings;
}

MailboxListen::Message message(std::string id, std::int64_t minutes_ago, bool fresh) {
  MailboxListen::Message made;
  made.id = std::move(id);
  made.file = "101/" + made.id + ".wav";
  made.left = {kNoon - minutes_ago * 60'000};
  made.caller_number = "7";
  made.fresh = fresh;
  return made;
}

const std::string options = "play en/harrier/main-options";
const std::string message_options = "play en/harrier/message-options";
std::string fresh(const std::string& file) {
  return "en/harrier/new-message en/vm-from-phonenumber en/digits/7 en/digits/today en/digits/12 "
         "en/digits/p-m 101/" +
         file + ".wav";
}
std::string saved(const std::string& file) {
  return "en/harrier/saved-message en/vm-from-phonenumber en/digits/7 en/digits/today "
         "en/digits/12 en/digits/p-m 101/" +
         file + ".wav";
}

class Listening : public ::testing::Test {
 protected:
  // Lets 101 in, who has a saved message and two new ones.
  void open(bool shared = false) {
    MailboxListen::Contents contents;
    contents.mailbox = "101";
    contents.shared = shared;
    contents.reader = "5";
    contents.messages = {message("old", 0, false), message("second", 0, true),
                         message("first", 0, true)};
    contents.messages[1].left.unix_ms += 30'000;
    bench.begin();
    bench.with([&](base::Now now, service::Actions& out) { listen.opened(contents, now, out); });
  }
  // Hears the first message to its end.
  void open_and_hear(bool shared = false) {
    open(shared);
    bench.digit('1');
    bench.played();
    bench.clear();
  }
  MailboxListen listen{of_101(false)};
  Bench bench{listen};
};

TEST_F(Listening, TheOwnersPhoneIsLetInWithoutAPin) {
  open();

  EXPECT_EQ(
      bench.log,
      (Log{"0 answer", "0 open_mailbox 101",
           "0 play en/vm-youhave en/digits/2 en/vm-INBOX en/vm-messages en/vm-and en/digits/1 "
           "en/vm-Old en/vm-message en/harrier/main-options"}));
}

TEST(MailboxListen, APinIsAskedForAndJudgedOutside) {
  MailboxListen listen{of_101(true)};
  Bench bench{listen};

  bench.begin();
  bench.digits("1234#");

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play en/harrier/enter-pin", "0 stop_playing",
                            "0 open_mailbox 101 with_pin"}));
}

TEST(MailboxListen, AnyMailboxIsAskedForWithItsNumber) {
  MailboxListen::Settings settings = of_101(true);
  settings.mailbox.clear();
  MailboxListen listen{settings};
  Bench bench{listen};

  bench.begin();
  bench.digits("102");
  bench.until(5'000);
  bench.digits("0000#");
  bench.with([&](base::Now now, service::Actions& out) { listen.refused(false, now, out); });

  EXPECT_EQ(bench.log, (Log{"0 answer", "0 play en/harrier/enter-mailbox", "0 stop_playing",
                            "5000 play en/harrier/enter-pin", "5000 stop_playing",
                            "5000 open_mailbox 102 with_pin",
                            "5000 play en/vm-incorrect en/harrier/enter-mailbox"}));
}

TEST(MailboxListen, ThreeWrongPinsEndTheCall) {
  MailboxListen listen{of_101(true)};
  Bench bench{listen};

  bench.begin();
  for (int i = 0; i < 3; ++i) {
    bench.digits("9#");
    bench.clear();
    bench.with([&](base::Now now, service::Actions& out) { listen.refused(false, now, out); });
  }
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 play en/vm-incorrect en/vm-goodbye", "0 hang_up"}));
}

TEST(MailboxListen, WhoTriesTooEarlyIsSentAway) {
  MailboxListen listen{of_101(true)};
  Bench bench{listen};

  bench.begin();
  bench.digits("1234#");
  bench.clear();
  bench.with([&](base::Now now, service::Actions& out) { listen.refused(true, now, out); });

  EXPECT_EQ(bench.log, (Log{"0 play en/harrier/try-later en/vm-goodbye"}));
}

TEST(MailboxListen, WithoutAKeyTheCallEnds) {
  MailboxListen listen{of_101(true)};
  Bench bench{listen};

  bench.begin();
  for (int i = 0; i < 4; ++i) {
    bench.until(bench.now().at.time_since_epoch().count() + 10'000);
    bench.played();
  }

  EXPECT_EQ(bench.log.back(), "40000 hang_up");
  EXPECT_TRUE(listen.done());
}

TEST(MailboxListen, AnOpeningThatNobodyAnswersEnds) {
  MailboxListen listen{of_101(false)};
  Bench bench{listen};

  bench.begin();
  bench.until(60'000);

  EXPECT_EQ(bench.log.back(), "25000 hang_up");
}

TEST_F(Listening, NewMessagesComeFirstAndAreHeardAtTheirEnd) {
  open();
  bench.clear();
  bench.digit('1');
  bench.played();

  EXPECT_EQ(bench.log,
            (Log{"0 play " + fresh("first"), "0 message 101 first heard", "0 " + message_options}));
}

TEST_F(Listening, SixGoesOnToTheEnd) {
  open();
  bench.clear();
  bench.digits("1666");

  EXPECT_EQ(bench.log,
            (Log{"0 play " + fresh("first"), "0 message 101 first heard",
                 "0 play " + fresh("second"), "0 message 101 second heard",
                 "0 play " + saved("old"), "0 play en/vm-nomore en/harrier/main-options"}));
}

TEST_F(Listening, FourGoesBackAndFiveSaysItAgain) {
  open_and_hear();
  bench.digits("654");

  EXPECT_EQ(bench.log, (Log{"0 play " + fresh("second"), "0 message 101 second heard",
                            "0 play " + saved("second"), "0 play " + saved("first")}));
}

TEST_F(Listening, SevenDeletesAndGoesOn) {
  open_and_hear();
  bench.digit('7');

  EXPECT_EQ(bench.log,
            (Log{"0 message 101 first deleted", "0 play en/vm-deleted " + fresh("second")}));
}

TEST_F(Listening, DeletingTheLastLeadsToTheMainMenu) {
  open();
  bench.digits("1777");

  EXPECT_EQ(bench.log.back(), "0 play en/vm-deleted en/vm-nomore en/harrier/main-options");
}

TEST_F(Listening, NineSavesAndGoesOn) {
  open_and_hear();
  bench.digit('9');

  EXPECT_EQ(bench.log, (Log{"0 message 101 first saved", "0 play en/vm-saved " + fresh("second")}));
}

TEST_F(Listening, EightCallsBack) {
  open_and_hear();
  bench.digit('8');

  EXPECT_EQ(bench.log, (Log{"0 stop_playing", "0 call_back 7"}));
  EXPECT_TRUE(listen.done());
}

TEST(MailboxListen, AnAnonymousCallerCannotBeCalledBack) {
  MailboxListen listen{of_101(false)};
  Bench bench{listen};
  MailboxListen::Contents contents;
  contents.mailbox = "101";
  contents.messages = {message("first", 0, false)};
  contents.messages[0].caller_number.clear();

  bench.begin();
  bench.with([&](base::Now now, service::Actions& out) { listen.opened(contents, now, out); });
  bench.digits("18");

  EXPECT_EQ(bench.log.back(), "0 play en/harrier/no-number-to-call en/harrier/message-options");
}

TEST_F(Listening, WhoHangsUpInTheMiddleFindsTheMessageNew) {
  open();
  bench.digit('1');
  bench.clear();
  bench.hang_up();

  EXPECT_EQ(bench.log, Log{});
  EXPECT_TRUE(listen.done());
}

TEST_F(Listening, ASharedMailboxHasAMarkForHandledMessages) {
  const std::string after = " en/harrier/message-options en/harrier/handled-option";
  const std::string handled =
      "play en/harrier/saved-message en/vm-from-phonenumber en/digits/7 en/digits/today "
      "en/digits/12 en/digits/p-m en/harrier/handled-by en/digits/5 101/first.wav";

  open_and_hear(true);
  bench.digits("252");

  EXPECT_EQ(bench.log,
            (Log{"0 message 101 first handled", "0 play en/harrier/marked-handled" + after,
                 "0 " + handled, "0 message 101 first not_handled",
                 "0 play en/harrier/marked-not-handled" + after}));
}

TEST_F(Listening, AnOwnMailboxHasNoSuchMark) {
  open_and_hear();
  bench.digit('2');

  EXPECT_EQ(bench.log, (Log{"0 " + message_options}));
}

TEST_F(Listening, HashGoesToTheMainMenuAndSaysGoodbye) {
  open_and_hear();
  bench.digits("##");
  bench.played();

  EXPECT_EQ(bench.log, (Log{"0 " + options, "0 play en/vm-goodbye", "0 hang_up"}));
}

// ---- greeting ------------------------------------------------------------------------------
class Greeting : public Listening {
 protected:
  // Records since 0.
  void record() {
    open();
    bench.clear();
    bench.digits("01");
    bench.played();
  }
};

TEST_F(Greeting, IsRecordedHeardAndKept) {
  record();
  bench.until(6'000);
  bench.digit('#');
  bench.recorded(6'000);
  bench.digits("21");

  EXPECT_EQ(bench.log,
            (Log{"0 play en/harrier/greeting-options", "0 play en/harrier/record-greeting beep",
                 "0 record 101/new.wav 120000 0", "6000 stop_recording",
                 "6000 play 101/new.wav en/vm-review", "6000 play 101/new.wav en/vm-review",
                 "6000 set_greeting 101 101/new.wav",
                 "6000 play en/harrier/greeting-saved en/harrier/main-options"}));
}

TEST_F(Greeting, ASecondOneInTheSameCallIsNotRecordedOverTheFirst) {
  record();
  bench.until(6'000);
  bench.digit('#');
  bench.recorded(6'000);
  bench.digits("101");
  bench.clear();
  bench.played();
  bench.digit('#');
  bench.recorded(6'000);
  bench.digit('1');

  EXPECT_EQ(bench.log,
            (Log{"6000 record 101/new-2.wav 120000 0", "6000 stop_recording",
                 "6000 play 101/new-2.wav en/vm-review", "6000 set_greeting 101 101/new-2.wav",
                 "6000 play en/harrier/greeting-saved en/harrier/main-options"}));
}

TEST_F(Greeting, ThreeRecordsItAgain) {
  record();
  bench.clear();
  bench.until(6'000);
  bench.digit('#');
  bench.recorded(6'000);
  bench.digit('3');

  EXPECT_EQ(bench.log,
            (Log{"6000 stop_recording", "6000 play 101/new.wav en/vm-review",
                 "6000 discard 101/new.wav", "6000 play en/harrier/record-greeting beep"}));
}

TEST_F(Greeting, WhatWasNotAcceptedIsNotKept) {
  record();
  bench.clear();
  bench.until(6'000);
  bench.hang_up();
  EXPECT_FALSE(listen.done());
  bench.recorded(6'000, RecordingEnd::Closed);

  EXPECT_EQ(bench.log, (Log{"6000 stop_recording", "6000 discard 101/new.wav"}));
  EXPECT_TRUE(listen.done());
}

TEST_F(Greeting, WhoHangsUpWhileHeHearsItHasNotAccepted) {
  record();
  bench.recorded(6'000, RecordingEnd::Longest);
  bench.clear();
  bench.hang_up();

  EXPECT_EQ(bench.log, (Log{"0 discard 101/new.wav"}));
}

TEST_F(Greeting, TooShortAndFailedOnesAreSaidToBeSo) {
  record();
  bench.recorded(200);
  EXPECT_EQ(bench.log.back(), "0 play en/vm-tooshort en/harrier/greeting-options");
  bench.digit('1');
  bench.played();
  bench.recorded(0, RecordingEnd::Failed);
  EXPECT_EQ(bench.log.back(), "0 play en/harrier/cannot-record en/harrier/greeting-options");
}

TEST_F(Greeting, TwoGoesBackToTheDefaultOne) {
  open();
  bench.clear();
  bench.digits("02");

  EXPECT_EQ(bench.log, (Log{"0 play en/harrier/greeting-options", "0 set_greeting 101",
                            "0 play en/harrier/greeting-removed en/harrier/main-options"}));
}

}  // namespace
