// Lamps of calls and switches (RFC 4235, RFC 6665, RFC 3863): golden documents, versions, who is
// told what and when.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/engine.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

const std::string kDialog = "Event: dialog";

std::string document(int version, const std::string& state, const std::string& entity,
                     const std::string& dialogs) {
  return "<?xml version=\"1.0\"?>\r\n"
         "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"" +
         std::to_string(version) + "\" state=\"" + state + "\" entity=\"sip:" + entity +
         "@office.example\">\r\n" + dialogs + "</dialog-info>\r\n";
}

std::string party(const std::string& who, const std::string& display, const std::string& number) {
  const std::string uri = "sip:" + number + "@office.example";
  const std::string name = display.empty() ? "" : " display=\"" + display + "\"";
  return "<" + who + "><identity" + name + ">" + uri + "</identity><target uri=\"" + uri +
         "\"/></" + who + ">\r\n";
}

const std::string kIdle = "<dialog id=\"idle\">\r\n<state>terminated</state>\r\n</dialog>\r\n";
const std::string kOn = "<dialog id=\"switch\">\r\n<state>confirmed</state>\r\n</dialog>\r\n";
const std::string kOff = "<dialog id=\"switch\">\r\n<state>terminated</state>\r\n</dialog>\r\n";

// 8001 rings 101 and 102; 103 watches; 105 calls.
struct Watch {
  explicit Watch(const model::Office& office = office_with(model::Strategy::RingAll,
                                                           {"101", "102"}))
      : desk(office) {}

  Wire subscribe(Phone& phone, const std::string& number, const std::string& event = kDialog) {
    const Wire ok = phone.subscribe(number, {event, "Expires: 600"});
    EXPECT_EQ(brief(ok), "200 SUBSCRIBE");
    return ok;
  }
  // The last of the NOTIFYs that come, all answered.
  std::string told(Phone& phone) {
    std::string last;
    desk.house.advance(Duration{200});
    while (phone.has("NOTIFY")) {
      const Wire notify = phone.take("NOTIFY");
      phone.respond(notify, 200);
      last = notify.body;
      desk.house.advance(Duration{200});
    }
    return last;
  }
  std::string call_id() {
    const auto calls = desk.house.engine().calls(desk.house.now());
    return calls.empty() ? std::string() : calls[0].record.id;
  }

  Desk desk;
};

TEST(Watching, Rfc4235_AGroupsLampShowsTheCallWithTheNamesOfALegThatRings) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  watch.subscribe(carol, "8001");
  EXPECT_EQ(watch.told(carol), document(0, "full", "8001", kIdle));

  const Wire invite = watch.desk.caller.invite("8001", with_offer());
  const Wire alice = watch.desk.alice.take("INVITE");
  watch.desk.alice.respond(alice, 180);

  const std::string names = "<dialog id=\"" + watch.call_id() + "\" call-id=\"" +
                            alice.header("Call-ID") + "\" local-tag=\"t101\" remote-tag=\"" +
                            alice.parameter("From", "tag") + "\" direction=\"recipient\">\r\n";
  const std::string parties = party("local", "", "8001") + party("remote", "User 105", "105");
  EXPECT_EQ(watch.told(carol),
            document(2, "partial", "8001",
                     names + "<state>early</state>\r\n" + parties + "</dialog>\r\n"));
  watch.desk.alice.respond(alice, 200, with_answer());
  EXPECT_EQ(watch.told(carol),
            document(3, "partial", "8001",
                     names + "<state>terminated</state>\r\n" + parties + "</dialog>\r\n"))
      << "it rings no more: a group is never confirmed";
}

