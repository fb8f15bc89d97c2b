// All orders of the events that race in one hunted call (sip.md 4.2), each also with the n-th
// datagram lost and doubled, for every n: in virtual time, against the whole engine.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/world.h"

namespace sim {
namespace {

enum class Race : std::uint8_t { Answer1, Answer2, Refuse3, CallerCancels, RingTimeEnds };
using Order = std::array<Race, 5>;

struct Scene {
  model::Strategy strategy = model::Strategy::RingAll;
  base::Duration gap{1};  // between two events; 0: one turn
  bool prevent_missed_calls = false;
};

constexpr base::Duration kRingTime{10'000};

model::Office office_for(const Scene& scene) {
  model::Office office = office_of_users(4);
  model::Group group;
  group.name = "Sales";
  group.extensions = {"600"};
  group.strategy = scene.strategy;
  group.timeout = kRingTime;
  group.prevent_missed_calls = scene.prevent_missed_calls;
  for (const char* extension : {"101", "102", "103"}) {
    group.members.push_back(member(extension));
    if (scene.strategy == model::Strategy::Sequential) {
      group.members.back().ring_for = kRingTime;
      group.timeout.reset();
    }
  }
  office.groups.push_back(group);
  return office;
}

struct Ending {
  std::string problems;
  std::uint64_t packets = 0;
  bool talked = false;
};

void fire(Race race, std::vector<Phone*>& phones, Phone& caller) {
  switch (race) {
    case Race::Answer1:
      if (!phones[0]->calls().empty()) phones[0]->answer(0);
      return;
    case Race::Answer2:
      if (!phones[1]->calls().empty()) phones[1]->answer(0);
      return;
    case Race::Refuse3:
      if (!phones[2]->calls().empty()) phones[2]->refuse(0, 603);
      return;
    case Race::CallerCancels:
      caller.cancel(0);
      return;
    case Race::RingTimeEnds:
      return;  // the engine's own clock
  }
}

Ending run(const Scene& scene, const Order& order, const Faults& faults) {
  World world(office_for(scene), 7);
  std::vector<Phone*> phones;
  for (const char* extension : {"101", "102", "103"}) phones.push_back(&world.add_phone(extension));
  Phone& caller = world.add_phone("104");
  world.register_all();
  const std::uint64_t before = world.network().packets();
  world.network().faults = faults;
  if (faults.lose_nth.has_value()) world.network().faults.lose_nth = *faults.lose_nth + before;
  if (faults.double_nth.has_value())
    world.network().faults.double_nth = *faults.double_nth + before;
  const base::Instant start = world.scheduler().now();
  (void)caller.call("600");
  const auto pivot = std::ranges::find(order, Race::RingTimeEnds) - order.begin();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const base::Duration offset = scene.gap * (static_cast<std::int64_t>(i) - pivot);
    world.scheduler().at(start + kRingTime + offset,
                         [&, race = order.at(i)] { fire(race, phones, caller); });
  }

  world.run_for(kRingTime + base::Duration{2'000});
  // Whoever talks hangs up in the end.
  for (std::size_t i = 0; i < caller.calls().size(); ++i) caller.hang_up(i);
  const bool rests = world.run_to_rest(base::Duration{400'000});

  Ending ending;
  ending.problems = world.verdict();
  if (!rests) ending.problems += "does not come to rest\n";
  ending.packets = world.network().packets() - before;
  ending.talked = caller.calls()[0].answered.has_value();
  const bool recorded =
      !world.records().empty() && world.records().back().outcome == facts::Outcome::Answered;
  if (ending.talked && !recorded) ending.problems += "talked, but the record says otherwise\n";
  for (const Phone* phone : phones)
    if (phone->talking()) ending.problems += "a member still talks\n";
  return ending;
}

std::string name_of(const Order& order) {
  static constexpr std::array<const char*, 5> kNames{"answer1", "answer2", "refuse3", "cancel",
                                                     "ring-time"};
  std::string out;
  for (const Race race : order) out += std::string{kNames.at(static_cast<std::size_t>(race))} + " ";
  return out;
}

std::vector<Order> all_orders() {
  Order order{Race::Answer1, Race::Answer2, Race::Refuse3, Race::CallerCancels, Race::RingTimeEnds};
  std::vector<Order> orders;
  do orders.push_back(order);
  while (std::ranges::next_permutation(order).found);
  return orders;
}

// Runs every order of `scene`; with `faults`, each also with each datagram lost and doubled.
std::uint64_t run_all(const Scene& scene, bool faults) {
  std::uint64_t runs = 0;
  for (const Order& order : all_orders()) {
    const Ending clean = run(scene, order, {});
    ++runs;
    EXPECT_EQ(clean.problems, "") << name_of(order) << "gap " << scene.gap.count();
    for (std::uint64_t n = 0; faults && n < clean.packets; ++n) {
      for (const bool lose : {true, false}) {
        Faults one;
        (lose ? one.lose_nth : one.double_nth) = n;
        EXPECT_EQ(run(scene, order, one).problems, "")
            << name_of(order) << (lose ? "lost " : "doubled ") << n;
        ++runs;
      }
      if (testing::Test::HasFailure()) return runs;
    }
    if (testing::Test::HasFailure()) return runs;
  }
  return runs;
}

TEST(Orders, Rule_6_EveryOrderOfARingAllCallEndsInOneOutcome) {
  std::uint64_t runs = 0;
  for (const int gap : {0, 1, 2, 40})
    for (const bool prevent : {false, true})
      runs += run_all({model::Strategy::RingAll, base::Duration{gap}, prevent}, false);
  std::printf("orders: ring_all %llu\n", static_cast<unsigned long long>(runs));
  EXPECT_GE(runs, 960U);  // never falls
}

TEST(Orders, Rule_6_EveryOrderOfASequentialCallEndsInOneOutcome) {
  std::uint64_t runs = 0;
  for (const int gap : {0, 1, 2, 40})
    runs += run_all({model::Strategy::Sequential, base::Duration{gap}, false}, false);
  std::printf("orders: sequential %llu\n", static_cast<unsigned long long>(runs));
  EXPECT_GE(runs, 480U);  // never falls
}

TEST(Orders, Rule_6_EveryOrderWithOneDatagramLostOrDoubledEndsInOneOutcome) {
  const std::uint64_t all = run_all({model::Strategy::RingAll, base::Duration{1}, false}, true);
  const std::uint64_t one = run_all({model::Strategy::Sequential, base::Duration{1}, false}, true);
  std::printf("orders: with one fault ring_all %llu, sequential %llu\n",
              static_cast<unsigned long long>(all), static_cast<unsigned long long>(one));
  EXPECT_GE(all, 8'016U);  // never falls
  EXPECT_GE(one, 4'760U);  // never falls
}

}  // namespace
}  // namespace sim
