#include "model/routing.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/testing/offices.h"

namespace model {
namespace {

using testing::snapshot_of;

constexpr std::string_view kOffice = R"({
  tenant: office.example, country: PL,
  users: [
    {extension: "101", name: Alice, aliases: [alice], sip: {username: alice-sip, password: a},
      devices: [{id: desk, username: "101-desk", password: d}]},
    {extension: "102", name: Bob, mailbox: {}},
    {extension: "103", name: Carol, permissions: {external: false}},
    {extension: "104", name: Away, enabled: false}],
  groups: [
    {name: Sales, extensions: ["8001", "8002"], numbers: ["+48 58 762 24 47"], members: ["101"],
      finally: {user: "102"}},
    {name: Closed, extensions: ["8003"], enabled: false, members: ["101"],
      finally: {group: Sales}},
    {name: Quiet, extensions: ["8004"], enabled: false, members: ["101"]}],
  queues: [{name: Support, extension: "600", members: ["101"]}],
  numbers: [{number: "+48587622000", to: {group: Sales}},
    {number: "+48587622001", to: {hangup: true}}],
  trunks: [{name: carrier, uri: "sip:192.0.2.1:5070", numbers: ["+48587622447"],
      allow_from: [198.51.100.0/24], register: true, username: u}]})";

Query from_user(std::string dialled, std::string user = "101") {
  Query query;
  query.dialled = std::move(dialled);
  query.caller = CallerKind::User;
  query.user_id = std::move(user);
  query.number = query.user_id;
  return query;
}

Query from(CallerKind caller, std::string dialled) {
  Query query;
  query.dialled = std::move(dialled);
  query.caller = caller;
  return query;
}

// Routes a call of 109 to 101, who is as `user` says, in an office that has what `more` says.
Route to_user(const std::string& user, const std::string& more = "", Query query = {}) {
  const auto snapshot = snapshot_of("{tenant: x.example, users: [{extension: \"101\", " + user +
                                    "}, {extension: \"102\"}]" + more + "}");
  query.dialled = "101";
  if (query.caller == CallerKind::Stranger) query.caller = CallerKind::Trusted;
  return route(*snapshot, query);
}

const Step kNoSuchNumber = Refuse{404, 1, "unknown_number"};

TEST(Routing, Row_S0_12_AnyOfItsNumbersLeadsToAGroup) {
  const auto snapshot = snapshot_of(kOffice);

  for (const char* number : {"8001", "8002", "+48587622447", "48587622447", "0048587622447",
                             "587622447", "58 762 24 47", "+48587622000"})
    EXPECT_EQ(route(*snapshot, from_user(number)).step, (Step{RingGroup{"sales"}})) << number;
}

TEST(Routing, Row_S2_7_AGroupServesPublicAndInternalNumbers) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "+48587622447")).step,
            (Step{RingGroup{"sales"}}));
  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "8001")).step, (Step{RingGroup{"sales"}}));
}

TEST(Routing, Row_S1_1_AGroupHasSeveralNumbersAndNoDevice) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(snapshot->group_named("8002")->name, "Sales");
  EXPECT_EQ(snapshot->account("8001").has_value(), false);
}

TEST(Routing, FindsAUserByExtensionAliasUsernameAndName) {
  const auto snapshot = snapshot_of(kOffice);
  const Step alice = RingUser{"101", base::Duration{30'000}, false};

  for (const char* name : {"101", "alice", "ALICE", "alice-sip", "Alice"})
    EXPECT_EQ(route(*snapshot, from_user(name, "102")).step, alice) << name;
}

TEST(Routing, UnknownNumberIs404WithOne) {
  const auto snapshot = snapshot_of(kOffice);

  for (const char* number : {"999", "nobody", "", "*123456", "10 1x"})
    EXPECT_EQ(route(*snapshot, from_user(number)).step, kNoSuchNumber) << number;
  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "+48999999999")).step, kNoSuchNumber);
}

TEST(Routing, ExternalNumbersGoThroughATrunkWithTheCallersRight) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(route(*snapshot, from_user("+14155550101")).step,
            (Step{DialOut{"+14155550101", {"carrier"}, "101"}}));
  EXPECT_EQ(route(*snapshot, from_user("603123456")).step,
            (Step{DialOut{"+48603123456", {"carrier"}, "101"}}));
  EXPECT_EQ(route(*snapshot, from_user("+14155550101", "103")).step,
            (Step{Refuse{403, 21, "not_permitted"}}));
}

