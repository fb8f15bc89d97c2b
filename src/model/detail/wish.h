#pragma once
// What a row of another system's table wants: a patch of one thing, in the words of office.yaml.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "model/csv.h"
#include "model/findings.h"
#include "model/thing.h"

namespace model::detail {

struct Wish {
  std::vector<std::uint32_t> lines;  // the rows that it came from
  Kind kind = Kind::User;
  std::string name;  // extension of a user, name of a group, the number
  base::Node patch = base::Node::empty_map();
  std::vector<std::string> notes;  // what is lost
  std::string refusal;             // set: it is left out

  void note(std::string text) { notes.push_back(std::move(text)); }
  void refuse(std::string why) {
    if (refusal.empty()) refusal = std::move(why);
  }
};

struct Wishes {
  std::vector<Wish> all;
  std::vector<std::string> unused_columns;
  Findings findings;
};

// The fields of a table by the names of their columns; remembers which were asked for.
class Columns {
 public:
  explicit Columns(const CsvTable& table) : table_(table) {}

  [[nodiscard]] bool has(std::string_view column) const { return place_of(column).has_value(); }
  // "" where there is no such column.
  [[nodiscard]] std::string get(const CsvRow& row, std::string_view column);
  // Columns that hold something in some row, and that nobody asked for.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view column) const;

  const CsvTable& table_;
  std::set<std::size_t> asked_;
};

// "yes", "true", "1", "on", "enabled", "checked" in any case.
[[nodiscard]] bool means_yes(std::string_view text);
// A whole number of seconds that is not 0; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> seconds_of(std::string_view text);
// A wish of that row, refused if the row cannot be read.
[[nodiscard]] Wish wish_of(const CsvRow& row, Kind kind, std::string name);
// patch.key = value, unless it is empty.
void set_text(base::Node& patch, const char* key, const std::string& value);

[[nodiscard]] Wishes wishes_of_freepbx(const CsvTable& table);
[[nodiscard]] Wishes wishes_of_fusionpbx(const CsvTable& table);
[[nodiscard]] Wishes wishes_of_csv(const CsvTable& table);

}  // namespace model::detail
