// What is ordered of calls: hanging up, click to call, picking up for somebody, sending on.
#include <optional>
#include <string>
#include <utility>

#include "api/backend.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/node.h"
#include "model/office.h"

namespace api {
namespace {

// Why it is not his to act on: a group manager has the calls of his groups.
std::optional<Response> not_his(const Call& call) {
  if (call.caller.role != Role::GroupManager) return {};
  const auto live = call.backend.call(call.path.at("id"));
  if (!live.has_value()) return {};  // told by what is done with it
  const auto snapshot = call.backend.snapshot();
  const model::Group* group = snapshot->group_named(live->record.group);
  if (group != nullptr && may_manage(call.caller, group->id)) return {};
  return problem(403, "this call is of none of your groups");
}

Response hang_up(const Call& call) {
  if (auto refused = not_his(call)) return *std::move(refused);
  const std::string& id = call.path.at("id");
  const auto done = call.backend.hang_up(id);
  if (!done) return problem(done.error());
  if (!*done) return problem(404, "there is no live call " + id);
  return json_text("", 204);
}

Response carry_out(const Call& call, const CallOrder& order) {
  const auto done = call.backend.order(order);
  if (!done) return problem(done.error());
  return json_text("", 204);
}

// The id of the user whom a body names by any of his names; what is wrong is told at `key`.
std::string user_in(const Call& call, Fields& fields, const char* key) {
  const std::string name = fields.required(key, 255);
  if (name.empty()) return {};
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(name);
  if (user == nullptr) user = snapshot->user_named(name);
  if (user == nullptr) fields.fault(key, "no_such_thing", "there is no user " + name);
  return user == nullptr ? std::string() : user->id;
}

Response pick_up(const Call& call, Fields& fields) {
  const std::string user = user_in(call, fields, "user");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (auto refused = not_his(call)) return *std::move(refused);
  return carry_out(call, PickUp{call.path.at("id"), user});
}

Response send_on(const Call& call, Fields& fields) {
  const std::string to = fields.required("to", 255);
  const std::string who = fields.text("who", 32).value_or("caller");
  if (who != "caller" && who != "callee")
    fields.fault("who", "unknown_word", "who is sent on: caller or callee");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (auto refused = not_his(call)) return *std::move(refused);
  return carry_out(call, SendOn{call.path.at("id"), to, who == "callee"});
}

Response call_from(const Call& call, std::string user, std::string number) {
  const auto id = call.backend.order(CallFrom{std::move(user), std::move(number)});
  if (!id) return problem(id.error());
  base::Node body = base::Node::empty_map();
  body.set("id", base::Node::text(*id));
  Response response = json(body, 201);
  response.headers.emplace_back("Location", "/api/v1/calls/" + *id);
  return response;
}

}  // namespace

Response delete_call(const Call& call) {
  return hang_up(call);
}

Response act_on_call(const Call& call) {
  Fields fields{call.request.body};
  const std::string action = fields.required("action", 32);
  if (action == "pickup") return pick_up(call, fields);
  if (action == "transfer") return send_on(call, fields);
  if (!action.empty() && action != "hangup")
    fields.fault("action", "unknown_word", "action: hangup, pickup or transfer");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  return hang_up(call);
}

Response pick_up_call(const Call& call) {
  Fields fields{call.request.body};
  return pick_up(call, fields);
}

Response transfer_call(const Call& call) {
  Fields fields{call.request.body};
  return send_on(call, fields);
}

Response post_call(const Call& call) {
  Fields fields{call.request.body};
  std::string user = user_in(call, fields, "from");
  std::string to = fields.required("to", 255);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  return call_from(call, std::move(user), std::move(to));
}

Response post_my_call(const Call& call) {
  if (call.caller.user_id.empty()) return problem(404, "this is for who is logged in as a user");
  Fields fields{call.request.body};
  std::string to = fields.required("to", 255);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  return call_from(call, call.caller.user_id, std::move(to));
}

}  // namespace api
