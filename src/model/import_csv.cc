// Plain tables of our own: users, groups (a row a member), numbers. Their columns are known, so an
// unknown one is a mistake.

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "model/csv.h"
#include "model/detail/canonical.h"
#include "model/detail/text_rule.h"
#include "model/detail/wish.h"
#include "model/findings.h"
#include "model/thing.h"

namespace model::detail {
namespace {

using base::Node;

constexpr auto kUserColumns = std::to_array<std::string_view>(
    {"extension", "name", "email", "sip_username", "sip_password", "web_password", "aliases",
     "mailbox_pin", "do_not_disturb", "enabled"});
constexpr auto kGroupColumns = std::to_array<std::string_view>(
    {"group", "extension", "number", "strategy", "timeout", "member", "start", "len", "finally"});
constexpr auto kNumberColumns = std::to_array<std::string_view>({"number", "to"});

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Node list_of(const std::vector<std::string>& texts) {
  Node list = Node::empty_list();
  for (const std::string& text : texts) list.push(Node::text(text));
  return list;
}

// "group Sales" -> {group: Sales}; "hangup" and "busy" stand alone.
Node destination_of(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const std::string kind(text.substr(0, blank));
  Node to = Node::empty_map();
  if (blank == std::string_view::npos)
    to.set(kind, Node::boolean(true));
  else
    to.set(kind, Node::text(std::string(text.substr(blank + 1))));
  return to;
}

void set_truth(Wish& wish, const CsvRow& row, Columns& columns, const char* column) {
  const std::string value = columns.get(row, column);
  if (!value.empty()) wish.patch.set(column, Node::plain(lower(value)));
}

Wish user_of(Columns& columns, const CsvRow& row) {
  const std::string extension = columns.get(row, "extension");
  Wish wish = wish_of(row, Kind::User, extension);
  if (extension.empty()) wish.refuse("the extension is empty");
  set_text(wish.patch, "extension", extension);
  set_text(wish.patch, "name", columns.get(row, "name"));
  const std::string email = columns.get(row, "email");
  set_text(wish.patch, "email", email);
  Node sip = Node::empty_map();
  set_text(sip, "username", columns.get(row, "sip_username"));
  set_text(sip, "password", columns.get(row, "sip_password"));
  if (!sip.map()->empty()) wish.patch.set("sip", std::move(sip));
  set_text(wish.patch, "web_password", columns.get(row, "web_password"));
  if (const auto aliases = words_of(columns.get(row, "aliases")); !aliases.empty())
    wish.patch.set("aliases", list_of(aliases));
  if (const std::string pin = columns.get(row, "mailbox_pin"); !pin.empty()) {
    Node mailbox = Node::empty_map();
    mailbox.set("pin", Node::text(pin));
    mailbox.set("email", Node::boolean(!email.empty()));
    wish.patch.set("mailbox", std::move(mailbox));
  }
  set_truth(wish, row, columns, "do_not_disturb");
  set_truth(wish, row, columns, "enabled");
  return wish;
}

Wish number_of(Columns& columns, const CsvRow& row) {
  const std::string number = columns.get(row, "number");
  Wish wish = wish_of(row, Kind::Number, number);
  if (number.empty()) wish.refuse("the number is empty");
  set_text(wish.patch, "number", number);
  wish.patch.set("to", destination_of(columns.get(row, "to")));
  return wish;
}

Wish group_of(Columns& columns, const CsvRow& row) {
  const std::string name = columns.get(row, "group");
  Wish wish = wish_of(row, Kind::Group, name);
  if (name.empty()) wish.refuse("the group has no name");
  set_text(wish.patch, "name", name);
  if (const std::string value = columns.get(row, "extension"); !value.empty())
    wish.patch.set("extensions", list_of(words_of(value)));
  if (const std::string value = columns.get(row, "number"); !value.empty())
    wish.patch.set("numbers", list_of({value}));
  set_text(wish.patch, "strategy", columns.get(row, "strategy"));
  if (const std::string value = columns.get(row, "timeout"); !value.empty())
    wish.patch.set("timeout", Node::plain(value));
  if (const std::string value = columns.get(row, "finally"); !value.empty())
    wish.patch.set("finally", destination_of(value));
  wish.patch.set("members", Node::empty_list());
  return wish;
}

void add_member(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string target = columns.get(row, "member");
  if (target.empty()) return;
  Node member = Node::empty_map();
  member.set("ring", Node::text(target));
  if (const std::string start = columns.get(row, "start"); !start.empty())
    member.set("after", Node::plain(start));
  if (const std::string len = columns.get(row, "len"); !len.empty())
    member.set("for", Node::plain(len));
  for (Node::Entry& entry : std::get<Node::Map>(wish.patch.value)) {
    if (entry.key != "members") continue;
    entry.node.push(std::move(member));
    return;
  }
}

// What is said of the group in further rows must be what its first row says.
void compare(Wish& first, const Wish& further) {
  for (const Node::Entry& entry : *further.patch.map()) {
    const Node* said = first.patch.find(entry.key);
    if (entry.key == "members" || (said != nullptr && *said == entry.node)) continue;
    first.refuse("line " + std::to_string(further.lines.front()) + " says another " + entry.key +
                 " than its first row");
  }
}

void read_groups(Wishes& wishes, const CsvTable& table, Columns& columns) {
  std::map<std::string, std::size_t> known;
  for (const CsvRow& row : table.rows) {
    Wish wish = group_of(columns, row);
    const auto [place, is_new] = known.emplace(lower(wish.name), wishes.all.size());
    if (is_new) {
      wishes.all.push_back(std::move(wish));
    } else {
      Wish& first = wishes.all[place->second];
      first.lines.push_back(row.line);
      if (!row.trouble.empty()) first.refuse(row.trouble);
      compare(first, wish);
    }
    add_member(wishes.all[place->second], columns, row);
  }
  // Starts and lengths without a strategy are a timed plan.
  const bool timed = columns.has("start") || columns.has("len");
  for (Wish& wish : wishes.all)
    if (timed && wish.patch.find("strategy") == nullptr)
      wish.patch.set("strategy", Node::text("staggered"));
}

bool columns_are_known(Wishes& wishes, const CsvTable& table,
                       std::span<const std::string_view> known) {
  for (const std::string& column : table.header) {
    if (std::ranges::find(known, column) != known.end()) continue;
    wishes.findings.push_back({Severity::Error,
                               "unknown_key",
                               {},
                               {1, 1},
                               "unknown column \"" + column + "\"; the nearest known one is \"" +
                                   std::string(nearest(column, known)) + "\""});
  }
  return wishes.findings.empty();
}

}  // namespace

Wishes wishes_of_csv(const CsvTable& table) {
  Wishes wishes;
  Columns columns(table);
  if (columns.has("group")) {
    if (columns_are_known(wishes, table, kGroupColumns)) read_groups(wishes, table, columns);
    return wishes;
  }
  const bool numbers = columns.has("number") && columns.has("to");
  if (!numbers && !columns.has("extension")) {
    wishes.findings.push_back(
        {Severity::Error,
         "unknown_table",
         {},
         {1, 1},
         "this is no table of ours: users have a column extension, groups one called group, "
         "numbers the two number and to"});
    return wishes;
  }
  const std::span<const std::string_view> known =
      numbers ? std::span<const std::string_view>(kNumberColumns) : kUserColumns;
  if (!columns_are_known(wishes, table, known)) return wishes;
  for (const CsvRow& row : table.rows)
    wishes.all.push_back(numbers ? number_of(columns, row) : user_of(columns, row));
  return wishes;
}

}  // namespace model::detail
