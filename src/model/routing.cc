// route(): what the dialled string is, with the T suffix and codes; the parts of a user's plan are
// in routing_user.cc, what comes after a hunt in routing_after.cc.

#include "model/routing.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "model/detail/router.h"
#include "model/encode.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/schedule.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace model {
namespace detail {

void Router::say(std::string what, std::string because, std::string setting) {
  decisions.push_back({std::move(what), std::move(because), std::move(setting)});
}

Step Router::refuse(std::uint16_t sip_code, std::uint16_t q850, std::string why,
                    std::string because) {
  say("refuse " + std::to_string(sip_code), std::move(because), "");
  return Refuse{sip_code, q850, std::move(why)};
}

bool Router::enters(const std::string& place) {
  const auto& been = query.visited;
  if (std::find(been.begin(), been.end(), place) != been.end()) return false;
  if (std::find(visited.begin(), visited.end(), place) != visited.end()) return false;
  visited.push_back(place);
  return true;
}

Step Router::to_group(const Group& group) {
  const std::string setting = "groups/" + group.id;
  if (!enters("group:" + group.id))
    return refuse(482, 25, "loop", "this call has been in group " + group.name + " already");
  if (auto forwarded = group_forwarded(group)) return std::move(*forwarded);
  for (const FlagRedirect& redirect : group.flags) {
    if (!group_flag_is_on(group, redirect.flag)) continue;
    say("flag " + redirect.flag + " sends the call away", why_flag_is_on(redirect.flag),
        setting + "/flags");
    redirected = true;
    return to_destination(redirect.to, nullptr);
  }
  if (!group.enabled) {
    say("group " + group.name + " is not hunted", "it is disabled", setting + "/enabled");
    const Destination next = chosen(group.finally, EndClass::Unreachable);
    if (next.kind == DestinationKind::None)
      return refuse(480, 20, "disabled", "group " + group.name + " has no destination for this");
    return to_destination(next, nullptr);
  }
  say("group " + group.name + " is hunted", std::string("strategy ") + word(group.strategy),
      setting + "/strategy");
  return RingGroup{group.id};
}

// With the rights of who switched it on, for as long as he is there.
std::optional<Step> Router::group_forwarded(const Group& group) {
  const GroupForward& forward = group.forward;
  const User* by = forward.by.empty() ? nullptr : snapshot.user_named(forward.by);
  if (forward.to.empty() || (by == nullptr && !forward.by.empty())) return std::nullopt;
  say("group " + group.name + " forwards to " + forward.to,
      by == nullptr ? "it was set" : "user " + by->extension + " switched it on",
      "groups/" + group.id + "/forward");
  redirected = true;
  by_caller = false;
  return to_number(forward.to, by);
}

bool Router::group_flag_is_on(const Group& group, std::string_view flag) const {
  if (flag != "all_logged_out") return flag_is_on(snapshot, query, flag);
  const auto away = [](const Member& member) { return !member.enabled || !member.logged_in; };
  bool any = !group.members.empty() && group.strategy != Strategy::Stages;
  bool all = std::all_of(group.members.begin(), group.members.end(), away);
  if (group.strategy == Strategy::Stages) {
    all = true;
    for (const Stage& stage : group.stages) {
      any = any || !stage.ring.empty();
      all = all && std::all_of(stage.ring.begin(), stage.ring.end(), away);
    }
  }
  return any && all;
}

std::string Router::why_flag_is_on(std::string_view flag) const {
  if (flag == "all_logged_out") return "every member is logged out";
  const auto live = query.flags.find(flag);
  const Flag* known = snapshot.flag_named(flag);
  const Schedule* schedule = known == nullptr ? nullptr : snapshot.schedule_named(known->schedule);
  const bool open = schedule != nullptr && openness(*schedule, query.at, snapshot.zone()).open;
  if (live != query.flags.end() || !open) return "it was switched on";
  return "schedule " + schedule->name + " is open (" +
         openness(*schedule, query.at, snapshot.zone()).because + ")";
}

Step Router::to_external(const std::string& number, const User* owner) {
  const bool stranger = owner == nullptr && by_caller;
  if (snapshot.office().trunks.empty())
    return refuse(404, 1, "unknown_number", "no trunk leads to the number " + number);
  if (!query.emergency && owner != nullptr && !may_dial(owner->permissions, number))
    return refuse(403, 21, "not_permitted",
                  "user " + owner->extension + " may not call external numbers" +
                      (owner->permissions.external ? " such as " + number : ""));
  if (stranger && !query.emergency)
    return refuse(403, 21, "not_permitted", "callers from outside never reach a trunk");
  DialOut out{number, {}, owner == nullptr ? std::string() : owner->id};
  for (const Trunk& trunk : snapshot.office().trunks) out.trunk_ids.push_back(trunk.id);
  say("dial " + number + " through trunk " + snapshot.office().trunks.front().name,
      owner == nullptr ? "the office's own setting" : "with the rights of " + owner->extension,
      "trunks");
  return out;
}

const char* Router::why_served(const Serve& service) {
  return is_built(service) ? "it answers the call" : "this service is not built yet";
}

Step Router::to_named_service(DestinationKind kind, const std::string& name) {
  Serve service{kind, name};
  say(std::string(word(kind)) + " " + name, why_served(service), "");
  return service;
}

Step Router::to_destination(const Destination& destination, const User* owner) {
  by_caller = false;
  switch (destination.kind) {
    case DestinationKind::None:
      return refuse(480, 19, "no_destination", "no destination is configured");
    case DestinationKind::User: {
      const User* user = snapshot.user_named(destination.value);
      if (user == nullptr)
        return refuse(404, 1, "unknown_number", "there is no user " + destination.value);
      return to_user(*user);
    }
    case DestinationKind::Group: {
      const Group* group = snapshot.group_named(destination.value);
      if (group == nullptr)
        return refuse(404, 1, "unknown_number", "there is no group " + destination.value);
      return to_group(*group);
    }
    case DestinationKind::Number:
      return to_number(destination.value, owner);
    case DestinationKind::Sip:
      say("dial " + destination.value, "the configured destination", "");
      return DialUri{destination.value};
    case DestinationKind::Busy:
      return refuse(486, 17, "busy", "the destination is busy");
    case DestinationKind::Hangup:
      return refuse(480, 19, "hangup", "the destination is to hang up");
    case DestinationKind::Ivr:
    case DestinationKind::Queue:
    case DestinationKind::Mailbox:
    case DestinationKind::Announce:
      return to_named_service(destination.kind, destination.value);
  }
  return Refuse{480, 19, "no_destination"};
}

// {number: …} and the texts of forwards: what is inside first, else the telephone network.
Step Router::to_number(const std::string& number, const User* owner) {
  const Dialled dialled = snapshot.what_is(number);
  const bool inside = !std::holds_alternative<DialledNothing>(dialled) &&
                      !std::holds_alternative<DialledExternal>(dialled) &&
                      !std::holds_alternative<DialledCode>(dialled);
  if (inside) return to_dialled(dialled, number);
  const std::string bare = strip_separators(number);
  const bool dialable =
      !bare.empty() && bare.find_first_not_of("+0123456789*#") == std::string::npos;
  if (!dialable) return refuse(404, 1, "unknown_number", "nothing is called " + number);
  return to_external(snapshot.e164(number), owner);
}

Step Router::to_chain(const ChainRow& row, std::string user_id, std::string service_number) {
  const ChainWalk walk = snapshot.chain_from(row);
  say("the chain from " + row.sip_number + " is hunted",
      walk.loops_to ? "it is a loop over " + std::to_string(walk.rows.size()) + " numbers"
                    : std::to_string(walk.rows.size()) + " numbers, one after another",
      "chain/" + row.id);
  return RingChain{row.id, std::move(user_id), std::move(service_number)};
}

Step Router::to_service_number(const ChainRow& row, const std::string& dialled) {
  const ChainRow* start = snapshot.chain_start(row);
  if (start == nullptr)
    return refuse(404, 1, "unknown_number",
                  "service number " + dialled + " has no Start Number that exists");
  if (!enters("service:" + row.id))
    return refuse(482, 25, "loop", "this call has been at " + dialled + " already");
  say("service number " + dialled + " begins at " + start->sip_number, "its Start Number",
      "chain/" + row.id + "/start_number");
  // A Start Number without a row of its own is a chain of one: just his devices.
  if (alone_wanted() || snapshot.chain_row(start->sip_number) != start)
    return this_phone_only(*start);
  return to_chain(*start, "", dialled);
}

Step Router::this_phone_only(const ChainRow& row) {
  const User* user = snapshot.user_by_number(row.sip_number);
  if (user == nullptr)
    return refuse(404, 1, "unknown_number", "no user has the number " + row.sip_number);
  return this_phone_only(*user, row.ring_for.value_or(kChainRing));
}

Step Router::this_phone_only(const User& user, base::Duration ring_for) {
  say("only the devices of " + user.extension + " ring", "that was asked for with the call",
      "users/" + user.id);
  if (!user.enabled) return refuse(480, 20, "disabled", "user " + user.extension + " is disabled");
  return RingUser{user.id, ring_for, true};
}

// `*97`: the caller's own; `*98`: any, by number and PIN; `*99`N: straight into N's, to leave a
// message.
Step Router::to_mailbox_code(const DialledCode& code) {
  if (code.name == "mailbox_of") {
    const auto box = snapshot.mailbox_at(code.argument);
    if (!box.has_value())
      return refuse(404, 1, "unknown_number", "there is no mailbox " + code.argument);
    return to_named_service(DestinationKind::Mailbox, box->name());
  }
  const User* user = caller_user();
  if (code.name == "mailbox" && (user == nullptr || !user->mailbox.present))
    return refuse(404, 1, "unknown_number", "the caller has no mailbox");
  Serve service{DestinationKind::None, code.name};
  say("feature code " + code.name, why_served(service), "feature_codes/" + code.name);
  return service;
}

Step Router::to_served_code(const DialledCode& code) {
  Serve service{DestinationKind::None, code.name, code.argument};
  say("feature code " + code.name, why_served(service), "feature_codes/" + code.name);
  return service;
}

// `*66` and `*69`: as if the caller had dialled that number himself.
Step Router::to_remembered(const DialledCode& code) {
  const std::string& number = code.name == "redial" ? query.last_dialled : query.last_caller;
  if (number.empty()) return to_served_code(code);
  say(code.name == "redial" ? "the number dialled last is " + number
                            : "the last caller was " + number,
      "feature code " + code.name, "feature_codes/" + code.name);
  meant = number;
  const Dialled dialled = snapshot.what_is(number);
  if (std::holds_alternative<DialledCode>(dialled))
    return refuse(404, 1, "unknown_number", "it is a feature code now");
  return to_dialled(dialled, number);
}

Step Router::to_hidden(const DialledCode& code) {
  say("the caller's number is hidden", "feature code " + code.name, "feature_codes/" + code.name);
  hides_number = true;
  meant = code.argument;
  const Dialled dialled = snapshot.what_is(code.argument);
  if (std::holds_alternative<DialledCode>(dialled))
    return refuse(404, 1, "unknown_number", "a feature code follows a feature code");
  return to_dialled(dialled, code.argument);
}

Step Router::to_code(const DialledCode& code) {
  if (code.name == "mailbox" || code.name == "mailbox_any" || code.name == "mailbox_of")
    return to_mailbox_code(code);
  if (code.name == "redial" || code.name == "call_return") return to_remembered(code);
  if (code.name == "hide_number") return to_hidden(code);
  if (code.name != "this_phone_only") return to_served_code(code);
  const Dialled target = snapshot.what_is(code.argument);
  if (const auto* service = std::get_if<DialledService>(&target)) {
    const ChainRow* start = snapshot.chain_start(*service->row);
    if (start != nullptr) return this_phone_only(*start);
  }
  if (const ChainRow* row = snapshot.chain_row(code.argument)) return this_phone_only(*row);
  if (const auto* user = std::get_if<UserTarget>(&target))
    return this_phone_only(*user->user, kDirectRing);
  return refuse(404, 1, "unknown_number", "there is no number " + code.argument);
}

Step Router::to_dialled(const Dialled& dialled, const std::string& text) {
  return std::visit(
      base::Overloaded{
          [&](const DialledNothing&) -> Step {
            return refuse(404, 1, "unknown_number", "nothing is called " + text);
          },
          [&](const UserTarget& target) -> Step { return to_user(*target.user); },
          [&](const GroupTarget& target) -> Step { return to_group(*target.group); },
          [&](const DialledService& service) -> Step {
            return to_service_number(*service.row, text);
          },
          [&](const DialledThing& thing) -> Step {
            const bool queue = thing.kind == Kind::Queue;
            const bool ivr = thing.kind == Kind::Ivr;
            return to_named_service(queue ? DestinationKind::Queue
                                    : ivr ? DestinationKind::Ivr
                                          : DestinationKind::Mailbox,
                                    thing.id);
          },
          [&](const DialledNumber& number) -> Step {
            if (!enters("number:" + number.number->id))
              return refuse(482, 25, "loop", "this call has been at " + text + " already");
            say("number " + number.number->number + " leads to " + json_of(number.number->to),
                "the list of numbers", "numbers/" + number.number->id);
            return to_destination(number.number->to, nullptr);
          },
          [&](const DialledCode& code) -> Step { return to_code(code); },
          [&](const DialledExternal& external) -> Step {
            return to_external(external.number, caller_user());
          },
      },
      dialled);
}

const User* Router::caller_user() const {
  return query.caller == CallerKind::User ? snapshot.user_by_id(query.user_id) : nullptr;
}

bool Router::alone_wanted() const {
  return query.no_fork && query.caller == CallerKind::User && !decided_by_destination();
}

// The T suffix: only when the whole string is unknown and the rest is a chain or service number.
std::optional<Step> Router::with_suffix() {
  const std::string_view text = query.dialled;
  if (!text.ends_with('T') && !text.ends_with('t')) return std::nullopt;
  const std::string rest(text.substr(0, text.size() - 1));
  const Dialled dialled = snapshot.what_is(rest);
  const auto* service = std::get_if<DialledService>(&dialled);
  const ChainRow* row = service == nullptr ? nullptr : snapshot.chain_start(*service->row);
  if (row == nullptr && service == nullptr) row = snapshot.chain_row(rest);
  if (row == nullptr) {
    const auto* user = std::get_if<UserTarget>(&dialled);
    row = user == nullptr ? nullptr : snapshot.chain_row_of(*user->user);
  }
  if (row == nullptr) return std::nullopt;
  say("the T is taken off " + query.dialled, rest + " is a number of a chain", "chain/" + row->id);
  return this_phone_only(*row);
}

Step Router::to_caller_wish() {
  if (query.caller == CallerKind::Stranger)
    return refuse(403, 21, "not_permitted", "the caller is not known");
  by_caller = true;
  const Dialled dialled = snapshot.what_is(query.dialled);
  const bool code = std::holds_alternative<DialledCode>(dialled);
  if (!code) meant = query.dialled;
  const bool external = std::holds_alternative<DialledExternal>(dialled);
  if (code && query.caller != CallerKind::User)
    return refuse(404, 1, "unknown_number", "feature codes are for own users");
  if ((external || std::holds_alternative<DialledNothing>(dialled)) && query.emergency &&
      query.caller == CallerKind::User)
    return to_external(strip_separators(query.dialled), caller_user());
  if (external && query.caller == CallerKind::Trunk)
    return refuse(404, 1, "unknown_number", "the number " + query.dialled + " is not ours");
  if (std::holds_alternative<DialledNothing>(dialled))
    if (auto alone = with_suffix()) return std::move(*alone);
  return to_dialled(dialled, query.dialled);
}

Route Router::finished(Step step) {
  Route route;
  route.step = std::move(step);
  route.decisions = std::move(decisions);
  route.redirected = redirected;
  route.hides_number = hides_number;
  route.dialled = std::move(meant);
  route.visited = query.visited;
  route.visited.insert(route.visited.end(), visited.begin(), visited.end());
  return route;
}

}  // namespace detail

