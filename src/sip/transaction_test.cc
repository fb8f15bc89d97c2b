#include "sip/transaction.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "sip/transaction_tables.h"

namespace sip {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant at(base::Duration since_start) {
  return base::Instant{since_start};
}

// Lets time pass until the transaction ends; the moments at which it resends.
std::vector<base::Duration> resends(Transaction& transaction) {
  std::vector<base::Duration> moments;
  while (const auto wake = transaction.next()) {
    const std::uint16_t act = transaction.on(input_of(wake->why), wake->when);
    if ((act & kResend) != 0) moments.push_back(wake->when.time_since_epoch());
  }
  return moments;
}

TEST(Transaction, Rfc3261_17_1_1_2_AnInviteIsRepeatedT1DoublingUntil64T1) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));

  EXPECT_EQ(resends(invite),
            (std::vector<base::Duration>{500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms}));
  EXPECT_TRUE(invite.terminated());
}

TEST(Transaction, Rfc3261_17_1_1_2_AProvisionalStopsTheRepeatsAndTimerB) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));

  EXPECT_EQ(invite.on(Input::Provisional, at(100ms)), kPassUp);

  EXPECT_FALSE(invite.next().has_value());
}

TEST(Transaction, Rfc3261_17_1_1_2_FailureIsAckedAgainInCompleted) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));

  EXPECT_EQ(invite.on(Input::Failure, at(1s)), kAck | kPassUp);
  EXPECT_EQ(invite.on(Input::Failure, at(2s)), kAck);

  EXPECT_EQ(invite.next()->when, at(33s));
  EXPECT_EQ(invite.next()->why, Timer::D);
}

TEST(Transaction, Rfc6026_7_2_EverySuccessInAcceptedIsPassedUp) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::Success, at(1s)), kPassUp);
  EXPECT_EQ(invite.on(Input::Success, at(2s)), kPassUp);
  EXPECT_EQ(invite.on(Input::Failure, at(2s)), kNothing);
  EXPECT_EQ(invite.next()->why, Timer::M);
}

TEST(Transaction, Rfc3261_17_1_2_2_ANonInviteRequestIsRepeatedUpToT2) {
  Transaction bye(Kind::NonInviteClient, false, {}, at(0s));

  EXPECT_EQ(resends(bye),
            (std::vector<base::Duration>{500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms,
                                         23500ms, 27500ms, 31500ms}));
}

TEST(Transaction, Wire_A3_AFailureIsRepeatedUntilItsAck) {
  Transaction invite(Kind::InviteServer, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::Failure, at(0s)), kSend);
  EXPECT_EQ(invite.on(Input::TimerG, at(500ms)), kResend | kDouble);
  EXPECT_EQ(invite.next()->when, at(1500ms));
  EXPECT_EQ(invite.on(Input::Ack, at(1600ms)), kNothing);
  EXPECT_EQ(invite.next()->why, Timer::I);
  EXPECT_EQ(invite.on(Input::Ack, at(1700ms)), kNothing);
}

TEST(Transaction, Wire_A3_WithoutAnAckTimerHEndsItAndItsUserHears) {
  Transaction invite(Kind::InviteServer, false, {}, at(0s));
  (void)invite.on(Input::Failure, at(0s));

  EXPECT_EQ(resends(invite).size(), 10U);
  EXPECT_TRUE(invite.terminated());
}

TEST(Transaction, Wire_A6_ARepeatedInviteAfterThe200IsAbsorbed) {
  Transaction invite(Kind::InviteServer, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::Success, at(1s)), kSend);
  EXPECT_EQ(invite.on(Input::RequestAgain, at(2s)), kNothing);
  EXPECT_EQ(invite.on(Input::Ack, at(2s)), kPassUp);
  EXPECT_EQ(invite.next()->why, Timer::L);
}

TEST(Transaction, Rfc3261_17_2_2_AFinalResponseIsGivenAgainForARepeat) {
  Transaction request(Kind::NonInviteServer, false, {}, at(0s));
  EXPECT_EQ(request.on(Input::RequestAgain, at(0s)), kNothing);
  EXPECT_EQ(request.on(Input::Success, at(0s)), kSend);
  EXPECT_EQ(request.on(Input::RequestAgain, at(1s)), kResend);
  EXPECT_EQ(request.next()->when, at(32s));
}

TEST(Transaction, OverAReliableTransportNothingIsRepeatedAndNothingLingers) {
  Transaction client(Kind::InviteClient, true, {}, at(0s));
  EXPECT_EQ(client.next()->why, Timer::B);
  (void)client.on(Input::Failure, at(1s));
  EXPECT_EQ(client.next()->when, at(1s));
}

TEST(Retransmitter, Rfc3261_13_3_1_4_Repeats200UntilAckAtMost64T1) {
  Retransmitter repeats(500ms, 4s, at(0s));
  int count = 0;
  base::Instant now = at(0s);
  while (repeats.due(now) != Retransmitter::Due::GiveUp) {
    now = repeats.deadline();
    count += static_cast<int>(now < at(32s));
  }
  EXPECT_EQ(count, 10);
  EXPECT_EQ(now, at(32s));
}

}  // namespace
}  // namespace sip
