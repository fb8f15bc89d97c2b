#pragma once
// The four transactions of RFC 3261 section 17 with RFC 6026, as tables beside the RFC's figures.
//
// A row says: in this state, on this input, go there and do that. A pair without a row is one that
// the RFC tells us to ignore. The tables are checked when they are compiled.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sip {

enum class Kind : std::uint8_t { InviteClient, InviteServer, NonInviteClient, NonInviteServer };
enum class State : std::uint8_t {
  Calling,  // INVITE client; Trying of the non-INVITE ones
  Trying,
  Proceeding,
  Accepted,  // RFC 6026
  Completed,
  Confirmed,
  Terminated
};
// RFC 3261 table 4 and RFC 6026. Server rows: what the user of the transaction sends is an input.
enum class Input : std::uint8_t {
  TimerA,
  TimerB,
  TimerD,
  TimerE,
  TimerF,
  TimerG,
  TimerH,
  TimerI,
  TimerJ,
  TimerK,
  TimerL,
  TimerM,
  Provisional,   // client: came; server: is to be sent
  Success,       // 2xx, in the same way
  Failure,       // 300-699, in the same way
  RequestAgain,  // server: the same request came again
  Ack,           // INVITE server
  TransportError
};
enum class Timer : std::uint8_t { A, B, D, E, F, G, H, I, J, K, L, M, Count };

// What has to be done, as a bit set.
enum Act : std::uint16_t {
  kNothing = 0,
  kSend = 1,    // server: the response that is the input
  kResend = 2,  // what was sent last
  kPassUp = 4,  // tell the user of the transaction
  kAck = 8,     // send (again) the ACK of a failure, 17.1.1.3
  kTellTimeout = 16,
  kTellTransport = 32,
  kDouble = 64,  // start the timer that fired again: twice as long, E and G at most T2
};

struct Row {
  State in;
  Input on;
  State to;
  std::uint16_t act;
};

// clang-format off
// Figure 5 with RFC 6026 section 7.2.
inline constexpr auto kInviteClient = std::to_array<Row>({
    {State::Calling,    Input::TimerA,         State::Calling,    kResend | kDouble},
    {State::Calling,    Input::TimerB,         State::Terminated, kTellTimeout},
    {State::Calling,    Input::TransportError, State::Terminated, kTellTransport},
    {State::Calling,    Input::Provisional,    State::Proceeding, kPassUp},
    {State::Calling,    Input::Success,        State::Accepted,   kPassUp},
    {State::Calling,    Input::Failure,        State::Completed,  kAck | kPassUp},
    {State::Proceeding, Input::Provisional,    State::Proceeding, kPassUp},
    {State::Proceeding, Input::Success,        State::Accepted,   kPassUp},
    {State::Proceeding, Input::Failure,        State::Completed,  kAck | kPassUp},
    {State::Accepted,   Input::Success,        State::Accepted,   kPassUp},
    {State::Accepted,   Input::TimerM,         State::Terminated, kNothing},
    {State::Completed,  Input::Failure,        State::Completed,  kAck},
    {State::Completed,  Input::TimerD,         State::Terminated, kNothing},
    {State::Completed,  Input::TransportError, State::Terminated, kTellTransport},
});
// Figure 7 with RFC 6026 section 7.1. A transport error is told and changes nothing: the peer may
// repeat its request over a way that works, and that must not look like a new call (RFC 6026 8.8).
inline constexpr auto kInviteServer = std::to_array<Row>({
    {State::Proceeding, Input::RequestAgain,   State::Proceeding, kResend},
    {State::Proceeding, Input::Provisional,    State::Proceeding, kSend},
    {State::Proceeding, Input::Success,        State::Accepted,   kSend},
    {State::Proceeding, Input::Failure,        State::Completed,  kSend},
    {State::Proceeding, Input::TransportError, State::Proceeding, kTellTransport},
    {State::Accepted,   Input::Success,        State::Accepted,   kSend},
    {State::Accepted,   Input::Ack,            State::Accepted,   kPassUp},
    {State::Accepted,   Input::TransportError, State::Accepted,   kTellTransport},
    {State::Accepted,   Input::TimerL,         State::Terminated, kNothing},
    {State::Completed,  Input::RequestAgain,   State::Completed,  kResend},
    {State::Completed,  Input::TimerG,         State::Completed,  kResend | kDouble},
    {State::Completed,  Input::TimerH,         State::Terminated, kTellTimeout},
    {State::Completed,  Input::Ack,            State::Confirmed,  kNothing},
    {State::Completed,  Input::TransportError, State::Completed,  kTellTransport},
    {State::Confirmed,  Input::TimerI,         State::Terminated, kNothing},
});
// Figure 6.
inline constexpr auto kNonInviteClient = std::to_array<Row>({
    {State::Trying,     Input::TimerE,         State::Trying,     kResend | kDouble},
    {State::Trying,     Input::TimerF,         State::Terminated, kTellTimeout},
    {State::Trying,     Input::TransportError, State::Terminated, kTellTransport},
    {State::Trying,     Input::Provisional,    State::Proceeding, kPassUp},
    {State::Trying,     Input::Success,        State::Completed,  kPassUp},
    {State::Trying,     Input::Failure,        State::Completed,  kPassUp},
    {State::Proceeding, Input::TimerE,         State::Proceeding, kResend | kDouble},
    {State::Proceeding, Input::TimerF,         State::Terminated, kTellTimeout},
    {State::Proceeding, Input::TransportError, State::Terminated, kTellTransport},
    {State::Proceeding, Input::Provisional,    State::Proceeding, kPassUp},
    {State::Proceeding, Input::Success,        State::Completed,  kPassUp},
    {State::Proceeding, Input::Failure,        State::Completed,  kPassUp},
    {State::Completed,  Input::TimerK,         State::Terminated, kNothing},
});
// Figure 8.
inline constexpr auto kNonInviteServer = std::to_array<Row>({
    {State::Trying,     Input::Provisional,    State::Proceeding, kSend},
    {State::Trying,     Input::Success,        State::Completed,  kSend},
    {State::Trying,     Input::Failure,        State::Completed,  kSend},
    {State::Proceeding, Input::Provisional,    State::Proceeding, kSend},
    {State::Proceeding, Input::RequestAgain,   State::Proceeding, kResend},
    {State::Proceeding, Input::Success,        State::Completed,  kSend},
    {State::Proceeding, Input::Failure,        State::Completed,  kSend},
    {State::Proceeding, Input::TransportError, State::Terminated, kTellTransport},
    {State::Completed,  Input::RequestAgain,   State::Completed,  kResend},
    {State::Completed,  Input::TimerJ,         State::Terminated, kNothing},
    {State::Completed,  Input::TransportError, State::Terminated, kTellTransport},
});
// clang-format on

