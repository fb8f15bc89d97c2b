#include "sip/transaction.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sip/transaction_tables.h"

namespace sip {

Transaction::Transaction(Kind kind, bool reliable, const TimerValues& values, base::Instant now)
    : values_(values), kind_(kind), state_(State::Trying), reliable_(reliable) {
  switch (kind) {
    case Kind::InviteClient:
      state_ = State::Calling;
      if (!reliable) start_repeat(Timer::A, values.t1, now);
      start_end(Timer::B, 64 * values.t1, now);
      return;
    case Kind::NonInviteClient:
      if (!reliable) start_repeat(Timer::E, values.t1, now);
      start_end(Timer::F, 64 * values.t1, now);
      return;
    case Kind::InviteServer:
      state_ = State::Proceeding;
      return;
    case Kind::NonInviteServer:
      return;
  }
}

void Transaction::start_repeat(Timer why, base::Duration after, base::Instant now) {
  gap_ = after;
  repeat_ = {why, now + after};
}

void Transaction::start_end(Timer why, base::Duration after, base::Instant now) {
  end_ = {why, now + after};
}

void Transaction::repeat_later(base::Instant now) {
  gap_ = gap_ * 2;
  if (repeat_.why != Timer::A) gap_ = std::min(gap_, values_.t2);
  if (repeat_.why == Timer::E && state_ == State::Proceeding) gap_ = values_.t2;
  repeat_.when = now + gap_;
}

bool Transaction::is_due(Input timer, base::Instant now) const {
  const auto due = [&](const Running& one) {
    return one.why != Timer::Count && input_of(one.why) == timer && one.when <= now;
  };
  return due(repeat_) || due(end_);
}

std::uint16_t Transaction::on(Input input, base::Instant now) {
  if (detail::is_timer(input) && !is_due(input, now)) return kNothing;
  const Step taken = step(kind_, state_, input);
  if (taken.to != state_) enter(taken.to, now);
  if ((taken.act & kDouble) != 0) repeat_later(now);
  return taken.act;
}

// The timers of the new state; those of the old one stop.
void Transaction::enter(State state, base::Instant now) {
  const bool keeps = kind_ == Kind::NonInviteClient && state == State::Proceeding;
  state_ = state;
  if (keeps) return;  // E and F run on (17.1.2.2)
  repeat_ = {};
  end_ = {};
  switch (state) {
    case State::Accepted:
      start_end(kind_ == Kind::InviteClient ? Timer::M : Timer::L, 64 * values_.t1, now);
      return;
    case State::Completed:
      complete(now);
      return;
    case State::Confirmed:
      start_end(Timer::I, unless_reliable(values_.t4), now);
      return;
    case State::Calling:
    case State::Trying:
    case State::Proceeding:
    case State::Terminated:
      return;
  }
}

// A reliable transport brings no repeats to wait for.
base::Duration Transaction::unless_reliable(base::Duration time) const {
  return reliable_ ? base::Duration{0} : time;
}

void Transaction::complete(base::Instant now) {
  switch (kind_) {
    case Kind::InviteClient:
      start_end(Timer::D, unless_reliable(64 * values_.t1), now);
      return;
    case Kind::NonInviteClient:
      start_end(Timer::K, unless_reliable(values_.t4), now);
      return;
    case Kind::NonInviteServer:
      start_end(Timer::J, unless_reliable(64 * values_.t1), now);
      return;
    case Kind::InviteServer:
      if (!reliable_) start_repeat(Timer::G, values_.t1, now);
      start_end(Timer::H, 64 * values_.t1, now);
      return;
  }
}

std::optional<Transaction::Wake> Transaction::next() const {
  if (end_.why == Timer::Count) return {};
  if (repeat_.why != Timer::Count && repeat_.when < end_.when)
    return Wake{repeat_.when, repeat_.why};
  return Wake{end_.when, end_.why};
}

const char* word(State state) {
  static constexpr std::array<const char*, 7> kWords{
      "Calling", "Trying", "Proceeding", "Accepted", "Completed", "Confirmed", "Terminated"};
  return kWords.at(static_cast<std::size_t>(state));
}

const char* word(Kind kind) {
  static constexpr std::array<const char*, 4> kWords{"INVITE client", "INVITE server",
                                                     "non-INVITE client", "non-INVITE server"};
  return kWords.at(static_cast<std::size_t>(kind));
}

Retransmitter::Due Retransmitter::due(base::Instant now) {
  if (now >= give_up_) return Due::GiveUp;
  if (now < next_) return Due::Nothing;
  gap_ = gap_ * 2;
  if (cap_.has_value()) gap_ = std::min(gap_, *cap_);
  next_ = now + gap_;
  return Due::Repeat;
}

}  // namespace sip
