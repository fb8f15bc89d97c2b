// What comes after a hunt without an answer: forwards and mailbox of a user, `finally` of a group
// or rule, else the code of rule 8.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "model/detail/router.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace model {
namespace detail {

Step Router::ended(EndClass end) {
  const Refuse code = code_of(end);
  say("the caller gets " + std::to_string(code.sip_code),
      std::string("the hunt ended ") + word(end), "");
  return code;
}

}  // namespace detail

namespace {

Step after_finally(detail::Router& router, const Finally& finally, EndClass end, const User* owner,
                   const std::string& setting) {
  const Destination next = chosen(finally, end);
  if (next.kind == DestinationKind::None) return router.ended(end);
  router.say("finally: " + json_of(next), std::string("the hunt ended ") + word(end), setting);
  if (next.kind == DestinationKind::Hangup) return code_of(end);
  return router.to_destination(next, owner);
}

Step after_group(detail::Router& router, const std::string& id, EndClass end) {
  const Group* group = router.snapshot.group_by_id(id);
  if (group == nullptr) return router.ended(end);
  return after_finally(router, group->finally, end, nullptr, "groups/" + group->id + "/finally");
}

Step after_rule(detail::Router& router, const RunRule& ran, EndClass end) {
  const User* user = router.snapshot.user_by_id(ran.user_id);
  if (user == nullptr || ran.rule >= user->rules.size()) return router.ended(end);
  const Finally& finally = user->rules[ran.rule].finally;
  if (chosen(finally, end).kind == DestinationKind::None)
    return router.after_user(*user, end, true);
  return after_finally(router, finally, end, user,
                       "users/" + user->id + "/rules/" + std::to_string(ran.rule) + "/finally");
}

// Nobody of a queue has taken him; the other services have nothing after them.
Step after_service(detail::Router& router, const Serve& service, EndClass end) {
  const Queue* queue =
      service.kind == DestinationKind::Queue ? router.snapshot.queue_named(service.name) : nullptr;
  if (queue == nullptr) return router.ended(end);
  return after_finally(router, queue->finally, end, nullptr, "queues/" + queue->id + "/finally");
}

Step after_of_user(detail::Router& router, const std::string& id, EndClass end, bool forwards) {
  const User* user = router.snapshot.user_by_id(id);
  return user == nullptr ? router.ended(end) : router.after_user(*user, end, forwards);
}

}  // namespace

Route after(const Snapshot& snapshot, const Query& query, const Step& step, EndClass end) {
  detail::Router router(snapshot, query);
  Step next = std::visit(
      base::Overloaded{
          [&](const Refuse& refused) -> Step { return refused; },
          [&](const RingGroup& rung) -> Step { return after_group(router, rung.group_id, end); },
          [&](const RingChain& rung) -> Step {
            return after_of_user(router, rung.user_id, end, false);
          },
          [&](const RingUser& rung) -> Step {
            return rung.alone ? router.ended(end) : after_of_user(router, rung.user_id, end, true);
          },
          [&](const RunRule& ran) -> Step { return after_rule(router, ran, end); },
          [&](const DialOut&) -> Step { return router.ended(end); },
          [&](const DialUri&) -> Step { return router.ended(end); },
          [&](const Serve& service) -> Step { return after_service(router, service, end); },
      },
      step);
  return router.finished(std::move(next));
}

Refuse code_of(EndClass end) {
  switch (end) {
    case EndClass::NoAnswer:
      return {480, 19, "no_answer"};
    case EndClass::Busy:
      return {486, 17, "busy"};
    case EndClass::Declined:
      return {486, 21, "declined"};
    case EndClass::Unreachable:
      return {480, 20, "unreachable"};
  }
  return {480, 20, "unreachable"};
}

const char* word(EndClass end) {
  switch (end) {
    case EndClass::NoAnswer:
      return "no_answer";
    case EndClass::Busy:
      return "busy";
    case EndClass::Declined:
      return "declined";
    case EndClass::Unreachable:
      return "unreachable";
  }
  return "unreachable";
}

Destination chosen(const Finally& finally, EndClass end) {
  if (finally.any.kind != DestinationKind::None) return finally.any;
  const Destination& own = (end == EndClass::Busy || end == EndClass::Declined) ? finally.busy
                           : end == EndClass::Unreachable ? finally.unreachable
                                                          : finally.no_answer;
  return own.kind == DestinationKind::None ? finally.no_answer : own;
}

}  // namespace model
