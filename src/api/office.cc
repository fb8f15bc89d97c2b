// The office as a whole: apply, export, the chain's table.
#include "model/office.h"

#include <functional>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/node.h"
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

namespace api {
namespace {

// Carries out what a file makes of the office of `from`. `locate` gives findings their places in
// that file.
Response replace_office(const Call& call, const model::Snapshot& from, model::Applied applied,
                        facts::ConfigChange what, model::Findings warnings,
                        const std::function<void(model::Findings&, const model::Office&)>& locate) {
  EditOrder order =
      order_of(call, model::ReplaceOffice{std::move(applied.office)}, std::move(what));
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
  return changes_response(*edited, warnings, order.dry_run);
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
  if (plain && !may(call.caller, Access::Administer, "system"))
    return problem(403, "only administrators and the scope admin may export secrets");
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

}  // namespace api
