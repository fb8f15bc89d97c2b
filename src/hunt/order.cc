#include "hunt/detail/order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "hunt/memory.h"
#include "model/office.h"

namespace hunt::detail {
namespace {

using Candidates = std::vector<Candidate>;

std::vector<std::size_t> places(const Candidates& candidates) {
  std::vector<std::size_t> all(candidates.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

std::vector<Together> each_alone(const std::vector<std::size_t>& order) {
  std::vector<Together> stages;
  stages.reserve(order.size());
  for (const std::size_t i : order) stages.push_back({i});
  return stages;
}

std::int64_t priority_of(const Candidate& candidate) {
  return candidate.member->priority.value_or(static_cast<std::int32_t>(candidate.place) + 1);
}

// Lower first; absent = the place in the list; equal given ones together.
std::vector<Together> by_priority(const Candidates& candidates) {
  auto order = places(candidates);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{priority_of(candidates[a]), a} < std::pair{priority_of(candidates[b]), b};
  });
  std::vector<Together> stages;
  std::optional<std::pair<std::int32_t, std::size_t>> given;  // the last given one and its stage
  for (const std::size_t i : order) {
    const auto& priority = candidates[i].member->priority;
    if (priority.has_value() && given.has_value() && given->first == *priority) {
      stages[given->second].push_back(i);
      continue;
    }
    if (priority) given = {*priority, stages.size()};
    stages.push_back({i});
  }
  return stages;
}

std::vector<Together> shuffled(const Candidates& candidates, base::Rng& rng) {
  auto order = places(candidates);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[base::below(rng, left)]);
  return each_alone(order);
}

// Without replacement; weight 0 comes last, in the order of the list.
std::vector<Together> drawn_by_weight(const Candidates& candidates, base::Rng& rng) {
  const auto weight_of = [&](std::size_t i) {
    return static_cast<std::uint64_t>(std::max(candidates[i].member->weight, 0));
  };
  auto left = places(candidates);
  std::vector<std::size_t> order;
  while (!left.empty()) {
    std::uint64_t total = 0;
    for (const std::size_t i : left) total += weight_of(i);
    auto drawn = left.begin();
    if (total > 0) {
      std::uint64_t at = base::below(rng, total);
      for (; at >= weight_of(*drawn); ++drawn) at -= weight_of(*drawn);
    }
    order.push_back(*drawn);
    left.erase(drawn);
  }
  return each_alone(order);
}

std::vector<Together> behind_the_pointer(const OrderInput& input) {
  auto stages = by_priority(input.candidates);
  const auto has_pointer = [&](const Together& stage) {
    return std::any_of(stage.begin(), stage.end(), [&](std::size_t i) {
      return input.candidates[i].key == input.memory.pointer;
    });
  };
  const auto at = std::find_if(stages.begin(), stages.end(), has_pointer);
  if (at != stages.end()) std::rotate(stages.begin(), at + 1, stages.end());
  return stages;
}

// Never = longest; for others than users the last call through this group counts.
std::vector<Together> by_idle_time(const OrderInput& input) {
  std::vector<std::optional<base::WallTime>> since;
  since.reserve(input.candidates.size());
  for (const Candidate& candidate : input.candidates) {
    if (!candidate.user_id.empty()) {
      since.push_back(input.view.user(candidate.user_id).last_answered_ended);
      continue;
    }
    const MemberMemory* known = find(input.memory, candidate.key);
    since.push_back(known == nullptr ? std::nullopt : known->last_call);
  }
  auto order = places(input.candidates);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{since[a], a} < std::pair{since[b], b};
  });
  return each_alone(order);
}

std::vector<Together> by_fewest_calls(const OrderInput& input) {
  std::vector<std::uint32_t> calls;
  calls.reserve(input.candidates.size());
  for (const Candidate& candidate : input.candidates)
    calls.push_back(answered_since(input.memory, candidate.key, input.midnight));
  auto order = places(input.candidates);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{calls[a], a} < std::pair{calls[b], b};
  });
  return each_alone(order);
}

}  // namespace

std::vector<Together> order_of(const OrderInput& input, base::Rng& rng) {
  switch (input.strategy) {
    case model::Strategy::Random:
      return shuffled(input.candidates, rng);
    case model::Strategy::RoundRobin:
      return behind_the_pointer(input);
    case model::Strategy::LongestIdle:
      return by_idle_time(input);
    case model::Strategy::FewestCalls:
      return by_fewest_calls(input);
    case model::Strategy::Weighted:
      return drawn_by_weight(input.candidates, rng);
    case model::Strategy::RingAll:
    case model::Strategy::Sequential:
    case model::Strategy::Staggered:
    case model::Strategy::Rollover:
    case model::Strategy::Stages:
    case model::Strategy::Page:
      break;
  }
  return by_priority(input.candidates);
}

bool remembers(model::Strategy strategy) {
  return strategy == model::Strategy::RoundRobin || strategy == model::Strategy::LongestIdle ||
         strategy == model::Strategy::FewestCalls;
}

}  // namespace hunt::detail
