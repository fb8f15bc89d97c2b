// All orders of the events that race while two are asked for a key (rule 9, sip.md 4.2): keys, an
// answer, a caller who gives up and the end of the ring, in virtual time, against the whole engine.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/scene.h"

namespace sim {
namespace {

enum class Race : std::uint8_t { Key1, Answer2, Key2, Decline1, CallerCancels, RingTimeEnds };
constexpr std::array kNames{"key1", "answer2", "key2", "decline1", "cancel", "ring-time"};
using Order = std::array<Race, 6>;

constexpr base::Duration kRingTime{10'000};

// 600 rings 101 and 102 for 10 s and asks; 103 is the caller.
Scene asking_scene() {
  model::Office office = office_of_users(3);
  model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
  group.timeout = kRingTime;
  group.confirm = model::Confirm::Always;
  office.groups.push_back(group);
  return Scene{office, with_media()};
}

void fire(Race race, Scene& scene) {
  switch (race) {
    case Race::Key1:
      (void)scene.press("101", '1');
      return;
    case Race::Decline1:
      (void)scene.press("101", '3');
      return;
    case Race::Answer2:
      scene.phone("102").answer(0);
      return;
    case Race::Key2:
      (void)scene.press("102", '1');
      return;
    case Race::CallerCancels:
      scene.caller().cancel(0);
      return;
    case Race::RingTimeEnds:
      return;  // the engine's own clock
  }
}

// "" or what is wrong. 101 has answered before and is asked when the events come.
std::string run(const Order& order, base::Duration gap) {
  Scene scene = asking_scene();
  auto& clock = scene.world.scheduler();
  scene.dial("600");
  const base::Instant dialled = clock.now();
  clock.at(dialled + s(5), [&] { scene.phone("101").answer(0); });
  const auto pivot = std::ranges::find(order, Race::RingTimeEnds) - order.begin();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const base::Duration offset = gap * (static_cast<std::int64_t>(i) - pivot);
    clock.at(dialled + kRingTime + offset, [&, race = order.at(i)] { fire(race, scene); });
  }
  scene.run_until(kRingTime + s(3));

  std::string wrong;
  int talks = 0;
  for (const char* who : {"101", "102"})
    if (scene.hears(who) == scene.voice_of("103")) ++talks;
  const bool answered = scene.final_code() == 200;
  if (talks > 1) wrong += "two talk with the caller\n";
  if (talks == 1 && !answered) wrong += "somebody hears a caller who was not answered\n";
  wrong += scene.finish();
  const bool recorded = scene.record().outcome == facts::Outcome::Answered;
  if (answered != recorded) wrong += "the record says otherwise\n";
  return wrong;
}

TEST(Orders, Rule_9_EveryOrderOfKeysAnAnswerAndEndsHasOneOutcome) {
  std::uint64_t runs = 0;
  for (const int gap : {0, 1, 2, 40}) {
    Order order{Race::Key1,     Race::Answer2,       Race::Key2,
                Race::Decline1, Race::CallerCancels, Race::RingTimeEnds};
    std::ranges::sort(order);
    do {
      std::string name;
      for (const Race race : order)
        name += std::string{kNames.at(static_cast<std::size_t>(race))} + " ";
      EXPECT_EQ(run(order, base::Duration{gap}), "") << name << "gap " << gap;
      if (testing::Test::HasFailure()) return;
      ++runs;
    } while (std::ranges::next_permutation(order).found);
  }
  std::printf("orders: confirm %llu\n", static_cast<unsigned long long>(runs));
  EXPECT_EQ(runs, 2'880U);
}

}  // namespace
}  // namespace sim
