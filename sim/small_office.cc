#include "sim/small_office.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "hunt/memory.h"
#include "model/office.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr std::array kStrategies{
    model::Strategy::RingAll,    model::Strategy::Sequential,  model::Strategy::Random,
    model::Strategy::RoundRobin, model::Strategy::LongestIdle, model::Strategy::FewestCalls,
    model::Strategy::Weighted,   model::Strategy::Staggered,   model::Strategy::Rollover,
    model::Strategy::Stages,     model::Strategy::Page};

class Draw {
 public:
  Draw(std::uint64_t seed, base::WallTime wall) : rng_(seed), wall_(wall) {}

  SmallOffice office() {
    made_.plain = one_in(3);
    made_.office = office_of_users(SmallOffice::kPeople);
    add_user(SmallOffice::kCaller);
    add_user(SmallOffice::kSink);
    made_.office.max_hunt = seconds(20, 60);
    if (!one_in(4)) add_trunk();
    groups_ = 1 + below(5);
    for (int i = 0; i < groups_; ++i) made_.office.groups.push_back(group(i));
    for (int i = 0; i < SmallOffice::kPeople; ++i) person(i);
    if (one_in(4)) chain();
    call();
    hours_and_flags();
    return std::move(made_);
  }

 private:
  int below(int bound) {
    return static_cast<int>(base::below(rng_, static_cast<std::uint64_t>(bound)));
  }
  bool one_in(int n) { return below(n) == 0; }
  base::Duration seconds(int from, int to) {
    return base::Duration{(from + below(to - from + 1)) * 1'000};
  }
  std::string extension() { return std::to_string(101 + below(SmallOffice::kPeople)); }
  std::string group_number() { return std::to_string(600 + below(groups_)); }
  std::string outside() { return "+4860010020" + std::to_string(below(2)); }

  void add_user(const std::string& name) {
    model::User& user = made_.office.users.emplace_back();
    user.extension = name;
    user.name = "User " + name;
    user.sip_username = name;
    user.sip_password = "pw" + name;
  }

  void add_trunk() {
    model::Trunk& trunk = made_.office.trunks.emplace_back();
    trunk.name = "carrier";
    trunk.uri = std::string{"sip:"} + SmallOffice::kTrunk;
  }

  model::Paused paused(int rarity) {
    model::Paused out;
    out.on = one_in(rarity);
    if (one_in(2) && !made_.plain)
      out.until = base::WallTime{wall_.unix_ms + (below(60) - 20) * 1'000};
    return out;
  }

  model::Member member_line() {
    model::Member line = member(extension());
    const int kind = below(12);
    if (kind < (group_ > 0 ? 4 : 1)) {
      line.is_group = true;
      // Mostly one of those before; sometimes a cycle.
      line.target = one_in(8) ? group_number() : std::to_string(600 + below(std::max(1, group_)));
    } else if (kind == 4) {
      line.target = outside();
    } else if (kind == 5 && one_in(2)) {
      line.target = one_in(4) ? "nobody" : SmallOffice::kFarUri;
    }
    if (one_in(2)) line.after = seconds(0, 9);
    if (!one_in(3)) line.ring_for = seconds(1, 9);
    if (one_in(3)) line.priority = below(4);
    if (one_in(3)) line.weight = below(20);
    if (one_in(6)) line.timer_from = model::TimerFrom::Ringing;
    if (one_in(6)) line.confirm = one_in(2) ? model::Confirm::Always : model::Confirm::Never;
    line.enabled = !one_in(25);
    line.logged_in = !one_in(25);
    line.paused = paused(20);
    return line;
  }

  model::Stage stage() {
    model::Stage out;
    if (!one_in(3)) out.ring_for = seconds(1, 12);
    const int lines = 1 + below(3);
    for (int i = 0; i < lines; ++i) out.ring.push_back(member_line());
    return out;
  }

  model::Group group(int index) {
    group_ = index;
    model::Group out;
    out.name = "Group " + std::to_string(600 + index);
    out.extensions = {std::to_string(600 + index)};
    out.enabled = !one_in(25);
    out.strategy = kStrategies.at(static_cast<std::size_t>(below(kStrategies.size())));
    if (one_in(2)) out.timeout = seconds(2, 25);
    out.repeat = made_.plain || one_in(2) ? 1U : static_cast<std::uint32_t>(below(4));
    out.prevent_missed_calls = one_in(2);
    out.skip_busy = !one_in(4);
    out.follow_forwards = one_in(3) && !made_.plain;
    out.decline = one_in(5) ? model::Decline::Group : model::Decline::Member;
    const int members = one_in(12) ? 0 : 2 + below(5);
    for (int i = 0; i < members; ++i) out.members.push_back(member_line());
    const int stages = out.strategy == model::Strategy::Stages ? 1 + below(3) : 0;
    for (int i = 0; i < stages; ++i) out.stages.push_back(stage());
    out.finally.any = destination();
    if (remembers(out)) made_.memory[out.name] = remembered(out);
    return out;
  }

  static bool remembers(const model::Group& group) {
    return group.strategy == model::Strategy::RoundRobin ||
           group.strategy == model::Strategy::LongestIdle ||
           group.strategy == model::Strategy::FewestCalls;
  }

  hunt::Memory remembered(const model::Group& group) {
    hunt::Memory out;
    for (const model::Member& line : group.members) {
      const std::string key = (line.target.starts_with("+") ? "number:" : "user:") + line.target;
      if (line.is_group || one_in(3)) continue;
      const int calls = below(4);
      for (int i = 0; i < calls; ++i)
        hunt::apply(out, hunt::MemberAnswered{key,
                                              {wall_.unix_ms - (1 + below(600)) * 1'000},
                                              {wall_.unix_ms / 86'400'000 * 86'400'000}});
      if (one_in(2)) hunt::apply(out, hunt::RoundBegan{key});
    }
    return out;
  }

  model::Destination destination() {
    switch (below(8)) {
      case 0:
        return {model::DestinationKind::User, extension()};
      case 1:
        return {model::DestinationKind::Group, group_number()};
      case 2:
        return {model::DestinationKind::Number, outside()};
      case 3:
        return {model::DestinationKind::Busy, ""};
      default:
        return {};
    }
  }

  void person(int index) {
    model::User& user = made_.office.users[static_cast<std::size_t>(index)];
    PersonNow& now = made_.people[user.extension];
    user.enabled = !one_in(20);
    now.registered = user.enabled && !one_in(12);
    now.in_a_call = now.registered && one_in(10);
    if (now.registered && one_in(3)) now.idle_after_s = 1 + below(4);
    if (one_in(5))
      user.devices = {{"desk", user.extension + "-desk", "pw1", ""},
                      {"soft", user.extension + "-soft", "pw2", ""}};
    user.do_not_disturb = one_in(14);
    user.paused = paused(16);
    user.permissions.external = !one_in(6);
    user.mailbox.present = one_in(6);
    if (one_in(14)) user.forward.always = forward();
    if (one_in(4)) user.forward.busy = forward();
    if (one_in(4)) user.forward.unreachable = forward();
    if (one_in(4)) user.forward.no_answer = {forward(), seconds(1, 8)};
    if (one_in(4)) user.rules.push_back(rule());
  }

  std::string forward() {
    const int kind = below(5);
    if (kind == 0) return outside();
    return kind == 1 ? group_number() : extension();
  }

  model::Rule rule() {
    model::Rule out;
    out.name = "evening";
    out.mode = one_in(3) ? model::RuleMode::ExtendRing : model::RuleMode::FollowMe;
    out.max_hold = seconds(10, 40);
    if (one_in(3)) out.repeat = static_cast<std::uint32_t>(below(3));
    const int stages = 1 + below(3);
    for (int i = 0; i < stages; ++i) out.stages.push_back(stage());
    out.finally.any = destination();
    return out;
  }

  // 101 -> 102 -> …, perhaps back to somebody.
  void chain() {
    const int length = 1 + below(SmallOffice::kPeople);
    for (int i = 0; i < length; ++i) {
      model::ChainRow& row = made_.office.chain.emplace_back();
      row.sip_number = std::to_string(101 + i);
      if (i + 1 < length) row.next_number = std::to_string(102 + i);
      if (i + 1 == length && one_in(2)) row.next_number = std::to_string(101 + below(length));
      if (one_in(2)) row.ring_for = seconds(1, 9);
    }
    made_.office.chain.front().service_number = "8008001";
    made_.office.chain.front().start_number = std::to_string(101 + below(length));
  }

  void call() {
    const int whom = below(20);
    made_.number = one_in(3) ? group_number() : std::to_string(599 + groups_);
    if (whom < 5) made_.number = extension();
    if (whom == 5 && !made_.office.chain.empty()) made_.number = one_in(2) ? "8008001" : "101T";
    if (whom == 6) made_.number = one_in(2) ? outside() : "777";
    made_.from = SmallOffice::kCaller;
    if (one_in(6)) made_.from = extension();
    if (one_in(10) && !made_.office.trunks.empty()) made_.from = "+48600100300";
    if (made_.people.contains(made_.from)) caller_is(made_.from);
  }

  // ---- hours, flags, a queue and a public number: drawn last ----

  void hours_and_flags() {
    queue();
    for (const char* name : {"business", "break"}) schedule(name);
    for (const char* name : {"night", "holiday"}) flag(name);
    for (model::Group& group : made_.office.groups) {
      if (one_in(4)) group.flags.push_back({flag_name(), led_to()});
      if (one_in(8)) group.flags.push_back({"all_logged_out", led_to()});
      if (one_in(16)) group.forward = {forward(), one_in(2) ? extension() : std::string()};
      if (one_in(6)) group.finally.any = led_to();
    }
    for (model::User& user : made_.office.users) {
      user.rules_on = !one_in(8);
      for (model::Rule& rule : user.rules) limits_of(rule);
    }
    model::Number& number = made_.office.numbers.emplace_back();
    number.number = SmallOffice::kPublic;
    number.to = led_to();
    if (one_in(12)) made_.number = SmallOffice::kPublic;
    if (one_in(40)) made_.number = SmallOffice::kQueue;
  }

  void limits_of(model::Rule& rule) {
    if (one_in(2)) rule.when = one_in(2) ? "business" : "break";
    if (one_in(3)) rule.callers = {one_in(2) ? "1*" : "+48600100300"};
    rule.locked = one_in(4);
  }

  void queue() {
    model::Queue& queue = made_.office.queues.emplace_back();
    queue.name = "Support";
    queue.extension = SmallOffice::kQueue;
    queue.members = {member(extension())};
    queue.minimum_agents = one_in(3) ? 1U : 0U;
    queue.max_wait = seconds(5, 30);
  }

  // The call comes some seconds after 14:13:30 on a Monday.
  void schedule(const char* name) {
    static constexpr std::array kOpen{"Mo-Fr 08:00-16:00", "Mo 14:00-14:14", "Mo-Su 14:14-15:00",
                                      "Tu-Su 00:00-24:00", "Mo 22:00-14:13", "Mo-Fr 14:13-14:30"};
    model::Schedule& schedule = made_.office.schedules.emplace_back();
    schedule.name = name;
    schedule.open = {kOpen.at(static_cast<std::size_t>(below(kOpen.size())))};
    if (one_in(6)) schedule.holidays = "PL";
  }

  void flag(const char* name) {
    model::Flag& flag = made_.office.flags.emplace_back();
    flag.name = name;
    if (!one_in(3)) flag.schedule = one_in(2) ? "business" : "break";
    const base::WallTime until{wall_.unix_ms + (below(60) - 20) * 1'000};
    if (one_in(4)) {
      flag.on = true;
      if (one_in(2)) flag.on_until = until;
    } else if (one_in(4)) {
      flag.off_until = until;
    }
  }
  std::string flag_name() { return one_in(2) ? "night" : "holiday"; }

  model::Destination led_to() {
    switch (below(6)) {
      case 0:
        return {model::DestinationKind::Queue, "Support"};
      case 1:
        return {model::DestinationKind::Mailbox, extension()};
      case 2:
        return {model::DestinationKind::User, extension()};
      case 3:
        return {model::DestinationKind::Group, group_number()};
      default:
        return destination();
    }
  }

  // Who calls has a phone and sits at it.
  void caller_is(const std::string& who) {
    made_.people[who] = {};
    for (model::User& user : made_.office.users)
      if (user.extension == who) user.enabled = true;
  }

  base::SplitMix rng_;
  base::WallTime wall_;
  int groups_ = 0;
  int group_ = 0;  // that is being drawn
  SmallOffice made_;
};

}  // namespace

SmallOffice small_office(std::uint64_t seed, base::WallTime wall) {
  return Draw{seed, wall}.office();
}

}  // namespace sim
