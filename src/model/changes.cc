// Differences between two offices, in words.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/node.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {
namespace {

constexpr std::size_t kLongestValue = 80;

bool is_secret(std::string_view key) {
  return key == "password" || key == "pin" || key == "web_password" || key == "totp";
}

// A value on one line, as in YAML's flow form; long ones are cut.
std::string inline_text(const base::Node& node) {
  std::string made;
  if (const base::Node::Scalar* scalar = node.scalar()) {
    made = scalar->text.empty() ? "\"\"" : scalar->text;
  } else if (const base::Node::List* items = node.list()) {
    for (const base::Node& item : *items) made += (made.empty() ? "" : ", ") + inline_text(item);
    made = "[" + made + "]";
  } else if (const base::Node::Map* entries = node.map()) {
    for (const base::Node::Entry& entry : *entries)
      made += (made.empty() ? "" : ", ") + entry.key + ": " +
              (is_secret(entry.key) ? "***" : inline_text(entry.node));
    made = "{" + made + "}";
  }
  return made.size() > kLongestValue ? made.substr(0, kLongestValue - 3) + "..." : made;
}

// "102 added, 103 removed" for two lists; "order changed" when they hold the same.
std::string list_difference(const base::Node::List& before, const base::Node::List& after) {
  std::string made;
  const auto name = [&](const base::Node::List& from, const base::Node::List& in,
                        const char* verb) {
    for (const base::Node& item : from)
      if (std::find(in.begin(), in.end(), item) == in.end())
        made += (made.empty() ? "" : ", ") + inline_text(item) + verb;
  };
  name(after, before, " added");
  name(before, after, " removed");
  return made.empty() ? "order changed" : made;
}

void add_difference(std::vector<std::string>& parts, const std::string& key,
                    const base::Node* before, const base::Node* after) {
  if (before != nullptr && after != nullptr && *before == *after) return;
  if (is_secret(key.substr(key.rfind('/') + 1))) {
    parts.push_back(key + " changed");
    return;
  }
  const base::Node::Map* old_map = before == nullptr ? nullptr : before->map();
  const base::Node::Map* new_map = after == nullptr ? nullptr : after->map();
  const bool destination = key.find("finally") != std::string::npos || key == "to";
  if (old_map != nullptr && new_map != nullptr && !destination) {
    for (const base::Node::Entry& entry : *new_map)
      add_difference(parts, key + "/" + entry.key, before->find(entry.key), &entry.node);
    for (const base::Node::Entry& entry : *old_map)
      if (after->find(entry.key) == nullptr)
        add_difference(parts, key + "/" + entry.key, &entry.node, nullptr);
    return;
  }
  if (before != nullptr && after != nullptr && before->list() != nullptr &&
      after->list() != nullptr) {
    parts.push_back(key + ": " + list_difference(*before->list(), *after->list()));
    return;
  }
  parts.push_back(key + " " + (before == nullptr ? "nothing" : inline_text(*before)) + " -> " +
                  (after == nullptr ? "nothing" : inline_text(*after)));
}

std::string differences(const base::Node& before, const base::Node& after) {
  std::vector<std::string> parts;
  for (const base::Node::Entry& entry : *after.map())
    add_difference(parts, entry.key, before.find(entry.key), &entry.node);
  for (const base::Node::Entry& entry : *before.map())
    if (after.find(entry.key) == nullptr) add_difference(parts, entry.key, &entry.node, nullptr);
  std::string made;
  for (const std::string& part : parts) made += (made.empty() ? "" : "; ") + part;
  return made;
}

base::Node whole(const Thing& thing) {
  return encode_thing(thing, {Secrets::Visible, {}, false, true});
}

std::string named(const Thing& thing) {
  std::string made = std::string(noun_of(kind_of(thing))) + " " + label_of(thing);
  if (const auto* user = std::get_if<User>(&thing); user != nullptr && !user->name.empty())
    made += " (" + user->extension + ")";
  return made;
}

void compare_kind(std::vector<Change>& changes, Kind kind, const Office& before,
                  const Office& after) {
  const std::vector<Thing> was = things_of(before, kind);
  const std::vector<Thing> is = things_of(after, kind);
  std::map<std::string, const Thing*> old;
  for (const Thing& thing : was) old.emplace(id_of(thing), &thing);
  const std::string noun(noun_of(kind));
  std::map<std::string, bool> present;
  for (const Thing& thing : is) {
    const std::string id = id_of(thing);
    present[id] = true;
    const auto found = old.find(id);
    if (found == old.end()) {
      changes.push_back({noun, id, named(thing) + " added"});
      continue;
    }
    const std::string text = differences(whole(*found->second), whole(thing));
    if (!text.empty()) changes.push_back({noun, id, named(thing) + " changed: " + text});
  }
  for (const Thing& thing : was)
    if (!present.contains(id_of(thing)))
      changes.push_back({noun, id_of(thing), named(thing) + " removed"});
}

}  // namespace

std::vector<Change> changes_between(const Office& before, const Office& after) {
  std::vector<Change> changes;
  const EncodeOptions options{Secrets::Visible, {}, false, true};
  const std::string own = differences(encode_office(settings_of(before), options),
                                      encode_office(settings_of(after), options));
  if (!own.empty()) changes.push_back({"office", "", "office changed: " + own});
  for (std::size_t kind = 0; kind < kKindCount; ++kind)
    compare_kind(changes, static_cast<Kind>(kind), before, after);
  return changes;
}

}  // namespace model
