#include "model/csv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/detail/canonical.h"
#include "model/findings.h"

namespace model {
namespace {

constexpr std::size_t kRowsMax = 100'000;
constexpr std::size_t kFieldsMax = 512;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cuts rows off a text.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    const std::string_view first = text_.substr(0, text_.find('\n'));
    const std::size_t found = first.find_first_of(",;\t");
    if (found != std::string_view::npos) separator_ = first[found];
  }

  [[nodiscard]] bool at_end() const { return text_.empty(); }

  // REQUIRES: !at_end(). Lines without a letter are passed over: the row is empty then.
  CsvRow next() {
    CsvRow row;
    row.line = line_;
    std::string field;
    bool quoted = false;
    const auto close_field = [&] {
      row.fields.emplace_back(trimmed(field));
      field.clear();
    };
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (quoted && c == '"' && text_.starts_with('"')) {
        field += '"';
        text_.remove_prefix(1);
      } else if (c == '"' && (quoted || trimmed(field).empty())) {
        quoted = !quoted;
      } else if (!quoted && c == separator_) {
        close_field();
      } else if (!quoted && c == '\n') {
        break;
      } else {
        field += c;
      }
    }
    close_field();
    if (quoted) row.trouble = "a quote is never closed";
    if (row.fields.size() == 1 && row.fields.front().empty() && !quoted) row.fields.clear();
    return row;
  }

 private:
  std::string_view text_;
  char separator_ = ',';
  std::uint32_t line_ = 1;
};

void complain(CsvTable& table, std::uint32_t line, std::string message) {
  table.findings.push_back({Severity::Error, "syntax", {}, {line, 1}, std::move(message)});
}

void take_header(CsvTable& table, const CsvRow& row) {
  if (!row.trouble.empty()) return complain(table, row.line, row.trouble);
  if (row.fields.size() > kFieldsMax)
    return complain(table, row.line, "a table has at most 512 columns");
  for (const std::string& field : row.fields) {
    std::string name = detail::lower(field);
    if (name.empty())
      complain(table, row.line, "a column has no name: the first line names the columns");
    else if (std::ranges::find(table.header, name) != table.header.end())
      complain(table, row.line, "two columns are called \"" + name + "\"");
    table.header.push_back(std::move(name));
  }
}

}  // namespace

CsvTable read_csv(std::string_view text) {
  CsvTable table;
  Cutter cutter(text);
  while (!cutter.at_end() && table.findings.empty()) {
    CsvRow row = cutter.next();
    if (row.fields.empty()) continue;
    if (table.header.empty()) {
      take_header(table, row);
      continue;
    }
    if (table.rows.size() == kRowsMax) {
      complain(table, row.line, "a table has at most 100000 rows");
      break;
    }
    if (row.trouble.empty() && row.fields.size() != table.header.size())
      row.trouble = "it has " + std::to_string(row.fields.size()) + " fields, and the header " +
                    std::to_string(table.header.size());
    row.fields.resize(table.header.size());
    table.rows.push_back(std::move(row));
  }
  if (table.findings.empty() && table.header.empty())
    complain(table, 1, "the table is empty: its first line names the columns");
  if (!table.findings.empty()) table.rows.clear();
  return table;
}

}  // namespace model
