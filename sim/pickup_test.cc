// Picking ringing calls up, by code and by INVITE with Replaces, on the wire of the whole engine:
// rights, what the others hear of it, the record, and every order of a pickup and an answer (row
// S1.16, sip.md 4.13, reliability.md F9).

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

// 600 rings 101 and 102 for 30 s; 103 is in no group; 104 calls.
model::Office office(model::Pickup pickup = model::Pickup::Members) {
  model::Office made = office_of_users(5);
  model::Group group = group_of(model::Strategy::RingAll, {member("101"), member("102")});
  group.timeout = s(30);
  group.pickup = pickup;
  made.groups.push_back(group);
  return made;
}

// The caller is 105, the last user.
struct Room {
  explicit Room(const model::Office& made) : scene(made, with_media()) {}
  // Who dials this code or number at `at`; the index of his call.
  std::size_t dial_at(base::Duration at, const std::string& who, const std::string& number,
                      const std::vector<std::string>& extra = {}) {
    scene.run_until(at);
    return scene.phone(who).call(number, extra);
  }

  Scene scene;
};

TEST(Pickup, Row_S1_16_AMemberPicksTheGroupsCallUpByCode) {
  model::Office made = office();
  made.groups[0].members = {member("101")};
  made.groups[0].members.push_back(member("102"));
  made.groups[0].members[1].after = s(20);
  Room room{made};
  room.scene.dial("600");

  const std::size_t index = room.dial_at(s(4), "102", "**600");
  room.scene.run_until(s(5));

  EXPECT_EQ(room.scene.phone("102").calls()[index].final_code, 200);
  EXPECT_EQ(room.scene.final_code(), 200);
  EXPECT_EQ(room.scene.hears("105"), room.scene.voice_of("102", index));
  EXPECT_EQ(room.scene.hears("102", index), room.scene.voice_of("105"));
  EXPECT_EQ(room.scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(room.scene.phone("101").missed_calls(), 0U);
  EXPECT_EQ(room.scene.finish(), "");
  ASSERT_EQ(room.scene.world.records().size(), 1U) << "one conversation, one record";
  EXPECT_EQ(room.scene.record().outcome, facts::Outcome::Answered);
  EXPECT_EQ(room.scene.record().answered_by, "102");
  EXPECT_EQ(room.scene.record().attempts.back().why, "picked_up");
  EXPECT_NEAR(static_cast<double>(room.scene.record().wait_ms), 4'000, 50);
}

TEST(Pickup, WhoHasNoRightIsToldSoAndThePhoneRingsOn) {
  Room room{office()};
  room.scene.dial("600");

  const std::size_t index = room.dial_at(s(4), "103", "**600");
  room.scene.run_until(s(6));

  EXPECT_EQ(room.scene.played("103", index), std::vector<std::string>{"en/harrier/not-allowed"});
  EXPECT_EQ(room.scene.final_code(), 0);
  EXPECT_EQ(room.scene.stopped_at("101"), -1);
  EXPECT_EQ(room.scene.finish(), "");
}

TEST(Pickup, AnyoneAndNobody) {
  Room anyone{office(model::Pickup::Anyone)};
  anyone.scene.dial("600");
  (void)anyone.dial_at(s(4), "103", "**101");
  anyone.scene.run_until(s(5));
  EXPECT_EQ(anyone.scene.final_code(), 200);
  EXPECT_EQ(anyone.scene.finish(), "");
  EXPECT_EQ(anyone.scene.record().answered_by, "103");

  Room nobody{office(model::Pickup::Nobody)};
  nobody.scene.dial("600");
  (void)nobody.dial_at(s(4), "102", "**600");
  nobody.scene.run_until(s(6));
  EXPECT_EQ(nobody.scene.final_code(), 0);
  EXPECT_EQ(nobody.scene.finish(), "");
}

TEST(Pickup, ACallThatCameStraightToSomebodyIsForEveryColleague) {
  Room room{office()};
  room.scene.dial("101");

  (void)room.dial_at(s(4), "103", "**101");
  room.scene.run_until(s(5));

  EXPECT_EQ(room.scene.final_code(), 200);
  EXPECT_EQ(room.scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(room.scene.finish(), "");
  EXPECT_EQ(room.scene.record().answered_by, "103");
}

TEST(Pickup, TheCodeAloneTakesTheOldestCallOfHisGroups) {
  Room room{office()};
  const std::size_t younger = [&] {
    room.scene.dial("600");
    return room.dial_at(s(3), "104", "600");
  }();

  (void)room.dial_at(s(6), "102", "*8");
  room.scene.run_until(s(8));

  EXPECT_EQ(room.scene.final_code(), 200) << "105 has called first";
  EXPECT_EQ(room.scene.phone("104").calls()[younger].final_code, 0);
  EXPECT_EQ(room.scene.finish(), "");
}

TEST(Pickup, NothingRingsIsSaid) {
  Room room{office()};

  const std::size_t any = room.scene.phone("102").call("*8");
  const std::size_t one = room.scene.phone("103").call("**101");
  room.scene.world.run_for(s(4));

  const std::vector<std::string> nothing{"en/harrier/nothing-to-pick-up"};
  EXPECT_EQ(room.scene.played("102", any), nothing);
  EXPECT_EQ(room.scene.played("103", one), nothing);
  EXPECT_EQ(room.scene.finish(), "");
}

TEST(Pickup, Row_S1_16_ByReplacesExactlyTheCallThatTheLampShowed) {
  Room room{office(model::Pickup::Anyone)};
  room.scene.phone("103").watch("600");
  room.scene.world.run_for(s(1));
  room.scene.dial("600");
  room.scene.run_until(s(2));
  const std::string replaces = room.scene.phone("103").replaces();
  ASSERT_NE(replaces, "");

  const std::size_t index = room.dial_at(s(4), "103", "600", {replaces});
  room.scene.run_until(s(5));

  EXPECT_EQ(room.scene.phone("103").calls()[index].final_code, 200);
  EXPECT_EQ(room.scene.final_code(), 200);
  EXPECT_EQ(room.scene.reasons("101"), completed_elsewhere());
  EXPECT_NE(room.scene.phone("103").notified.back().body.find("<state>terminated</state>"),
            std::string::npos);
  EXPECT_EQ(room.scene.finish(), "");
  EXPECT_EQ(room.scene.record().answered_by, "103");
}

TEST(Pickup, TheLampOfAGroupShowsACallThatRingsAtAGroupWithinIt) {
  model::Office made = office();
  model::Group outer = group_of(model::Strategy::RingAll, {member("600")});
  outer.name = "Outer";
  outer.extensions = {"700"};
  outer.members[0].is_group = true;
  outer.timeout = s(30);
  outer.pickup = model::Pickup::Anyone;
  made.groups.push_back(outer);
  Room room{made};
  room.scene.phone("103").watch("700");
  room.scene.world.run_for(s(1));

  room.scene.dial("700");
  room.scene.run_until(s(2));
  const std::string shown = room.scene.phone("103").notified.back().body;
  (void)room.dial_at(s(4), "103", "**700");
  room.scene.run_until(s(5));

  EXPECT_NE(shown.find("<state>early</state>"), std::string::npos) << shown;
  EXPECT_EQ(room.scene.final_code(), 200);
  EXPECT_EQ(room.scene.finish(), "");
  EXPECT_EQ(room.scene.record().answered_by, "103");
}

TEST(Pickup, Rfc3891_3_ReplacesOfNothingOfHisOwnRightAndOfTwo) {
  Room room{office()};
  room.scene.phone("103").watch("600");
  room.scene.world.run_for(s(1));
  room.scene.dial("600");
  room.scene.run_until(s(2));
  const std::string replaces = room.scene.phone("103").replaces();

  const std::size_t stranger = room.dial_at(s(3), "103", "600", {replaces});
  const std::size_t unknown =
      room.dial_at(s(3), "102", "600", {"Replaces: nobody;to-tag=1;from-tag=2"});
  const std::size_t twice = room.dial_at(s(3), "102", "600", {replaces, replaces});
  const std::size_t broken = room.dial_at(s(3), "102", "600", {"Replaces: nobody"});
  room.scene.run_until(s(5));

  EXPECT_EQ(room.scene.phone("103").calls()[stranger].final_code, 403);
  EXPECT_EQ(room.scene.phone("102").calls()[unknown].final_code, 481);
  EXPECT_EQ(room.scene.phone("102").calls()[twice].final_code, 400);
  EXPECT_EQ(room.scene.phone("102").calls()[broken].final_code, 400);
  EXPECT_EQ(room.scene.final_code(), 0) << "it rings on";
  EXPECT_EQ(room.scene.finish(), "");
}

TEST(Pickup, AWaitingCallerOfAQueueIsPickedUp) {
  model::Office made = office();
  model::Queue queue;
  queue.name = "Support";
  queue.extension = "650";
  queue.members = {member("101"), member("102")};
  made.queues.push_back(queue);
  Room room{made};
  room.scene.dial("650");

  (void)room.dial_at(s(4), "102", "**650");
  room.scene.run_until(s(6));

  EXPECT_EQ(room.scene.hears("105"),
            room.scene.voice_of("102", room.scene.phone("102").calls().size() - 1));
  EXPECT_EQ(room.scene.finish(), "");
  EXPECT_EQ(room.scene.record().answered_by, "102");
}

TEST(Pickup, WithoutMediaItIsRefusedAndThePhoneRingsOn) {
  Scene scene{office()};
  scene.dial("600");
  scene.run_until(s(4));

  const std::size_t index = scene.phone("102").call("**600");
  scene.run_until(s(6));

  EXPECT_EQ(scene.phone("102").calls()[index].final_code, 488);
  EXPECT_EQ(scene.final_code(), 0);
  EXPECT_EQ(scene.finish(), "");
}

// Two pick up, one answers, the caller gives up: each at each moment around the same one.
TEST(Pickup, PickupsAndAnAnswerInEveryOrderEndInOneTalk) {
  std::size_t runs = 0;
  for (int first = -3; first <= 3; ++first) {
    for (int second = -3; second <= 3; ++second) {
      for (int answer = -3; answer <= 3; ++answer) {
        for (int cancel = -1; cancel <= 3; cancel += 2) {
          Room room{office(model::Pickup::Anyone)};
          Scene& scene = room.scene;
          scene.dial("600");
          const base::Instant at = scene.world.scheduler().now() + s(5);
          auto& clock = scene.world.scheduler();
          clock.at(at + ms(first), [&] { (void)scene.phone("103").call("**600"); });
          clock.at(at + ms(second), [&] { (void)scene.phone("104").call("*8"); });
          clock.at(at + ms(answer), [&] { scene.phone("101").answer(0); });
          clock.at(at + ms(cancel), [&] { scene.caller().cancel(0); });
          scene.run_until(s(8));
          int talks = 0;
          for (const char* who : {"101", "102", "103", "104"}) {
            for (std::size_t i = 0; i < scene.phone(who).calls().size(); ++i)
              talks += scene.hears(who, i) == scene.voice_of("105") ? 1 : 0;
          }
          const bool answered = scene.final_code() == 200;
          const std::string where = std::to_string(first) + " " + std::to_string(second) + " " +
                                    std::to_string(answer) + " " + std::to_string(cancel);
          EXPECT_LE(talks, 1) << where;
          EXPECT_TRUE(answered || talks == 0) << where;
          EXPECT_EQ(scene.finish(), "") << where;
          if (testing::Test::HasFailure()) return;
          ++runs;
        }
      }
    }
  }
  std::printf("orders: pickup %zu\n", runs);
  EXPECT_EQ(runs, 1'029U);
}

}  // namespace
}  // namespace sim
