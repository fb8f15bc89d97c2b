#include "obs/events.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "store/record_json.h"

namespace obs {
namespace {

// {"a":"…","b":…}
class Data {
 public:
  Data& text(std::string_view name, std::string_view value) {
    key(name);
    store::append_json_string(out_, value);
    return *this;
  }
  Data& raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
    return *this;
  }
  [[nodiscard]] std::string done() const { return out_ + "}"; }

 private:
  void key(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    store::append_json_string(out_, name);
    out_ += ':';
  }
  std::string out_ = "{";
};

Event event(std::string type, std::string call, const Data& data) {
  return {
      .id = 0, .time = {}, .type = std::move(type), .call = std::move(call), .data = data.done()};
}

Event attempt_event(const char* type, const std::string& call, std::uint32_t index,
                    const facts::Attempt& attempt) {
  return event(type, call,
               Data{}.raw("index", std::to_string(index)).raw("attempt", store::to_json(attempt)));
}

Event registration_event(const char* type, const facts::Binding& b) {
  return event(type, {},
               Data{}
                   .text("user", b.user_id)
                   .text("username", b.username)
                   .text("contact", b.contact)
                   .text("source", b.flow.peer.to_string())
                   .text("user_agent", b.user_agent)
                   .text("expires", store::rfc3339(b.expires_at)));
}

// Nobody took it and nobody sent it elsewhere: a call somebody may want to return.
bool is_missed(const facts::CallRecord& record) {
  switch (record.outcome) {
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
      return false;
  }
  return false;
}

std::vector<Event> call_ended(const facts::CallRecord& record) {
  std::vector<Event> events;
  const Data data = Data{}.raw("record", store::to_json(record, false));
  events.push_back(event("call.ended", record.id, data));
  if (is_missed(record)) {
    events.push_back(event("call.missed", record.id,
                           Data{}
                               .text("from", record.from)
                               .text("from_name", record.from_name)
                               .text("dialled", record.dialled)
                               .text("group", record.group)
                               .text("outcome", facts::word(record.outcome))));
  }
  return events;
}

}  // namespace

std::string Event::to_json() const {
  return to_json(std::to_string(id));
}

std::string Event::to_json(std::string_view as) const {
  std::string out = R"({"id":)";
  store::append_json_string(out, as);
  out += R"(,"time":")" + store::rfc3339(time) + R"(","type":)";
  store::append_json_string(out, type);
  out += R"(,"call":)";
  store::append_json_string(out, call);
  return out + R"(,"data":)" + (data.empty() ? "{}" : data) + "}";
}

std::vector<Event> events_of(const facts::Fact& fact) {
  using Events = std::vector<Event>;
  return std::visit(
      base::Overloaded{
          [](const facts::CallArrived& f) -> Events {
            return {event("call.started", f.record.id,
                          Data{}
                              .text("from", f.record.from)
                              .text("from_name", f.record.from_name)
                              .text("dialled", f.record.dialled)
                              .text("sip_call_id", f.record.sip_call_id))};
          },
          [](const facts::CallPlanned& f) -> Events {
            return {event("call.planned", f.call, Data{}.raw("plan", store::to_json(f.plan)))};
          },
          [](const facts::AttemptDialled& f) -> Events {
            return {attempt_event("call.attempt.dialled", f.call, f.index, f.attempt)};
          },
          [](const facts::AttemptRinging& f) -> Events {
            return {attempt_event("call.attempt.ringing", f.call, f.index, f.attempt)};
          },
          [](const facts::AttemptEnded& f) -> Events {
            return {attempt_event("call.attempt.ended", f.call, f.index, f.attempt)};
          },
          [](const facts::CallAnswered& f) -> Events {
            return {event("call.answered", f.call,
                          Data{}
                              .text("answered_by", f.answered_by)
                              .text("at", store::rfc3339(f.at))
                              .raw("wait_ms", std::to_string(f.record.wait_ms)))};
          },
          [](const facts::CallTransferred& f) -> Events {
            return {
                event("call.transferred", f.call,
                      Data{}.text("by", f.by).text("to", f.to).text("at", store::rfc3339(f.at)))};
          },
          [](const facts::CallEnded& f) -> Events { return call_ended(f.record); },
          [](const facts::RegistrationAdded& f) -> Events {
            if (!f.fresh) return {};  // a refresh is no news
            return {registration_event("registration.added", f.binding)};
          },
          [](const facts::RegistrationRemoved& f) -> Events {
            return {registration_event("registration.removed", f.binding)};
          },
          [](const facts::MessageLeft& f) -> Events {
            return {event("voicemail.created", f.message.call,
                          Data{}
                              .text("mailbox", f.mailbox)
                              .text("id", f.message.id)
                              .text("from", f.message.from)
                              .text("at", store::rfc3339(f.message.at))
                              .raw("length_ms", std::to_string(f.message.length_ms)))};
          },
          [](const facts::CallBackWanted& f) -> Events {
            return {event("call.callback.wanted", f.call,
                          Data{}.text("group", f.group).text("number", f.number))};
          },
          [](const facts::TrunkChanged& f) -> Events {
            return {event(f.up ? "trunk.up" : "trunk.down", {},
                          Data{}.text("trunk", f.trunk).text("why", f.why))};
          },
          [](const facts::BanAdded& f) -> Events {
            return {event("ban.added", {},
                          Data{}
                              .text("source", f.source)
                              .text("reason", f.reason)
                              .text("until", store::rfc3339(f.until)))};
          },
          [](const facts::BanLifted& f) -> Events {
            return {event("ban.lifted", {}, Data{}.text("source", f.source).text("who", f.who))};
          },
          [](const facts::FlagChanged& f) -> Events {
            return {event("flag.changed", {},
                          Data{}.text("flag", f.flag).raw("on", f.on ? "true" : "false"))};
          },
          [](const facts::ConfigChanged& f) -> Events {
            return {event("config.changed", {},
                          Data{}
                              .raw("revision", std::to_string(f.revision))
                              .text("who", f.who)
                              .text("what", facts::sentence(f.change))
                              .text("kind", f.change.kind)
                              .text("id", f.change.id))};
          },
          [](const auto&) -> Events { return {}; },
      },
      fact);
}

