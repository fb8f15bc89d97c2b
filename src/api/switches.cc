// Small changes that are wanted at once and whatever else was changed: logins, pauses, flags. They
// need no If-Match: they say how it shall be.
#include "api/switches.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "model/decode.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {
namespace {

using IsHis = std::function<bool(const model::Snapshot&, const model::Member&)>;
using Change = std::function<void(model::Member&)>;

// A line names him by any of his names, or is written so.
bool is_named(const model::Snapshot& snapshot, const model::Member& line, const std::string& name) {
  if (line.target == name) return true;
  const model::User* user = snapshot.user_named(name);
  const model::Target target = snapshot.target_of(line);
  const auto* named = std::get_if<model::UserTarget>(&target);
  return user != nullptr && named != nullptr && named->user == user;
}

Response change_named(const Call& call, const std::string& verb, const Change& change) {
  const auto kind = model::kind_from_key(call.path.at("things")).value_or(model::Kind::Group);
  const auto thing = named(*call.backend.snapshot(), kind, call.path.at("id"));
  if (!thing.has_value()) return no_such(kind, call.path.at("id"));
  if (!may_manage(call.caller, model::id_of(*thing)))
    return problem(403, "this is not one of your groups");
  const std::string& member = call.path.at("member");
  return change_member(
      call, kind, model::id_of(*thing), verb,
      [&](const model::Snapshot& snapshot, const model::Member& line) {
        return is_named(snapshot, line, member);
      },
      change);
}

bool may_switch(const Call& call, const model::Snapshot& snapshot, const model::Flag& flag) {
  if (call.caller.role != Role::GroupManager) return true;
  return std::ranges::any_of(call.caller.groups, [&](const std::string& id) {
    const model::Group* group = snapshot.group_by_id(id);
    return group != nullptr &&
           std::ranges::any_of(group->flags, [&](const model::FlagRedirect& redirect) {
             return lowered(redirect.flag) == lowered(flag.name);
           });
  });
}

}  // namespace

Response change_member(const Call& call, model::Kind kind, const std::string& name,
                       const std::string& verb, const IsHis& is_his, const Change& change) {
  const auto done =
      change_thing(call, kind, name, verb, [&](model::Thing& thing) -> std::optional<Response> {
        const auto snapshot = call.backend.snapshot();
        bool found = false;
        const auto look_at = [&](std::vector<model::Member>& lines) {
          for (model::Member& line : lines) {
            if (!is_his(*snapshot, line)) continue;
            change(line);
            found = true;
          }
        };
        if (auto* queue = std::get_if<model::Queue>(&thing)) {
          look_at(queue->members);
        } else if (auto* group = std::get_if<model::Group>(&thing)) {
          look_at(group->members);
          for (model::Stage& stage : group->stages) look_at(stage.ring);
        }
        if (!found)
          return problem(404, "he is no member of " + std::string{model::label_of(thing)});
        return {};
      });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  return json_text("", 204);
}

Response put_login(const Call& call) {
  return change_named(call, "got a member logged in",
                      [](model::Member& line) { line.logged_in = true; });
}

Response delete_login(const Call& call) {
  return change_named(call, "got a member logged out",
                      [](model::Member& line) { line.logged_in = false; });
}

Response put_pause(const Call& call) {
  Fields fields{call.request.body};
  const std::string until = fields.text("until", 64).value_or("yes");
  model::Paused paused;
  paused.on = !until.empty();
  if (!until.empty() && until != "yes") {
    paused.until = model::time_from(until);
    if (!paused.until.has_value())
      fields.fault("until", "bad_text", "until: yes, or an RFC 3339 time");
  }
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  return change_named(call, "got a member paused",
                      [&](model::Member& line) { line.paused = paused; });
}

Response delete_pause(const Call& call) {
  return change_named(call, "got a pause ended",
                      [](model::Member& line) { line.paused = model::Paused{}; });
}

Response put_flag_state(const Call& call) {
  Fields fields{call.request.body};
  const auto on = fields.truth("on");
  if (!on.has_value()) fields.fault("on", "missing", "on is true or false");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto done = change_thing(
      call, model::Kind::Flag, call.path.at("id"), *on ? "switched on" : "switched off",
      [&](model::Thing& thing) -> std::optional<Response> {
        auto& flag = std::get<model::Flag>(thing);
        const auto snapshot = call.backend.snapshot();
        if (!may_switch(call, *snapshot, flag))
          return problem(403, "no group of yours looks at this flag");
        flag = model::switched(*snapshot, std::move(flag), *on, call.backend.now());
        return {};
      });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  return thing_response(std::get<model::Thing>(done), 200);
}

}  // namespace api
