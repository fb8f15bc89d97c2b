#include "cli/import.h"

#include <cstddef>
#include <cstdio>
#include <string>

#include "base/node.h"
#include "base/result.h"
#include "cli/answers.h"
#include "cli/client.h"
#include "config/file.h"
#include "config/json.h"
#include "model/findings.h"

namespace cli {
namespace {

// "line 3: partly: user 102: outboundcid …"
std::string line_of(const base::Node& row) {
  std::string verdict = text_at(row, "verdict");
  if (verdict == "left_out") verdict = "left out";
  std::string line = "line " + text_at(row, "line") + ": " + verdict + ": " + text_at(row, "kind") +
                     " " + text_at(row, "name");
  const base::Node* notes = row.find("notes");
  if (notes == nullptr || notes->list() == nullptr) return line;
  const char* before = ": ";
  for (const base::Node& note : *notes->list()) {
    if (note.scalar() == nullptr) continue;
    line += before + note.scalar()->text;
    before = "; ";
  }
  return line;
}

void print_report(const base::Node& report) {
  std::size_t taken = 0;
  std::size_t all = 0;
  if (const base::Node* rows = report.find("rows"); rows != nullptr && rows->list() != nullptr)
    for (const base::Node& row : *rows->list()) {
      ++all;
      if (text_at(row, "verdict") != "left_out") ++taken;
      (void)std::puts(model::printable(line_of(row)).c_str());
    }
  std::string unused;
  if (const base::Node* columns = report.find("unused_columns");
      columns != nullptr && columns->list() != nullptr)
    for (const base::Node& column : *columns->list())
      if (column.scalar() != nullptr) unused += " " + column.scalar()->text;
  if (!unused.empty())
    (void)std::puts(model::printable("columns without a meaning here:" + unused).c_str());
  (void)std::printf("%zu of %zu rows can be taken over\n", taken, all);
}

}  // namespace

int import_table(const Server& server, const ImportArguments& given, bool json) {
  const auto text = config::read_file(given.file);
  if (!text.has_value()) return failed(config::unreadable(given.file));
  std::string target = "/api/v1/import/" + given.system + "?";
  if (given.dry_run) target += "dry_run=1&";
  if (given.partial) target += "partial=1";
  const auto reply = ask(server, {"POST", target, *text, "application/json"});
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, given.file);
  if (!json) {
    const auto report = config::read_json(reply->body);
    if (!report) return failed("the server's answer cannot be read");
    print_report(*report);
  }
  return print_changes(*reply, json);
}

}  // namespace cli
