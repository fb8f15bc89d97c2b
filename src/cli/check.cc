#include "cli/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/node.h"
#include "config/file.h"
#include "config/json.h"
#include "config/office_file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "foresight/expectation.h"
#include "model/chain_csv.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/validate.h"

namespace cli {
namespace {

model::Finding error(std::string message, base::Position at = {}) {
  return {model::Severity::Error, "syntax", "", at, std::move(message)};
}

model::Findings check_server(const std::string& text) {
  const auto node = config::read_yaml(text);
  if (!node) return {error(node.error().message, node.error().at)};
  return config::decode_server(*node).findings;
}

// The office's own tests, asked again.
void run_tests(const config::OfficeFile& file, const Outside& outside, model::Findings& findings) {
  if (file.office.tests.empty()) return;
  model::BuildOptions options;
  options.zone = outside.zone(file.office.timezone);
  const auto snapshot = model::Snapshot::build(file.office, std::move(options));
  for (std::size_t i = 0; i < file.office.tests.size(); ++i) {
    const model::SavedTest& test = file.office.tests[i];
    for (const foresight::Difference& difference : foresight::differences(*snapshot, test))
      findings.push_back({model::Severity::Error,
                          "test_failed",
                          "/tests/" + std::to_string(i),
                          {},
                          "test " + test.name + ": " + difference.text});
  }
}

model::Findings check_office(const std::string& text, const Outside& outside) {
  config::OfficeFile file = config::read_office(text);
  if (std::string why = outside.zone_trouble(file.office.timezone); !why.empty()) {
    model::Findings zone{{model::Severity::Error, "unknown_word", "/timezone", {}, std::move(why)}};
    model::locate(zone, file.document);
    model::append(file.findings, std::move(zone));
  }
  model::Findings later = model::not_carried_out(file.office);
  model::append(later, model::missing_sounds(file.office, outside.sound_exists));
  model::append(later, outside.calendar_troubles(file.office));
  if (file.ok()) run_tests(file, outside, later);
  model::locate(later, file.document);
  if (file.ok()) model::append(file.findings, std::move(later));
  return std::move(file.findings);
}

// A table by itself: whether its numbers are users only the office knows, so here all are.
model::Findings check_chain(const std::string& text) {
  auto table = model::chain_from_csv(text);
  // A row that is missing would be missed by others; a value that was refused is not.
  const bool whole = std::ranges::all_of(table.findings, [](const model::Finding& finding) {
    return finding.code == "bad_text" || finding.code == "out_of_range";
  });
  if (!whole) return std::move(table.findings);
  model::Office office;
  std::set<std::string> numbers;
  for (const model::ChainRow& row : table.value)
    for (const std::string& number : {row.sip_number, row.next_number, row.start_number})
      if (!number.empty()) numbers.insert(number);
  for (const std::string& number : numbers) {
    model::User user;
    user.extension = number;
    office.users.push_back(std::move(user));
  }
  office.chain = table.value;
  model::Findings found = model::validate(office);
  std::erase_if(found, [](const model::Finding& f) { return !f.path.starts_with("/chain"); });
  model::locate_rows(found, table);
  model::append(table.findings, std::move(found));
  return std::move(table.findings);
}

model::Findings check_file(const std::string& name, bool is_server, const Outside& outside) {
  const auto text = config::read_file(name);
  if (!text.has_value()) return {error(config::unreadable(name))};
  if (is_server) return check_server(*text);
  if (name.ends_with(".csv")) return check_chain(*text);
  return check_office(*text, outside);
}

void add_json(base::Node& list, const std::string& file, const model::Finding& finding) {
  base::Node one = base::Node::empty_map();
  one.set("file", base::Node::text(file));
  one.set("line", base::Node::number(finding.at.line));
  one.set("column", base::Node::number(finding.at.column));
  one.set("severity", base::Node::text(model::word(finding.severity)));
  one.set("code", base::Node::text(finding.code));
  one.set("path", base::Node::text(finding.path));
  one.set("message", base::Node::text(finding.message));
  list.push(std::move(one));
}

}  // namespace

int check(const std::string& config_file, const std::vector<std::string>& files, bool json,
          const Outside& outside) {
  std::vector<std::pair<std::string, model::Findings>> all;
  if (!config_file.empty()) all.emplace_back(config_file, check_file(config_file, true, outside));
  for (const std::string& file : files) all.emplace_back(file, check_file(file, false, outside));
  bool bad = false;
  std::size_t warnings = 0;
  base::Node list = base::Node::empty_list();
  for (const auto& [file, findings] : all) {
    bad = bad || model::has_errors(findings);
    for (const model::Finding& finding : findings) {
      warnings += static_cast<std::size_t>(finding.severity == model::Severity::Warning);
      if (json)
        add_json(list, file, finding);
      else
        std::puts(model::line_of(finding, file).c_str());
    }
  }
  if (json)
    std::puts(config::write_json(list, true).c_str());
  else if (!bad)
    std::printf("ok: %zu file(s), %zu warning(s)\n", all.size(), warnings);
  return bad ? 1 : 0;
}

}  // namespace cli
