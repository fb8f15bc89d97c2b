// What somebody who is logged in does about himself: his state, his rules, his calls, his messages.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/accounts.h"
#include "api/backend.h"
#include "api/edits.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/no_answer.h"
#include "api/presence.h"
#include "api/problem.h"
#include "api/records.h"
#include "api/router.h"
#include "api/switches.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/fact.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/reader.h"

namespace api {
namespace {

constexpr std::int64_t kOwnCallsMs = 30LL * 24 * 60 * 60 * 1'000;  // shown without `from`

Response only_users() {
  return problem(404, "this is for who is logged in as a user");
}

bool is_his(const model::Snapshot& snapshot, const model::Member& line, const std::string& user) {
  const model::Target target = snapshot.target_of(line);
  const auto* named = std::get_if<model::UserTarget>(&target);
  return named != nullptr && named->user->id == user;
}

base::Node paused_node(const model::Member& line) {
  if (!line.paused.on) return base::Node::text("");
  return base::Node::text(line.paused.until.has_value() ? model::text_of(*line.paused.until)
                                                        : "yes");
}

// The groups and queues in which he is, each once.
base::Node own_groups(const model::Snapshot& snapshot, const std::string& user) {
  base::Node list = base::Node::empty_list();
  const auto add = [&](const std::string& id, const std::string& name,
                       const std::vector<std::string>& extensions, bool enabled,
                       const std::vector<model::Member>& lines) {
    const auto line = std::ranges::find_if(
        lines, [&](const model::Member& one) { return is_his(snapshot, one, user); });
    if (line == lines.end()) return false;
    base::Node numbers = base::Node::empty_list();
    for (const std::string& number : extensions)
      if (!number.empty()) numbers.push(base::Node::text(number));
    base::Node one = base::Node::empty_map();
    one.set("id", base::Node::text(id));
    one.set("name", base::Node::text(name));
    one.set("extensions", std::move(numbers));
    one.set("logged_in", base::Node::boolean(line->logged_in));
    one.set("paused", paused_node(*line));
    one.set("enabled", base::Node::boolean(enabled));
    list.push(std::move(one));
    return true;
  };
  for (const model::Group& group : snapshot.office().groups) {
    if (add(group.id, group.name, group.extensions, group.enabled, group.members)) continue;
    for (const model::Stage& stage : group.stages)
      if (add(group.id, group.name, group.extensions, group.enabled, stage.ring)) break;
  }
  for (const model::Queue& queue : snapshot.office().queues)
    (void)add(queue.id, queue.name, {queue.extension}, true, queue.members);
  return list;
}

// Locked rules stay as they are, where they are.
bool keeps_locked_rules(const std::vector<model::Rule>& before,
                        const std::vector<model::Rule>& after) {
  const auto locked = [](const std::vector<model::Rule>& rules) {
    std::vector<model::Rule> held;
    for (const model::Rule& rule : rules)
      if (rule.locked) held.push_back(rule);
    return held;
  };
  return locked(before) == locked(after);
}

std::optional<Response> may_not(const model::User& before, const model::User& after) {
  if (before.rules == after.rules) return {};
  if (!before.permissions.own_rules)
    return problem(403, "your administrator changes your rules; ask for own_rules");
  if (!keeps_locked_rules(before.rules, after.rules))
    return problem(403, "a locked rule is changed by administrators only");
  return {};
}

Response change_login(const Call& call, bool in) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const std::string& name = call.path.at("id");
  const std::string verb = in ? "got a member logged in" : "got a member logged out";
  const auto is_mine = [&](const model::Snapshot& now, const model::Member& line) {
    return is_his(now, line, call.caller.user_id);
  };
  const auto change = [in](model::Member& line) { line.logged_in = in; };
  if (named(*snapshot, model::Kind::Group, name).has_value())
    return change_member(call, model::Kind::Group, name, verb, is_mine, change);
  if (const model::Queue* queue = snapshot->queue_named(name))
    return change_member(call, model::Kind::Queue, queue->id, verb, is_mine, change);
  return no_such(model::Kind::Group, name);
}

using Handle = Response (*)(const Call&);

// The same as for mailboxes, with his own one in the path.
Response in_own_mailbox(const Call& call, Handle handle) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(call.caller.user_id);
  if (user == nullptr || !user->mailbox.present) return problem(404, "you have no mailbox");
  std::map<std::string, std::string> path = call.path;
  path["id"] = user->extension;
  return handle({call.request, call.backend, call.desk, std::move(path), call.caller});
}

