#include "model/validate.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/node.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/testing/document.h"
#include "model/testing/offices.h"
#include "model/thing.h"

namespace model {
namespace {

using testing::office_of;
using testing::told;
using Lines = std::vector<std::string>;

// An office with three users and what `more` says.
Office with(const std::string& more) {
  return office_of(
      "{tenant: x.example, users: [{extension: \"101\", name: Alice, sip: {password: a}}, "
      "{extension: \"102\", name: Bob, sip: {password: b}}, {extension: \"103\", name: Carol, sip: "
      "{password: c}}], " +
      more + "}");
}

Lines errors(const std::string& more) {
  return told(validate(with(more)), Severity::Error);
}
Lines warnings(const std::string& more) {
  return told(validate(with(more)), Severity::Warning);
}

TEST(Validate, FindsNothingInASoundOffice) {
  EXPECT_EQ(
      validate(with("groups: [{name: Sales, extensions: [\"600\"], members: [\"101\", Bob]}]")),
      Findings{});
}

TEST(Validate, RefusesReferencesToNothingAndNamesTheNearest) {
  const Findings findings = validate(with(
      "groups: [{name: Sales, members: [\"104\", {group: Sals}], flags: [{flag: nigth, to: {user: "
      "\"101\"}}], finally: {mailbox: general}, caller_hears: jingle}],"
      "flags: [{name: night, schedule: hours}], numbers: [{number: \"+48587622000\"}]"));

  EXPECT_EQ(told(findings, Severity::Error),
            (Lines{"no_such_thing /groups/0/members/0", "no_such_thing /groups/0/members/1/group",
                   "no_such_thing /groups/0/flags/0/flag", "no_such_thing /groups/0/caller_hears",
                   "no_such_thing /groups/0/finally/mailbox", "no_such_thing /flags/0/schedule",
                   "missing /numbers/0/to"}));
  EXPECT_EQ(findings.at(1).message, "there is no group \"Sals\"; the nearest one is \"Sales\"");
  EXPECT_EQ(findings.at(2).message, "there is no flag \"nigth\"; the nearest one is \"night\"");
}

TEST(Validate, Row_S2_7_RefusesOneNumberForTwoThings) {
  EXPECT_EQ(
      errors("groups: [{name: A, extensions: [\"101\"], numbers: [\"+48 58 762 24 47\"], "
             "members: [\"101\"]}, {name: B, numbers: [\"+48587622447\"], members: [\"102\"]}]"),
      (Lines{"number_used_twice /users/0/extension", "number_used_twice /groups/0/extensions/0",
             "number_used_twice /groups/0/numbers/0", "number_used_twice /groups/1/numbers/0"}));
  EXPECT_EQ(
      errors("mailboxes: [{name: m, extension: \"102\"}]"),
      (Lines{"number_used_twice /users/1/extension", "number_used_twice /mailboxes/0/extension"}));
}

TEST(Validate, Row_S2_6_RefusesANameTwice) {
  EXPECT_EQ(
      errors("groups: [{name: Sales, members: [\"101\"]}, {name: SALES, members: [\"102\"]}]"),
      (Lines{"name_used_twice /groups/0/name", "name_used_twice /groups/1/name"}));
}

TEST(Validate, RefusesAnExtensionThatIsACode) {
  EXPECT_EQ(errors("groups: [{name: A, extensions: [\"*66\"], members: [\"101\"]}]"),
            (Lines{"number_is_code /groups/0/extensions/0"}));
}

TEST(Validate, RefusesASipUsernameTwice) {
  const Office office = office_of(
      "{tenant: x, users: [{extension: \"1\", sip: {username: a, password: x}}, {extension: \"2\", "
      "sip: {username: a, password: x}, devices: [{username: \"1\"}, {username: a}]}]}");

  EXPECT_EQ(
      told(validate(office), Severity::Error),
      (Lines{"name_used_twice /users/0/sip/username", "name_used_twice /users/1/sip/username"}));
}

TEST(Validate, Rule_11_RefusesGroupsInACircleAndASixthLevel) {
  const auto nested = [](int levels) {
    std::string groups;
    for (int i = 1; i <= levels; ++i)
      groups +=
          (i == 1 ? "" : ", ") + std::string("{name: G") + std::to_string(i) + ", members: [" +
          (i == levels ? std::string("\"101\"") : "{group: G" + std::to_string(i + 1) + "}") + "]}";
    return "groups: [" + groups + "]";
  };

  EXPECT_EQ(errors(nested(5)), Lines{});
  EXPECT_EQ(errors(nested(6)), (Lines{"too_deep /groups/0/members"}));
  EXPECT_EQ(errors("groups: [{name: A, members: [{group: B}]}, {name: B, members: [{group: A}]}]"),
            (Lines{"cycle /groups/0/members"}));
}

TEST(Validate, Row_S0_1_TakesAGroupInAGroup) {
  EXPECT_EQ(errors("groups: [{name: A, members: [{group: B}]}, {name: B, members: [\"101\"]}]"),
            Lines{});
}

TEST(Validate, Row_S1_7_RefusesFinalsInACircle) {
  EXPECT_EQ(
      errors("groups: [{name: A, members: [\"101\"], finally: {group: B}}, {name: B, members: "
             "[\"102\"], finally: {no_answer: {group: A}}}]"),
      (Lines{"cycle /groups/0/finally"}));
  EXPECT_EQ(errors("groups: [{name: A, members: [\"101\"], finally: {group: A}}]"),
            (Lines{"cycle /groups/0/finally"}));
  EXPECT_EQ(errors("groups: [{name: A, members: [\"101\"], finally: {user: \"102\"}}]"), Lines{});
}

TEST(Validate, Row_S0_7_RefusesAMemberTwice) {
  EXPECT_EQ(errors("groups: [{name: A, members: [\"101\", Alice]}]"),
            (Lines{"member_twice /groups/0/members/1"}));
  EXPECT_EQ(errors("groups: [{name: A, strategy: stages, stages: [{ring: [\"101\"]}, {ring: "
                   "[\"101\", \"102\", \"102\"]}]}]"),
            (Lines{"member_twice /groups/0/stages/1/ring/2"}));
}

TEST(Validate, Row_S2_11_WarnsOfADelayBeyondTheTimeout) {
  EXPECT_EQ(
      warnings("groups: [{name: A, strategy: staggered, timeout: 10, members: [\"101\", {ring: "
               "\"102\", after: 10}, {ring: \"103\", after: 9}]}]"),
      (Lines{"never_rings /groups/0/members/1/after"}));
}

TEST(Validate, Row_S2_8_WarnsWhenNobodyRingsAtZero) {
  EXPECT_EQ(
      warnings("groups: [{name: A, strategy: staggered, members: [{ring: \"101\", after: 5}]}]"),
      (Lines{"late_start /groups/0/members"}));
}

TEST(Validate, WarnsOfAnEmptyGroupAndSavesIt) {
  const Findings findings = validate(with("groups: [{name: A}]"));

  EXPECT_EQ(told(findings, Severity::Warning), (Lines{"empty_group /groups/0/members"}));
  EXPECT_EQ(has_errors(findings), false);
}

TEST(Validate, Row_S0_2_KeepsValuesThatTheStrategyDoesNotUseAndWarns) {
  EXPECT_EQ(
      warnings("groups: [{name: A, members: [{ring: \"101\", after: 5, priority: 1, weight: 3}], "
               "stages: [{ring: [\"102\"]}]}]"),
      (Lines{"unused /groups/0/stages", "unused /groups/0/members/0/after",
             "unused /groups/0/members/0/priority", "unused /groups/0/members/0/weight"}));
}

TEST(Validate, Row_S1_3_WarnsOfAnExternalMemberWithoutATrunk) {
  EXPECT_EQ(warnings("groups: [{name: A, members: [\"+48603123456\"]}]"),
            (Lines{"no_trunk /groups/0/members/0"}));
  EXPECT_EQ(warnings("groups: [{name: A, members: [\"+48603123456\"]}], trunks: [{name: t, uri: "
                     "\"sip:192.0.2.1\"}]"),
            Lines{});
}

TEST(Validate, Row_S3_7_WarnsOfFollowMeToAnExternalNumberWithoutConfirmation) {
  const std::string trunk = ", trunks: [{name: t, uri: \"sip:192.0.2.1\"}]}";
  const auto rule = [&](const std::string& more) {
    return told(validate(office_of("{tenant: x, users: [{extension: \"1\", sip: {password: x}, "
                                   "rules: [{name: r, " +
                                   more + "stages: [{ring: [\"+14155550101\"]}]}]}]" + trunk)),
                Severity::Warning);
  };

  EXPECT_EQ(rule(""), (Lines{"voicemail_may_answer /users/0/rules/0/stages/0/ring/0"}));
  EXPECT_EQ(rule("confirm: auto, "), Lines{});
  EXPECT_EQ(rule("mode: extend_ring, "), Lines{});
}

TEST(Validate, WarnsOfAKindOfPhoneThatNobodyKnows) {
  const auto of = [](const std::string& phone) {
    Office office = with("groups: []");
    office.users[0].devices = {{"desk", "desk", "p", phone}};
    return told(validate(office), Severity::Warning);
  };
  EXPECT_EQ(of("Yealink"), Lines{});
  EXPECT_EQ(of("rotary"), (Lines{"unknown_word /users/0/devices/0/phone"}));
}

TEST(Validate, NamesSoundsWithoutAFile) {
  Office office;
  office.sounds.resize(2);
  office.sounds[0].name = "hello";
  office.sounds[0].file = "sounds/hello.wav";
  office.sounds[1].name = "closed";
  office.sounds[1].file = "sounds/closed.wav";

  const Findings found =
      missing_sounds(office, [](const std::string& name) { return name == "sounds/hello.wav"; });

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "/sounds/1/file");
  EXPECT_EQ(found[0].severity, Severity::Warning);
}

TEST(Validate, Row_S1_9_WarnsThatAPageDoesNotReachExternalMembers) {
  EXPECT_EQ(warnings("groups: [{name: A, strategy: page, members: [\"sip:a@192.0.2.1\"]}]"),
            (Lines{"never_rings /groups/0/members/0"}));
}

TEST(Validate, RefusesWhatASchedulesAndTrunksCannotMean) {
  EXPECT_EQ(
      errors("schedules: [{name: s, open: [\"Mo-Fr 8-16\"], holidays: xx}], trunks: [{name: t, "
             "uri: \"sip:a.example\", allow_from: [a.example], register: true}]"),
      (Lines{"bad_text /schedules/0/open/0", "unknown_word /schedules/0/holidays",
             "bad_text /trunks/0/allow_from/0", "missing /trunks/0/username"}));
}

TEST(Validate, NamesWhatIsNotCarriedOutYet) {
  const Findings findings = not_carried_out(
      with("mailboxes: [{name: general, email: [c@d.example]}], groups: [{name: A, members: "
           "[\"101\"], record: on, "
           "caller_hears: "
           "music, action_url: {ring: \"http://crm.example/{caller}\"}, email: {missed: "
           "[a@b.example]}, confirm: always, "
           "finally: {mailbox: "
           "general}}], schedules: [{name: s, ics: a.ics}], feature_codes: {record_pause: "
           "\"*9\"}"));

  EXPECT_EQ(told(findings, Severity::Warning), Lines{});
  EXPECT_EQ(not_carried_out(with("groups: [{name: A, members: [\"101\"]}]")), Findings{});
  EXPECT_EQ(not_carried_out(with("admins: [{email: a@b.example, password: x}], groups: [{name: "
                                 "A, pickup: anyone, members: [\"101\"]}]")),
            Findings{});
}

TEST(Validate, LanguageAndCountryAreOnesThatExist) {
  EXPECT_EQ(errors("language: de, country: Poland"),
            (Lines{"unknown_word /language", "bad_text /country"}));
  EXPECT_EQ(errors("language: pl, country: PL"), Lines{});
}

TEST(Validate, TellsWhatDoesNotFollowFromWhatCouldNotBeRead) {
  const auto told_of = [](const std::string& text) {
    const auto decoded = decode_office(testing::document("{tenant: x, " + text + "}"));
    return told(validate(decoded.value, decoded.findings), Severity::Error);
  };

  // A wrong type in one group hides nothing in another.
  EXPECT_EQ(told_of("groups: [{name: A, timeout: soon, numbers: [hello], members: [\"109\"]}]"),
            Lines{"no_such_thing /groups/0/members/0"});
  EXPECT_EQ(
      told_of("groups: [{name: A, extensions: [\"a!\", \"8001\", \"8002\"], members: []}, "
              "{name: B, extensions: [\"8002\"], finally: {ivr: x}}]"),
      (Lines{"number_used_twice /groups/0/extensions/2", "number_used_twice /groups/1/extensions/0",
             "no_such_thing /groups/1/finally/ivr"}));
  // Whose number is missing may be who is missed; one that was refused is nobody else.
  EXPECT_EQ(told_of("users: [{name: Bob}], groups: [{name: A, members: [\"109\"]}]"), Lines{});
  EXPECT_EQ(told_of("users: [{extension: \"1!\"}], groups: [{name: A, members: [\"1!\", \"2!\"]}]"),
            Lines{"no_such_thing /groups/0/members/1"});
  EXPECT_EQ(told_of("users: 7, groups: [{name: A, members: [\"109\", {group: B}]}]"),
            Lines{"no_such_thing /groups/0/members/1/group"});
  // What was refused is told once, and two that have no number are not the same.
  EXPECT_EQ(told_of("groups: [{members: [{ring: \"sip:a b\"}]}, {members: []}]"), Lines{});
}

TEST(Validate, RelatesFindingsToTheThingThatWasSent) {
  Office office = with(
      "groups: [{name: A, extensions: [\"8001\"], members: []}, {name: B, extensions: "
      "[\"8001\"], members: [\"101\", \"109\"]}, {name: C, members: [\"108\"]}]");
  give_ids(office);
  const auto told_to = [&](std::string_view group) {
    Findings findings = validate(office);
    relate_to(findings, office, Kind::Group, group);
    return findings;
  };

  EXPECT_EQ(told(told_to("a"), Severity::Error),
            (Lines{"number_used_twice /extensions/0", "no_such_thing ", "no_such_thing "}));
  EXPECT_EQ(told(told_to("a"), Severity::Warning), Lines{"empty_group /members"});
  EXPECT_EQ(
      told(told_to("b"), Severity::Error),
      (Lines{"number_used_twice /extensions/0", "no_such_thing /members/1", "no_such_thing "}));
  EXPECT_EQ(told(told_to("b"), Severity::Warning), Lines{});
  EXPECT_EQ(told_to("b").at(2).message.substr(0, 41), "group C, members/0: there is no user \"108");
}

TEST(Validate, LocateFindsTheLineOfAPath) {
  const base::Node node = testing::document("{\n groups: [\n  {name: A,\n   members: [a, b]}]}");
  Findings findings{{Severity::Error, "x", "/groups/0/members/1", {}, ""},
                    {Severity::Error, "x", "/groups/0/finally", {}, ""},
                    {Severity::Error, "x", "/users/3", {}, ""}};

  locate(findings, node);

  EXPECT_EQ(findings.at(0).at, (base::Position{4, 17}));
  EXPECT_EQ(findings.at(1).at, (base::Position{3, 3}));
  EXPECT_EQ(findings.at(2).at, (base::Position{1, 1}));
}

}  // namespace
}  // namespace model
