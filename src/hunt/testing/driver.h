#pragma once
// Drives a hunt by bytes: an office, a call and any order of events and times come out of them. An
// observer sees actions only and holds the promises that must be true of every hunt. Shared by the
// fuzz target and the property tests.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/verdict.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace hunt::testing {

// The bytes of a case; zero when they are used up.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> data) : data_(data) {}
  [[nodiscard]] std::uint8_t next() {
    if (data_.empty()) return 0;
    const std::uint8_t byte = data_.front();
    data_ = data_.subspan(1);
    return byte;
  }
  [[nodiscard]] std::uint8_t below(std::uint8_t bound) {
    return static_cast<std::uint8_t>(next() % bound);
  }
  [[nodiscard]] bool flag() { return next() % 4U == 1; }
  [[nodiscard]] bool empty() const { return data_.empty(); }

 private:
  std::span<const std::uint8_t> data_;
};

// What must be true of any sequence of actions. `broken` names the first promise that was not kept.
class Observer {
 public:
  std::string broken;

  void see(const Action& action, base::Instant now) {
    std::visit(
        base::Overloaded{
            [&](const Dial& a) { dialled(a, now); },
            [&](const Drop& a) { dropped(a.attempt); },
            [&](const AddDevices& a) { must(is_live(a.attempt), "devices for a dead ring"); },
            [&](const TellCallerRinging&) { told(now); },
            [&](const Connect& a) { won(a.attempt); },
            [&](const JoinPage& a) { joined_.insert(a.attempt); },
            [&](const AskConfirmation& a) {
              must(!is_over(), "asks after the end");
              dropped_.erase(a.attempt);  // its 200 crossed a CANCEL
            },
            [&](const RepeatQuestion&) { must(!is_over(), "asks after the end"); },
            [&](const TellTooLate& a) { dropped(a.attempt); },
            [&](const SendToMailbox& a) { won(a.attempt); },
            [&](const Remember&) {},
            [&](const Note&) {},
            [&](const End&) { ended(); },
        },
        action);
  }
  // The INVITE of this attempt has ended.
  void closed(AttemptId attempt, bool declined) {
    const auto found = open_.find(attempt);
    if (found == open_.end()) return;
    if (declined && !is_over()) declined_.insert(found->second);
    open_.erase(found);
  }
  void caller_hung_up() { gone_ = true; }
  void taken() { gone_ = true; }
  void limit(std::optional<base::Instant> at) { limit_ = at; }
  // A late answer may be dropped, though nothing else happens after the end.
  void expect_drop(AttemptId attempt) { may_drop_ = attempt; }
  void nothing_expected() { may_drop_.reset(); }
  void began(base::Instant now) { last_told_ = now; }
  void time_is(base::Instant now) {
    if (is_over() || !joined_.empty()) return;
    must(now - last_told_ <= base::Duration{60'000}, "caller was not told for a minute");
    if (limit_) must(now <= *limit_, "hunts beyond the limit");
  }
  [[nodiscard]] bool is_over() const { return winner_.has_value() || end_seen_ || gone_; }
  [[nodiscard]] std::vector<AttemptId> open() const {
    std::vector<AttemptId> all;
    all.reserve(open_.size());
    for (const auto& [attempt, key] : open_) all.push_back(attempt);
    return all;
  }

 private:
  void must(bool kept, const char* promise) {
    if (!kept && broken.empty()) broken = promise;
  }
  [[nodiscard]] bool is_live(AttemptId attempt) const { return open_.contains(attempt); }
  void dialled(const Dial& dial, base::Instant now) {
    const std::string key = key_of(dial.target);
    must(!is_over(), "dials after the end");
    must(!limit_ || now < *limit_, "dials beyond the limit");
    must(!declined_.contains(key), "dials who declined");
    for (const auto& [attempt, other] : open_) must(other != key, "a device is rung twice");
    must(seen_.insert(dial.attempt).second, "an attempt is dialled twice");
    open_[dial.attempt] = key;
  }
  void dropped(AttemptId attempt) {
    must(seen_.contains(attempt), "drops what was never dialled");
    must(winner_ != attempt, "drops the winner");
    must(!joined_.contains(attempt), "drops a listener");
    const bool again = !dropped_.insert(attempt).second;
    must(!again || may_drop_ == attempt, "drops an attempt twice");
  }
  void told(base::Instant now) {
    must(!is_over(), "tells the caller after the end");
    last_told_ = now;
  }
  void won(AttemptId attempt) {
    must(!winner_.has_value(), "two winners");
    must(!gone_, "a winner without a caller");
    winner_ = attempt;
  }
  void ended() {
    must(!end_seen_, "ends twice");
    must(!winner_.has_value(), "ends after somebody won");
    must(!gone_, "ends without a caller");
    end_seen_ = true;
  }

  std::map<AttemptId, std::string> open_;
  std::set<AttemptId> seen_, dropped_, joined_;
  std::set<std::string> declined_;
  std::optional<AttemptId> winner_, may_drop_;
  std::optional<base::Instant> limit_;
  base::Instant last_told_{};
  bool end_seen_ = false;
  bool gone_ = false;
};

class Driver final : public View {
 public:
  explicit Driver(Bytes bytes) : bytes_(bytes) {}

  // Runs the case; returns the promise that was broken, or nothing.
  std::string run() {
    office_ = draw_office();
    pinned_ = current_ = model::Snapshot::build(office_, {});
    Settings settings;
    settings.confirm_available = bytes_.flag();
    settings.page_available = bytes_.flag();
    hunt_ = std::make_unique<Hunt>(draw_start(), settings);
    observer_.began(now_);
    Actions actions;
    hunt_->begin(*this, now(), actions);
    observer_.limit(hunt_->limit());
    see(actions);
    for (int i = 0; i < 200 && !bytes_.empty() && observer_.broken.empty(); ++i) {
      pass(base::Duration{bytes_.next() * 100});
      event();
    }
    silence();
    if (observer_.broken.empty()) check_timeline();
    return observer_.broken;
  }

  [[nodiscard]] const model::Snapshot& current() const override { return *current_; }
  [[nodiscard]] UserPresence user(std::string_view user_id) const override {
    const auto found = presence_.find(std::string{user_id});
    return found == presence_.end() ? UserPresence{.devices = 1} : found->second;
  }
  [[nodiscard]] Memory memory(std::string_view group_id) const override {
    const auto found = memory_.find(std::string{group_id});
    return found == memory_.end() ? Memory{} : found->second;
  }

 private:
  static constexpr std::uint8_t kUsers = 6;
  static constexpr std::uint8_t kGroups = 4;
  static std::string extension(std::uint8_t i) { return std::to_string(101 + i % kUsers); }

  std::optional<base::Duration> maybe_seconds() {
    const std::uint8_t s = bytes_.next() % 32U;
    if (s < 8) return std::nullopt;
    return base::Duration{(s - 7) * 1'000};
  }
  model::Member draw_member() {
    model::Member line;
    const std::uint8_t kind = bytes_.below(10);
    if (kind == 9) {
      line.target = "+4860010020" + std::to_string(bytes_.below(3));
    } else if (kind == 8) {
      line.target = "sip:x@192.0.2.7";
    } else if (kind >= 6) {
      line.is_group = true;
      line.target = "G" + std::to_string(bytes_.below(kGroups));
    } else {
      line.target = extension(bytes_.next());
    }
    line.after = maybe_seconds();
    line.ring_for = maybe_seconds();
    if (bytes_.flag()) line.priority = bytes_.below(3);
    line.weight = bytes_.below(4);
    if (bytes_.flag()) line.confirm = static_cast<model::Confirm>(bytes_.below(3));
    if (bytes_.flag()) line.timer_from = model::TimerFrom::Ringing;
    line.enabled = !bytes_.flag();
    return line;
  }
  std::vector<model::Member> draw_members() {
    std::vector<model::Member> lines(bytes_.below(6));
    for (model::Member& line : lines) line = draw_member();
    return lines;
  }
  model::Office draw_office() {
    model::Office office;
    office.max_hunt = base::Duration{120'000};
    if (!bytes_.flag()) office.trunks.emplace_back().name = "carrier";
    for (std::uint8_t i = 0; i < kUsers; ++i) {
      model::User& u = office.users.emplace_back();
      u.extension = extension(i);
      u.do_not_disturb = bytes_.next() % 16U == 1;
      if (bytes_.flag())
        u.forward.no_answer = {.to = extension(bytes_.next()), .after = base::Duration{4'000}};
      if (bytes_.flag()) u.forward.busy = "G" + std::to_string(bytes_.below(kGroups));
      if (bytes_.flag()) u.forward.always = extension(bytes_.next());
    }
    for (std::uint8_t i = 0; i < kGroups; ++i) office.groups.push_back(draw_group(i));
    draw_ways(office);
    return office;
  }
  model::Group draw_group(std::uint8_t i) {
    model::Group g;
    g.name = "G" + std::to_string(i);
    g.strategy = static_cast<model::Strategy>(bytes_.below(11));
    g.timeout = maybe_seconds();
    g.repeat = bytes_.below(4);
    g.members = draw_members();
    if (g.strategy == model::Strategy::Stages)
      for (std::uint8_t s = bytes_.below(4); s > 0; --s)
        g.stages.push_back({.ring = draw_members(), .ring_for = maybe_seconds()});
    g.prevent_missed_calls = bytes_.flag();
    if (bytes_.flag()) g.decline = model::Decline::Group;
    g.follow_forwards = bytes_.flag();
    if (bytes_.flag()) g.confirm = model::Confirm::Always;
    if (bytes_.flag()) g.finally.any = {model::DestinationKind::Mailbox, "general"};
    return g;
  }
  void draw_ways(model::Office& office) {
    for (std::uint8_t i = 0; i < kUsers; ++i) {
      model::ChainRow& row = office.chain.emplace_back();
      row.sip_number = extension(i);
      if (!bytes_.flag()) row.next_number = extension(bytes_.next());
    }
    model::Rule& rule = office.users.front().rules.emplace_back();
    if (bytes_.flag()) rule.mode = model::RuleMode::ExtendRing;
    for (std::uint8_t s = bytes_.below(4); s > 0; --s)
      rule.stages.push_back({.ring = draw_members(), .ring_for = maybe_seconds()});
  }
  Start draw_start() {
    Start start;
    switch (bytes_.below(8)) {
      case 0:
        start.step = model::RingUser{extension(bytes_.next()), base::Duration{9'000}, false};
        break;
      case 1:
        start.step = model::RingChain{extension(bytes_.next()), "", ""};
        break;
      case 2:
        start.step = model::RunRule{"101", 0};
        break;
      case 3:
        start.step = model::DialOut{"+48600100200", {}, ""};
        break;
      default:
        start.step = model::RingGroup{"g" + std::to_string(bytes_.below(kGroups))};
        break;
    }
    start.snapshot = pinned_;
    start.seed = bytes_.next();
    if (bytes_.flag()) start.caller_user = extension(bytes_.next());
    if (bytes_.flag()) start.open_elsewhere = {"user:" + extension(bytes_.next())};
    return start;
  }

  [[nodiscard]] base::Now now() const {
    return {.at = now_, .wall = {1'772'366'400'000 + now_.time_since_epoch().count()}};
  }
  void see(const Actions& actions) {
    for (const Action& action : actions) {
      observer_.see(action, now_);
      if (const auto* dial = std::get_if<Dial>(&action)) dials_.push_back(dial->attempt);
      if (const auto* ask = std::get_if<AskConfirmation>(&action)) asked_.push_back(ask->attempt);
      if (const auto* r = std::get_if<Remember>(&action)) apply(memory_[r->group_id], r->change);
    }
  }
  void step(const Event& event) {
    Actions actions;
    hunt_->step(event, *this, now(), actions);
    see(actions);
  }
  // Lets time go by, waking at every deadline.
  void pass(base::Duration span) {
    const base::Instant end = now_ + span;
    for (int i = 0; i < 10'000; ++i) {
      const auto due = hunt_->deadline();
      if (!due || *due > end) break;
      now_ = std::max(now_, *due);
      observer_.time_is(now_);
      step(TimeReached{});
      if (const auto next = hunt_->deadline(); next.has_value() && *next <= now_) {
        observer_.broken = "does not move on at its deadline";
        return;
      }
    }
    now_ = end;
  }
  AttemptId some_attempt() {
    if (dials_.empty()) return AttemptId{bytes_.next()};
    return dials_[bytes_.next() % dials_.size()];
  }
  void event() {
    const std::uint8_t what = bytes_.below(16);
    const AttemptId attempt = some_attempt();
    const auto open = observer_.open();
    const bool is_open = std::find(open.begin(), open.end(), attempt) != open.end();
    switch (what) {
      case 0:
      case 1:
      case 2:
        return step(AttemptRinging{attempt});
      case 3:
        return step(AttemptHeard{attempt});
      case 4:
        if (is_open) answer(attempt);
        return;
      case 5:
      case 6:
      case 7:
        if (is_open) fail(attempt, static_cast<Failure>(what - 5));
        return;
      case 8:
        return step(KeyPressed{some_asked(), "123#"[bytes_.below(4)]});
      case 9:
        return change();
      case 10: {
        const std::string id = extension(bytes_.next());
        presence_[id].calls = 0;
        return step(UserFree{id});
      }
      case 11:
        return step(DeviceRegistered{extension(bytes_.next())});
      case 12: {
        UserPresence& user = presence_[extension(bytes_.next())];
        user = {.devices = bytes_.below(3), .calls = bytes_.below(2), .last_answered_ended = {}};
        return;
      }
      case 13:
        return step(DeviceClosed{"user:" + extension(bytes_.next())});
      case 14:
        return leave();
      default:
        return;
    }
  }
  AttemptId some_asked() {
    return asked_.empty() ? some_attempt() : asked_[bytes_.next() % asked_.size()];
  }
  void answer(AttemptId attempt) {
    observer_.closed(attempt, false);
    observer_.expect_drop(attempt);
    step(AttemptAnswered{attempt});
    observer_.nothing_expected();
  }
  void fail(AttemptId attempt, Failure failure) {
    const bool ringing = hunt_->phase() == Phase::Hunting && is_up(attempt);
    observer_.closed(attempt, failure == Failure::Declined && ringing);
    step(AttemptFailed{attempt, failure, 480});
  }
  // It has not ended by the timeline: a decline after a drop is only the end of its INVITE.
  bool is_up(AttemptId attempt) {
    const facts::Attempt* entry = hunt_->attempt(attempt);
    return entry != nullptr && !entry->ended_at_ms.has_value();
  }
  void change() {
    model::Office next = office_;
    for (model::Group& g : next.groups)
      for (model::Member& m : g.members)
        if (bytes_.flag()) m.logged_in = false;
    if (bytes_.flag()) next.users.erase(next.users.begin() + bytes_.below(kUsers));
    if (bytes_.flag()) next.groups.erase(next.groups.begin() + bytes_.below(kGroups));
    current_ = model::Snapshot::build(next, {});
    step(Reconfigured{});
  }
  void leave() {
    if (hunt_->phase() == Phase::Connected) return;
    switch (bytes_.below(6)) {
      case 0:
        step(CallerHungUp{.elsewhere = bytes_.flag()});
        return observer_.caller_hung_up();
      case 1:
        step(TakenElsewhere{});
        return observer_.taken();
      case 2:
        step(ServiceTook{});
        return observer_.taken();
      default:
        return;
    }
  }
  // Everybody falls silent: the hunt must come to its end by itself.
  void silence() {
    for (int i = 0; i < 40 && hunt_->phase() == Phase::Hunting && observer_.broken.empty(); ++i)
      pass(base::Duration{60'000});
    if (hunt_->phase() == Phase::Hunting && observer_.broken.empty())
      observer_.broken = "never ends";
    for (const AttemptId attempt : observer_.open()) fail(attempt, Failure::Unreachable);
    if (hunt_->open() != 0 && observer_.broken.empty()) observer_.broken = "legs stay open";
  }
  void check_timeline() {
    for (const facts::Attempt& attempt : hunt_->attempts()) {
      using facts::AttemptResult;
      const bool reached = attempt.dialled_at_ms.has_value();
      const bool was_rung =
          attempt.result != AttemptResult::Skipped && attempt.result != AttemptResult::NotReached;
      if (reached != was_rung || reached != attempt.ended_at_ms.has_value())
        observer_.broken = "an attempt without exactly one outcome: " + attempt.target + ' ' +
                           facts::word(attempt.result);
    }
  }

  Bytes bytes_;
  model::Office office_;
  std::shared_ptr<const model::Snapshot> pinned_, current_;
  std::unique_ptr<Hunt> hunt_;
  Observer observer_;
  std::map<std::string, UserPresence> presence_;
  std::map<std::string, Memory> memory_;
  std::vector<AttemptId> dials_, asked_;
  base::Instant now_{};
};

}  // namespace hunt::testing