Route route(const Snapshot& snapshot, const Query& query) {
  detail::Router router(snapshot, query);
  Step step = router.to_caller_wish();
  return router.finished(std::move(step));
}

Route route_to(const Snapshot& snapshot, const Query& query, const Destination& destination,
               const User* owner) {
  detail::Router router(snapshot, query);
  Step step = router.to_destination(destination, owner);
  return router.finished(std::move(step));
}

bool flag_is_on(const Snapshot& snapshot, const Query& query, std::string_view name) {
  const auto live = query.flags.find(name);
  if (live != query.flags.end()) return live->second;
  const Flag* flag = snapshot.flag_named(name);
  return flag != nullptr && is_on(snapshot, *flag, query.at);
}

bool is_built(const Serve& service) {
  if (service.kind != DestinationKind::None) return true;
  static constexpr std::string_view kBuilt[] = {"call_return",
                                                "clock",
                                                "dnd",
                                                "dnd_off",
                                                "dnd_on",
                                                "flag",
                                                "forward_always",
                                                "forward_always_off",
                                                "forward_busy",
                                                "forward_busy_off",
                                                "forward_no_answer",
                                                "forward_no_answer_off",
                                                "forward_unreachable",
                                                "forward_unreachable_off",
                                                "echo",
                                                "group_forward",
                                                "hot_desk",
                                                "log_in_out",
                                                "mailbox",
                                                "mailbox_any",
                                                "park",
                                                "pickup",
                                                "pickup_any",
                                                "pause",
                                                "record_prompt",
                                                "redial",
                                                "rules",
                                                "who_am_i"};
  return std::find(std::begin(kBuilt), std::end(kBuilt), service.name) != std::end(kBuilt);
}

}  // namespace model
