#include "model/import.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/node.h"
#include "model/csv.h"
#include "model/decode.h"
#include "model/detail/canonical.h"
#include "model/detail/wish.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "model/validate.h"

namespace model {
namespace detail {

std::string Columns::get(const CsvRow& row, std::string_view column) {
  const auto place = place_of(column);
  if (!place.has_value()) return {};
  asked_.insert(*place);
  return row.fields[*place];
}

std::vector<std::string> Columns::unused() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table_.header.size(); ++i) {
    const bool holds =
        std::ranges::any_of(table_.rows, [i](const CsvRow& row) { return !row.fields[i].empty(); });
    if (holds && !asked_.contains(i)) names.push_back(table_.header[i]);
  }
  return names;
}

std::optional<std::size_t> Columns::place_of(std::string_view column) const {
  const auto found = std::ranges::find(table_.header, column);
  if (found == table_.header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - table_.header.begin());
}

bool means_yes(std::string_view text) {
  const std::string word = lower(text);
  return word == "yes" || word == "true" || word == "1" || word == "on" || word == "enabled" ||
         word == "checked" || word == "t";
}

std::optional<std::int64_t> seconds_of(std::string_view text) {
  std::int64_t read = 0;
  const char* const end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, read);
  if (done.ec != std::errc{} || done.ptr != end || read <= 0) return std::nullopt;
  return read;
}

Wish wish_of(const CsvRow& row, Kind kind, std::string name) {
  Wish wish;
  wish.lines = {row.line};
  wish.kind = kind;
  wish.name = std::move(name);
  wish.refusal = row.trouble;
  return wish;
}

void set_text(base::Node& patch, const char* key, const std::string& value) {
  if (!value.empty()) patch.set(key, base::Node::text(value));
}

}  // namespace detail

namespace {

using detail::Wish;
using detail::Wishes;

constexpr int kPasses = 20;  // of leaving out what does not fit

// The things that rows name, found by what makes them the same.
class Things {
 public:
  explicit Things(Office& office) : office_(office) {
    for (std::size_t i = 0; i < office.users.size(); ++i)
      users_.emplace(detail::canonical(office.users[i].extension), i);
    for (std::size_t i = 0; i < office.groups.size(); ++i) index_group(i);
    for (std::size_t i = 0; i < office.numbers.size(); ++i)
      numbers_.emplace(strip_separators(office.numbers[i].number), i);
  }

  // The thing that is there already.
  [[nodiscard]] std::optional<Thing> known(const Thing& made) const {
    const auto place = place_of(made);
    if (!place.has_value()) return std::nullopt;
    if (std::holds_alternative<User>(made)) return Thing{office_.users[*place]};
    if (std::holds_alternative<Group>(made)) return Thing{office_.groups[*place]};
    return Thing{office_.numbers[*place]};
  }

  // Its place in the list of its kind.
  std::size_t put(const Thing& thing) {
    const auto place = place_of(thing);
    if (const auto* user = std::get_if<User>(&thing)) {
      const std::size_t at = put_into(office_.users, *user, place);
      users_.emplace(detail::canonical(user->extension), at);
      return at;
    }
    if (const auto* group = std::get_if<Group>(&thing)) {
      const std::size_t at = put_into(office_.groups, *group, place);
      index_group(at);
      return at;
    }
    const auto& number = std::get<Number>(thing);
    const std::size_t at = put_into(office_.numbers, number, place);
    numbers_.emplace(strip_separators(number.number), at);
    return at;
  }

 private:
  using Places = std::map<std::string, std::size_t>;

  template <class T>
  static std::size_t put_into(std::vector<T>& list, const T& thing,
                              std::optional<std::size_t> place) {
    if (place.has_value()) {
      list[*place] = thing;
      return *place;
    }
    list.push_back(thing);
    return list.size() - 1;
  }

