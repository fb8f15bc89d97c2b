// Calls that the office orders over the API: click to call, pick up for somebody, transfer of two
// who talk; on the wire of the whole engine, with the records that they leave.

#include <string>

#include <gtest/gtest.h>

#include "call/engine.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

using call::OrderOutcome;
using call::TransferOrder;

// 600 rings 102 and 103 for 10 s; 105 is the caller of dial().
model::Office office() {
  model::Office made = office_of_users(5);
  model::Group group = group_of(model::Strategy::RingAll, {member("102"), member("103")});
  group.timeout = s(10);
  made.groups.push_back(group);
  return made;
}

struct Room {
  explicit Room(const model::Office& made = office(), const call::Settings& settings = with_media())
      : scene(made, settings) {}

  // The only call that is live.
  std::string live() {
    const auto calls = scene.world.engine().calls(scene.world.now());
    return calls.size() == 1 ? calls[0].record.id : "";
  }
  void talk_with_101() {
    scene.phone("101").habit.answers = s(1);
    scene.dial("101");
    scene.run_until(s(3));
  }

  Scene scene;
};

// ---- click to call ----

TEST(OrderedCall, RingsTheUsersPhoneThenTheNumberAndJoinsThem) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("101").habit.answers = s(2);
  scene.phone("104").habit.answers = s(3);

  const call::CallOrdered ordered = scene.world.originate("101", "104");
  scene.run_until(s(1));
  ASSERT_EQ(ordered.outcome, OrderOutcome::Done);
  EXPECT_EQ(ordered.call_id, room.live());
  EXPECT_NE(scene.phone("101").calls().at(0).invite.get("From").find("104"), std::string::npos)
      << "his phone shows whom he calls";
  EXPECT_EQ(scene.phone("104").calls().size(), 0U);
  scene.run_until(s(4));
  EXPECT_EQ(scene.hears("101"), "ringback");
  EXPECT_NE(scene.phone("104").calls().at(0).invite.get("From").find("101"), std::string::npos);
  scene.run_until(s(8));

  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  scene.phone("104").hang_up(0);
  scene.run_until(s(10));
  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  const facts::CallRecord& record = scene.record();
  EXPECT_EQ(record.from, "101");
  EXPECT_EQ(record.dialled, "104");
  EXPECT_EQ(record.outcome, facts::Outcome::Answered);
  EXPECT_EQ(record.answered_by, "104");
  EXPECT_EQ(record.ended_by, facts::EndedBy::Callee);
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_EQ(record.attempts[0].target, "101");
  EXPECT_EQ(record.attempts[0].result, facts::AttemptResult::Won);
  EXPECT_EQ(record.attempts[1].result, facts::AttemptResult::Won);
}

TEST(OrderedCall, ReachesAGroupAsIfItHadBeenDialled) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("101").habit.answers = s(1);
  scene.phone("103").habit.answers = s(2);

  ASSERT_EQ(scene.world.originate("101", "600").outcome, OrderOutcome::Done);
  scene.run_until(s(6));

  EXPECT_EQ(scene.hears("101"), scene.voice_of("103"));
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  scene.phone("101").hang_up(0);
  scene.run_until(s(8));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().group, scene.world.office().groups[0].name);
  EXPECT_EQ(scene.record().ended_by, facts::EndedBy::Caller);
}

TEST(OrderedCall, IsOverWhenNoPhoneOfHisIsLifted) {
  Room room;
  Scene& scene = room.scene;

  ASSERT_EQ(scene.world.originate("101", "104").outcome, OrderOutcome::Done);
  scene.run_until(s(40));

  EXPECT_EQ(scene.phone("104").calls().size(), 0U);
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
  EXPECT_EQ(scene.record().answered_by, "");
}

