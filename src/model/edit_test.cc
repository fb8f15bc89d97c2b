#include "model/edit.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/node.h"
#include "model/decode.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/testing/document.h"
#include "model/testing/offices.h"
#include "model/thing.h"

namespace model {
namespace {

using testing::document;
using testing::office_of;
using Texts = std::vector<std::string>;

constexpr std::string_view kCurrent = R"({tenant: x.example, language: pl,
  users: [{extension: "101", name: Alice}, {extension: "102", name: Bob}],
  groups: [{name: Sales, timeout: 30, members: ["101"], finally: {user: "102"}}],
  flags: [{name: night, on: true}]})";

Texts texts(const std::vector<Change>& changes) {
  Texts made;
  for (const Change& change : changes) made.push_back(change.text);
  return made;
}

Applied applied(std::string_view file, bool prune = false) {
  Office current = office_of(kCurrent);
  give_ids(current);
  return apply_file(current, office_of(file), document(file), prune);
}

TEST(Edit, PutsAndRemovesThingsById) {
  Office office = office_of(kCurrent);
  User bob;
  bob.extension = "102";
  bob.name = "Robert";
  User dan;
  dan.extension = "104";

  office = apply(std::move(office), PutThing{bob});
  office = apply(std::move(office), PutThing{dan});
  office = apply(std::move(office), RemoveThing{Kind::User, "101"});

  EXPECT_EQ(office.users, (std::vector<User>{bob, dan}));
  EXPECT_EQ(find_thing(office, Kind::User, "104"), std::optional<Thing>{dan});
  EXPECT_EQ(find_thing(office, Kind::Group, "104"), std::nullopt);
}

TEST(Edit, Row_S0_8_TheStrategyOfALiveGroupCanBeChanged) {
  Office office = office_of(kCurrent);
  Group sales = office.groups.at(0);
  sales.strategy = Strategy::Sequential;

  const Office after = apply(office, PutThing{sales});

  EXPECT_EQ(texts(changes_between(office, after)),
            (Texts{"group Sales changed: strategy ring_all -> sequential"}));
}

TEST(Edit, Row_S0_12_SaysWhoNamesAThing) {
  const Office office = office_of(kCurrent);

  using References = std::vector<Reference>;
  EXPECT_EQ(references_to(office, Kind::User, "101"),
            (References{{"group Sales, member 1", "groups", "sales"}}));
  EXPECT_EQ(references_to(office, Kind::User, "102"),
            (References{{"group Sales, finally", "groups", "sales"}}));
  EXPECT_EQ(references_to(office, Kind::Group, "sales"), References{});
}

constexpr std::string_view kNaming = R"({tenant: x.example,
  admins: [{email: a@x.example, role: group_manager, groups: [Sales]}],
  users: [{extension: "101", name: Alice, forward: {busy: "8001", no_answer: {to: "102"}}},
          {extension: "102", name: Bob, mailbox: {pin: "1"}},
          {extension: "103", name: Cora, rules: [{name: r, when: work,
           stages: [{ring: ["102"], for: 9}], finally: {mailbox: "102"}}]}],
  groups: [{name: Sales, extensions: ["8001"], members: ["101"], finally: {user: "102"}},
           {name: All, extensions: ["8002"], members: ["101", "102", {group: Sales}],
            flags: [{flag: night, to: {group: Sales}}]}],
  queues: [{name: Desk, members: ["102"], may_log_in: ["102", "103"], finally: {group: "8001"}}],
  ivrs: [{name: Front, keys: {"1": {group: Sales}}, otherwise: {number: "8001"}}],
  numbers: [{number: "+48587622000", to: {group: Sales}}],
  chain: [{sip_number: "101", next_number: "102"}, {sip_number: "102", next_number: "101"}],
  schedules: [{name: work, open: ["Mo-Fr 08:00-16:00"]}, {name: late, open: ["Sa"]}],
  flags: [{name: night, schedule: work}]})";

