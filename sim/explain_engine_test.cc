// explain against the engine: what foresight::explain says of a call is what the whole engine then
// does on the wire, for ten thousand small random offices.
//
// explain shows the first round as it is when every phone rings at once and nobody answers; so the
// phones here ring at once (the network has no delay) and nobody answers. Compared to the
// millisecond: when each INVITE leaves, to whom, by which nested groups, when each ring ends, who
// is skipped and why, when the round is over, and each decision of routing with its reason (hours,
// flags, patterns of callers, forwards, rules). A call that comes to a queue is compared up to it.
// Strategies that draw get the same seed, strategies that remember the same memory. A ring that
// goes on in the next stage (rule 4) stands in every stage of the plan, and is one INVITE: planned
// rings of one target that touch are one here.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/engine.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "foresight/explain.h"
#include "hunt/memory.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sim/phone.h"
#include "sim/small_office.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t kRoundsApart = 2'000;  // rule 5

// One ringing without a break.
struct Span {
  std::int64_t from = 0, to = kForever;
  std::set<std::vector<std::string>> ways;  // the groups that lead to it when it begins
};
using Spans = std::map<std::string, std::vector<Span>>;  // by target, in the order of time
using Skips = std::set<std::pair<std::string, std::string>>;

// What one round is, by explain or by the engine.
struct Round {
  Spans spans;
  Skips skips;
  std::int64_t end = 0;
};

Round round_of(const facts::PlanStory& story) {
  Round out;
  for (const facts::PlannedStage& stage : story.stages) {
    for (const facts::PlannedRing& ring : stage.rings) {
      const std::int64_t from = out.end + ring.after_ms;
      const std::int64_t to = ring.for_ms ? from + *ring.for_ms : kForever;
      out.spans[ring.target].push_back({from, to, {ring.path}});
    }
    out.end += stage.for_ms.value_or(kForever);
  }
  for (auto& [target, spans] : out.spans) {
    std::ranges::stable_sort(spans, {}, &Span::from);
    std::vector<Span> whole;
    for (Span& span : spans) {
      if (whole.empty() || span.from > whole.back().to) {
        whole.push_back(std::move(span));
        continue;
      }
      if (span.from == whole.back().from) whole.back().ways.merge(span.ways);
      whole.back().to = std::max(whole.back().to, span.to);
    }
    spans = std::move(whole);
  }
  // Who would be dialled when the time is over is no entry of the engine's timeline: he is not
  // skipped but not reached.
  for (const facts::SkippedTarget& one : story.skipped)
    if (one.why != "after_the_end") out.skips.emplace(one.target, one.why);
  return out;
}

// The first round of these attempts; `until` is where explain says that it ends.
Round round_of(std::span<const facts::Attempt> attempts, std::int64_t until) {
  Round out;
  out.end = until;
  for (const facts::Attempt& one : attempts) {
    if (one.round > 1) continue;
    if (one.result == facts::AttemptResult::Skipped) out.skips.emplace(one.target, one.why);
    if (!one.dialled_at_ms) continue;
    out.spans[one.target].push_back(
        {*one.dialled_at_ms, one.ended_at_ms.value_or(kForever), {one.path}});
  }
  return out;
}

std::string text_of(const Round& round) {
  std::string out;
  for (const auto& [target, spans] : round.spans)
    for (const Span& span : spans) {
      out += "    " + target + " " + std::to_string(span.from) + ".." + std::to_string(span.to);
      for (const auto& way : span.ways) {
        out += " [";
        for (const std::string& name : way) out += name + " ";
        out += "]";
      }
      out += "\n";
    }
  for (const auto& [target, why] : round.skips) out += "    skip " + target + " " + why + "\n";
  return out + "    end " + std::to_string(round.end) + "\n";
}

// Plays one office; `differences` says what is not equal.
class Play {
 public:
  explicit Play(std::uint64_t seed)
      : seed_(seed), made_(small_office(seed, kStart)), world_(made_.office, seed) {
    world_.network().faults.delay_min = base::Duration{0};
    world_.network().faults.delay_max = base::Duration{0};
    add_phones();
    world_.register_all();
    remember();
    come_to_now();
  }

