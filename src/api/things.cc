// Users, groups, numbers, chain rows and all other things of the office: one code for all kinds.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "config/json.h"
#include "facts/fact.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {
namespace {

using model::Kind;
using model::Thing;

std::string joined(const std::vector<std::string>& words) {
  std::string made;
  for (const std::string& word : words) made.append(made.empty() ? "" : ", ").append(word);
  return made;
}

Response no_such_list(const Call& call) {
  return problem(404, "there is no list " + call.path.at("things"));
}

// By id; users and groups also by extension or name.
std::optional<Thing> named(const model::Snapshot& snapshot, Kind kind, const std::string& name) {
  if (auto thing = model::find_thing(snapshot.office(), kind, name)) return thing;
  if (kind == Kind::User)
    if (const model::User* user = snapshot.user_named(name)) return Thing{*user};
  if (kind == Kind::Group)
    if (const model::Group* group = snapshot.group_named(name)) return Thing{*group};
  return {};
}

std::string etag_of(std::int64_t revision) {
  return "\"" + std::to_string(revision) + "\"";
}

// The revision of an If-Match header: "41" with its quotes; nothing if it is malformed.
std::optional<std::int64_t> revision_from(std::string_view header) {
  if (header.starts_with("W/")) header.remove_prefix(2);
  if (header.size() < 3 || header.front() != '"' || header.back() != '"') return {};
  header = header.substr(1, header.size() - 2);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), value);
  if (error != std::errc{} || end != header.data() + header.size()) return {};
  return value;
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
  } else if (auto* mailbox = std::get_if<model::Mailbox>(&fresh)) {
    keep({{&mailbox->pin, &std::get<model::Mailbox>(old).pin}});
  }
}

facts::ConfigChange change_of(Kind kind, const Thing& thing, std::string verb) {
  return {std::string{model::noun_of(kind)}, model::id_of(thing),
          std::string{model::label_of(thing)}, std::move(verb)};
}

// The answer shows the thing as it is now: completed, with its own revision, which an edit that
// changes nothing leaves as it was.
Response commit(const Call& call, const Thing& thing, const EditOrder& order,
                std::uint16_t status) {
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const std::string id = model::id_of(thing);
  if (const auto stored =
          model::find_thing(call.backend.snapshot()->office(), model::kind_of(thing), id))
    return thing_response(*stored, status, edited->warnings);
  return problem(404, "the " + std::string{model::noun_of(model::kind_of(thing))} + " " + id +
                          " was removed again meanwhile");
}

// The thing that PUT, PATCH and DELETE speak of, with the precondition checked.
struct Target {
  Kind kind = Kind::User;
  Thing thing;
};
std::variant<Target, Response> target_of(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto snapshot = call.backend.snapshot();
  auto thing = named(*snapshot, *kind, call.path.at("id"));
  if (!thing.has_value())
    return problem(404,
                   "there is no " + std::string{model::noun_of(*kind)} + " " + call.path.at("id"));
  const std::string match = call.request.header("if-match");
  if (match.empty())
    return problem(428,
                   "send If-Match with the ETag of what you read, so that nobody's change is "
                   "overwritten unseen");
  const auto revision = revision_from(match);
  if (match != "*" && (!revision.has_value() || *revision != model::revision_of(*thing))) {
    Response response = problem(412,
                                "it was changed meanwhile; read it again, then repeat the "
                                "change");
    response.headers.emplace_back("ETag", etag_of(model::revision_of(*thing)));
    return response;
  }
  return Target{*kind, *std::move(thing)};
}

Response replace_with(const Call& call, const Target& target, const base::Node& body) {
  const model::DecodeOptions options{
      [&](std::string_view sealed) { return call.backend.open_secret(sealed); }};
  auto decoded = model::decode_thing(target.kind, body, options);
  if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
  const std::string id = model::id_of(target.thing);
  model::set_identity(decoded.value, id, 0);
  keep_secrets(decoded.value, target.thing);
  EditOrder order;
  order.edit = model::PutThing{decoded.value};
  order.who = call.who;
  order.what = change_of(target.kind, decoded.value, "changed");
  order.expected = model::revision_of(target.thing);
  return commit(call, decoded.value, order, 200);
}

// ---- lists ---------------------------------------------------------------------------------

std::string field_text(const base::Node& body, std::string_view key) {
  const base::Node* found = body.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

struct Listed {
  std::string sort_key;
  std::size_t place = 0;  // in the office: the order of equals
  base::Node body;
};

// Fields with one value each, by which a list can be sorted.
std::vector<std::string> sortable(Kind kind) {
  std::vector<std::string> names;
  Thing thing = model::blank(kind);
  model::set_identity(thing, "x", 1);
  const base::Node blank = model::encode_thing(thing, for_reading());
  for (const base::Node::Entry& entry : *blank.map())
    if (entry.node.scalar() != nullptr) names.push_back(entry.key);
  return names;
}

bool contains(const std::string& text, const std::string& part) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c + 0; };
    return lower(a) == lower(b);
  };
  return std::ranges::search(text, part, same).begin() != text.end();
}

}  // namespace

