// A call that stands in a queue: music and its place are what the caller hears, each offer is a
// hunt for one agent (docs/hunting.md, strategy "queue").

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "call/detail/anchor.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/queue_desk.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "service/prompts.h"
#include "service/queue_line.h"
#include "service/service.h"
#include "service/waiting.h"

namespace call {
namespace {

// The line withdraws an offer at 20 s; the ring itself ends a little later and is never first.
constexpr base::Duration kRingFor = service::kOfferFor + base::Duration{500};

service::OfferFailure failure_of(model::EndClass end) {
  switch (end) {
    case model::EndClass::NoAnswer:
      return service::OfferFailure::NoAnswer;
    case model::EndClass::Busy:
      return service::OfferFailure::Busy;
    case model::EndClass::Declined:
      return service::OfferFailure::Declined;
    case model::EndClass::Unreachable:
      return service::OfferFailure::Unreachable;
  }
  return service::OfferFailure::Unreachable;
}

}  // namespace

void Call::start_queue(const model::Serve& wanted) {
  const model::Queue* queue = snapshot_->queue_named(wanted.name);
  if (queue == nullptr || !can_anchor() || !open_anchor(caller_.side)) {
    not_served(wanted);
    return;
  }
  if (runs_.empty()) core_.tell(facts::CallPlanned{record_.id, record_.plan});
  state_ = State::Hunting;
  note_final_destination(wanted);
  queue_step_ = wanted;
  service::Waiting::Settings settings;
  settings.voice = {service::language_from(snapshot_->office().language), nullptr};
  settings.answer = true;
  settings.hold = {service::sound("music/" + queue->music)};
  settings.announce_position = queue->announce_position;
  auto waiting = std::make_unique<service::Waiting>(std::move(settings));
  service::Waiting& hearing = *waiting;
  speak(caller_.side, std::move(waiting));
  if (caller_.ended || caller_.side.anchor == nullptr) return;
  caller_.side.anchor->waiting = &hearing;
  core_.queues().enter(*this, *queue);
}

void Call::stands_in(const std::string& queue_id, service::CallerId caller) {
  queue_place_ = QueuePlace{queue_id, caller};
}

// One agent, his devices alone: neither his forwards nor his mailbox.
void Call::offer(const std::string& agent) {
  if (queue_place_.has_value() && is_hunting())
    start_hunt(model::RingUser{agent, kRingFor, true}, agent);
}

void Call::withdraw(const std::string& agent, service::WithdrawReason why) {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    HuntRun& run = *runs_[i];
    if (run.offered_to != agent || run.hunt == nullptr) continue;
    run.offered_to.clear();  // its end is told here
    if (why == service::WithdrawReason::AnsweredElsewhere) {
      feed(run, hunt::TakenElsewhere{});
    } else {
      feed(run, hunt::CallerAnswered{});
    }
  }
  if (why == service::WithdrawReason::AnsweredElsewhere) return;
  core_.queues().failed(*this, agent, service::OfferFailure::NoAnswer);
}

void Call::offer_ended(HuntRun& run, model::EndClass end) {
  const std::string agent = std::exchange(run.offered_to, {});
  if (agent.empty()) return;
  core_.queues().failed(*this, agent, failure_of(end));
}

void Call::moved_in_line(const service::Waiting::Place& place) {
  if (caller_.side.anchor == nullptr || caller_.side.anchor->waiting == nullptr) return;
  service::Actions actions;
  caller_.side.anchor->waiting->moved(place, core_.now(), actions);
  carry_out(caller_.side, actions);
}

// Nobody of the queue has him. He goes on at the end of the turn, when no hunt is being fed.
void Call::sent_away(service::SentAwayReason why) {
  queue_place_.reset();
  const bool nobody = why == service::SentAwayReason::TooFewAgents;
  sent_away_ = nobody ? model::EndClass::Unreachable : model::EndClass::NoAnswer;
}

// To the queue's `finally`.
void Call::go_on_from_line() {
  const auto end = std::exchange(sent_away_, std::nullopt);
  if (!end.has_value() || !is_hunting() || winner_ != nullptr || !queue_step_.has_value()) return;
  drop_service(caller_.side);
  feed_all(hunt::CallerAnswered{});
  end_class_ = end;
  continue_after(*queue_step_, *end);
}

// The caller is gone from the line, whatever took him.
void Call::leave_queue() {
  if (!queue_place_.has_value()) return;
  core_.queues().leave(*this);
  queue_place_.reset();
}

// An agent has him: the line goes on to the next, and hears when the talk is over.
void Call::taken_from_line(const std::string& agent) {
  if (!queue_place_.has_value() || agent.empty()) return;
  queue_talk_ = QueueTalk{queue_place_->queue_id, agent};
  core_.queues().answered(*this, agent);
  queue_place_.reset();
}

const model::Queue* Call::queue_of_place() const {
  if (!queue_place_.has_value()) return nullptr;
  for (const model::Queue& queue : snapshot_->office().queues)
    if (queue.id == queue_place_->queue_id) return &queue;
  return nullptr;
}

void Call::queue_talk_over() {
  if (const auto talk = std::exchange(queue_talk_, std::nullopt)) {
    core_.queues().call_over(talk->queue_id, talk->agent);
  }
}

}  // namespace call
