#include "model/decode.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/node.h"
#include "base/time.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/testing/document.h"
#include "model/testing/offices.h"
#include "model/thing.h"

namespace model {
namespace {

using testing::document;
using testing::office_of;

std::vector<std::string> messages(const Findings& findings) {
  std::vector<std::string> made;
  for (const Finding& finding : findings)
    made.push_back(std::to_string(finding.at.line) + ":" + std::to_string(finding.at.column) + " " +
                   finding.path + " " + finding.message);
  return made;
}

std::vector<std::string> errors_of_group(const std::string& inside) {
  const std::string text = "{groups: [{name: Sales, " + inside + "}]}";
  return messages(decode_office(document(text)).findings);
}

// Every key of docs/contract.md.
constexpr std::string_view kContract = R"({
  tenant: office.example, timezone: Europe/Warsaw, country: PL, language: en, music: default,
  record: "off", max_hunt: 30m, admins: [{email: admin@office.example, password: "x"}],
  users: [{extension: "101", name: Alice, email: alice@office.example,
    sip: {username: "101", password: "p"}, web_password: "w", aliases: ["alice", "test002"],
    enabled: true, devices: [{id: desk, username: "101-desk", password: "d", phone: yealink}],
    permissions: {own_rules: true, own_chain: false, external: true}, paused: "",
    mailbox: {pin: "1234", email: true}, do_not_disturb: false,
    forward: {always: "", busy: "", no_answer: {to: "", after: 20}, unreachable: ""},
    rules: [{name: work hours, enabled: true, locked: false, when: business, callers: [],
      mode: follow_me, music: default,
      stages: [{ring: ["101"], for: 40}, {ring: ["+14155550101"], for: 30}],
      max_hold: 300, finally: {mailbox: "101"}}]}],
  groups: [{name: Sales, description: "", extensions: ["8001"], numbers: ["+48587622447"],
    enabled: true, strategy: ring_all, timeout: 30, repeat: 1,
    members: ["101", {ring: "102", after: 6, for: 15, priority: 2, weight: 10, confirm: auto,
      timer_from: dialling, enabled: true, logged_in: true, paused: ""},
      {ring: "sip:bob@192.0.2.7"}, {group: "8002"}],
    stages: [], prevent_missed_calls: false, decline: member, skip_busy: true,
    follow_forwards: false, confirm: auto, caller_hears: ringback,
    caller_id: {name_prefix: "Sales: ", external: group},
    ring_melody: "<http://127.0.0.1/Bellcore-dr3>", record: "off", pickup: members,
    crm_account: "4711", action_url: {ring: "", answer: "", missed: ""},
    flags: [{flag: night, to: {mailbox: general}}],
    email: {missed: [sales@office.example], daily: [boss@office.example]}, finally: {ivr: "1"}}],
  chain: [{sip_number: "77721401", next_number: "77721402", service_number: "8008001",
    start_number: "77721401"}],
  mailboxes: [{name: general, extension: "900", pin: "0000", email: [office@office.example]}],
  ivrs: [{name: "1", extension: "700", greeting: welcome, timeout: 5,
    keys: {"1": {group: Sales}, "0": {user: "101"}}, otherwise: {hangup: true}}],
  queues: [{name: Support, extension: "600", strategy: longest_idle, members: ["101"],
    may_log_in: ["102"], minimum_agents: 1, music: default, announce_position: true,
    max_wait: 600, finally: {mailbox: general}}],
  schedules: [{name: business, open: ["Mo-Fr 08:00-16:00"], holidays: pl, ics: ""}],
  flags: [{name: night, code: "*30", schedule: ""}],
  numbers: [{number: "+48587622000", to: {group: Sales}}],
  trunks: [{name: carrier, uri: "sip:127.0.0.1:5070", username: "", password: "",
    register: false, numbers: ["+48587622447"], allow_from: ["127.0.0.1"], channels: 30}],
  sounds: [{name: welcome, file: sounds/welcome.wav}],
  feature_codes: {profile: harrier, redial: "*99#"}
})";

