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

  EXPECT_EQ(references_to(office, Kind::User, "101"), (Texts{"group Sales, member 1"}));
  EXPECT_EQ(references_to(office, Kind::User, "102"), (Texts{"group Sales, finally"}));
  EXPECT_EQ(references_to(office, Kind::Group, "sales"), Texts{});
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
