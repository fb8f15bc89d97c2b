#pragma once
// The course of one simulation: events on a virtual clock, calls that hunt, calls in queues.
// simulation.cc carries calls through hunts, simulated_queue.cc through queues.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "foresight/detail/arrivals.h"
#include "foresight/detail/office_life.h"
#include "foresight/detail/queue_floor.h"
#include "foresight/detail/simulated_call.h"
#include "foresight/detail/tally.h"
#include "foresight/figures.h"
#include "foresight/simulation.h"
#include "foresight/traffic.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "service/queue_line.h"

namespace foresight::detail {

class Simulation final {
 public:
  explicit Simulation(const Experiment& experiment);
  Figures run();

 private:
  // ---- time and chance ----
  [[nodiscard]] base::Now now() const;
  [[nodiscard]] Event later(base::Duration after, What what);
  void plan(const Event& event);
  [[nodiscard]] base::SplitMix chance(std::uint64_t call, std::string_view what) const;
  // ---- callers ----
  void next_arrival();
  void arrive();
  [[nodiscard]] std::optional<base::Duration> patience_of(const OneCall& call) const;
  void take(OneCall& call, model::Route route);
  void start_hunt(OneCall& call, model::Step step);
  void feed(OneCall& call, const hunt::Event& event);
  void settle(OneCall& call);
  // ---- what the hunt wants ----
  void carry_out(OneCall& call, hunt::Actions& actions);
  void ring(OneCall& call, const hunt::Dial& dial, hunt::Actions& actions);
  bool ring_phone(OneCall& call, hunt::AttemptId attempt);
  void plan_for(const OneCall& call, hunt::AttemptId attempt, base::Duration after, What what);
  void stop(OneCall& call, hunt::AttemptId attempt, hunt::StopReason why, hunt::Actions& actions);
  void stop_ringing(const OneCall& call, Ring& ring, bool shown_as_missed);
  void ask(const OneCall& call, hunt::AttemptId attempt);
  // ---- how a call ends ----
  void talk(OneCall& call, const Ring& ring);
  void end_in(OneCall& call, const std::string& where);
  // ---- queues ----
  [[nodiscard]] static service::CallerId caller_of(const OneCall& call);
  bool stands_in_queue(OneCall& call, const model::Serve& service);
  void carry_out(const model::Queue& queue, const service::QueueActions& actions);
  void offer_to(OneCall& call, const std::string& agent);
  void withdraw(OneCall& call, const std::string& agent, service::WithdrawReason why);
  void offer_failed(const OneCall& call, const std::string& agent, service::OfferFailure why);
  void talk_from_line(OneCall& call, const std::string& agent);
  void send_away(OneCall& call, service::SentAwayReason why);
  void on_offer(OneCall& call, const Event& event);
  void settle_lines();
  void lines_due();
  // ---- what happens ----
  void on(const Event& event);
  void on_person(Someone& who, const Event& event);
  void hang_up(OneCall& call);
  void on_hunt(OneCall& call, const Event& event);
  void is_free(const Someone& who);
  void plan_absence(Someone& who, std::uint64_t times);

  // Given to us.
  const Experiment& experiment_;
  // Owned.
  OfficeLife life_;
  Arrivals arrivals_;
  QueueFloor floor_;
  Tally tally_;
  std::map<std::uint64_t, std::unique_ptr<OneCall>> calls_;  // those that hunt or stand in a queue
  std::vector<Event> events_;                                // a heap, the earliest first
  // Plain state.
  base::Instant at_{};
  std::uint64_t serial_ = 0, arrived_ = 0, steps_ = 0;
  Arrival arriving_;
  bool coming_ = false;
  bool look_again_ = false;             // agents may have become free or busy
  std::vector<std::uint64_t> changed_;  // calls that a queue sent on
  std::optional<base::Instant> lines_armed_;
  std::vector<std::string> declined_;  // by the call whose next hunt begins
};

}  // namespace foresight::detail
