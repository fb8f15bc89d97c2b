// Tables of other systems: POST /api/v1/import/{system}.
#include <string>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/import.h"
#include "model/office.h"
#include "model/thing.h"
#include "model/validate.h"

namespace api {
namespace {

base::Node list_of(const std::vector<std::string>& texts) {
  base::Node list = base::Node::empty_list();
  for (const std::string& text : texts) list.push(base::Node::text(text));
  return list;
}

base::Node rows_node(const model::Import& import) {
  base::Node rows = base::Node::empty_list();
  for (const model::ImportRow& row : import.rows) {
    base::Node one = base::Node::empty_map();
    one.set("line", base::Node::number(row.line));
    one.set("verdict", base::Node::text(model::word(row.verdict)));
    one.set("kind", base::Node::text(std::string{model::noun_of(row.kind)}));
    one.set("name", base::Node::text(row.name));
    one.set("notes", list_of(row.notes));
    rows.push(std::move(one));
  }
  return rows;
}

// The rows that are left out, as findings.
model::Findings left_out(const model::Import& import) {
  model::Findings findings;
  for (const model::ImportRow& row : import.rows) {
    if (row.verdict != model::ImportVerdict::LeftOut) continue;
    const std::string what = std::string{model::noun_of(row.kind)} + " " + row.name + ": ";
    findings.push_back({model::Severity::Error,
                        "left_out",
                        {},
                        {row.line, 1},
                        what + (row.notes.empty() ? "" : row.notes.front())});
  }
  return findings;
}

}  // namespace

// The body is the table. `dry_run`: only the report. Without `partial` nothing is taken as long as
// a row is left out.
Response import_table(const Call& call) {
  const std::string& system = call.path.at("system");
  const auto from = model::import_from(system);
  if (!from.has_value())
    return problem(404, "tables come from freepbx, fusionpbx or csv, not from " + system);
  const auto snapshot = call.backend.snapshot();
  model::Import import = model::read_import(*from, call.request.body, snapshot->office());
  if (model::has_errors(import.findings))
    return problem(422, "the table has errors; nothing was changed", import.findings);
  const bool dry_run = is_set(call, "dry_run");
  const model::Findings missing = left_out(import);
  if (!dry_run && !missing.empty() && !is_set(call, "partial"))
    return problem(422,
                   "some rows cannot be taken over; nothing was changed (partial: take the others)",
                   missing);
  EditOrder order = order_of(call, model::ReplaceOffice{std::move(import.applied.office)},
                             facts::ConfigChange{"table", "", system, "imported"});
  order.expected = snapshot->revision();
  order.dry_run = dry_run;
  auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const model::Office& office = std::get<model::ReplaceOffice>(order.edit).office;
  for (model::Finding& warning : edited->warnings) model::tell_in_words(warning, office);
  base::Node body = changes_node(*edited, edited->warnings, dry_run);
  body.set("rows", rows_node(import));
  body.set("unused_columns", list_of(import.unused_columns));
  return json(body);
}

}  // namespace api
