#include "config/records_csv.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "model/decode.h"

namespace config {
namespace {

using Row = std::vector<std::string>;

// RFC 4180: fields between commas, in quotes where they hold commas, quotes or line ends.
class Rows {
 public:
  explicit Rows(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);  // a byte order mark
  }

  // Empty after the last.
  std::optional<Row> next() {
    if (text_.empty()) return std::nullopt;
    line_ += lines_;
    lines_ = 0;
    Row row;
    while (true) {
      row.push_back(field());
      if (text_.starts_with(',')) {
        text_.remove_prefix(1);
        continue;
      }
      if (text_.starts_with('\r')) text_.remove_prefix(1);
      if (text_.starts_with('\n')) text_.remove_prefix(1);
      ++lines_;
      return row;
    }
  }
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  std::string field() {
    if (!text_.starts_with('"')) {
      const std::size_t end = std::min(text_.find_first_of(",\r\n"), text_.size());
      std::string out{text_.substr(0, end)};
      text_.remove_prefix(end);
      return out;
    }
    text_.remove_prefix(1);
    std::string out;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '\n') ++lines_;
      if (c != '"') {
        out += c;
      } else if (text_.starts_with('"')) {
        out += '"';
        text_.remove_prefix(1);
      } else {
        break;
      }
    }
    const std::size_t end = std::min(text_.find_first_of(",\r\n"), text_.size());
    text_.remove_prefix(end);
    return out;
  }

  std::string_view text_;
  std::size_t line_ = 1;
  std::size_t lines_ = 0;  // that the last row took
};

bool to_number(std::string_view text, std::int64_t& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}

template <class Word>
bool to_word(std::string_view text, Word last, Word& out) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    if (facts::word(static_cast<Word>(i)) != text) continue;
    out = static_cast<Word>(i);
    return true;
  }
  return false;
}

std::optional<std::int64_t> number_of(const base::Node& map, std::string_view key) {
  const base::Node* found = map.find(key);
  std::int64_t number = 0;
  if (found == nullptr || found->scalar() == nullptr || !to_number(found->scalar()->text, number))
    return std::nullopt;
  return number;
}

std::string text_of(const base::Node& map, std::string_view key) {
  const base::Node* found = map.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

bool to_attempts(const std::string& text, std::vector<facts::Attempt>& out) {
  if (text.empty()) return true;
  const auto list = read_json(text);
  if (!list || list->list() == nullptr) return false;
  for (const base::Node& one : *list->list()) {
    facts::Attempt attempt;
    attempt.target = text_of(one, "target");
    attempt.dialled_at_ms = number_of(one, "dialled_at_ms");
    attempt.ended_at_ms = number_of(one, "ended_at_ms");
    if (!to_word(text_of(one, "result"), facts::AttemptResult::Failed, attempt.result))
      return false;
    out.push_back(std::move(attempt));
  }
  return true;
}

bool to_time(const std::string& text, base::WallTime& out) {
  const auto time = model::time_from(text);
  if (time.has_value()) out = *time;
  return time.has_value();
}

using Take = std::function<bool(const std::string&, facts::CallRecord&)>;

const std::map<std::string_view, Take>& columns() {
  static const std::map<std::string_view, Take> all{
      {"started", [](const auto& text, auto& r) { return to_time(text, r.started); }},
      {"answered", [](const auto& text,
                      auto& r) { return text.empty() || to_time(text, r.answered.emplace()); }},
      {"from", [](const auto& text, auto& r) { return r.from = text, true; }},
      {"dialled", [](const auto& text, auto& r) { return r.dialled = text, true; }},
      {"group", [](const auto& text, auto& r) { return r.group = text, true; }},
      {"outcome", [](const auto& text,
                     auto& r) { return to_word(text, facts::Outcome::Interrupted, r.outcome); }},
      {"answered_by", [](const auto& text, auto& r) { return r.answered_by = text, true; }},
      {"wait_ms", [](const auto& text, auto& r) { return to_number(text, r.wait_ms); }},
      {"talk_ms", [](const auto& text, auto& r) { return to_number(text, r.talk_ms); }},
      {"attempts", [](const auto& text, auto& r) { return to_attempts(text, r.attempts); }},
  };
  return all;
}

}  // namespace

base::Result<std::vector<facts::CallRecord>, std::string> read_records_csv(std::string_view text) {
  Rows rows(text);
  const auto head = rows.next();
  if (!head.has_value()) return base::Unexpected{std::string{"the file is empty"}};
  for (const char* wanted : {"started", "dialled", "outcome", "wait_ms", "talk_ms"}) {
    if (std::find(head->begin(), head->end(), wanted) == head->end())
      return base::Unexpected{"line 1: there is no column " + std::string{wanted}};
  }
  std::vector<facts::CallRecord> out;
  while (const auto row = rows.next()) {
    if (row->size() == 1 && row->front().empty()) continue;
    const std::string line = "line " + std::to_string(rows.line()) + ": ";
    if (row->size() != head->size())
      return base::Unexpected{line + std::to_string(row->size()) + " fields, the head has " +
                              std::to_string(head->size())};
    facts::CallRecord& record = out.emplace_back();
    for (std::size_t i = 0; i < row->size(); ++i) {
      const auto column = columns().find((*head)[i]);
      if (column == columns().end() || column->second((*row)[i], record)) continue;
      return base::Unexpected{line + (*head)[i] + ": \"" + (*row)[i].substr(0, 40) +
                              "\" cannot be read"};
    }
  }
  return out;
}

}  // namespace config
