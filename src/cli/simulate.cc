#include "cli/simulate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ios>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/node.h"
#include "base/result.h"
#include "base/time.h"
#include "config/file.h"
#include "config/json.h"
#include "config/office_file.h"
#include "config/records_csv.h"
#include "foresight/advise.h"
#include "foresight/chance.h"
#include "foresight/explain.h"
#include "foresight/figures.h"
#include "foresight/report.h"
#include "foresight/simulation.h"
#include "foresight/traffic.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace cli {
namespace {

using Snapshot = std::shared_ptr<const model::Snapshot>;
template <class T>
using OrWhy = base::Result<T, std::string>;

constexpr double kMostSeconds = 86'400;
constexpr base::Duration kAbsenceLeast{1'000};

OrWhy<double> number_of(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(number))
    return base::Unexpected{"\"" + std::string{text} + "\" is not a number"};
  return number;
}

base::Duration seconds(double s) {
  return base::Duration{static_cast<std::int64_t>(std::clamp(s, 0.0, kMostSeconds) * 1'000)};
}

// Nobody picks up before a second has gone, but who is quicker on average.
foresight::Lengths pickup_around(double mean_s) {
  const base::Duration mean = seconds(mean_s);
  return foresight::Lengths::around(mean, std::min(mean, base::Duration{1'000}));
}

OrWhy<Snapshot> load_office(const std::string& name, const std::string& known,
                            const LoadZone& load_zone) {
  const auto text = known.empty() ? config::read_file(name) : std::optional{known};
  if (!text.has_value()) return base::Unexpected{config::unreadable(name)};
  config::OfficeFile file = config::read_office(*text);
  if (!file.ok()) return base::Unexpected{config::lines_of(file.findings, name)};
  auto zone = load_zone(file.office.timezone);
  if (!zone) return base::Unexpected{zone.error()};
  return model::Snapshot::build(std::move(file.office), {.zone = std::move(*zone)});
}

// "answers=0.5" of one person.
base::Status<std::string> set_habit(std::string_view setting, foresight::Person& person) {
  const std::size_t equals = setting.find('=');
  const std::string key{setting.substr(0, equals)};
  if (key == "unregistered" && equals == std::string_view::npos) {
    person.registered = false;
    return base::Ok{};
  }
  const auto value = number_of(equals == std::string_view::npos ? "" : setting.substr(equals + 1));
  if (!value) return base::Unexpected{key + ": " + value.error()};
  const bool is_share = key == "answers" || key == "declines";
  if (*value < 0 || (is_share && *value > 1) || *value > kMostSeconds)
    return base::Unexpected{key + ": " + (is_share ? "0 to 1" : "0 to 86400 s")};
  if (key == "answers") {
    person.answers = *value;
  } else if (key == "declines") {
    person.declines = *value;
  } else if (key == "pickup") {
    person.pickup = pickup_around(*value);
  } else if (key == "voicemail") {
    person.own_voicemail = seconds(*value);
  } else if (key == "free") {
    person.free_for = foresight::Lengths::around(std::max(seconds(*value), kAbsenceLeast));
  } else if (key == "busy") {
    person.busy_for = foresight::Lengths::around(std::max(seconds(*value), kAbsenceLeast));
  } else {
    return base::Unexpected{"unknown habit \"" + key +
                            "\"; there are answers, pickup, declines, voicemail, free, busy and "
                            "unregistered"};
  }
  return base::Ok{};
}

base::Status<std::string> add_person(std::string_view text, foresight::Habits& people) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return base::Unexpected{"--person is like 101:answers=0.5,pickup=12"};
  const std::string name{text.substr(0, colon)};
  foresight::Person person = people.named(name);
  for (std::string_view rest = text.substr(colon + 1); !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (auto done = set_habit(rest.substr(0, comma), person); !done)
      return base::Unexpected{"--person " + name + ": " + done.error()};
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (person.answers + person.declines > 1)
    return base::Unexpected{"--person " + name + ": answers and declines together exceed 1"};
  people.known[name] = std::move(person);
  return base::Ok{};
}

// Every name under which the records may know what --to leads to.
std::vector<std::string> names_of(const model::Snapshot& snapshot, const std::string& number) {
  std::vector<std::string> names{number, snapshot.e164(number)};
  for (const model::Group& group : snapshot.office().groups) {
    const auto has = [&](const std::vector<std::string>& all) {
      return std::find_first_of(all.begin(), all.end(), names.begin(), names.begin() + 2) !=
             all.end();
    };
    if (!has(group.extensions) && !has(group.numbers)) continue;
    names.push_back(group.name);
    break;
  }
  return names;
}

struct World {
  foresight::Traffic traffic;
  foresight::Habits people;
};

OrWhy<World> world_of(const SimulateArguments& given, const model::Snapshot& snapshot) {
  World world;
  world.people.usual.answers = given.answers;
  world.people.usual.pickup = pickup_around(given.pickup_s);
  world.traffic.patience = given.patience_s > 0
                               ? foresight::Lengths::around(seconds(given.patience_s))
                               : foresight::Lengths{};
  world.traffic.talk = foresight::Lengths::around(seconds(given.talk_s));
  world.traffic.begins = base::WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(
                                            std::chrono::system_clock::now().time_since_epoch())
                                            .count()};
  if (!given.records.empty()) {
    const auto text = config::read_file(given.records);
    if (!text.has_value()) return base::Unexpected{config::unreadable(given.records)};
    const auto records = config::read_records_csv(*text);
    if (!records) return base::Unexpected{given.records + ": " + records.error()};
    auto learned = foresight::learn(*records, names_of(snapshot, given.to), snapshot.zone());
    if (learned.used == 0)
      return base::Unexpected{given.records + ": none of its " + std::to_string(records->size()) +
                              " calls was to " + given.to};
    learned.people.usual = world.people.usual;
    world = {std::move(learned.traffic), std::move(learned.people)};
    if (given.modelled) world.traffic.recorded.clear();
    for (foresight::Arrival& arrival : world.traffic.recorded) arrival.number = given.to;
  }
  world.traffic.number = given.to;
  world.traffic.from = given.from;
  world.traffic.calls = given.calls;
  world.traffic.an_hour = given.an_hour;
  if (!given.at.empty()) {
    const auto at = model::time_from(given.at);
    if (!at.has_value())
      return base::Unexpected{"--at \"" + given.at + "\" is not like 2026-12-24T18:00:00+01:00"};
    world.traffic.begins = *at;
  }
  for (const std::string& person : given.people) {
    if (auto done = add_person(person, world.people); !done) return base::Unexpected{done.error()};
  }
  return world;
}

// A number that leads nowhere would give a report that says nothing.
base::Status<std::string> leads_somewhere(const model::Snapshot& snapshot, const World& world,
                                          const std::string& file) {
  const model::Query query = foresight::query_of(
      snapshot,
      {.number = world.traffic.number, .from = world.traffic.from, .at = world.traffic.begins});
  const model::Route route = model::route(snapshot, query);
  const auto* refused = std::get_if<model::Refuse>(&route.step);
  if (refused == nullptr || refused->sip_code != 404) return base::Ok{};
  return base::Unexpected{file + ": " + world.traffic.number + " leads to nobody (404)"};
}

struct Run {
  std::string name;
  Snapshot snapshot;
  foresight::Figures figures;
};

int failed(const std::string& why) {
  (void)std::fprintf(stderr, "harrier: %s\n", model::printable(why).c_str());
  return 1;
}

int print(const SimulateArguments& given, const std::vector<Run>& runs) {
  foresight::Runs named;
  for (const Run& run : runs) named.push_back({run.name, run.figures});
  if (!given.svg.empty()) {
    std::ofstream out(given.svg, std::ios::binary | std::ios::trunc);
    out << foresight::report_svg(named);
    if (!out.flush()) return failed(given.svg + " cannot be written");
  }
  const std::string text = given.json  ? config::write_json(foresight::report_json(named), true)
                           : given.csv ? foresight::report_csv(named)
                                       : foresight::report_text(named);
  (void)std::fputs(text.c_str(), stdout);
  if (!text.ends_with('\n')) (void)std::fputc('\n', stdout);
  return 0;
}

const model::Group* group_of(const model::Snapshot& snapshot, const std::string& name) {
  for (const model::Group& group : snapshot.office().groups) {
    const auto has = [&](const std::vector<std::string>& all) {
      return std::find(all.begin(), all.end(), name) != all.end();
    };
    if (group.name == name || has(group.extensions) || has(group.numbers)) return &group;
  }
  return nullptr;
}

std::string signed_text(double value, const char* unit) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%+.1f %s", value, unit);
  return text.data();
}

int print_advice(const SimulateArguments& given, const std::string& group,
                 const std::vector<foresight::Advice>& all, std::size_t tried) {
  base::Node list = base::Node::empty_list();
  if (!given.json) {
    std::printf("%s: %zu changes tried, %zu would help\n", group.c_str(), tried, all.size());
    if (!all.empty())
      std::printf("%-44s %-18s %-12s %s\n", "change", "answered", "mean wait",
                  "missed rings a call");
  }
  for (const foresight::Advice& one : all) {
    const double points = one.answered.value * 100;
    const double give_or_take = one.answered.give_or_take * 100;
    if (!given.json) {
      const std::string answered =
          signed_text(points, "%") + " ± " + signed_text(give_or_take, "").substr(1);
      std::printf("%-44s %-19s %-12s %+.2f\n", model::printable(one.what).c_str(), answered.c_str(),
                  signed_text(one.wait_s, "s").c_str(), one.missed_a_call);
      continue;
    }
    base::Node item = base::Node::empty_map();
    item.set("what", base::Node::text(one.what));
    for (const auto& [key, value] :
         {std::pair{"answered_points", points}, std::pair{"give_or_take", give_or_take},
          std::pair{"wait_s", one.wait_s}, std::pair{"missed_a_call", one.missed_a_call}})
      item.set(key, base::Node::plain(std::to_string(value)));
    list.push(std::move(item));
  }
  if (given.json) std::puts(config::write_json(list, true).c_str());
  return 0;
}

}  // namespace

int simulate(const SimulateArguments& given, const LoadZone& load_zone) {
  std::vector<Run> runs;
  const std::array<std::string, 2> files{given.office, given.changed};
  for (const std::string& file : files) {
    if (file.empty()) continue;
    auto snapshot = load_office(file, &file == files.begin() ? given.office_text : "", load_zone);
    if (!snapshot) return failed(snapshot.error());
    runs.push_back({file, std::move(*snapshot), {}});
  }
  const auto world = world_of(given, *runs.front().snapshot);
  if (!world) return failed(world.error());
  for (Run& run : runs) {
    if (auto done = leads_somewhere(*run.snapshot, *world, run.name); !done)
      return failed(done.error());
    run.figures = foresight::simulate({run.snapshot, world->traffic, world->people, given.seed});
  }
  return print(given, runs);
}

int advise(const SimulateArguments& given, const LoadZone& load_zone) {
  constexpr std::size_t kMost = 5;
  const auto snapshot = load_office(given.office, given.office_text, load_zone);
  if (!snapshot) return failed(snapshot.error());
  const model::Group* group = group_of(**snapshot, given.to);
  if (group == nullptr) return failed(given.office + " has no group " + given.to);
  SimulateArguments dialled = given;
  if (group->extensions.empty() && group->numbers.empty())
    return failed("group " + group->name + " has no number that could be dialled");
  dialled.to = group->extensions.empty() ? group->numbers.front() : group->extensions.front();
  const auto world = world_of(dialled, **snapshot);
  if (!world) return failed(world.error());
  std::size_t tried = 0;
  const auto all = foresight::advise({*snapshot, world->traffic, world->people, given.seed},
                                     group->id, kMost, tried);
  return print_advice(given, group->name, all, tried);
}

}  // namespace cli
