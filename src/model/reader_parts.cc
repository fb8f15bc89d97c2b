// Reader: the values with a form of their own: members, destinations, rounds, pauses, keys, codes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "model/decode.h"
#include "model/detail/reader.h"
#include "model/detail/schema.h"
#include "model/detail/text_rule.h"
#include "model/detail/words.h"
#include "model/feature_codes.h"
#include "model/office.h"

namespace model::detail {
namespace {

constexpr std::int64_t kRoundsMax = 1'000;

std::optional<DestinationKind> destination_kind(std::string_view name) {
  for (const auto& named : names(DestinationKind{}))
    if (name == named.name) return named.value;
  return std::nullopt;
}

std::vector<std::string_view> destination_words() {
  std::vector<std::string_view> all;
  for (const auto& named : names(DestinationKind{})) all.emplace_back(named.name);
  return all;
}

// {no_answer: {…}, …}: the values are maps, those of a destination never are.
bool has_classes(const base::Node::Map& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const base::Node::Entry& entry) {
    return entry.node.map() != nullptr || entry.key == "no_answer" || entry.key == "unreachable";
  });
}

}  // namespace

void Reader::strategy(Strategy& out, std::uint32_t& rounds, Strategy /*fallback*/) {
  const base::Node* node = take("strategy");
  if (node == nullptr) return;
  const base::Node::Scalar* scalar = node->scalar();
  if (scalar != nullptr) {
    for (const StrategyAlias& alias : strategy_aliases()) {
      if (scalar->text != alias.name) continue;
      out = alias.strategy;
      if (alias.forever) rounds = 0;
      const base::Node* repeat = node_.find("repeat");
      if (alias.forever && repeat != nullptr && !repeat->is_null() &&
          (repeat->scalar() == nullptr || repeat->scalar()->text != "forever"))
        complain("contradiction", *repeat, Place{&place_, "repeat", {}},
                 "\"sequential_forever\" repeats forever; write strategy: sequential with this "
                 "\"repeat\", or leave \"repeat\" out");
      return;
    }
  }
  (void)read_choice(*node, "strategy", out);
}

std::optional<std::uint32_t> Reader::read_rounds(std::string_view key) {
  const base::Node* node = node_.find(key);
  if (node != nullptr && node->scalar() != nullptr && node->scalar()->text == "forever") {
    (void)take(key);
    return 0U;
  }
  if (node != nullptr && !node->is_null() && node->scalar() != nullptr &&
      (node->scalar()->text.empty() ||
       node->scalar()->text.find_first_not_of("0123456789") != std::string::npos)) {
    (void)take(key);
    complain("wrong_type", *node, Place{&place_, key, {}},
             "\"" + std::string(key) + "\" is a number of rounds or the word forever, not \"" +
                 node->scalar()->text + "\"");
    return std::nullopt;
  }
  const auto read = whole_number(key, 1, kRoundsMax);
  if (!read) return std::nullopt;
  return static_cast<std::uint32_t>(*read);
}

void Reader::rounds(std::string_view key, std::uint32_t& out, std::uint32_t /*fallback*/) {
  const auto read = read_rounds(key);
  if (read) out = *read;
}

void Reader::rounds(std::string_view key, std::optional<std::uint32_t>& out) {
  const auto read = read_rounds(key);
  if (read) out = *read;
}

void Reader::paused(std::string_view key, Paused& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const base::Node::Scalar* scalar = node->scalar();
  const std::string_view said = scalar == nullptr ? std::string_view("?") : scalar->text;
  if (said.empty() || said == "no" || said == "false") return;
  if (said == "yes" || said == "true") {
    out.on = true;
    return;
  }
  const auto until = time_from(said);
  if (until) {
    out.on = true;
    out.until = until;
    return;
  }
  complain("wrong_type", *node, Place{&place_, key, {}},
           "\"" + std::string(key) +
               "\" is empty, yes, or a time until which, such as \"2026-03-01T12:00:00+01:00\"");
}

void Reader::moment(std::string_view key, std::optional<base::WallTime>& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const base::Node::Scalar* scalar = node->scalar();
  const std::string_view said = scalar == nullptr ? std::string_view("?") : scalar->text;
  if (said.empty()) return;
  out = time_from(said);
  if (out.has_value()) return;
  complain(
      "wrong_type", *node, Place{&place_, key, {}},
      "\"" + std::string(key) + "\" is empty or a time, such as \"2026-03-01T12:00:00+01:00\"");
}

void Reader::member(const base::Node& node, const Place& place, Member& out) {
  if (node.scalar() != nullptr) {
    (void)scalar_text(node, place, out.target, {Letters::Target, 255, true});
    return;
  }
  Reader inside(reading_, node, place, "a member");
  std::string ring;
  std::string group;
  inside.text("ring", ring, "", kTarget);
  inside.text("group", group, "");
  describe_member(inside, out, Member{});
  inside.finish();
  out.is_group = ring.empty() && !group.empty();
  out.target = out.is_group ? group : ring;
  const auto is_given = [&](std::string_view key) {
    const base::Node* said = node.find(key);
    return said != nullptr && (said->scalar() == nullptr || !said->scalar()->text.empty());
  };
  const bool rings = is_given("ring");
  if (node.map() == nullptr || rings != is_given("group")) return;
  complain(rings ? "contradiction" : "missing", node, place,
           !rings ? "a member needs \"ring\" (an extension, name, number or sip: URI) or "
                    "\"group\""
                  : "a member has either \"ring\" or \"group\", not both");
}

