#include "model/chain_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "model/decode.h"
#include "model/detail/text_rule.h"
#include "model/detail/times.h"
#include "model/findings.h"
#include "model/office.h"

namespace model {
namespace {

constexpr std::size_t kRowsMax = 100'000;
constexpr std::size_t kColumns = 5;
constexpr std::array<std::string_view, kColumns> kHeader{"Sip number", "Next number",
                                                         "Service number", "Start number", "For"};
constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// "Next Number", "next_number" -> "nextnumber".
std::string bare(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') made += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') made += c;
  }
  return made;
}

// What a message quotes of a field: a whole file can be one field.
std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::size_t end = std::min(text.size(), kMost);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  std::string made = "\"";
  for (const char c : text.substr(0, end)) made += c >= ' ' && c != '\x7F' ? c : '?';
  return made + (end < text.size() ? "…\"" : "\"");
}

// One field of a line, and the column (from 1, in bytes) at which it begins.
struct Field {
  std::string text;
  std::uint32_t column = 1;
};

struct Line {
  std::vector<Field> fields;
  std::uint32_t open_quote = 0;  // column of a quote that nothing closes; 0: none
};

// The fields of one line; a quoted field may hold separators and doubled quotes.
Line fields_of(std::string_view line, char separator) {
  Line made;
  made.fields.emplace_back();
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool quoted = made.open_quote != 0;
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      made.fields.back().text += '"';
      ++i;
    } else if (c == '"') {
      made.open_quote = quoted ? 0 : static_cast<std::uint32_t>(i + 1);
    } else if (c == separator && !quoted) {
      made.fields.push_back({{}, static_cast<std::uint32_t>(i + 2)});
    } else {
      made.fields.back().text += c;
    }
  }
  for (Field& field : made.fields) {
    const std::string_view kept = trimmed(field.text);
    const auto blanks = static_cast<std::size_t>(kept.data() - field.text.data());
    if (!kept.empty()) field.column += static_cast<std::uint32_t>(blanks);
    field.text = std::string(kept);
  }
  return made;
}

char separator_of(std::string_view line) {
  for (const char c : {';', '\t', ','})
    if (line.find(c) != std::string_view::npos) return c;
  return ',';
}

using Columns = std::array<std::size_t, kColumns>;

std::size_t column_named(std::string_view name) {
  const std::string word = bare(name);
  for (std::size_t i = 0; i < kColumns; ++i)
    if (word == bare(kHeader.at(i))) return i;
  if (word == "sipnumbers" || word == "number" || word == "sip") return 0;
  if (word == "next") return 1;
  if (word == "service") return 2;
  if (word == "start") return 3;
  if (word == "ringseconds" || word == "seconds") return 4;
  return kNoColumn;
}

