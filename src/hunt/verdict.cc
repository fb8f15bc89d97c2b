#include "hunt/verdict.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "model/routing.h"

namespace hunt {

Failure failure_of(std::uint16_t status) {
  switch (status) {
    case 486:
    case 600:
      return Failure::Busy;
    case 603:
    case 607:
    case 608:
      return Failure::Declined;
    default:
      return Failure::Unreachable;
  }
}

Failure worst_of(std::span<const std::uint16_t> statuses) {
  Failure worst = Failure::Unreachable;
  for (const std::uint16_t status : statuses) {
    const Failure failure = failure_of(status);
    if (failure == Failure::Declined) return failure;
    if (failure == Failure::Busy) worst = failure;
  }
  return worst;
}

StopReason reason_for(Stopped why, bool prevent_missed_calls, bool page) {
  if (why == Stopped::GroupDeclined) return StopReason::DeclinedElsewhere;
  if (prevent_missed_calls || page) return StopReason::CompletedElsewhere;
  switch (why) {
    case Stopped::SomebodyWon:
    case Stopped::PickedUp:
    case Stopped::CallerTaken:
    case Stopped::SentToMailbox:
      return StopReason::CompletedElsewhere;
    case Stopped::CallerHungUp:
      return StopReason::CallerGaveUp;
    case Stopped::MovedOn:
    case Stopped::ServiceTook:
    case Stopped::Removed:
    case Stopped::NotConfirmed:
    case Stopped::PressedDecline:
    case Stopped::GroupDeclined:
      return StopReason::TimedOut;
  }
  return StopReason::TimedOut;
}

model::EndClass end_class(std::span<const LastResult> results) {
  const auto any = [&](LastResult wanted) {
    return std::find(results.begin(), results.end(), wanted) != results.end();
  };
  if (any(LastResult::RangOut)) return model::EndClass::NoAnswer;
  if (any(LastResult::Busy)) return model::EndClass::Busy;
  if (any(LastResult::Declined)) return model::EndClass::Declined;
  return model::EndClass::Unreachable;
}

}  // namespace hunt
