// Messages of mailboxes: a general one's, or a user's own.
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "base/result.h"
#include "config/json.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "store/reader.h"
#include "store/record_json.h"

namespace api {
namespace {

// The mailbox of the path; `name` is for people, `key` for the store.
struct Box {
  std::string name, key;
};
std::optional<Box> box_of(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const auto box = snapshot->mailbox_at(call.path.at("id"));
  if (!box.has_value()) return {};
  return Box{box->name(), box->key()};
}

Response no_such_mailbox(const Call& call) {
  return problem(
      404, "there is no mailbox " + call.path.at("id") + ", neither a general one nor of a user");
}

// Percent-encoded where a path needs it.
std::string path_part(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out.append("%").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    }
  }
  return out;
}

base::Node node_of(const facts::Message& message, const Box& box) {
  base::Node node = base::Node::empty_map();
  node.set("id", base::Node::text(message.id));
  node.set("mailbox", base::Node::text(box.name));
  node.set("call", base::Node::text(message.call));
  node.set("from", base::Node::text(message.from));
  node.set("from_name", base::Node::text(message.from_name));
  node.set("at", base::Node::text(store::rfc3339(message.at)));
  node.set("length_ms", base::Node::number(message.length_ms));
  node.set("heard", base::Node::boolean(message.heard));
  node.set("saved", base::Node::boolean(message.saved));
  node.set("handled_by", base::Node::text(message.handled_by));
  node.set("audio", base::Node::text("/api/v1/mailboxes/" + path_part(box.name) + "/messages/" +
                                     path_part(message.id) + "/audio"));
  return node;
}

// The message of the path, or the answer that says why there is none.
struct Found {
  Box box;
  facts::Message message;
};
std::variant<Found, Response> found(const Call& call) {
  auto box = box_of(call);
  if (!box.has_value()) return no_such_mailbox(call);
  const std::string& id = call.path.at("message");
  const auto message = call.backend.message(box->key, id);
  if (!message) return problem(message.error());
  if (!message->has_value())
    return problem(404, "there is no message " + id + " in mailbox " + box->name);
  return Found{*std::move(box), message->value_or(facts::Message{})};
}

facts::MessageChanged change_of(const Call& call, const Found& target) {
  facts::MessageChanged change;
  change.mailbox = target.box.name;
  change.box = target.box.key;
  change.id = target.message.id;
  change.who = call.caller.name;
  return change;
}

// What is wrong in a body, collected.
class Faults {
 public:
  void add(std::string code, std::string_view key, std::string message) {
    findings.push_back({model::Severity::Error,
                        std::move(code),
                        "/" + model::pointer_part(key),
                        {},
                        std::move(message)});
  }
  model::Findings findings;
};

std::optional<bool> truth_of(const base::Node::Entry& entry, Faults& faults) {
  const base::Node::Scalar* scalar = entry.node.scalar();
  if (scalar != nullptr && !scalar->quoted && scalar->text == "true") return true;
  if (scalar != nullptr && !scalar->quoted && scalar->text == "false") return false;
  faults.add("wrong_type", entry.key, entry.key + " is true or false");
  return {};
}

// Null and "": nobody. Else a user, by any of his names.
std::optional<std::string> handler_of(const Call& call, const base::Node::Entry& entry,
                                      Faults& faults) {
  const base::Node::Scalar* scalar = entry.node.scalar();
  if (entry.node.is_null() || (scalar != nullptr && scalar->text.empty())) return std::string{};
  const auto snapshot = call.backend.snapshot();
  const model::User* user = scalar == nullptr ? nullptr : snapshot->user_named(scalar->text);
  if (user != nullptr) return user->extension;
  faults.add("no_such_thing", entry.key, "handled_by names a user, or is empty for nobody");
  return {};
}

}  // namespace

Response list_messages(const Call& call) {
  const auto box = box_of(call);
  if (!box.has_value()) return no_such_mailbox(call);
  store::MessageFilter filter;
  filter.box = box->key;
  filter.q = call.request.parameter("q");
  filter.sort = call.request.parameter("sort");
  filter.cursor = call.request.parameter("cursor");
  if (const std::string limit = call.request.parameter("limit"); !limit.empty()) {
    const char* const last = limit.data() + limit.size();
    const auto [end, error] = std::from_chars(limit.data(), last, filter.limit);
    if (error != std::errc{} || end != last)
      return problem(400, "limit: a whole number from 1 to 1000");
  }
  auto page = call.backend.messages(filter);
  if (!page) return problem(page.error());
  base::Node items = base::Node::empty_list();
  for (const facts::Message& message : page->items) items.push(node_of(message, *box));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(page->next));
  return json(body);
}

Response get_message(const Call& call) {
  auto target = found(call);
  if (auto* none = std::get_if<Response>(&target)) return std::move(*none);
  const auto& [box, message] = std::get<Found>(target);
  return json(node_of(message, box));
}

Response get_message_audio(const Call& call) {
  auto target = found(call);
  if (auto* none = std::get_if<Response>(&target)) return std::move(*none);
  const facts::Message& message = std::get<Found>(target).message;
  auto audio = call.backend.audio(message);
  if (!audio) return problem(audio.error());
  if (!audio->has_value())
    return problem(404, "the recording of message " + message.id + " is gone");
  Response response;
  response.type = "audio/wav";
  response.body = (*std::move(audio)).value_or(std::string());
  return response;
}

Response patch_message(const Call& call) {
  auto target = found(call);
  if (auto* none = std::get_if<Response>(&target)) return std::move(*none);
  auto& [box, message] = std::get<Found>(target);
  const auto body = config::read_json(call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  if (body->map() == nullptr)
    return problem(422, "a JSON object {heard, saved, handled_by} is expected");
  facts::MessageChanged change = change_of(call, std::get<Found>(target));
  Faults faults;
  for (const base::Node::Entry& entry : *body->map()) {
    if (entry.key == "heard") {
      change.heard = truth_of(entry, faults);
    } else if (entry.key == "saved") {
      change.saved = truth_of(entry, faults);
    } else if (entry.key == "handled_by") {
      change.handled_by = handler_of(call, entry, faults);
    } else {
      faults.add("unknown_key", entry.key,
                 "unknown key " + entry.key + "; known: heard, saved, handled_by");
    }
  }
  if (!faults.findings.empty()) return problem(422, "the body has errors", faults.findings);
  if (change.saved == true && !change.heard.has_value()) change.heard = true;
  const auto done = call.backend.change_message(change);
  if (!done) return problem(done.error());
  message.heard = change.heard.value_or(message.heard);
  message.saved = change.saved.value_or(message.saved);
  message.handled_by = change.handled_by.value_or(message.handled_by);
  return json(node_of(message, box));
}

Response delete_message(const Call& call) {
  auto target = found(call);
  if (auto* none = std::get_if<Response>(&target)) return std::move(*none);
  facts::MessageChanged change = change_of(call, std::get<Found>(target));
  change.deleted = true;
  const auto done = call.backend.change_message(change);
  if (!done) return problem(done.error());
  return json_text("", 204);
}

}  // namespace api