TEST(Routing, CallersFromOutsideNeverReachATrunk) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(route(*snapshot, from(CallerKind::Trusted, "+14155550101")).step,
            (Step{Refuse{403, 21, "not_permitted"}}));
  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "+14155550101")).step, kNoSuchNumber);
  EXPECT_EQ(route(*snapshot, from(CallerKind::Stranger, "101")).step,
            (Step{Refuse{403, 21, "not_permitted"}}));
}

TEST(Routing, EmergencyNumbersNeedNoRight) {
  const auto snapshot = snapshot_of(kOffice);
  Query query = from_user("112", "103");
  query.emergency = true;

  EXPECT_EQ(route(*snapshot, query).step, (Step{DialOut{"112", {"carrier"}, "103"}}));
  query.caller = CallerKind::Trunk;
  EXPECT_EQ(route(*snapshot, query).step, kNoSuchNumber);
}

TEST(Routing, ServicesOfLaterReleasesAreNamed) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(route(*snapshot, from_user("600")).step,
            (Step{Serve{DestinationKind::Queue, "support"}}));
  EXPECT_EQ(route(*snapshot, from_user("*66")).step,
            (Step{Serve{DestinationKind::None, "redial"}}));
  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "*66")).step, kNoSuchNumber);
}

TEST(Routing, MailboxCodesLeadToListeningAndStar99StraightIntoAMailbox) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", mailbox: {}}, {extension: \"102\"}], "
      "mailboxes: [{name: general, extension: \"900\"}]}");
  const auto step = [&](const char* dialled, const char* caller = "101") {
    return route(*snapshot, from_user(dialled, caller)).step;
  };

  EXPECT_EQ(step("*97"), (Step{Serve{DestinationKind::None, "mailbox"}}));
  EXPECT_EQ(step("*97", "102"), kNoSuchNumber) << "he has none";
  EXPECT_EQ(step("*98", "102"), (Step{Serve{DestinationKind::None, "mailbox_any"}}));
  EXPECT_EQ(step("*99101", "102"), (Step{Serve{DestinationKind::Mailbox, "101"}}));
  EXPECT_EQ(step("*99900"), (Step{Serve{DestinationKind::Mailbox, "general"}}));
  EXPECT_EQ(step("*99102"), kNoSuchNumber);
  EXPECT_TRUE(is_built(Serve{DestinationKind::None, "mailbox"}));
  EXPECT_FALSE(is_built(Serve{DestinationKind::None, "attended_transfer"}));
}

TEST(Routing, AMailboxIsFoundByEveryNameAndKeepsItsKey) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", name: Alice, aliases: [al], mailbox: {pin: "
      "\"1234\"}}, {extension: \"102\"}], mailboxes: [{name: general, extension: \"900\", "
      "pin: \"0000\"}]}");

  for (const char* name : {"101", "alice", "al"}) {
    const auto box = snapshot->mailbox_at(name);
    ASSERT_TRUE(box.has_value()) << name;
    EXPECT_EQ(box->key() + " " + box->name() + " " + box->pin(), "user/101 101 1234");
  }
  for (const char* name : {"900", "General"}) {
    const auto box = snapshot->mailbox_at(name);
    ASSERT_TRUE(box.has_value()) << name;
    EXPECT_EQ(box->key() + " " + box->name() + " " + box->pin(), "general/general general 0000");
  }
  EXPECT_FALSE(snapshot->mailbox_at("102").has_value());
}

TEST(Routing, ALampIsForOnesOwnMailboxAndForThoseOfOnesGroups) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", mailbox: {}}, {extension: \"102\"}, {extension: "
      "\"103\"}], mailboxes: [{name: general}, {name: night}], groups: [{name: A, members: "
      "[\"101\", {group: B}], finally: {no_answer: {mailbox: general}, busy: {mailbox: general}}, "
      "flags: [{flag: all_logged_out, to: {mailbox: night}}]}, {name: B, members: [\"102\"]}]}");
  using Names = std::vector<std::string>;

  EXPECT_EQ(snapshot->lamps_of("101"), (Names{"user/101", "general/general", "general/night"}));
  EXPECT_EQ(snapshot->lamps_of("102"), (Names{"general/general", "general/night"}));
  EXPECT_EQ(snapshot->lamps_of("103"), Names{});
  EXPECT_EQ(snapshot->lit_by("general/general"), (Names{"101", "102"}));
}

