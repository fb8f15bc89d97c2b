#include "model/state_change.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model {
namespace {

constexpr base::WallTime kNow{1'790'000'000'000};

std::shared_ptr<const Snapshot> office() {
  Office made;
  for (const char* extension : {"101", "102"}) {
    User user;
    user.extension = extension;
    made.users.push_back(user);
  }
  Group group;
  group.name = "Sales";
  group.extensions = {"600"};
  group.strategy = Strategy::Stages;
  group.stages.resize(2);
  for (Stage& stage : group.stages) {
    Member member;
    member.target = "101";
    stage.ring = {member};
  }
  made.groups = {group};
  return Snapshot::build(made, {});
}

TEST(StateChange, ALoginCountsForEachLineOfHis) {
  const auto snapshot = office();

  const auto after = changed(*snapshot, {SetLogin{"101", Kind::Group, "sales", false}}, kNow);

  ASSERT_TRUE(after.has_value());
  EXPECT_FALSE(after->groups[0].stages[0].ring[0].logged_in);
  EXPECT_FALSE(after->groups[0].stages[1].ring[0].logged_in);
}

TEST(StateChange, AllOrNone) {
  const auto snapshot = office();

  EXPECT_EQ(changed(*snapshot, {SetPaused{"101", true}, SetFlag{"gone", true}}, kNow),
            std::nullopt);
}

TEST(StateChange, NothingElseIsTouched) {
  const auto snapshot = office();

  const auto after = changed(*snapshot, {SetForward{"102", ForwardKind::NoAnswer, "101"}}, kNow);

  Office expected = snapshot->office();
  expected.users[1].forward.no_answer.to = "101";
  EXPECT_EQ(after, expected);
}

}  // namespace
}  // namespace model
