// What strangers, guessers and floods get on the wire (reliability.md T1-T3, T6, T24, G4, G19).

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

Settings with_limits(const base::Limits& limits) {
  Settings settings;
  settings.limits = limits;
  return settings;
}

TEST(Guarding, Threat_T3_TheRightPasswordAfterTooManyWrongOnesLooksLikeAWrongOne) {
  House house(small_office());
  Phone guesser(house, "203.0.113.9:5060", "101", "wrong");
  Wire wrong;
  for (int i = 0; i < 5; ++i) wrong = guesser.try_to_register();
  Phone right(house, "203.0.113.10:5060", "101", "secret-101");

  const Wire locked = right.try_to_register();
  house.advance(Duration(31'000));
  const Wire later = right.try_to_register();

  EXPECT_EQ(locked.code, 401);
  ASSERT_EQ(locked.headers.size(), wrong.headers.size());
  for (std::size_t i = 0; i < wrong.headers.size(); ++i)
    EXPECT_EQ(locked.headers[i].first, wrong.headers[i].first);
  EXPECT_EQ(later.code, 200);
}

TEST(Guarding, Threat_T2_WrongPasswordUnknownAndLockedNamesHaveTheSameHeaders) {
  House house(small_office());
  const auto names_of = [&](const std::string& user, int tries) {
    Phone phone(house, "203.0.113.9:5060", user, "wrong");
    Wire answer;
    for (int i = 0; i < tries; ++i) answer = phone.try_to_register();
    std::vector<std::string> names{std::to_string(answer.code), answer.phrase};
    for (const auto& [name, value] : answer.headers) names.push_back(name);
    return names;
  };

  const auto known = names_of("101", 1);

  EXPECT_EQ(names_of("nobody", 1), known);
  EXPECT_EQ(names_of("102", 7), known);
  EXPECT_EQ(names_of("somebody", 7), known);
}

TEST(Guarding, Threat_T3_AfterThirtyGuessesNothingIsAnsweredUntilTheBanIsOver) {
  House house(small_office());
  Phone guesser(house, "203.0.113.9:5060", "101", "wrong");
  for (int i = 0; i < 30; ++i) (void)guesser.try_to_register();
  guesser.forget();

  (void)guesser.send_invite("102");
  house.advance(Duration(1'000));

  EXPECT_EQ(guesser.waiting(), "");
  const auto bans = house.facts<facts::BanAdded>();
  ASSERT_EQ(bans.size(), 1U);
  EXPECT_EQ(bans[0].source, "203.0.113.9");
  EXPECT_EQ(bans[0].reason, "guessed_passwords");
  ASSERT_EQ(house.engine().bans().size(), 1U);
  EXPECT_EQ(house.engine().bans()[0].dropped, 1U);
  house.advance(Duration(600'000));
  EXPECT_EQ(house.facts<facts::BanLifted>().at(0).who, "time");
  (void)guesser.send_invite("102");
  EXPECT_EQ(guesser.waiting(), "401 INVITE");
}

TEST(Guarding, ABanIsLiftedByAnAdministrator) {
  House house(small_office());
  Phone guesser(house, "203.0.113.9:5060", "101", "wrong");
  for (int i = 0; i < 30; ++i) (void)guesser.try_to_register();
  Actions out;

  const bool lifted =
      house.engine().lift_ban(guesser.flow().peer.ip, "admin@office.example", house.now(), out);

  EXPECT_TRUE(lifted);
  EXPECT_FALSE(
      house.engine().lift_ban(guesser.flow().peer.ip, "admin@office.example", house.now(), out));
  guesser.forget();
  (void)guesser.send_invite("102");
  EXPECT_EQ(guesser.waiting(), "401 INVITE");
}

TEST(Guarding, ATrustedAddressIsNeverBannedAndItsCallsGoOn) {
  Settings settings;
  settings.trusted.push_back(base::Cidr::parse("203.0.113.0/24").value_or(base::Cidr{}));
  Desk desk(small_office(), settings);
  Phone guesser(desk.house, "203.0.113.9:5060", "102", "wrong");
  for (int i = 0; i < 100; ++i) (void)guesser.try_to_register();
  Phone inside(desk.house, "203.0.113.9:5060", "500");

  (void)inside.send_invite("101", with_offer());

  EXPECT_TRUE(desk.house.engine().bans().empty());
  EXPECT_TRUE(desk.alice.has("INVITE"));
}

TEST(Guarding, ANewPasswordEndsTheLockOfItsAccount) {
  House house(small_office());
  Phone guesser(house, "203.0.113.9:5060", "101", "wrong");
  for (int i = 0; i < 5; ++i) (void)guesser.try_to_register();
  model::Office changed = house.office();
  changed.users.front().sip_password = "another";
  house.reconfigure(changed);
  Phone right(house, "203.0.113.10:5060", "101", "another");

  EXPECT_EQ(right.try_to_register().code, 200);
}

TEST(Guarding, Threat_T1_AScannerHearsNothing) {
  House house(small_office());
  Phone scanner(house, "203.0.113.9:5060", "101");

  (void)scanner.send_invite("100", with_line("User-Agent: friendly-scanner"));
  scanner.send(
      scanner.request_text("OPTIONS", "sip:100@office.example",
                           {"Via: SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bK-o",
                            "From: <sip:100@office.example>;tag=1", "To: <sip:100@office.example>",
                            "Call-ID: o", "CSeq: 1 OPTIONS", "User-Agent: SIPVicious/0.3"},
                           ""));

  EXPECT_EQ(scanner.waiting(), "");
  EXPECT_EQ(house.engine().counters().held_back, 2U);
}

TEST(Guarding, Threat_T6_AFloodOfAStrangerIsNotAnsweredAndOthersAreServed) {
  base::Limits limits;
  limits.stranger_requests = 200;
  Desk desk(small_office(), with_limits(limits));
  Phone stranger(desk.house, "203.0.113.9:5060", "101");
  for (int i = 0; i < 1'000; ++i) (void)stranger.send_invite("101");

  (void)desk.caller.invite("101", with_offer());

  EXPECT_EQ(stranger.count("401 INVITE"), 201U);
  EXPECT_TRUE(desk.alice.has("INVITE"));
  const auto told = desk.house.facts<facts::SourceHeldBack>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].source, "203.0.113.9");
}

TEST(Guarding, OneWhoIsKnownAndTooFastGets503WithRetryAfter) {
  base::Limits limits;
  limits.source_invites = 2;
  Desk desk(small_office(), with_limits(limits));
  for (int i = 0; i < 10; ++i) (void)desk.caller.send_invite("101");

  EXPECT_EQ(desk.caller.count("401 INVITE"), 3U);
  EXPECT_EQ(desk.caller.count("503 INVITE"), 7U);
  EXPECT_TRUE(desk.caller.take("503 INVITE").has("Retry-After"));
}

TEST(Guarding, Threat_T24_AnEmergencyCallPassesEveryLimit) {
  base::Limits limits;
  limits.source_invites = 1;
  limits.user_calls = 1;
  limits.calls = 1;
  Desk desk(small_office(), with_limits(limits));
  (void)desk.talk();
  desk.house.engine().set_behind(true);
  desk.caller.forget();

  (void)desk.caller.invite("112", with_offer());

  EXPECT_FALSE(desk.caller.has("503 INVITE"));
  EXPECT_FALSE(desk.caller.has("403 INVITE")) << desk.caller.waiting();
}

TEST(Guarding, CallsThatTheOfficeOrdersCountLikeAllOthers) {
  base::Limits limits;
  limits.calls = 1;
  model::Office office = small_office();
  office.users[0].id = "alice";
  Desk desk(office, with_limits(limits));
  (void)desk.talk();

  Actions out;
  const CallOrdered ordered = desk.house.engine().originate(desk.house.office().users.at(0).id,
                                                            "102", desk.house.now(), out);

  EXPECT_EQ(ordered.outcome, OrderOutcome::TooMany);
}

TEST(Guarding, CallsAUserAndCallsASourceAreBounded) {
  base::Limits limits;
  limits.user_calls = 2;
  limits.source_calls = 3;
  Desk desk(small_office(), with_limits(limits));
  Phone other(desk.house, desk.caller.peer(), "104", "secret-104");
  (void)desk.caller.invite("101", with_offer());
  const Wire second = desk.caller.invite("101", with_offer());
  desk.caller.forget();

  (void)desk.caller.invite("101", with_offer());
  EXPECT_EQ(desk.caller.count("403 INVITE"), 1U) << desk.caller.waiting();
  (void)other.invite("101", with_offer());
  EXPECT_EQ(other.count("503 INVITE"), 0U) << other.waiting();
  (void)other.invite("101", with_offer());
  EXPECT_EQ(other.count("503 INVITE"), 1U) << other.waiting();
  desk.caller.cancel(second);
  desk.house.advance(Duration(40'000));
  desk.caller.forget();
  (void)desk.caller.invite("101", with_offer());

  EXPECT_EQ(desk.caller.count("403 INVITE"), 0U) << desk.caller.waiting();
}

TEST(Guarding, Goal_G4_BehindWithItsWorkItPutsOffTheNewAndServesWhatRuns) {
  Desk desk(small_office());
  const Talk talk = desk.talk();
  const Wire ringing = desk.caller.invite("102", with_offer());
  (void)desk.bob.take("INVITE");
  Phone fresh(desk.house, "203.0.113.9:5060", "104", "secret-104");
  desk.caller.forget();

  desk.house.engine().set_behind(true);
  (void)desk.caller.invite("103", with_offer());
  fresh.send(fresh.request_text(
      "REGISTER", "sip:office.example",
      {"Via: SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bK-r", "From: <sip:104@office.example>;tag=1",
       "To: <sip:104@office.example>", "Call-ID: r", "CSeq: 1 REGISTER"},
      ""));

  EXPECT_TRUE(fresh.take("503 REGISTER").has("Retry-After"));
  EXPECT_EQ(desk.caller.count("503 INVITE"), 1U) << desk.caller.waiting();
  EXPECT_TRUE(desk.caller.take("503 INVITE").has("Retry-After"));
  EXPECT_EQ(desk.house.engine().counters().put_off, 2U);
  desk.caller.cancel(ringing);
  EXPECT_TRUE(desk.caller.has("200 CANCEL"));
  (void)desk.caller.in_dialog("BYE", talk.invite, talk.ok);
  EXPECT_TRUE(desk.caller.has("200 BYE"));
  desk.alice.register_contact();
  desk.house.engine().set_behind(false);
  desk.caller.forget();
  (void)desk.caller.invite("103", with_offer());
  EXPECT_EQ(desk.caller.count("503 INVITE"), 0U) << desk.caller.waiting();
}

TEST(Guarding, LoweredLimitsOfMessagesAndDescriptionsHold) {
  base::Limits limits;
  limits.header_lines = 20;
  limits.sdp_media = 1;
  Desk desk(small_office(), with_limits(limits));
  Options many = with_offer();
  for (int i = 0; i < 30; ++i) many.extra.push_back("X-Filler: " + std::to_string(i));
  Options two_media = with_offer();
  two_media.body += "m=video 40002 RTP/AVP 96\r\n";

  (void)desk.caller.send_invite("101", many);
  (void)desk.caller.send_invite("101", two_media);

  EXPECT_EQ(desk.caller.waiting(), "413 INVITE, 488 INVITE");
}

TEST(Guarding, LimitsOfRegistrationsAreCarriedOut) {
  base::Limits limits;
  limits.bindings_per_aor = 1;
  limits.expires_min = 10;
  limits.expires_max = 100;
  limits.expires_default = 50;
  House house(small_office(), with_limits(limits));
  Phone first(house, "192.0.2.101:5060", "101", "secret-101");
  Phone second(house, "192.0.2.201:5060", "101", "secret-101");

  EXPECT_EQ(first.try_to_register("", 9).code, 423);
  const Wire long_one = first.try_to_register("", 3'600);
  EXPECT_EQ(long_one.code, 200);
  EXPECT_NE(long_one.header("Contact").find("expires=100"), std::string::npos);
  EXPECT_EQ(second.try_to_register().code, 403);
}

}  // namespace
}  // namespace call::testing
