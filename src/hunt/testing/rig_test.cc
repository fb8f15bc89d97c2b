#include "hunt/testing/rig.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>
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
namespace {

const char* word_of(StopReason why) {
  switch (why) {
    case StopReason::CompletedElsewhere:
      return "completed_elsewhere";
    case StopReason::CallerGaveUp:
      return "caller_gave_up";
    case StopReason::TimedOut:
      return "timed_out";
    case StopReason::DeclinedElsewhere:
      return "declined_elsewhere";
  }
  return "";
}

std::int64_t whole_ms(std::string_view seconds_text) {
  return static_cast<std::int64_t>(std::strtod(std::string{seconds_text}.c_str(), nullptr) * 1'000);
}

}  // namespace

base::Duration seconds(std::int64_t s) {
  return base::Duration{s * 1'000};
}

model::Member member(std::string target) {
  model::Member line;
  line.target = std::move(target);
  return line;
}

model::Member member(std::string target, std::int64_t ring_for_s) {
  model::Member line = member(std::move(target));
  line.ring_for = seconds(ring_for_s);
  return line;
}

model::Member nested(std::string group) {
  model::Member line = member(std::move(group));
  line.is_group = true;
  return line;
}

model::User user(std::string extension) {
  model::User u;
  u.extension = extension;
  u.name = "User " + extension;
  return u;
}

std::vector<model::Member> members(const std::string& words) {
  std::vector<model::Member> lines;
  std::istringstream in{words};
  for (std::string word; in >> word;) {
    model::Member line;
    if (word.starts_with("g:")) {
      line.is_group = true;
      word.erase(0, 2);
    }
    const bool uri = word.starts_with("sip:");
    if (const auto at = word.rfind(':'); !uri && at != std::string::npos) {
      line.ring_for = base::Duration{whole_ms(std::string_view{word}.substr(at + 1))};
      word.erase(at);
    }
    if (const auto at = word.rfind('@'); !uri && at != std::string::npos) {
      line.after = base::Duration{whole_ms(std::string_view{word}.substr(at + 1))};
      word.erase(at);
    }
    line.target = word;
    lines.push_back(std::move(line));
  }
  return lines;
}

model::Group group(std::string name, model::Strategy strategy, const std::string& member_words) {
  model::Group g;
  g.name = std::move(name);
  g.strategy = strategy;
  g.members = members(member_words);
  return g;
}

model::Office office_with(std::vector<model::Group> groups) {
  model::Office office;
  for (int extension = 101; extension <= 110; ++extension)
    office.users.push_back(user(std::to_string(extension)));
  model::Trunk trunk;
  trunk.name = "carrier";
  trunk.uri = "sip:127.0.0.1:5070";
  office.trunks.push_back(trunk);
  office.groups = std::move(groups);
  return office;
}

std::shared_ptr<const model::Snapshot> snapshot_of(model::Office office) {
  return model::Snapshot::build(std::move(office), {});
}

class Rig::LiveView final : public View {
 public:
  explicit LiveView(Rig& rig) : rig_(rig) {}
  [[nodiscard]] const model::Snapshot& current() const override { return *rig_.current_; }
  [[nodiscard]] UserPresence user(std::string_view user_id) const override {
    const auto found = rig_.presence.users.find(std::string{user_id});
    return found == rig_.presence.users.end() ? UserPresence{} : found->second;
  }
  [[nodiscard]] Memory memory(std::string_view group_id) const override {
    const auto found = rig_.memory.find(std::string{group_id});
    return found == rig_.memory.end() ? Memory{} : found->second;
  }

 private:
  Rig& rig_;
};

Rig::Rig(model::Office office)
    : pinned_(snapshot_of(std::move(office))),
      current_(pinned_),
      view_(std::make_unique<LiveView>(*this)) {
  for (const model::User& u : pinned_->office().users) presence.users[u.id].devices = 1;
}

Rig::~Rig() = default;

base::Now Rig::now() const {
  return {.at = base::Instant{base::Duration{now_ms_}}, .wall = {kNoon + now_ms_}};
}

void Rig::reconfigure(model::Office office) {
  current_ = snapshot_of(std::move(office));
  event(Reconfigured{});
}

void Rig::start_group(const std::string& name) {
  start(model::RingGroup{pinned_->group_named(name)->id});
}

void Rig::start(model::Step step) {
  Start begin;
  begin.step = std::move(step);
  begin.seed = seed;
  begin.caller_user = caller_user;
  begin.origin = now().at;
  start(std::move(begin));
}

void Rig::start(Start begin) {
  if (begin.snapshot == nullptr) begin.snapshot = pinned_;
  hunt_ = std::make_unique<Hunt>(std::move(begin), settings);
  Actions actions;
  hunt_->begin(*view_, now(), actions);
  carry_out(actions);
}

void Rig::until(std::int64_t ms) {
  for (auto due = hunt_->deadline(); due.has_value(); due = hunt_->deadline()) {
    const std::int64_t at = due->time_since_epoch().count();
    if (at > ms) break;
    if (at > now_ms_) now_ms_ = at;
    event(TimeReached{});
  }
  now_ms_ = ms;
}

void Rig::event(const Event& event) {
  Actions actions;
  hunt_->step(event, *view_, now(), actions);
  carry_out(actions);
}

void Rig::ring(const std::string& target) {
  event(AttemptRinging{last(target)});
}
void Rig::heard(const std::string& target) {
  event(AttemptHeard{last(target)});
}
void Rig::press(const std::string& target, char digit) {
  event(KeyPressed{last(target), digit});
}
void Rig::answer(const std::string& target) {
  const AttemptId id = last(target);
  attempts_[static_cast<std::uint32_t>(id)].open = false;
  event(AttemptAnswered{id});
}
void Rig::fail(const std::string& target, std::uint16_t code) {
  const AttemptId id = last(target);
  attempts_[static_cast<std::uint32_t>(id)].open = false;
  event(AttemptFailed{id, failure_of(code), code});
}

AttemptId Rig::last(const std::string& target) const {
  AttemptId found{UINT32_MAX};
  for (const auto& [id, attempt] : attempts_)
    if (attempt.target == target) found = AttemptId{id};
  return found;
}

std::string Rig::name(AttemptId id) const {
  const auto found = attempts_.find(static_cast<std::uint32_t>(id));
  return found == attempts_.end() ? "?" : found->second.target;
}

void Rig::note(const std::string& text) {
  log.push_back(std::to_string(now_ms_) + ' ' + text);
}

void Rig::dialled(const Dial& dial) {
  const std::string target = dial.target.name;
  attempts_[static_cast<std::uint32_t>(dial.attempt)] = {.target = target};
  note("dial " + target);
  latest_end[target] = std::nullopt;
  if (dial.latest_end) latest_end[target] = dial.latest_end->time_since_epoch().count();
  const auto found = phones.find(target);
  switch (found == phones.end() ? Phone::Rings : found->second) {
    case Phone::Rings:
      pending_.emplace_back(AttemptRinging{dial.attempt});
      break;
    case Phone::Trying:
      pending_.emplace_back(AttemptHeard{dial.attempt});
      break;
    case Phone::Silent:
      break;
    case Phone::Busy:
      pending_.emplace_back(AttemptFailed{dial.attempt, Failure::Busy, 486});
      break;
    case Phone::Declines:
      pending_.emplace_back(AttemptFailed{dial.attempt, Failure::Declined, 603});
      break;
    case Phone::Unreachable:
      pending_.emplace_back(AttemptFailed{dial.attempt, Failure::Unreachable, 480});
      break;
    case Phone::Answers:
      pending_.emplace_back(AttemptAnswered{dial.attempt});
      break;
  }
}

void Rig::carry_out(Actions& actions) {
  for (const Action& action : actions) carry_out(action);
  while (!pending_.empty()) {
    const Event next = pending_.front();
    pending_.erase(pending_.begin());
    if (const auto* failed = std::get_if<AttemptFailed>(&next))
      attempts_[static_cast<std::uint32_t>(failed->attempt)].open = false;
    if (const auto* answered = std::get_if<AttemptAnswered>(&next))
      attempts_[static_cast<std::uint32_t>(answered->attempt)].open = false;
    Actions more;
    hunt_->step(next, *view_, now(), more);
    for (const Action& action : more) carry_out(action);
  }
}

void Rig::carry_out(const Action& action) {
  std::visit(
      base::Overloaded{
          [&](const Dial& a) { dialled(a); },
          [&](const Drop& a) {
            note("drop " + name(a.attempt) + ' ' + word_of(a.why));
            const auto found = attempts_.find(static_cast<std::uint32_t>(a.attempt));
            if (found == attempts_.end() || !found->second.open || deaf[name(a.attempt)]) return;
            pending_.emplace_back(AttemptFailed{a.attempt, Failure::Unreachable, 487});
          },
          [&](const AddDevices& a) { note("add_devices " + name(a.attempt)); },
          [&](const TellCallerRinging&) { told.push_back(now_ms_); },
          [&](const Connect& a) { note("connect " + name(a.attempt)); },
          [&](const JoinPage& a) { note("join " + name(a.attempt)); },
          [&](const AskConfirmation& a) {
            note("ask " + name(a.attempt) + (a.mailbox_offered ? " mailbox" : ""));
          },
          [&](const RepeatQuestion& a) { note("repeat " + name(a.attempt)); },
          [&](const TellTooLate& a) { note("too_late " + name(a.attempt) + ' ' + word_of(a.why)); },
          [&](const SendToMailbox& a) { note("mailbox " + a.mailbox.value); },
          [&](const Remember& a) { apply(memory[a.group_id], a.change); },
          [](const Note&) {},
          [&](const End& a) {
            note(std::string{"end "} + model::word(a.end) +
                 (a.declined_by_group ? " by_group" : "") + (a.page_over ? " page_over" : ""));
          },
      },
      action);
}

Log Rig::timeline() {
  Log all;
  const auto shown = [](const std::optional<std::int64_t>& ms) {
    return ms ? std::to_string(*ms) : "-";
  };
  for (const facts::Attempt& a : hunt_->attempts()) {
    std::string line = a.target;
    for (const std::string& part : a.path) line += " in " + part;
    line += " round " + std::to_string(a.round) + " stage " + std::to_string(a.stage);
    line += " at " + std::to_string(a.planned_at_ms) + " for " + shown(a.planned_for_ms);
    line += " dialled " + shown(a.dialled_at_ms) + " ringing " + shown(a.ringing_at_ms);
    line += " ended " + shown(a.ended_at_ms) + ' ' + facts::word(a.result);
    if (!a.why.empty()) line += ' ' + a.why;
    all.push_back(std::move(line));
  }
  return all;
}

Log Rig::lines(const std::string& word) const {
  Log found;
  for (const std::string& line : log)
    if (line.find(word) != std::string::npos) found.push_back(line);
  return found;
}

}  // namespace hunt::testing
