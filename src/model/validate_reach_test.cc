// Who is never reached, rules and hours that stand in each other's way.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "model/findings.h"
#include "model/office.h"
#include "model/testing/document.h"
#include "model/testing/offices.h"
#include "model/validate.h"

namespace model {
namespace {

using testing::office_of;
using testing::told;
using Lines = std::vector<std::string>;

Findings found(const std::string& more) {
  return validate(office_of(
      "{tenant: x.example, users: [{extension: \"101\", name: Alice, sip: {password: a}}, "
      "{extension: \"102\", name: Bob, enabled: false, sip: {password: b}}], " +
      more + "}"));
}
Lines warnings(const std::string& more) {
  return told(found(more), Severity::Warning);
}

TEST(ValidateReach, AGroupOfWhichNobodyCanRing) {
  const Findings findings = found(
      "groups: [{name: Sales, members: [\"102\", {group: Inner}]}, {name: Inner, members: "
      "[{ring: \"101\", enabled: false}]}]");

  EXPECT_EQ(told(findings, Severity::Warning),
            (Lines{"never_rings /groups/0/members/0", "nobody_rings /groups/0/members",
                   "nobody_rings /groups/1/members"}));
}

TEST(ValidateReach, ATurnThatWouldComeAfterTheEndOfTheGroup) {
  EXPECT_EQ(warnings("groups: [{name: Sales, strategy: sequential, timeout: 30, members: [{ring: "
                     "\"101\", for: 30, priority: 1}, {ring: \"+48600100200\", priority: 2}]}], "
                     "trunks: [{name: t, uri: \"sip:192.0.2.1\"}]"),
            (Lines{"never_rings /groups/0/members/1"}));
  EXPECT_EQ(warnings("groups: [{name: Sales, strategy: sequential, timeout: 30, members: [{ring: "
                     "\"101\", for: 30, priority: 1}, {ring: \"+48600100200\", priority: 1}]}], "
                     "trunks: [{name: t, uri: \"sip:192.0.2.1\"}]"),
            Lines{})
      << "those of one priority ring together";
  EXPECT_EQ(warnings("groups: [{name: Sales, strategy: stages, timeout: 20, stages: [{ring: "
                     "[\"101\"], for: 20}, {ring: [\"101\"], for: 10}]}]"),
            (Lines{"never_rings /groups/0/stages/1"}));
  EXPECT_EQ(warnings("groups: [{name: Sales, strategy: stages, timeout: 30, stages: [{ring: "
                     "[\"101\"], for: 20}, {ring: [\"101\"], for: 10}]}]"),
            Lines{});
}

TEST(ValidateReach, MorePhonesThanOneCallRings) {
  std::string users;
  std::string members;
  for (int i = 0; i < 201; ++i) {
    const std::string extension = std::to_string(2'000 + i);
    users += "{extension: \"" + extension + "\", name: U" + extension + ", sip: {password: p}}, ";
    members += "\"" + extension + "\", ";
  }
  const Findings findings =
      validate(office_of("{tenant: x.example, users: [" + users +
                         "], groups: [{name: All, members: [" + members + "]}]}"));

  ASSERT_EQ(told(findings, Severity::Warning), (Lines{"beyond_limit /groups/0/members"}));
  EXPECT_EQ(findings[0].message, "All has 201 phones; one call rings at most 200");
}

TEST(ValidateReach, ARuleBehindOneThatFitsEveryCall) {
  const Findings findings = validate(office_of(
      "{tenant: x.example, schedules: [{name: work, open: [Mo-Fr 08:00-16:00]}], users: "
      "[{extension: \"101\", name: Alice, sip: {password: a}, rules: [{name: early, when: work, "
      "stages: [{ring: [\"101\"]}]}, {name: always, stages: [{ring: [\"101\"]}]}, {name: late, "
      "when: work, stages: [{ring: [\"101\"]}]}]}]}"));

  ASSERT_EQ(told(findings, Severity::Warning), (Lines{"shadowed /users/0/rules/2"}));
  EXPECT_EQ(findings[0].message,
            "rule late is never used: always stands before it and fits every call");
}

TEST(ValidateReach, HoursThatOverlapOrLeaveAMinuteOut) {
  EXPECT_EQ(warnings("schedules: [{name: work, open: [Mo-Fr 08:00-16:00, Fr 15:00-18:00]}]"),
            (Lines{"overlap /schedules/0/open/1"}));
  EXPECT_EQ(warnings("schedules: [{name: night, open: [Mo-Fr 20:00-08:00, Sa,Su 00:00-24:00]}]"),
            Lines{})
      << "what runs over midnight";
  const Findings gap = found("schedules: [{name: work, open: [Mo 08:00-11:59, Mo 12:00-16:00]}]");
  ASSERT_EQ(told(gap, Severity::Warning), (Lines{"gap /schedules/0/open"}));
  EXPECT_EQ(gap[0].message,
            "schedule work is closed for 1 min from Mo 11:59 on; the end of hours is not part of "
            "them");
  EXPECT_EQ(warnings("schedules: [{name: work, open: [Mo-Fr 08:00-12:00, Mo-Fr 12:00-16:00, "
                     "Sa 10:00-12:00]}]"),
            Lines{});
}

TEST(ValidateLimits, WhatAUserDivertsToAndMayNotCall) {
  const auto lines = [](const std::string& permissions) {
    return told(validate(office_of(
                    "{tenant: x.example, users: [{extension: \"101\", sip: {password: a}, forward: "
                    "{busy: \"+48600100200\", always: \"102\"}, permissions: " +
                    permissions +
                    ", rules: [{name: away, confirm: always, mode: extend_ring, stages: [{ring: "
                    "[\"101\", \"+14155550101\"]}]}]}, {extension: \"102\", sip: {password: b}}], "
                    "trunks: [{name: t, uri: \"sip:192.0.2.1\"}]}")),
                Severity::Warning);
  };

  EXPECT_EQ(lines("{external: false}"), (Lines{"not_permitted /users/0/forward/busy",
                                               "not_permitted /users/0/rules/0/stages/0/ring/1"}));
  EXPECT_EQ(lines("{external: true}"), Lines{});
}

TEST(ValidateLimits, Rule_5_AGroupWithoutEndThatWaitsLongerThanMaxHunt) {
  EXPECT_EQ(warnings("max_hunt: 60, groups: [{name: Sales, repeat: forever, timeout: 90, members: "
                     "[\"101\"]}, {name: Late, repeat: forever, strategy: stages, stages: [{ring: "
                     "[\"101\"], for: 50}, {ring: "
                     "[\"101\"], for: 20}]}]"),
            (Lines{"beyond_limit /groups/0/timeout", "beyond_limit /groups/1/stages"}));
  EXPECT_EQ(warnings("max_hunt: 90, groups: [{name: Sales, repeat: forever, timeout: 90, members: "
                     "[\"101\"]}]"),
            Lines{});
  EXPECT_EQ(warnings("max_hunt: 60, groups: [{name: Sales, timeout: 90, members: [\"101\"]}]"),
            Lines{})
      << "rule 5: only what runs forever has this end";
}

TEST(ValidateLimits, MoreExternalNumbersAtOnceThanChannels) {
  const std::string group =
      "groups: [{name: Sales, strategy: STRATEGY, members: [\"+48600100200\", \"+48600100201\"]}], "
      "trunks: [{name: t, uri: \"sip:192.0.2.1\", channels: 1}]";
  const auto with = [&group](const std::string& strategy) {
    std::string text = group;
    return text.replace(text.find("STRATEGY"), 8, strategy);
  };

  EXPECT_EQ(warnings(with("ring_all")), (Lines{"beyond_limit /groups/0/members"}));
  EXPECT_EQ(warnings(with("sequential")), Lines{}) << "one after another";
}

}  // namespace
}  // namespace model
