// How often the engine wants to be woken: each wake-up is a system call and a cold cache.
#include <cstddef>
#include <utility>

#include <gtest/gtest.h>

#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

// Three times three phones ring, one answers, two are cancelled, the caller hangs up, each a little
// later than on the second before: what lingers for 5 or 32 s ends on common beats, and nobody is
// woken for a timer that was stopped.
TEST(Wakes, CallsThatAreOverWakeTheEngineOnlyForTheirLastTransactions) {
  model::Office office = office_of_users(4);
  office.groups.push_back(
      group_of(model::Strategy::RingAll, {member("101"), member("102"), member("103")}));
  Scene scene{std::move(office)};
  scene.phone("101").habit.answers = ms(10);
  for (std::size_t i = 0; i < 3; ++i) {
    scene.dial("600");
    scene.run_until(ms(50));
    ASSERT_TRUE(scene.caller().talking());
    scene.caller().hang_up(i);
    scene.run_until(ms(61));
  }
  scene.run_until(s(2));
  const std::size_t before = scene.world.wakes;

  scene.run_until(s(40));

  EXPECT_EQ(scene.world.engine().counters().transactions, 0U);
  EXPECT_LE(scene.world.wakes - before, 7U) << "T4 and 64*T1 of answers, ends and cancels";
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
