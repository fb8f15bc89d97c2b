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

TEST(Transaction, Rfc3261_17_1_1_2_AFailedTransportEndsAClientAndItsUserHears) {
  for (const Kind kind : {Kind::InviteClient, Kind::NonInviteClient}) {
    Transaction client(kind, true, {}, at(0s));
    EXPECT_EQ(client.on(Input::TransportError, at(1s)), kTellTransport);
    EXPECT_TRUE(client.terminated());
    EXPECT_FALSE(client.next().has_value());
  }
}

TEST(Transaction, Rfc6026_8_8_AFailedTransportKeepsAnInviteServerSoThatRepeatsAreAbsorbed) {
  Transaction invite(Kind::InviteServer, true, {}, at(0s));
  EXPECT_EQ(invite.on(Input::TransportError, at(1s)), kTellTransport);
  EXPECT_EQ(invite.on(Input::RequestAgain, at(2s)), kResend);
  EXPECT_EQ(invite.on(Input::Failure, at(3s)), kSend);
  EXPECT_EQ(invite.on(Input::TransportError, at(4s)), kTellTransport);
  EXPECT_EQ(invite.state(), State::Completed);
  EXPECT_EQ(invite.next()->why, Timer::H);
}

TEST(Transaction, Rfc3261_17_1_2_2_AfterAProvisionalANonInviteIsRepeatedEveryT2) {
  Transaction bye(Kind::NonInviteClient, false, {}, at(0s));
  EXPECT_EQ(bye.on(Input::Provisional, at(100ms)), kPassUp);

  EXPECT_EQ(resends(bye), (std::vector<base::Duration>{500ms, 4500ms, 8500ms, 12500ms, 16500ms,
                                                       20500ms, 24500ms, 28500ms}));
}

TEST(Transaction, Rfc3261_17_1_2_2_OneFinalAnswerIsPassedUpAndTimerKAbsorbsRepeats) {
  Transaction bye(Kind::NonInviteClient, false, {}, at(0s));
  EXPECT_EQ(bye.on(Input::Success, at(1s)), kPassUp);
  EXPECT_EQ(bye.on(Input::Success, at(2s)), kNothing);
  EXPECT_EQ(bye.on(Input::Failure, at(2s)), kNothing);
  EXPECT_EQ(bye.next()->why, Timer::K);
  EXPECT_EQ(bye.next()->when, at(6s));
}

TEST(Transaction, Rfc3261_17_1_2_2_TimerFEndsItInProceedingToo) {
  Transaction bye(Kind::NonInviteClient, true, {}, at(0s));
  (void)bye.on(Input::Provisional, at(1s));
  EXPECT_EQ(bye.next()->when, at(32s));
  EXPECT_EQ(bye.on(Input::TimerF, at(32s)), kTellTimeout);
  EXPECT_TRUE(bye.terminated());
}

TEST(Transaction, Rfc3261_17_1_1_2_TimerBTellsTheUser) {
  Transaction invite(Kind::InviteClient, true, {}, at(0s));
  EXPECT_EQ(invite.next()->why, Timer::B);
  EXPECT_EQ(invite.on(Input::TimerB, at(32s)), kTellTimeout);
  EXPECT_TRUE(invite.terminated());
}

TEST(Transaction, Wire_A1_ARepeatedInviteGetsTheLastProvisionalAgain) {
  Transaction invite(Kind::InviteServer, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::Provisional, at(0s)), kSend);
  EXPECT_EQ(invite.on(Input::RequestAgain, at(500ms)), kResend);
  EXPECT_EQ(invite.on(Input::Provisional, at(1s)), kSend);
  EXPECT_EQ(invite.on(Input::RequestAgain, at(1500ms)), kResend);
  EXPECT_FALSE(invite.next().has_value()) << "a person is waited for, not a timer";
}

TEST(Transaction, Wire_A4_Every200OfTheUserIsSentUntilTimerL) {
  for (const bool reliable : {false, true}) {
    Transaction invite(Kind::InviteServer, reliable, {}, at(0s));
    EXPECT_EQ(invite.on(Input::Success, at(1s)), kSend);
    EXPECT_EQ(invite.on(Input::Success, at(1500ms)), kSend);
    EXPECT_EQ(invite.on(Input::Failure, at(2s)), kNothing) << "one final answer (I4)";
    EXPECT_EQ(invite.next()->when, at(33s));
  }
}