TEST(Watching, Rfc4235_AUsersLampFollowsHisCallFromBothSides) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  watch.subscribe(carol, "101");
  (void)watch.told(carol);
  Phone second{watch.desk.house, "192.0.2.113:5060", "103"};
  watch.subscribe(second, "105");
  (void)watch.told(second);

  const Talk talk = [&] {
    Talk made;
    made.invite = watch.desk.caller.invite("101", with_offer());
    made.leg = watch.desk.alice.take("INVITE");
    watch.desk.alice.respond(made.leg, 180);
    EXPECT_NE(watch.told(carol).find("<state>early</state>"), std::string::npos);
    watch.desk.alice.respond(made.leg, 200, with_answer());
    made.ok = watch.desk.caller.take("200 INVITE");
    watch.desk.caller.ack(made.invite, made.ok);
    return made;
  }();
  const std::string confirmed = watch.told(carol);
  EXPECT_NE(confirmed.find("<state>confirmed</state>"), std::string::npos);
  EXPECT_NE(confirmed.find("direction=\"recipient\""), std::string::npos);
  const std::string last = watch.told(second);
  EXPECT_NE(last.find("direction=\"initiator\""), std::string::npos);
  EXPECT_NE(last.find("call-id=\"" + talk.invite.header("Call-ID")), std::string::npos);
  watch.desk.caller.in_dialog("BYE", talk.invite, talk.ok);
  EXPECT_NE(watch.told(carol).find("<state>terminated</state>"), std::string::npos);
}

TEST(Watching, AMemberWhoWatchesHisGroupGetsTheNamesOfHisOwnLeg) {
  Watch watch;
  watch.subscribe(watch.desk.bob, "8001");
  (void)watch.told(watch.desk.bob);

  (void)watch.desk.caller.invite("8001", with_offer());
  watch.desk.alice.respond(watch.desk.alice.take("INVITE"), 180);
  const Wire own = watch.desk.bob.take("INVITE");
  watch.desk.bob.respond(own, 180);

  EXPECT_NE(watch.told(watch.desk.bob).find("call-id=\"" + own.header("Call-ID") + "\""),
            std::string::npos);
}

TEST(Watching, ARefreshIsTheFullStateAndTheVersionsGoOn) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  const Wire ok = watch.subscribe(carol, "8001");
  EXPECT_EQ(watch.told(carol), document(0, "full", "8001", kIdle));

  (void)carol.subscribe("8001", {kDialog, "Expires: 600"}, &ok);
  EXPECT_EQ(watch.told(carol), document(1, "full", "8001", kIdle));
  (void)carol.subscribe("8001", {kDialog, "Expires: 0"}, &ok);

  const Wire last = carol.take("NOTIFY");
  EXPECT_EQ(last.header("Subscription-State"), "terminated;reason=timeout");
  EXPECT_EQ(last.header("Content-Type"), "application/dialog-info+xml");
  EXPECT_EQ(last.body, document(2, "full", "8001", kIdle));
}

TEST(Watching, ChangesAreNotToldFasterThanFiveASecondButTheLastOneIs) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  watch.subscribe(carol, "8001");
  carol.respond(carol.take("NOTIFY"), 200);

  const Wire invite = watch.desk.caller.invite("8001", with_offer());
  watch.desk.alice.respond(watch.desk.alice.take("INVITE"), 180);
  watch.desk.caller.cancel(invite);
  EXPECT_FALSE(carol.has("NOTIFY"));
  watch.desk.house.advance(Duration{200});

  EXPECT_FALSE(carol.has("NOTIFY")) << "it came and went: there is no news";
  (void)watch.desk.caller.invite("8001", with_offer());
  EXPECT_TRUE(carol.has("NOTIFY"));
}

TEST(Watching, AHiddenCallerIsNotNamedButMayBePickedUp) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  watch.subscribe(carol, "8001");
  (void)watch.told(carol);

  Options hidden = with_offer();
  hidden.extra = {"Privacy: id"};
  (void)watch.desk.caller.invite("8001", hidden);
  watch.desk.alice.respond(watch.desk.alice.take("INVITE"), 180);

  const std::string body = watch.told(carol);
  EXPECT_EQ(body.find("<remote>"), std::string::npos);
  EXPECT_NE(body.find("local-tag=\"t101\""), std::string::npos);
}

