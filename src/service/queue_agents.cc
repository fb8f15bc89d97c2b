#include "service/queue_agents.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/paused.h"
#include "model/snapshot.h"
#include "service/queue_line.h"

namespace service {

QueueLine::Settings settings_of(const model::Queue& queue, std::uint64_t seed) {
  QueueLine::Settings settings;
  settings.strategy = queue.strategy;
  settings.minimum_agents = queue.minimum_agents;
  settings.max_wait = queue.max_wait;
  settings.seed = seed;
  return settings;
}

std::vector<Agent> agents_of(
    const model::Snapshot& snapshot, const model::Queue& queue, base::WallTime now,
    const std::function<AgentPresence(std::string_view user_id)>& presence_of) {
  std::vector<Agent> agents;
  agents.reserve(queue.members.size());
  for (const model::Member& member : queue.members) {
    const model::Target target = snapshot.target_of(member);
    const auto* named = std::get_if<model::UserTarget>(&target);
    if (named == nullptr || named->user == nullptr || !named->user->enabled || !member.enabled)
      continue;
    const model::User& user = *named->user;
    const AgentPresence presence = presence_of(user.id);
    Agent agent;
    agent.id = user.id;
    agent.logged_in = member.logged_in;
    agent.paused = model::is_paused(member.paused, now) || model::is_paused(user.paused, now);
    agent.reachable = presence.registered && !user.do_not_disturb;
    agent.in_call = presence.in_call;
    if (member.priority.has_value()) agent.priority = *member.priority;
    agent.weight = member.weight;
    agent.last_call_ended = presence.last_call_ended;
    agents.push_back(std::move(agent));
  }
  return agents;
}

}  // namespace service
