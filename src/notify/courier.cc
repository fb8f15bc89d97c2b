#include "notify/courier.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/hooks.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "net/clock.h"
#include "notify/http_client.h"
#include "notify/signature.h"
#include "store/deliveries.h"
#include "store/reader.h"
#include "store/store.h"

namespace notify {
namespace {

using store::Delivery;
using store::DeliveryState;

constexpr int kLookEveryMs = 250;
constexpr std::int64_t kTableEveryMs = 1'000;
constexpr std::size_t kAtOnce = 16;          // requests
constexpr std::size_t kAtOnceToOne = 4;      // of them to one webhook, or for one group
constexpr std::size_t kSettledAtOnce = 100;  // calls
constexpr std::size_t kWaitingMax = 10'000;
constexpr std::int64_t kLogKeptMs = 7LL * 24 * 3'600'000;
constexpr std::int64_t kForgetEveryMs = 3'600'000;
constexpr std::uint16_t kGone = 410;

// Waits of a webhook, and of an action URL: a page that pops up an hour late helps nobody.
constexpr std::array<std::int64_t, 7> kWaitsS{5, 30, 120, 600, 3'600, 21'600, 86'400};
constexpr std::size_t kActionTries = 3;

const model::Group* group_named(const model::Snapshot& office, const std::string& name) {
  for (const model::Group& group : office.office().groups)
    if (group.name == name) return &group;
  return nullptr;
}

const std::string& url_of(const model::ActionUrls& urls, std::string_view moment) {
  if (moment == "ring") return urls.ring;
  if (moment == "answer") return urls.answer;
  if (moment == "missed") return urls.missed;
  return urls.end;
}

// Nobody of the group took it, and nobody sent it elsewhere.
bool is_missed(const facts::CallRecord& call) {
  switch (call.outcome) {
    case facts::Outcome::NoAnswer:
    case facts::Outcome::Busy:
    case facts::Outcome::Unreachable:
    case facts::Outcome::Declined:
    case facts::Outcome::Abandoned:
      return true;
    case facts::Outcome::Answered:
    case facts::Outcome::Redirected:
    case facts::Outcome::Failed:
    case facts::Outcome::Interrupted:
      break;
  }
  return false;
}

std::map<std::string, std::string> values_of(const model::Snapshot& office, std::string_view moment,
                                             const facts::CallRecord& call,
                                             const std::string& agent, base::WallTime at) {
  const model::User* user = office.user_named(agent);
  const bool ended = moment == "missed" || moment == "end";
  return {{"event", std::string(moment)},
          {"caller", call.from},
          {"caller_name", call.from_name},
          {"called", call.dialled},
          {"group", call.group},
          {"agent", agent},
          {"agent_name", user == nullptr ? "" : user->name},
          {"call_id", call.id},
          {"sip_call_id", call.sip_call_id},
          {"crm_account", call.crm_account},
          {"outcome", ended ? facts::word(call.outcome) : ""},
          {"wait_s", ended ? std::to_string(call.wait_ms / 1'000) : ""},
          {"talk_s", ended ? std::to_string(call.talk_ms / 1'000) : ""},
          {"time", std::to_string(at.unix_ms / 1'000)},
          {"tenant", office.office().tenant}};
}

const model::Webhook* webhook_of(const model::Snapshot& office, const std::string& id) {
  for (const model::Webhook& webhook : office.office().webhooks)
    if (webhook.id == id) return &webhook;
  return nullptr;
}

std::string target_of(const Delivery& delivery) {
  return delivery.webhook.empty() ? "group " + delivery.group : delivery.webhook;
}

}  // namespace

std::optional<Delivery> action_of(const model::Snapshot& office, std::string_view moment,
                                  const facts::CallRecord& call, const std::string& agent,
                                  base::WallTime at, const std::string& answer_path) {
  const model::Group* group = group_named(office, call.group);
  if (group == nullptr) return std::nullopt;
  const std::string& url = url_of(group->action_url, moment);
  if (url.empty()) return std::nullopt;
  Delivery made;
  made.type = "action." + std::string(moment);
  made.call = call.id;
  made.group = group->id;
  auto values = values_of(office, moment, call, agent, at);
  values["answer_path"] = answer_path;
  made.url = model::filled(url, values);
  made.event_id = call.id + '.' + made.type + (moment == "ring" ? '.' + agent : "");
  made.at = made.due = at;
  return made;
}

std::vector<Delivery> deliveries_of(const model::Snapshot& office, const HookEvent& event) {
  std::vector<Delivery> made;
  for (const model::Webhook& webhook : office.office().webhooks) {
    if (!model::wants(webhook, event.type)) continue;
    Delivery one;
    one.webhook = webhook.id;
    one.event_id = event.id;
    one.type = event.type;
    one.call = event.call;
    one.body = event.body;
    one.at = one.due = event.at;
    made.push_back(std::move(one));
  }
  return made;
}

bool told_of_end(const model::Snapshot& office, const facts::CallRecord& call) {
  const bool by_hook =
      std::ranges::any_of(office.office().webhooks, [](const model::Webhook& webhook) {
        return model::wants(webhook, "call.ended") || model::wants(webhook, "call.missed");
      });
  if (by_hook) return true;
  const model::Group* group = group_named(office, call.group);
  return group != nullptr && (!group->action_url.end.empty() || !group->action_url.missed.empty());
}

std::optional<base::Duration> wait_after(const Delivery& delivery) {
  const std::size_t most = delivery.webhook.empty() ? kActionTries : kWaitsS.size();
  if (delivery.tries == 0 || delivery.tries > most) return std::nullopt;
  return base::Duration{kWaitsS.at(delivery.tries - 1) * 1'000};
}

class Courier::Impl {
 public:
  Impl(Parts parts, std::unique_ptr<store::Reader> reader)
      : parts_(std::move(parts)), reader_(std::move(reader)), client_(parts_.allow) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start() {
    thread_ = std::thread([this] {
      while (!stopping_.load()) round(net::read_clocks().wall, kLookEveryMs);
    });
  }

  void stop() {
    stopping_ = true;
    client_.wake();
    if (thread_.joinable()) thread_.join();
  }

  void tell(std::vector<Delivery> deliveries) {
    if (deliveries.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      const auto waiting = static_cast<std::size_t>(figures_.waiting) + offered_.size();
      if (waiting + deliveries.size() > kWaitingMax) {
        figures_.dropped += deliveries.size();
        return;
      }
      std::ranges::move(deliveries, std::back_inserter(offered_));
    }
    client_.wake();
  }

  void look() {
    look_ = true;
    client_.wake();
  }

  [[nodiscard]] HookFigures figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

  void round(base::WallTime now, int wait_ms) {
    const auto office = parts_.office();
    if (office == nullptr) {
      (void)client_.work(wait_ms);
      return;
    }
    keep_offered();
    save_ended();
    const bool due = now.unix_ms >= looked_at_ + kTableEveryMs || now.unix_ms < looked_at_;
    if (look_.exchange(false) || due) look_at_table(*office, now);
    for (HttpAnswer& answer : client_.work(wait_ms)) finish(answer, now);
    save_ended();
  }

 private:
  // Waits until it is true, or is not.
  bool change(store::DeliveryChange change) {
    auto promise = std::make_shared<std::promise<bool>>();
    auto answer = promise->get_future();
    parts_.store.change_deliveries(std::move(change),
                                   [promise](bool done) { promise->set_value(done); });
    return answer.get();
  }

  void note(bool warning, const char* event, const Delivery& delivery, std::string cause = {}) {
    parts_.notes(
        {warning, event, target_of(delivery), delivery.type, delivery.call, std::move(cause)});
  }

  void count(std::uint64_t HookFigures::* what) {
    const std::lock_guard lock(mutex_);
    ++(figures_.*what);
  }

  // What was told becomes rows. Without a database it waits in memory.
  void keep_offered() {
    std::vector<Delivery> offered;
    {
      const std::lock_guard lock(mutex_);
      offered = std::exchange(offered_, {});
    }
    if (offered.empty()) return;
    if (change({.added = offered})) {
      look_ = true;
      return;
    }
    const std::lock_guard lock(mutex_);
    offered_.insert(offered_.begin(), std::make_move_iterator(offered.begin()),
                    std::make_move_iterator(offered.end()));
  }

  // What ended and is not in the table yet is not begun again.
  void save_ended() {
    if (ended_.empty()) return;
    store::DeliveryChange saved;
    for (const auto& [id, delivery] : ended_) saved.updated.push_back(delivery);
    if (change(std::move(saved))) ended_.clear();
  }

  void look_at_table(const model::Snapshot& office, base::WallTime now) {
    looked_at_ = now.unix_ms;
    settle(office);
    begin_due(office, now);
    if (now.unix_ms >= forgot_at_ + kForgetEveryMs) {
      forgot_at_ = now.unix_ms;
      (void)change({.forget_before = base::WallTime{now.unix_ms - kLogKeptMs}});
    }
    const auto waiting = reader_->deliveries_waiting();
    if (!waiting) return;
    const std::lock_guard lock(mutex_);
    figures_.waiting = *waiting;
  }

  // From the end of a call one delivery for each who is told of it.
  void settle(const model::Snapshot& office) {
    const auto open = reader_->deliveries_unsettled(kSettledAtOnce);
    if (!open || open->empty()) return;
    store::DeliveryChange settled;
    for (const Delivery& end : *open) {
      const auto call = reader_->record(end.call);
      if (!call) return;  // it could not be read
      settled.removed.push_back(end.id);
      if (!call->has_value()) continue;
      const facts::CallRecord record = call->value_or(facts::CallRecord{});
      for (const HookEvent& event : parts_.events_of_end(record))
        std::ranges::move(deliveries_of(office, event), std::back_inserter(settled.added));
      if (is_missed(record)) add_action(office, "missed", record, end.at, settled);
      add_action(office, "end", record, end.at, settled);
    }
    (void)change(std::move(settled));
  }

  static void add_action(const model::Snapshot& office, std::string_view moment,
                         const facts::CallRecord& record, base::WallTime at,
                         store::DeliveryChange& settled) {
    if (auto action = action_of(office, moment, record, record.answered_by, at))
      settled.added.push_back(*std::move(action));
  }

  void begin_due(const model::Snapshot& office, base::WallTime now) {
    const auto due = reader_->deliveries_due(now, kAtOnceToOne + kAtOnceToOne);
    if (!due) return;
    for (const Delivery& delivery : *due) {
      if (running_.size() >= kAtOnce) return;
      if (running_.contains(delivery.id) || ended_.contains(delivery.id)) continue;
      const auto same = std::ranges::count_if(
          running_, [&](const auto& one) { return target_of(one.second) == target_of(delivery); });
      if (static_cast<std::size_t>(same) < kAtOnceToOne) begin(office, delivery, now);
    }
  }

  void begin(const model::Snapshot& office, const Delivery& delivery, base::WallTime now) {
    HttpRequest request{delivery.id, delivery.url, {}, {}};
    if (!delivery.webhook.empty()) {
      const model::Webhook* webhook = webhook_of(office, delivery.webhook);
      const auto key = webhook == nullptr ? std::nullopt : model::hook_key(webhook->secret);
      if (!key.has_value() || !webhook->enabled)
        return give_up(delivery, "the webhook is gone or off", now);
      std::vector<std::string> keys{*key};
      if (const auto old = model::hook_key(webhook->old_secret)) keys.push_back(*old);
      request.url = webhook->url;
      request.body = delivery.body;
      request.headers = signed_headers(keys, delivery.event_id, now.unix_ms / 1'000, delivery.body);
      request.headers.emplace_back("Content-Type: application/json");
    }
    running_.emplace(delivery.id, delivery);
    client_.begin(std::move(request));
  }

  void give_up(Delivery delivery, std::string why, base::WallTime now) {
    delivery.state = DeliveryState::Failed;
    delivery.trouble = why;
    delivery.done = now;
    note(true, "hook.given_up", delivery, std::move(why));
    count(&HookFigures::given_up);
    ended_.insert_or_assign(delivery.id, std::move(delivery));
  }

  void finish(HttpAnswer& answer, base::WallTime now) {
    auto found = running_.extract(answer.id);
    if (found.empty()) return;
    look_ = true;  // its place is free
    Delivery delivery = std::move(found.mapped());
    ++delivery.tries;
    delivery.status = answer.status;
    delivery.trouble = answer.trouble;
    if (answer.status >= 200 && answer.status < 300) {
      delivery.state = DeliveryState::Delivered;
      delivery.done = now;
      note(false, "hook.delivered", delivery);
      count(&HookFigures::delivered);
      ended_.insert_or_assign(delivery.id, std::move(delivery));
      return;
    }
    count(&HookFigures::failed);
    if (delivery.trouble.empty())
      delivery.trouble = "the answer was " + std::to_string(answer.status);
    const auto wait = wait_after(delivery);
    const bool gone = answer.status == kGone && !delivery.webhook.empty();
    if (gone) parts_.is_gone(delivery.webhook);
    if (gone || answer.refused || !wait.has_value())
      return give_up(delivery, delivery.trouble, now);
    note(true, "hook.failed", delivery, delivery.trouble);
    const std::int64_t after = std::max(wait->count(), answer.retry_after_s * 1'000);
    delivery.due = {now.unix_ms + after};
    ended_.insert_or_assign(delivery.id, std::move(delivery));
  }

  // Given to us.
  Parts parts_;
  // Owned.
  std::unique_ptr<store::Reader> reader_;
  HttpClient client_;
  std::thread thread_;
  // Of the thread.
  std::map<std::int64_t, Delivery> running_;  // by id
  std::map<std::int64_t, Delivery> ended_;    // and not written yet
  std::int64_t looked_at_ = 0;
  std::int64_t forgot_at_ = 0;
  // Between threads.
  std::atomic<bool> stopping_{false}, look_{true};
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Delivery> offered_;
  HookFigures figures_;
};

base::Result<std::unique_ptr<Courier>, std::string> Courier::open(Parts parts) {
  auto reader = store::Reader::open(parts.database_file);
  if (!reader) return base::Unexpected{std::move(reader.error())};
  return std::unique_ptr<Courier>(
      new Courier(std::make_unique<Impl>(std::move(parts), *std::move(reader))));
}

Courier::Courier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Courier::~Courier() = default;

void Courier::start() {
  impl_->start();
}
void Courier::stop() {
  impl_->stop();
}
void Courier::tell(std::vector<Delivery> deliveries) {
  impl_->tell(std::move(deliveries));
}
void Courier::look() {
  impl_->look();
}
HookFigures Courier::figures() const {
  return impl_->figures();
}
void Courier::round(base::WallTime now, int wait_ms) {
  impl_->round(now, wait_ms);
}

}  // namespace notify