TEST(OrderedCall, IsHungUpWhileHisPhoneRings) {
  Room room;
  Scene& scene = room.scene;
  const call::CallOrdered ordered = scene.world.originate("101", "104");
  scene.run_until(s(2));

  scene.world.hang_up_all();
  scene.run_until(s(4));

  EXPECT_GE(scene.stopped_at("101"), 0);
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  EXPECT_EQ(scene.record().id, ordered.call_id);
}

TEST(OrderedCall, HangsHisPhoneUpWhenTheNumberIsBusy) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("101").habit.answers = s(1);
  scene.phone("104").habit.fails = ms(500);

  ASSERT_EQ(scene.world.originate("101", "104").outcome, OrderOutcome::Done);
  scene.run_until(s(5));

  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Busy);
}

TEST(OrderedCall, SaysWhyItCannotBe) {
  model::Office made = office();
  made.users[0].permissions.external = false;
  made.trunks.emplace_back();
  made.trunks[0].name = "carrier";
  made.trunks[0].uri = "sip:10.9.9.9:5060";
  made.users[2].enabled = false;
  Room room{made};
  World& world = room.scene.world;

  EXPECT_EQ(world.originate("nobody", "104").outcome, OrderOutcome::NoSuchUser);
  EXPECT_EQ(world.originate("103", "104").outcome, OrderOutcome::NoSuchUser);
  EXPECT_EQ(world.originate("101", "199").outcome, OrderOutcome::NoSuchNumber);
  EXPECT_EQ(world.originate("101", "0600100200").outcome, OrderOutcome::NotPermitted);
  EXPECT_EQ(Room(office(), {}).scene.world.originate("101", "104").outcome, OrderOutcome::NoMedia);
  EXPECT_EQ(room.live(), "");
  EXPECT_EQ(room.scene.finish(), "");
}

// ---- pick up ----

TEST(OrderedPickup, RingsHisPhoneTooAndTheFirstAnswerHasTheCaller) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("104").habit.answers = s(1);
  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.world.pick_up(room.live(), "104"), OrderOutcome::Done);
  scene.run_until(s(5));

  EXPECT_TRUE(scene.phone("104").talking());
  EXPECT_TRUE(scene.caller().talking());
  EXPECT_EQ(scene.reasons("102"), completed_elsewhere());
  EXPECT_EQ(scene.reasons("103"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  EXPECT_EQ(scene.record().answered_by, "104");
  EXPECT_EQ(scene.record().attempts.size(), 3U);
}

TEST(OrderedPickup, TheGroupGoesOnWhenHeDoesNotAnswer) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("103").habit.answers = s(6);
  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.world.pick_up(room.live(), "104"), OrderOutcome::Done);
  scene.run_until(s(8));

  EXPECT_TRUE(scene.phone("103").talking());
  EXPECT_EQ(scene.reasons("104"), completed_elsewhere());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "103");
}

TEST(OrderedPickup, TheGroupsEndComesAfterHisPhoneHasRung) {
  Room room;
  Scene& scene = room.scene;
  scene.dial("600");
  scene.run_until(s(2));

  EXPECT_EQ(scene.world.pick_up(room.live(), "104"), OrderOutcome::Done);
  scene.run_until(s(20));
  EXPECT_EQ(scene.reasons("102"), timed_out());
  EXPECT_EQ(scene.final_code(), 0) << "his phone may still be lifted";
  scene.run_until(s(34));

  EXPECT_EQ(scene.final_code(), 480);
  EXPECT_GE(scene.stopped_at("104"), 0);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
}

TEST(OrderedPickup, TakesOneOutOfAQueue) {
  model::Office made = office();
  made.queues.emplace_back();
  made.queues[0].name = "Desk";
  made.queues[0].extension = "610";
  Room room{made};
  Scene& scene = room.scene;
  scene.phone("104").habit.answers = s(1);
  scene.dial("610");
  scene.run_until(s(2));

  const auto waiting = scene.world.engine().calls(scene.world.now());
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].queue, "desk");

  EXPECT_EQ(scene.world.pick_up(room.live(), "104"), OrderOutcome::Done);
  scene.run_until(s(5));

  EXPECT_EQ(scene.world.engine().calls(scene.world.now()).at(0).queue, "");
  EXPECT_EQ(scene.hears("105"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "104");
}

