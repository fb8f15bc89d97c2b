// A direct call to a user, in the order of docs/hunting.md: forward.always, do-not-disturb, chain,
// the first rule that applies, all devices.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/detail/canonical.h"
#include "model/detail/router.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/schedule.h"
#include "model/snapshot.h"

namespace model {
namespace {

// `*` stands for any letters, `?` for one; everything else for itself.
bool matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++t;
      ++p;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

namespace detail {

Step Router::to_user(const User& user) {
  const std::string setting = "users/" + user.id;
  if (by_caller && alone_wanted())
    if (const ChainRow* row = snapshot.chain_row_of(user)) {
      visited.push_back("user:" + user.id);
      return this_phone_only(*row);
    }
  if (!enters("user:" + user.id))
    return refuse(482, 25, "loop", "this call has been at user " + user.extension + " already");
  if (!user.enabled) {
    say("user " + user.extension + " does not ring", "disabled", setting + "/enabled");
    return refuse(480, 20, "disabled", "user " + user.extension + " is disabled");
  }
  if (!user.forward.always.empty()) {
    redirected = true;
    return forwarded(user, user.forward.always, "always");
  }
  if (user.do_not_disturb) return do_not_disturb(user);
  if (const ChainRow* row = snapshot.chain_row_of(user)) return to_chain(*row, user.id, "");
  if (const auto rule = rule_of(user)) {
    say("rule " + user.rules[*rule].name + " of user " + user.extension + " runs",
        "it is the first that applies", setting + "/rules/" + std::to_string(*rule));
    return RunRule{user.id, *rule};
  }
  const bool own_time = !user.forward.no_answer.to.empty();
  say("all devices of user " + user.extension + " ring",
      own_time ? "until forwarding when nobody answers" : "nothing else is configured", setting);
  return RingUser{user.id, own_time ? user.forward.no_answer.after : kDirectRing, false};
}

Step Router::forwarded(const User& user, const std::string& to, std::string_view why) {
  say("user " + user.extension + " forwards to " + to, std::string("forward.") + std::string(why),
      "users/" + user.id + "/forward/" + std::string(why));
  by_caller = false;
  if (to.starts_with("sip:") || to.starts_with("sips:")) return DialUri{to};
  return to_number(to, &user);
}

Step Router::do_not_disturb(const User& user) {
  say("user " + user.extension + " does not ring", "do-not-disturb",
      "users/" + user.id + "/do_not_disturb");
  redirected = !user.forward.busy.empty() || user.mailbox.present;
  if (!user.forward.busy.empty()) return forwarded(user, user.forward.busy, "busy");
  if (user.mailbox.present) return to_mailbox_of(user);
  return refuse(480, 20, "do_not_disturb", "there is no mailbox and no forwarding when busy");
}

std::optional<std::size_t> Router::rule_of(const User& user) {
  for (std::size_t i = 0; i < user.rules.size(); ++i) {
    const Rule& rule = user.rules[i];
    if (!rule.enabled) continue;
    if (!user.rules_on && !rule.locked) {
      say("rule " + rule.name + " does not apply", "the rules of " + user.extension + " are off",
          "users/" + user.id + "/rules_on");
      continue;
    }
    if (applies(user, rule)) return i;
  }
  return std::nullopt;
}

bool Router::applies(const User& user, const Rule& rule) {
  const std::string setting = "users/" + user.id + "/rules/" + rule.name;
  if (!rule.when.empty()) {
    const Schedule* schedule = snapshot.schedule_named(rule.when);
    if (schedule == nullptr) return false;
    const Openness now = openness(*schedule, query.at, snapshot.zone());
    if (!now.open) {
      say("rule " + rule.name + " does not apply",
          "schedule " + schedule->name + " is closed (" + now.because + ")", setting + "/when");
      return false;
    }
    say("schedule " + schedule->name + " is open", now.because, "schedules/" + schedule->id);
  }
  if (rule.callers.empty()) return true;
  const bool wanted = std::any_of(
      rule.callers.begin(), rule.callers.end(),
      [&](const std::string& pattern) { return caller_matches(snapshot, query, pattern); });
  if (!wanted)
    say("rule " + rule.name + " does not apply", "no pattern of callers fits",
        setting + "/callers");
  return wanted;
}

Step Router::to_mailbox_of(const User& user) {
  Serve service{DestinationKind::Mailbox, user.extension};
  say("mailbox of user " + user.extension, why_served(service), "users/" + user.id + "/mailbox");
  return service;
}

Step Router::after_user(const User& user, EndClass end, bool with_forwards) {
  if (with_forwards) {
    const Forward& forward = user.forward;
    if ((end == EndClass::Busy || end == EndClass::Declined) && !forward.busy.empty())
      return forwarded(user, forward.busy, "busy");
    if (end == EndClass::NoAnswer && !forward.no_answer.to.empty())
      return forwarded(user, forward.no_answer.to, "no_answer");
    if (end == EndClass::Unreachable && !forward.unreachable.empty())
      return forwarded(user, forward.unreachable, "unreachable");
  }
  if (user.mailbox.present) return to_mailbox_of(user);
  return ended(end);
}

}  // namespace detail

bool caller_matches(const Snapshot& snapshot, const Query& query, std::string_view pattern) {
  const std::string wanted = detail::lower(pattern);
  const bool internal = query.caller == CallerKind::User;
  if (wanted == "internal") return internal;
  if (wanted == "external") return !internal;
  if (wanted == "anonymous") return query.number.empty() || query.number == "anonymous";
  const std::string number = detail::canonical(query.number);
  const std::string bare = detail::canonical(wanted);
  const bool fits = matches(number, bare) || matches(snapshot.e164(number), bare);
  if (fits || bare.find_first_of("*?") != std::string::npos) return fits;
  return !number.empty() && snapshot.e164(number) == snapshot.e164(bare);
}

}  // namespace model