TEST(Watching, FlagsLoginsAndOtherSwitchesHaveLampsBehindTheirCodes) {
  model::Office office = office_with(model::Strategy::RingAll, {"101", "102"});
  model::Flag night;
  night.name = "night";
  night.code = "*30";
  office.flags = {night};
  Watch watch{office};
  Phone& bob = watch.desk.bob;
  Phone keys[]{{watch.desk.house, "192.0.2.121:5060", "102"},
               {watch.desk.house, "192.0.2.122:5060", "102"},
               {watch.desk.house, "192.0.2.123:5060", "102"}};
  watch.subscribe(bob, "*30");
  EXPECT_EQ(watch.told(bob), document(0, "full", "*30", kIdle));
  watch.subscribe(keys[0], "*458001");
  EXPECT_EQ(watch.told(keys[0]), document(0, "full", "*458001", kOn));
  watch.subscribe(keys[1], "*76");
  EXPECT_EQ(watch.told(keys[1]), document(0, "full", "*76", kIdle));
  watch.subscribe(keys[2], "*758001");
  EXPECT_EQ(watch.told(keys[2]), document(0, "full", "*758001", kIdle));

  office.flags[0].on = true;
  office.groups[0].members[1].logged_in = false;
  office.users[1].do_not_disturb = true;
  office.groups[0].forward.to = "103";
  watch.desk.house.reconfigure(office);

  EXPECT_EQ(watch.told(bob), document(1, "partial", "*30", kOn));
  EXPECT_EQ(watch.told(keys[0]), document(1, "partial", "*458001", kOff));
  EXPECT_EQ(watch.told(keys[1]), document(1, "partial", "*76", kOn));
  EXPECT_EQ(watch.told(keys[2]), document(1, "partial", "*758001", kOn));
  EXPECT_EQ(watch.desk.house.facts<facts::FlagChanged>().size(), 1U);
}

TEST(Watching, AFlagThatItsHoursSwitchIsToldAtThatMinute) {
  model::Office office = office_with(model::Strategy::RingAll, {"101"});
  model::Schedule always;
  always.name = "business";
  always.open = {"00:00-24:00"};
  model::Flag day;
  day.name = "day";
  day.code = "*31";
  day.schedule = "business";
  // Switched off by hand for one more minute.
  day.off_until = base::WallTime{1'790'000'000'000 + 60'000};
  office.schedules = {always};
  office.flags = {day};
  Watch watch{office};
  watch.subscribe(watch.desk.carol, "*31");
  EXPECT_EQ(watch.told(watch.desk.carol), document(0, "full", "*31", kIdle));

  watch.desk.house.advance(Duration{60'000});

  EXPECT_EQ(watch.told(watch.desk.carol), document(1, "partial", "*31", kOn));
  ASSERT_EQ(watch.desk.house.facts<facts::FlagChanged>().size(), 1U);
  EXPECT_TRUE(watch.desk.house.facts<facts::FlagChanged>()[0].on);
}

TEST(Watching, Rfc3863_PresenceIsOpenWithAPhoneAndBusyInACall) {
  Watch watch;
  Phone& carol = watch.desk.carol;
  watch.subscribe(carol, "104", "Event: presence");
  const std::string away = watch.told(carol);
  EXPECT_NE(away.find("<basic>closed</basic>"), std::string::npos);
  EXPECT_NE(away.find("entity=\"sip:104@office.example\""), std::string::npos);

  Phone dave{watch.desk.house, "192.0.2.104:5060", "104", "secret-104"};
  dave.register_contact();
  EXPECT_NE(watch.told(carol).find("<basic>open</basic>"), std::string::npos);
  (void)dave.invite("101", with_offer());

  EXPECT_NE(watch.told(carol).find("<rpid:on-the-phone/>"), std::string::npos);
}

TEST(Watching, WhatCannotBeWatchedIsRefused) {
  Watch watch;
  Phone stranger{watch.desk.house, "192.0.2.9:5060", "101", "wrong"};

  EXPECT_EQ(brief(stranger.subscribe("8001", {kDialog})), "401 SUBSCRIBE");
  EXPECT_EQ(brief(watch.desk.carol.subscribe("199", {kDialog})), "404 SUBSCRIBE");
  EXPECT_EQ(brief(watch.desk.carol.subscribe("8001", {"Event: presence"})), "404 SUBSCRIBE");
  EXPECT_EQ(brief(watch.desk.carol.subscribe("8001", {kDialog, "Accept: text/plain"})),
            "406 SUBSCRIBE");
}

TEST(Watching, APickupCodeOnTheKeyWatchesWhatStandsBehindIt) {
  Watch watch;
  watch.subscribe(watch.desk.carol, "**8001");
  EXPECT_EQ(watch.told(watch.desk.carol), document(0, "full", "**8001", kIdle));

  (void)watch.desk.caller.invite("8001", with_offer());
  watch.desk.alice.respond(watch.desk.alice.take("INVITE"), 180);

  EXPECT_NE(watch.told(watch.desk.carol).find("<state>early</state>"), std::string::npos);
}

}  // namespace
}  // namespace call::testing