namespace {

// True if events_of() gives something: the feed keeps nothing else.
bool is_carried(const facts::Fact& fact) {
  return std::visit(base::Overloaded{
                        [](const facts::RegistrationAdded& f) { return f.fresh; },
                        [](const facts::AuthFailed&) { return false; },
                        [](const facts::MessageDropped&) { return false; },
                        [](const facts::RequestRefused&) { return false; },
                        [](const facts::SourceHeldBack&) { return false; },
                        [](const facts::BugFound&) { return false; },
                        [](const facts::CallTroubled&) { return false; },
                        [](const facts::MemoryChanged&) { return false; },
                        [](const facts::MessageChanged&) { return false; },
                        [](const facts::GreetingSet&) { return false; },
                        [](const auto&) { return true; },
                    },
                    fact);
}

using SharedEvent = std::shared_ptr<const Event>;

// One fact with the ids that are set aside for its events, or an event made elsewhere.
struct Kept {
  std::uint64_t first_id = 0;
  base::WallTime at{};
  std::variant<facts::Fact, std::vector<SharedEvent>> what;

  // Makes the events if they are not made yet.
  const std::vector<SharedEvent>& events() {
    if (auto* made = std::get_if<std::vector<SharedEvent>>(&what)) return *made;
    std::vector<SharedEvent> events;
    for (Event& event : events_of(*std::get_if<facts::Fact>(&what))) {
      event.id = first_id + events.size();
      event.time = at;
      events.push_back(std::make_shared<const Event>(std::move(event)));
    }
    return what.emplace<std::vector<SharedEvent>>(std::move(events));
  }
};

constexpr std::uint64_t kIdsAFact = 2;  // call.ended and call.missed

}  // namespace

class Feed::Impl {
 public:
  Impl(std::size_t most_kept, std::size_t most_subscribers)
      : keep(most_kept), max_subscribers(most_subscribers) {
    // Ids begin at the microsecond of the start: they grow over a restart, too.
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    next_id = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count());
    forgotten = next_id - 1;
  }

  void add(Kept one) {
    one.first_id = next_id;
    next_id += kIdsAFact;
    kept.push_back(std::move(one));
    if (kept.size() > keep) {
      forgotten = kept.front().first_id + kIdsAFact - 1;
      kept.pop_front();
    }
    if (subscribers.empty() || kept.empty()) return;
    for (const SharedEvent& event : kept.back().events()) {
      for (const auto& [number, subscriber] : subscribers) subscriber(event);
    }
  }

  // Calls `each` with the kept events after that id, until it says false.
  template <class Each>
  void replay(std::uint64_t after, Each each) {
    auto it = std::lower_bound(
        kept.begin(), kept.end(), after,
        [](const Kept& one, std::uint64_t id) { return one.first_id + kIdsAFact <= id + 1; });
    for (; it != kept.end(); ++it) {
      for (const SharedEvent& event : it->events()) {
        if (event->id > after && !each(event)) return;
      }
    }
  }

  const std::size_t keep, max_subscribers;
  mutable std::mutex mutex;  // guards what follows
  std::uint64_t next_id = 0;
  std::uint64_t forgotten = 0;  // the last id that is not kept any more
  std::uint64_t last_subscription = 0;
  std::deque<Kept> kept;
  std::map<std::uint64_t, Subscriber> subscribers;
};

Feed::Feed(std::size_t keep, std::size_t max_subscribers)
    : impl_(std::make_unique<Impl>(keep, max_subscribers)) {}
Feed::~Feed() = default;

void Feed::publish(facts::Fact fact, base::WallTime at) {
  if (!is_carried(fact)) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->add({.first_id = 0, .at = at, .what = std::move(fact)});
}

void Feed::publish(Event event, base::WallTime at) {
  const std::lock_guard lock(impl_->mutex);
  event.id = impl_->next_id;
  event.time = at;
  std::vector<SharedEvent> events{std::make_shared<const Event>(std::move(event))};
  impl_->add({.first_id = 0, .at = at, .what = std::move(events)});
}

std::uint64_t Feed::subscribe(std::optional<std::uint64_t> after, Subscriber subscriber) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->subscribers.size() >= impl_->max_subscribers) return 0;
  if (after) {
    impl_->replay(*after, [&](const SharedEvent& event) {
      subscriber(event);
      return true;
    });
  }
  const std::uint64_t number = ++impl_->last_subscription;
  impl_->subscribers.emplace(number, std::move(subscriber));
  return number;
}

void Feed::unsubscribe(std::uint64_t subscription) {
  const std::lock_guard lock(impl_->mutex);
  impl_->subscribers.erase(subscription);
}

std::vector<std::shared_ptr<const Event>> Feed::since(std::uint64_t after, std::size_t most) const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<SharedEvent> found;
  impl_->replay(after, [&](const SharedEvent& event) {
    if (found.size() < most) found.push_back(event);
    return found.size() < most;
  });
  return found;
}

bool Feed::keeps_all_after(std::uint64_t after) const {
  const std::lock_guard lock(impl_->mutex);
  return after >= impl_->forgotten;
}

std::size_t Feed::subscribers() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->subscribers.size();
}

}  // namespace obs
