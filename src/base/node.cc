#include "base/node.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace base {

bool Node::is_null() const {
  const Scalar* held = scalar();
  if (held == nullptr || held->quoted) return false;
  return held->text.empty() || held->text == "~" || held->text == "null" || held->text == "Null" ||
         held->text == "NULL";
}

const Node* Node::find(std::string_view key) const {
  const Map* entries = map();
  if (entries == nullptr) return nullptr;
  for (const Entry& entry : *entries)
    if (entry.key == key) return &entry.node;
  return nullptr;
}

bool Node::operator==(const Node& other) const {
  return value == other.value && tag == other.tag;
}

Node Node::text(std::string s) {
  return {Scalar{std::move(s), true}, {}, {}};
}
Node Node::plain(std::string s) {
  return {Scalar{std::move(s), false}, {}, {}};
}
Node Node::null() {
  return plain("null");
}
Node Node::boolean(bool b) {
  return plain(b ? "true" : "false");
}
Node Node::number(std::int64_t n) {
  return plain(std::to_string(n));
}
Node Node::empty_map() {
  return {Map{}, {}, {}};
}
Node Node::empty_list() {
  return {List{}, {}, {}};
}

void Node::set(std::string key, Node node) {
  auto* entries = std::get_if<Map>(&value);
  ASSERT(entries != nullptr);
  entries->push_back(Entry{std::move(key), {}, std::move(node)});
}

void Node::push(Node node) {
  auto* items = std::get_if<List>(&value);
  ASSERT(items != nullptr);
  items->push_back(std::move(node));
}

}  // namespace base
