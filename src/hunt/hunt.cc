#include "hunt/hunt.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/detail/machine.h"
#include "hunt/verdict.h"
#include "hunt/view.h"

namespace hunt {

Hunt::Hunt(Start start, Settings settings)
    : machine_(std::make_unique<detail::Machine>(std::move(start), settings)) {}
Hunt::~Hunt() = default;

void Hunt::begin(const View& view, base::Now now, Actions& out) {
  detail::Turn turn{.view = view, .now = now, .out = out};
  machine_->begin(turn);
}

void Hunt::step(const Event& event, const View& view, base::Now now, Actions& out) {
  detail::Turn turn{.view = view, .now = now, .out = out};
  detail::Machine& m = *machine_;
  if (const auto due = m.deadline(); due.has_value() && *due <= now.at) m.time_reached(turn);
  std::visit(base::Overloaded{
                 [&](const AttemptHeard& e) { m.heard(e.attempt); },
                 [&](const AttemptRinging& e) { m.ringing(e.attempt, turn); },
                 [&](const AttemptAnswered& e) { m.answered(e, turn); },
                 [&](const AttemptFailed& e) { m.failed(e, turn); },
                 [&](const KeyPressed& e) { m.key_pressed(e, turn); },
                 [&](const CallerHungUp& e) { m.caller_hung_up(e.elsewhere, turn); },
                 [&](const Reconfigured&) { m.reconfigured(turn); },
                 [&](const UserFree& e) { m.user_free(e.user_id, turn); },
                 [&](const DeviceRegistered& e) { m.device_registered(e.user_id, turn); },
                 [&](const DeviceClosed& e) { m.device_closed(e.key, turn); },
                 [&](const TakenElsewhere&) { m.taken(Stopped::PickedUp, turn); },
                 [&](const ServiceTook&) { m.taken(Stopped::ServiceTook, turn); },
                 [&](const CallerAnswered&) { m.taken(Stopped::MovedOn, turn); },
                 [&](const TimeReached&) { m.time_reached(turn); },
             },
             event);
}

std::optional<base::Instant> Hunt::deadline() const {
  return machine_->deadline();
}
Phase Hunt::phase() const {
  return machine_->phase;
}
std::uint32_t Hunt::round() const {
  return machine_->round;
}
std::uint32_t Hunt::stage() const {
  return machine_->stage;
}
bool Hunt::between_rounds() const {
  return machine_->between_rounds();
}
std::optional<base::Instant> Hunt::limit() const {
  return machine_->limit_at;
}
bool Hunt::is_last_ring(AttemptId attempt) const {
  return machine_->is_last_ring(attempt);
}
std::optional<base::Instant> Hunt::told_ringing_at() const {
  return machine_->told_at;
}
std::size_t Hunt::open() const {
  return machine_->open();
}
std::vector<std::string> Hunt::open_devices() const {
  return machine_->open_devices();
}
const std::vector<std::string>& Hunt::declined() const {
  return machine_->declined;
}
const facts::PlanStory& Hunt::plan() const {
  return machine_->story;
}
const std::vector<facts::Attempt>& Hunt::attempts() const {
  return machine_->attempts;
}
std::vector<facts::Attempt>& Hunt::attempts() {
  return machine_->attempts;
}

facts::Attempt* Hunt::attempt(AttemptId attempt) {
  const auto at = static_cast<std::size_t>(attempt);
  return at < machine_->attempts.size() ? &machine_->attempts[at] : nullptr;
}

Hunt::Story Hunt::take_story() {
  return {.plan = std::move(machine_->story), .attempts = std::move(machine_->attempts)};
}

std::string Hunt::describe(base::Instant now) const {
  return machine_->describe(now);
}

}  // namespace hunt
