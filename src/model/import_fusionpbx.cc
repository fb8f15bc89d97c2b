// Tables of FusionPBX: extensions, and ring groups joined with their destinations (a row each).

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/node.h"
#include "model/csv.h"
#include "model/detail/wish.h"
#include "model/findings.h"
#include "model/thing.h"

namespace model::detail {
namespace {

using base::Node;

Node map_of(const char* key, Node value) {
  Node map = Node::empty_map();
  map.set(key, std::move(value));
  return map;
}

// "{app} {data}" of an unanswered call: "transfer", "*99101 XML office.example". Nothing for what
// has no counterpart here.
std::optional<Node> destination_of(const std::string& app, const std::string& data) {
  if (app == "hangup")
    return map_of(data.find("BUSY") != std::string::npos ? "busy" : "hangup", Node::boolean(true));
  if (app != "transfer") return std::nullopt;
  const std::string number = data.substr(0, data.find(' '));
  constexpr std::string_view kMailboxOf = "*99";
  if (number.starts_with(kMailboxOf) && number.size() > kMailboxOf.size())
    return map_of("mailbox", Node::text(number.substr(kMailboxOf.size())));
  return std::nullopt;
}

// ---- extensions ----

void set_forward(Columns& columns, const CsvRow& row, const std::string& column, const char* key,
                 Node& forward) {
  const std::string to = columns.get(row, column + "_destination");
  if (!means_yes(columns.get(row, column + "_enabled")) || to.empty()) return;
  const bool is_map = std::string_view(key) == "no_answer";
  Node value = is_map ? map_of("to", Node::text(to)) : Node::text(to);
  if (is_map)
    if (const auto after = seconds_of(columns.get(row, "call_timeout")))
      value.set("after", Node::number(*after));
  forward.set(key, std::move(value));
}

std::string name_of(Columns& columns, const CsvRow& row) {
  std::string name = columns.get(row, "effective_caller_id_name");
  const std::string first = columns.get(row, "directory_first_name");
  const std::string last = columns.get(row, "directory_last_name");
  if (!name.empty()) return name;
  name = first;
  if (!name.empty() && !last.empty()) name += ' ';
  return name + last;
}

Wish extension_of(Columns& columns, const CsvRow& row) {
  const std::string extension = columns.get(row, "extension");
  Wish wish = wish_of(row, Kind::User, extension);
  if (extension.empty()) wish.refuse("the extension is empty");
  set_text(wish.patch, "extension", extension);
  set_text(wish.patch, "name", name_of(columns, row));
  if (const std::string alias = columns.get(row, "number_alias"); !alias.empty()) {
    Node aliases = Node::empty_list();
    aliases.push(Node::text(alias));
    wish.patch.set("aliases", std::move(aliases));
  }
  const std::string password = columns.get(row, "password");
  if (password.empty())
    wish.note("it has no password, so no phone can register as it until it has one");
  Node sip = map_of("username", Node::text(extension));
  set_text(sip, "password", password);
  wish.patch.set("sip", std::move(sip));
  if (const std::string enabled = columns.get(row, "enabled"); !enabled.empty())
    wish.patch.set("enabled", Node::boolean(means_yes(enabled)));
  if (const std::string dnd = columns.get(row, "do_not_disturb"); !dnd.empty())
    wish.patch.set("do_not_disturb", Node::boolean(means_yes(dnd)));
  const std::string email = columns.get(row, "voicemail_mail_to");
  set_text(wish.patch, "email", email);
  const std::string pin = columns.get(row, "voicemail_password");
  if (means_yes(columns.get(row, "voicemail_enabled"))) {
    Node mailbox = Node::empty_map();
    set_text(mailbox, "pin", pin);
    mailbox.set("email", Node::boolean(!email.empty()));
    wish.patch.set("mailbox", std::move(mailbox));
  }
  Node forward = Node::empty_map();
  set_forward(columns, row, "forward_all", "always", forward);
  set_forward(columns, row, "forward_busy", "busy", forward);
  set_forward(columns, row, "forward_no_answer", "no_answer", forward);
  set_forward(columns, row, "forward_user_not_registered", "unreachable", forward);
  if (!forward.map()->empty()) wish.patch.set("forward", std::move(forward));
  if (means_yes(columns.get(row, "follow_me_enabled")))
    wish.note("its follow-me is another table: write its rules by hand");
  for (const char* column : {"outbound_caller_id_name", "outbound_caller_id_number", "user_record",
                             "hold_music", "toll_allow", "call_group"})
    if (const std::string value = columns.get(row, column); !value.empty())
      wish.note(std::string(column) + " \"" + value + "\" is not taken over");
  return wish;
}

// ---- ring groups ----

void set_strategy(Wish& wish, const std::string& strategy) {
  const char* ours = "staggered";
  if (strategy == "sequence")
    ours = "sequential";
  else if (strategy == "rollover")
    ours = "rollover";
  else if (strategy == "random")
    ours = "random";
  else if (!strategy.empty() && strategy != "simultaneous" && strategy != "enterprise")
    wish.refuse("its strategy \"" + strategy + "\" is unknown");
  wish.patch.set("strategy", Node::text(ours));
}

void set_after(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string app = columns.get(row, "ring_group_timeout_app");
  const std::string data = columns.get(row, "ring_group_timeout_data");
  if (app.empty()) return;
  if (auto to = destination_of(app, data))
    wish.patch.set("finally", *std::move(to));
  else
    wish.note("\"" + app + " " + data + "\" has no counterpart here: set finally by hand");
}

Wish group_of(Columns& columns, const CsvRow& row) {
  const std::string name = columns.get(row, "ring_group_name");
  Wish wish = wish_of(row, Kind::Group, name);
  if (name.empty()) wish.refuse("the ring group has no name");
  set_text(wish.patch, "name", name);
  if (const std::string number = columns.get(row, "ring_group_extension"); !number.empty()) {
    Node extensions = Node::empty_list();
    extensions.push(Node::text(number));
    wish.patch.set("extensions", std::move(extensions));
  }
  set_text(wish.patch, "description", columns.get(row, "ring_group_description"));
  set_strategy(wish, columns.get(row, "ring_group_strategy"));
  if (const auto limit = seconds_of(columns.get(row, "ring_group_call_timeout")))
    wish.patch.set("timeout", Node::number(*limit));
  if (const std::string prefix = columns.get(row, "ring_group_cid_name_prefix"); !prefix.empty())
    wish.patch.set("caller_id", map_of("name_prefix", Node::text(prefix)));
  set_text(wish.patch, "ring_melody", columns.get(row, "ring_group_distinctive_ring"));
  if (const std::string enabled = columns.get(row, "ring_group_enabled"); !enabled.empty())
    wish.patch.set("enabled", Node::boolean(means_yes(enabled)));
  const std::string ringback = columns.get(row, "ring_group_ringback");
  if (ringback.find("music") != std::string::npos || ringback.starts_with("local_stream"))
    wish.patch.set("caller_hears", Node::text("music"));
  else if (!ringback.empty() && ringback.find("ring") == std::string::npos)
    wish.note("ring_group_ringback \"" + ringback + "\" is not taken over");
  set_after(wish, columns, row);
  for (const char* column : {"ring_group_greeting", "ring_group_cid_number_prefix",
                             "ring_group_forward_destination", "ring_group_missed_call_data"})
    if (const std::string value = columns.get(row, column); !value.empty())
      wish.note(std::string(column) + " \"" + value + "\" is not taken over");
  wish.patch.set("members", Node::empty_list());
  return wish;
}

void add_member(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string target = columns.get(row, "destination_number");
  const std::string delay = columns.get(row, "destination_delay");
  const std::string seconds = columns.get(row, "destination_timeout");
  const bool confirm = !columns.get(row, "destination_prompt").empty() &&
                       columns.get(row, "destination_prompt") != "0";
  const std::string enabled = columns.get(row, "destination_enabled");
  if (target.empty()) return;
  Node member = map_of("ring", Node::text(target));
  const Node* strategy = wish.patch.find("strategy");
  const bool in_turn = strategy->scalar()->text != "staggered";
  if (const auto after = seconds_of(delay)) {
    if (in_turn)
      wish.note("the delay of " + target + " only told the order");
    else
      member.set("after", Node::number(*after));
  }
  if (const auto ring_for = seconds_of(seconds)) member.set("for", Node::number(*ring_for));
  if (confirm) member.set("confirm", Node::text("always"));
  if (!enabled.empty()) member.set("enabled", Node::boolean(means_yes(enabled)));
  for (Node::Entry& entry : std::get<Node::Map>(wish.patch.value)) {
    if (entry.key != "members") continue;
    entry.node.push(std::move(member));
    return;
  }
}

}  // namespace

Wishes wishes_of_fusionpbx(const CsvTable& table) {
  Wishes wishes;
  Columns columns(table);
  const bool groups = columns.has("ring_group_name");
  if (!groups && (!columns.has("extension") || !columns.has("password"))) {
    wishes.findings.push_back(
        {Severity::Error,
         "unknown_table",
         {},
         {1, 1},
         "these are not the columns of FusionPBX: extensions have extension and password, ring "
         "groups ring_group_name, in one table with their destinations"});
    return wishes;
  }
  std::map<std::string, std::size_t> known;  // groups, by what makes them one
  for (const CsvRow& row : table.rows) {
    if (!groups) {
      wishes.all.push_back(extension_of(columns, row));
      continue;
    }
    Wish wish = group_of(columns, row);
    std::string key = columns.get(row, "ring_group_uuid");
    if (key.empty()) key = wish.name;
    const auto [place, is_new] = known.emplace(key, wishes.all.size());
    if (is_new || !row.trouble.empty())
      wishes.all.push_back(std::move(wish));
    else
      wishes.all[place->second].lines.push_back(row.line);
    if (row.trouble.empty()) add_member(wishes.all[place->second], columns, row);
  }
  for (Wish& wish : wishes.all)
    if (const Node* members = wish.patch.find("members");
        members != nullptr && members->list()->empty())
      wish.note("nobody is in it: the table has no destinations of it");
  wishes.unused_columns = columns.unused();
  return wishes;
}

}  // namespace model::detail