[[nodiscard]] constexpr std::span<const Row> table_of(Kind kind) {
  switch (kind) {
    case Kind::InviteClient:
      return kInviteClient;
    case Kind::InviteServer:
      return kInviteServer;
    case Kind::NonInviteClient:
      return kNonInviteClient;
    case Kind::NonInviteServer:
      return kNonInviteServer;
  }
  return {};
}

// True if what was sent last is still wanted in this state: to be sent again, or to make the ACK of
// a failure from (17.1.1.3).
[[nodiscard]] constexpr bool keeps_last(Kind kind, State in) {
  for (const Row& row : table_of(kind)) {
    const bool makes_ack = (row.act & kAck) != 0 && row.to != row.in;
    if (row.in == in && ((row.act & kResend) != 0 || makes_ack)) return true;
  }
  return false;
}
static_assert(keeps_last(Kind::InviteClient, State::Proceeding));
static_assert(!keeps_last(Kind::InviteClient, State::Completed));

struct Step {
  State to;
  std::uint16_t act;
};
[[nodiscard]] constexpr Step step(Kind kind, State in, Input on) {
  for (const Row& row : table_of(kind))
    if (row.in == in && row.on == on) return {row.to, row.act};
  return {in, kNothing};
}

namespace detail {

constexpr bool each_pair_once(std::span<const Row> table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t j = i + 1; j < table.size(); ++j)
      if (table[i].in == table[j].in && table[i].on == table[j].on) return false;
  return true;
}
constexpr bool is_timer(Input on) {
  return on <= Input::TimerM;
}
// Every state that waits for the other side has a timer out of it; Proceeding of an INVITE waits
// for a person, and Proceeding and Trying of a server for its user.
constexpr bool ends_by_timer(std::span<const Row> table, State from) {
  for (const Row& row : table)
    if (row.in == from && row.to == State::Terminated && is_timer(row.on)) return true;
  return false;
}

// A timer that repeats stays where it is; so the timer that fired is the one to start again.
constexpr bool doubles_in_place(std::span<const Row> table) {
  for (const Row& row : table)
    if ((row.act & kDouble) != 0 && (row.in != row.to || !is_timer(row.on))) return false;
  return true;
}
// Nothing leaves Terminated.
constexpr bool terminated_is_the_end(std::span<const Row> table) {
  for (const Row& row : table)
    if (row.in == State::Terminated) return false;
  return true;
}
// The user hears of one final answer: a failure is passed up only on the way into Completed, and
// only a 2xx of an INVITE again in Accepted (17.1.1, RFC 6026).
constexpr bool one_final_is_passed_up(std::span<const Row> table) {
  for (const Row& row : table) {
    const bool final = row.on == Input::Success || row.on == Input::Failure;
    const bool again = row.in == State::Completed || row.in == State::Accepted;
    if (!final || (row.act & kPassUp) == 0 || !again) continue;
    if (row.on == Input::Failure || row.in != State::Accepted) return false;
  }
  return true;
}

}  // namespace detail

static_assert(detail::doubles_in_place(kInviteClient) && detail::doubles_in_place(kInviteServer));
static_assert(detail::doubles_in_place(kNonInviteClient) &&
              detail::doubles_in_place(kNonInviteServer));
static_assert(detail::terminated_is_the_end(kInviteClient) &&
              detail::terminated_is_the_end(kInviteServer));
static_assert(detail::terminated_is_the_end(kNonInviteClient) &&
              detail::terminated_is_the_end(kNonInviteServer));
static_assert(detail::one_final_is_passed_up(kInviteClient) &&
              detail::one_final_is_passed_up(kNonInviteClient));
static_assert(detail::each_pair_once(kInviteClient) && detail::each_pair_once(kInviteServer));
static_assert(detail::each_pair_once(kNonInviteClient) && detail::each_pair_once(kNonInviteServer));
static_assert(detail::ends_by_timer(kInviteClient, State::Calling) &&
              detail::ends_by_timer(kInviteClient, State::Accepted) &&
              detail::ends_by_timer(kInviteClient, State::Completed));
static_assert(detail::ends_by_timer(kInviteServer, State::Accepted) &&
              detail::ends_by_timer(kInviteServer, State::Completed) &&
              detail::ends_by_timer(kInviteServer, State::Confirmed));
static_assert(detail::ends_by_timer(kNonInviteClient, State::Trying) &&
              detail::ends_by_timer(kNonInviteClient, State::Proceeding) &&
              detail::ends_by_timer(kNonInviteClient, State::Completed));
static_assert(detail::ends_by_timer(kNonInviteServer, State::Completed));

}  // namespace sip
