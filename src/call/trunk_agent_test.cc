// Our registration at a trunk (RFC 3261 sections 10.2 and 22.2).

#include <string>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "call/testing/harness.h"
#include "facts/fact.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

model::Office with_registering_trunk() {
  model::Office office = small_office();
  model::Trunk& trunk = office.trunks.emplace_back();
  trunk.name = "carrier";
  trunk.uri = "sip:203.0.113.1:5070";
  trunk.username = "account";
  trunk.password = "secret";
  trunk.register_ = true;
  return office;
}

// The house has sent its first REGISTER.
struct Carrier {
  Carrier() { house.advance(Duration(1)); }
  House house{with_registering_trunk()};
  Phone phone{house, "203.0.113.1:5070", "carrier"};
};

Options granting(const std::string& contacts) {
  Options options;
  options.contact = contacts;
  return options;
}

TEST(TrunkAgent, Rfc3261_10_2_OneCallIdRisingNumbersAndAUriWithoutAUser) {
  Carrier carrier;
  const Wire first = carrier.phone.take("REGISTER");

  carrier.phone.respond(
      first, 401, with_line("WWW-Authenticate: Digest realm=\"c\", nonce=\"n\", qop=\"auth\""));

  const Wire second = carrier.phone.take("REGISTER");
  EXPECT_EQ(second.header("Call-ID"), first.header("Call-ID"));
  EXPECT_EQ(second.cseq(), first.cseq() + 1);
  EXPECT_EQ(second.uri.find('@'), std::string::npos);
  EXPECT_EQ(carrier.phone.waiting(), "");
  carrier.house.advance(Duration(400));
  EXPECT_EQ(carrier.phone.count("REGISTER"), 0U) << "the last one is not answered yet";
}

TEST(TrunkAgent, RegistersWithDigestAndAgainInTime) {
  Carrier carrier;
  carrier.phone.respond(
      carrier.phone.take("REGISTER"), 401,
      with_line("WWW-Authenticate: Digest realm=\"c\", nonce=\"n\", qop=\"auth\""));
  const Wire second = carrier.phone.take("REGISTER");
  EXPECT_NE(second.header("Authorization"), "");
  carrier.phone.respond(second, 200, granting(second.header("Contact") + ";expires=600"));
  ASSERT_EQ(carrier.house.facts<facts::TrunkChanged>().size(), 1U);
  EXPECT_TRUE(carrier.house.facts<facts::TrunkChanged>().back().up);

  carrier.house.advance(Duration(299'000));
  EXPECT_EQ(carrier.phone.count("REGISTER"), 0U);
  carrier.house.advance(Duration(1'000));

  EXPECT_EQ(carrier.phone.count("REGISTER"), 1U);
}

TEST(TrunkAgent, TheTimeOfOurOwnContactCountsNotThatOfAnother) {
  Carrier carrier;
  const Wire asked = carrier.phone.take("REGISTER");
  carrier.phone.respond(asked, 200,
                        granting("<sip:account@192.0.2.77>;expires=3600, " +
                                 asked.header("Contact") + ";expires=120"));

  carrier.house.advance(Duration(60'000));

  EXPECT_EQ(carrier.phone.count("REGISTER"), 1U);
}

TEST(TrunkAgent, A423IsFollowedAtOnceWithTheTimeThatTheRegistrarWants) {
  Carrier carrier;
  const Wire asked = carrier.phone.take("REGISTER");
  EXPECT_EQ(asked.header("Expires"), "600");

  carrier.phone.respond(asked, 423, with_line("Min-Expires: 1800"));

  const Wire again = carrier.phone.take("REGISTER");
  EXPECT_EQ(again.header("Expires"), "1800");
  carrier.phone.respond(again, 200);
  carrier.house.advance(Duration(899'000));
  EXPECT_EQ(carrier.phone.count("REGISTER"), 0U);
  carrier.house.advance(Duration(1'000));
  EXPECT_EQ(carrier.phone.count("REGISTER"), 1U);
}

TEST(TrunkAgent, A423ThatAsksForNothingNewIsARefusal) {
  Carrier carrier;
  carrier.phone.respond(carrier.phone.take("REGISTER"), 423, with_line("Min-Expires: 60"));

  EXPECT_EQ(carrier.phone.has("REGISTER"), false);
  ASSERT_EQ(carrier.house.facts<facts::TrunkChanged>().size(), 1U);
  EXPECT_EQ(carrier.house.facts<facts::TrunkChanged>()[0].why, "refused_423");
}

// A trunk that registers and is known by a name; the name has not been looked up for a while.
struct NamedCarrier {
  NamedCarrier() {
    house.zone["old.example"] = {{base::Transport::Udp, *base::Address::parse("203.0.113.1:5070")}};
    house.zone["new.example"] = {{base::Transport::Udp, *base::Address::parse("203.0.113.2:5070")}};
    office.trunks[0].uri = "sip:old.example";
    house.reconfigure(office);
    house.advance(Duration(1));
    old_one.respond(old_one.take("REGISTER"), 200);
    house.advance(Duration(120'000));
  }
  model::Office office = with_registering_trunk();
  House house{small_office()};
  Phone old_one{house, "203.0.113.1:5070", "carrier"};
  Phone new_one{house, "203.0.113.2:5070", "carrier"};
};

TEST(TrunkAgent, OneThatWasRemovedTakesItsRegistrationBackAndRegistersNoMore) {
  NamedCarrier carrier;

  carrier.house.reconfigure(small_office());

  const Wire farewell = carrier.old_one.take("REGISTER");
  EXPECT_EQ(farewell.header("Expires"), "0");
  carrier.old_one.respond(farewell, 200);
  carrier.house.advance(Duration(600'000));
  EXPECT_EQ(carrier.old_one.count("REGISTER"), 0U);
}

TEST(TrunkAgent, OneThatMovedToAnotherNameRegistersThere) {
  NamedCarrier carrier;

  carrier.office.trunks[0].uri = "sip:new.example";
  carrier.house.reconfigure(carrier.office);

  const Wire farewell = carrier.old_one.take("REGISTER");
  EXPECT_EQ(farewell.header("Expires"), "0");
  carrier.old_one.respond(farewell, 200);
  carrier.house.advance(Duration(1'000));
  EXPECT_EQ(carrier.old_one.count("REGISTER"), 0U);
  EXPECT_EQ(carrier.new_one.take("REGISTER").header("Expires"), "600");
}

// The answer about the name before comes when the trunk has another one.
TEST(TrunkAgent, WhatIsFoundOutAboutAFormerNameIsNotUsed) {
  House house(small_office());
  Phone old_one{house, "203.0.113.1:5070", "carrier"};
  house.zone["old.example"] = {{base::Transport::Udp, *base::Address::parse("203.0.113.1:5070")}};
  house.holds_look_ups = true;
  model::Office office = with_registering_trunk();
  office.trunks[0].uri = "sip:old.example";
  house.reconfigure(office);
  house.advance(Duration(1));

  office.trunks[0].uri = "sip:new.example";
  house.reconfigure(office);
  house.answer_look_ups();
  house.advance(Duration(1'000));

  EXPECT_EQ(old_one.count("REGISTER"), 0U);
}

}  // namespace
}  // namespace call::testing
