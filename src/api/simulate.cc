// POST /simulate: thousands of calls on a virtual clock for the office as it is and, beside it, as
// it could be; and what would help a group. On this thread, one at a time, with bounded work: the
// signalling threads know nothing of it.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "api/desk.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "api/turn.h"
#include "base/node.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/advise.h"
#include "foresight/chance.h"
#include "foresight/explain.h"
#include "foresight/figures.h"
#include "foresight/report.h"
#include "foresight/simulation.h"
#include "foresight/traffic.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "model/validate.h"
#include "store/reader.h"

namespace api {
namespace {

using Snapshot = std::shared_ptr<const model::Snapshot>;

// Rings that are simulated at most, all configurations and changes together: some seconds.
constexpr std::uint64_t kRingsMax = 1'500'000;
constexpr std::uint64_t kCallsMax = 20'000;
constexpr std::uint64_t kStepsMax = 6'000'000;  // some ten seconds at worst
constexpr base::Duration kAbsenceLeast{1'000};
constexpr std::uint64_t kCallsLeast = 100;
constexpr std::size_t kRecordsMax = 20'000;
constexpr std::size_t kAdviceMost = 5;
constexpr std::uint64_t kAdviceRuns = 48;  // changes that it tries, about
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1'000;
// A number that no plan has: a group without one of its own is called by it.
constexpr const char* kNoNumber = "999999999999999";

std::optional<double> number_of(const base::Node* node) {
  if (node == nullptr || node->scalar() == nullptr || node->scalar()->quoted) return {};
  const std::string& text = node->scalar()->text;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good && std::isfinite(value) ? std::optional{value} : std::nullopt;
}

base::Duration seconds(double s) {
  return base::Duration{static_cast<std::int64_t>(s * 1'000)};
}

// Nobody picks up before a second has gone, but who is quicker on average.
foresight::Lengths pickup_around(double mean_s) {
  const base::Duration mean = seconds(mean_s);
  return foresight::Lengths::around(mean, std::min(mean, base::Duration{1'000}));
}

struct Asked {
  std::string number, group;  // one of them
  std::string from;
  std::optional<base::WallTime> at;
  std::uint64_t calls = 2'000, seed = 1;
  std::int64_t learn_days = 0;
  double an_hour = 60, patience_s = 60, talk_s = 180;
  foresight::Person usual;
  std::map<std::string, foresight::Person, std::less<>> people;
  std::optional<model::Office> office, changed;
  std::optional<model::Group> changed_group;
  bool advice = false;
};

// ---- reading -------------------------------------------------------------------------------

class Reading {
 public:
  explicit Reading(const std::string& body) : fields_(body) {}

  Asked read(const Call& call) {
    Asked asked;
    asked.number = fields_.text("number", 255).value_or("");
    asked.group = fields_.text("group", 255).value_or("");
    asked.from = fields_.text("from", 255).value_or("");
    if (asked.number.empty() == asked.group.empty())
      fields_.fault("number", "missing", "number or group: which one is called");
    if (const auto at = fields_.text("at", 64); at.has_value() && !at->empty()) {
      asked.at = model::time_from(*at);
      if (!asked.at.has_value())
        fields_.fault("at", "bad_text", "at: an RFC 3339 time, such as 2026-03-01T12:00:00+01:00");
    }
    asked.calls = static_cast<std::uint64_t>(
        number("calls", 2'000, static_cast<double>(kCallsLeast), static_cast<double>(kCallsMax)));
    asked.seed = static_cast<std::uint64_t>(number("seed", 1, 0, 4'294'967'295.0));
    asked.learn_days = static_cast<std::int64_t>(number("learn_days", 0, 0, 92));
    asked.an_hour = number("an_hour", 60, 0.01, 100'000);
    asked.patience_s = number("patience", 60, 0, 86'400);
    asked.talk_s = number("talk", 180, 1, 86'400);
    asked.usual.answers = number("answers", 0.9, 0, 1);
    asked.usual.pickup = pickup_around(number("pickup", 8, 0, 3'600));
    asked.advice = fields_.truth("advice").value_or(false);
    read_people(asked);
    asked.office = office("office", call);
    asked.changed = office("changed", call);
    read_group(asked);
    return asked;
  }
  std::optional<Response> refusal() { return fields_.refusal(); }
  // What is wrong inside of an office or a group.
  [[nodiscard]] const model::Findings& inside() const { return inside_; }

 private:
  double number(const char* key, double fallback, double least, double most) {
    const base::Node* node = fields_.node(key);
    if (node == nullptr || node->is_null()) return fallback;
    const auto value = number_of(node);
    if (value.has_value() && *value >= least && *value <= most) return *value;
    const auto shown = [](double bound) {
      std::array<char, 32> text{};
      const auto end = std::to_chars(text.data(), text.data() + text.size(), bound).ptr;
      return std::string(text.data(), end);
    };
    fields_.fault(key, "out_of_range",
                  std::string{key} + ": a number from " + shown(least) + " to " + shown(most));
    return fallback;
  }

  // {"101": {"answers": 0.5, "pickup": 12, "registered": false}}
  void read_people(Asked& asked) {
    const base::Node* node = fields_.node("people");
    if (node == nullptr || node->is_null()) return;
    if (node->map() == nullptr || node->map()->size() > 1'000)
      return fields_.fault("people", "wrong_type", "people: habits by extension or number");
    for (const base::Node::Entry& entry : *node->map()) {
      foresight::Person person = asked.usual;
      const std::string at = "people/" + model::pointer_part(entry.key);
      if (entry.node.map() == nullptr) {
        fields_.fault(at, "wrong_type", "habits, such as {\"answers\": 0.5}");
        continue;
      }
      for (const base::Node::Entry& habit : *entry.node.map()) read_habit(at, habit, person);
      if (person.answers + person.declines > 1)
        fields_.fault(at, "out_of_range", "answers and declines together exceed 1");
      asked.people[entry.key] = std::move(person);
    }
  }
  void read_habit(const std::string& at, const base::Node::Entry& habit,
                  foresight::Person& person) {
    const std::string here = at + "/" + model::pointer_part(habit.key);
    if (habit.key == "registered") {
      const base::Node::Scalar* scalar = habit.node.scalar();
      const bool yes = scalar != nullptr && scalar->text == "true";
      if (!yes && (scalar == nullptr || scalar->text != "false"))
        fields_.fault(here, "wrong_type", "registered is true or false");
      person.registered = yes;
      return;
    }
    const bool share = habit.key == "answers" || habit.key == "declines";
    const auto value = number_of(&habit.node);
    if (!value.has_value() || *value < 0 || *value > (share ? 1 : 86'400))
      return fields_.fault(here, "out_of_range", share ? "0 to 1" : "0 to 86400 s");
    if (habit.key == "answers") {
      person.answers = *value;
    } else if (habit.key == "declines") {
      person.declines = *value;
    } else if (habit.key == "pickup") {
      person.pickup = pickup_around(*value);
    } else if (habit.key == "voicemail") {
      person.own_voicemail = seconds(*value);
    } else if (habit.key == "free") {
      person.free_for = foresight::Lengths::around(std::max(seconds(*value), kAbsenceLeast));
    } else if (habit.key == "busy") {
      person.busy_for = foresight::Lengths::around(std::max(seconds(*value), kAbsenceLeast));
    } else {
      fields_.fault(here, "unknown_key",
                    "habits are answers, pickup, declines, voicemail, free, busy, registered");
    }
  }

  std::optional<model::Office> office(const char* key, const Call& call) {
    const base::Node* node = fields_.node(key);
    if (node == nullptr || node->is_null()) return {};
    auto decoded = model::decode_office(*node);
    model::Findings findings = std::move(decoded.findings);
    if (!model::has_errors(findings)) findings = model::validate(decoded.value);
    take(std::move(findings), key);
    if (decoded.value.timezone != call.backend.snapshot()->office().timezone)
      fields_.fault(std::string{key} + "/timezone", "unknown_word",
                    "the time zone is that of the running office: " +
                        call.backend.snapshot()->office().timezone);
    return std::move(decoded.value);
  }
  void read_group(Asked& asked) {
    const base::Node* node = fields_.node("changed_group");
    if (node == nullptr || node->is_null()) return;
    auto decoded = model::decode_thing(model::Kind::Group, *node);
    const bool good = decoded.ok();
    take(std::move(decoded.findings), "changed_group");
    if (good) asked.changed_group = std::get<model::Group>(std::move(decoded.value));
    if (asked.changed.has_value())
      fields_.fault("changed_group", "unknown_key", "either changed or changed_group");
  }
  void take(model::Findings findings, const std::string& key) {
    for (model::Finding& finding : findings) {
      if (finding.severity != model::Severity::Error) continue;
      finding.path.insert(0, "/" + key);
      inside_.push_back(std::move(finding));
    }
  }

  Fields fields_;
  model::Findings inside_;
};

// ---- what is simulated ---------------------------------------------------------------------

const model::Group* group_of(const model::Snapshot& snapshot, const std::string& name) {
  const model::Group* group = snapshot.group_by_id(name);
  return group != nullptr ? group : snapshot.group_named(name);
}

Snapshot built(model::Office office, const model::Snapshot& now) {
  model::BuildOptions options;
  options.revision = now.revision();
  options.zone = now.zone();
  return model::Snapshot::build(std::move(office), std::move(options));
}

struct World {
  std::vector<std::pair<std::string, Snapshot>> offices;  // today's first
  foresight::Traffic traffic;
  foresight::Habits people;
  std::string group_id;  // that is called; empty: another number
};

// A group without a number gets one, in both.
std::string number_for(model::Office& office, const std::string& group_id) {
  for (model::Group& group : office.groups) {
    if (model::id_of(model::Thing{group}) != group_id) continue;
    if (!group.extensions.empty()) return group.extensions.front();
    if (!group.numbers.empty()) return group.numbers.front();
    group.extensions.emplace_back(kNoNumber);
    return kNoNumber;
  }
  return {};
}

std::variant<World, Response> world_of(const Call& call, const Asked& asked) {
  const auto now = call.backend.snapshot();
  model::Office base = asked.office.value_or(now->office());
  model::give_ids(base);
  const auto before = built(base, *now);
  World world;
  const model::Group* group = group_of(*before, asked.group.empty() ? asked.number : asked.group);
  if (group == nullptr && !asked.group.empty())
    return problem(422, "there is no group " + asked.group,
                   {{model::Severity::Error,
                     "no_such_thing",
                     "/group",
                     {},
                     "there is no group " + asked.group}});
  if (group != nullptr) world.group_id = group->id;
  std::optional<model::Office> changed = asked.changed;
  if (asked.changed_group.has_value()) {
    model::Group as_written = *asked.changed_group;
    if (as_written.id.empty() && group != nullptr) as_written.id = group->id;
    changed = model::apply(base, model::PutThing{std::move(as_written)});
    model::Findings findings = model::validate(*changed);
    std::erase_if(findings, [](const model::Finding& finding) {
      return finding.severity != model::Severity::Error;
    });
    if (!findings.empty()) return problem(422, "the changed group cannot work", findings);
  }
  world.traffic.number = asked.number;
  if (asked.number.empty()) {
    world.traffic.number = number_for(base, world.group_id);
    if (changed.has_value()) (void)number_for(*changed, world.group_id);
  }
  world.offices.emplace_back("now", built(std::move(base), *now));
  if (changed.has_value()) world.offices.emplace_back("changed", built(*std::move(changed), *now));
  return world;
}

// Habits and hours of the week from the records; the response when they cannot be had.
std::optional<Response> learn(const Call& call, const Asked& asked, World& world) {
  const model::Snapshot& snapshot = *world.offices.front().second;
  const model::Group* group = snapshot.group_by_id(world.group_id);
  store::RecordFilter filter;
  filter.until = call.backend.now();
  filter.from = base::WallTime{filter.until->unix_ms - asked.learn_days * kDayMs};
  filter.limit = 1'000;
  if (group != nullptr)
    filter.group = group->name;
  else
    filter.dialled = world.traffic.number;
  std::vector<facts::CallRecord> records;
  do {
    auto page = call.backend.records(filter);
    if (!page) return problem(page.error());
    for (facts::CallRecord& record : page->items) records.push_back(std::move(record));
    filter.cursor = page->next;
  } while (!filter.cursor.empty() && records.size() < kRecordsMax);
  std::vector<std::string> names{world.traffic.number};
  if (group != nullptr) names.push_back(group->name);
  auto learned = foresight::learn(records, names, snapshot.zone());
  if (learned.used == 0)
    return problem(422, "there were no such calls to learn from",
                   {{model::Severity::Error,
                     "no_records",
                     "/learn_days",
                     {},
                     "there were no such calls in that time"}});
  learned.traffic.recorded.clear();
  learned.traffic.number = world.traffic.number;
  world.traffic = std::move(learned.traffic);
  world.people = std::move(learned.people);
  return {};
}

std::optional<Response> fill(const Call& call, const Asked& asked, World& world) {
  world.traffic.patience = asked.patience_s > 0
                               ? foresight::Lengths::around(seconds(asked.patience_s))
                               : foresight::Lengths{};
  world.traffic.talk = foresight::Lengths::around(seconds(asked.talk_s));
  if (asked.learn_days > 0)
    if (auto refused = learn(call, asked, world)) return refused;
  world.people.usual = asked.usual;
  for (const auto& [name, person] : asked.people) world.people.known[name] = person;
  world.traffic.from = asked.from;
  world.traffic.calls = asked.calls;
  world.traffic.an_hour = asked.an_hour;
  world.traffic.begins = asked.at.value_or(call.backend.now());
  for (const auto& [name, snapshot] : world.offices) {
    const model::Query query = foresight::query_of(
        *snapshot,
        {.number = world.traffic.number, .from = world.traffic.from, .at = world.traffic.begins});
    const model::Route route = model::route(*snapshot, query);
    const auto* refused = std::get_if<model::Refuse>(&route.step);
    if (refused != nullptr && refused->sip_code == 404)
      return problem(422, "the number leads to nobody",
                     {{model::Severity::Error,
                       "unknown_number",
                       "/number",
                       {},
                       world.traffic.number + " leads to nobody (404)"}});
  }
  return {};
}

// How many rings a call of this group may make, about.
std::uint64_t rings_a_call(const model::Snapshot& snapshot, const std::string& group_id) {
  const model::Group* group = snapshot.group_by_id(group_id);
  if (group == nullptr) return 4;
  std::uint64_t rings = group->members.size();
  for (const model::Stage& stage : group->stages) rings += stage.ring.size();
  return std::max<std::uint64_t>(1, rings);
}

// What would be too much work, with how much would not be.
std::optional<Response> too_much(const Asked& asked, const World& world) {
  const std::uint64_t rings = rings_a_call(*world.offices.front().second, world.group_id);
  const std::uint64_t runs = world.offices.size() + (asked.advice ? kAdviceRuns : 0);
  const std::uint64_t most = kRingsMax / (rings * runs);
  if (asked.calls <= std::max(most, kCallsLeast)) return {};
  const std::string text =
      most < kCallsLeast && asked.advice
          ? "too many people for advice here; harrier advise has no limit"
          : "calls: at most " + std::to_string(std::max(most, kCallsLeast)) + " for so many people";
  return problem(422, text, {{model::Severity::Error, "too_much", "/calls", {}, text}});
}

Response too_long() {
  const std::string text =
      "these callers wait and are rung for too long; fewer calls, or less patience (harrier "
      "simulate has no limit)";
  return problem(422, text, {{model::Severity::Error, "too_much", "/calls", {}, text}});
}

base::Node advice_node(const std::vector<foresight::Advice>& all) {
  base::Node list = base::Node::empty_list();
  for (const foresight::Advice& one : all) {
    base::Node item = base::Node::empty_map();
    item.set("code", base::Node::text(one.idea.code));
    item.set("whose", base::Node::text(one.idea.whose));
    item.set("seconds", base::Node::number(one.idea.seconds));
    item.set("was_seconds", base::Node::number(one.idea.was));
    item.set("what", base::Node::text(one.what));
    for (const auto& [key, value] :
         {std::pair{"answered", one.answered.value},
          std::pair{"give_or_take", one.answered.give_or_take}, std::pair{"wait_s", one.wait_s},
          std::pair{"missed_a_call", one.missed_a_call}})
      item.set(key, base::Node::plain(std::to_string(value)));
    list.push(std::move(item));
  }
  return list;
}

bool wants(const Call& call, std::string_view type) {
  return call.request.header("accept").find(type) != std::string::npos;
}

Response text_of(std::string text, const char* type) {
  Response response = json_text(std::move(text));
  response.type = type;
  return response;
}

Response run(const Call& call, const Asked& asked, const World& world) {
  std::vector<foresight::Figures> figures;
  figures.reserve(world.offices.size());
  const std::uint64_t steps = kStepsMax / (world.offices.size() + (asked.advice ? kAdviceRuns : 0));
  for (const auto& [name, snapshot] : world.offices) {
    figures.push_back(
        foresight::simulate({snapshot, world.traffic, world.people, asked.seed, steps}));
    if (figures.back().cut) return too_long();
  }
  foresight::Runs runs;
  for (std::size_t i = 0; i < figures.size(); ++i)
    runs.push_back({world.offices[i].first, figures[i]});
  if (wants(call, "image/svg+xml")) return text_of(foresight::report_svg(runs), "image/svg+xml");
  if (wants(call, "text/csv"))
    return text_of(foresight::report_csv(runs), "text/csv; charset=utf-8");
  if (wants(call, "text/plain"))
    return text_of(foresight::report_text(runs), "text/plain; charset=utf-8");
  base::Node body = base::Node::empty_map();
  body.set("configurations", foresight::report_json(runs));
  if (asked.advice) {
    std::size_t tried = 0;
    const auto all = foresight::advise(
        {world.offices.front().second, world.traffic, world.people, asked.seed, steps},
        world.group_id, kAdviceMost, tried);
    body.set("advice", advice_node(all));
    body.set("tried", base::Node::number(static_cast<std::int64_t>(tried)));
  }
  return json(body);
}

}  // namespace

Response post_simulate(const Call& call) {
  Reading reading{call.request.body};
  const Asked asked = reading.read(call);
  if (auto refusal = reading.refusal()) return *std::move(refusal);
  if (!reading.inside().empty()) return problem(422, "the body has errors", reading.inside());
  auto made = world_of(call, asked);
  if (auto* refused = std::get_if<Response>(&made)) return std::move(*refused);
  World& world = std::get<World>(made);
  if (asked.advice && world.group_id.empty())
    return problem(422, "advice is for groups",
                   {{model::Severity::Error,
                     "no_such_thing",
                     "/advice",
                     {},
                     "advice is for groups; this number leads to none"}});
  if (auto refused = too_much(asked, world)) return *std::move(refused);
  if (auto refused = fill(call, asked, world)) return *std::move(refused);
  const Turn turn{call.desk.simulating};
  if (!turn.has_it()) {
    Response busy = problem(503, "another simulation is running; try again");
    busy.headers.emplace_back("Retry-After", "3");
    return busy;
  }
  return run(call, asked, world);
}

}  // namespace api