  static std::optional<std::size_t> find(const Places& places, const std::string& key) {
    const auto found = places.find(key);
    if (found == places.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::optional<std::size_t> place_of(const Thing& made) const {
    if (const auto* user = std::get_if<User>(&made))
      return find(users_, detail::canonical(user->extension));
    if (const auto* number = std::get_if<Number>(&made))
      return find(numbers_, strip_separators(number->number));
    const auto* group = std::get_if<Group>(&made);
    if (group == nullptr) return std::nullopt;
    for (const std::string& extension : group->extensions)
      if (const auto place = find(group_extensions_, detail::canonical(extension))) return place;
    return find(group_names_, detail::lower(group->name));
  }

  void index_group(std::size_t at) {
    const Group& group = office_.groups[at];
    group_names_.emplace(detail::lower(group.name), at);
    for (const std::string& extension : group.extensions)
      group_extensions_.emplace(detail::canonical(extension), at);
  }

  Office& office_;
  Places users_, group_names_, group_extensions_, numbers_;
};

// Rules of another name stay beside those that a row brings.
void keep_other_rules(User& made, const User& old) {
  if (made.rules == old.rules) return;
  for (const Rule& rule : old.rules) {
    const bool replaced =
        std::ranges::any_of(made.rules, [&](const Rule& fresh) { return fresh.name == rule.name; });
    if (!replaced) made.rules.push_back(rule);
  }
}

// Puts what the wish makes of the office into it; its place, or nothing and a refusal.
std::optional<std::size_t> grant(Wish& wish, Things& things) {
  const auto refused = [&wish](const Findings& findings) {
    for (const Finding& finding : findings)
      if (finding.severity == Severity::Error) wish.refuse(finding.message);
    return std::nullopt;
  };
  // What it is by itself tells which thing is meant.
  auto fresh = decode_thing(wish.kind, wish.patch);
  if (!fresh.ok()) return refused(fresh.findings);
  const auto known = things.known(fresh.value);
  if (!known.has_value()) return things.put(fresh.value);
  auto changed = decode_thing(
      wish.kind,
      merge_patch(encode_thing(*known, {Secrets::Visible, {}, true, false}), wish.patch));
  if (!changed.ok()) return refused(changed.findings);
  if (auto* user = std::get_if<User>(&changed.value))
    keep_other_rules(*user, std::get<User>(*known));
  return things.put(changed.value);
}

// "/groups/3/members/0" -> "/groups/3".
std::string thing_of_path(std::string_view path) {
  const std::size_t list = path.find('/', 1);
  if (list == std::string_view::npos) return std::string(path);
  return std::string(path.substr(0, path.find('/', list + 1)));
}

struct Pass {
  Office office;
  std::map<std::string, std::size_t> wish_at;  // "/groups/3" -> index of its wish
  bool is_stained = false;                     // something that is refused by now is in it
};

Pass carry_out(const Office& current, std::vector<Wish>& wishes) {
  Pass pass{current, {}, false};
  Things things(pass.office);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    Wish& wish = wishes[i];
    if (!wish.refusal.empty()) continue;
    const auto place = grant(wish, things);
    if (!place.has_value()) continue;
    const std::string at = "/" + std::string(key_of(wish.kind)) + "/" + std::to_string(*place);
    if (pass.wish_at.emplace(at, i).second) continue;
    wish.refuse("line " + std::to_string(wishes[pass.wish_at[at]].lines.front()) +
                " is about the same " + std::string(noun_of(wish.kind)));
    pass.is_stained = true;
  }
  return pass;
}

// Where only the way after an unanswered call leads nowhere, the rest of the wish is granted.
bool without_finally(Wish& wish, const Finding& finding) {
  const std::string_view rest =
      std::string_view(finding.path).substr(thing_of_path(finding.path).size());
  if (wish.kind != Kind::Group || !rest.starts_with("/finally")) return false;
  auto* map = std::get_if<base::Node::Map>(&wish.patch.value);
  if (map == nullptr) return false;
  const std::size_t before = map->size();
  std::erase_if(*map, [](const base::Node::Entry& entry) { return entry.key == "finally"; });
  if (map->size() == before) return false;
  wish.note("where unanswered calls go is not set: " + finding.message);
  return true;
}

// Refuses what has errors; true if nothing had and the office holds what is granted alone. What
// others suffer by these rows and names none of them is refused for all: that is the last resort.
bool refuse_faulty(const Pass& pass, std::vector<Wish>& wishes, bool last) {
  Findings others;
  bool progress = false;
  for (const Finding& finding : validate(pass.office)) {
    if (finding.severity != Severity::Error) continue;
    const auto found = pass.wish_at.find(thing_of_path(finding.path));
    if (found == pass.wish_at.end()) {
      others.push_back(finding);
      tell_in_words(others.back(), pass.office);
      continue;
    }
    progress = true;
    if (!without_finally(wishes[found->second], finding))
      wishes[found->second].refuse(finding.message);
  }
  if (!others.empty() && (!progress || last))
    for (const auto& [at, wish] : pass.wish_at) wishes[wish].refuse(others.front().message);
  return !progress && others.empty() && !pass.is_stained;
}

std::vector<ImportRow> rows_of(const std::vector<Wish>& wishes) {
  std::vector<ImportRow> rows;
  for (const Wish& wish : wishes) {
    ImportRow row;
    row.kind = wish.kind;
    row.name = wish.name;
    row.notes = wish.notes;
    if (!wish.refusal.empty()) {
      row.verdict = ImportVerdict::LeftOut;
      row.notes = {wish.refusal};
    } else if (!wish.notes.empty()) {
      row.verdict = ImportVerdict::Partly;
    }
    for (const std::uint32_t line : wish.lines) {
      row.line = line;
      rows.push_back(row);
    }
  }
  std::ranges::stable_sort(rows, {}, &ImportRow::line);
  return rows;
}

Wishes wishes_of(ImportFrom from, const CsvTable& table) {
  switch (from) {
    case ImportFrom::FreePbx:
      return detail::wishes_of_freepbx(table);
    case ImportFrom::FusionPbx:
      return detail::wishes_of_fusionpbx(table);
    case ImportFrom::Csv:
      break;
  }
  return detail::wishes_of_csv(table);
}

}  // namespace

std::optional<ImportFrom> import_from(std::string_view word) {
  if (word == "freepbx") return ImportFrom::FreePbx;
  if (word == "fusionpbx") return ImportFrom::FusionPbx;
  if (word == "csv") return ImportFrom::Csv;
  return std::nullopt;
}

const char* word(ImportVerdict verdict) {
  switch (verdict) {
    case ImportVerdict::Taken:
      return "taken";
    case ImportVerdict::Partly:
      return "partly";
    case ImportVerdict::LeftOut:
      break;
  }
  return "left_out";
}

Import read_import(ImportFrom from, std::string_view text, const Office& current) {
  Import made;
  const CsvTable table = read_csv(text);
  made.findings = table.findings;
  made.applied.office = current;
  if (has_errors(made.findings)) return made;
  Wishes wishes = wishes_of(from, table);
  made.findings = std::move(wishes.findings);
  made.unused_columns = std::move(wishes.unused_columns);
  if (has_errors(made.findings)) return made;

  Pass pass;
  for (int i = 1; i <= kPasses; ++i) {
    pass = carry_out(current, wishes.all);
    if (refuse_faulty(pass, wishes.all, i + 1 >= kPasses)) break;
  }
  if (pass.is_stained || has_errors(validate(pass.office))) {
    for (Wish& wish : wishes.all) wish.refuse("the table as a whole cannot be taken over");
    pass.office = current;
  }
  made.rows = rows_of(wishes.all);
  complete(pass.office);
  Office before = current;
  complete(before);
  made.applied = {std::move(pass.office), {}};
  made.applied.changes = changes_between(before, made.applied.office);
  return made;
}

}  // namespace model
