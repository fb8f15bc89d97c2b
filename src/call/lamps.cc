// The lamp of messages that wait (RFC 3842): who subscribes is told at once and at each change; a
// phone that never subscribes is told at each change, and when it registers while messages wait.
//
// A user's lamp is for his own mailbox and for the general ones of his groups, as a sum: a NOTIFY
// has one account (sip.md 4.14).

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/side.h"
#include "call/detail/subscriptions.h"
#include "call/detail/transaction_layer.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::string_view kEvent = "message-summary";
constexpr std::string_view kAllowEvents = "Allow-Events: message-summary, dialog, presence\r\n";
constexpr std::string_view kType = "application/simple-message-summary";
constexpr std::string_view kRequireList = "Require: eventlist\r\n";
constexpr base::Duration kDebounce{1'000};
constexpr std::size_t kOfOneUserMax = 500;  // phones with many keys

// The package without its parameters.
std::string_view package_of(std::string_view event) {
  event = event.substr(0, event.find(';'));
  while (event.ends_with(' ') || event.ends_with('\t')) event.remove_suffix(1);
  return event;
}

std::optional<Package> package_from(std::string_view event) {
  const std::string_view name = package_of(event);
  if (sip::same_word(name, kEvent)) return Package::Messages;
  if (sip::same_word(name, "dialog")) return Package::Dialog;
  if (sip::same_word(name, "presence")) return Package::Presence;
  return std::nullopt;
}

std::string_view type_of(Package package) {
  switch (package) {
    case Package::Messages:
      return kType;
    case Package::Dialog:
      return "application/dialog-info+xml";
    case Package::Presence:
      return "application/pidf+xml";
  }
  return kType;
}

// True if somebody who sent this Accept takes our body.
bool takes(const sip::Message& message, std::string_view wanted) {
  if (!message.has(sip::Header::Accept)) return true;
  bool takes_it = false;
  message.for_each_value(sip::Header::Accept, [&](std::string_view value) {
    const std::string_view type = package_of(value);
    takes_it = takes_it || sip::same_word(type, wanted) || type == "*/*" ||
               sip::same_word(type, "application/*");
  });
  return takes_it;
}

std::string user_of(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  return uri.has_value() ? sip::unescaped(uri->user) : std::string();
}

std::string expires_line(base::Duration left) {
  return "Subscription-State: active;expires=" +
         std::to_string(std::max<std::int64_t>(left.count() / 1000, 0)) + "\r\n";
}

}  // namespace

// ---- SUBSCRIBE ----

// His own lamp: by his number, by the code that listens, or by a general mailbox that he has a lamp
// of.
bool Core::may_watch(const model::User& user, const std::string& wanted) const {
  if (snapshot_->user_named(wanted) == &user) return true;
  if (wanted == mailbox_code()) return true;
  const auto box = snapshot_->mailbox_at(wanted);
  const auto& lamps = snapshot_->lamps_of(user.id);
  return box.has_value() && std::find(lamps.begin(), lamps.end(), box->key()) != lamps.end();
}

std::string Core::mailbox_code() const {
  for (const model::FeatureCode& code : snapshot_->feature_codes())
    if (code.name == "mailbox") return code.code;
  return {};
}

// How long it is to last; nothing: it was refused as too short (RFC 6665 4.2.1.1).
std::optional<std::uint32_t> Core::lasting(const Incoming& in) {
  const auto asked = sip::seconds_of(in.message.value(sip::Header::Expires));
  const std::uint32_t seconds =
      std::min(asked.value_or(settings_.limits.expires_default), settings_.limits.expires_max);
  if (seconds == 0 || seconds >= settings_.limits.expires_min) return seconds;
  refuse(in, 423, "interval_too_brief",
         "Min-Expires: " + std::to_string(settings_.limits.expires_min) + "\r\n");
  return std::nullopt;
}

