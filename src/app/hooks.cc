#include "app/hooks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "app/configuration.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "model/answer_link.h"
#include "model/edit.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "net/clock.h"
#include "notify/courier.h"
#include "obs/events.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/deliveries.h"

namespace app {
namespace {

constexpr std::size_t kCallsMax = 20'000;
constexpr std::int64_t kAnswerMs = 600'000;  // longer than anybody lets it ring

std::vector<notify::HookEvent> events_of_end(const facts::CallRecord& record) {
  std::vector<notify::HookEvent> made;
  const base::WallTime at = record.ended.value_or(record.started);
  for (obs::Event& event : obs::events_of(facts::CallEnded{record})) {
    std::string id = record.id + '.' + event.type;
    made.push_back(hook_event(std::move(event), std::move(id), at));
  }
  return made;
}

void log_note(obs::Observer& observer, const notify::HookNote& note) {
  obs::Line line{note.warning ? obs::Level::Warn : obs::Level::Info, note.event, {}};
  line.fields.emplace_back("to", note.to);
  line.fields.emplace_back("type", note.type);
  if (!note.call.empty()) line.fields.emplace_back("call", note.call);
  if (!note.cause.empty()) line.fields.emplace_back("cause", note.cause);
  observer.log(std::move(line), net::read_clocks().wall);
}

bool any_webhook(const model::Snapshot& office) {
  return std::ranges::any_of(office.office().webhooks,
                             [](const model::Webhook& webhook) { return webhook.enabled; });
}

bool any_action(const model::Snapshot& office) {
  return std::ranges::any_of(office.office().groups, [](const model::Group& group) {
    return !group.action_url.ring.empty() || !group.action_url.answer.empty();
  });
}

}  // namespace

notify::HookEvent hook_event(obs::Event event, std::string id, base::WallTime at) {
  event.time = at;
  notify::HookEvent made;
  made.body = event.to_json(id);
  made.id = std::move(id);
  made.type = std::move(event.type);
  made.call = std::move(event.call);
  made.at = at;
  return made;
}

void switch_off_webhook(Configuration& configuration, const std::string& id) {
  const auto office = configuration.snapshot();
  auto thing = model::find_thing(office->office(), model::Kind::Webhook, id);
  if (!thing.has_value()) return;
  auto& webhook = std::get<model::Webhook>(*thing);
  if (!webhook.enabled) return;
  webhook.enabled = false;
  api::EditOrder order;
  order.edit = model::PutThing{*thing};
  order.who = "webhook " + webhook.name;
  order.what = {"webhook", id, webhook.name, "switched off: it answered 410"};
  order.expected = webhook.revision;
  (void)configuration.edit(order, net::read_clocks().wall);  // a change of his own goes first
}

base::Result<std::unique_ptr<Hooks>, std::string> Hooks::open(Parts parts) {
  std::unique_ptr<Hooks> hooks(new Hooks(parts.office, std::move(parts.seal)));
  obs::Observer& observer = parts.observer;
  auto courier = notify::Courier::open(
      {.store = parts.store,
       .database_file = std::move(parts.database_file),
       .office = std::move(parts.office),
       .allow = std::move(parts.allow),
       .events_of_end = events_of_end,
       .notes = [&observer](const notify::HookNote& note) { log_note(observer, note); },
       .is_gone = std::move(parts.switch_off)});
  if (!courier) return base::Unexpected{std::move(courier.error())};
  hooks->courier_ = *std::move(courier);
  hooks->courier_->start();
  return hooks;
}

void Hooks::see(const facts::Fact& fact, base::WallTime at) {
  const auto office = office_();
  if (office == nullptr) return;
  std::vector<store::Delivery> told;
  if (any_webhook(*office)) see_events(*office, fact, at, told);
  if (any_action(*office) || !calls_.empty()) see_actions(*office, fact, at, told);
  courier_->tell(std::move(told));
}

std::string Hooks::answer_path(const model::Snapshot& office, const std::string& call,
                               const std::string& agent, base::WallTime at) const {
  const model::User* user = office.user_named(agent);
  if (user == nullptr) return {};
  const model::AnswerLink link{call, user->id, {at.unix_ms + kAnswerMs}};
  return "/answer/" + model::for_path(seal_(model::text_of(link)));
}

// The end of a call comes from the store.
void Hooks::see_events(const model::Snapshot& office, const facts::Fact& fact, base::WallTime at,
                       std::vector<store::Delivery>& told) {
  if (std::holds_alternative<facts::CallEnded>(fact)) return;
  for (obs::Event& event : obs::events_of(fact)) {
    std::string id = event.call.empty() ? "event" : event.call;
    id += '.' + event.type + '.' + std::to_string(at.unix_ms) + '.' + std::to_string(++events_);
    const notify::HookEvent made = hook_event(std::move(event), std::move(id), at);
    std::ranges::move(notify::deliveries_of(office, made), std::back_inserter(told));
  }
}

void Hooks::see_actions(const model::Snapshot& office, const facts::Fact& fact, base::WallTime at,
                        std::vector<store::Delivery>& told) {
  const auto add = [&told](std::optional<store::Delivery> action) {
    if (action.has_value()) told.push_back(*std::move(action));
  };
  if (const auto* arrived = std::get_if<facts::CallArrived>(&fact)) {
    // Where the end of a call was lost, the oldest gives way: ids go up.
    if (calls_.size() >= kCallsMax) calls_.erase(calls_.begin());
    calls_.insert_or_assign(arrived->record.id, arrived->record);
  } else if (const auto* rings = std::get_if<facts::AttemptRinging>(&fact)) {
    const auto found = calls_.find(rings->call);
    if (found == calls_.end()) return;
    found->second.group = rings->group;
    for (const model::Group& group : office.office().groups)
      if (group.name == rings->group) found->second.crm_account = group.crm_account;
    add(notify::action_of(office, "ring", found->second, rings->attempt.target, at,
                          answer_path(office, rings->call, rings->attempt.target, at)));
  } else if (const auto* answered = std::get_if<facts::CallAnswered>(&fact)) {
    add(notify::action_of(office, "answer", answered->record, answered->answered_by, at));
  } else if (const auto* ended = std::get_if<facts::CallEnded>(&fact)) {
    calls_.erase(ended->record.id);
  }
}

}  // namespace app
