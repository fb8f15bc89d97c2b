#pragma once
// A parsed document (YAML or JSON) as a plain tree with positions, before anybody asks what it
// means.
//
// Shell rooms make it from text; model/ reads it strictly and can say where each thing stood.
// Scalars keep the letters of the source ("0600" stays "0600"): the schema decides what they mean.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace base {

// 1-based; 0 means "no position" (built by a program).
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool operator==(const Position&) const = default;
};

struct Node {
  struct Scalar {
    std::string text;
    bool quoted = false;  // a quoted YAML scalar or a JSON string: never null, bool or number
    bool operator==(const Scalar&) const = default;
  };
  using List = std::vector<Node>;
  struct Entry;
  using Map = std::vector<Entry>;  // in the order of the source; keys unique (the reader checks)

  std::variant<Scalar, List, Map> value;
  Position at{};
  std::string tag;  // "!encrypted" or empty

  [[nodiscard]] const Scalar* scalar() const { return std::get_if<Scalar>(&value); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&value); }
  [[nodiscard]] const Map* map() const { return std::get_if<Map>(&value); }
  [[nodiscard]] bool is_null() const;                          // plain ~, null or nothing
  [[nodiscard]] const Node* find(std::string_view key) const;  // in a map; null if absent
  bool operator==(const Node& other) const;                    // positions are not compared

  [[nodiscard]] static Node text(std::string s);   // a quoted scalar
  [[nodiscard]] static Node plain(std::string s);  // an unquoted one
  [[nodiscard]] static Node null();
  [[nodiscard]] static Node boolean(bool b);
  [[nodiscard]] static Node number(std::int64_t n);
  [[nodiscard]] static Node empty_map();
  [[nodiscard]] static Node empty_list();
  // Appends to a map. REQUIRES: this is a map.
  void set(std::string key, Node node);
  // Appends to a list. REQUIRES: this is a list.
  void push(Node node);
};

struct Node::Entry {
  std::string key;
  Position at{};
  Node node;
  bool operator==(const Entry& other) const { return key == other.key && node == other.node; }
};

}  // namespace base
