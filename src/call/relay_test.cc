// What one side of an answered call asks of the other: passed on, changed for a peer that does not
// take it, or refused here (RFC 3261 sections 8.2 and 12.2.2, RFC 3311; sip.md 4.7).

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"

namespace call::testing {
namespace {

using base::Duration;

Options held(Options options, const std::string& direction) {
  options.body.replace(options.body.find("sendrecv"), 8, direction);
  return options;
}
Options hold_offer() {
  return held(with_offer(), "sendonly");
}
Options hold_answer() {
  return held(with_answer(), "recvonly");
}

TEST(Relay, AnUpdateGoesAsAReinviteToAPeerThatDoesNotTakeUpdate) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  EXPECT_NE(passed.body.find("a=sendonly"), std::string::npos);

  desk.alice.respond(passed, 200, hold_answer());

  EXPECT_EQ(desk.alice.take("ACK").cseq(), passed.cseq());
  EXPECT_EQ(desk.caller.waiting(), "200 UPDATE");
  EXPECT_NE(desk.caller.take("200 UPDATE").body.find("a=recvonly"), std::string::npos);
  (void)desk.alice.in_dialog("BYE", talk.leg, Wire{});
  desk.caller.respond(desk.caller.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(Relay, TheFailureOfTheReinviteIsThatOfTheUpdate) {
  for (const int code : {488, 491}) {
    Desk desk(small_office());
    const Talk talk = desk.talk();
    (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, hold_offer());

    desk.alice.respond(desk.alice.take("INVITE"), code);

    EXPECT_EQ(desk.alice.waiting(), "ACK");
    EXPECT_EQ(desk.caller.waiting(), std::to_string(code) + " UPDATE");
    EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
    desk.caller.forget();
    (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, hold_offer());
    EXPECT_EQ(desk.alice.count("INVITE"), 1U) << "the next one goes out again";
  }
}

TEST(Relay, ByeWhileAnUpdateIsOutAsAReinviteEndsBoth) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  (void)desk.caller.in_dialog("UPDATE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");

  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok);

  EXPECT_EQ(desk.caller.waiting(), "487 UPDATE, 200 BYE");
  desk.alice.respond(passed, 200, hold_answer());
  EXPECT_EQ(desk.alice.count("ACK"), 1U);
  desk.alice.respond(desk.alice.take("BYE"), 200);
  desk.house.expect_clean_end();
}

TEST(Relay, Rfc3261_8_2_2_3_AnUnknownExtensionInsideTheDialogIs420) {
  for (const std::string method : {"INVITE", "UPDATE", "INFO"}) {
    Desk desk(small_office());
    const Talk talk = desk.talk();
    Options options = hold_offer();
    options.extra = {"Require: timer, foo"};

    (void)desk.caller.in_dialog(method, talk.invite, talk.ok, options);

    EXPECT_EQ(desk.caller.take("420 " + method).header("Unsupported"), "foo");
    EXPECT_EQ(desk.alice.waiting(), "");
    EXPECT_EQ(desk.house.engine().calls(desk.house.now()).size(), 1U);
  }
}

TEST(Relay, AByeIsServedWhateverItRequires) {
  Desk desk(small_office());
  const Talk talk = desk.talk();

  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok, with_line("Require: foo"));

  EXPECT_EQ(desk.caller.waiting(), "200 BYE");
}

TEST(Relay, Rfc3261_8_2_3_ABodyThatIsNoDescriptionIs415) {
  for (const std::string method : {"INVITE", "UPDATE"}) {
    Desk desk(small_office());
    const Talk talk = desk.talk();
    Options options;
    options.body = "hello";
    options.content_type = "text/plain";

    (void)desk.caller.in_dialog(method, talk.invite, talk.ok, options);

    EXPECT_EQ(desk.caller.take("415 " + method).header("Accept"), "application/sdp");
    EXPECT_EQ(desk.alice.waiting(), "");
  }
}

// A re-INVITE that is open when our refresh is due: the refresh comes behind it.
TEST(Relay, Rfc4028_ARefreshThatMeetsAnOpenReinviteIsTriedAgainSoon) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Supported: timer", "Require: timer", "Session-Expires: 200;refresher=uac"};
  const Talk talk = desk.talk("101", with_offer(), answer);
  desk.house.advance(Duration(95'000));
  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  const Wire passed = desk.alice.take("INVITE");
  desk.alice.respond(passed, 100);
  desk.house.advance(Duration(10'000));
  desk.alice.respond(passed, 488);
  desk.alice.forget();

  desk.house.advance(Duration(5'000));

  desk.alice.respond(desk.alice.take("INVITE"), 200, answer);
  desk.alice.forget();
  desk.house.advance(Duration(95'000));
  EXPECT_EQ(desk.alice.waiting(), "");
}

TEST(Relay, Rfc4028_ARefreshThatCannotGoOutEndsTheCallWithItsSession) {
  Desk desk(small_office());
  Options answer = with_answer();
  answer.extra = {"Supported: timer", "Require: timer", "Session-Expires: 100;refresher=uac"};
  const Talk talk = desk.talk("101", with_offer(), answer);
  desk.house.advance(Duration(45'000));
  (void)desk.caller.in_dialog("INVITE", talk.invite, talk.ok, hold_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 100);

  desk.house.advance(Duration(54'000));
  EXPECT_EQ(desk.alice.waiting(), "");
  desk.house.advance(Duration(1'500));

  EXPECT_TRUE(desk.alice.has("BYE"));
  EXPECT_TRUE(desk.caller.has("BYE"));
}

}  // namespace
}  // namespace call::testing