// A row without a digit is a header; its columns may stand in any order.
bool is_header(const std::vector<Field>& fields) {
  return std::none_of(fields.begin(), fields.end(), [](const Field& field) {
    return std::any_of(field.text.begin(), field.text.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
  });
}

class Table {
 public:
  void take_line(std::string_view line, std::uint32_t number) {
    if (trimmed(line).empty() || trimmed(line).front() == '#') return;
    line_ = number;
    if (separator_ == '\0') separator_ = separator_of(trimmed(line));
    const Line read = fields_of(line, separator_);
    if (read.open_quote != 0) {
      complain(read.open_quote, "syntax",
               "this quote is never closed; close it on the same line, or leave it out");
      return;
    }
    if (made.value.empty() && !seen_header_ && is_header(read.fields)) {
      take_header(read.fields);
      return;
    }
    take_row(read.fields);
  }

  // Behind the last line. Nobody means an empty chain by an empty file: the import would take every
  // row away.
  void end() {
    if (!made.value.empty() || !made.findings.empty()) return;
    line_ = 1;
    complain(1, "empty",
             std::string(seen_header_ ? "the table has no row" : "the table is empty") +
                 "; nothing is imported. To end the chain, delete its rows on the page Chain, over "
                 "the API or in the office file");
  }

  ChainTable made;

 private:
  void complain(std::uint32_t column, std::string code, std::string message) {
    made.findings.push_back(
        {Severity::Error, std::move(code), {}, {line_, column}, std::move(message)});
  }

  void take_header(const std::vector<Field>& fields) {
    seen_header_ = true;
    columns_.fill(kNoColumn);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::size_t column = column_named(fields[i].text);
      if (column == kNoColumn)
        complain(fields[i].column, "unknown_key",
                 "unknown column " + shown(fields[i].text) +
                     "; the columns are Sip number, Next number, Service number, Start number "
                     "and For");
      else
        columns_.at(column) = i;
    }
    if (columns_[0] == kNoColumn) complain(1, "missing", "there is no column \"Sip number\"");
  }

  // An absent field is empty, at the beginning of its line.
  [[nodiscard]] Field field(const std::vector<Field>& fields, std::size_t column) const {
    const std::size_t at = columns_.at(column);
    return at < fields.size() ? fields[at] : Field{};
  }

  void take_row(const std::vector<Field>& fields) {
    if (made.value.size() >= kRowsMax) {
      if (!full_)
        complain(1, "too_many",
                 std::to_string(kRowsMax) + " rows are possible; take this one and the rest out");
      full_ = true;
      return;
    }
    ChainRow row;
    row.sip_number = chain_field(field(fields, 0).text);
    row.next_number = next_field(field(fields, 1).text);
    row.service_number = chain_field(field(fields, 2).text);
    row.start_number = chain_field(field(fields, 3).text);
    ChainPlaces places;
    for (std::size_t i = 0; i < kColumns; ++i) places.at(i) = {line_, field(fields, i).column};
    if (row.sip_number.empty()) {
      complain(places[0].column, "missing", "the Sip number is empty");
      return;
    }
    const std::string seconds = chain_field(field(fields, 4).text);
    if (!seconds.empty()) {
      row.ring_for = duration_from(seconds);
      if (!row.ring_for || *row.ring_for < base::Duration{1'000} ||
          *row.ring_for > base::Duration{3'600'000}) {
        complain(places[4].column, "out_of_range",
                 "For is " + shown(seconds) + ", and must be from 1 to 3600 seconds");
        row.ring_for.reset();
      }
    }
    check_letters(row, places);
    made.value.push_back(std::move(row));
    made.places.push_back(places);
  }

  void check_letters(const ChainRow& row, const ChainPlaces& places) {
    const std::array<std::string_view, 4> values{row.sip_number, row.next_number,
                                                 row.service_number, row.start_number};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string why = detail::why_not(values.at(i), {detail::Letters::Number, 64, false});
      if (!why.empty())
        complain(places.at(i).column, "bad_text",
                 std::string(kHeader.at(i)) + " " + shown(values.at(i)) + " is refused: it " + why);
    }
  }

  char separator_ = '\0';
  bool seen_header_ = false;
  bool full_ = false;
  Columns columns_{0, 1, 2, 3, 4};
  std::uint32_t line_ = 0;
};

std::string csv_field(const std::string& text) {
  // A line that begins with # is a comment.
  if (text.find_first_of(",\"\n;") == std::string::npos && !text.starts_with('#')) return text;
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"') made += '"';
    made += c;
  }
  return made + "\"";
}

}  // namespace

std::string chain_field(std::string_view text) {
  text = trimmed(text);
  return text == "1" ? std::string() : std::string(text);
}

std::string next_field(std::string_view text) {
  std::string field = chain_field(text);
  if (field.size() >= 4 && field.find_first_not_of('0') == std::string::npos) field.clear();
  return field;
}

ChainTable chain_from_csv(std::string_view text) {
  Table table;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::uint32_t line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    table.take_line(text.substr(0, end), ++line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  table.end();
  return std::move(table.made);
}

void locate_rows(Findings& findings, const ChainTable& table) {
  constexpr std::array<std::string_view, kColumns> kKeys{"sip_number", "next_number",
                                                         "service_number", "start_number", "for"};
  constexpr std::string_view kPath = "/chain/";
  for (Finding& finding : findings) {
    if (finding.at.line != 0 || !finding.path.starts_with(kPath)) continue;
    const std::string_view rest = std::string_view(finding.path).substr(kPath.size());
    std::size_t row = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), row);
    if (read.ec != std::errc{} || row >= table.places.size()) continue;
    finding.at = {table.places[row].front().line, 1};
    for (std::size_t i = 0; i < kColumns; ++i)
      if (rest.ends_with(std::string("/") + std::string(kKeys.at(i))))
        finding.at = table.places[row].at(i);
  }
}

std::string chain_to_csv(const std::vector<ChainRow>& chain) {
  const bool with_for = std::any_of(chain.begin(), chain.end(),
                                    [](const ChainRow& row) { return row.ring_for.has_value(); });
  std::string made = "Sip number,Next number,Service number,Start number";
  made += with_for ? ",For\n" : "\n";
  const auto or_one = [](const std::string& text) {
    return text.empty() ? std::string("1") : csv_field(text);
  };
  for (const ChainRow& row : chain) {
    made += csv_field(row.sip_number) + ",";
    made += row.next_number.empty() ? "0000" : csv_field(row.next_number);
    made += "," + or_one(row.service_number) + "," + or_one(row.start_number);
    if (with_for) made += "," + (row.ring_for ? detail::seconds_text(*row.ring_for) : "");
    made += "\n";
  }
  return made;
}

}  // namespace model