TEST(Routing, TheLongestCodeWins) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\"}], feature_codes: {pickup: \"*8\", "
      "pickup_any: \"*81\"}}");

  EXPECT_EQ(snapshot->what_is("*81"), (Dialled{DialledCode{"pickup_any", ""}}));
  EXPECT_EQ(snapshot->what_is("*82"), (Dialled{DialledCode{"pickup", "2"}}));
}

TEST(Routing, Rule_8_ADisabledGroupGoesToItsEndForNobodyReachable) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(route(*snapshot, from_user("8003")).step, (Step{RingGroup{"sales"}}));
  EXPECT_EQ(route(*snapshot, from_user("8004")).step, (Step{Refuse{480, 20, "disabled"}}));
}

TEST(Routing, Row_S1_18_TheFirstFlagThatIsOnSendsTheCallAway) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\"}, {extension: \"102\"}, {extension: \"103\"}],"
      " schedules: [{name: hours, open: [\"Mo-Fr 08:00-16:00\"]}],"
      " flags: [{name: night, schedule: hours}, {name: party}],"
      " groups: [{name: G, extensions: [\"8\"], members: [\"101\"],"
      " flags: [{flag: night, to: {user: \"102\"}}, {flag: party, to: {user: \"103\"}}]}]}");
  Query query = from_user("8");
  query.at = time_from("2026-03-02T12:00:00Z").value_or(base::WallTime{});

  const Route by_schedule = route(*snapshot, query);
  query.flags = {{"night", false}, {"party", true}};
  const Route by_hand = route(*snapshot, query);
  query.flags = {{"night", false}};
  const Route none = route(*snapshot, query);

  EXPECT_EQ(by_schedule.step, (Step{RingUser{"102", base::Duration{30'000}, false}}));
  EXPECT_EQ(by_schedule.redirected, true);
  EXPECT_EQ(by_schedule.decisions.at(0),
            (Decision{"flag night sends the call away",
                      "schedule hours is open (Mo-Fr 08:00-16:00)", "groups/g/flags"}));
  EXPECT_EQ(by_hand.step, (Step{RingUser{"103", base::Duration{30'000}, false}}));
  EXPECT_EQ(none.step, (Step{RingGroup{"g"}}));
}

TEST(Routing, Row_S1_18_AllLoggedOutIsAFlagThatIsAlwaysThere) {
  const auto routed = [](const std::string& members) {
    return route(*snapshot_of("{tenant: x, users: [{extension: \"101\"}, {extension: \"102\"}],"
                              " groups: [{name: G, extensions: [\"8\"], members: [" +
                              members + "], flags: [{flag: all_logged_out, to: {busy: true}}]}]}"),
                 from_user("8"))
        .step;
  };

  EXPECT_EQ(routed("{ring: \"101\", logged_in: false}, {ring: \"102\", logged_in: false}"),
            (Step{Refuse{486, 17, "busy"}}));
  EXPECT_EQ(routed("{ring: \"101\", logged_in: false}, \"102\""), (Step{RingGroup{"g"}}));
}

// ---- a direct call to a user, in the order of docs/hunting.md -----------------------------------

TEST(RoutingUser, ForwardAlwaysComesFirst) {
  const Route routed = to_user("do_not_disturb: true, forward: {always: \"102\"}");

  EXPECT_EQ(routed.step, (Step{RingUser{"102", base::Duration{30'000}, false}}));
  EXPECT_EQ(routed.redirected, true);
  EXPECT_EQ(routed.decisions.at(0),
            (Decision{"user 101 forwards to 102", "forward.always", "users/101/forward/always"}));
}

TEST(RoutingUser, DoNotDisturbGoesToForwardBusyElseMailboxElse480) {
  EXPECT_EQ(to_user("do_not_disturb: true, mailbox: {}, forward: {busy: \"102\"}").step,
            (Step{RingUser{"102", base::Duration{30'000}, false}}));
  EXPECT_EQ(to_user("do_not_disturb: true, mailbox: {}").step,
            (Step{Serve{DestinationKind::Mailbox, "101"}}));
  EXPECT_EQ(to_user("do_not_disturb: true").step, (Step{Refuse{480, 20, "do_not_disturb"}}));
}

TEST(RoutingUser, AChainComesBeforeRules) {
  const Route routed = to_user("rules: [{stages: [{ring: [\"102\"]}]}]",
                               ", chain: [{sip_number: \"101\", next_number: \"102\"}]");

  EXPECT_EQ(routed.step, (Step{RingChain{"101", "101", ""}}));
}

TEST(RoutingUser, Row_S4_24_AChainLeadsToItsMembersNotToTheirGroups) {
  const auto snapshot = snapshot_of(
      "{tenant: x.example, users: [{extension: \"101\"}, {extension: \"102\"}], "
      "groups: [{name: Sales, extensions: [\"8001\"], members: [\"101\", \"102\"]}], "
      "chain: [{sip_number: \"101\", service_number: \"700\", start_number: \"101\"}]}");

  EXPECT_EQ(route(*snapshot, from_user("700", "102")).step, (Step{RingChain{"101", "", "700"}}));
  EXPECT_EQ(route(*snapshot, from_user("101", "102")).step, (Step{RingChain{"101", "101", ""}}));
}

TEST(RoutingUser, Row_S3_1_TheFirstRuleThatAppliesRuns) {
  const std::string rules =
      "rules: [{name: off, enabled: false}, {name: work, when: hours, stages: []}, "
      "{name: boss, callers: [\"102\", \"+48*\"]}, {name: rest}]";
  const std::string hours = ", schedules: [{name: hours, open: [\"Mo-Fr 08:00-16:00\"]}]";
  Query monday = from_user("101", "102");
  monday.at = time_from("2026-03-02T12:00:00Z").value_or(base::WallTime{});
  Query night = monday;
  night.at = time_from("2026-03-02T23:00:00Z").value_or(base::WallTime{});
  Query other = night;
  other.number = "109";

  EXPECT_EQ(to_user(rules, hours, monday).step, (Step{RunRule{"101", 1}}));
  EXPECT_EQ(to_user(rules, hours, night).step, (Step{RunRule{"101", 2}}));
  EXPECT_EQ(to_user(rules, hours, other).step, (Step{RunRule{"101", 3}}));
}

TEST(RoutingUser, AllDevicesRingForTheTimeOfForwardNoAnswerElseThirtySeconds) {
  EXPECT_EQ(to_user("forward: {no_answer: {to: \"102\", after: 12}}").step,
            (Step{RingUser{"101", base::Duration{12'000}, false}}));
  EXPECT_EQ(to_user("name: x").step, (Step{RingUser{"101", base::Duration{30'000}, false}}));
  EXPECT_EQ(to_user("enabled: false").step, (Step{Refuse{480, 20, "disabled"}}));
}

TEST(RoutingUser, AfterTheDevicesComeForwardsByClassThenMailboxThenTheCode) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", mailbox: {}, forward: {busy: \"102\", "
      "no_answer: {to: \"103\"}, unreachable: \"104\"}}, {extension: \"102\"}, "
      "{extension: \"103\", mailbox: {}}, {extension: \"104\"}]}");
  const auto next = [&](const char* user, EndClass end) {
    return after(*snapshot, from_user("x"), RingUser{user, base::Duration{30'000}, false}, end)
        .step;
  };
  const auto rings = [](const char* user) {
    return Step{RingUser{user, base::Duration{30'000}, false}};
  };

  EXPECT_EQ(next("101", EndClass::Busy), rings("102"));
  EXPECT_EQ(next("101", EndClass::Declined), rings("102"));
  EXPECT_EQ(next("101", EndClass::NoAnswer), rings("103"));
  EXPECT_EQ(next("101", EndClass::Unreachable), rings("104"));
  EXPECT_EQ(next("103", EndClass::Busy), (Step{Serve{DestinationKind::Mailbox, "103"}}));
  EXPECT_EQ(next("102", EndClass::Busy), (Step{Refuse{486, 17, "busy"}}));
}

TEST(RoutingUser, Rule_14_AForwardHasTheRightsOfTheUserWhoForwards) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", forward: {always: \"+14155550101\"}}, {extension: "
      "\"102\", permissions: {external: false}, forward: {always: \"+14155550101\"}}],"
      " trunks: [{name: t, uri: \"sip:192.0.2.1\"}]}");

  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "101")).step,
            (Step{DialOut{"+14155550101", {"t"}, "101"}}));
  EXPECT_EQ(route(*snapshot, from(CallerKind::Trunk, "102")).step,
            (Step{Refuse{403, 21, "not_permitted"}}));
}

TEST(RoutingUser, Row_S1_7_ALoopOfDestinationsIs482) {
  const Route routed = route(*snapshot_of("{tenant: x, users: [{extension: \"101\", forward: "
                                          "{always: \"102\"}}, {extension: \"102\", forward: "
                                          "{always: \"101\"}}]}"),
                             from_user("101"));
  const auto snapshot = snapshot_of(kOffice);
  Query again = from_user("8001");
  again.visited = {"group:sales"};

  EXPECT_EQ(routed.step, (Step{Refuse{482, 25, "loop"}}));
  EXPECT_EQ(route(*snapshot, again).step, (Step{Refuse{482, 25, "loop"}}));
}

// ---- the end of a hunt --------------------------------------------------------------------------

TEST(RoutingAfter, Rule_8_EachClassHasItsCode) {
  EXPECT_EQ(code_of(EndClass::NoAnswer), (Refuse{480, 19, "no_answer"}));
  EXPECT_EQ(code_of(EndClass::Busy), (Refuse{486, 17, "busy"}));
  EXPECT_EQ(code_of(EndClass::Declined), (Refuse{486, 21, "declined"}));
  EXPECT_EQ(code_of(EndClass::Unreachable), (Refuse{480, 20, "unreachable"}));
}

TEST(RoutingAfter, Rule_8_AClassWithoutAnEntryTakesThatOfNoAnswer) {
  const Destination one{DestinationKind::User, "1"};
  const Destination two{DestinationKind::User, "2"};
  const Finally classes{{}, one, two, {}};

  EXPECT_EQ(chosen(classes, EndClass::NoAnswer), one);
  EXPECT_EQ(chosen(classes, EndClass::Busy), two);
  EXPECT_EQ(chosen(classes, EndClass::Declined), two);
  EXPECT_EQ(chosen(classes, EndClass::Unreachable), one);
  EXPECT_EQ(chosen({{}, {}, two, {}}, EndClass::NoAnswer), Destination{});
}

TEST(RoutingAfter, Row_S1_7_AGroupGoesToItsFinalDestination) {
  const auto snapshot = snapshot_of(kOffice);

  const Route next = after(*snapshot, from_user("8001"), RingGroup{"sales"}, EndClass::NoAnswer);

  EXPECT_EQ(next.step, (Step{RingUser{"102", base::Duration{30'000}, false}}));
  EXPECT_EQ(next.decisions.at(0), (Decision{"finally: {\"user\": \"102\"}",
                                            "the hunt ended no_answer", "groups/sales/finally"}));
}

TEST(RoutingAfter, Row_S2_9_HangupGivesTheCodeOfTheClass) {
  const auto snapshot = snapshot_of(
      "{tenant: x, groups: [{name: G, members: [], finally: {hangup: true}}, {name: H}]}");

  EXPECT_EQ(after(*snapshot, {}, RingGroup{"g"}, EndClass::NoAnswer).step,
            (Step{Refuse{480, 19, "no_answer"}}));
  EXPECT_EQ(after(*snapshot, {}, RingGroup{"g"}, EndClass::Busy).step,
            (Step{Refuse{486, 17, "busy"}}));
  EXPECT_EQ(after(*snapshot, {}, RingGroup{"h"}, EndClass::Unreachable).step,
            (Step{Refuse{480, 20, "unreachable"}}));
}

TEST(RoutingAfter, Row_S3_12_ARuleEndsAtItsFinalDestinationElseAtTheMailbox) {
  const auto snapshot = snapshot_of(
      "{tenant: x, users: [{extension: \"101\", mailbox: {}, rules: [{name: a, finally: {user: "
      "\"102\"}}, {name: b}]}, {extension: \"102\"}]}");

  EXPECT_EQ(after(*snapshot, {}, RunRule{"101", 0}, EndClass::NoAnswer).step,
            (Step{RingUser{"102", base::Duration{30'000}, false}}));
  EXPECT_EQ(after(*snapshot, {}, RunRule{"101", 1}, EndClass::NoAnswer).step,
            (Step{Serve{DestinationKind::Mailbox, "101"}}));
}

TEST(Callers, AreMatchedByPatternsAndWords) {
  const auto snapshot = snapshot_of("{tenant: x, country: PL}");
  Query inside = from_user("101", "102");
  Query outside = from(CallerKind::Trunk, "101");
  outside.number = "603123456";

  EXPECT_EQ(caller_matches(*snapshot, inside, "internal"), true);
  EXPECT_EQ(caller_matches(*snapshot, outside, "internal"), false);
  EXPECT_EQ(caller_matches(*snapshot, outside, "external"), true);
  EXPECT_EQ(caller_matches(*snapshot, inside, "1?2"), true);
  EXPECT_EQ(caller_matches(*snapshot, inside, "1?3"), false);
  EXPECT_EQ(caller_matches(*snapshot, outside, "+48603*"), true);
  EXPECT_EQ(caller_matches(*snapshot, outside, "+48 603 123 456"), true);
  EXPECT_EQ(caller_matches(*snapshot, outside, "603"), false);
  outside.number.clear();
  EXPECT_EQ(caller_matches(*snapshot, outside, "anonymous"), true);
}

TEST(Snapshot, FindsAccountsOfUsersAndTheirDevices) {
  const auto snapshot = snapshot_of(kOffice);

  EXPECT_EQ(snapshot->account("alice-sip")->user->extension, "101");
  EXPECT_EQ(snapshot->account("alice-sip")->device, nullptr);
  EXPECT_EQ(snapshot->account("101-desk")->password, "d");
  EXPECT_EQ(snapshot->account("101-desk")->device->id, "desk");
  EXPECT_EQ(snapshot->account("102")->user->name, "Bob");
  EXPECT_EQ(snapshot->account("nobody").has_value(), false);
}

TEST(Accounts, ADeviceMayBearTheNameOfAnAccountWithoutPassword) {
  const auto snapshot = snapshot_of(
      R"({"users": [{"extension": "101", "devices": [{"username": "101", "password": "d"}]}]})");

  EXPECT_EQ(snapshot->account("101")->password, "d");
}

TEST(Snapshot, FindsTrunksBySource) {
  const auto snapshot = snapshot_of(kOffice);
  const auto from_address = [&](const char* text) {
    const Trunk* trunk = snapshot->trunk_from(base::Address::parse(text).value_or(base::Address{}));
    return trunk == nullptr ? "" : trunk->name;
  };

  EXPECT_EQ(from_address("192.0.2.1:5070"), "carrier");
  EXPECT_EQ(from_address("192.0.2.1:9"), "carrier");
  EXPECT_EQ(from_address("198.51.100.7:5060"), "carrier");
  EXPECT_EQ(from_address("203.0.113.1:5060"), "");
}

TEST(Snapshot, Row_S1_3_TellsExternalMembersFromUsersAndGroups) {
  const auto snapshot = snapshot_of(kOffice);
  const auto target = [&](const char* text, bool group = false) {
    Member member;
    member.target = text;
    member.is_group = group;
    return snapshot->target_of(member);
  };

  EXPECT_EQ(target("101"), Target{UserTarget{snapshot->user_by_id("101")}});
  EXPECT_EQ(target("8001", true), Target{GroupTarget{snapshot->group_by_id("sales")}});
  EXPECT_EQ(target("603 123 456"), Target{NumberTarget{"+48603123456"}});
  EXPECT_EQ(target("sip:bob@192.0.2.7"), Target{UriTarget{"sip:bob@192.0.2.7"}});
  EXPECT_EQ(target("999"), Target{NoTarget{}});
}

TEST(Numbers, AreBroughtToOneFormByCountry) {
  EXPECT_EQ(plain_e164("+48 58-762 (24) 47", "PL"), "+48587622447");
  EXPECT_EQ(plain_e164("0048587622447", "DE"), "+48587622447");
  EXPECT_EQ(plain_e164("587622447", "pl"), "+48587622447");
  EXPECT_EQ(plain_e164("030 123456", "DE"), "+4930123456");
  EXPECT_EQ(plain_e164("911234567", "ES"), "+34911234567");
  EXPECT_EQ(plain_e164("4155550101", "US"), "+14155550101");
  EXPECT_EQ(plain_e164("1 415 555 0101", "US"), "+14155550101");
  EXPECT_EQ(plain_e164("06 1 234 5678", "HU"), "+3612345678");
  EXPECT_EQ(plain_e164("101", "PL"), "101");
  EXPECT_EQ(plain_e164("48587622447", "PL"), "48587622447");
  EXPECT_EQ(plain_e164("587622447", ""), "587622447");
}

}  // namespace
}  // namespace model
