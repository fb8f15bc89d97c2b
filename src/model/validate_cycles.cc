// Validator: groups inside groups, and destinations that lead back to where the call has been.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "model/detail/validator.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model::detail {
namespace {

using Graph = std::vector<std::vector<std::size_t>>;

// A circle as places in order, or nothing. Walks with a stack of its own, each edge once.
std::vector<std::size_t> circle_in(const Graph& graph) {
  enum class Mark : unsigned char { New, Open, Done };
  std::vector<Mark> marks(graph.size(), Mark::New);
  for (std::size_t start = 0; start < graph.size(); ++start) {
    if (marks[start] != Mark::New) continue;
    std::vector<std::pair<std::size_t, std::size_t>> way{{start, 0}};
    marks[start] = Mark::Open;
    while (!way.empty()) {
      auto& [node, edge] = way.back();
      if (edge == graph[node].size()) {
        marks[node] = Mark::Done;
        way.pop_back();
        continue;
      }
      const std::size_t next = graph[node][edge++];
      if (marks[next] == Mark::Open) {
        std::vector<std::size_t> circle;
        for (std::size_t i = way.size(); i-- > 0;) {
          circle.insert(circle.begin(), way[i].first);
          if (way[i].first == next) break;
        }
        return circle;
      }
      if (marks[next] == Mark::New) {
        marks[next] = Mark::Open;
        way.emplace_back(next, 0);
      }
    }
  }
  return {};
}

// How many levels of groups hang below each; REQUIRES: no circle.
std::vector<std::size_t> levels_of(const Graph& graph) {
  std::vector<std::size_t> levels(graph.size(), 1);
  // Each pass settles at least one more level; more than base::kNestingMax + 1 need not be told
  // apart.
  for (std::size_t pass = 0; pass <= base::kNestingMax; ++pass)
    for (std::size_t node = 0; node < graph.size(); ++node)
      for (const std::size_t next : graph[node])
        if (levels[node] < levels[next] + 1) levels[node] = levels[next] + 1;
  return levels;
}

}  // namespace

void Validator::groups_nest_soundly() {
  const std::vector<Group>& groups = snapshot_->office().groups;
  Graph graph(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto add = [&](const Member& member) {
      const Target target = snapshot_->target_of(member);
      if (const auto* group = std::get_if<GroupTarget>(&target))
        graph[i].push_back(static_cast<std::size_t>(group->group - groups.data()));
    };
    for (const Member& member : groups[i].members) add(member);
    for (const Stage& stage : groups[i].stages)
      for (const Member& member : stage.ring) add(member);
  }
  const std::vector<std::size_t> circle = circle_in(graph);
  if (!circle.empty()) {
    std::string way;
    for (const std::size_t place : circle) way += groups[place].name + " -> ";
    error("cycle", at("groups", circle.front(), "members"),
          "groups are members of each other in a circle: " + way + groups[circle.front()].name);
    return;
  }
  const std::vector<std::size_t> levels = levels_of(graph);
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (levels[i] > base::kNestingMax)
      error("too_deep", at("groups", i, "members"),
            "group " + groups[i].name + " has groups inside groups over more than " +
                std::to_string(base::kNestingMax) + " levels");
}

namespace {

// Things that send calls on, each with a place in the graph.
struct Senders {
  const Snapshot& snapshot;
  Graph graph;
  std::vector<std::string> names, paths;
  std::map<std::string, std::size_t> places;

  std::size_t place_of(const std::string& key, const std::string& name, std::string path) {
    const auto [found, fresh] = places.emplace(key, names.size());
    if (fresh) {
      names.push_back(name);
      paths.push_back(std::move(path));
      graph.emplace_back();
    }
    return found->second;
  }
  [[nodiscard]] static std::string key(const Group* group) { return "group:" + group->id; }
  [[nodiscard]] static std::string key(const User* user) { return "user:" + user->id; }

  void link(std::size_t from, const std::string& to) {
    const auto found = places.find(to);
    if (found != places.end()) graph[from].push_back(found->second);
  }
  void link_dialled(std::size_t from, const std::string& text) {
    const Dialled dialled = snapshot.what_is(text);
    if (const auto* user = std::get_if<UserTarget>(&dialled)) link(from, key(user->user));
    if (const auto* group = std::get_if<GroupTarget>(&dialled)) link(from, key(group->group));
    if (const auto* number = std::get_if<DialledNumber>(&dialled)) link(from, number->number->to);
    if (const auto* thing = std::get_if<DialledThing>(&dialled))
      if (thing->kind == Kind::Queue) link(from, "queue:" + thing->id);
  }
  void link(std::size_t from, const Destination& to) {
    if (to.kind == DestinationKind::User) {
      if (const User* user = snapshot.user_named(to.value)) link(from, key(user));
    } else if (to.kind == DestinationKind::Group) {
      if (const Group* group = snapshot.group_named(to.value)) link(from, key(group));
    } else if (to.kind == DestinationKind::Queue) {
      if (const Queue* queue = snapshot.queue_named(to.value)) link(from, "queue:" + queue->id);
    } else if (to.kind == DestinationKind::Number) {
      const Dialled dialled = snapshot.what_is(to.value);
      if (!std::holds_alternative<DialledNumber>(dialled)) link_dialled(from, to.value);
    }
  }
  void link(std::size_t from, const Finally& to) {
    for (const Destination* destination : {&to.any, &to.no_answer, &to.busy, &to.unreachable})
      link(from, *destination);
  }
};

}  // namespace

// A circle of `finally` and unconditional forwards can only end in 482 (loop).
void Validator::finals_end_somewhere() {
  const Office& office = snapshot_->office();
  Senders senders{*snapshot_, {}, {}, {}, {}};
  for (std::size_t i = 0; i < office.groups.size(); ++i)
    (void)senders.place_of(Senders::key(&office.groups[i]), "group " + office.groups[i].name,
                           at("groups", i, "finally"));
  for (std::size_t i = 0; i < office.users.size(); ++i)
    (void)senders.place_of(Senders::key(&office.users[i]), "user " + office.users[i].extension,
                           at("users", i, "forward/always"));
  for (std::size_t i = 0; i < office.queues.size(); ++i)
    (void)senders.place_of("queue:" + office.queues[i].id, "queue " + office.queues[i].name,
                           at("queues", i, "finally"));
  for (const Group& group : office.groups)
    senders.link(senders.places.at(Senders::key(&group)), group.finally);
  for (const User& user : office.users)
    if (!user.forward.always.empty())
      senders.link_dialled(senders.places.at(Senders::key(&user)), user.forward.always);
  for (const Queue& queue : office.queues)
    senders.link(senders.places.at("queue:" + queue.id), queue.finally);
  const std::vector<std::size_t> circle = circle_in(senders.graph);
  if (circle.empty()) return;
  std::string way;
  for (const std::size_t place : circle) way += senders.names[place] + " -> ";
  error("cycle", senders.paths[circle.front()],
        "a call that nobody answers would run in a circle: " + way + senders.names[circle.front()] +
            "; let one of them end elsewhere");
}

}  // namespace model::detail
