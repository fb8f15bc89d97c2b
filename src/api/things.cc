// Users, groups, numbers, chain rows and all other things of the office: one code for all kinds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "api/edits.h"
#include "api/expand.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/node.h"
#include "config/json.h"
#include "facts/fact.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace api {
namespace {

using model::Kind;
using model::Thing;

// Secrets are not shown, so a body that was read, changed and put back lacks them: they stay.
struct KeepSecret {
  std::string* fresh;
  const std::string* old;
};
void keep(std::initializer_list<KeepSecret> secrets) {
  for (const KeepSecret& secret : secrets)
    if (secret.fresh->empty()) *secret.fresh = *secret.old;
}
void keep_secrets(Thing& fresh, const Thing& old) {
  if (auto* user = std::get_if<model::User>(&fresh)) {
    const auto& before = std::get<model::User>(old);
    keep({{&user->sip_password, &before.sip_password},
          {&user->web_password, &before.web_password},
          {&user->mailbox.pin, &before.mailbox.pin}});
    for (model::Device& device : user->devices) {
      const std::string& id = device.id.empty() ? device.username : device.id;
      const auto same = std::ranges::find(before.devices, id, &model::Device::id);
      if (same != before.devices.end()) keep({{&device.password, &same->password}});
    }
  } else if (auto* trunk = std::get_if<model::Trunk>(&fresh)) {
    keep({{&trunk->password, &std::get<model::Trunk>(old).password}});
  } else if (auto* webhook = std::get_if<model::Webhook>(&fresh)) {
    keep({{&webhook->secret, &std::get<model::Webhook>(old).secret}});
  } else if (auto* mailbox = std::get_if<model::Mailbox>(&fresh)) {
    keep({{&mailbox->pin, &std::get<model::Mailbox>(old).pin}});
  }
}

// The answer shows the thing as it is now: completed, with its own revision, which an edit that
// changes nothing leaves as it was.
Response commit(const Call& call, const Thing& thing, const EditOrder& order,
                std::uint16_t status) {
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  if (order.dry_run) return thing_response(thing, 200, edited->warnings);
  const std::string id = model::id_of(thing);
  if (const auto stored =
          model::find_thing(call.backend.snapshot()->office(), model::kind_of(thing), id))
    return thing_response(*stored, status, edited->warnings);
  return problem(404, "the " + std::string{model::noun_of(model::kind_of(thing))} + " " + id +
                          " was removed again meanwhile");
}

// What of a group is the office's business: where its calls come from, and which flags, which
// others look at, too, send them away.
std::optional<Response> beyond_a_manager(const Caller& caller, const Thing& before,
                                         const Thing& after) {
  if (caller.role != Role::GroupManager) return {};
  const auto* was = std::get_if<model::Group>(&before);
  const auto* is = std::get_if<model::Group>(&after);
  if (was == nullptr || is == nullptr) return {};
  model::Findings findings;
  const auto look_at = [&](bool same, const char* key) {
    if (!same)
      findings.push_back({model::Severity::Error,
                          "not_permitted",
                          std::string{"/"} + key,
                          {},
                          std::string{key} + " are changed by administrators"});
  };
  look_at(was->extensions == is->extensions, "extensions");
  look_at(was->numbers == is->numbers, "numbers");
  look_at(was->flags == is->flags, "flags");
  if (findings.empty()) return {};
  return problem(403, "some of this is changed by administrators only", findings);
}

Response replace_with(const Call& call, const Target& target, const base::Node& body) {
  const model::DecodeOptions options{
      [&](std::string_view sealed) { return call.backend.open_secret(sealed); }};
  auto decoded = model::decode_thing(target.kind, body, options);
  if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
  const std::string id = model::id_of(target.thing);
  model::set_identity(decoded.value, id, model::revision_of(target.thing));
  keep_secrets(decoded.value, target.thing);
  if (auto refused = beyond_a_manager(call.caller, target.thing, decoded.value))
    return *std::move(refused);
  EditOrder order =
      order_of(call, model::PutThing{decoded.value}, change_of(decoded.value, "changed"));
  order.expected = model::revision_of(target.thing);
  order.dry_run = is_set(call, "dry_run");
  return commit(call, decoded.value, order, 200);
}

// What the server itself adds to what is read, so that it can be sent back as it is.
base::Node without_additions(const base::Node& body) {
  if (body.map() == nullptr) return body;
  base::Node made = base::Node::empty_map();
  for (const base::Node::Entry& entry : *body.map())
    if (entry.key != "warnings" && entry.key != "health" && entry.key != "state" &&
        entry.key != "now" && entry.key != "result")
      made.set(entry.key, entry.node);
  return made;
}

// Fields with one value each, by which a list can be sorted and filtered.
std::vector<std::string> sortable(Kind kind) {
  std::vector<std::string> names;
  Thing thing = model::blank(kind);
  model::set_identity(thing, "x", 1);
  const base::Node blank = model::encode_thing(thing, for_reading());
  for (const base::Node::Entry& entry : *blank.map())
    if (entry.node.scalar() != nullptr) names.push_back(entry.key);
  return names;
}

}  // namespace