void Core::on_subscribe(const Incoming& in) {
  const std::string event(in.message.value(sip::Header::Event));
  const auto package = package_from(event);
  if (!package.has_value()) return refuse(in, 489, "event_not_served", kAllowEvents);
  if (draining_) return refuse(in, 503, "draining", "Retry-After: 30\r\n");
  if (!takes(in.message, type_of(*package))) return refuse(in, 406, "body_not_accepted");
  if (!in.message.has(sip::Header::Contact)) return refuse(in, 400, "no_contact");
  const auto account = authenticate(in);
  if (!account.has_value()) return;
  const std::string& user = account->user->id;
  const std::string wanted = user_of(in.message.request_uri());
  const std::string resource =
      *package == Package::Messages ? std::string() : resource_named(wanted);
  if (*package == Package::Messages && !may_watch(*account->user, wanted))
    return refuse(in, 403, "not_your_mailbox");
  const bool person = resource.starts_with("user/");
  if (*package != Package::Messages &&
      (resource.empty() || (*package == Package::Presence && !person)))
    return refuse(in, 404, "nothing_to_watch");
  const auto seconds = lasting(in);
  if (!seconds.has_value()) return;
  if (subscriptions_.of_user(user).size() >= kOfOneUserMax)
    return refuse(in, 503, "too_many_subscriptions", "Retry-After: 60\r\n");
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) return refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
  Subscription& made = subscriptions_.add(now_.at, rng_);
  made.user_id = user;
  made.event = event;
  made.tag = names_.tag(made.id);
  made.dialog = sip::Dialog::from_request(in.message, made.tag);
  made.flow = in.flow;
  made.package = *package;
  made.resource = resource;
  made.entity = "sip:" + sip::escaped_user(wanted) + "@" + snapshot_->office().tenant;
  if (*package == Package::Dialog && wants_list(in.message, resource))
    made.list = items_of(resource);
  const bool first = *package != Package::Messages && !is_watched();
  if (*package != Package::Messages) subscriptions_.watch(made);
  if (first) begin_watching();
  renew(made, in, *server, *seconds);
}

// A request in the dialog of a subscription; false: there is no such dialog.
bool Core::on_inside_subscription(const Incoming& in) {
  const auto to = sip::to_of(in.message);
  const auto id = to.has_value() ? names_.read_tag(to->tag()) : std::nullopt;
  Subscription* known = id.has_value() ? subscriptions_.find(*id) : nullptr;
  if (known == nullptr || !known->dialog.owns_request(in.message)) return false;
  const bool same_way = in.flow.connection != base::ConnectionId::None
                            ? in.flow.connection == known->flow.connection
                            : in.flow.peer.ip == known->flow.peer.ip;
  if (!same_way && in.flow.peer.ip != known->flow.peer.ip) return false;
  if (in.message.method() != sip::Method::Subscribe) {
    refuse(in, 405, "method_not_allowed", "Allow: SUBSCRIBE\r\n");
    return true;
  }
  const auto seconds = lasting(in);
  if (!seconds.has_value()) return true;
  const auto server = layer_.accept(in, now_);
  if (!server.has_value()) {
    refuse(in, 503, "too_many_transactions", "Retry-After: 5\r\n");
    return true;
  }
  if (known->dialog.take_cseq(in.message) == sip::Order::Old) {
    answer_subscribe(*known, in, *server, 500, {});
    return true;
  }
  known->dialog.refresh_target(in.message);
  known->flow = in.flow;
  renew(*known, in, *server, *seconds);
  return true;
}

// The 200 and the NOTIFY that must follow it at once (RFC 6665 4.2.1.2); 0 seconds: the last one.
void Core::renew(Subscription& subscription, const Incoming& in, const Id& server,
                 std::uint32_t seconds) {
  subscriptions_.expire_at(subscription, now_.at + base::Duration{std::int64_t{seconds} * 1000});
  std::string lines = "Expires: " + std::to_string(seconds) + "\r\n";
  if (!subscription.list.empty()) lines += kRequireList;
  answer_subscribe(subscription, in, server, 200, lines);
  subscription.wants_all = true;
  if (seconds == 0) {
    end_subscription(subscription, "timeout");
  } else {
    notify(subscription);
  }
}

void Core::answer_subscribe(const Subscription& subscription, const Incoming& in, const Id& server,
                            std::uint16_t code, std::string_view lines) {
  sip::Writer answer = sip::response_to(in.message, in.flow.peer, code, subscription.tag);
  answer.copy(in.message, sip::Header::RecordRoute)
      .header(sip::Header::Contact, contact(in.flow))
      .lines(lines)
      .no_body();
  if (!answer.ok()) return;
  layer_.respond(server, code, std::make_shared<const std::string>(answer.take()), now_, *out_);
}