  std::string differences() {
    dial();
    const Round told = round_of(story_);
    end_ = std::min(told.end, kForever);
    world_.run_for(base::Duration{std::min(end_, std::int64_t{600'000}) + kAfterwards});
    final_ = final_code_at();
    give_up();
    const Round done = round_of(of_the_first_hunt(), end_);
    std::string out = compare_decisions();
    if (led_to_a_queue()) {  // whom it offers its callers to is the line's matter, not a plan's
      if (!story_.stages.empty()) out += "  a plan for a queue\n";
      ++queued_;
      return out;
    }
    out += compare(told, done);
    compare_wire(done, out);
    compare_end(out);
    compare_plain(told, out);
    for (const auto& [target, spans] : done.spans) rings_ += spans.size();
    skips_ += done.skips.size();
    if (!out.empty()) out += "  explain\n" + text_of(told) + "  engine\n" + text_of(done);
    return out;
  }
  // Of the engine.
  [[nodiscard]] std::size_t rings() const { return rings_; }
  [[nodiscard]] std::size_t skips() const { return skips_; }
  [[nodiscard]] std::size_t queued() const { return queued_; }
  // Of which this much is decided by hours, flags and patterns of callers.
  [[nodiscard]] bool by_hours_or_flags() const {
    return std::ranges::any_of(story_.decisions, [](const facts::Decision& one) {
      return one.what.starts_with("flag ") || one.what.starts_with("schedule ") ||
             one.what.ends_with(" does not apply");
    });
  }

 private:
  static constexpr base::WallTime kStart{1'790'000'010'000};
  static constexpr std::int64_t kAfterwards = 5'000;

  static Habit ringing_at_once() {
    Habit habit;
    habit.trying.reset();
    habit.rings = base::Duration{0};
    return habit;
  }

  void add_phones() {
    for (const model::User& user : made_.office.users) {
      const auto person = made_.people.find(user.extension);
      if (person != made_.people.end() && !person->second.registered) continue;
      std::vector<std::string> names{user.sip_username};
      if (!user.devices.empty()) names = {user.devices[0].username, user.devices[1].username};
      for (const std::string& name : names) {
        Phone& phone = world_.add_phone(name);
        phone.habit = ringing_at_once();
        phones_[user.extension].push_back(&phone);
      }
    }
    Habit answers;
    answers.answers = base::Duration{0};
    phones_[SmallOffice::kSink][0]->habit = answers;
  }

  // They do not register, and stand at fixed addresses.
  void add_far_phones() {
    const auto far = [&](const char* name, const char* at) {
      Phone& phone = world_.add_foreign({name, "", made_.office.tenant}, *base::Address::parse(at));
      phone.habit = ringing_at_once();
      return &phone;
    };
    trunk_ = far("+48600100300", SmallOffice::kTrunk);
    desk_ = far("desk", SmallOffice::kFarAddress);
  }

  void remember() {
    snapshot_ = model::Snapshot::build(made_.office, {});
    for (const auto& [name, memory] : made_.memory)
      world_.engine().restore_memory(snapshot_->group_named(name)->id, hunt::encode(memory));
  }

  // Calls of before: who was in one at last, and who is in one still.
  void come_to_now() {
    add_far_phones();
    for (const auto& [extension, person] : made_.people) {
      if (person.idle_after_s == 0) continue;
      Phone* phone = phones_[extension][0];
      const std::size_t call = phone->call(SmallOffice::kSink);
      world_.scheduler().after(base::Duration{person.idle_after_s * 1'000},
                               [phone, call] { phone->hang_up(call); });
    }
    world_.run_for(base::Duration{6'000});
    for (const auto& [extension, person] : made_.people)
      if (person.in_a_call) (void)phones_[extension][0]->call(SmallOffice::kSink);
    world_.run_for(base::Duration{2'000});
  }

  void dial() {
    const hunt::Presence presence = world_.engine().presence(world_.now());
    for (const auto& [extension, person] : made_.people) {
      const model::User* user = snapshot_->user_named(extension);
      const auto known = presence.users.find(user->id);
      const hunt::UserPresence seen =
          known == presence.users.end() ? hunt::UserPresence{} : known->second;
      EXPECT_EQ(seen.calls, person.in_a_call ? 1U : 0U) << seed_ << " " << extension;
      EXPECT_EQ(seen.devices, phones_[extension].size()) << seed_ << " " << extension;
    }
    caller_ = made_.from.starts_with("+") ? trunk_ : phones_.at(made_.from)[0];
    foresight::Question question{
        .number = made_.number, .from = made_.from, .at = world_.now().wall};
    for (const auto& phones : phones_)
      for (Phone* phone : phones.second) calls_before_[phone] = phone->calls().size();
    dialled_ = world_.scheduler().now();
    call_ = caller_->call(made_.number);
    world_.run_for(base::Duration{0});
    question.seed = seed_of_the_call();
    story_ = foresight::explain(*snapshot_, presence, question);
  }

  // A call's id shows one draw of the engine's stream; the next is the seed of its strategies.
  std::uint64_t seed_of_the_call() {
    for (const facts::Fact& fact : world_.facts)
      if (const auto* arrived = std::get_if<facts::CallArrived>(&fact)) id_ = arrived->record.id;
    const std::uint64_t shown = std::stoull(id_.substr(id_.size() - 16), nullptr, 16);
    base::SplitMix stream(seed_);
    for (int i = 0; i < 100'000; ++i)
      if (stream.next() == shown) return stream.next();
    ADD_FAILURE() << "the id of the call is not of the engine's stream";
    return 0;
  }

  // Ms after the dialling; nothing while the caller has no final answer.
  std::optional<std::int64_t> final_code_at() {
    const PhoneCall& call = caller_->calls()[call_];
    if (call.final_code == 0 || !call.ended.has_value()) return std::nullopt;
    return (*call.ended - dialled_).count();
  }

  void give_up() {
    caller_->cancel(call_);
    world_.run_for(base::Duration{100});
    for (const facts::CallRecord& record : world_.records())
      if (record.id == id_) record_ = record;
    EXPECT_EQ(record_.id, id_) << seed_;
  }

  // Those that were told before `finally` began a second plan.
  [[nodiscard]] std::span<const facts::Attempt> of_the_first_hunt() const {
    int plans = 0;
    std::size_t count = 0;
    const auto told = [&](const auto& fact) {
      if (fact.call == id_ && plans == 1) count = std::max(count, fact.index + std::size_t{1});
    };
    for (const facts::Fact& fact : world_.facts) {
      if (const auto* planned = std::get_if<facts::CallPlanned>(&fact))
        plans += planned->call == id_ ? 1 : 0;
      if (const auto* dialled = std::get_if<facts::AttemptDialled>(&fact)) told(*dialled);
      if (const auto* ended = std::get_if<facts::AttemptEnded>(&fact)) told(*ended);
    }
    return std::span{record_.attempts}.first(std::min(count, record_.attempts.size()));
  }

  // What the engine decided on the way to the first hunt or service, and why, word for word.
  std::string compare_decisions() const {
    const auto& decided = record_.plan.decisions;
    for (std::size_t i = 0; i < story_.decisions.size(); ++i) {
      const facts::Decision& told = story_.decisions[i];
      const bool of_explain =
          told.what.starts_with("the caller gets ") || told.what.starts_with("the picture ends ");
      if (of_explain) break;
      if (i >= decided.size() || told != decided[i])
        return "  decision \"" + told.what + "\" (" + told.because + "), the engine's is \"" +
               (i < decided.size() ? decided[i].what + "\" (" + decided[i].because + ")"
                                   : std::string{"missing\""}) +
               "\n";
    }
    return {};
  }

  [[nodiscard]] bool led_to_a_queue() const {
    return !story_.decisions.empty() && story_.decisions.back().what.starts_with("queue ");
  }

  static std::string compare(const Round& told, const Round& done) {
    std::string out;
    if (told.skips != done.skips) out += "  who is skipped and why\n";
    for (const auto& [target, spans] : told.spans)
      if (!done.spans.contains(target)) out += "  " + target + " is never dialled\n";
    for (const auto& [target, spans] : done.spans) {
      const auto found = told.spans.find(target);
      if (found == told.spans.end() || found->second.size() != spans.size()) {
        out += "  " + target + " is dialled more or less often\n";
        continue;
      }
      for (std::size_t i = 0; i < spans.size(); ++i) {
        const Span& planned = found->second[i];
        if (planned.from != spans[i].from) out += "  when " + target + " is dialled\n";
        if (!planned.ways.contains(*spans[i].ways.begin())) out += "  the way to " + target + "\n";
        const bool may_ring_on = planned.to >= told.end;
        if (may_ring_on ? spans[i].to < told.end : spans[i].to != planned.to)
          out += "  when " + target + " stops\n";
      }
    }
    return out;
  }

  // The INVITEs as they reached the phones: those of the record, at each device of the target.
  void compare_wire(const Round& done, std::string& out) {
    for (const auto& [extension, phones] : phones_) {
      std::vector<std::int64_t> dialled;
      if (const auto found = done.spans.find(extension); found != done.spans.end())
        for (const Span& span : found->second) dialled.push_back(span.from);
      for (const Phone* phone : phones)
        if (arrivals(*phone, calls_before_[phone]) != dialled)
          out += "  INVITEs at " + phone->account().username + "\n";
    }
    std::size_t far = 0;
    for (const auto& [target, spans] : done.spans)
      if (target.starts_with("+") || target.starts_with("sip:")) far += spans.size();
    const std::size_t arrived = arrivals(*trunk_, 0).size() + arrivals(*desk_, 0).size();
    if (far != arrived) out += "  INVITEs to outside\n";
  }

  [[nodiscard]] std::vector<std::int64_t> arrivals(const Phone& phone, std::size_t first) const {
    std::vector<std::int64_t> out;
    for (std::size_t i = first; i < phone.calls().size(); ++i) {
      const PhoneCall& call = phone.calls()[i];
      if (call.outgoing) continue;
      const std::int64_t at = (*call.arrived - dialled_).count();
      if (at < end_) out.push_back(at);
    }
    return out;
  }

  // The round is over when explain says: the caller has his code, or nobody is dialled before the
  // next round may begin.
  void compare_end(std::string& out) {
    const bool ends = story_.rounds == 1 || story_.stages.empty() || end_ == story_.limit_ms;
    const bool goes_on_elsewhere = record_.attempts.size() > 0 && ends && final_ != end_;
    if (final_.has_value() && *final_ < end_) out += "  the caller's code comes too early\n";
    if (ends && !has_finally() && goes_on_elsewhere)
      out += "  the end is at " + std::to_string(final_.value_or(-1)) + "\n";
    if (ends) return;
    std::int64_t earliest = kForever;
    for (const facts::Attempt& one : record_.attempts)
      if (one.round > 1 && one.dialled_at_ms) earliest = std::min(earliest, *one.dialled_at_ms);
    const bool rang = std::ranges::any_of(
        story_.stages, [](const facts::PlannedStage& stage) { return !stage.rings.empty(); });
    const std::int64_t next = std::max(rang ? end_ : end_ + kRoundsApart, kRoundsApart);
    if (earliest < next) out += "  the next round begins at " + std::to_string(earliest) + "\n";
  }

  // The plan that the record keeps is laid out without the machine: in a plain office it says the
  // same, so that not only two runs of one machine are compared.
  void compare_plain(const Round& told, std::string& out) const {
    if (!made_.plain) return;
    const Round kept = round_of(record_.plan);
    if (kept.end != told.end) out += "  the end in the plan of the record\n";
    for (const auto& [target, spans] : told.spans) {
      const auto found = kept.spans.find(target);
      const bool same = found != kept.spans.end() &&
                        std::ranges::equal(spans, found->second, [](auto& a, auto& b) {
                          return a.from == b.from && a.to == b.to;
                        });
      if (!same) out += "  " + target + " in the plan of the record\n";
    }
    if (kept.spans.size() != told.spans.size()) out += "  the plan of the record rings others\n";
  }

  // Somebody is dialled when nobody answered.
  [[nodiscard]] bool has_finally() const {
    return story_.finally_json != "null" && story_.finally_json != "{}" &&
           !story_.finally_json.empty();
  }

  std::uint64_t seed_;
  SmallOffice made_;
  World world_;
  std::shared_ptr<const model::Snapshot> snapshot_;
  std::map<std::string, std::vector<Phone*>> phones_;  // by extension
  std::map<const Phone*, std::size_t> calls_before_;
  Phone* caller_ = nullptr;
  std::size_t call_ = 0;
  Phone* trunk_ = nullptr;
  Phone* desk_ = nullptr;
  base::Instant dialled_{};
  std::string id_;
  facts::PlanStory story_;
  facts::CallRecord record_;
  std::int64_t end_ = 0;
  std::size_t rings_ = 0, skips_ = 0, queued_ = 0;
  std::optional<std::int64_t> final_;
};

TEST(ExplainAgainstTheEngine, SaysWhatTheEngineThenDoesInTenThousandOffices) {
  std::size_t rings = 0, skips = 0, queued = 0, by_hours = 0;
  int shown = 0;
  for (std::uint64_t seed = 1; seed <= 10'000 && shown < 5; ++seed) {
    Play play{seed};

    const std::string differences = play.differences();

    EXPECT_EQ(differences, "") << "office of seed " << seed;
    shown += differences.empty() ? 0 : 1;
    rings += play.rings();
    skips += play.skips();
    queued += play.queued();
    by_hours += play.by_hours_or_flags() ? 1 : 0;
  }
  // What is compared must not dwindle to nothing.
  EXPECT_GT(rings, 12'000U);
  EXPECT_GT(skips, 8'000U);
  EXPECT_GT(queued, 300U);
  EXPECT_GT(by_hours, 800U);
}

}  // namespace
}  // namespace sim