Response list_things(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const ListQuestion question = list_question(call.request.query, sortable(*kind));
  if (!question.trouble.empty()) return problem(400, question.trouble);
  const auto expander = Expander::of(call, *kind);
  if (const auto* refused = std::get_if<Response>(&expander)) return *refused;
  const auto snapshot = call.backend.snapshot();
  const auto listing = call.desk.listings.of(snapshot, *kind);
  const PageOf page = page_of(*listing, question);
  base::Node list = base::Node::empty_list();
  for (const std::size_t place : page.places) {
    const Listed& one = (*listing)[place];
    base::Node body = one.body;
    std::get<Expander>(expander).add(body, *snapshot, one.id);
    list.push(std::move(body));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(list));
  body.set("next", base::Node::text(page.next));
  return json(body);
}

Response create_thing(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  if (body->map() == nullptr) return problem(422, "a JSON object is expected");
  const model::DecodeOptions options{
      [&](std::string_view sealed) { return call.backend.open_secret(sealed); }};
  auto decoded = model::decode_thing(*kind, without_additions(*body), options);
  if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
  const std::string id = model::id_of(decoded.value);
  if (model::find_thing(call.backend.snapshot()->office(), *kind, id).has_value())
    return problem(409, "there is already a " + std::string{model::noun_of(*kind)} + " " + id +
                            "; PUT changes it");
  model::set_identity(decoded.value, id, 0);
  EditOrder order =
      order_of(call, model::PutThing{decoded.value}, change_of(decoded.value, "added"));
  order.expected = 0;
  order.dry_run = is_set(call, "dry_run");
  Response response = commit(call, decoded.value, order, 201);
  if (response.status == 201)
    response.headers.emplace_back("Location",
                                  "/api/v1/" + std::string{model::key_of(*kind)} + "/" + id);
  return response;
}

Response get_thing(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto snapshot = call.backend.snapshot();
  const auto thing = named(*snapshot, *kind, call.path.at("id"));
  if (!thing.has_value()) return no_such(*kind, call.path.at("id"));
  const auto expander = Expander::of(call, *kind);
  if (const auto* refused = std::get_if<Response>(&expander)) return *refused;
  const std::string etag = etag_of(model::revision_of(*thing));
  const bool plain = call.request.parameter("expand").empty();
  if (plain && call.request.header("if-none-match") == etag) {
    Response same = json_text("", 304);
    same.headers.emplace_back("ETag", etag);
    return same;
  }
  base::Node body = model::encode_thing(*thing, for_reading());
  std::get<Expander>(expander).add(body, *snapshot, model::id_of(*thing));
  Response response = json(body);
  response.headers.emplace_back("ETag", etag);
  return response;
}

Response put_thing(const Call& call) {
  auto target = target_of(call);
  if (auto* response = std::get_if<Response>(&target)) return std::move(*response);
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  if (body->map() == nullptr) return problem(422, "a JSON object is expected");
  return replace_with(call, std::get<Target>(target), without_additions(*body));
}

Response patch_thing(const Call& call) {
  auto found = target_of(call);
  if (auto* response = std::get_if<Response>(&found)) return std::move(*response);
  const auto patch = config::read_json(call.request.body);
  if (!patch) return problem(400, "the body is not JSON: " + patch.error().message);
  if (patch->map() == nullptr) return problem(422, "a JSON object is expected");
  const Target& target = std::get<Target>(found);
  return replace_with(call, target,
                      model::merge_patch(model::encode_thing(target.thing, for_reading()), *patch));
}

}  // namespace api
