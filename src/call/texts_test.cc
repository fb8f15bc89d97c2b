// SIP MESSAGE between users (RFC 3428, row S1.20), in virtual time.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "facts/text.h"
#include "model/office.h"

namespace call {
namespace {

using testing::House;
using testing::Phone;
using testing::small_office;
using testing::Wire;

constexpr base::Duration kDay{86'400'000};

testing::Options without_contact() {
  testing::Options options;
  options.contact = "-";
  return options;
}

struct Chat : ::testing::Test {
  Chat()
      : house(small_office()),
        alice(house, "192.0.2.11:5060", "101"),
        bob(house, "192.0.2.12:5060", "102") {}

  // The answer to a MESSAGE with credentials.
  Wire write(Phone& from, const std::string& to, const std::string& text,
             const std::string& type = "text/plain") {
    return from.message(to, type, text);
  }
  std::vector<std::string> gone() const {
    std::vector<std::string> why;
    for (const facts::TextGone& fact : house.facts<facts::TextGone>()) why.push_back(fact.why);
    return why;
  }

  House house;
  Phone alice, bob;
};

TEST_F(Chat, Row_S1_20_ATextGoesOnToThePhoneOfItsUser) {
  bob.register_contact();

  const Wire accepted = write(alice, "102", "Hello Bob");
  const Wire text = bob.take("MESSAGE");

  EXPECT_EQ(accepted.code, 202);
  EXPECT_EQ(text.body, "Hello Bob");
  EXPECT_EQ(text.header("Content-Type"), "text/plain");
  EXPECT_NE(text.header("From").find("<sip:101@office.example>"), std::string::npos);
  EXPECT_EQ(text.header("To"), "<sip:102@office.example>");
  EXPECT_TRUE(text.has("Date"));
  EXPECT_FALSE(text.has("Contact"));
  bob.respond(text, 200, without_contact());
  EXPECT_EQ(gone(), (std::vector<std::string>{"delivered"}));
  house.expect_clean_end();
}

TEST_F(Chat, Row_S1_20_ATextWaitsForAPhoneAndTheyComeInOrder) {
  EXPECT_EQ(write(alice, "102", "one").code, 202);
  EXPECT_EQ(write(alice, "102", "two").code, 202);
  EXPECT_FALSE(bob.has("MESSAGE"));

  bob.register_contact();
  const Wire one = bob.take("MESSAGE");
  EXPECT_EQ(one.body, "one");
  EXPECT_FALSE(bob.has("MESSAGE"));
  bob.respond(one, 200, without_contact());
  const Wire two = bob.take("MESSAGE");

  EXPECT_EQ(two.body, "two");
  bob.respond(two, 200, without_contact());
  EXPECT_EQ(gone(), (std::vector<std::string>{"delivered", "delivered"}));
}

TEST_F(Chat, IsKeptBeforeItIsAccepted) {
  house.forget_all();
  (void)write(alice, "102", "Hello");

  const auto& journal = house.journal();
  const std::string fact = "durable:" + std::to_string(facts::Fact{facts::TextKept{}}.index());
  const auto kept = std::find(journal.begin(), journal.end(), fact);
  const auto told = std::find(journal.begin(), journal.end(), "202 MESSAGE");
  ASSERT_NE(kept, journal.end());
  ASSERT_NE(told, journal.end());
  EXPECT_LT(kept, told);
}

TEST_F(Chat, ARestartForgetsNothing) {
  facts::Text text;
  text.id = "t1";
  text.to = "102";
  text.from = "101";
  text.type = "text/plain";
  text.body = "from before";
  text.at = house.now().wall;
  house.engine().restore_text(text);

  bob.register_contact();

  EXPECT_EQ(bob.take("MESSAGE").body, "from before");
}

TEST_F(Chat, EveryPhoneGetsItAndOneIsEnough) {
  Phone second(house, "192.0.2.22:5060", "102");
  bob.register_contact();
  second.register_contact();

  (void)write(alice, "102", "Hello");
  const Wire here = bob.take("MESSAGE");
  const Wire there = second.take("MESSAGE");
  bob.respond(here, 405, without_contact());
  EXPECT_TRUE(gone().empty());
  second.respond(there, 200, without_contact());

  EXPECT_EQ(gone(), (std::vector<std::string>{"delivered"}));
}

TEST_F(Chat, WhatNoPhoneTookIsTriedAgainLater) {
  bob.register_contact();
  (void)write(alice, "102", "Hello");
  bob.respond(bob.take("MESSAGE"), 480, without_contact());
  EXPECT_FALSE(bob.has("MESSAGE"));

  house.advance(base::Duration{59'000});
  EXPECT_FALSE(bob.has("MESSAGE"));
  house.advance(base::Duration{1'000});
  bob.respond(bob.take("MESSAGE"), 480, without_contact());
  house.advance(base::Duration{119'000});
  EXPECT_FALSE(bob.has("MESSAGE"));
  house.advance(base::Duration{1'000});

  EXPECT_TRUE(bob.has("MESSAGE"));
}

TEST_F(Chat, WhatNoPhoneWillEverTakeDoesNotHoldUpTheNext) {
  bob.register_contact();
  (void)write(alice, "102", "odd", "text/x-odd");
  (void)write(alice, "102", "plain");

  bob.respond(bob.take("MESSAGE"), 415, without_contact());

  EXPECT_EQ(bob.take("MESSAGE").body, "plain");
  EXPECT_EQ(gone(), (std::vector<std::string>{"refused"}));
}

TEST_F(Chat, APhoneThatDoesNotAnswerIsLeftAlone) {
  bob.register_contact();
  (void)write(alice, "102", "Hello");

  house.advance(base::Duration{32'000});  // timer F
  bob.forget();
  house.advance(base::Duration{58'000});
  EXPECT_FALSE(bob.has("MESSAGE"));
  house.advance(base::Duration{3'000});

  EXPECT_TRUE(bob.has("MESSAGE"));
}

TEST_F(Chat, IsForgottenAfterSevenDays) {
  (void)write(alice, "102", "Hello");

  house.advance(kDay * 6);
  EXPECT_TRUE(gone().empty());
  house.advance(kDay + base::Duration{1'000});

  EXPECT_EQ(gone(), (std::vector<std::string>{"expired"}));
}

TEST_F(Chat, OfAUserWhoIsGoneNothingWaits) {
  (void)write(alice, "102", "Hello");
  model::Office office = small_office();
  std::erase_if(office.users, [](const model::User& user) { return user.extension == "102"; });

  house.reconfigure(office);

  EXPECT_EQ(gone(), (std::vector<std::string>{"no_user"}));
}

TEST_F(Chat, StrangersAreChallengedAndWhatIsNoTextIsRefused) {
  Phone stranger(house, "192.0.2.66:5060", "101", "guess");
  EXPECT_EQ(stranger.message("102", "text/plain", "Hello").code, 401);
  EXPECT_EQ(write(alice, "999", "Hello").code, 404);
  EXPECT_EQ(write(alice, "102", "<isComposing/>", "application/im-iscomposing+xml").code, 415);
  EXPECT_EQ(write(alice, "102", "").code, 400);
  EXPECT_EQ(write(alice, "102", std::string(4'097, 'x')).code, 413);
  EXPECT_EQ(write(alice, "102", std::string(4'096, 'x')).code, 202);
  EXPECT_EQ(house.facts<facts::TextKept>().size(), 1U);
}

TEST_F(Chat, ASenderIsSlowedDownAndALineIsBounded) {
  int accepted = 0;
  for (int i = 0; i < 40; ++i) accepted += write(alice, "102", "x").code == 202 ? 1 : 0;
  EXPECT_EQ(accepted, 30);

  house.advance(base::Duration{2'000});
  EXPECT_EQ(write(alice, "102", "x").code, 202);
  EXPECT_EQ(write(alice, "102", "x").code, 480);
  house.advance(base::Duration{120'000});
  accepted = 0;
  for (int i = 0; i < 30; ++i) accepted += write(alice, "102", "x").code == 202 ? 1 : 0;

  EXPECT_EQ(accepted, 19);  // fifty wait
}

}  // namespace
}  // namespace call
