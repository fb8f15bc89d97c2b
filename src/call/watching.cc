// Lamps of calls and switches (BLF): who watches what by `Event: dialog` and `Event: presence`, and
// when he is told (RFC 6665, RFC 4235, RFC 3863; sip.md 4.13).
//
// Own users watch users, groups and queues of the office by their numbers (also behind the pickup
// code), flags by their codes, and by the other codes what these switch for themselves.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/dialog_board.h"
#include "call/detail/dialog_info.h"
#include "call/detail/subscriptions.h"
#include "facts/fact.h"
#include "hunt/view.h"
#include "model/flags.h"
#include "model/office.h"
#include "model/paused.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "model/thing.h"

namespace call {
namespace {

constexpr base::Duration kApart{200};  // between two NOTIFYs of one subscription
// The wall clock may be set: what changes by the hour is looked at again at least so often.
constexpr base::Duration kLookAgain{3'600'000};

template <class T>
const T* by_id(const std::vector<T>& things, std::string_view id) {
  const auto found =
      std::find_if(things.begin(), things.end(), [&](const T& thing) { return thing.id == id; });
  return found == things.end() ? nullptr : &*found;
}

bool any_logged_in(const std::vector<const model::Member*>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const model::Member* line) { return line->logged_in; });
}

// "login/group/sales" -> "group", "sales".
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {text, {}};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

bool is_own_switch(std::string_view resource) {
  return resource.starts_with("login/") || resource == "do_not_disturb" || resource == "pause" ||
         resource == "rules";
}

ShownDialog& shown_at(std::vector<ShownDialog>& out, const std::string& resource,
                      const std::string& id) {
  for (ShownDialog& dialog : out)
    if (dialog.resource == resource && dialog.id == id) return dialog;
  out.push_back({resource, id, {}});
  return out.back();
}

}  // namespace

// ---- what can be watched ----

// Empty: there is nothing of that name.
std::string Core::resource_named(const std::string& number) const {
  const model::Dialled dialled = snapshot_->what_is(number);
  if (const auto* user = std::get_if<model::UserTarget>(&dialled)) return "user/" + user->user->id;
  if (const auto* group = std::get_if<model::GroupTarget>(&dialled))
    return "group/" + group->group->id;
  if (const auto* thing = std::get_if<model::DialledThing>(&dialled))
    return thing->kind == model::Kind::Queue ? "queue/" + thing->id : std::string();
  const auto* code = std::get_if<model::DialledCode>(&dialled);
  if (code == nullptr) return {};
  if (code->name == "pickup") {
    const model::Dialled behind = snapshot_->what_is(code->argument);
    return std::holds_alternative<model::DialledCode>(behind) ? std::string()
                                                              : resource_named(code->argument);
  }
  return resource_of_code(*code);
}

std::string Core::resource_of_code(const model::DialledCode& code) const {
  if (code.name == "dnd" || code.name == "dnd_on" || code.name == "dnd_off")
    return "do_not_disturb";
  if (code.name == "pause" || code.name == "rules") return code.name;
  if (code.name == "park") return code.argument.empty() ? std::string() : "park/" + code.argument;
  if (code.name == "flag") {
    const model::Flag* flag = model::flag_by_code(*snapshot_, code.argument);
    return flag == nullptr ? std::string() : "flag/" + flag->id;
  }
  const bool of_things = code.name == "log_in_out" || code.name == "group_forward";
  if (!of_things || code.argument.empty()) return {};
  const std::string thing = resource_named(code.argument);
  const bool group = thing.starts_with("group/");
  if (code.name == "group_forward") return group ? "forward/" + thing : std::string();
  return group || thing.starts_with("queue/") ? "login/" + thing : std::string();
}

// ---- what is there to see ----