Response list_things(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto snapshot = call.backend.snapshot();
  std::string sort = call.request.parameter("sort");
  const bool descending = sort.starts_with('-');
  if (descending) sort.erase(0, 1);
  if (!sort.empty()) {
    const std::vector<std::string> known = sortable(*kind);
    if (std::ranges::find(known, sort) == known.end())
      return problem(400, "sort: " + sort + " is no field to sort by; known are " + joined(known));
  }
  std::vector<Listed> items;
  for (const Thing& thing : model::things_of(snapshot->office(), *kind)) {
    base::Node body = model::encode_thing(thing, for_reading());
    const std::string q = call.request.parameter("q");
    if (!q.empty() && !contains(config::write_json(body), q)) continue;
    std::string key = sort.empty() ? std::string{} : field_text(body, sort);
    items.push_back({std::move(key), items.size(), std::move(body)});
  }
  std::ranges::sort(items, {}, [](const Listed& one) {
    return std::pair{std::string_view{one.sort_key}, one.place};
  });
  if (descending) std::ranges::reverse(items);
  std::size_t limit = 1000;
  std::size_t offset = 0;
  for (const auto& [name, out] : {std::pair{"limit", &limit}, std::pair{"cursor", &offset}}) {
    const std::string text = call.request.parameter(name);
    if (text.empty()) continue;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
    if (error != std::errc{} || end != text.data() + text.size() || (*name == 'l' && *out == 0))
      return problem(400, std::string{name} + ": " + text + " cannot be read");
  }
  base::Node list = base::Node::empty_list();
  for (std::size_t i = offset; i < items.size() && i - offset < limit; ++i)
    list.push(std::move(items[i].body));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(list));
  const bool more = offset + limit < items.size();
  body.set("next", base::Node::text(more ? std::to_string(offset + limit) : ""));
  return json(body);
}

Response create_thing(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  const model::DecodeOptions options{
      [&](std::string_view sealed) { return call.backend.open_secret(sealed); }};
  auto decoded = model::decode_thing(*kind, *body, options);
  if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
  const std::string id = model::id_of(decoded.value);
  if (model::find_thing(call.backend.snapshot()->office(), *kind, id).has_value())
    return problem(409, "there is already a " + std::string{model::noun_of(*kind)} + " " + id +
                            "; PUT changes it");
  model::set_identity(decoded.value, id, 0);
  EditOrder order;
  order.edit = model::PutThing{decoded.value};
  order.who = call.who;
  order.what = change_of(*kind, decoded.value, "added");
  order.expected = 0;
  Response response = commit(call, decoded.value, order, 201);
  if (response.status == 201)
    response.headers.emplace_back("Location",
                                  "/api/v1/" + std::string{model::key_of(*kind)} + "/" + id);
  return response;
}

Response get_thing(const Call& call) {
  const auto kind = model::kind_from_key(call.path.at("things"));
  if (!kind.has_value()) return no_such_list(call);
  const auto thing = named(*call.backend.snapshot(), *kind, call.path.at("id"));
  if (!thing.has_value())
    return problem(404,
                   "there is no " + std::string{model::noun_of(*kind)} + " " + call.path.at("id"));
  return thing_response(*thing, 200, {});
}

Response put_thing(const Call& call) {
  auto target = target_of(call);
  if (auto* response = std::get_if<Response>(&target)) return std::move(*response);
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  return replace_with(call, std::get<Target>(target), *body);
}

Response patch_thing(const Call& call) {
  auto found = target_of(call);
  if (auto* response = std::get_if<Response>(&found)) return std::move(*response);
  const auto patch = config::read_json(call.request.body);
  if (!patch) return problem(400, "the body is not JSON: " + patch.error().message);
  const Target& target = std::get<Target>(found);
  return replace_with(call, target,
                      model::merge_patch(model::encode_thing(target.thing, for_reading()), *patch));
}

Response delete_thing(const Call& call) {
  auto found = target_of(call);
  if (auto* response = std::get_if<Response>(&found)) return std::move(*response);
  const Target& target = std::get<Target>(found);
  const std::string id = model::id_of(target.thing);
  const auto references = model::references_to(call.backend.snapshot()->office(), target.kind, id);
  if (!references.empty()) {
    model::Findings findings;
    for (const std::string& reference : references)
      findings.push_back({model::Severity::Error, "in_use", "", {}, reference});
    return problem(409,
                   facts::sentence(change_of(target.kind, target.thing,
                                             "is in use; change what names it first")),
                   findings);
  }
  EditOrder order;
  order.edit = model::RemoveThing{target.kind, id};
  order.who = call.who;
  order.what = change_of(target.kind, target.thing, "removed");
  order.expected = model::revision_of(target.thing);
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  return json_text("", 204);
}

}  // namespace api