// ---- NOTIFY ----

facts::MailboxCounts Core::waiting_for(const std::string& user_id) const {
  facts::MailboxCounts sum;
  for (const std::string& box : snapshot_->lamps_of(user_id)) {
    const facts::MailboxCounts counts = mailboxes_.counts(box);
    sum.fresh += counts.fresh;
    sum.old += counts.old;
  }
  return sum;
}

std::string Core::summary_for(const std::string& user_id) const {
  const facts::MailboxCounts counts = waiting_for(user_id);
  const std::string code = mailbox_code();
  const model::User* user = snapshot_->user_by_id(user_id);
  const std::string account = !code.empty()     ? code
                              : user == nullptr ? user_id
                                                : sip::escaped_user(user->extension);
  return std::string("Messages-Waiting: ") + (counts.fresh > 0 ? "yes" : "no") +
         "\r\nMessage-Account: sip:" + account + "@" + snapshot_->office().tenant +
         "\r\nVoice-Message: " + std::to_string(counts.fresh) + "/" + std::to_string(counts.old) +
         " (0/0)\r\n";
}

// One at a time: the next one goes when this one is answered.
void Core::notify(Subscription& subscription) {
  if (subscription.waits) {
    subscription.again = true;
    return;
  }
  if (subscription.package != Package::Messages && comes_too_soon(subscription)) return;
  const auto left = std::chrono::duration_cast<base::Duration>(subscription.expires_at - now_.at);
  subscription.waits =
      send_notify(subscription, expires_line(left), {Owner::Kind::Subscription, subscription.id});
}

// The last word; nobody waits for its answer.
void Core::end_subscription(Subscription& subscription, std::string_view reason) {
  subscription.wants_all = true;
  (void)send_notify(subscription,
                    "Subscription-State: terminated;reason=" + std::string(reason) + "\r\n", {});
  subscriptions_.remove(subscription.id);
}

bool Core::send_notify(Subscription& subscription, std::string_view state, const Owner& owner) {
  const bool messages = subscription.package == Package::Messages;
  std::string type(type_of(subscription.package));
  std::string text;
  if (subscription.list.empty()) {
    text = messages ? summary_for(subscription.user_id) : document_for(subscription);
  } else if (const auto document = list_for(subscription)) {
    type = list_type(*document);
    text = list_body(*document);
  }
  if (text.empty()) return false;
  if (!messages) told(subscription);
  Side side;
  side.flow = subscription.flow;
  const base::Flow way = way_inside(side, subscription.dialog.next_hop().first);
  const Id client = layer_.reserve();
  sip::Writer writer = subscription.dialog.request(
      sip::Method::Notify, subscription.dialog.next_cseq(), via(way, layer_.branch_of(client)));
  writer.header(sip::Header::Contact, contact(way))
      .header(sip::Header::Event, subscription.event)
      .lines(state)
      .lines(subscription.list.empty() ? std::string_view{} : kRequireList)
      .body(type, text);
  if (!writer.ok()) {
    layer_.release(client);
    return false;
  }
  layer_.begin(client, {way, std::make_shared<const std::string>(writer.take()), false, owner, {}},
               now_, *out_);
  return true;
}

void Core::on_notify_event(const ClientEvent& event, const sip::Message* response) {
  Subscription* subscription = subscriptions_.find(event.owner.id);
  if (subscription == nullptr) return;
  if (event.what != ClientEvent::What::Response || response == nullptr || response->code() >= 300) {
    subscriptions_.remove(subscription->id);  // RFC 6665 4.2.2: nobody listens there any more
    return;
  }
  if (response->code() < 200) return;
  subscription->waits = false;
  if (std::exchange(subscription->again, false)) notify(*subscription);
}

