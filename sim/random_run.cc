#include "sim/random_run.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/scene.h"
#include "sim/world.h"

namespace sim {
namespace {

constexpr int kUsersMin = 4;

class Life {
 public:
  explicit Life(std::uint64_t seed)
      : rng_(seed),
        users_(kUsersMin + draw(5)),
        media_(draw(2) == 0),
        world_(random_office(), seed, random_settings()) {}

  RunResult live() {
    make_phones();
    world_.register_all();
    world_.network().faults = random_faults();
    const int callers = 1 + draw(5);
    for (int i = 0; i < callers; ++i) plan_call(i);
    const int changes = draw(4);
    for (int i = 0; i < changes; ++i)
      world_.scheduler().after(ms(draw(40'000)), [this] { change_something(); });
    for (int i = 0; media_ && i < 300; ++i)
      world_.scheduler().after(ms(draw(110'000)), [this] { touch_some_sound(); });
    for (int i = 0; media_ && i < 40; ++i)
      world_.scheduler().after(ms(draw(110'000)), [this] { use_a_key(); });
    world_.run_for(ms(120'000));
    return finish();
  }

 private:
  [[nodiscard]] int draw(int below) {
    return static_cast<int>(base::below(rng_, static_cast<std::uint64_t>(below)));
  }
  [[nodiscard]] static base::Duration ms(std::int64_t count) { return base::Duration{count}; }
  [[nodiscard]] std::string random_extension() { return std::to_string(101 + draw(users_)); }

  model::Member random_member(int group) {
    model::Member made = member(random_extension());
    if (group > 0 && draw(6) == 0) {
      made.is_group = true;
      made.target = std::to_string(600 + draw(group));
      made.ring_for = ms(5'000 + draw(10'000));
    }
    if (draw(3) == 0) made.after = ms(draw(12) * 1'000);
    if (draw(3) == 0) made.ring_for = ms(1'000 + draw(15'000));
    if (draw(4) == 0) made.priority = draw(4);
    made.paused.on = draw(15) == 0;
    made.logged_in = draw(15) != 0;
    return made;
  }

  model::Group random_group(int index) {
    static constexpr std::array kStrategies{
        model::Strategy::RingAll,    model::Strategy::Sequential,  model::Strategy::Random,
        model::Strategy::RoundRobin, model::Strategy::LongestIdle, model::Strategy::FewestCalls,
        model::Strategy::Weighted,   model::Strategy::Staggered,   model::Strategy::Rollover,
        model::Strategy::Stages,     model::Strategy::Page};
    model::Group group;
    group.name = "Group " + std::to_string(600 + index);
    group.extensions = {std::to_string(600 + index)};
    group.strategy = kStrategies.at(static_cast<std::size_t>(draw(kStrategies.size())));
    if (draw(2) == 0) group.timeout = ms(3'000 + draw(30'000));
    group.repeat = static_cast<std::uint32_t>(draw(4));
    if (group.repeat == 0 && !group.timeout.has_value()) group.timeout = ms(60'000);
    group.prevent_missed_calls = draw(2) == 0;
    group.skip_busy = draw(4) != 0;
    group.decline = draw(5) == 0 ? model::Decline::Group : model::Decline::Member;
    const int members = draw(5);
    for (int i = 0; i < members; ++i) group.members.push_back(random_member(index));
    if (group.strategy == model::Strategy::Stages) make_stages(group, index);
    if (index > 0 && draw(3) == 0)
      group.finally.any = {model::DestinationKind::Group, std::to_string(600 + draw(index))};
    else if (draw(3) == 0)
      group.finally.any = {model::DestinationKind::User, random_extension()};
    if (media_) add_services(group);
    return group;
  }

  call::Settings random_settings() {
    call::Settings settings;
    if (!media_) return settings;
    settings = with_media();
    if (draw(4) == 0) settings.media.anchor = call::MediaSettings::When::Always;
    if (draw(6) == 0) settings.media.last_port = 30'007;  // four streams and no more
    return settings;
  }

  // A person presses a key, or his phone falls silent.
  void touch_some_sound() {
    const Phone& phone =
        *world_.phones()[static_cast<std::size_t>(draw(static_cast<int>(world_.phones().size())))];
    if (phone.calls().empty()) return;
    const std::uint16_t port = phone.calls().back().sound_port();
    const int what = draw(80);
    if (what < 2) {
      (void)world_.sound().fall_silent(port);
    } else if (what == 2) {
      (void)world_.sound().fail(port);
    } else {
      (void)world_.sound().press(port, "123#0*"[draw(6)]);
    }
  }

  // A person dials a code, picks a call up, watches somebody, sends a call on.
  void use_a_key() {
    static constexpr std::array kCodes{"*78", "*79", "*76", "*46", "*45600", "*45650", "*45",
                                       "*21", "*66", "*69", "*30", "*281",   "*73",    "*8"};
    Phone& phone =
        *world_.phones()[static_cast<std::size_t>(draw(static_cast<int>(world_.phones().size())))];
    switch (draw(8)) {
      case 0:
        dial_for_a_while(phone, kCodes.at(static_cast<std::size_t>(draw(kCodes.size()))));
        break;
      case 1:
        dial_for_a_while(phone, "*72" + random_extension());
        break;
      case 2:
        dial_for_a_while(phone, "**" + random_number());
        break;
      case 3:
        phone.watch(draw(4) == 0 ? "*30" : random_number());
        break;
      case 4:
        if (const std::string replaces = phone.replaces(); !replaces.empty())
          dial_for_a_while(phone, "600", {replaces});
        break;
      default:
        send_on(phone);
        break;
    }
  }

  [[nodiscard]] std::string random_number() {
    return draw(2) == 0 ? random_extension() : std::to_string(600 + draw(groups_));
  }

  void dial_for_a_while(Phone& phone, const std::string& number,
                        const std::vector<std::string>& extra = {}) {
    const std::size_t call = phone.call(number, extra);
    const base::Duration patience = ms(500 + draw(20'000));
    world_.scheduler().after(patience, [&phone, call] {
      phone.cancel(call);
      phone.hang_up(call);
    });
  }

  // Blind, attended, or another phone of nobody in particular tries to take it over.
  void send_on(Phone& phone) {
    std::vector<std::size_t> talks;
    for (std::size_t i = 0; i < phone.calls().size(); ++i)
      if (phone.calls()[i].state == PhoneCall::State::Talking) talks.push_back(i);
    if (talks.empty()) return;
    const std::size_t first = talks[static_cast<std::size_t>(draw(static_cast<int>(talks.size())))];
    const std::size_t second = phone.calls().size() - 1;
    if (first != second && draw(2) == 0) {
      phone.transfer(first, phone.calls()[second]);
    } else {
      phone.transfer(first, draw(8) == 0 ? "700" : random_number());
    }
    // Some phones hang up at once, most wait for what comes of it.
    if (draw(3) == 0)
      world_.scheduler().after(ms(draw(3'000)), [&phone, first] { phone.hang_up(first); });
  }

  // What media makes possible.
  void add_services(model::Group& group) {
    static constexpr std::array kConfirms{model::Confirm::Never, model::Confirm::Auto,
                                          model::Confirm::Always};
    group.confirm = kConfirms.at(static_cast<std::size_t>(draw(3)));
    if (draw(3) == 0) group.caller_hears = {draw(2) == 0 ? "music" : "hello", draw(2) == 0};
    if (draw(4) == 0) group.record = model::RecordPolicy::On;
    if (draw(3) == 0) group.pickup = model::Pickup::Anyone;
    if (draw(6) == 0) group.flags = {{"night", {model::DestinationKind::User, random_extension()}}};
    if (draw(3) == 0) group.finally.any = {model::DestinationKind::Mailbox, "general"};
    if (draw(5) == 0) group.finally.any = {model::DestinationKind::Ivr, "menu"};
    if (draw(8) == 0) group.finally.any = {model::DestinationKind::Announce, "closed"};
    if (draw(6) == 0) group.finally.any = {model::DestinationKind::Queue, "support"};
  }

  void make_stages(model::Group& group, int index) {
    const int stages = 1 + draw(3);
    for (int i = 0; i < stages; ++i) {
      model::Stage stage;
      stage.ring_for = ms(2'000 + draw(8'000));
      const int members = 1 + draw(3);
      for (int k = 0; k < members; ++k) stage.ring.push_back(random_member(index));
      group.stages.push_back(std::move(stage));
    }
  }

  model::Office random_office() {
    model::Office office = office_of_users(users_ + 5);  // the last five are callers
    const int groups = 1 + draw(4);
    for (int i = 0; i < groups; ++i) office.groups.push_back(random_group(i));
    groups_ = groups;
    model::Mailbox& general = office.mailboxes.emplace_back();
    general.name = "general";
    general.extension = "900";
    add_queue(office);
    model::Flag& night = office.flags.emplace_back();
    night.name = "night";
    night.code = "*30";
    model::Ivr& menu = office.ivrs.emplace_back();
    menu.name = "menu";
    menu.extension = "700";
    menu.greeting = "welcome";
    menu.keys = {{"1", {model::DestinationKind::Group, "600"}},
                 {"2", {model::DestinationKind::Mailbox, "general"}},
                 {"3", {model::DestinationKind::User, "101"}}};
    for (int i = 0; i < users_; ++i) {
      model::User& user = office.users[static_cast<std::size_t>(i)];
      user.do_not_disturb = draw(12) == 0;
      if (draw(10) == 0) user.forward.no_answer = {random_extension(), ms(4'000)};
      if (draw(20) == 0) user.forward.always = random_extension();
      user.mailbox.present = media_ && draw(3) == 0;
      if (media_ && draw(6) == 0) user.rules.push_back(random_rule());
    }
    return office;
  }

  void add_queue(model::Office& office) {
    model::Queue& queue = office.queues.emplace_back();
    queue.name = "support";
    queue.extension = "650";
    queue.strategy = draw(2) == 0 ? model::Strategy::RingAll : model::Strategy::LongestIdle;
    queue.max_wait = ms(20'000 + draw(60'000));
    queue.announce_position = draw(2) == 0;
    queue.minimum_agents = static_cast<std::uint32_t>(draw(3));
    for (int i = 0; i < 3; ++i) queue.members.push_back(member(random_extension()));
    queue.may_log_in = {random_extension()};
    queue.finally.any = {model::DestinationKind::User, random_extension()};
  }

  model::Rule random_rule() {
    model::Rule rule;
    rule.name = "rule";
    rule.mode = draw(2) == 0 ? model::RuleMode::ExtendRing : model::RuleMode::FollowMe;
    rule.max_hold = ms(20'000 + draw(40'000));
    model::Stage stage;
    stage.ring_for = ms(3'000 + draw(9'000));
    stage.ring = {member(random_extension()), member(random_extension())};
    rule.stages = {stage};
    return rule;
  }

  Habit random_habit() {
    Habit habit;
    habit.trying = draw(3) == 0 ? std::optional<base::Duration>{} : ms(draw(40));
    habit.rings = draw(8) == 0 ? std::optional<base::Duration>{} : ms(10 + draw(400));
    if (draw(6) == 0) habit.early_media = ms(50 + draw(500));
    const int mood = draw(10);
    if (mood < 4) habit.answers = ms(500 + draw(20'000));
    if (mood == 4 || mood == 5) {
      static constexpr std::array kCodes{486, 603, 480, 404, 500, 503, 600, 408, 488};
      habit.fails = ms(draw(6'000));
      habit.code = kCodes.at(static_cast<std::size_t>(draw(kCodes.size())));
    }
    habit.dead = mood == 6;
    habit.answers_twice = draw(10) == 0;
    habit.answers_cancel_with_200 = draw(12) == 0;
    habit.never_487 = draw(15) == 0;
    habit.reliable = draw(8) == 0;
    if (draw(5) == 0) habit.hangs_up = ms(1 + draw(5'000));
    return habit;
  }

  void make_phones() {
    for (int i = 0; i < users_; ++i) {
      const int phones = draw(8) == 0 ? 0 : 1 + draw(3) / 2;
      for (int k = 0; k < phones; ++k)
        world_.add_phone(std::to_string(101 + i)).habit = random_habit();
    }
    for (int i = 0; i < 5; ++i) {
      callers_.push_back(&world_.add_phone(std::to_string(101 + users_ + i)));
      callers_.back()->wants_100rel = draw(5) == 0;
      callers_.back()->offers_late = draw(10) == 0;
    }
  }

  Faults random_faults() {
    Faults faults;
    const int weather = draw(4);
    if (weather == 1) faults.delay_max = ms(1 + draw(200));
    if (weather == 2) faults.loss = 0.05;
    if (weather == 3) {
      faults.loss = 0.02;
      faults.twice = 0.05;
      faults.delay_max = ms(60);
    }
    return faults;
  }

  void plan_call(int index) {
    Phone* caller = callers_[static_cast<std::size_t>(index)];
    std::string number = draw(4) == 0 ? random_extension() : std::to_string(600 + draw(groups_));
    static constexpr std::array kServices{"700", "900", "650"};
    if (media_ && draw(4) == 0) number = kServices.at(static_cast<std::size_t>(draw(3)));
    const base::Duration patience = ms(500 + draw(60'000));
    const base::Duration talk = ms(draw(20'000));
    world_.scheduler().after(ms(draw(20'000)), [this, caller, number, patience, talk] {
      const std::size_t call = caller->call(number);
      world_.scheduler().after(patience, [caller, call] { caller->cancel(call); });
      world_.scheduler().after(patience + talk, [caller, call] { caller->hang_up(call); });
    });
  }

  void change_something() {
    model::Office office = world_.office();
    model::Group& group = office.groups[static_cast<std::size_t>(draw(groups_))];
    switch (draw(5)) {
      case 0:
        if (!group.members.empty()) group.members.erase(group.members.begin());
        break;
      case 1:
        for (model::Member& one : group.members) one.paused.on = !one.paused.on;
        break;
      case 2:
        office.users[static_cast<std::size_t>(draw(users_))].enabled = false;
        break;
      case 3:
        office.users[static_cast<std::size_t>(draw(users_))].do_not_disturb = true;
        break;
      default:
        world_.jump_wall(ms((draw(3) - 1) * 3'600'000));
        return;
    }
    world_.reconfigure(std::move(office));
  }

  RunResult finish() {
    for (const auto& phone : world_.phones())
      for (std::size_t i = 0; i < phone->calls().size(); ++i) {
        if (phone->calls()[i].outgoing) phone->cancel(i);
        phone->hang_up(i);
      }
    // A phone behind a forking proxy holds for over what one of its forks ended: two of them that a
    // transfer has joined hang up never.
    const bool forks = std::any_of(world_.phones().begin(), world_.phones().end(),
                                   [](const auto& phone) { return phone->habit.answers_twice; });
    if (forks) {
      world_.run_for(ms(40'000));
      world_.hang_up_all();
    }
    RunResult result;
    const bool rests = world_.run_to_rest(ms(2'400'000));
    result.problems = world_.verdict();
    if (!rests) result.problems += "does not come to rest\n";
    for (const auto& phone : world_.phones()) {
      if (phone->talking()) result.problems += phone->account().username + " still talks\n";
      for (const PhoneCall& call : phone->calls())
        result.answered += static_cast<std::uint64_t>(call.outgoing && call.answered.has_value());
    }
    result.calls = world_.records().size();
    result.packets = world_.network().packets();
    return result;
  }

  base::SplitMix rng_;
  int users_;
  bool media_;
  int groups_ = 0;
  World world_;
  std::vector<Phone*> callers_;
};

}  // namespace

RunResult random_run(std::uint64_t seed) {
  return Life(seed).live();
}

}  // namespace sim
