// Validator: what is named must exist.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "model/detail/text_rule.h"
#include "model/detail/validator.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"

namespace model::detail {
namespace {

std::string nearest_hint(std::string_view name, const std::vector<std::string>& known) {
  const std::string_view near = nearest(name, known);
  if (near.empty()) return "";
  return "; the nearest one is \"" + std::string(near) + "\"";
}

template <class T>
std::vector<std::string> names_of_all(const std::vector<T>& things) {
  std::vector<std::string> names;
  for (const T& thing : things) names.push_back(thing.name);
  return names;
}

std::vector<std::string> people_and_groups(const Office& office) {
  std::vector<std::string> names;
  for (const User& user : office.users) {
    names.push_back(user.extension);
    if (!user.name.empty()) names.push_back(user.name);
  }
  for (const Group& group : office.groups) names.push_back(group.name);
  return names;
}

bool is_dialable(std::string_view text) {
  const std::string bare = strip_separators(text);
  return !bare.empty() && bare.find_first_not_of("+0123456789*#") == std::string::npos;
}

}  // namespace

void Validator::member_exists(const Member& member, const std::string& path) {
  if (member.target.empty()) return;  // said by the reader
  const Target target = snapshot_->target_of(member);
  if (!std::holds_alternative<NoTarget>(target)) return;
  if (member.is_group) {
    error("no_such_thing", path + "/group",
          "there is no group \"" + member.target + "\"" +
              nearest_hint(member.target, names_of_all(office_.groups)));
    return;
  }
  error("no_such_thing", path,
        "there is no user \"" + member.target + "\"" +
            nearest_hint(member.target, people_and_groups(office_)) +
            " (an external number is written with + or 0 in front, or as sip:…)");
}

void Validator::destination_exists(const Destination& destination, const std::string& path,
                                   bool required) {
  const std::string& value = destination.value;
  const auto missing = [&](std::string_view noun, const std::vector<std::string>& known) {
    error("no_such_thing", path + "/" + word(destination.kind),
          "there is no " + std::string(noun) + " \"" + value + "\"" + nearest_hint(value, known));
  };
  switch (destination.kind) {
    case DestinationKind::None:
      if (required) error("missing", path, "a destination is missing, such as {group: Sales}");
      return;
    case DestinationKind::User:
      if (snapshot_->user_named(value) == nullptr) missing("user", people_and_groups(office_));
      return;
    case DestinationKind::Group:
      if (snapshot_->group_named(value) == nullptr) missing("group", names_of_all(office_.groups));
      return;
    case DestinationKind::Ivr:
      if (snapshot_->ivr_named(value) == nullptr) missing("menu", names_of_all(office_.ivrs));
      return;
    case DestinationKind::Queue:
      if (snapshot_->queue_named(value) == nullptr) missing("queue", names_of_all(office_.queues));
      return;
    case DestinationKind::Mailbox: {
      const User* user = snapshot_->user_named(value);
      if (snapshot_->mailbox_named(value) != nullptr) return;
      if (user != nullptr && user->mailbox.present) return;
      if (user != nullptr)
        error("no_such_thing", path + "/mailbox",
              "user \"" + value + "\" has no mailbox; give it `mailbox: {}`");
      else
        missing("mailbox", names_of_all(office_.mailboxes));
      return;
    }
    case DestinationKind::Number:
      if (!is_dialable(value) && std::holds_alternative<DialledNothing>(snapshot_->what_is(value)))
        error("no_such_thing", path + "/number", "\"" + value + "\" is not a telephone number");
      else if (office_.trunks.empty() &&
               std::holds_alternative<DialledExternal>(snapshot_->what_is(value)))
        warn("no_trunk", path + "/number",
             "there is no trunk, so \"" + value + "\" cannot be reached");
      return;
    case DestinationKind::Announce:
      sound_exists(value, path + "/announce");
      return;
    case DestinationKind::Sip:
    case DestinationKind::Busy:
    case DestinationKind::Hangup:
      return;
  }
}

void Validator::finally_exists(const Finally& finally, const std::string& path) {
  destination_exists(finally.any, path, false);
  destination_exists(finally.no_answer, path + "/no_answer", false);
  destination_exists(finally.busy, path + "/busy", false);
  destination_exists(finally.unreachable, path + "/unreachable", false);
}

void Validator::sound_exists(const std::string& name, const std::string& path) {
  const bool known = std::any_of(office_.sounds.begin(), office_.sounds.end(),
                                 [&](const Sound& sound) { return sound.name == name; });
  if (!known && !name.empty())
    error("no_such_thing", path,
          "there is no sound \"" + name + "\"" + nearest_hint(name, names_of_all(office_.sounds)));
}

void Validator::schedule_exists(const std::string& name, const std::string& path) {
  if (name.empty() || snapshot_->schedule_named(name) != nullptr) return;
  error("no_such_thing", path,
        "there is no schedule \"" + name + "\"" +
            nearest_hint(name, names_of_all(office_.schedules)));
}

void Validator::forward_exists(const std::string& to, const std::string& path) {
  if (to.empty() || to.starts_with("sip:") || to.starts_with("sips:") || is_dialable(to)) return;
  if (!std::holds_alternative<DialledNothing>(snapshot_->what_is(to))) return;
  error("no_such_thing", path,
        "nothing is called \"" + to + "\"" + nearest_hint(to, people_and_groups(office_)));
}

void Validator::user_references(const User& user, const std::string& path) {
  for (std::size_t d = 0; d < user.desks.size(); ++d)
    if (!snapshot_->account(user.desks[d]).has_value())
      error("no_such_thing", path + "/desks/" + std::to_string(d),
            "there is no phone with the SIP username \"" + user.desks[d] + "\"");
  forward_exists(user.forward.always, path + "/forward/always");
  forward_exists(user.forward.busy, path + "/forward/busy");
  forward_exists(user.forward.no_answer.to, path + "/forward/no_answer/to");
  forward_exists(user.forward.unreachable, path + "/forward/unreachable");
  for (std::size_t r = 0; r < user.rules.size(); ++r) {
    const Rule& rule = user.rules[r];
    const std::string here = path + "/rules/" + std::to_string(r);
    schedule_exists(rule.when, here + "/when");
    if (rule.music != "default") sound_exists(rule.music, here + "/music");
    finally_exists(rule.finally, here + "/finally");
    for (std::size_t s = 0; s < rule.stages.size(); ++s)
      for (std::size_t m = 0; m < rule.stages[s].ring.size(); ++m)
        member_exists(rule.stages[s].ring[m],
                      here + "/stages/" + std::to_string(s) + "/ring/" + std::to_string(m));
  }
}

void Validator::group_references(const Group& group, const std::string& path) {
  forward_exists(group.forward.to, path + "/forward/to");
  if (!group.forward.by.empty() && snapshot_->user_named(group.forward.by) == nullptr)
    error("no_such_thing", path + "/forward/by",
          "there is no user \"" + group.forward.by + "\"" +
              nearest_hint(group.forward.by, people_and_groups(office_)));
  for (std::size_t m = 0; m < group.members.size(); ++m)
    member_exists(group.members[m], path + "/members/" + std::to_string(m));
  for (std::size_t s = 0; s < group.stages.size(); ++s)
    for (std::size_t m = 0; m < group.stages[s].ring.size(); ++m)
      member_exists(group.stages[s].ring[m],
                    path + "/stages/" + std::to_string(s) + "/ring/" + std::to_string(m));
  for (std::size_t f = 0; f < group.flags.size(); ++f) {
    const FlagRedirect& redirect = group.flags[f];
    const std::string here = path + "/flags/" + std::to_string(f);
    if (redirect.flag != "all_logged_out" && snapshot_->flag_named(redirect.flag) == nullptr) {
      auto known = names_of_all(office_.flags);
      known.emplace_back("all_logged_out");
      error("no_such_thing", here + "/flag",
            "there is no flag \"" + redirect.flag + "\"" + nearest_hint(redirect.flag, known));
    }
    destination_exists(redirect.to, here + "/to", true);
  }
  const std::string& hears = group.caller_hears.sound;
  if (hears != "ringback" && hears != "music") sound_exists(hears, path + "/caller_hears");
  const std::string& shown = group.caller_id.external;
  if (shown != "group" && shown != "caller" && !is_dialable(shown))
    error("bad_text", path + "/caller_id/external",
          "\"" + shown + "\" is refused: write group, caller, or a number such as +48587622447");
  finally_exists(group.finally, path + "/finally");
}

void Validator::queue_references(const Queue& queue, const std::string& path) {
  for (std::size_t m = 0; m < queue.members.size(); ++m)
    member_exists(queue.members[m], path + "/members/" + std::to_string(m));
  for (std::size_t m = 0; m < queue.may_log_in.size(); ++m)
    if (snapshot_->user_named(queue.may_log_in[m]) == nullptr)
      error("no_such_thing", path + "/may_log_in/" + std::to_string(m),
            "there is no user \"" + queue.may_log_in[m] + "\"" +
                nearest_hint(queue.may_log_in[m], people_and_groups(office_)));
  if (queue.music != "default") sound_exists(queue.music, path + "/music");
  finally_exists(queue.finally, path + "/finally");
}

void Validator::references_exist() {
  for (std::size_t i = 0; i < office_.users.size(); ++i)
    user_references(office_.users[i], at("users", i));
  for (std::size_t i = 0; i < office_.groups.size(); ++i)
    group_references(office_.groups[i], at("groups", i));
  for (std::size_t i = 0; i < office_.queues.size(); ++i)
    queue_references(office_.queues[i], at("queues", i));
  for (std::size_t i = 0; i < office_.ivrs.size(); ++i) {
    const Ivr& ivr = office_.ivrs[i];
    sound_exists(ivr.greeting, at("ivrs", i, "greeting"));
    for (const IvrKey& key : ivr.keys)
      destination_exists(key.to, at("ivrs", i, "keys/" + key.key), true);
    destination_exists(ivr.otherwise, at("ivrs", i, "otherwise"), false);
  }
  for (std::size_t i = 0; i < office_.flags.size(); ++i)
    schedule_exists(office_.flags[i].schedule, at("flags", i, "schedule"));
  for (std::size_t i = 0; i < office_.numbers.size(); ++i)
    destination_exists(office_.numbers[i].to, at("numbers", i, "to"), true);
}

// Without a moment the answer would be another one tomorrow.
void Validator::tests_can_be_asked() {
  for (std::size_t i = 0; i < office_.tests.size(); ++i) {
    const SavedTest& test = office_.tests[i];
    if (!test.at.has_value())
      error("missing", at("tests", i, "at"),
            "test " + test.name + " needs its moment, such as \"2026-03-02T10:00:00+01:00\"");
    for (std::size_t p = 0; p < test.phones.size(); ++p)
      if (snapshot_->user_named(test.phones[p]) == nullptr)
        error("no_such_thing", at("tests", i, "phones/" + std::to_string(p)),
              "there is no user \"" + test.phones[p] + "\"" +
                  nearest_hint(test.phones[p], people_and_groups(office_)));
  }
}

void Validator::reports_are_sound() {
  for (std::size_t i = 0; i < office_.reports.size(); ++i) {
    const Report& report = office_.reports[i];
    if (report.email.empty())
      warn("unused", at("reports", i, "email"),
           "report " + report.name + " goes to nobody; name an e-mail address");
    if (!report.group.empty() && snapshot_->group_named(report.group) == nullptr)
      error("no_such_thing", at("reports", i, "group"),
            "there is no group \"" + report.group + "\"" +
                nearest_hint(report.group, names_of_all(office_.groups)));
  }
}

void Validator::values_are_sound() {
  if (office_.tenant.empty())
    warn("missing", "/tenant", "no tenant is named; its SIP domain and realm is \"localhost\"");
  if (office_.language != "en" && office_.language != "pl" && office_.language != "es")
    error("unknown_word", "/language",
          "\"" + office_.language + "\" is not spoken here; known are en, pl, es");
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!office_.country.empty() &&
      (office_.country.size() != 2 ||
       !std::all_of(office_.country.begin(), office_.country.end(), is_capital)))
    error("bad_text", "/country",
          "\"" + office_.country + "\" is no country; write its two letters, as in PL");
  for (std::size_t i = 0; i < office_.schedules.size(); ++i) {
    const Schedule& schedule = office_.schedules[i];
    for (std::size_t o = 0; o < schedule.open.size(); ++o)
      if (!open_hours_from(schedule.open[o]))
        error("bad_text", at("schedules", i, "open/" + std::to_string(o)),
              "\"" + schedule.open[o] + "\" is not understood; write \"Mo-Fr 08:00-16:00\"");
    if (!schedule.holidays.empty() && !knows_holidays_of(schedule.holidays))
      error("unknown_word", at("schedules", i, "holidays"),
            "the holidays of \"" + schedule.holidays +
                "\" are not known; known are at, cz, de, es, fr, gb, it, nl, pl, sk, us");
    if (schedule.open.empty() && schedule.ics.empty())
      warn("never_open", at("schedules", i), "schedule " + schedule.name + " is never open");
  }
  for (std::size_t i = 0; i < office_.trunks.size(); ++i) {
    const Trunk& trunk = office_.trunks[i];
    for (std::size_t a = 0; a < trunk.allow_from.size(); ++a)
      if (!base::Cidr::parse(trunk.allow_from[a]))
        error("bad_text", at("trunks", i, "allow_from/" + std::to_string(a)),
              "\"" + trunk.allow_from[a] + "\" is not an address; write 192.0.2.7 or 192.0.2.0/24");
    if (trunk.register_ && trunk.username.empty())
      error("missing", at("trunks", i, "username"),
            "trunk " + trunk.name + " registers, and needs a username");
  }
}

}  // namespace model::detail