void Reader::members(std::string_view key, std::vector<Member>& out, std::size_t most) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  const base::Node::List* items = list_of(*node, place, most);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->size(); ++i) {
    out.emplace_back();
    member((*items)[i], Place{&place, {}, i}, out.back());
  }
}

void Reader::one_destination(const base::Node& node, const Place& place, Destination& out) {
  const base::Node::Map* entries = node.map();
  if (entries == nullptr || entries->size() != 1) {
    complain("wrong_type", node, place,
             "a destination is a map with one key, such as {group: Sales} or {hangup: true}");
    return;
  }
  const base::Node::Entry& entry = entries->front();
  const auto kind = destination_kind(entry.key);
  const Place at{&place, entry.key, {}};
  if (!kind) {
    const auto known = destination_words();
    reading_.findings.push_back({Severity::Error, "unknown_key", at.path(), entry.at,
                                 "unknown destination \"" + entry.key +
                                     "\"; the nearest known one is \"" +
                                     std::string(nearest(entry.key, known)) + "\""});
    return;
  }
  if (*kind == DestinationKind::Busy || *kind == DestinationKind::Hangup) {
    const base::Node::Scalar* scalar = entry.node.scalar();
    const bool yes = entry.node.is_null() ||
                     (scalar != nullptr && (scalar->text == "true" || scalar->text == "yes"));
    if (!yes)
      complain("wrong_type", entry.node, at, "write {" + entry.key + ": true}");
    else
      out = {*kind, ""};
    return;
  }
  std::string value;
  const bool uri = *kind == DestinationKind::Sip;
  if (scalar_text(entry.node, at, value, {uri ? Letters::Uri : Letters::Any, 255, true}))
    out = {*kind, std::move(value)};
}

void Reader::destination(std::string_view key, Destination& out) {
  const base::Node* node = take(key);
  if (node != nullptr) one_destination(*node, Place{&place_, key, {}}, out);
}

void Reader::finally(std::string_view key, Finally& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  const base::Node::Map* entries = node->map();
  if (entries == nullptr || !has_classes(*entries)) {
    one_destination(*node, place, out.any);
    return;
  }
  Reader inside(reading_, *node, place, "finally with classes");
  inside.destination("no_answer", out.no_answer);
  inside.destination("busy", out.busy);
  inside.destination("unreachable", out.unreachable);
  inside.finish();
}

void Reader::caller_hears(std::string_view key, CallerHears& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  if (node->scalar() != nullptr) {
    (void)scalar_text(*node, place, out.sound, {Letters::Any, 100, true});
    return;
  }
  Reader inside(reading_, *node, place, "what the caller hears");
  inside.text("sound", out.sound, "", {Letters::Any, 100, false});
  inside.flag("answer", out.answer, false);
  inside.finish();
  if (out.sound.empty()) out.sound = CallerHears{}.sound;
}

void Reader::keys(std::string_view key, std::vector<IvrKey>& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  const base::Node::Map* entries = node->map();
  if (entries == nullptr) {
    complain("wrong_type", *node, place,
             "\"keys\" is a map of keys and destinations, such as {\"1\": {group: Sales}}");
    return;
  }
  for (const base::Node::Entry& entry : *entries) {
    const Place at{&place, entry.key, {}};
    const bool one = entry.key.size() == 1 &&
                     std::string_view("0123456789*#").find(entry.key) != std::string_view::npos;
    if (!one) {
      reading_.findings.push_back(
          {Severity::Error, "unknown_key", at.path(), entry.at,
           "a key of a menu is one of 0 to 9, * and #, not \"" + entry.key + "\""});
      continue;
    }
    IvrKey read{entry.key, {}};
    one_destination(entry.node, at, read.to);
    out.push_back(std::move(read));
  }
}

void Reader::feature_codes(std::string_view key, std::string& profile,
                           std::vector<FeatureCode>& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  Reader inside(reading_, *node, place, "the feature codes");
  inside.text("profile", profile, "");
  const auto profiles = feature_profiles();
  if (std::find(profiles.begin(), profiles.end(), profile) == profiles.end()) {
    const base::Node* said = node->find("profile");
    std::string known;
    for (const std::string_view name : profiles)
      known.append(known.empty() ? "" : ", ").append(name);
    complain("unknown_word", said == nullptr ? *node : *said, Place{&place, "profile", {}},
             "unknown profile \"" + profile + "\"; there are: " + known);
  }
  for (const FeatureCodeInfo& known : feature_profile()) {
    std::string code;
    const bool given = inside.take(known.name) != nullptr;
    inside.text(known.name, code, "", kCode);
    if (given) out.push_back({std::string(known.name), code});
  }
  inside.finish();
}

}  // namespace model::detail
