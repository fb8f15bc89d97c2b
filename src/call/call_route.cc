// Where a call goes next: the route of the dialled number at the start, and what `finally` says
// after each hunt that nobody answered. One call keeps one id over all of it (rule 15).

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "base/overloaded.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/last_calls.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "hunt/hunt.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace call {
namespace {

facts::Outcome outcome_of(model::EndClass end) {
  switch (end) {
    case model::EndClass::NoAnswer:
      return facts::Outcome::NoAnswer;
    case model::EndClass::Busy:
      return facts::Outcome::Busy;
    case model::EndClass::Declined:
      return facts::Outcome::Declined;
    case model::EndClass::Unreachable:
      return facts::Outcome::Unreachable;
  }
  return facts::Outcome::Failed;
}

const char* service_word(model::DestinationKind kind) {
  switch (kind) {
    case model::DestinationKind::Ivr:
      return "ivr";
    case model::DestinationKind::Queue:
      return "queue";
    case model::DestinationKind::Mailbox:
      return "mailbox";
    case model::DestinationKind::Announce:
      return "announce";
    case model::DestinationKind::None:
      return "code";
    case model::DestinationKind::User:
    case model::DestinationKind::Group:
    case model::DestinationKind::Number:
    case model::DestinationKind::Sip:
    case model::DestinationKind::Busy:
    case model::DestinationKind::Hangup:
      break;
  }
  return "service";
}

}  // namespace

void Call::route() {
  query_.dialled = record_.dialled;
  query_.caller = identity_.kind;
  query_.user_id = identity_.user_id;
  query_.number = identity_.number;
  query_.at = core_.now().wall;
  query_.no_fork = caller_.no_fork && identity_.kind == model::CallerKind::User;
  query_.emergency = core_.is_emergency(record_.dialled);
  if (const LastCall* last = core_.last_calls().of(identity_.user_id)) {
    query_.last_dialled = last->dialled;
    query_.last_caller = last->hidden ? std::string() : last->caller;
  }
  model::Route route = model::route(*snapshot_, query_);
  if (identity_.kind == model::CallerKind::User && !route.dialled.empty())
    core_.note_dialled(identity_.user_id, route.dialled);
  if (route.hides_number) identity_.anonymous = true;
  take(std::move(route));
}

void Call::take(model::Route route) {
  for (auto& decision : route.decisions) {
    record_.plan.decisions.push_back(
        {std::move(decision.what), std::move(decision.because), std::move(decision.setting)});
  }
  query_.visited = std::move(route.visited);
  redirected_ = redirected_ || (route.redirected && runs_.empty());
  if (++steps_ > core_.settings().limits.finals) {
    refuse({482, 25, "loop"});
    return;
  }
  const auto* out = std::get_if<model::DialOut>(&route.step);
  const auto why = out == nullptr || query_.emergency ? std::string_view()
                                                      : core_.why_not_out(out->on_behalf_of);
  if (!why.empty()) {
    core_.tell(facts::CallTroubled{record_.id, std::string(why)});
    refuse({403, 21, std::string(why)});
  } else if (const auto* refused = std::get_if<model::Refuse>(&route.step)) {
    refuse(*refused);
  } else if (const auto* service = std::get_if<model::Serve>(&route.step)) {
    start_service(*service);
  } else {
    note_final_destination(route.step);
    start_hunt(route.step);
  }
}

void Call::continue_after(const model::Step& step, model::EndClass end) {
  query_.at = core_.now().wall;
  const model::Step ended = step;  // the run may go away meanwhile
  take(model::after(*snapshot_, query_, ended, end));
}

// A destination that a person chose (key 2 of a confirmation).
void Call::go_to(const model::Destination& destination) {
  take(model::route_to(*snapshot_, query_, destination, nullptr));
}

std::string service_name(const model::Serve& service) {
  return std::string(service_word(service.kind)) + (service.name.empty() ? "" : " " + service.name);
}

void Call::not_served(const model::Serve& service) {
  record_.plan.decisions.push_back(
      {service_name(service),
       model::is_built(service) ? "it cannot answer: no codec in common, no free port, or no media"
                                : "not built yet",
       ""});
  record_.final_destination = service_name(service);
  const model::Refuse code = end_class_.has_value() ? model::code_of(*end_class_)
                                                    : model::code_of(model::EndClass::Unreachable);
  // The service would have answered; without it the caller hears that nobody is there.
  refuse({480, code.q850, "not_built"});
}

void Call::refuse(const model::Refuse& refusal) {
  if (end_class_.has_value() && refusal.sip_code != 482) {
    note_outcome(outcome_of_end());
  } else {
    note_outcome(redirected_ ? facts::Outcome::Redirected : outcome_of_refusal(refusal));
  }
  if (runs_.empty()) core_.tell(facts::CallPlanned{record_.id, record_.plan});
  end_with_code(refusal.sip_code, refusal.q850);
}

facts::Outcome Call::outcome_of_end() const {
  return redirected_ ? facts::Outcome::Redirected
                     : outcome_of(end_class_.value_or(model::EndClass::NoAnswer));
}

facts::Outcome Call::outcome_of_refusal(const model::Refuse& refusal) {
  if (refusal.why == "not_built") return facts::Outcome::Unreachable;
  if (refusal.sip_code == 486) return facts::Outcome::Busy;
  if (refusal.sip_code == 480) return facts::Outcome::Unreachable;
  return facts::Outcome::Failed;
}

void Call::note_first_group(const model::Step& step) {
  const auto* ring = std::get_if<model::RingGroup>(&step);
  if (ring == nullptr || !record_.group.empty()) return;
  const model::Group* group = snapshot_->group_by_id(ring->group_id);
  if (group == nullptr) return;
  record_.group = group->name;
  record_.crm_account = group->crm_account;
}

const model::Group* Call::group_of(const HuntRun& run) const {
  const auto* ring = std::get_if<model::RingGroup>(&run.step);
  return ring == nullptr ? nullptr : snapshot_->group_by_id(ring->group_id);
}

void Call::note_final_destination(const model::Step& step) {
  // The place that was dialled is no final destination.
  if (runs_.empty() && !redirected_ && services_left_ == 0 && !end_class_.has_value()) return;
  record_.final_destination = destination_name(step);
}

std::string Call::destination_name(const model::Step& step) const {
  return std::visit(
      base::Overloaded{
          [&](const model::RingGroup& ring) {
            const model::Group* group = snapshot_->group_by_id(ring.group_id);
            return "group " + (group == nullptr ? ring.group_id : group->name);
          },
          [](const model::RingChain& ring) { return "chain " + ring.row_id; },
          [&](const model::RingUser& ring) { return "user " + extension_of(ring.user_id); },
          [&](const model::RunRule& rule) { return "user " + extension_of(rule.user_id); },
          [](const model::DialOut& dial) { return "number " + dial.number; },
          [](const model::DialUri& dial) { return "sip " + dial.uri; },
          [](const model::Serve& service) { return service_name(service); },
          [](const model::Refuse& refusal) { return refusal.why; }},
      step);
}

const std::string& Call::called() const {
  return called_.empty() ? record_.dialled : called_;
}

std::string Call::extension_of(const std::string& user_id) const {
  const model::User* user = snapshot_->user_by_id(user_id);
  return user == nullptr ? user_id : user->extension;
}

}  // namespace call
