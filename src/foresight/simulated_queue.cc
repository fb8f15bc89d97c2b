// The part of a simulation in which a caller stands in a queue.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/time.h"
#include "foresight/detail/simulated_call.h"
#include "foresight/detail/simulation.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "service/queue_line.h"

namespace foresight::detail {

service::CallerId Simulation::caller_of(const OneCall& call) {
  return service::CallerId{call.number};
}

bool Simulation::stands_in_queue(OneCall& call, const model::Serve& service) {
  if (service.kind != model::DestinationKind::Queue) return false;
  const model::Queue* queue = experiment_.snapshot->queue_named(service.name);
  if (queue == nullptr) return false;
  call.step = service;
  call.queue = queue;
  service::QueueLine& line = floor_.line_of(*queue);
  service::QueueActions actions;
  line.agents(floor_.agents_of(*queue, now().wall), now(), actions);
  line.enter(caller_of(call), call.query.user_id, now(), actions);
  carry_out(*queue, actions);
  return true;
}

// What an action leads to may have taken the caller of a later one.
void Simulation::carry_out(const model::Queue& queue, const service::QueueActions& actions) {
  for (const auto& action : actions) {
    const auto caller = std::visit([](const auto& any) { return any.caller; }, action);
    const auto found = calls_.find(static_cast<std::uint64_t>(caller));
    if (found == calls_.end() || found->second->queue != &queue) continue;
    OneCall& call = *found->second;
    std::visit(base::Overloaded{
                   [&](const service::Offer& offer) { offer_to(call, offer.agent); },
                   [&](const service::Withdraw& back) { withdraw(call, back.agent, back.why); },
                   [&](const service::Connect& connect) { talk_from_line(call, connect.agent); },
                   [](const service::Moved&) {},
                   [&](const service::SendAway& away) { send_away(call, away.why); },
               },
               action);
  }
}

void Simulation::offer_to(OneCall& call, const std::string& agent) {
  call.rings.push_back({.who = &life_.user_named(agent)});
  (void)ring_phone(call, hunt::AttemptId{static_cast<std::uint32_t>(call.rings.size() - 1)});
}

void Simulation::withdraw(OneCall& call, const std::string& agent, service::WithdrawReason why) {
  for (Ring& ring : call.rings)
    if (!ring.over && ring.who->user_id == agent)
      stop_ringing(call, ring, why == service::WithdrawReason::TimedOut);
  if (why == service::WithdrawReason::AnsweredElsewhere) return;
  offer_failed(call, agent, service::OfferFailure::NoAnswer);
}

void Simulation::offer_failed(const OneCall& call, const std::string& agent,
                              service::OfferFailure why) {
  const model::Queue& queue = *call.queue;
  service::QueueActions actions;
  floor_.line_of(queue).failed(caller_of(call), agent, why, now(), actions);
  carry_out(queue, actions);
}

void Simulation::talk_from_line(OneCall& call, const std::string& agent) {
  for (Ring& ring : call.rings) {
    if (!ring.answered || ring.over || ring.who->user_id != agent) continue;
    ring.who->queue = ring.machine ? nullptr : call.queue;
    return talk(call, ring);
  }
}

void Simulation::send_away(OneCall& call, service::SentAwayReason why) {
  call.queue = nullptr;
  call.query.at = now().wall;
  const bool nobody = why == service::SentAwayReason::TooFewAgents;
  take(call, model::after(*experiment_.snapshot, call.query, call.step,
                          nobody ? model::EndClass::Unreachable : model::EndClass::NoAnswer));
  changed_.push_back(call.number);
}

void Simulation::on_offer(OneCall& call, const Event& event) {
  Ring& ring = call.rings.at(static_cast<std::size_t>(event.attempt));
  const std::string agent = ring.who->user_id;
  if (event.what == What::Busy || event.what == What::Declines) {
    const bool declined = event.what == What::Declines;
    ring.over = true;
    if (declined) tally_.add(call, ring.who->figures.declined);
    return offer_failed(call, agent,
                        declined ? service::OfferFailure::Declined : service::OfferFailure::Busy);
  }
  if (ring.answered || ring.who->is_busy()) return;
  ring.answered = true;
  ring.machine = event.what == What::Voicemail;
  const model::Queue& queue = *call.queue;
  service::QueueActions actions;
  floor_.line_of(queue).answered(caller_of(call), agent, now(), actions);
  carry_out(queue, actions);
}

// After each event: agents who became free or busy, times that have come, calls that went on.
void Simulation::settle_lines() {
  if (std::exchange(look_again_, false)) {
    for (const model::Queue* queue : floor_.with_callers()) {
      service::QueueActions actions;
      floor_.line_of(*queue).agents(floor_.agents_of(*queue, now().wall), now(), actions);
      carry_out(*queue, actions);
    }
  }
  for (const std::uint64_t number : std::exchange(changed_, {})) {
    const auto found = calls_.find(number);
    if (found != calls_.end()) settle(*found->second);
  }
  const auto due = floor_.deadline();
  if (!due.has_value() || (lines_armed_.has_value() && *lines_armed_ <= *due)) return;
  lines_armed_ = due;
  plan(later(std::max(*due - at_, base::Duration{0}), What::LinesDue));
}

void Simulation::lines_due() {
  lines_armed_.reset();
  for (const model::Queue* queue : floor_.with_callers()) {
    service::QueueActions actions;
    floor_.line_of(*queue).time_reached(now(), actions);
    carry_out(*queue, actions);
  }
}

}  // namespace foresight::detail