bool Core::is_switched_on(std::string_view resource, const model::User& watcher) const {
  const auto [kind, rest] = split(resource);
  if (kind == "do_not_disturb") return watcher.do_not_disturb;
  if (kind == "pause") return model::is_paused(watcher.paused, now_.wall);
  if (kind == "rules") return watcher.rules_on && !watcher.rules.empty();
  if (kind == "flag") {
    const model::Flag* flag = by_id(snapshot_->office().flags, rest);
    return flag != nullptr && model::is_on(*snapshot_, *flag, now_.wall);
  }
  const auto [of, id] = split(rest);
  const model::Group* group = of == "group" ? snapshot_->group_by_id(id) : nullptr;
  if (kind == "forward") return group != nullptr && !group->forward.to.empty();
  if (kind != "login") return false;
  if (group != nullptr) return any_logged_in(model::lines_of(*snapshot_, *group, watcher));
  const model::Queue* queue = of == "queue" ? by_id(snapshot_->office().queues, id) : nullptr;
  return queue != nullptr && any_logged_in(model::lines_of(*snapshot_, *queue, watcher));
}

// As this user may see them.
DialogLines Core::lines_of(std::string_view resource, const std::string& watcher_id) const {
  DialogLines out;
  const std::string_view kind = split(resource).first;
  if (kind == "user" || kind == "group" || kind == "queue" || kind == "park") {
    for (const auto& [id, line] : board_.of(resource)) out.emplace(id, line_for(line, watcher_id));
    return out;
  }
  const model::User* watcher = snapshot_->user_by_id(watcher_id);
  if (watcher == nullptr || !is_switched_on(resource, *watcher)) return out;
  DialogLine on;
  on.state = DialogState::Confirmed;
  out.emplace("switch", std::move(on));
  return out;
}

std::string Core::presence_for(const Subscription& subscription) const {
  Presence out;
  out.entity = subscription.entity;
  const std::string id = subscription.resource.substr(std::string_view("user/").size());
  const model::User* user = snapshot_->user_by_id(id);
  const hunt::UserPresence state = view_.user(id);
  out.open = user != nullptr && state.devices > 0;
  out.on_phone = state.calls > 0;
  out.away = user != nullptr && (user->do_not_disturb || model::is_paused(user->paused, now_.wall));
  return pidf(out);
}

// What this subscription is to be told now; empty: nothing that it does not know.
std::string Core::document_for(Subscription& subscription) {
  const bool full = std::exchange(subscription.wants_all, false);
  if (subscription.package == Package::Presence) {
    std::string text = presence_for(subscription);
    if (!full && text == subscription.told_text) return {};
    subscription.told_text = text;
    return text;
  }
  DialogLines now = lines_of(subscription.resource, subscription.user_id);
  DialogDocument document;
  document.entity = subscription.entity;
  document.domain = snapshot_->office().tenant;
  document.full = full;
  document.lines = full ? now : difference(subscription.told, now);
  if (!full && document.lines.empty()) return {};
  document.version = subscription.version++;
  subscription.told = std::move(now);
  return dialog_info(document);
}

// ---- when ----

// Nobody watches: nothing is kept.
bool Core::is_watched() const {
  return subscriptions_.watching() > 0;
}

void Core::begin_watching() {
  board_.clear();
  calls_.for_each([&](const Call& call) { show(call); });
  (void)board_.take_changed();
}

void Core::show(const Call& call) {
  board_.show(call.name(), call.shown());
}

// At the end of a turn: who watches what changed is told.
void Core::tell_watchers() {
  if (!is_watched()) return;
  for (const std::string& resource : board_.take_changed()) {
    for (Subscription* subscription : subscriptions_.of_resource(resource)) notify(*subscription);
  }
}

// Not more often than that, and always the last (sip.md 4.13).
bool Core::comes_too_soon(Subscription& subscription) {
  if (subscription.wants_all || subscription.not_before <= now_.at) return false;
  subscriptions_.pace(subscription);
  return true;
}

void Core::told(Subscription& subscription) {
  subscription.not_before = now_.at + kApart;
}

void Core::notify_paced() {
  while (Subscription* subscription = subscriptions_.take_paced(now_.at)) notify(*subscription);
}

void Core::touch_switches() {
  for (const Subscription* subscription : subscriptions_.all()) {
    const std::string& resource = subscription->resource;
    if (is_own_switch(resource) || resource.starts_with("flag/") ||
        resource.starts_with("forward/") || subscription->package == Package::Presence)
      board_.touch(resource);
  }
}

