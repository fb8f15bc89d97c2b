// Whom a strategy asks first (queue_line.h).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "model/office.h"
#include "service/queue_line.h"

namespace service {
namespace {

using Agents = std::vector<const Agent*>;

template <class Key>
void sort_by(Agents& agents, Key key) {
  std::stable_sort(agents.begin(), agents.end(),
                   [&](const Agent* a, const Agent* b) { return key(*a) < key(*b); });
}

void shuffle(Agents& agents, base::Rng& rng) {
  for (std::size_t i = agents.size(); i > 1; --i)
    std::swap(agents[i - 1], agents[static_cast<std::size_t>(base::below(rng, i))]);
}

// Drawn without replacement by weight; weight 0 comes last.
void draw_by_weight(Agents& agents, base::Rng& rng) {
  for (std::size_t from = 0; from < agents.size(); ++from) {
    std::uint64_t total = 0;
    for (std::size_t i = from; i < agents.size(); ++i)
      total += static_cast<std::uint64_t>(std::max(0, agents[i]->weight));
    if (total == 0) return;
    std::uint64_t drawn = base::below(rng, total);
    std::size_t winner = from;
    while (drawn >= static_cast<std::uint64_t>(std::max(0, agents[winner]->weight))) {
      drawn -= static_cast<std::uint64_t>(std::max(0, agents[winner]->weight));
      ++winner;
    }
    const auto first = agents.begin() + static_cast<std::ptrdiff_t>(from);
    std::rotate(first, agents.begin() + static_cast<std::ptrdiff_t>(winner),
                agents.begin() + static_cast<std::ptrdiff_t>(winner) + 1);
  }
}

}  // namespace

Agents in_order(Agents agents, model::Strategy strategy, std::string_view pointer, base::Rng& rng) {
  switch (strategy) {
    case model::Strategy::Random:
      shuffle(agents, rng);
      break;
    case model::Strategy::RoundRobin: {
      // All agents come in here, so that a pointer on one who is not free holds too.
      const auto at = std::find_if(agents.begin(), agents.end(),
                                   [&](const Agent* agent) { return agent->id == pointer; });
      if (at != agents.end()) std::rotate(agents.begin(), at + 1, agents.end());
      break;
    }
    case model::Strategy::LongestIdle:
      sort_by(agents, [](const Agent& agent) {
        return agent.last_call_ended.value_or(base::WallTime{.unix_ms = INT64_MIN});
      });
      break;
    case model::Strategy::FewestCalls:
      sort_by(agents, [](const Agent& agent) { return agent.answered; });
      break;
    case model::Strategy::Weighted:
      draw_by_weight(agents, rng);
      break;
    case model::Strategy::RingAll:
    case model::Strategy::Sequential:
    case model::Strategy::Staggered:
    case model::Strategy::Rollover:
    case model::Strategy::Stages:
    case model::Strategy::Page:
      sort_by(agents, [](const Agent& agent) { return agent.priority; });
      break;
  }
  return agents;
}

}  // namespace service
