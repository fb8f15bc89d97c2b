#include "call/detail/queue_desk.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "service/queue_agents.h"
#include "service/queue_line.h"

namespace call {
// A changed queue holds for who comes when nobody waits any more; until then the line stays as it
// is.
QueueDesk::Line& QueueDesk::line_of(const model::Queue& queue) {
  Line& line = lines_[queue.id];
  const bool idle = line.line == nullptr || line.line->waiting() == 0;
  if (idle && (line.line == nullptr || line.configured != queue)) {
    service::QueueLine::Settings settings = service::settings_of(queue, core_.rng().next());
    if (line.line != nullptr) settings.pointer = line.line->pointer();
    line.line = std::make_unique<service::QueueLine>(std::move(settings));
    line.configured = queue;
  }
  return line;
}

std::vector<service::Agent> QueueDesk::agents_of(const model::Queue& queue) const {
  return service::agents_of(
      *core_.snapshot(), queue, core_.now().wall, [this](std::string_view user_id) {
        const hunt::UserPresence presence = core_.view().user(user_id);
        return service::AgentPresence{presence.devices > 0, presence.calls > 0,
                                      presence.last_answered_ended};
      });
}

void QueueDesk::enter(Call& call, const model::Queue& queue) {
  Line& line = line_of(queue);
  const service::CallerId caller{++last_caller_};
  line.callers.emplace(caller, call.id());
  call.stands_in(queue.id, caller);
  service::QueueActions actions;
  line.line->agents(agents_of(queue), core_.now(), actions);
  line.line->enter(caller, call.caller_user(), core_.now(), actions);
  carry_out(queue.id, actions);
}

void QueueDesk::leave(const Call& call) {
  const auto& place = call.queue_place();
  if (!place.has_value()) return;
  const auto found = lines_.find(place->queue_id);
  if (found == lines_.end() || found->second.callers.erase(place->caller) == 0) return;
  service::QueueActions actions;
  found->second.line->leave(place->caller, core_.now(), actions);
  const std::string queue_id = place->queue_id;  // the call may forget it meanwhile
  carry_out(queue_id, actions);
}

void QueueDesk::answered(const Call& call, const std::string& agent) {
  const auto& place = call.queue_place();
  if (!place.has_value()) return;
  const auto found = lines_.find(place->queue_id);
  if (found == lines_.end()) return;
  service::QueueActions actions;
  const std::string queue_id = place->queue_id;
  found->second.callers.erase(place->caller);
  found->second.line->answered(place->caller, agent, core_.now(), actions);
  carry_out(queue_id, actions);
}

void QueueDesk::failed(const Call& call, const std::string& agent, service::OfferFailure why) {
  const auto& place = call.queue_place();
  if (!place.has_value()) return;
  const auto found = lines_.find(place->queue_id);
  if (found == lines_.end()) return;
  service::QueueActions actions;
  const std::string queue_id = place->queue_id;
  found->second.line->failed(place->caller, agent, why, core_.now(), actions);
  carry_out(queue_id, actions);
}

void QueueDesk::call_over(const std::string& queue_id, const std::string& agent) {
  const auto found = lines_.find(queue_id);
  if (found == lines_.end()) return;
  service::QueueActions actions;
  found->second.line->call_over(agent, core_.now(), actions);
  carry_out(queue_id, actions);
}

void QueueDesk::settle() {
  if (!std::exchange(look_again_, false)) return;
  for (const model::Queue& queue : core_.snapshot()->office().queues) {
    const auto found = lines_.find(queue.id);
    if (found == lines_.end() || found->second.line->waiting() == 0) continue;
    service::QueueActions actions;
    found->second.line->agents(agents_of(queue), core_.now(), actions);
    carry_out(queue.id, actions);
  }
}

void QueueDesk::time_reached() {
  for (auto& [queue_id, line] : lines_) {
    const auto due = line.line->deadline();
    if (!due.has_value() || *due > core_.now().at) continue;
    service::QueueActions actions;
    line.line->time_reached(core_.now(), actions);
    carry_out(queue_id, actions);
  }
}

std::optional<base::Instant> QueueDesk::deadline() const {
  std::optional<base::Instant> first;
  for (const auto& [queue_id, line] : lines_) {
    const auto due = line.line->deadline();
    if (due.has_value() && (!first.has_value() || *due < *first)) first = due;
  }
  return first;
}

// The caller of an action may have gone by what an earlier one of the same list led to.
void QueueDesk::carry_out(const std::string& queue_id, service::QueueActions& actions) {
  const auto call_of = [&](service::CallerId caller) -> Call* {
    const auto line = lines_.find(queue_id);
    if (line == lines_.end()) return nullptr;
    const auto found = line->second.callers.find(caller);
    return found == line->second.callers.end() ? nullptr : core_.find_call(found->second);
  };
  for (auto& action : actions) {
    std::visit(base::Overloaded{[&](const service::Offer& offer) {
                                  if (Call* call = call_of(offer.caller)) {
                                    call->offer(offer.agent);
                                    core_.touch(*call);
                                  }
                                },
                                [&](const service::Withdraw& withdraw) {
                                  if (Call* call = call_of(withdraw.caller)) {
                                    call->withdraw(withdraw.agent, withdraw.why);
                                    core_.touch(*call);
                                  }
                                },
                                // The hunt that rang the agent has joined them already.
                                [](const service::Connect&) {},
                                [&](const service::Moved& moved) {
                                  if (Call* call = call_of(moved.caller)) {
                                    call->moved_in_line(moved.place);
                                    core_.touch(*call);
                                  }
                                },
                                [&](const service::SendAway& away) {
                                  Call* call = call_of(away.caller);
                                  if (call == nullptr) return;
                                  lines_[queue_id].callers.erase(away.caller);
                                  call->sent_away(away.why);
                                  core_.touch(*call);
                                }},
               action);
  }
}

}  // namespace call