// His own row of the chain, as a thing of the path; where the administrator allows it.
Response with_own_row(const Call& call, Handle handle) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(call.caller.user_id);
  if (user == nullptr) return only_users();
  if (!user->permissions.own_chain)
    return problem(403, "your administrator changes your row; ask for own_chain");
  const model::ChainRow* row = snapshot->chain_row_of(*user);
  if (row == nullptr) return problem(404, "the chain has no row for " + user->extension);
  std::map<std::string, std::string> path = call.path;
  path["things"] = "chain";
  path["id"] = row->id;
  return handle({call.request, call.backend, call.desk, std::move(path), call.caller});
}

}  // namespace

Response get_me(const Call& call) {
  const auto session = own_session(call);
  if (!session.has_value())
    return problem(404, "this is for who is logged in; you are " + call.caller.name);
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(call.caller.user_id);
  base::Node phones = base::Node::empty_list();
  if (user != nullptr) {
    const auto bindings = call.backend.registrations();
    if (!bindings.has_value()) return problem(503, kNoAnswer);
    for (const facts::Binding& binding : *bindings)
      if (binding.user_id == user->id) phones.push(registration_node(binding, *snapshot));
  }
  base::Node body = base::Node::empty_map();
  body.set("session", session_node(*session, *snapshot));
  body.set("user", user == nullptr ? base::Node::null()
                                   : model::encode_thing(model::Thing{*user}, for_reading()));
  body.set("registrations", std::move(phones));
  body.set("groups", user == nullptr ? base::Node::empty_list() : own_groups(*snapshot, user->id));
  Response response = json(body);
  if (user != nullptr) response.headers.emplace_back("ETag", etag_of(user->revision));
  return response;
}

Response patch_me(const Call& call) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const auto found = named(*snapshot, model::Kind::User, call.caller.user_id);
  if (!found.has_value()) return only_users();
  const auto& user = std::get<model::User>(*found);
  const base::Node current = model::encode_thing(*found, for_reading());
  if (auto refused = precondition(call, etag_of(user.revision), current)) return *refused;
  Fields fields{call.request.body};
  for (const char* key : {"do_not_disturb", "paused", "forward", "rules"}) (void)fields.node(key);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto patch = config::read_json(call.request.body);
  if (!patch) return problem(400, "the body is not JSON");
  auto decoded = model::decode_thing(model::Kind::User, model::merge_patch(current, *patch));
  if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
  // Only what may be changed here is taken: secrets and all the rest stay.
  model::User after = user;
  const auto& wanted = std::get<model::User>(decoded.value);
  after.do_not_disturb = wanted.do_not_disturb;
  after.paused = wanted.paused;
  after.forward = wanted.forward;
  after.rules = wanted.rules;
  if (auto refused = may_not(user, after)) return *refused;
  EditOrder order = order_of(call, model::PutThing{after}, change_of(after, "changed"));
  order.expected = user.revision;
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const auto stored = named(*call.backend.snapshot(), model::Kind::User, user.id);
  return thing_response(stored.value_or(model::Thing{after}), 200, edited->warnings);
}

Response list_my_records(const Call& call) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(call.caller.user_id);
  if (user == nullptr) return only_users();
  std::string trouble;
  store::RecordFilter filter = record_filter(call.request, trouble);
  if (!trouble.empty()) return problem(400, trouble);
  filter.party = user->extension;
  if (!filter.from.has_value())
    filter.from = base::WallTime{filter.until.value_or(call.backend.now()).unix_ms - kOwnCallsMs};
  return records_response(call, filter);
}

Response explain_me(const Call& call) {
  if (call.caller.user_id.empty()) return only_users();
  const auto snapshot = call.backend.snapshot();
  const model::User* user = snapshot->user_by_id(call.caller.user_id);
  if (user == nullptr) return only_users();
  Fields fields{call.request.body};
  ExplainQuestion question;
  read_moment(fields, question);
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  question.number = user->extension;
  return explained(call, question);
}

Response put_my_login(const Call& call) {
  return change_login(call, true);
}
Response delete_my_login(const Call& call) {
  return change_login(call, false);
}

Response list_my_messages(const Call& call) {
  return in_own_mailbox(call, list_messages);
}
Response get_my_message(const Call& call) {
  return in_own_mailbox(call, get_message);
}
Response patch_my_message(const Call& call) {
  return in_own_mailbox(call, patch_message);
}
Response delete_my_message(const Call& call) {
  return in_own_mailbox(call, delete_message);
}
Response get_my_message_audio(const Call& call) {
  return in_own_mailbox(call, get_message_audio);
}

Response get_my_chain(const Call& call) {
  return with_own_row(call, get_thing);
}
// He changes whom his number leads to, never which number the row is of.
Response patch_my_chain(const Call& call) {
  if (const auto patch = config::read_json(call.request.body);
      patch && (patch->find("sip_number") != nullptr || patch->find("id") != nullptr))
    return problem(403, "the number of your row is changed by administrators only");
  return with_own_row(call, patch_thing);
}

}  // namespace api