// To a phone that did not ask for it: a request of its own, by the way of its registration.
void Core::notify_phone(const facts::Binding& binding) {
  const model::User* user = snapshot_->user_by_id(binding.user_id);
  if (user == nullptr) return;
  const std::string own =
      "<sip:" + sip::escaped_user(user->extension) + "@" + snapshot_->office().tenant + ">";
  const Id client = layer_.reserve();
  const std::string call_id = names_.plain({client.slot, rng_.next()});
  sip::Writer writer;
  writer.request("NOTIFY", sip::as_request_uri(binding.contact))
      .header(sip::Header::Via, via(binding.flow, layer_.branch_of(client)))
      .header(sip::Header::MaxForwards, std::uint64_t{70});
  for (const std::string& path : binding.path) writer.header(sip::Header::Route, path);
  writer.header(sip::Header::From, own + ";tag=" + names_.seal(call_id))
      .header(sip::Header::To, own)
      .header(sip::Header::CallId, call_id)
      .header(sip::Header::Cseq, "1 NOTIFY")
      .header(sip::Header::Contact, contact(binding.flow))
      .header(sip::Header::Event, kEvent)
      .lines("Subscription-State: active\r\n")
      .body(kType, summary_for(binding.user_id));
  if (!writer.ok()) {
    layer_.release(client);
    return;
  }
  layer_.begin(client,
               {binding.flow, std::make_shared<const std::string>(writer.take()), false, {}, {}},
               now_, *out_);
}

// ---- when ----

void Core::mailboxes_counted(const std::map<std::string, facts::MailboxCounts>& counts) {
  for (const auto& [box, number] : counts) {
    if (!mailboxes_.set_counts(box, number)) continue;
    for (const std::string& user : snapshot_->lit_by(box)) change_lamp(user);
  }
}

void Core::change_lamp(const std::string& user_id) {
  changed_lamps_.insert(user_id);
  if (!lamps_at_.has_value()) lamps_at_ = now_.at + kDebounce;
}

void Core::tell_lamps() {
  while (Subscription* expired = subscriptions_.due(now_.at)) end_subscription(*expired, "timeout");
  if (!lamps_at_.has_value() || *lamps_at_ > now_.at) return;
  lamps_at_.reset();
  for (const std::string& user : std::exchange(changed_lamps_, {})) {
    std::vector<Subscription*> watching = subscriptions_.of_user(user);
    std::erase_if(watching, [](const Subscription* subscription) {
      return subscription->package != Package::Messages;
    });
    for (Subscription* subscription : watching) notify(*subscription);
    for (const auto& device : devices_of(user)) {
      const base::Flow& flow = device.front().flow;
      const bool asked =
          std::any_of(watching.begin(), watching.end(), [&](const Subscription* subscription) {
            return subscription->flow.peer == flow.peer &&
                   subscription->flow.transport == flow.transport;
          });
      if (!asked) notify_phone(device.front());
    }
  }
}

// A phone that has just come shows what waits; a dark one is right already when nothing does.
void Core::light_fresh_phones(const std::vector<facts::Binding>& fresh) {
  for (const facts::Binding& binding : fresh)
    if (waiting_for(binding.user_id) != facts::MailboxCounts{}) notify_phone(binding);
}

// What it holds, for who listens by phone.
std::uint64_t Core::open_mailbox(const std::string& box, const Id& call) {
  const std::uint64_t token = ++next_opening_;
  opening_[token] = call;
  out_->emplace_back(OpenMailbox{token, box});
  return token;
}

void Core::mailbox_opened(std::uint64_t token,
                          std::optional<std::vector<facts::Message>> messages) {
  const auto found = opening_.find(token);
  if (found == opening_.end()) return;
  const Id whose = found->second;
  opening_.erase(found);
  Call* call = calls_.find(whose);
  if (call == nullptr) return;
  call->on_mailbox_opened(token, std::move(messages));
  touch(*call);
}

// Of users who are gone, subscriptions end; whose mailboxes are others now is told.
void Core::reconfigure_lamps(const model::Snapshot& old) {
  for (Subscription* subscription : subscriptions_.all()) {
    const model::User* user = snapshot_->user_by_id(subscription->user_id);
    if (user == nullptr || !user->enabled)
      end_subscription(*subscription, "rejected");
    else if (!subscription->list.empty())
      reconfigure_list(*subscription);
  }
  for (const model::User& user : snapshot_->office().users)
    if (old.lamps_of(user.id) != snapshot_->lamps_of(user.id)) change_lamp(user.id);
}

}  // namespace call
