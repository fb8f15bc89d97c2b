// What is so at this moment, or would be: explain, registrations, hours and flags, health.
#include "api/presence.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/expand.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/no_answer.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/address.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/fact.h"
#include "foresight/draw.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/record_json.h"

namespace api {
namespace {

// Findings of a body inside another body.
void move_under(model::Findings& findings, const std::string& path) {
  for (model::Finding& finding : findings) finding.path.insert(0, path);
}

}  // namespace

void read_moment(Fields& fields, ExplainQuestion& question) {
  question.from = fields.text("from").value_or("");
  if (const auto at = fields.text("at", 64); at.has_value() && !at->empty()) {
    question.at = model::time_from(*at);
    if (!question.at.has_value())
      fields.fault("at", "bad_text", "at: an RFC 3339 time, such as 2026-03-01T12:00:00+01:00");
  }
  const base::Node* phones = fields.node("phones");
  if (phones == nullptr || phones->is_null()) return;
  if (const base::Node::Scalar* word = phones->scalar(); word != nullptr) {
    if (word->text == "all") question.phones = ExplainQuestion::Phones::All;
    if (word->text != "all" && word->text != "now")
      fields.fault("phones", "unknown_word", "phones: now, all, or a list of users");
    return;
  }
  if (phones->list() == nullptr) {
    fields.fault("phones", "wrong_type", "phones: now, all, or a list of users");
    return;
  }
  question.phones = ExplainQuestion::Phones::These;
  for (std::size_t i = 0; i < phones->list()->size(); ++i) {
    const base::Node::Scalar* name = (*phones->list())[i].scalar();
    if (name == nullptr)
      fields.fault("phones/" + std::to_string(i), "wrong_type", "a user is a text");
    else
      question.users.push_back(name->text);
  }
}

Response explained(const Call& call, const ExplainQuestion& question) {
  const auto story = call.backend.explain(question);
  if (!story) return problem(story.error());
  if (call.request.header("accept").find("text/plain") == std::string::npos)
    return json_text(store::to_json(*story));
  Response response = json_text(foresight::draw(*story));
  response.type = "text/plain; charset=utf-8";
  return response;
}

Response post_explain(const Call& call) {
  Fields fields{call.request.body};
  ExplainQuestion question;
  question.number = fields.text("number").value_or("");
  read_moment(fields, question);
  if (const base::Node* seed = fields.node("seed"); seed != nullptr && !seed->is_null()) {
    const std::string text = seed->scalar() != nullptr ? seed->scalar()->text : "";
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), question.seed);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
      fields.fault("seed", "wrong_type", "seed is a whole number");
  }
  const base::Node* group = fields.node("group");
  const bool has_group = group != nullptr && !group->is_null();
  if (question.number.empty() && !has_group) fields.fault("number", "missing", "number is missing");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (has_group) {
    auto decoded = model::decode_thing(model::Kind::Group, *group);
    if (!decoded.ok()) {
      move_under(decoded.findings, "/group");
      return problem(422, "the group has errors", decoded.findings);
    }
    question.group = std::get<model::Group>(std::move(decoded.value));
  }
  return explained(call, question);
}

base::Node registration_node(const facts::Binding& binding, const model::Snapshot& snapshot) {
  const model::User* user = snapshot.user_by_id(binding.user_id);
  const auto account = snapshot.account(binding.username);
  const bool has_device = account.has_value() && account->device != nullptr;
  base::Node one = base::Node::empty_map();
  one.set("user", base::Node::text(binding.user_id));
  one.set("extension", base::Node::text(user != nullptr ? user->extension : ""));
  one.set("name", base::Node::text(user != nullptr ? user->name : ""));
  one.set("device", base::Node::text(has_device ? account->device->id : ""));
  one.set("username", base::Node::text(binding.username));
  one.set("contact", base::Node::text(binding.contact));
  one.set("transport", base::Node::text(std::string{base::name_of(binding.flow.transport)}));
  one.set("source", base::Node::text(binding.flow.peer.to_string()));
  one.set("user_agent", base::Node::text(binding.user_agent));
  one.set("expires", base::Node::text(store::rfc3339(binding.expires_at)));
  return one;
}

Response list_registrations(const Call& call) {
  auto bindings = call.backend.registrations();
  if (!bindings.has_value()) return problem(503, kNoAnswer);
  const auto snapshot = call.backend.snapshot();
  Listing listing;
  for (const facts::Binding& binding : *bindings) {
    base::Node body = registration_node(binding, *snapshot);
    std::string text = lowered(config::write_json(body));
    listing.push_back({binding.username + " " + binding.contact, std::move(text), std::move(body)});
  }
  const ListQuestion question =
      list_question(call.request.query, {"user", "extension", "name", "device", "username",
                                         "transport", "source", "user_agent", "expires"});
  if (!question.trouble.empty()) return problem(400, question.trouble);
  const PageOf page = page_of(listing, question);
  base::Node items = base::Node::empty_list();
  for (const std::size_t place : page.places) items.push(std::move(listing[place].body));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(page.next));
  return json(body);
}

Response get_now(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const base::WallTime now = call.backend.now();
  const auto with_name = [](const auto& thing, base::Node rest) {
    base::Node one = base::Node::empty_map();
    one.set("id", base::Node::text(thing.id));
    one.set("name", base::Node::text(thing.name));
    for (const base::Node::Entry& entry : *rest.map()) one.set(entry.key, entry.node);
    return one;
  };
  base::Node schedules = base::Node::empty_list();
  for (const model::Schedule& schedule : snapshot->office().schedules)
    schedules.push(with_name(schedule, now_node(schedule, snapshot->zone(), now)));
  base::Node flags = base::Node::empty_list();
  for (const model::Flag& flag : snapshot->office().flags)
    flags.push(with_name(flag, now_node(flag, *snapshot, now)));
  base::Node body = base::Node::empty_map();
  body.set("at", base::Node::text(store::rfc3339(now)));
  body.set("schedules", std::move(schedules));
  body.set("flags", std::move(flags));
  return json(body);
}

Response get_group_health(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  const auto thing = named(*snapshot, model::Kind::Group, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Group, call.path.at("id"));
  const auto people = call.backend.people();
  if (!people.has_value()) return problem(503, kNoAnswer);
  return json(health_node(*snapshot, std::get<model::Group>(*thing), *people, call.backend.now()));
}

}  // namespace api
