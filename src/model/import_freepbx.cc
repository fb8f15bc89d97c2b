// Tables of FreePBX: extensions and inbound routes of its bulk handler, ring groups.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "model/csv.h"
#include "model/detail/wish.h"
#include "model/findings.h"
#include "model/thing.h"

namespace model::detail {
namespace {

using base::Node;

constexpr std::int64_t kRingSeconds = 20;  // where the table says nothing

Node map_of(const char* key, Node value) {
  Node map = Node::empty_map();
  map.set(key, std::move(value));
  return map;
}

std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "ext-local,vmu146,1": context, extension, priority. Nothing for what has no counterpart here.
std::optional<Node> destination_of(std::string_view text) {
  const auto parts = parts_of(text, ',');
  if (parts.size() < 2) return std::nullopt;
  const std::string& context = parts[0];
  const std::string& extension = parts[1];
  if (context == "ext-local" && extension.starts_with("vm") && extension.size() > 3 &&
      all_digits(std::string_view(extension).substr(3)))
    return map_of("mailbox", Node::text(extension.substr(3)));
  const bool to_user =
      context == "ext-local" || context == "from-did-direct" || context == "ext-findmefollow";
  if (to_user && all_digits(extension)) return map_of("user", Node::text(extension));
  if (context == "ext-group" && all_digits(extension))
    return map_of("group", Node::text(extension));
  if (context == "ext-queues" && all_digits(extension))
    return map_of("queue", Node::text(extension));
  if (context == "app-blackhole" && extension == "hangup")
    return map_of("hangup", Node::boolean(true));
  if (context == "app-blackhole" && extension == "busy") return map_of("busy", Node::boolean(true));
  return std::nullopt;
}

// "101-102-5551234#": `#` marks numbers of the telephone network.
std::vector<std::string> targets_of(std::string_view list) {
  std::vector<std::string> targets = parts_of(list, '-');
  for (std::string& target : targets)
    if (target.ends_with('#')) target.pop_back();
  std::erase_if(targets, [](const std::string& target) { return target.empty(); });
  return targets;
}

Node list_of(const std::vector<std::string>& texts) {
  Node list = Node::empty_list();
  for (const std::string& text : texts) list.push(Node::text(text));
  return list;
}

Node stage_of(const std::vector<std::string>& ring, std::int64_t seconds) {
  Node stage = map_of("ring", list_of(ring));
  stage.set("for", Node::number(seconds));
  return stage;
}

// A destination that an unanswered call has elsewhere, or a note that it has none here.
void set_destination(Wish& wish, Node& to, const char* key, const std::string& written) {
  if (written.empty()) return;
  if (auto found = destination_of(written))
    to.set(key, *std::move(found));
  else
    wish.note("\"" + written + "\" has no counterpart here: set " + key + " by hand");
}

// A column that holds something other than what means "nothing special".
void note_lost(Wish& wish, Columns& columns, const CsvRow& row, const char* column,
               const std::vector<std::string_view>& nothing = {}) {
  const std::string value = columns.get(row, column);
  if (value.empty() || std::ranges::find(nothing, value) != nothing.end()) return;
  wish.note(std::string(column) + " \"" + value + "\" is not taken over");
}

// ---- extensions ----

void set_mailbox(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string kind = columns.get(row, "voicemail");
  const std::string enabled = columns.get(row, "voicemail_enable");
  const std::string email = columns.get(row, "voicemail_email");
  const std::string pin = columns.get(row, "voicemail_vmpwd");
  set_text(wish.patch, "email", email);
  const bool has_box =
      enabled.empty() ? !kind.empty() && kind != "novm" && kind != "disabled" : means_yes(enabled);
  if (!has_box) return;
  Node mailbox = Node::empty_map();
  set_text(mailbox, "pin", pin);
  mailbox.set("email", Node::boolean(!email.empty()));
  wish.patch.set("mailbox", std::move(mailbox));
}

// What calls that reach nobody do: only other extensions can be said by a forward.
void set_forward(Wish& wish, Columns& columns, const CsvRow& row, const char* column,
                 const char* key, Node& forward) {
  const std::string written = columns.get(row, column);
  if (written.empty()) return;
  const auto found = destination_of(written);
  const Node* to = nullptr;
  for (const char* kind : {"user", "group", "queue"})
    if (found.has_value() && to == nullptr) to = found->find(kind);
  if (to == nullptr) {
    wish.note(std::string(column) + " \"" + written + "\" is no extension: set it by hand");
    return;
  }
  const bool is_map = std::string_view(key) == "no_answer";
  forward.set(key, is_map ? map_of("to", *to) : *to);
}

// Whom a follow-me rings, by its strategy.
void add_stages(Wish& wish, Node& stages, const std::string& strategy,
                const std::vector<std::string>& targets, std::int64_t seconds) {
  std::vector<std::string> together = targets;
  const std::string_view kind = std::string_view(strategy).substr(0, strategy.find('-'));
  const bool one_by_one = kind == "hunt" || kind == "memoryhunt";
  if (kind == "ringallv2" && std::ranges::find(together, wish.name) == together.end())
    together.insert(together.begin(), wish.name);
  if (one_by_one) {
    std::vector<std::string> ring;
    for (const std::string& target : targets) {
      if (kind == "hunt") ring.clear();
      ring.push_back(target);
      stages.push(stage_of(ring, seconds));
    }
  } else {
    stages.push(stage_of(together, seconds));
    if (!kind.empty() && kind != "ringall" && kind != "ringallv2")
      wish.note("follow-me strategy \"" + strategy + "\" becomes all at once");
  }
}

void set_follow_me(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string enabled = columns.get(row, "findmefollow_enabled");
  const std::string list = columns.get(row, "findmefollow_grplist");
  const std::string strategy = columns.get(row, "findmefollow_strategy");
  const std::int64_t seconds =
      seconds_of(columns.get(row, "findmefollow_grptime")).value_or(kRingSeconds);
  const auto first = seconds_of(columns.get(row, "findmefollow_pre_ring"));
  const std::string after = columns.get(row, "findmefollow_postdest");
  const std::string confirm = columns.get(row, "findmefollow_needsconf");
  const std::string music = columns.get(row, "findmefollow_ringing");
  const auto targets = targets_of(list);
  if (!means_yes(enabled) || targets.empty()) return;

  Node stages = Node::empty_list();
  if (first) stages.push(stage_of({wish.name}, *first));
  add_stages(wish, stages, strategy, targets, seconds);
  if (strategy.ends_with("-prim"))
    wish.note("\"" + strategy + "\" rings the others also when the first is busy");

  Node rule = map_of("name", Node::text("Follow me"));
  rule.set("mode", Node::text("follow_me"));
  if (means_yes(confirm)) rule.set("confirm", Node::text("always"));
  if (!music.empty() && music != "Ring")
    wish.note("findmefollow_ringing \"" + music + "\" is not taken over");
  rule.set("stages", std::move(stages));
  const bool own = after.empty() || after == "ext-local," + wish.name + ",dest";
  if (!own) set_destination(wish, rule, "finally", after);
  if (own && wish.patch.find("mailbox") != nullptr)
    rule.set("finally", map_of("mailbox", Node::text(wish.name)));
  Node rules = Node::empty_list();
  rules.push(std::move(rule));
  wish.patch.set("rules", std::move(rules));
  note_lost(wish, columns, row, "findmefollow_grppre");
  note_lost(wish, columns, row, "findmefollow_dring");
  note_lost(wish, columns, row, "findmefollow_annmsg_id", {"0"});
}

Wish extension_of(Columns& columns, const CsvRow& row) {
  const std::string extension = columns.get(row, "extension");
  Wish wish = wish_of(row, Kind::User, extension);
  if (extension.empty()) wish.refuse("the extension is empty");
  set_text(wish.patch, "extension", extension);
  set_text(wish.patch, "name", columns.get(row, "name"));
  const std::string secret = columns.get(row, "secret");
  if (secret.empty()) {
    wish.note("it has no secret, so no phone can register as it until it has a password");
  } else {
    Node sip = map_of("username", Node::text(extension));
    sip.set("password", Node::text(secret));
    wish.patch.set("sip", std::move(sip));
  }
  set_mailbox(wish, columns, row);
  Node forward = Node::empty_map();
  set_forward(wish, columns, row, "noanswer_dest", "no_answer", forward);
  set_forward(wish, columns, row, "busy_dest", "busy", forward);
  set_forward(wish, columns, row, "chanunavail_dest", "unreachable", forward);
  if (!forward.map()->empty()) wish.patch.set("forward", std::move(forward));
  set_follow_me(wish, columns, row);
  note_lost(wish, columns, row, "outboundcid");
  note_lost(wish, columns, row, "ringtimer", {"0"});
  for (const char* column : {"recording_in_external", "recording_out_external",
                             "recording_in_internal", "recording_out_internal"})
    note_lost(wish, columns, row, column, {"dontcare"});
  const std::string tech = columns.get(row, "tech");
  if (!tech.empty() && tech != "sip" && tech != "pjsip")
    wish.refuse("its technology is \"" + tech + "\"; only SIP extensions can be taken over");
  return wish;
}

// ---- ring groups ----

void set_strategy(Wish& wish, const std::string& strategy, std::int64_t seconds, Node& members) {
  const std::string kind = strategy.substr(0, strategy.find('-'));
  if (strategy.ends_with("-prim"))
    wish.note("\"" + strategy + "\" rings the others also when the first is busy");
  const char* ours = "ring_all";
  if (kind == "hunt" || kind == "firstavailable" || kind == "firstnotonphone") {
    ours = "sequential";
  } else if (kind == "memoryhunt") {
    ours = "rollover";
  } else if (kind == "random") {
    ours = "random";
  } else if (!kind.empty() && kind != "ringall" && kind != "ringallv2") {
    wish.refuse("its strategy \"" + strategy + "\" is unknown");
  }
  if (kind == "firstavailable" || kind == "firstnotonphone")
    wish.note("\"" + strategy + "\" becomes one after another");
  wish.patch.set("strategy", Node::text(ours));
  if (std::string_view(ours) == "ring_all") {
    wish.patch.set("timeout", Node::number(seconds));
    return;
  }
  // The seconds are those of one member.
  for (Node& member : std::get<Node::List>(members.value)) {
    Node with_time = map_of("ring", member);
    with_time.set("for", Node::number(seconds));
    member = std::move(with_time);
  }
}

void set_caller_side(Wish& wish, Columns& columns, const CsvRow& row) {
  const std::string prefix = columns.get(row, "grppre");
  if (!prefix.empty()) wish.patch.set("caller_id", map_of("name_prefix", Node::text(prefix)));
  set_text(wish.patch, "ring_melody", columns.get(row, "alertinfo"));
  const std::string ringing = columns.get(row, "ringing");
  if (!ringing.empty() && ringing != "Ring" && ringing != "none") {
    wish.patch.set("caller_hears", Node::text("music"));
    if (ringing != "default") wish.note("its music \"" + ringing + "\" becomes the office's");
  }
  const std::string recording = columns.get(row, "recording");
  if (recording == "force" || recording == "always")
    wish.patch.set("record", Node::text("always"));
  else if (recording == "yes" || recording == "no")
    wish.patch.set("record", Node::text(recording == "yes" ? "on" : "off"));
  else if (recording == "never")
    wish.patch.set("record", Node::text("never"));
  else if (!recording.empty() && recording != "dontcare")
    wish.note("recording \"" + recording + "\" is not taken over");
}

void set_member_side(Wish& wish, Columns& columns, const CsvRow& row) {
  if (means_yes(columns.get(row, "needsconf"))) wish.patch.set("confirm", Node::text("always"));
  if (columns.has("cwignore"))
    wish.patch.set("skip_busy", Node::boolean(means_yes(columns.get(row, "cwignore"))));
  if (columns.has("cfignore"))
    wish.patch.set("follow_forwards", Node::boolean(!means_yes(columns.get(row, "cfignore"))));
  if (columns.has("cpickup"))
    wish.patch.set("pickup",
                   Node::text(means_yes(columns.get(row, "cpickup")) ? "anyone" : "members"));
  if (columns.has("elsewhere"))
    wish.patch.set("prevent_missed_calls", Node::boolean(means_yes(columns.get(row, "elsewhere"))));
}

Wish ring_group_of(Columns& columns, const CsvRow& row) {
  const std::string number = columns.get(row, "grpnum");
  std::string name = columns.get(row, "description");
  if (name.empty()) name = "Ring group " + number;
  Wish wish = wish_of(row, Kind::Group, name);
  if (number.empty()) wish.refuse("its number (grpnum) is empty");
  wish.patch.set("name", Node::text(name));
  wish.patch.set("extensions", list_of({number}));
  Node members = list_of(targets_of(columns.get(row, "grplist")));
  if (members.list()->empty()) wish.note("nobody is in it");
  const std::string time = columns.get(row, "grptime");
  const auto seconds = seconds_of(time);
  if (!seconds && !time.empty()) wish.refuse("its ring time \"" + time + "\" is no number");
  set_strategy(wish, columns.get(row, "strategy"), seconds.value_or(kRingSeconds), members);
  wish.patch.set("members", std::move(members));
  set_caller_side(wish, columns, row);
  set_member_side(wish, columns, row);
  set_destination(wish, wish.patch, "finally", columns.get(row, "postdest"));
  note_lost(wish, columns, row, "annmsg_id", {"0"});
  note_lost(wish, columns, row, "remotealert_id", {"0"});
  note_lost(wish, columns, row, "toolate_id", {"0"});
  note_lost(wish, columns, row, "rvolume", {"0"});
  return wish;
}

// ---- inbound routes ----

Wish route_of(Columns& columns, const CsvRow& row) {
  const std::string number = columns.get(row, "extension");
  Wish wish = wish_of(row, Kind::Number, number);
  if (number.empty()) wish.refuse("a route for all numbers has no counterpart here");
  const std::string caller = columns.get(row, "cidnum");
  if (!caller.empty())
    wish.refuse("a route for the caller \"" + caller + "\" alone has no counterpart here");
  set_text(wish.patch, "number", number);
  const std::string destination = columns.get(row, "destination");
  if (auto to = destination_of(destination))
    wish.patch.set("to", *std::move(to));
  else
    wish.refuse("its destination \"" + destination + "\" has no counterpart here");
  note_lost(wish, columns, row, "grppre");
  note_lost(wish, columns, row, "alertinfo");
  note_lost(wish, columns, row, "mohclass", {"default"});
  note_lost(wish, columns, row, "delay_answer", {"0"});
  return wish;
}

}  // namespace

Wishes wishes_of_freepbx(const CsvTable& table) {
  Wishes wishes;
  Columns columns(table);
  Wish (*read)(Columns&, const CsvRow&) = nullptr;
  if (columns.has("grpnum") && columns.has("grplist"))
    read = ring_group_of;
  else if (columns.has("extension") && columns.has("destination"))
    read = route_of;
  else if (columns.has("extension") && columns.has("secret"))
    read = extension_of;
  if (read == nullptr) {
    wishes.findings.push_back(
        {Severity::Error,
         "unknown_table",
         {},
         {1, 1},
         "these are not the columns of FreePBX: extensions have extension and secret, ring groups "
         "grpnum and grplist, inbound routes extension and destination"});
    return wishes;
  }
  for (const CsvRow& row : table.rows) wishes.all.push_back(read(columns, row));
  wishes.unused_columns = columns.unused();
  return wishes;
}

}  // namespace model::detail