TEST(Transaction, Wire_A10_AFinalAnswerIsOneAlsoWhenACancelComesLate) {
  Transaction invite(Kind::InviteServer, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::Failure, at(1s)), kSend);
  EXPECT_EQ(invite.on(Input::Failure, at(2s)), kNothing);
  EXPECT_EQ(invite.on(Input::Success, at(2s)), kNothing);
  EXPECT_EQ(invite.on(Input::RequestAgain, at(2s)), kResend);
}

TEST(Transaction, Wire_B5_ALate200AfterTimerMIsNoLongerOfTheTransaction) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));
  (void)invite.on(Input::Success, at(1s));
  (void)invite.on(Input::TimerM, at(33s));
  EXPECT_TRUE(invite.terminated());
  EXPECT_EQ(invite.on(Input::Success, at(40s)), kNothing);
}

TEST(Transaction, Wire_D3_ARepeatedByeGetsItsAnswerFor64T1) {
  Transaction bye(Kind::NonInviteServer, false, {}, at(0s));
  EXPECT_EQ(bye.on(Input::Success, at(0s)), kSend);
  EXPECT_EQ(bye.on(Input::RequestAgain, at(31s)), kResend);
  EXPECT_EQ(bye.on(Input::TimerJ, at(32s)), kNothing);
  EXPECT_TRUE(bye.terminated());
}

TEST(Transaction, Rfc3261_17_2_2_OnlyTheFirstFinalAnswerIsSent) {
  Transaction request(Kind::NonInviteServer, false, {}, at(0s));
  EXPECT_EQ(request.on(Input::Provisional, at(0s)), kSend);
  EXPECT_EQ(request.on(Input::Failure, at(0s)), kSend);
  EXPECT_EQ(request.on(Input::Success, at(1s)), kNothing);
}

TEST(Transaction, ATimerThatDoesNotRunDoesNothing) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));
  (void)invite.on(Input::Provisional, at(1s));
  (void)invite.on(Input::Success, at(2s));
  for (const Input late : {Input::TimerA, Input::TimerB, Input::TimerD})
    EXPECT_EQ(invite.on(late, at(3s)), kNothing);
  EXPECT_EQ(invite.state(), State::Accepted);
}

TEST(Transaction, ATimerThatIsNotDueDoesNothing) {
  Transaction invite(Kind::InviteClient, false, {}, at(0s));
  EXPECT_EQ(invite.on(Input::TimerA, at(499ms)), kNothing);
  EXPECT_EQ(invite.on(Input::TimerB, at(31s)), kNothing);
  EXPECT_EQ(invite.state(), State::Calling);
}

TEST(Transaction, TheMomentsAreThoseOfTheValuesGiven) {
  const TimerValues slow{1s, 2s, 3s};
  Transaction bye(Kind::NonInviteClient, false, slow, at(0s));
  EXPECT_EQ(bye.next()->when, at(1s));
  (void)bye.on(Input::TimerE, at(1s));
  EXPECT_EQ(bye.next()->when, at(3s));
  (void)bye.on(Input::Success, at(4s));
  EXPECT_EQ(bye.next()->when, at(7s)) << "T4";
}

TEST(Retransmitter, Rfc3262_3_AReliableProvisionalDoublesWithoutCap) {
  Retransmitter repeats(500ms, {}, at(0s));
  std::vector<base::Duration> moments;
  base::Instant now = repeats.deadline();
  while (repeats.due(now) == Retransmitter::Due::Repeat) {
    moments.push_back(now.time_since_epoch());
    now = repeats.deadline();
  }
  EXPECT_EQ(moments,
            (std::vector<base::Duration>{500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms}));
  EXPECT_EQ(now, at(32s));
}

TEST(Retransmitter, NothingIsDueBeforeItsMoment) {
  Retransmitter repeats(500ms, 4s, at(0s));
  EXPECT_EQ(repeats.due(at(499ms)), Retransmitter::Due::Nothing);
  EXPECT_EQ(repeats.due(at(500ms)), Retransmitter::Due::Repeat);
  EXPECT_EQ(repeats.due(at(500ms)), Retransmitter::Due::Nothing);
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