TEST(OrderedPickup, SaysWhyItCannotBe) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("102").habit.answers = s(3);
  scene.dial("600");
  scene.run_until(s(1));
  World& world = scene.world;
  const std::string call = room.live();

  EXPECT_EQ(world.pick_up("nothing", "104"), OrderOutcome::NoSuchCall);
  EXPECT_EQ(world.pick_up(call, "nobody"), OrderOutcome::NoSuchUser);
  EXPECT_EQ(world.pick_up(call, "105"), OrderOutcome::NotPermitted);
  EXPECT_EQ(world.pick_up(call, "103"), OrderOutcome::RingsThere);
  scene.run_until(s(5));
  EXPECT_EQ(world.pick_up(call, "104"), OrderOutcome::DoesNotRing);
  EXPECT_EQ(scene.finish(), "");
}

// ---- transfer ----

TEST(OrderedTransfer, SendsTheCallerOn) {
  Room room;
  Scene& scene = room.scene;
  room.talk_with_101();
  scene.phone("104").habit.answers = s(2);

  EXPECT_EQ(scene.world.transfer(room.live(), {"104"}), OrderOutcome::Done);
  scene.run_until(s(4));
  EXPECT_EQ(scene.hears("105"), "ringback");
  scene.run_until(s(7));

  EXPECT_FALSE(scene.phone("101").talking());
  EXPECT_EQ(scene.hears("105"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
  ASSERT_EQ(scene.world.records().size(), 1U);
  EXPECT_EQ(scene.record().answered_by, "101");
  EXPECT_EQ(scene.record().final_destination, "user 104");
}

TEST(OrderedTransfer, SendsTheCalledOn) {
  Room room;
  Scene& scene = room.scene;
  room.talk_with_101();
  scene.phone("104").habit.answers = s(1);

  EXPECT_EQ(scene.world.transfer(room.live(), {"104", TransferOrder::Who::Callee}),
            OrderOutcome::Done);
  scene.run_until(s(6));

  EXPECT_FALSE(scene.caller().talking());
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  scene.phone("104").hang_up(0);
  scene.run_until(s(8));
  EXPECT_EQ(scene.finish(), "");
}

TEST(OrderedTransfer, GivesTheCallBackWhenNobodyAnswersThere) {
  Room room;
  Scene& scene = room.scene;
  room.talk_with_101();
  scene.phone("104").habit.fails = ms(500);

  EXPECT_EQ(scene.world.transfer(room.live(), {"104"}), OrderOutcome::Done);
  scene.run_until(s(40));

  EXPECT_EQ(scene.hears("105"), scene.voice_of("101"));
  EXPECT_EQ(scene.hears("101"), scene.voice_of("105"));
  EXPECT_EQ(scene.finish(), "");
}

TEST(OrderedTransfer, SaysWhyItCannotBeAndLeavesTheTalkAlone) {
  Room room;
  Scene& scene = room.scene;
  scene.phone("101").habit.answers = s(2);
  scene.dial("101");
  scene.run_until(s(1));
  World& world = scene.world;
  const std::string call = room.live();

  EXPECT_EQ(world.transfer("nothing", {"104"}), OrderOutcome::NoSuchCall);
  EXPECT_EQ(world.transfer(call, {"104"}), OrderOutcome::NobodyTalks);
  scene.run_until(s(4));
  EXPECT_EQ(world.transfer(call, {"199"}), OrderOutcome::NoSuchNumber);
  EXPECT_EQ(world.transfer(call, {"*78"}), OrderOutcome::NoSuchNumber);
  scene.run_until(s(5));
  EXPECT_TRUE(scene.phone("101").talking());
  EXPECT_TRUE(scene.caller().talking());
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
