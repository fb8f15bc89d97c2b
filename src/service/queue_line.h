#pragma once
// The line of one queue: who waits, which agents are free, who is offered to whom. What the callers
// hear meanwhile is a Waiting of their own, fed with the Moved of this line.
//
// First come, first served: the head is offered to the free agent whom the strategy names, for 20
// s; several free agents are offered several heads at once; ring_all offers the head to all free
// ones. An agent who did not answer gets the same caller again when all others have been asked, 2 s
// later at the earliest (rule 5); who declined does not get him again (rule 2); who is offered a
// call is not offered another (rule 12); nobody is offered himself. The first answer wins (rule 6);
// a late one wins as long as the caller still waits.
//
// The driver carries out all actions in their order and says how each offer ended: answered(), or
// failed(), which is also right after a Withdraw, and call_over() once for each Connect. `agents`
// come in whole, in the order of the configuration; what their calls and phones do is told by the
// next list or by the events.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "model/office.h"
#include "service/waiting.h"

namespace service {

enum class CallerId : std::uint64_t {};

// How long an agent is rung for one caller.
inline constexpr base::Duration kOfferFor{20'000};

struct Agent {
  std::string id;
  bool logged_in = true;
  bool paused = false;
  bool reachable = true;  // a phone is registered, no do-not-disturb
  bool in_call = false;   // of whatever kind, also outside the queue
  std::int32_t priority = 0;
  std::int32_t weight = 10;
  std::uint32_t answered = 0;                     // calls of this queue today (fewest_calls)
  std::optional<base::WallTime> last_call_ended;  // of any kind (longest_idle); absent: never
  bool operator==(const Agent&) const = default;
};

// ---- actions -------------------------------------------------------------------------------
// Ring the agent for this caller.
struct Offer {
  CallerId caller{};
  std::string agent;
};
enum class WithdrawReason : std::uint8_t { TimedOut, AnsweredElsewhere, CallerGone, AgentGone };
// Stop it: his phone rings no more, or is hung up if it has answered.
struct Withdraw {
  CallerId caller{};
  std::string agent;
  WithdrawReason why = WithdrawReason::TimedOut;
};
// Join them. The caller has left the line.
struct Connect {
  CallerId caller{};
  std::string agent;
};
struct Moved {
  CallerId caller{};
  Waiting::Place place;
};
enum class SentAwayReason : std::uint8_t { TooFewAgents, LineFull, WaitedTooLong };
// The caller has left the line for the queue's `finally`.
struct SendAway {
  CallerId caller{};
  SentAwayReason why = SentAwayReason::WaitedTooLong;
};
using QueueAction = std::variant<Offer, Withdraw, Connect, Moved, SendAway>;
using QueueActions = std::vector<QueueAction>;
// "offer 1 101", for traces and tests.
[[nodiscard]] std::string describe(const QueueAction& action);

enum class OfferFailure : std::uint8_t { NoAnswer, Busy, Declined, Unreachable };

class QueueLine final {
 public:
  struct Settings {
    model::Strategy strategy = model::Strategy::LongestIdle;
    std::uint32_t minimum_agents = 0;  // logged in; below: callers are sent away
    std::size_t longest_line = 200;
    std::optional<base::Duration> max_wait;
    base::Duration offer_for = kOfferFor;
    base::Duration wrap_up{0};  // after a call of the queue nothing is offered for so long
    std::uint64_t seed = 1;     // random and weighted
    std::string pointer;        // round_robin: whom the last call was offered to
  };
  explicit QueueLine(Settings settings);

  void agents(std::vector<Agent> agents, base::Now now, QueueActions& out);
  // `user`: the caller's own agent id, or empty.
  void enter(CallerId caller, std::string user, base::Now now, QueueActions& out);
  // He hung up, pressed a key or wants to be called back.
  void leave(CallerId caller, base::Now now, QueueActions& out);
  void answered(CallerId caller, std::string_view agent, base::Now now, QueueActions& out);
  void failed(CallerId caller, std::string_view agent, OfferFailure why, base::Now now,
              QueueActions& out);
  // The call of the queue that this agent had is over.
  void call_over(std::string_view agent, base::Now now, QueueActions& out);
  void time_reached(base::Now now, QueueActions& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const;

  [[nodiscard]] std::size_t waiting() const { return callers_.size(); }
  // Whom round_robin asked last: to be kept over a restart.
  [[nodiscard]] const std::string& pointer() const { return settings_.pointer; }

 private:
  struct Offered {
    std::string agent;
    base::Instant until{};
  };
  struct Caller {
    CallerId id{};
    std::string user;
    base::Instant entered{};
    std::vector<Offered> offers;
    std::vector<std::string> asked;     // in this pass, in order of time
    std::vector<std::string> declined;  // for good
    std::optional<base::Instant> next_pass;
    std::uint32_t told_position = 0;
  };
  // What the line itself knows of an agent's calls of this queue.
  struct Work {
    std::optional<base::Instant> talks_since;
    std::optional<base::Instant> wraps_up_until;
  };

  void settle(base::Now now, QueueActions& out);
  void send_away_if_too_few(QueueActions& out);
  void dispatch(base::Now now, QueueActions& out);
  void offer_to(Caller& caller, std::vector<const Agent*>& free, base::Now now, QueueActions& out);
  void tell_places(QueueActions& out);
  void withdraw_all(Caller& caller, WithdrawReason why, std::string_view but,
                    QueueActions& out) const;
  void withdraw_from_gone(base::Now now, QueueActions& out);
  bool offer_ended(Caller& caller, std::string_view agent, base::Now now);
  [[nodiscard]] Caller* find(CallerId caller);
  [[nodiscard]] const Agent* find_agent(std::string_view agent) const;
  [[nodiscard]] bool is_free(const Agent& agent, base::Now now) const;
  [[nodiscard]] std::vector<const Agent*> free_agents(base::Now now);
  [[nodiscard]] std::size_t logged_in() const;
  [[nodiscard]] std::optional<base::Duration> expected_wait(std::uint32_t position) const;

  Settings settings_;
  // What runs.
  base::SplitMix rng_;
  std::vector<Agent> agents_;
  std::map<std::string, Work, std::less<>> work_;  // by agent
  std::vector<Caller> callers_;                    // the head first
  std::vector<base::Duration> talks_;              // of the last calls, the newest last
};

// The agents in the order in which the strategy would ask them.
[[nodiscard]] std::vector<const Agent*> in_order(std::vector<const Agent*> agents,
                                                 model::Strategy strategy, std::string_view pointer,
                                                 base::Rng& rng);

}  // namespace service
