#include "foresight/advise.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "foresight/chance.h"
#include "foresight/traffic.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace {

using foresight::Advice;
using foresight::Lengths;

constexpr base::Duration s(std::int64_t seconds) {
  return base::Duration{seconds * 1'000};
}

// 101 hardly ever answers and stands before 102, who always does; 103 is not in the group.
struct Desk {
  Desk() {
    model::Office office;
    for (const char* extension : {"101", "102", "103"})
      office.users.emplace_back().extension = extension;
    model::Group& group = office.groups.emplace_back();
    group.name = "Sales";
    group.extensions = {"600"};
    group.strategy = model::Strategy::Sequential;
    for (const char* extension : {"101", "102"}) {
      model::Member& member = group.members.emplace_back();
      member.target = extension;
      member.ring_for = s(15);
    }
    snapshot = model::Snapshot::build(office, {});
    traffic.number = "600";
    traffic.calls = 2'000;
    traffic.an_hour = 6;
    traffic.patience = Lengths::around(s(20));
    people.known["101"].answers = 0.05;
    people.known["102"].answers = 1;
    people.known["102"].pickup = Lengths::always(s(4));
  }

  std::vector<Advice> ask() {
    return foresight::advise({snapshot, traffic, people, 3}, snapshot->office().groups[0].id, 4,
                             tried);
  }

  std::shared_ptr<const model::Snapshot> snapshot;
  foresight::Traffic traffic;
  foresight::Habits people;
  std::size_t tried = 0;
};

TEST(Advise, WhoAnswersShouldComeFirst) {
  Desk desk;

  const std::vector<Advice> advice = desk.ask();

  ASSERT_FALSE(advice.empty());
  EXPECT_GE(desk.tried, 8U);
  const auto first = std::find_if(advice.begin(), advice.end(),
                                  [](const Advice& a) { return a.what == "102 comes first"; });
  ASSERT_NE(first, advice.end());
  EXPECT_GT(first->answered.value, 0.2);
  EXPECT_LT(first->wait_s, -5);
  EXPECT_EQ(first->group.members[0].target, "102");
  for (std::size_t i = 1; i < advice.size(); ++i)
    EXPECT_GE(advice[i - 1].answered.value, advice[i].answered.value);
}

TEST(Advise, WhereAllIsWellNothingIsAdvised) {
  Desk desk;
  desk.traffic.patience = {};
  desk.people.known["101"].answers = 1;
  desk.people.known["101"].pickup = Lengths::always(base::Duration{1});
  desk.people.known["102"].pickup = Lengths::always(base::Duration{1});
  desk.traffic.talk = Lengths::always(base::Duration{1});

  EXPECT_TRUE(desk.ask().empty());
}

}  // namespace
