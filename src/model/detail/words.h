#pragma once
// The contract's words for each closed set, in one table each, read both ways.

#include <span>
#include <string_view>

#include "model/office.h"

namespace model::detail {

template <class E>
struct Named {
  E value;
  const char* name;
};

[[nodiscard]] std::span<const Named<DestinationKind>> names(DestinationKind);
[[nodiscard]] std::span<const Named<Strategy>> names(Strategy);
[[nodiscard]] std::span<const Named<Confirm>> names(Confirm);
[[nodiscard]] std::span<const Named<TimerFrom>> names(TimerFrom);
[[nodiscard]] std::span<const Named<RecordPolicy>> names(RecordPolicy);
[[nodiscard]] std::span<const Named<RuleMode>> names(RuleMode);
[[nodiscard]] std::span<const Named<Pickup>> names(Pickup);
[[nodiscard]] std::span<const Named<Decline>> names(Decline);
[[nodiscard]] std::span<const Named<AdminRole>> names(AdminRole);
[[nodiscard]] std::span<const Named<Every>> names(Every);

// A strategy by another name, as other systems call it.
struct StrategyAlias {
  const char* name;
  Strategy strategy;
  bool forever;  // also sets `repeat: forever`
};
[[nodiscard]] std::span<const StrategyAlias> strategy_aliases();

template <class E>
[[nodiscard]] const char* name_of(E value) {
  for (const Named<E>& named : names(value))
    if (named.value == value) return named.name;
  return "";
}

}  // namespace model::detail
