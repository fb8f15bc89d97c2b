// Who could ring now, against what explain says of the same moment.
#include "foresight/health.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/explain.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace {

using foresight::MemberHealth;
using foresight::People;

constexpr base::WallTime kNoon{1'772'366'400'000};

model::Member ring(std::string target) {
  model::Member line;
  line.target = std::move(target);
  return line;
}

// 101 can; each of the others has one reason why he cannot.
model::Office office() {
  model::Office o;
  for (int e = 101; e <= 107; ++e) o.users.emplace_back().extension = std::to_string(e);
  o.users[1].do_not_disturb = true;
  o.users[3].enabled = false;
  o.users[4].paused.on = true;
  model::Group& sales = o.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  for (int e = 101; e <= 107; ++e) sales.members.push_back(ring(std::to_string(e)));
  sales.members[6].logged_in = false;
  sales.members.push_back(ring("+48600100200"));
  return o;
}

People people() {
  People now;
  for (int e = 101; e <= 107; ++e) now[std::to_string(e)].devices = e == 103 ? 0 : 1;
  now["106"].calls = 1;
  return now;
}

std::vector<std::string> reasons(const std::vector<MemberHealth>& members) {
  std::vector<std::string> all;
  for (const MemberHealth& one : members) all.push_back(one.target + " " + one.why);
  return all;
}

TEST(GroupHealth, NamesForEachMemberWhyHeCannotRing) {
  const auto snapshot = model::Snapshot::build(office(), {});

  const auto members =
      foresight::health_of(*snapshot, snapshot->office().groups[0], people(), kNoon);

  EXPECT_EQ(reasons(members),
            (std::vector<std::string>{"101 ", "102 do_not_disturb", "103 not_registered",
                                      "104 disabled", "105 paused", "106 in_a_call",
                                      "107 logged_out", "+48600100200 no_trunk"}));
  EXPECT_TRUE(members[0].can_ring);
  EXPECT_FALSE(members[1].can_ring);
  EXPECT_EQ(members[1].setting, "users/102/do_not_disturb");
  EXPECT_EQ(members[6].setting, "groups/sales/members/6/logged_in");
}

TEST(GroupHealth, AgreesWithWhatExplainSaysOfTheSameMoment) {
  const auto snapshot = model::Snapshot::build(office(), {});
  hunt::Presence presence;
  for (const auto& [id, present] : people()) {
    presence.users[id].devices = present.devices;
    presence.users[id].calls = present.calls;
  }

  const facts::PlanStory story =
      foresight::explain(*snapshot, presence, {.number = "8001", .from = "", .at = kNoon});

  std::vector<std::string> skipped;
  for (const facts::SkippedTarget& one : story.skipped)
    skipped.push_back(one.target + " " + one.why);
  std::vector<std::string> unable;
  for (const MemberHealth& one :
       foresight::health_of(*snapshot, snapshot->office().groups[0], people(), kNoon))
    if (!one.can_ring) unable.push_back(one.target + " " + one.why);
  EXPECT_EQ(skipped, unable);
}

TEST(GroupHealth, AnInnerGroupCanRingWhenSomebodyInItCan) {
  model::Office o = office();
  model::Group outer;
  outer.name = "All";
  outer.members = {ring("Sales"), ring("All")};
  outer.members[0].is_group = outer.members[1].is_group = true;
  o.groups.push_back(outer);
  const auto snapshot = model::Snapshot::build(o, {});
  const model::Group& all = snapshot->office().groups[1];

  EXPECT_EQ(reasons(foresight::health_of(*snapshot, all, people(), kNoon)),
            (std::vector<std::string>{"Sales ", "All cycle"}));
  EXPECT_EQ(reasons(foresight::health_of(*snapshot, all, {}, kNoon)),
            (std::vector<std::string>{"Sales empty_group", "All cycle"}));
}

TEST(GroupHealth, OfADisabledGroupNobodyCanRing) {
  model::Office o = office();
  o.groups[0].enabled = false;
  const auto snapshot = model::Snapshot::build(o, {});

  for (const MemberHealth& one :
       foresight::health_of(*snapshot, snapshot->office().groups[0], people(), kNoon))
    EXPECT_EQ(one.why, "disabled");
}

TEST(UserState, IsOneWord) {
  const model::Office o = office();

  EXPECT_EQ(foresight::state_of(o.users[0], {1, 0}, kNoon), "available");
  EXPECT_EQ(foresight::state_of(o.users[0], {1, 2}, kNoon), "in_a_call");
  EXPECT_EQ(foresight::state_of(o.users[0], {0, 0}, kNoon), "not_registered");
  EXPECT_EQ(foresight::state_of(o.users[1], {1, 0}, kNoon), "do_not_disturb");
  EXPECT_EQ(foresight::state_of(o.users[3], {1, 0}, kNoon), "disabled");
  EXPECT_EQ(foresight::state_of(o.users[4], {1, 0}, kNoon), "paused");
}

}  // namespace