Texts places(const Office& office, Kind kind, std::string_view id) {
  Texts made;
  for (const Reference& reference : references_to(office, kind, id)) made.push_back(reference.text);
  return made;
}

TEST(Edit, Row_S0_12_PutsAnotherDestinationWhereAGroupWasNamed) {
  const Office office = office_of(kNaming);
  const Replacement queue{{DestinationKind::Queue, "Desk"}, {}};

  const Office after = without(office, Kind::Group, "sales", queue);

  EXPECT_EQ(places(office, Kind::Group, "sales"),
            (Texts{"account a@x.example", "user Alice, forward", "group All, member 3",
                   "group All, flags", "queue Desk, finally", "menu Front, key 1",
                   "menu Front, otherwise", "number +48587622000"}));
  EXPECT_EQ(places(after, Kind::Group, "sales"), Texts{});
  EXPECT_EQ(find_thing(after, Kind::Group, "sales"), std::nullopt);
  EXPECT_EQ(after.numbers.at(0).to, queue.to);
  EXPECT_EQ(after.ivrs.at(0).otherwise, queue.to);
  EXPECT_EQ(after.admins.at(0).groups, Texts{"Desk"});
  EXPECT_EQ(after.users.at(0).forward.busy, "");     // the queue has no number to dial
  EXPECT_EQ(after.groups.at(0).members.size(), 2U);  // and cannot be rung as a member
}

TEST(Edit, Row_S0_12_PutsAnotherUserWhereOneWasNamed) {
  const Office office = office_of(kNaming);
  const Replacement cora{{DestinationKind::User, "103"}, {}};

  const Office after = without(office, Kind::User, "102", cora);

  EXPECT_EQ(places(after, Kind::User, "102"), Texts{});
  EXPECT_EQ(after.users.at(0).forward.no_answer.to, "103");
  EXPECT_EQ(after.users.at(1).rules.at(0).stages.at(0).ring.at(0).target, "103");
  EXPECT_EQ(after.groups.at(1).members.at(1).target, "103");
  EXPECT_EQ(after.groups.at(0).finally.any, cora.to);
  EXPECT_EQ(after.queues.at(0).members.at(0).target, "103");
  EXPECT_EQ(after.chain.at(0).next_number, "103");
  EXPECT_EQ(after.chain.at(1).sip_number, "103");
}

TEST(Edit, Row_S0_12_LeavesOutWhoIsReplacedByNothing) {
  const Office office = office_of(kNaming);

  const Office after = without(office, Kind::User, "102", {});

  EXPECT_EQ(places(after, Kind::User, "102"), Texts{});
  EXPECT_EQ(after.groups.at(0).finally, Finally{});
  EXPECT_EQ(after.queues.at(0).may_log_in, Texts{"103"});
  EXPECT_EQ(after.chain.size(), 1U);
  EXPECT_EQ(after.chain.at(0).next_number, "");
}

TEST(Edit, Row_S0_12_PutsAnotherScheduleWhereOneWasNamed) {
  const Office office = office_of(kNaming);

  const Office after = without(office, Kind::Schedule, "work", {{}, "late"});

  EXPECT_EQ(after.flags.at(0).schedule, "late");
  EXPECT_EQ(after.users.at(2).rules.at(0).when, "late");
}

TEST(ApplyFile, MakesWhatTheFileNamesEqualToTheFileAndKeepsTheRest) {
  const Applied made = applied(
      "{groups: [{name: Sales, timeout: 20, members: [\"101\", \"102\"]}, "
      "{name: New}]}");

  EXPECT_EQ(texts(made.changes),
            (Texts{"group Sales changed: timeout 30 -> 20; members: {ring: 102, weight: 10, "
                   "timer_from: dialling, enabled: true, logged_in: true,... added; finally {user: "
                   "102} -> nothing",
                   "group New added"}));
  EXPECT_EQ(made.office.users.size(), 2U);
  EXPECT_EQ(made.office.language, "pl");
  EXPECT_EQ(made.office.groups.at(0).id, "sales");
}

