#include "foresight/advise.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "foresight/figures.h"
#include "foresight/simulation.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/validate.h"

namespace foresight {
namespace {

constexpr std::size_t kMembersTried = 10;
constexpr base::Duration kStep{5'000};
constexpr base::Duration kShortest{5'000};

struct Change {
  Idea idea;
  model::Group group;
};

std::int64_t seconds(base::Duration length) {
  return length.count() / 1'000;
}

std::string in_words(const Idea& idea) {
  const std::string length = std::to_string(idea.seconds) + " s";
  const std::map<std::string_view, std::string> words{
      {"comes_first", idea.whose + " comes first"},
      {"rings_too", idea.whose + " rings too"},
      {"group_rings",
       "the group rings " + length + " instead of " + std::to_string(idea.was) + " s"},
      {"members_shorter", "each member rings " + length + " shorter"},
      {"members_longer", "each member rings " + length + " longer"},
      {"stage_shorter", "stage " + idea.whose + " rings " + length + " shorter"},
      {"stage_longer", "stage " + idea.whose + " rings " + length + " longer"},
      {"stage_together", "stage " + idea.whose + " rings together with the one before"},
      {"rings_busy", "who talks is rung too"},
      {"skips_busy", "who talks is skipped"},
      {"asks_nobody", "nobody is asked for a key"},
      {"asks_everybody", "everybody is asked for a key"},
      {"all_at_once", "all ring at once"},
      {"twice", "the hunt goes twice through the members"}};
  const auto found = words.find(idea.code);
  return found == words.end() ? idea.code : found->second;
}

class Ideas {
 public:
  Ideas(const model::Office& office, const model::Group& group) : office_(office), group_(group) {}

  std::vector<Change> all() {
    order();
    ring_times();
    stages();
    one_more();
    switches();
    return std::move(changes_);
  }

 private:
  [[nodiscard]] std::string called(const std::string& target) const {
    for (const model::User& user : office_.users)
      if (user.extension == target || user.id == target)
        return user.name.empty() ? user.extension : user.name + " (" + user.extension + ")";
    return target;
  }

  template <class Edit>
  void add(Idea idea, Edit edit) {
    model::Group changed = group_;
    edit(changed);
    if (changed == group_) return;
    changes_.push_back({std::move(idea), std::move(changed)});
  }

  // Who stands first decides much where people ring one after another.
  void order() {
    const std::size_t count = std::min(group_.members.size(), kMembersTried);
    for (std::size_t i = 1; i < count; ++i)
      add({"comes_first", called(group_.members[i].target)}, [i](model::Group& group) {
        const auto at = group.members.begin() + static_cast<std::ptrdiff_t>(i);
        std::rotate(group.members.begin(), at, at + 1);
      });
  }

  void ring_times() {
    const bool by_member = group_.strategy == model::Strategy::Sequential ||
                           group_.strategy == model::Strategy::RoundRobin ||
                           group_.strategy == model::Strategy::Rollover;
    for (const base::Duration by : {-2 * kStep, -kStep, kStep, 2 * kStep}) {
      if (group_.timeout.has_value() && *group_.timeout + by >= kShortest)
        add({"group_rings", {}, seconds(*group_.timeout + by), seconds(*group_.timeout)},
            [by](model::Group& group) { *group.timeout += by; });
      if (!by_member) continue;
      const bool shorter = by < base::Duration{0};
      add({shorter ? "members_shorter" : "members_longer", {}, seconds(shorter ? -by : by)},
          [by](model::Group& group) {
            for (model::Member& member : group.members) {
              const base::Duration length = member.ring_for.value_or(kUsualRing) + by;
              if (length >= kShortest) member.ring_for = length;
            }
          });
    }
  }

  void stages() {
    for (std::size_t i = 0; i < group_.stages.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      for (const base::Duration by : {-kStep, kStep})
        add({by < base::Duration{0} ? "stage_shorter" : "stage_longer", number, seconds(kStep)},
            [i, by](model::Group& group) {
              const base::Duration length = group.stages[i].ring_for.value_or(kUsualRing) + by;
              if (length >= kShortest) group.stages[i].ring_for = length;
            });
      if (i == 0) continue;
      add({"stage_together", number}, [i](model::Group& group) {
        auto& before = group.stages[i - 1];
        auto& ring = group.stages[i].ring;
        before.ring.insert(before.ring.end(), ring.begin(), ring.end());
        if (before.ring_for.has_value() && group.stages[i].ring_for.has_value())
          *before.ring_for += *group.stages[i].ring_for;
        group.stages.erase(group.stages.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
  }

  void one_more() {
    std::size_t count = 0;
    for (const model::User& user : office_.users) {
      const auto names = [&user](const model::Member& member) {
        return member.target == user.extension || member.target == user.id;
      };
      const bool is_in =
          std::any_of(group_.members.begin(), group_.members.end(), names) ||
          std::any_of(group_.stages.begin(), group_.stages.end(), [&](const model::Stage& stage) {
            return std::any_of(stage.ring.begin(), stage.ring.end(), names);
          });
      if (is_in || !user.enabled || ++count > kMembersTried) continue;
      add({"rings_too", called(user.extension)}, [&user](model::Group& group) {
        model::Member member;
        member.target = user.extension;
        (group.stages.empty() ? group.members : group.stages.front().ring).push_back(member);
      });
    }
  }

  void switches() {
    add({group_.skip_busy ? "rings_busy" : "skips_busy"},
        [](model::Group& group) { group.skip_busy = !group.skip_busy; });
    if (group_.confirm != model::Confirm::Never)
      add({"asks_nobody"}, [](model::Group& group) { group.confirm = model::Confirm::Never; });
    if (group_.confirm != model::Confirm::Always)
      add({"asks_everybody"}, [](model::Group& group) { group.confirm = model::Confirm::Always; });
    if (group_.strategy != model::Strategy::RingAll && group_.stages.empty())
      add({"all_at_once"}, [](model::Group& group) { group.strategy = model::Strategy::RingAll; });
    if (group_.repeat == 1 && group_.stages.empty())
      add({"twice"}, [](model::Group& group) { group.repeat = 2; });
  }

  static constexpr base::Duration kUsualRing{20'000};
  const model::Office& office_;
  const model::Group& group_;
  std::vector<Change> changes_;
};

double missed_a_call(const Figures& figures) {
  std::uint64_t missed = 0;
  for (const auto& [name, member] : figures.members) missed += member.missed.count();
  return figures.calls == 0 ? 0 : static_cast<double>(missed) / static_cast<double>(figures.calls);
}

bool helps(const Advice& advice, const Figures& today) {
  if (advice.answered.value > advice.answered.give_or_take && advice.answered.value > 0.001)
    return true;
  const bool keeps = advice.answered.value >= -0.001;
  return keeps && advice.wait_s < -0.1 * today.wait.mean_s();
}

}  // namespace

std::vector<Advice> advise(const Experiment& experiment, const std::string& group_id,
                           std::size_t most, std::size_t& tried) {
  const model::Office& office = experiment.snapshot->office();
  const auto found = std::find_if(office.groups.begin(), office.groups.end(),
                                  [&](const model::Group& group) { return group.id == group_id; });
  const Figures today = simulate(experiment);
  std::vector<Advice> out;
  tried = 0;
  if (today.cut) return out;
  for (Change& change : Ideas{office, *found}.all()) {
    model::Office changed = office;
    changed.groups[static_cast<std::size_t>(found - office.groups.begin())] = change.group;
    if (model::has_errors(model::validate(changed))) continue;
    ++tried;
    const auto snapshot =
        model::Snapshot::build(std::move(changed), {.zone = experiment.snapshot->zone()});
    const Figures then = simulate(
        {snapshot, experiment.traffic, experiment.people, experiment.seed, experiment.steps_most});
    if (then.cut) continue;
    std::string what = in_words(change.idea);
    Advice advice{.idea = std::move(change.idea),
                  .what = std::move(what),
                  .answered = then.answered_share.gain_over(today.answered_share),
                  .wait_s = then.wait.mean_s() - today.wait.mean_s(),
                  .missed_a_call = missed_a_call(then) - missed_a_call(today),
                  .group = std::move(change.group)};
    if (helps(advice, today)) out.push_back(std::move(advice));
  }
  std::stable_sort(out.begin(), out.end(), [](const Advice& a, const Advice& b) {
    return a.answered.value > b.answered.value;
  });
  if (out.size() > most) out.erase(out.begin() + static_cast<std::ptrdiff_t>(most), out.end());
  return out;
}

}  // namespace foresight
