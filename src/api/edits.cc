#include "api/edits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/node.h"
#include "config/json.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/secrets.h"

namespace api {
namespace {

using model::Kind;
using model::Thing;

constexpr int kTries = 5;  // against others who change the same at the same time

}  // namespace

EditOrder order_of(const Call& call, model::Edit edit, facts::ConfigChange what) {
  EditOrder order;
  order.edit = std::move(edit);
  order.who = call.caller.name;
  order.source = call.request.peer;
  order.what = std::move(what);
  return order;
}

facts::ConfigChange change_of(const Thing& thing, std::string verb) {
  return {std::string{model::noun_of(model::kind_of(thing))}, model::id_of(thing),
          std::string{model::label_of(thing)}, std::move(verb)};
}

std::optional<Thing> named(const model::Snapshot& snapshot, Kind kind, const std::string& name) {
  if (kind == Kind::User) {
    if (const model::User* user = snapshot.user_by_id(name)) return Thing{*user};
    if (const model::User* user = snapshot.user_named(name)) return Thing{*user};
    return {};
  }
  if (kind == Kind::Group) {
    if (const model::Group* group = snapshot.group_by_id(name)) return Thing{*group};
    if (const model::Group* group = snapshot.group_named(name)) return Thing{*group};
    return {};
  }
  return model::find_thing(snapshot.office(), kind, name);
}

Response no_such(Kind kind, const std::string& name) {
  return problem(404, "there is no " + std::string{model::noun_of(kind)} + " " + name);
}

model::EncodeOptions for_reading() {
  return {model::Secrets::Hidden, {}, true, true};
}

Response thing_response(const Thing& thing, std::uint16_t status, const model::Findings& warnings) {
  base::Node body = model::encode_thing(thing, for_reading());
  if (!warnings.empty()) body.set("warnings", findings_node(warnings));
  Response response = json(body, status);
  response.headers.emplace_back("ETag", etag_of(model::revision_of(thing)));
  return response;
}

std::string etag_of(std::int64_t revision) {
  return "\"" + std::to_string(revision) + "\"";
}

std::string etag_of(const base::Node& body) {
  return "\"" + store::token_hash(config::write_json(body)).substr(0, 16) + "\"";
}

std::optional<Response> precondition(const Call& call, const std::string& etag,
                                     const base::Node& current) {
  const std::string given = call.request.header("if-match");
  std::string_view match = given;
  if (match.empty())
    return problem(428,
                   "send If-Match with the ETag of what you read, so that nobody's change is "
                   "overwritten unseen");
  if (match.starts_with("W/")) match.remove_prefix(2);
  if (match == "*" || match == etag) return {};
  Response response =
      problem(412, "it was changed meanwhile; read it again, then repeat the change", {}, &current);
  response.headers.emplace_back("ETag", etag);
  return response;
}

Response no_such_list(const Call& call) {
  return problem(404, "there is no list " + call.path.at("things"));
}

std::variant<Target, Response> target_of(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto snapshot = call.backend.snapshot();
  auto thing = named(*snapshot, *kind, call.path.at("id"));
  if (!thing.has_value()) return no_such(*kind, call.path.at("id"));
  if (*kind == Kind::Group && !may_manage(call.caller, model::id_of(*thing)))
    return problem(403, "this group is not one of yours");
  if (auto refused = precondition(call, etag_of(model::revision_of(*thing)),
                                  model::encode_thing(*thing, for_reading())))
    return *std::move(refused);
  return Target{*kind, *std::move(thing)};
}

bool is_set(const Call& call, const char* name) {
  const auto found = call.request.query.find(name);
  return found != call.request.query.end() && found->second != "0" && found->second != "false";
}

base::Node changes_node(const Edited& edited, const model::Findings& warnings, bool dry_run) {
  base::Node list = base::Node::empty_list();
  for (const model::Change& change : edited.changes) {
    base::Node one = base::Node::empty_map();
    one.set("kind", base::Node::text(change.kind));
    one.set("id", base::Node::text(change.id));
    one.set("text", base::Node::text(change.text));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("dry_run", base::Node::boolean(dry_run));
  body.set("revision", base::Node::number(edited.revision));
  body.set("changes", std::move(list));
  body.set("warnings", findings_node(warnings));
  return body;
}

Response changes_response(const Edited& edited, const model::Findings& warnings, bool dry_run) {
  return json(changes_node(edited, warnings, dry_run));
}

std::variant<Thing, Response> change_thing(const Call& call, Kind kind, const std::string& name,
                                           const std::string& verb, const Changer<Thing>& change) {
  for (int i = 1;; ++i) {
    const auto before = named(*call.backend.snapshot(), kind, name);
    if (!before.has_value()) return no_such(kind, name);
    Thing after = *before;
    if (auto refused = change(after)) return *std::move(refused);
    if (after == *before) return after;
    EditOrder order = order_of(call, model::PutThing{after}, change_of(after, verb));
    order.expected = model::revision_of(*before);
    const auto edited = call.backend.edit(order);
    if (edited) {
      auto now = model::find_thing(call.backend.snapshot()->office(), kind, model::id_of(after));
      if (now.has_value()) return *std::move(now);
      return no_such(kind, name);
    }
    if (edited.error().status != 412 || i == kTries) return problem(edited.error());
  }
}

std::variant<Edited, Response> change_office(const Call& call, const facts::ConfigChange& what,
                                             const Changer<model::Office>& change) {
  for (int i = 1;; ++i) {
    const auto snapshot = call.backend.snapshot();
    model::Office office = snapshot->office();
    if (auto refused = change(office)) return *std::move(refused);
    EditOrder order = order_of(call, model::ReplaceOffice{std::move(office)}, what);
    order.expected = snapshot->revision();
    auto edited = call.backend.edit(order);
    if (edited) return *std::move(edited);
    if (edited.error().status != 412 || i == kTries) return problem(edited.error());
  }
}

}  // namespace api
