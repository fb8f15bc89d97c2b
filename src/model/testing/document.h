#pragma once
// For tests: a document tree from text in the flow form of YAML, `{name: Sales, members: ["101"]}`,
// with positions. Bare words end at , ] } or the end of the line.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/node.h"

namespace model::testing {

class Document {
 public:
  explicit Document(std::string_view text) : text_(text) {}

  [[nodiscard]] base::Node value() {
    skip_blanks();
    const base::Position at = position();
    base::Node node = next() == '{' ? map() : next() == '[' ? list() : scalar();
    node.at = at;
    return node;
  }

 private:
  [[nodiscard]] char next() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }
  [[nodiscard]] base::Position position() const { return {line_, column_}; }

  void step() {
    column_ = next() == '\n' ? 1 : column_ + 1;
    line_ += next() == '\n' ? 1 : 0;
    ++offset_;
  }
  void skip_blanks() {
    while (next() == ' ' || next() == '\n') step();
  }

  [[nodiscard]] std::string quoted() {
    std::string made;
    step();
    while (next() != '"' && next() != '\0') {
      made += next();
      step();
    }
    step();
    return made;
  }
  [[nodiscard]] std::string bare(std::string_view ends) {
    std::string made;
    while (next() != '\0' && next() != '\n' && ends.find(next()) == std::string_view::npos) {
      made += next();
      step();
    }
    while (!made.empty() && made.back() == ' ') made.pop_back();
    return made;
  }

  [[nodiscard]] base::Node scalar() {
    if (next() == '"') return base::Node::text(quoted());
    std::string word = bare(",]}");
    constexpr std::string_view kSealed = "!encrypted ";
    if (!word.starts_with(kSealed)) return base::Node::plain(std::move(word));
    base::Node node = base::Node::text(word.substr(kSealed.size()));
    node.tag = "!encrypted";
    return node;
  }
  [[nodiscard]] base::Node map() {
    base::Node node = base::Node::empty_map();
    step();
    for (skip_blanks(); next() != '}' && next() != '\0'; skip_blanks()) {
      const base::Position at = position();
      std::string key = next() == '"' ? quoted() : bare(":");
      skip_blanks();
      step();  // the colon
      std::get<base::Node::Map>(node.value).push_back({std::move(key), at, value()});
      skip_blanks();
      if (next() == ',') step();
    }
    step();
    return node;
  }
  [[nodiscard]] base::Node list() {
    base::Node node = base::Node::empty_list();
    step();
    for (skip_blanks(); next() != ']' && next() != '\0'; skip_blanks()) {
      node.push(value());
      skip_blanks();
      if (next() == ',') step();
    }
    step();
    return node;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

[[nodiscard]] inline base::Node document(std::string_view text) {
  return Document(text).value();
}

}  // namespace model::testing
