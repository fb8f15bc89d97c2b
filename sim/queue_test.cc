// Queues on the wire of the whole engine (docs/hunting.md "queue", rules 5, 6, 12; row S1.19): two
// callers and one agent behave right.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/phone.h"
#include "sim/scene.h"

namespace sim {
namespace {

using Lines = std::vector<std::string>;

// 101 and 102 are agents of queue 650; 103 and 104 call; after a minute the mailbox of 101.
model::Office with_queue(const Lines& agents) {
  model::Office office = office_of_users(4);
  office.users[0].mailbox.present = true;
  model::Queue& queue = office.queues.emplace_back();
  queue.name = "Support";
  queue.extension = "650";
  queue.strategy = model::Strategy::Sequential;
  for (const std::string& agent : agents) queue.members.push_back(member(agent));
  queue.max_wait = s(60);
  queue.finally.any = {model::DestinationKind::Mailbox, "101"};
  return office;
}

TEST(Queue, Row_S1_19_TheCallerHearsMusicUntilAnAgentTakesHim) {
  Scene scene{with_queue({"101"}), with_media()};
  scene.phone("101").habit.answers = s(3);

  scene.dial("650");
  scene.run_until(s(1));
  EXPECT_EQ(scene.final_code(), 200);
  EXPECT_EQ(scene.hears("104"), "music/default");
  EXPECT_EQ(scene.rang_at("101"), 0);
  scene.run_until(s(4));

  EXPECT_EQ(scene.hears("104"), scene.voice_of("101"));
  EXPECT_EQ(scene.hears("101"), scene.voice_of("104"));
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().answered_by, "101");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Answered);
}

TEST(Queue, Row_S1_19_TwoCallersAndOneAgentOneAfterTheOther) {
  Scene scene{with_queue({"101"}), with_media()};
  scene.phone("101").habit.answers = s(2);
  scene.dial("650");
  (void)scene.phone("103").call("650");
  scene.run_until(s(5));
  ASSERT_EQ(scene.phone("101").calls().size(), 1U) << "he is offered one call at a time";
  EXPECT_EQ(scene.hears("103"), "music/default");

  scene.caller().hang_up(0);
  scene.run_until(s(9));

  ASSERT_EQ(scene.phone("101").calls().size(), 2U);
  EXPECT_EQ(scene.hears("103"), scene.voice_of("101", 1));
  EXPECT_EQ(scene.finish(), "");
}

TEST(Queue, AnAgentWhoDoesNotAnswerIsLeftAfter20SecondsAndTheNextOneIsRung) {
  Scene scene{with_queue({"101", "102"}), with_media()};

  scene.dial("650");
  scene.run_until(s(21));

  EXPECT_EQ(scene.stopped_at("101"), 20'000);
  EXPECT_EQ(scene.reasons("101"), timed_out());
  EXPECT_EQ(scene.rang_at("102"), 20'000);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Queue, WhoDeclinesIsNotOfferedThisCallerAgain) {
  Scene scene{with_queue({"101"}), with_media()};
  scene.phone("101").habit.fails = s(1);
  scene.phone("101").habit.code = 603;

  scene.dial("650");
  scene.run_until(s(50));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Queue, TheLongestWaitLeadsToFinally) {
  Scene scene{with_queue({"101"}), with_media()};

  scene.dial("650");
  scene.run_until(s(62));

  EXPECT_NE(scene.hears("104"), "music/default");
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::NoAnswer);
}

TEST(Queue, Row_S1_19_WithFewerAgentsThanTheMinimumTheCallerIsSentAwayAtOnce) {
  model::Office office = with_queue({"101", "102"});
  office.queues[0].minimum_agents = 2;
  office.queues[0].members[1].logged_in = false;
  Scene scene{office, with_media()};

  scene.dial("650");
  scene.run_until(s(1));

  EXPECT_EQ(scene.rang_at("101"), -1);
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
}

TEST(Queue, AChangeOfTheQueueHoldsForTheNextCaller) {
  Scene scene{with_queue({"101"}), with_media()};
  scene.dial("650");
  scene.run_until(s(2));
  scene.caller().hang_up(0);
  scene.run_until(s(4));
  model::Office changed = scene.world.office();
  changed.queues[0].minimum_agents = 2;
  scene.world.reconfigure(changed);

  scene.dial("650");
  scene.run_until(s(2));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U) << "too few agents now";
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().final_destination, "mailbox 101");
}

TEST(Queue, AnAgentWhoRegistersLaterIsOfferedWhoWaits) {
  model::Office office = with_queue({"101"});
  Scene scene{office, with_media()};
  scene.phone("101").register_now(0);
  scene.world.run_for(s(2));
  scene.dial("650");
  scene.run_until(s(5));
  EXPECT_EQ(scene.rang_at("101"), -1);

  scene.phone("101").register_now();
  scene.run_until(s(7));

  EXPECT_EQ(scene.phone("101").calls().size(), 1U);
  EXPECT_EQ(scene.finish(), "");
}

TEST(Queue, TheCallerHangsUpAndTheAgentStopsRinging) {
  Scene scene{with_queue({"101"}), with_media()};
  scene.dial("650");
  scene.run_until(s(3));

  scene.caller().hang_up(0);
  scene.run_until(s(4));

  EXPECT_EQ(scene.stopped_at("101"), 3'000);
  EXPECT_EQ(scene.reasons("101"), caller_gave_up());
  EXPECT_EQ(scene.finish(), "");
  EXPECT_EQ(scene.record().outcome, facts::Outcome::Abandoned);
}

TEST(Queue, RingAllOffersTheHeadToAllFreeAgentsAndTheFirstAnswerWins) {
  model::Office office = with_queue({"101", "102"});
  office.queues[0].strategy = model::Strategy::RingAll;
  Scene scene{office, with_media()};
  scene.phone("102").habit.answers = s(2);

  scene.dial("650");
  scene.run_until(s(3));

  EXPECT_EQ(scene.rang_at("101"), 0);
  EXPECT_EQ(scene.reasons("101"), completed_elsewhere());
  EXPECT_EQ(scene.hears("104"), scene.voice_of("102"));
  EXPECT_EQ(scene.finish(), "");
}

}  // namespace
}  // namespace sim