TEST(Decode, ReadsEveryKeyOfTheContract) {
  const auto decoded = decode_office(document(kContract));

  EXPECT_EQ(messages(decoded.findings), std::vector<std::string>{});
  EXPECT_EQ(decoded.value.max_hunt, base::Duration{1'800'000});
  EXPECT_EQ(decoded.value.groups.at(0).members.at(1).after, base::Duration{6'000});
  EXPECT_EQ(decoded.value.groups.at(0).members.at(3).is_group, true);
  EXPECT_EQ(decoded.value.feature_codes, (std::vector<FeatureCode>{{"redial", "*99#"}}));
}

TEST(Decode, NamesTheNearestKnownKeyWithItsPlace) {
  const auto decoded = decode_office(document("{users: [\n  {extension: \"101\", nmae: Alice}]}"));

  EXPECT_EQ(messages(decoded.findings),
            (std::vector<std::string>{"2:22 /users/0/nmae unknown key \"nmae\" in a user; the "
                                      "nearest known key is \"name\""}));
}

TEST(Decode, CollectsAllFindingsAndNotOnlyTheFirst) {
  const auto decoded = decode_office(document(
      "{tenant: \"a b\", groups: [{strategy: ringall, timeout: soon}], users: 7, max_hunt: 0}"));

  EXPECT_EQ(
      testing::told(decoded.findings, Severity::Error),
      (std::vector<std::string>{"bad_text /tenant", "out_of_range /max_hunt", "wrong_type /users",
                                "missing /groups/0", "unknown_word /groups/0/strategy",
                                "wrong_type /groups/0/timeout"}));
}

TEST(Decode, Row_S0_11_RefusesARingingTimeOfZeroAndSaysWhatToDo) {
  EXPECT_EQ(errors_of_group("members: [{ring: \"101\", for: 0}]"),
            (std::vector<std::string>{
                "1:54 /groups/0/members/0/for \"for\" is 0, and must be from 1 to 3600 seconds; to "
                "leave a member out, disable the member instead"}));
  EXPECT_EQ(errors_of_group("members: [{ring: \"101\", for: 3601}]").size(), 1U);
  EXPECT_EQ(errors_of_group("members: [{ring: \"101\", for: 1}]").size(), 0U);
  EXPECT_EQ(errors_of_group("members: [{ring: \"101\", for: 3600}]").size(), 0U);
}

TEST(Decode, Row_S2_8_TakesADelayOfZeroAndMore) {
  EXPECT_EQ(errors_of_group("strategy: staggered, members: [{ring: a, after: 0}]").size(), 0U);
  EXPECT_EQ(errors_of_group("strategy: staggered, members: [{ring: a, after: -1}]").size(), 1U);
}

TEST(Decode, Row_S0_16_KnowsTheOtherNamesOfStrategies) {
  const auto strategy = [](const std::string& name) {
    const Office office = office_of("{groups: [{name: G, strategy: " + name + "}]}");
    return std::pair{office.groups.at(0).strategy, office.groups.at(0).repeat};
  };

  EXPECT_EQ(strategy("linear"), std::pair(Strategy::Sequential, 1U));
  EXPECT_EQ(strategy("ordered"), std::pair(Strategy::Sequential, 1U));
  EXPECT_EQ(strategy("simultaneous"), std::pair(Strategy::RingAll, 1U));
  EXPECT_EQ(strategy("broadcast"), std::pair(Strategy::RingAll, 1U));
  EXPECT_EQ(strategy("top_down"), std::pair(Strategy::Sequential, 1U));
  EXPECT_EQ(strategy("circular"), std::pair(Strategy::RoundRobin, 1U));
  EXPECT_EQ(strategy("memory_hunt"), std::pair(Strategy::Rollover, 1U));
  EXPECT_EQ(strategy("sequential_forever"), std::pair(Strategy::Sequential, 0U));
}

TEST(Decode, Row_S0_9_TakesRepeatAsANumberOrForever) {
  EXPECT_EQ(office_of("{groups: [{name: G, repeat: forever}]}").groups.at(0).repeat, 0U);
  EXPECT_EQ(office_of("{groups: [{name: G, repeat: 3}]}").groups.at(0).repeat, 3U);
  EXPECT_EQ(errors_of_group("repeat: 0").size(), 1U);
  EXPECT_EQ(errors_of_group("repeat: often").size(), 1U);
  EXPECT_EQ(errors_of_group("strategy: sequential_forever, repeat: 2").size(), 1U);
}

TEST(Decode, Row_S1_8_KeepsALongRingMelodyVerbatim) {
  const std::string melody = "<http://127.0.0.1/" + std::string(300, 'x') + ">";

  const Office office = office_of("{groups: [{name: G, ring_melody: \"" + melody + "\"}]}");

  EXPECT_EQ(office.groups.at(0).ring_melody, melody);
}

TEST(Decode, Row_S1_4_TakesUpToTwentyStages) {
  std::string stages;
  for (int i = 0; i < 20; ++i) stages += (i == 0 ? "" : ", ") + std::string("{ring: [\"101\"]}");

  EXPECT_EQ(errors_of_group("strategy: stages, stages: [" + stages + "]").size(), 0U);
  EXPECT_EQ(errors_of_group("stages: [" + stages + ", {ring: [a]}]").size(), 1U);
}

TEST(Decode, Row_S2_6_WantsANameAndTakesADescription) {
  EXPECT_EQ(messages(decode_office(document("{groups: [{description: x}]}")).findings).size(), 1U);
  EXPECT_EQ(errors_of_group("description: \"opening hours only\"").size(), 0U);
}

TEST(Decode, KeepsTheLettersThatYamlWouldChange) {
  const Office office =
      office_of("{users: [{extension: 0600, name: no, aliases: [+48587622447, yes, 1e3]}]}");

  EXPECT_EQ(office.users.at(0).extension, "0600");
  EXPECT_EQ(office.users.at(0).name, "no");
  EXPECT_EQ(office.users.at(0).aliases, (std::vector<std::string>{"+48587622447", "yes", "1e3"}));
}

TEST(Decode, TakesNoTextForATruthAndNoTruthForANumber) {
  EXPECT_EQ(errors_of_group("skip_busy: \"yes\"").size(), 1U);
  EXPECT_EQ(errors_of_group("skip_busy: no").size(), 0U);
  EXPECT_EQ(errors_of_group("members: [{ring: a, priority: \"2\"}]").size(), 1U);
  EXPECT_EQ(errors_of_group("members: [{ring: a, priority: true}]").size(), 1U);
}

TEST(Decode, RefusesControlCharactersThatWouldReachAHeaderField) {
  base::Node group = document("{name: Sales}");
  group.set("ring_melody", base::Node::text("<x>\r\nEvil: 1"));

  const auto decoded = decode_thing(Kind::Group, group);

  EXPECT_EQ(testing::told(decoded.findings, Severity::Error),
            (std::vector<std::string>{"bad_text /ring_melody"}));
}

TEST(Decode, ReadsDestinationsAndClassesOfFinally) {
  const auto finally = [](const std::string& text) {
    return office_of("{groups: [{name: G, finally: " + text + "}]}").groups.at(0).finally;
  };

  EXPECT_EQ(finally("{busy: true}").any, (Destination{DestinationKind::Busy, ""}));
  EXPECT_EQ(finally("{busy: {mailbox: x}}").busy, (Destination{DestinationKind::Mailbox, "x"}));
  EXPECT_EQ(finally("{no_answer: {user: \"1\"}, unreachable: {hangup: true}}"),
            (Finally{{}, {DestinationKind::User, "1"}, {}, {DestinationKind::Hangup, ""}}));
  EXPECT_EQ(errors_of_group("finally: {gruop: Sales}"),
            (std::vector<std::string>{"1:35 /groups/0/finally/gruop unknown destination \"gruop\"; "
                                      "the nearest known one is \"group\""}));
  EXPECT_EQ(errors_of_group("finally: {user: a, group: b}").size(), 1U);
  EXPECT_EQ(errors_of_group("finally: busy").size(), 1U);
}

TEST(Decode, RefusesWhatIsNoNumberNoAddressAndNoUri) {
  const auto told_of = [](const std::string& text) {
    return testing::told(decode_office(document("{" + text + "}")).findings, Severity::Error);
  };
  using Told = std::vector<std::string>;

  EXPECT_EQ(told_of("numbers: [{number: hello}], trunks: [{name: t, uri: \"sip:a\", numbers: [x, "
                    "\"+48 58 (762) 24-47\", \"*1\"]}], groups: [{name: A, numbers: [\"1+2\"]}]"),
            (Told{"bad_text /groups/0/numbers/0", "bad_text /numbers/0/number",
                  "bad_text /trunks/0/numbers/0", "bad_text /trunks/0/numbers/2"}));
  EXPECT_EQ(told_of("users: [{extension: \"1\", email: nope, forward: {busy: \"sip:a b\"}}], "
                    "admins: [{email: \"@b\"}], mailboxes: [{name: m, email: [\"a b@c\"]}]"),
            (Told{"bad_text /admins/0/email", "bad_text /users/0/email",
                  "bad_text /users/0/forward/busy", "bad_text /mailboxes/0/email/0"}));
  EXPECT_EQ(errors_of_group("members: [\"sip:bad uri\", {ring: \"sip:<a>\"}, \"Bob Smith\"]"),
            (Told{"1:35 /groups/0/members/0 \"sip:bad uri\" is refused: it is no SIP URI; write it "
                  "as sip:bob@192.0.2.7, without blanks, quotes and < >",
                  "1:57 /groups/0/members/1/ring \"sip:<a>\" is refused: it is no SIP URI; write "
                  "it as sip:bob@192.0.2.7, without blanks, quotes and < >"}));
}

TEST(Decode, APathIsAJsonPointerAndALineIsPrintable) {
  base::Node user = document("{extension: \"1\"}");
  user.set("a/b~c\x1b[31m\n", base::Node::text("\x1b[0m\xC2\x9B\x7F\xC3\xB3"));

  const auto findings = decode_thing(Kind::User, user).findings;

  EXPECT_EQ(findings.at(0).path, "/a~1b~0c\x1b[31m\n");
  EXPECT_EQ(line_of(findings.at(0), "").substr(0, 44),
            "error: unknown key \"a/b~c\\x1b[31m\\x0a\" in a ");
  EXPECT_EQ(printable("\x1b[0m\xC2\x9B\x7F\xC3\xB3"), "\\x1b[0m\\x9b\\x7f\xC3\xB3");
  EXPECT_EQ(name_of_part(pointer_part("~/1~0")), "~/1~0");
}

TEST(Decode, WantsEitherRingOrGroupInAMember) {
  EXPECT_EQ(errors_of_group("members: [{for: 3}]").size(), 1U);
  EXPECT_EQ(errors_of_group("members: [{ring: a, group: b}]").size(), 1U);
}

TEST(Decode, ReadsPausesAsWordsOrATime) {
  const auto paused = [](const std::string& text) {
    return office_of("{users: [{extension: \"1\", paused: " + text + "}]}").users.at(0).paused;
  };

  EXPECT_EQ(paused("\"\""), Paused{});
  EXPECT_EQ(paused("yes"), (Paused{true, std::nullopt}));
  EXPECT_EQ(paused("\"2026-03-01T12:00:00+01:00\""),
            (Paused{true, base::WallTime{1'772'362'800'000}}));
}

TEST(Decode, Row_S4_13_EndsTheChainByFourOrMoreZeros) {
  const Office office = office_of(
      "{chain: [{sip_number: \"1401\", next_number: \"00000\", service_number: \"1\", "
      "start_number: \"1\"}, {sip_number: \"1402\", next_number: \"000\"}]}");

  EXPECT_EQ(office.chain.at(0).next_number, "");
  EXPECT_EQ(office.chain.at(0).service_number, "");
  EXPECT_EQ(office.chain.at(0).start_number, "");
  EXPECT_EQ(office.chain.at(1).next_number, "000");
}

TEST(Decode, Row_S4_15_TakesOneForAnEmptyFieldAnywhere) {
  const Office office = office_of(
      "{chain: [{sip_number: \"1401\", next_number: \"1\", service_number: \"1\", "
      "start_number: \"1\"}]}");

  EXPECT_EQ(office.chain.at(0).next_number + office.chain.at(0).service_number +
                office.chain.at(0).start_number,
            "");
}

TEST(Decode, OpensEncryptedSecretsByTheHookOrKeepsThemClosed) {
  const base::Node node = document("{extension: \"1\", sip: {password: !encrypted abc}}");
  DecodeOptions opens;
  opens.open_secret = [](std::string_view sealed) -> std::optional<std::string> {
    if (sealed != "abc") return std::nullopt;
    return "plain";
  };
  DecodeOptions refuses;
  refuses.open_secret = [](std::string_view) { return std::optional<std::string>(); };

  EXPECT_EQ(std::get<User>(decode_thing(Kind::User, node).value).sip_password, "!encrypted abc");
  EXPECT_EQ(std::get<User>(decode_thing(Kind::User, node, opens).value).sip_password, "plain");
  EXPECT_EQ(testing::told(decode_thing(Kind::User, node, refuses).findings, Severity::Error),
            (std::vector<std::string>{"unreadable_secret /sip/password"}));
}

TEST(DecodeTimes, TakesSecondsAndUnits) {
  EXPECT_EQ(duration_from("20"), base::Duration{20'000});
  EXPECT_EQ(duration_from("1m30s"), base::Duration{90'000});
  EXPECT_EQ(duration_from("30m"), base::Duration{1'800'000});
  EXPECT_EQ(duration_from("1h"), base::Duration{3'600'000});
  EXPECT_EQ(duration_from("0.5"), base::Duration{500});
  EXPECT_EQ(duration_from("250ms"), base::Duration{250});
  for (const char* bad : {"", "m", "1x", "30s1m", "1m30", "-5", "99999999999999", "1 s", ".5"})
    EXPECT_EQ(duration_from(bad), std::nullopt) << bad;
}

TEST(DecodeTimes, TakesRfc3339AndNothingElse) {
  EXPECT_EQ(time_from("1970-01-01T00:00:00Z"), base::WallTime{0});
  EXPECT_EQ(time_from("2026-03-01T12:00:00.250+01:00"), base::WallTime{1'772'362'800'250});
  EXPECT_EQ(text_of(base::WallTime{1'772'362'800'250}), "2026-03-01T11:00:00.250Z");
  for (const char* bad :
       {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01", "2026-03-01T12:00:00",
        "2026-03-01T24:00:00Z", "2026-03-01T12:00:00+1:00"})
    EXPECT_EQ(time_from(bad), std::nullopt) << bad;
}

TEST(MergePatch, Rfc7396_ReplacesRemovesAndMerges) {
  const base::Node target = document("{a: b, c: {d: e, f: g}, h: [1, 2]}");

  const base::Node merged =
      merge_patch(target, document("{a: z, c: {f: null}, h: [3], i: {j: k}}"));

  EXPECT_EQ(merged, document("{a: z, c: {d: e}, h: [3], i: {j: k}}"));
}

TEST(EncodeProperty, DecodingWhatWasEncodedGivesTheSameOffice) {
  const bool holds = rc::check("office", [](std::uint64_t seed) {
    const Office office = testing::RandomOffice(seed).office();

    for (const bool defaults : {false, true}) {
      const base::Node node = encode_office(office, {Secrets::Visible, {}, false, defaults});
      const auto decoded = decode_office(node);
      RC_ASSERT(messages(decoded.findings) == std::vector<std::string>{});
      RC_ASSERT(decoded.value == office);
    }
  });
  EXPECT_TRUE(holds);
}

TEST(EncodeProperty, DecodingAThingGivesItWithItsIdentity) {
  const bool holds = rc::check("thing", [](std::uint64_t seed) {
    Group group = testing::RandomOffice(seed).group();
    group.id = "g-1";
    group.revision = 7;

    const auto decoded =
        decode_thing(Kind::Group, encode_thing(group, {Secrets::Visible, {}, true, true}));

    RC_ASSERT(decoded.value == Thing{group});
  });
  EXPECT_TRUE(holds);
}

TEST(Encode, ShowsHidesOrSealsSecrets) {
  User user;
  user.extension = "101";
  user.sip_password = "secret";
  user.mailbox = {true, "1234", true};
  EncodeOptions marked{Secrets::Marked,
                       [](std::string_view s) { return "<" + std::string(s) + ">"; }, false, false};

  const base::Node sealed = encode_thing(user, marked);

  EXPECT_EQ(encode_thing(user, {Secrets::Hidden, {}, false, false}),
            document("{extension: \"101\", mailbox: {}}"));
  EXPECT_EQ(
      encode_thing(user, {Secrets::Visible, {}, false, false}),
      document("{extension: \"101\", sip: {password: \"secret\"}, mailbox: {pin: \"1234\"}}"));
  EXPECT_EQ(sealed.find("sip")->find("password")->tag, "!encrypted");
  EXPECT_EQ(sealed.find("sip")->find("password")->scalar()->text, "<secret>");
}

TEST(Encode, WritesFinallyAsOneLineOfJson) {
  EXPECT_EQ(json_of(Finally{{DestinationKind::Mailbox, "general"}, {}, {}, {}}),
            "{\"mailbox\": \"general\"}");
  EXPECT_EQ(json_of(Finally{{}, {DestinationKind::User, "a\"b"}, {DestinationKind::Busy, ""}, {}}),
            "{\"no_answer\": {\"user\": \"a\\\"b\"}, \"busy\": {\"busy\": true}}");
  EXPECT_EQ(json_of(Finally{}), "");
}

}  // namespace
}  // namespace model
