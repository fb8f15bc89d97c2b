// How late a ring begins is told with it, for the metric harrier_hunt_timer_skew_seconds.
#include <optional>
#include <variant>

#include <gtest/gtest.h>

#include "base/time.h"
#include "hunt/hunt.h"
#include "hunt/testing/rig.h"
#include "hunt/view.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace {

using namespace std::chrono_literals;

std::optional<base::Duration> lateness(const hunt::Actions& actions) {
  for (const hunt::Action& action : actions)
    if (const auto* dial = std::get_if<hunt::Dial>(&action)) return dial->late;
  return std::nullopt;
}

TEST(Hunt, ARingKnowsHowLateItsClockWas) {
  model::Group g = hunt::testing::group("Sales", model::Strategy::Staggered, "101 102@6 103@10");
  const auto snapshot = model::Snapshot::build(hunt::testing::office_with({g}), {});
  hunt::Presence presence;
  for (const model::User& user : snapshot->office().users) presence.users[user.id].devices = 1;
  const hunt::PresenceView view(*snapshot, presence);
  hunt::Start start;
  start.step = model::RingGroup{snapshot->office().groups[0].id};
  start.snapshot = snapshot;
  hunt::Hunt hunt(start, {});
  hunt::Actions actions;
  hunt.begin(view, {}, actions);
  EXPECT_EQ(lateness(actions), 0ms);

  actions.clear();
  hunt.step(hunt::TimeReached{}, view, {base::Instant{6'007ms}, {}}, actions);
  EXPECT_EQ(lateness(actions), 7ms);

  actions.clear();
  hunt.step(hunt::TimeReached{}, view, {base::Instant{10'000ms}, {}}, actions);
  EXPECT_EQ(lateness(actions), 0ms) << "one late ring does not make the next one late";
}

}  // namespace
