#pragma once
// One running transaction: a state of the tables and its timers. Pure; the owner keeps the bytes
// and sends them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sip/transaction_tables.h"

namespace sip {

struct TimerValues {
  base::Duration t1{500};
  base::Duration t2{4'000};
  base::Duration t4{5'000};
};

class Transaction {
 public:
  // A client transaction begins when its request is sent; a server's when it was received (an
  // INVITE server is Proceeding at once: its user sends the 100). `reliable`: no repeats and no
  // waiting for them (17.1.1.2, 17.1.2.2, 17.2.1, 17.2.2).
  Transaction(Kind kind, bool reliable, const TimerValues& values, base::Instant now);

  // The acts of `input` as a bit set of Act. A timer that does not run or is not due does nothing.
  [[nodiscard]] std::uint16_t on(Input input, base::Instant now);
  // The earliest timer that runs, and which it is; feed it back by on(input_of(timer)).
  struct Wake {
    base::Instant when{};
    Timer why{};
  };
  [[nodiscard]] std::optional<Wake> next() const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  // False if nothing wants what was sent last any more: the bytes may go.
  [[nodiscard]] bool keeps_last() const { return sip::keeps_last(kind_, state_); }
  [[nodiscard]] bool terminated() const { return state_ == State::Terminated; }
  [[nodiscard]] bool is_client() const {
    return kind_ == Kind::InviteClient || kind_ == Kind::NonInviteClient;
  }

 private:
  // A transaction runs at most two timers: one that repeats and one that ends it.
  struct Running {
    Timer why = Timer::Count;
    base::Instant when{};
  };
  void enter(State state, base::Instant now);
  void complete(base::Instant now);
  [[nodiscard]] base::Duration unless_reliable(base::Duration time) const;
  [[nodiscard]] bool is_due(Input timer, base::Instant now) const;
  void repeat_later(base::Instant now);
  void start_repeat(Timer why, base::Duration after, base::Instant now);
  void start_end(Timer why, base::Duration after, base::Instant now);

  TimerValues values_;
  Running repeat_, end_;
  base::Duration gap_{};
  Kind kind_;
  State state_;
  bool reliable_;
};

[[nodiscard]] constexpr Input input_of(Timer timer) {
  return static_cast<Input>(static_cast<std::uint8_t>(timer));
}
static_assert(input_of(Timer::A) == Input::TimerA && input_of(Timer::M) == Input::TimerM);

[[nodiscard]] const char* word(State state);
[[nodiscard]] const char* word(Kind kind);

// Repeats a 2xx (13.3.1.4: T1 doubling to T2) or a reliable provisional (RFC 3262 section 3: T1
// doubling, without cap) until it is acknowledged, or 64*T1 are over.
class Retransmitter {
 public:
  Retransmitter(base::Duration t1, std::optional<base::Duration> cap, base::Instant now)
      : gap_(t1), cap_(cap), next_(now + t1), give_up_(now + 64 * t1) {}

  enum class Due : std::uint8_t { Nothing, Repeat, GiveUp };
  // What is due at `now`; a Repeat sets the next moment.
  [[nodiscard]] Due due(base::Instant now);
  [[nodiscard]] base::Instant deadline() const { return next_ < give_up_ ? next_ : give_up_; }

 private:
  base::Duration gap_;
  std::optional<base::Duration> cap_;
  base::Instant next_, give_up_;
};

}  // namespace sip
