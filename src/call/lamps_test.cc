// Lamps (RFC 3842, RFC 6665): who may subscribe, what he is told and when, and phones that never
// ask.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/mailbox.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;
using Counts = std::map<std::string, facts::MailboxCounts>;

const std::string kEventLine = "Event: message-summary";

// 101 and 102 have mailboxes; Sales, with 101 and 103, ends in the general one, 900.
model::Office office() {
  model::Office made = small_office();
  made.users[0].mailbox.present = true;
  made.users[1].mailbox.present = true;
  made.groups.push_back(group("8001", model::Strategy::RingAll, {"101", "103"}));
  made.groups[0].finally.any = {model::DestinationKind::Mailbox, "general"};
  model::Mailbox general;
  general.name = "general";
  general.extension = "900";
  made.mailboxes.push_back(general);
  return made;
}

struct Lamps {
  House house{office()};
  Phone alice{house, "192.0.2.1:5060", "101"};
  Phone carol{house, "192.0.2.3:5060", "103"};

  void count(const Counts& counts) {
    house.messages_wait(counts);
    house.advance(Duration{1'000});
  }
};

std::string summary(const std::string& waiting, const std::string& counts) {
  return "Messages-Waiting: " + waiting +
         "\r\nMessage-Account: sip:*97@office.example\r\nVoice-Message: " + counts + " (0/0)\r\n";
}

TEST(Lamps, WhoSubscribesIsToldAtOnceAndAtEachChange) {
  Lamps lamps;

  const Wire ok = lamps.alice.subscribe("101", {kEventLine, "Expires: 600"});
  EXPECT_EQ(brief(ok), "200 SUBSCRIBE");
  EXPECT_EQ(ok.header("Expires"), "600");
  const Wire first = lamps.alice.take("NOTIFY");
  EXPECT_EQ(first.body, summary("no", "0/0"));
  EXPECT_EQ(first.header("Content-Type"), "application/simple-message-summary");
  EXPECT_EQ(first.header("Event"), "message-summary");
  EXPECT_EQ(first.header("Subscription-State"), "active;expires=600");
  EXPECT_EQ(first.parameter("To", "tag"), "s101");
  EXPECT_EQ(first.parameter("From", "tag"), ok.parameter("To", "tag"));
  lamps.alice.respond(first, 200);

  lamps.count({{"user/101", {2, 1}}});

  const Wire second = lamps.alice.take("NOTIFY");
  EXPECT_EQ(second.body, summary("yes", "2/1"));
  EXPECT_EQ(second.cseq(), first.cseq() + 1);
  lamps.alice.respond(second, 200);
  lamps.count({{"user/101", {2, 1}}});
  EXPECT_FALSE(lamps.alice.has("NOTIFY")) << "nothing changed";
}

TEST(Lamps, TheSumOfHisOwnMailboxAndOfThoseOfHisGroups) {
  Lamps lamps;
  (void)lamps.alice.subscribe("101", {kEventLine});
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);
  (void)lamps.carol.subscribe("900", {kEventLine});
  lamps.carol.respond(lamps.carol.take("NOTIFY"), 200);

  lamps.count({{"user/101", {1, 0}}, {"general/general", {2, 3}}, {"user/102", {7, 7}}});

  EXPECT_EQ(lamps.alice.take("NOTIFY").body, summary("yes", "3/3"));
  EXPECT_EQ(lamps.carol.take("NOTIFY").body, summary("yes", "2/3"));
}

TEST(Lamps, ChangesThatComeTogetherAreOneNotifyAndOneIsOnItsWayAtATime) {
  Lamps lamps;
  (void)lamps.alice.subscribe("101", {kEventLine});
  const Wire first = lamps.alice.take("NOTIFY");

  lamps.count({{"user/101", {1, 0}}});
  lamps.count({{"user/101", {2, 0}}});
  lamps.alice.forget();  // repetitions of the first
  lamps.alice.respond(first, 200);

  EXPECT_EQ(lamps.alice.take("NOTIFY").body, summary("yes", "2/0"));
  EXPECT_FALSE(lamps.alice.has("NOTIFY"));
}

TEST(Lamps, ARefreshGoesOnAndExpiresZeroIsTheLastWord) {
  Lamps lamps;
  const Wire ok = lamps.alice.subscribe("101", {kEventLine, "Expires: 600"});
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);
  lamps.house.advance(Duration{500'000});

  const Wire again = lamps.alice.subscribe("101", {kEventLine, "Expires: 600"}, &ok);
  EXPECT_EQ(brief(again), "200 SUBSCRIBE");
  EXPECT_EQ(again.header("To"), ok.header("To"));
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);
  lamps.house.advance(Duration{500'000});
  EXPECT_FALSE(lamps.alice.has("NOTIFY")) << "it still lasts";
  (void)lamps.alice.subscribe("101", {kEventLine, "Expires: 0"}, &ok);

  EXPECT_EQ(lamps.alice.take("NOTIFY").header("Subscription-State"), "terminated;reason=timeout");
  EXPECT_EQ(brief(lamps.alice.subscribe("101", {kEventLine}, &ok)), "481 SUBSCRIBE");
}

TEST(Lamps, OneThatNobodyRefreshesEndsWithAWord) {
  Lamps lamps;
  (void)lamps.alice.subscribe("101", {kEventLine, "Expires: 60"});
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);

  lamps.house.advance(Duration{60'000});

  EXPECT_EQ(lamps.alice.take("NOTIFY").header("Subscription-State"), "terminated;reason=timeout");
}

TEST(Lamps, APhoneThatKnowsItNoMoreIsNotToldAgain) {
  Lamps lamps;
  (void)lamps.alice.subscribe("101", {kEventLine});
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 481);

  lamps.count({{"user/101", {1, 0}}});

  EXPECT_FALSE(lamps.alice.has("NOTIFY"));
}

TEST(Lamps, ASubscriptionNeedsCredentialsAndIsForOnesOwnMailboxesOnly) {
  Lamps lamps;
  Phone stranger{lamps.house, "192.0.2.9:5060", "101", "wrong"};

  EXPECT_EQ(brief(stranger.subscribe("101", {kEventLine})), "401 SUBSCRIBE");
  EXPECT_EQ(brief(lamps.alice.subscribe("102", {kEventLine})), "403 SUBSCRIBE");
  EXPECT_EQ(brief(lamps.alice.subscribe("*97", {kEventLine})), "200 SUBSCRIBE");
  EXPECT_FALSE(stranger.has("NOTIFY"));
}

TEST(Lamps, WhatCannotBeServedIsRefusedBeforeAnybodyIsAsked) {
  Lamps lamps;

  const Wire event = lamps.alice.subscribe("101", {"Event: refer"});
  EXPECT_EQ(brief(event), "489 SUBSCRIBE");
  EXPECT_EQ(event.header("Allow-Events"), "message-summary, dialog, presence");
  EXPECT_EQ(brief(lamps.alice.subscribe("101", {})), "489 SUBSCRIBE");
  EXPECT_EQ(brief(lamps.alice.subscribe("101", {kEventLine, "Accept: text/plain"})),
            "406 SUBSCRIBE");
  const Wire brief_one = lamps.alice.subscribe("101", {kEventLine, "Expires: 5"});
  EXPECT_EQ(brief(brief_one), "423 SUBSCRIBE");
  EXPECT_EQ(brief_one.header("Min-Expires"), "60");
}

TEST(Lamps, APhoneThatNeverAsksIsToldByTheWayOfItsRegistration) {
  Lamps lamps;
  lamps.carol.register_contact();
  EXPECT_FALSE(lamps.carol.has("NOTIFY")) << "nothing waits";

  lamps.count({{"general/general", {1, 0}}});

  const Wire told = lamps.carol.take("NOTIFY");
  EXPECT_EQ(told.body, summary("yes", "1/0"));
  EXPECT_EQ(told.uri, "sip:103@192.0.2.3:5060");
  EXPECT_EQ(told.header("Subscription-State"), "active");
  lamps.carol.respond(told, 200);
  Phone second{lamps.house, "192.0.2.4:5060", "103"};
  second.register_contact();
  EXPECT_EQ(second.take("NOTIFY").body, summary("yes", "1/0")) << "it comes while a message waits";
}

TEST(Lamps, APhoneThatSubscribesIsNotToldTwice) {
  Lamps lamps;
  lamps.alice.register_contact();
  (void)lamps.alice.subscribe("101", {kEventLine});
  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);

  lamps.count({{"user/101", {1, 0}}});

  lamps.alice.respond(lamps.alice.take("NOTIFY"), 200);
  EXPECT_FALSE(lamps.alice.has("NOTIFY"));
}

TEST(Lamps, WhoLeavesTheGroupLosesItsLamp) {
  Lamps lamps;
  lamps.count({{"general/general", {1, 0}}});
  (void)lamps.carol.subscribe("103", {kEventLine});
  const Wire lit = lamps.carol.take("NOTIFY");
  EXPECT_EQ(lit.body, summary("yes", "1/0"));
  lamps.carol.respond(lit, 200);
  model::Office changed = office();
  changed.groups[0].members.pop_back();

  lamps.house.reconfigure(changed);
  lamps.house.advance(Duration{1'000});

  EXPECT_EQ(lamps.carol.take("NOTIFY").body, summary("no", "0/0"));
}

}  // namespace
}  // namespace call::testing