// Flags change by hand and by the hour; both are told.
void Core::look_at_flags() {
  const bool known = flags_known_;
  flags_known_ = true;
  flags_at_.reset();
  std::map<std::string, bool> states;
  for (const model::Flag& flag : snapshot_->office().flags) {
    const bool on = model::is_on(*snapshot_, flag, now_.wall);
    states[flag.id] = on;
    const auto before = flags_.find(flag.id);
    if (known && before != flags_.end() && before->second != on) {
      tell(facts::FlagChanged{flag.name, on});
      board_.touch("flag/" + flag.id);
    }
    const auto next = model::next_change(*snapshot_, flag, now_.wall);
    if (!next.has_value()) continue;
    const base::Duration in{std::min(next->unix_ms - now_.wall.unix_ms, kLookAgain.count())};
    if (!flags_at_.has_value() || now_.at + in < *flags_at_) flags_at_ = now_.at + in;
  }
  flags_ = std::move(states);
}

// ---- what a call shows ----

std::vector<ShownDialog> Call::shown() const {
  std::vector<ShownDialog> out;
  if (record_told_ || caller_.ended) return out;
  show_caller(out);
  for (const auto& leg : legs_) show_leg(*leg, out);
  if (parked_.has_value()) {
    ShownDialog& parked = shown_at(out, "park/" + parked_->place, record_.id);
    parked.line.state = DialogState::Confirmed;
    parked.line.local = parked_->place;
    show_remote(parked.line);
  }
  if (queue_place_.has_value()) {
    ShownDialog& waiting = shown_at(out, "queue/" + queue_place_->queue_id, record_.id);
    if (waiting.line.state == DialogState::Trying) waiting.line.state = DialogState::Early;
    show_remote(waiting.line);
    waiting.line.local = record_.dialled;
  }
  return out;
}

void Call::show_remote(DialogLine& line) const {
  if (identity_.anonymous) return;
  line.remote = identity_.number;
  line.remote_name = identity_.name;
}

void Call::show_caller(std::vector<ShownDialog>& out) const {
  if (identity_.kind != model::CallerKind::User) return;
  ShownDialog dialog{"user/" + identity_.user_id, record_.id + "-out", {}};
  DialogLine& line = dialog.line;
  line.recipient = places_changed_;
  line.state = caller_.side.established ? DialogState::Confirmed
               : caller_.told_ringing   ? DialogState::Early
                                        : DialogState::Trying;
  line.names = {{identity_.user_id, caller_.side.dialog.call_id, caller_.side.dialog.remote_tag,
                 caller_.side.tag}};
  line.local = identity_.number;
  line.remote = winner_ == nullptr ? called() : winner_->target_name;
  out.push_back(std::move(dialog));
}

void Call::show_leg(const CalleeLeg& leg, std::vector<ShownDialog>& out) const {
  const bool talks = leg.state == LegState::Answered;
  const bool rings = leg.state == LegState::Trying || leg.state == LegState::Proceeding ||
                     leg.state == LegState::Ringing;
  if ((!talks && !rings) || leg.stop.has_value()) return;
  const std::string& user = leg.to.user_id;
  const bool ringing = leg.state == LegState::Ringing && !leg.early.empty();
  const DialogState state = talks     ? DialogState::Confirmed
                            : ringing ? DialogState::Early
                                      : DialogState::Trying;
  DialogNames names{user, leg.side.dialog.call_id, {}, leg.side.tag};
  if (talks) names.local_tag = leg.side.dialog.remote_tag;
  if (ringing) names.local_tag = leg.early.back().tag;
  const auto add = [&](const std::string& resource, const std::string& local, bool named) {
    DialogLine& line = shown_at(out, resource, record_.id).line;
    line.local = local;
    show_remote(line);
    if (line.state < state) line.state = state;
    if (named) line.names.push_back(names);
  };
  if (!user.empty()) add("user/" + user, extension_of(user), talks || ringing);
  if (talks || leg.attempt == nullptr || leg.attempt->dial.auto_answer) return;
  // A group and a queue show what can be picked up, not who talks.
  if (const model::Group* group = group_of(*leg.attempt->run))
    add("group/" + group->id, record_.dialled, ringing && !user.empty());
  if (queue_place_.has_value() && !leg.attempt->run->offered_to.empty())
    add("queue/" + queue_place_->queue_id, record_.dialled, ringing && !user.empty());
}

}  // namespace call
