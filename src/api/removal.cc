// Deleting a thing: refused with the list of what names it, unless the caller says what is to stand
// there instead.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "config/json.h"
#include "facts/fact.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {
namespace {

using model::Kind;

Response in_use(const Target& target, const std::vector<model::Reference>& references) {
  model::Findings findings;
  for (const model::Reference& reference : references)
    findings.push_back({model::Severity::Error,
                        "in_use",
                        "/" + reference.kind + (reference.id.empty() ? "" : "/" + reference.id),
                        {},
                        reference.text});
  return problem(409,
                 facts::sentence(change_of(target.thing, "is in use; change what names it first")),
                 findings);
}

Response bad_replacement(const std::string& why) {
  return problem(422, "replace: " + why,
                 {{model::Severity::Error, "bad_text", "/replace", {}, "replace: " + why}});
}

// Those are named by what is no destination: by a name of their own kind.
std::string_view word_of(Kind kind) {
  if (kind == Kind::Schedule) return "schedule";
  if (kind == Kind::Flag) return "flag";
  if (kind == Kind::Sound) return "sound";
  return {};
}

bool is_there(const model::Snapshot& snapshot, Kind kind, const std::string& name) {
  if (kind == Kind::Schedule) return snapshot.schedule_named(name) != nullptr;
  if (kind == Kind::Flag) return snapshot.flag_named(name) != nullptr;
  for (const model::Sound& sound : snapshot.office().sounds)
    if (sound.name == name) return true;
  return false;
}

// `none`, a destination, or {"schedule": NAME} and the like.
std::variant<model::Replacement, Response> replacement_of(const Call& call, Kind kind) {
  const std::string text = call.request.parameter("replace");
  if (text == "none") return model::Replacement{};
  const auto node = config::read_json(text);
  if (!node || node->map() == nullptr)
    return bad_replacement("none, or what stands there instead, such as {\"group\":\"Sales\"}");
  if (const std::string_view word = word_of(kind); !word.empty()) {
    const base::Node* name = node->find(word);
    if (name == nullptr || name->scalar() == nullptr || node->map()->size() != 1)
      return bad_replacement("none, or {\"" + std::string{word} + "\": a name}");
    if (!is_there(*call.backend.snapshot(), kind, name->scalar()->text))
      return bad_replacement("there is no " + std::string{word} + " " + name->scalar()->text);
    return model::Replacement{{}, name->scalar()->text};
  }
  base::Node number = base::Node::empty_map();
  number.set("number", base::Node::text("+1"));
  number.set("to", *node);
  auto decoded = model::decode_thing(Kind::Number, number);
  if (!decoded.ok()) return bad_replacement(decoded.findings.front().message);
  return model::Replacement{std::get<model::Number>(decoded.value).to, {}};
}

Response replace_and_remove(const Call& call, const Target& target, const std::string& id) {
  const auto with = replacement_of(call, target.kind);
  if (const auto* refused = std::get_if<Response>(&with)) return *refused;
  const auto done = change_office(
      call, change_of(target.thing, "removed, and replaced where it was named"),
      [&](model::Office& office) -> std::optional<Response> {
        const auto now = model::find_thing(office, target.kind, id);
        if (!now.has_value()) return no_such(target.kind, id);
        if (model::revision_of(*now) != model::revision_of(target.thing))
          return problem(412, "it was changed meanwhile; read it again, then repeat the change");
        office =
            model::without(std::move(office), target.kind, id, std::get<model::Replacement>(with));
        return {};
      });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  return json_text("", 204);
}

}  // namespace

Response delete_thing(const Call& call) {
  auto found = target_of(call);
  if (auto* response = std::get_if<Response>(&found)) return std::move(*response);
  const Target& target = std::get<Target>(found);
  const std::string id = model::id_of(target.thing);
  const auto references = model::references_to(call.backend.snapshot()->office(), target.kind, id);
  const bool replaces = call.request.query.contains("replace");
  if (!references.empty())
    return replaces ? replace_and_remove(call, target, id) : in_use(target, references);
  EditOrder order =
      order_of(call, model::RemoveThing{target.kind, id}, change_of(target.thing, "removed"));
  order.expected = model::revision_of(target.thing);
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  return json_text("", 204);
}

}  // namespace api