TEST(ApplyFile, WhatTheFileLeavesOutAndTheServerCompletedIsNoChange) {
  const std::string_view file =
      "{users: [{extension: \"101\", sip: {password: a}, devices: [{username: \"101-desk\"}]}]}";
  const Office stored = Snapshot::build(office_of(file), {})->office();

  const Applied made = apply_file(stored, office_of(file), document(file), true);

  EXPECT_EQ(texts(made.changes), Texts{});
  EXPECT_EQ(made.office, stored);
}

TEST(ApplyFile, PrunesWhatTheFileDoesNotName) {
  const Applied made = applied("{users: [{extension: \"101\", name: Alice}]}", true);

  EXPECT_EQ(texts(made.changes),
            (Texts{"office changed: language pl -> en", "user Bob (102) removed",
                   "group Sales removed", "flag night removed"}));
  EXPECT_EQ(made.office.tenant, "x.example");
}

TEST(ApplyFile, KeepsWhatWasSwitchedByHand) {
  EXPECT_EQ(applied("{flags: [{name: night}]}").office.flags.at(0).on, true);
  EXPECT_EQ(applied("{flags: [{name: night, on: false}]}").office.flags.at(0).on, false);
}

TEST(ApplyFile, NeverShowsASecret) {
  const Applied made =
      applied("{users: [{extension: \"101\", name: Alice, sip: {password: secret}}]}");

  EXPECT_EQ(texts(made.changes), (Texts{"user Alice (101) changed: sip/password changed"}));
}

template <class T>
void rename(std::vector<T>& things) {
  for (std::size_t i = 0; i < things.size(); ++i) things[i].name = "n" + std::to_string(i);
}

// The office with no name or number twice, as validate() wants it.
Office with_own_names(Office office) {
  const auto number = [](std::size_t i) { return std::to_string(100 + i); };
  for (std::size_t i = 0; i < office.users.size(); ++i) office.users[i].extension = number(i);
  for (std::size_t i = 0; i < office.chain.size(); ++i) office.chain[i].sip_number = number(i);
  for (std::size_t i = 0; i < office.numbers.size(); ++i) office.numbers[i].number = number(i);
  for (std::size_t i = 0; i < office.admins.size(); ++i) office.admins[i].email = number(i);
  rename(office.groups);
  rename(office.mailboxes);
  rename(office.ivrs);
  rename(office.queues);
  rename(office.schedules);
  rename(office.flags);
  rename(office.trunks);
  rename(office.sounds);
  return office;
}

TEST(ApplyFileProperty, ApplyingTheSameOfficeTwiceChangesNothing) {
  const bool holds = rc::check("apply", [](std::uint64_t seed) {
    const Office file = with_own_names(testing::RandomOffice(seed).office());
    const base::Node whole = document("{}");
    const Applied once = apply_file(Office{}, file, whole, false);

    const Applied twice = apply_file(once.office, file, whole, false);

    RC_ASSERT(texts(twice.changes) == Texts{});
    RC_ASSERT(twice.office == once.office);
  });
  EXPECT_TRUE(holds);
}

TEST(Thing, IdsAreMadeOfNamesAndNumbers) {
  Group group;
  group.name = "Head Office (PL)";
  User user;
  user.extension = "101";

  EXPECT_EQ(id_of(Thing{group}), "head-office-pl");
  EXPECT_EQ(id_of(Thing{user}), "101");
  EXPECT_EQ(slug("  Zażółć  X "), "zażółć-x");
  for (std::size_t i = 0; i < kKindCount; ++i)
    EXPECT_EQ(kind_from_key(key_of(static_cast<Kind>(i))), static_cast<Kind>(i));
}

}  // namespace
}  // namespace model
