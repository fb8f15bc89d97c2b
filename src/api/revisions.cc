// The history of the configuration: who changed what, when and from where; undo and restore.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
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
#include "model/decode.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/record_json.h"
#include "store/things.h"

namespace api {
namespace {

using base::Node;

constexpr std::string_view kSettings = "office";  // the kind of the office's own settings

template <class Number>
bool whole(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

// Secrets are stored sealed; neither seal nor secret is anybody's business.
void hide_secrets(Node& node) {
  if (auto* scalar = std::get_if<Node::Scalar>(&node.value)) {
    if (scalar->text.starts_with("!encrypted") || !node.tag.empty()) node = Node::text("(hidden)");
  } else if (auto* list = std::get_if<Node::List>(&node.value)) {
    for (Node& one : *list) hide_secrets(one);
  } else if (auto* map = std::get_if<Node::Map>(&node.value)) {
    for (Node::Entry& entry : *map) hide_secrets(entry.node);
  }
}

Node body_of(const std::optional<std::string>& text) {
  if (!text.has_value()) return Node::null();
  auto read = config::read_json(*text);
  if (!read) return Node::null();
  hide_secrets(*read);
  return *std::move(read);
}

const char* verb_of(const store::AuditEntry& entry) {
  if (!entry.before.has_value()) return "added";
  return entry.after.has_value() ? "changed" : "removed";
}

Node item_of(const store::Revision& revision) {
  Node one = Node::empty_map();
  one.set("revision", Node::number(revision.revision));
  one.set("at", Node::text(store::rfc3339(revision.when)));
  one.set("who", Node::text(revision.who));
  one.set("source", Node::text(revision.source));
  one.set("what", Node::text(revision.what));
  one.set("things", Node::number(revision.things));
  return one;
}

// The number in the path, and everything that this edit changed.
std::variant<std::vector<store::AuditEntry>, Response> entries_of(const Call& call) {
  const std::string& id = call.path.at("id");
  std::int64_t number = 0;
  if (!whole(id, number)) return problem(404, "there is no revision " + id);
  auto entries = call.backend.revision(number);
  if (!entries) return problem(entries.error());
  if (entries->empty()) return problem(404, "there is no revision " + id);
  return *std::move(entries);
}

// Documents of the store as parts of an office.
class Reader final {
 public:
  Reader(Backend& backend, const model::Office& now)
      : options_{[&backend](std::string_view sealed) { return backend.open_secret(sealed); }},
        now_(now) {}

  // Puts the document into the office; settings keep the accounts that are there.
  [[nodiscard]] std::optional<Response> put(model::Office& office, const std::string& kind,
                                            const std::string& id, const std::string& text) const {
    const auto body = config::read_json(text);
    if (!body) return damaged(kind, id);
    if (kind == kSettings) {
      auto decoded = model::decode_office(*body, options_);
      if (!decoded.ok()) return damaged(kind, id);
      take_settings(office, std::move(decoded.value));
      return {};
    }
    const auto known = model::kind_from_key(kind);
    if (!known.has_value()) return damaged(kind, id);
    auto decoded = model::decode_thing(*known, *body, options_);
    if (!decoded.ok()) return damaged(kind, id);
    // What is put back as it is now keeps its revision.
    const auto held = model::find_thing(now_, *known, id);
    model::set_identity(decoded.value, id, held.has_value() ? model::revision_of(*held) : 0);
    // Nobody gets an old password back.
    if (auto* user = std::get_if<model::User>(&decoded.value); user != nullptr && held.has_value())
      user->web_password = std::get<model::User>(*held).web_password;
    office = model::apply(std::move(office), model::PutThing{std::move(decoded.value)});
    return {};
  }

 private:
  static Response damaged(const std::string& kind, const std::string& id) {
    return problem(409, "what is kept of " + kind + " " + id +
                            " is of another version; it cannot be put back");
  }
  static void take_settings(model::Office& office, model::Office from) {
    from.admins = std::move(office.admins);
    from.users = std::move(office.users);
    from.groups = std::move(office.groups);
    from.chain = std::move(office.chain);
    from.mailboxes = std::move(office.mailboxes);
    from.ivrs = std::move(office.ivrs);
    from.queues = std::move(office.queues);
    from.schedules = std::move(office.schedules);
    from.flags = std::move(office.flags);
    from.numbers = std::move(office.numbers);
    from.trunks = std::move(office.trunks);
    from.sounds = std::move(office.sounds);
    from.webhooks = std::move(office.webhooks);
    from.tests = std::move(office.tests);
    from.reports = std::move(office.reports);
    office = std::move(from);
  }

  model::DecodeOptions options_;
  const model::Office& now_;
};

Response replace_office(const Call& call, const model::Snapshot& from, model::Office office,
                        const std::string& verb) {
  EditOrder order = order_of(call, model::ReplaceOffice{std::move(office)},
                             {"revision", call.path.at("id"), call.path.at("id"), verb});
  order.expected = from.revision();
  order.dry_run = is_set(call, "dry_run");
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  return changes_response(*edited, edited->warnings, order.dry_run);
}

// Whether the thing of an entry is now as that edit left it.
bool is_untouched(Backend& backend, const model::Office& office, const store::AuditEntry& entry) {
  if (entry.kind == kSettings) {
    const auto last =
        backend.revisions({.before = 0, .kind = entry.kind, .id = entry.id, .who = {}, .limit = 1});
    return last && !last->empty() && last->front().revision == entry.revision;
  }
  const auto kind = model::kind_from_key(entry.kind);
  if (!kind.has_value()) return false;
  const auto now = model::find_thing(office, *kind, entry.id);
  if (!entry.after.has_value()) return !now.has_value();
  return now.has_value() && model::revision_of(*now) == entry.revision;
}

}  // namespace

Response list_revisions(const Call& call) {
  store::RevisionFilter filter;
  filter.kind = call.request.parameter("kind");
  filter.id = call.request.parameter("id");
  filter.who = call.request.parameter("who");
  if (const std::string limit = call.request.parameter("limit");
      !limit.empty() && (!whole(limit, filter.limit) || filter.limit < 1 || filter.limit > 1'000))
    return problem(400, "limit: a whole number from 1 to 1000");
  if (const std::string cursor = call.request.parameter("cursor");
      !cursor.empty() && (!whole(cursor, filter.before) || filter.before < 1))
    return problem(400, "cursor: not one that was given out");
  const std::size_t limit = filter.limit;
  filter.limit = limit + 1;
  const auto revisions = call.backend.revisions(filter);
  if (!revisions) return problem(revisions.error());
  Node items = Node::empty_list();
  std::string next;
  for (std::size_t i = 0; i < revisions->size(); ++i) {
    if (i == limit) {
      next = std::to_string((*revisions)[i - 1].revision);
      break;
    }
    items.push(item_of((*revisions)[i]));
  }
  Node body = Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", Node::text(next));
  return json(body);
}

Response get_revision(const Call& call) {
  const auto found = entries_of(call);
  if (const auto* none = std::get_if<Response>(&found)) return *none;
  const auto& entries = std::get<std::vector<store::AuditEntry>>(found);
  const store::AuditEntry& first = entries.front();
  Node body = item_of({first.revision, first.when, first.who, first.source, first.what,
                       static_cast<std::int64_t>(entries.size())});
  Node changes = Node::empty_list();
  for (const store::AuditEntry& entry : entries) {
    Node one = Node::empty_map();
    one.set("kind", Node::text(entry.kind));
    one.set("id", Node::text(entry.id));
    one.set("verb", Node::text(verb_of(entry)));
    one.set("text", Node::text(entry.kind + " " + entry.id + " " + verb_of(entry)));
    one.set("before", body_of(entry.before));
    one.set("after", body_of(entry.after));
    changes.push(std::move(one));
  }
  body.set("changes", std::move(changes));
  return json(body);
}

Response undo_revision(const Call& call) {
  const auto found = entries_of(call);
  if (const auto* none = std::get_if<Response>(&found)) return *none;
  const auto& entries = std::get<std::vector<store::AuditEntry>>(found);
  const auto snapshot = call.backend.snapshot();
  model::Findings touched;
  for (const store::AuditEntry& entry : entries)
    if (!is_untouched(call.backend, snapshot->office(), entry))
      touched.push_back({model::Severity::Error,
                         "changed_since",
                         "/" + entry.kind + "/" + model::pointer_part(entry.id),
                         {},
                         entry.kind + " " + entry.id + " was changed again since"});
  if (!touched.empty())
    return problem(409, "what this changed was changed again since; undo that first", touched);
  model::Office office = snapshot->office();
  const Reader reader{call.backend, snapshot->office()};
  for (const store::AuditEntry& entry : entries) {
    if (entry.before.has_value()) {
      if (auto refused = reader.put(office, entry.kind, entry.id, *entry.before)) return *refused;
    } else if (const auto kind = model::kind_from_key(entry.kind)) {
      office = model::apply(std::move(office), model::RemoveThing{*kind, entry.id});
    }
  }
  return replace_office(call, *snapshot, std::move(office), "undone");
}

Response restore_revision(const Call& call) {
  const auto found = entries_of(call);
  if (const auto* none = std::get_if<Response>(&found)) return *none;
  std::int64_t number = 0;
  (void)whole(call.path.at("id"), number);
  const auto things = call.backend.things_at(number);
  if (!things) return problem(things.error());
  const auto snapshot = call.backend.snapshot();
  model::Office office = model::settings_of(snapshot->office());
  const Reader reader{call.backend, snapshot->office()};
  for (const store::Thing& thing : *things)
    if (auto refused = reader.put(office, thing.kind, thing.id, thing.body)) return *refused;
  return replace_office(call, *snapshot, std::move(office), "restored");
}

}  // namespace api
