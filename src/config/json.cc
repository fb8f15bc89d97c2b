#include "config/json.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/node.h"
#include "base/result.h"
#include "base/utf8.h"
#include "config/yaml.h"

namespace config {
namespace {

// nlohmann's SAX events -> the tree; false ends the parse.
class Builder {
 public:
  bool null() { return add(base::Node::null()); }
  bool boolean(bool value) { return add(base::Node::boolean(value)); }
  bool number_integer(std::int64_t value) { return add(base::Node::number(value)); }
  bool number_unsigned(std::uint64_t value) {
    return add(base::Node::plain(std::to_string(value)));
  }
  bool number_float(double /*value*/, const std::string& letters) {
    return add(base::Node::plain(letters));
  }
  bool string(std::string& value) { return add(base::Node::text(std::move(value))); }
  bool binary(nlohmann::json::binary_t& /*value*/) { return fail("binary data"); }

  bool start_object(std::size_t /*size*/) { return open(base::Node::empty_map()); }
  bool key(std::string& name) {
    if (!frames_.back().keys.insert(name).second)
      return fail("the key \"" + name + "\" stands twice in one object");
    frames_.back().key = std::move(name);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*size*/) { return open(base::Node::empty_list()); }
  bool end_array() { return close(); }

  template <class Problem>
  bool parse_error(std::size_t position, const std::string& /*token*/, const Problem& problem) {
    position_ = position;
    std::string message = problem.what();
    const std::size_t colon = message.rfind(": ");
    if (colon != std::string::npos) message.erase(0, colon + 2);
    return fail("not JSON: " + message);
  }

  std::optional<base::Node> root;
  std::string error;
  [[nodiscard]] std::optional<std::size_t> position() const { return position_; }

 private:
  struct Frame {
    base::Node node;
    std::string key;
    std::set<std::string> keys;
  };

  bool fail(std::string message) {
    if (error.empty()) error = std::move(message);
    return false;
  }
  bool open(base::Node node) {
    if (frames_.size() >= base::kDocumentDepthMax)
      return fail("more than " + std::to_string(base::kDocumentDepthMax) + " levels");
    frames_.push_back({std::move(node), {}, {}});
    return true;
  }
  bool close() {
    base::Node done = std::move(frames_.back().node);
    frames_.pop_back();
    return add(std::move(done));
  }
  bool add(base::Node node) {
    if (frames_.empty()) {
      root = std::move(node);
      return true;
    }
    Frame& frame = frames_.back();
    if (frame.node.list() != nullptr)
      frame.node.push(std::move(node));
    else
      frame.node.set(std::move(frame.key), std::move(node));
    return true;
  }

  std::vector<Frame> frames_;
  std::optional<std::size_t> position_;
};

base::Position place_of(std::string_view text, std::size_t offset) {
  base::Position at{1, 1};
  for (std::size_t i = 0; i + 1 < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;
    }
  }
  return at;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// RFC 8259 section 6.
bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    if (static_cast<unsigned char>(c) >= 0x80U) {
      const std::size_t length = base::utf8_length(text);
      out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
      text.remove_prefix(length == 0 ? 1 : length);
      continue;
    }
    text.remove_prefix(1);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20U || c == '\x7f') {
      std::array<char, 8> escaped{};
      (void)std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
      out += escaped.data();
    } else {
      out += c;
    }
  }
  out += '"';
}

void write_scalar(std::string& out, const base::Node& node) {
  const base::Node::Scalar& scalar = *node.scalar();
  if (!node.tag.empty())
    write_string(out, node.tag + " " + scalar.text);
  else if (node.is_null())
    out += "null";
  else if (!scalar.quoted &&
           (scalar.text == "true" || scalar.text == "false" || is_json_number(scalar.text)))
    out += scalar.text;
  else
    write_string(out, scalar.text);
}

void new_line(std::string& out, bool pretty, std::size_t level) {
  if (pretty) out += "\n" + std::string(level * 2, ' ');
}

void write_node(std::string& out, const base::Node& node, bool pretty, std::size_t level) {
  if (node.scalar() != nullptr) {
    write_scalar(out, node);
    return;
  }
  const bool is_map = node.map() != nullptr;
  bool first = true;
  out += is_map ? '{' : '[';
  const auto begin_item = [&] {
    if (!first) out += ',';
    first = false;
    new_line(out, pretty, level + 1);
  };
  if (is_map) {
    for (const base::Node::Entry& entry : *node.map()) {
      begin_item();
      write_string(out, entry.key);
      out += pretty ? ": " : ":";
      write_node(out, entry.node, pretty, level + 1);
    }
  } else {
    for (const base::Node& item : *node.list()) {
      begin_item();
      write_node(out, item, pretty, level + 1);
    }
  }
  if (!first) new_line(out, pretty, level);
  out += is_map ? '}' : ']';
}

}  // namespace

base::Result<base::Node, SyntaxError> read_json(std::string_view text) {
  if (text.size() > base::kDocumentBytesMax)
    return base::Unexpected{SyntaxError{
        "more than " + std::to_string(base::kDocumentBytesMax >> 20U) + " MiB of text", {}}};
  Builder builder;
  bool whole = false;
  try {
    whole = nlohmann::json::sax_parse(text, &builder);
  } catch (const nlohmann::json::exception& problem) {
    builder.error = problem.what();
  }
  if (whole && builder.error.empty() && builder.root) return std::move(*builder.root);
  SyntaxError error{builder.error.empty() ? "not JSON" : builder.error, {}};
  const auto position = builder.position();
  if (position) error.at = place_of(text, *position);
  return base::Unexpected{std::move(error)};
}

std::string write_json(const base::Node& node, bool pretty) {
  std::string out;
  write_node(out, node, pretty, 0);
  if (pretty) out += "\n";
  return out;
}

}  // namespace config
