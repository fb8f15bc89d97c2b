#include "api/expand.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/http.h"
#include "api/no_answer.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "base/time.h"
#include "foresight/expectation.h"
#include "foresight/health.h"
#include "model/edit.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "model/zone.h"
#include "store/record_json.h"

namespace api {
namespace {

using base::Node;
using model::Kind;

std::string_view word_of(Kind kind) {
  if (kind == Kind::User || kind == Kind::Trunk) return "state";
  if (kind == Kind::Group) return "health";
  if (kind == Kind::Schedule || kind == Kind::Flag) return "now";
  if (kind == Kind::SavedTest) return "result";
  return "";
}

Node node_of(const foresight::MemberHealth& member) {
  Node one = Node::empty_map();
  one.set("place", Node::number(static_cast<std::int64_t>(member.place)));
  one.set("target", Node::text(member.target));
  one.set("user", Node::text(member.user));
  one.set("name", Node::text(member.name));
  one.set("kind", Node::text(member.kind));
  one.set("can_ring", Node::boolean(member.can_ring));
  one.set("why", Node::text(member.why));
  one.set("devices", Node::number(member.present.devices));
  one.set("calls", Node::number(member.present.calls));
  one.set("forwards", Node::boolean(member.forwards));
  one.set("setting", Node::text(member.setting));
  return one;
}

Node state_node(const model::User& user, const foresight::People& people, base::WallTime now) {
  const auto found = people.find(user.id);
  const foresight::Present present = found == people.end() ? foresight::Present{} : found->second;
  Node state = Node::empty_map();
  state.set("devices", Node::number(present.devices));
  state.set("calls", Node::number(present.calls));
  state.set("word", Node::text(std::string{foresight::state_of(user, present, now)}));
  return state;
}

// Asked again, of the office as it is.
Node result_node(const model::SavedTest& test, const model::Snapshot& snapshot) {
  const auto differences = foresight::differences(snapshot, test);
  Node list = Node::empty_list();
  for (const foresight::Difference& difference : differences) {
    Node one = Node::empty_map();
    one.set("code", Node::text(difference.code));
    one.set("whose", Node::text(difference.whose));
    one.set("expected", Node::text(difference.expected));
    one.set("found", Node::text(difference.found));
    one.set("text", Node::text(difference.text));
    list.push(std::move(one));
  }
  Node result = Node::empty_map();
  result.set("passed", Node::boolean(differences.empty()));
  result.set("differences", std::move(list));
  return result;
}

Node state_node(const std::optional<TrunkState>& state) {
  Node node = Node::empty_map();
  node.set("word", Node::text(!state.has_value() ? "unknown" : state->up ? "up" : "down"));
  node.set("why", Node::text(state.has_value() ? state->why : ""));
  node.set("text", Node::text(state.has_value() ? in_words(*state)
                                                : "nothing was heard of it since the start"));
  node.set("since", state.has_value() ? Node::text(store::rfc3339(state->since)) : Node::null());
  return node;
}

}  // namespace

std::string in_words(const TrunkState& state) {
  if (state.up) return "registered";
  if (state.why == "host_not_found") return "its name leads to no address; look at the uri";
  if (state.why == "no_way_there") return "no socket of ours leads there; look at sip.listen";
  if (state.why == "no_response")
    return "it does not answer; is the address right, is a firewall in the way?";
  if (state.why == "status_401" || state.why == "status_403" || state.why == "status_407")
    return "it refuses our name or password (" + state.why.substr(7) + ")";
  if (state.why == "status_404") return "it does not know this account (404)";
  if (state.why.starts_with("status_")) return "it answers " + state.why.substr(7);
  return state.why;
}

Node health_node(const model::Snapshot& snapshot, const model::Group& group,
                 const foresight::People& people, base::WallTime now) {
  const auto members = foresight::health_of(snapshot, group, people, now);
  Node list = Node::empty_list();
  std::int64_t able = 0;
  for (const foresight::MemberHealth& member : members) {
    able += member.can_ring ? 1 : 0;
    list.push(node_of(member));
  }
  Node body = Node::empty_map();
  body.set("can_ring", Node::number(able));
  body.set("of", Node::number(static_cast<std::int64_t>(members.size())));
  body.set("members", std::move(list));
  return body;
}

Node now_node(const model::Schedule& schedule, const model::Zone& zone, base::WallTime now) {
  const model::Openness openness = model::openness(schedule, now, zone);
  const auto changes = model::next_change(schedule, now, zone);
  Node body = Node::empty_map();
  body.set("open", Node::boolean(openness.open));
  body.set("because", Node::text(openness.because));
  body.set("changes_at", changes.has_value() ? Node::text(store::rfc3339(*changes)) : Node::null());
  return body;
}

Node now_node(const model::Flag& flag, const model::Snapshot& snapshot, base::WallTime now) {
  const bool on = model::is_on(snapshot, flag, now);
  const auto& held = on ? flag.on_until : flag.off_until;
  const bool by_hand =
      on ? flag.on && (!held.has_value() || now < *held) : held.has_value() && now < *held;
  Node body = Node::empty_map();
  body.set("on", Node::boolean(on));
  body.set("because", Node::text(by_hand ? "by_hand" : on ? "schedule" : "off"));
  return body;
}

std::variant<Expander, Response> Expander::of(const Call& call, Kind kind) {
  Expander made;
  made.kind_ = kind;
  const std::string asked = call.request.parameter("expand");
  if (asked.empty()) return made;
  if (asked != word_of(kind)) {
    const std::string known{word_of(kind)};
    return problem(400, "expand: " + asked + " is not known here" +
                            (known.empty() ? "" : "; known is " + known));
  }
  made.wanted_ = true;
  made.now_ = call.backend.now();
  made.backend_ = &call.backend;
  if (kind != Kind::User && kind != Kind::Group) return made;
  auto people = call.backend.people();
  if (!people.has_value()) return problem(503, kNoAnswer);
  made.people_ = *std::move(people);
  return made;
}

void Expander::add(Node& body, const model::Snapshot& snapshot, const std::string& id) const {
  if (!wanted_) return;
  switch (kind_) {
    case Kind::User:
      if (const model::User* user = snapshot.user_by_id(id))
        body.set("state", state_node(*user, people_, now_));
      return;
    case Kind::Group:
      if (const model::Group* group = snapshot.group_by_id(id))
        body.set("health", health_node(snapshot, *group, people_, now_));
      return;
    case Kind::Trunk:
      body.set("state", state_node(backend_->trunk_state(id)));
      return;
    case Kind::Schedule:
      if (const auto thing = model::find_thing(snapshot.office(), kind_, id))
        body.set("now", now_node(std::get<model::Schedule>(*thing), snapshot.zone(), now_));
      return;
    case Kind::Flag:
      if (const auto thing = model::find_thing(snapshot.office(), kind_, id))
        body.set("now", now_node(std::get<model::Flag>(*thing), snapshot, now_));
      return;
    case Kind::ChainRow:
    case Kind::Mailbox:
    case Kind::Ivr:
    case Kind::Queue:
    case Kind::Number:
    case Kind::Sound:
    case Kind::Webhook:
    case Kind::Report:
      return;
    case Kind::SavedTest:
      if (const auto thing = model::find_thing(snapshot.office(), kind_, id))
        body.set("result", result_node(std::get<model::SavedTest>(*thing), snapshot));
      return;
  }
}

}  // namespace api
