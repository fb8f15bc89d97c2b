// The office as a whole: apply, export, the chain's table, codes, tokens.
#include "model/office.h"

#include <functional>
#include <string>
#include <string_view>
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
#include "config/office_file.h"
#include "config/yaml.h"
#include "facts/fact.h"
#include "model/chain_csv.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "model/validate.h"
#include "store/record_json.h"
#include "store/things.h"

namespace api {
namespace {

bool is_set(const Call& call, const char* name) {
  const auto found = call.request.query.find(name);
  return found != call.request.query.end() && found->second != "0" && found->second != "false";
}

Response changes_response(const std::vector<model::Change>& changes,
                          const model::Findings& warnings, bool dry_run) {
  base::Node list = base::Node::empty_list();
  for (const model::Change& change : changes) {
    base::Node one = base::Node::empty_map();
    one.set("kind", base::Node::text(change.kind));
    one.set("id", base::Node::text(change.id));
    one.set("text", base::Node::text(change.text));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("dry_run", base::Node::boolean(dry_run));
  body.set("changes", std::move(list));
  body.set("warnings", findings_node(warnings));
  return json(body);
}

// Carries out what a file makes of the office of `from`. `locate` gives findings their places in
// that file.
Response replace_office(const Call& call, const model::Snapshot& from, model::Applied applied,
                        facts::ConfigChange what, model::Findings warnings,
                        const std::function<void(model::Findings&, const model::Office&)>& locate) {
  EditOrder order;
  order.edit = model::ReplaceOffice{std::move(applied.office)};
  order.who = call.who;
  order.what = std::move(what);
  order.expected = from.revision();
  order.dry_run = is_set(call, "dry_run");
  const model::Office& office = std::get<model::ReplaceOffice>(order.edit).office;
  auto edited = call.backend.edit(order);
  if (!edited) {
    locate(edited.error().findings, office);
    return problem(edited.error());
  }
  locate(edited->warnings, office);
  model::append(warnings, std::move(edited->warnings));
  return changes_response(applied.changes, warnings, order.dry_run);
}

}  // namespace

// The body is office.yaml, or the same as JSON.
Response apply_office(const Call& call) {
  const model::DecodeOptions options{
      [&](std::string_view sealed) { return call.backend.open_secret(sealed); }};
  config::OfficeFile file = config::read_office(call.request.body, options, false);
  const auto snapshot = call.backend.snapshot();
  const bool prune = is_set(call, "prune");
  if (!file.ok()) {
    config::validate_merged(file, snapshot->office(), prune);
    return problem(422, "the office file has errors; nothing was changed", file.findings);
  }
  model::Applied applied = model::apply_file(snapshot->office(), file.office, file.document, prune);
  return replace_office(call, *snapshot, std::move(applied),
                        facts::ConfigChange{"office file", "", "", "applied"}, file.findings,
                        [&file](model::Findings& findings, const model::Office& office) {
                          config::locate_in_file(findings, office, file);
                        });
}

// `secrets`: plain; else sealed with this server's key. Plain ones need the right to change.
Response export_office(const Call& call) {
  const bool plain = is_set(call, "secrets");
  if (plain && call.right < Right::Admin)
    return problem(403, "only the scope admin may export secrets");
  const auto snapshot = call.backend.snapshot();
  model::EncodeOptions options;
  options.secrets = plain ? model::Secrets::Visible : model::Secrets::Marked;
  options.seal = [&](std::string_view secret) { return call.backend.seal_secret(secret); };
  options.identity = false;
  const base::Node office = model::encode_office(snapshot->office(), options);
  if (call.request.parameter("format") == "json") return json(office);
  Response response = json_text(config::write_yaml(office));
  response.type = "application/yaml";
  return response;
}

Response import_chain(const Call& call) {
  auto table = model::chain_from_csv(call.request.body);
  if (!table.ok()) return problem(422, "the table has errors; nothing was changed", table.findings);
  const auto snapshot = call.backend.snapshot();
  model::Applied applied{snapshot->office(), {}};
  applied.office.chain = table.value;
  model::give_ids(applied.office);
  applied.changes = model::changes_between(snapshot->office(), applied.office);
  return replace_office(call, *snapshot, std::move(applied),
                        facts::ConfigChange{"chain", "", "", "imported"}, std::move(table.findings),
                        [&table](model::Findings& findings, const model::Office& office) {
                          model::locate_rows(findings, table);
                          for (model::Finding& finding : findings)
                            if (finding.at.line == 0) model::tell_in_words(finding, office);
                        });
}

Response export_chain(const Call& call) {
  Response response = json_text(model::chain_to_csv(call.backend.snapshot()->office().chain));
  response.type = "text/csv; charset=utf-8";
  return response;
}

Response list_feature_codes(const Call& call) {
  base::Node list = base::Node::empty_list();
  for (const model::FeatureCode& code : call.backend.snapshot()->feature_codes()) {
    base::Node one = base::Node::empty_map();
    one.set("name", base::Node::text(code.name));
    one.set("code", base::Node::text(code.code));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("profile", base::Node::text(call.backend.snapshot()->office().feature_profile));
  body.set("items", std::move(list));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response list_tokens(const Call& call) {
  const auto tokens = call.backend.tokens();
  if (!tokens) return problem(tokens.error());
  base::Node list = base::Node::empty_list();
  for (const store::ApiToken& token : *tokens) {
    base::Node one = base::Node::empty_map();
    one.set("id", base::Node::text(token.id));
    one.set("name", base::Node::text(token.name));
    one.set("scopes", base::Node::text(token.scopes));
    one.set("created", base::Node::text(store::rfc3339(token.created)));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(list));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response create_token(const Call& call) {
  const auto body = config::read_json(call.request.body.empty() ? "{}" : call.request.body);
  if (!body) return problem(400, "the body is not JSON: " + body.error().message);
  std::string name = "token";
  std::string scopes = "admin";
  const base::Node::Map* map = body->map();
  if (map == nullptr) return problem(422, "a JSON object {name, scopes} is expected");
  for (const base::Node::Entry& entry : *map) {
    const base::Node::Scalar* scalar = entry.node.scalar();
    if (scalar == nullptr || (entry.key != "name" && entry.key != "scopes"))
      return problem(422, "unknown key " + entry.key + "; known: name, scopes");
    (entry.key == "name" ? name : scopes) = scalar->text;
  }
  if (scopes != "admin" && scopes != "read")
    return problem(422, "scopes: admin or read, not \"" + scopes + "\"");
  const std::string secret = call.backend.create_token(name, scopes);
  if (secret.empty()) return problem(503, "the token could not be stored; try again");
  base::Node out = base::Node::empty_map();
  out.set("name", base::Node::text(name));
  out.set("scopes", base::Node::text(scopes));
  out.set("token", base::Node::text(secret));
  return json(out, 201);
}

Response delete_token(const Call& call) {
  const auto removed = call.backend.remove_token(call.path.at("id"));
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(404, "there is no token " + call.path.at("id"));
  return json_text("", 204);
}

}  // namespace api
