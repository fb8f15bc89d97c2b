#include "config/yaml.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>  // NOLINT(bugprone-forward-declaration-namespace)

#include "base/limits.h"
#include "base/node.h"
#include "base/result.h"
#include "base/utf8.h"

namespace config {
namespace {

constexpr std::size_t kNodesMax = 2'000'000;

base::Position place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Builds the tree from yaml-cpp's events. After the first error all further events are ignored.
class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    base::Node node = base::Node::plain("");
    node.at = place_of(mark);
    add({std::move(node), 1, 1}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      fail("this alias stands inside of what it names", mark);
      return;
    }
    Built copy = known->second;
    copy.node.at = place_of(mark);
    add(std::move(copy), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    base::Node node =
        tag == "?" || tag.empty() ? base::Node::plain(value) : base::Node::text(value);
    node.at = place_of(mark);
    if (tag == "!encrypted")
      node.tag = tag;
    else if (!plain_tag(tag))
      fail("unknown tag " + tag + "; the only one is !encrypted", mark);
    add({std::move(node), 1, 1}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(base::Node::empty_list(), mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(base::Node::empty_map(), mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  std::optional<base::Node> root;
  std::optional<SyntaxError> error;

 private:
  struct Built {
    base::Node node;
    std::size_t nodes = 1;  // with all inside
    std::size_t depth = 1;
  };
  struct Frame {
    Built built;
    YAML::anchor_t anchor = 0;
    std::optional<base::Node> key;  // read, its value is next
    std::set<std::string> keys;
    std::vector<base::Node> merged;  // values of `<<`
  };

  static bool plain_tag(const std::string& tag) {
    return tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str";
  }

  void fail(std::string message, const YAML::Mark& mark) {
    fail(std::move(message), place_of(mark));
  }
  void fail(std::string message, base::Position at) {
    if (!error) error = SyntaxError{std::move(message), at};
  }

  void open(base::Node node, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (!plain_tag(tag)) fail("unknown tag " + tag + "; the only one is !encrypted", mark);
    if (frames_.size() >= base::kDocumentDepthMax)
      fail("more than " + std::to_string(base::kDocumentDepthMax) + " levels", mark);
    node.at = place_of(mark);
    if (error) {
      ++ignored_;
      return;
    }
    frames_.push_back({{std::move(node), 1, 1}, anchor, {}, {}, {}});
  }

  void close() {
    if (ignored_ > 0) {
      --ignored_;
      return;
    }
    if (frames_.empty()) return;
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    for (const base::Node& merged : frame.merged)
      for (const base::Node::Entry& entry : *merged.map())
        if (frame.keys.insert(entry.key).second)
          std::get<base::Node::Map>(frame.built.node.value).push_back(entry);
    add(std::move(frame.built), frame.anchor);
  }

  void add(Built built, YAML::anchor_t anchor) {
    if (error) return;
    total_ += built.nodes;
    if (total_ > kNodesMax) {
      fail("more than " + std::to_string(kNodesMax) + " values", built.node.at);
      return;
    }
    if (frames_.size() + built.depth > base::kDocumentDepthMax + 1) {
      fail("more than " + std::to_string(base::kDocumentDepthMax) + " levels", built.node.at);
      return;
    }
    if (anchor != 0) anchors_.insert_or_assign(anchor, built);
    if (frames_.empty()) {
      root = std::move(built.node);
      return;
    }
    Frame& frame = frames_.back();
    frame.built.nodes += built.nodes;
    frame.built.depth = std::max(frame.built.depth, built.depth + 1);
    if (auto* items = std::get_if<base::Node::List>(&frame.built.node.value)) {
      items->push_back(std::move(built.node));
      return;
    }
    if (!frame.key)
      add_key(frame, std::move(built.node));
    else
      add_value(frame, std::move(built.node));
  }

  void add_key(Frame& frame, base::Node key) {
    if (key.scalar() == nullptr) {
      fail("a key is one word, not a list or a map", key.at);
      return;
    }
    const std::string& text = key.scalar()->text;
    const bool merge = text == "<<" && !key.scalar()->quoted;
    if (!merge && !frame.keys.insert(text).second) {
      fail("the key \"" + text + "\" stands twice in one map", key.at);
      return;
    }
    frame.key = std::move(key);
  }

  void add_value(Frame& frame, base::Node value) {
    if (!frame.key) return;
    const base::Node key = std::move(*frame.key);
    frame.key.reset();
    const base::Node::Scalar& name = *key.scalar();
    if (name.text == "<<" && !name.quoted) {
      if (value.map() == nullptr)
        fail("<< needs a map to merge", key.at);
      else
        frame.merged.push_back(std::move(value));
      return;
    }
    std::get<base::Node::Map>(frame.built.node.value)
        .push_back(base::Node::Entry{name.text, key.at, std::move(value)});
  }

  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Built> anchors_;
  std::size_t total_ = 0;
  std::size_t ignored_ = 0;  // maps and lists begun after an error
};

// ---- writing ------------------------------------------------------------------------------------

constexpr std::size_t kLineMax = 96;

bool is_reserved(std::string_view text) {
  static constexpr std::string_view kWords[] = {"true", "false", "yes", "no", "on",
                                                "off",  "null",  "y",   "n"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords);
}

// Letters first, then letters, digits and harmless signs: means itself without quotes.
bool is_bare(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || text.size() > 60 || !letter(text.front()) || text.back() == ' ') return false;
  return !is_reserved(text) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("_-./@ ").find(c) != std::string_view::npos;
  });
}

std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string made = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      made += '\\';
      made += c;
    } else if (c == '\n') {
      made += "\\n";
    } else if (byte < 0x20U || byte == 0x7fU) {
      made += "\\x";
      made += kHex[byte >> 4U];
      made += kHex[byte & 0x0fU];
    } else {
      made += c;
    }
  }
  return made + "\"";
}

std::string scalar_text(const base::Node& node) {
  const base::Node::Scalar& scalar = *node.scalar();
  if (!node.tag.empty()) return node.tag + " " + quoted(scalar.text);
  if (!scalar.quoted) return scalar.text.empty() ? "null" : scalar.text;
  return is_bare(scalar.text) ? scalar.text : quoted(scalar.text);
}

std::string key_text(const std::string& key) {
  return is_bare(key) && key.find(' ') == std::string::npos ? key : quoted(key);
}

bool is_empty(const base::Node& node) {
  return node.map() != nullptr ? node.map()->empty() : node.list()->empty();
}

// The node on one line, or nothing when it is deep or long.
std::optional<std::string> flow_of(const base::Node& node, std::size_t room, int levels) {
  if (node.scalar() != nullptr) return scalar_text(node);
  const bool is_map = node.map() != nullptr;
  if (levels == 0 && !is_empty(node)) return std::nullopt;
  std::string made(1, is_map ? '{' : '[');
  const auto add = [&](const std::string& key, const base::Node& value) {
    const auto inside = flow_of(value, room, levels - 1);
    if (!inside) return false;
    if (made.size() > 1) made += ", ";
    made += key + *inside;
    return made.size() < room;
  };
  if (is_map) {
    for (const base::Node::Entry& entry : *node.map())
      if (!add(key_text(entry.key) + ": ", entry.node)) return std::nullopt;
  } else {
    for (const base::Node& item : *node.list())
      if (!add("", item)) return std::nullopt;
  }
  return made + (is_map ? '}' : ']');
}

void write_block(std::string& out, const base::Node& node, std::size_t indent, bool in_line);

void write_value(std::string& out, const base::Node& node, std::size_t indent) {
  const std::size_t used = out.size() - (out.rfind('\n') + 1);
  const auto flow = flow_of(node, kLineMax > used + 2 ? kLineMax - used - 1 : 1, 2);
  if (flow) {
    out += " " + *flow + "\n";
    return;
  }
  out += "\n";
  write_block(out, node, indent, false);
}

// `in_line`: the first line goes on behind a dash.
void write_block(std::string& out, const base::Node& node, std::size_t indent, bool in_line) {
  const std::string margin(indent, ' ');
  if (const base::Node::Map* entries = node.map()) {
    for (const base::Node::Entry& entry : *entries) {
      out += (in_line ? "" : margin) + key_text(entry.key) + ":";
      in_line = false;
      write_value(out, entry.node, indent + 2);
    }
    return;
  }
  for (const base::Node& item : *node.list()) {
    out += (in_line ? "" : margin) + "-";
    in_line = false;
    const auto flow = flow_of(item, kLineMax > indent + 3 ? kLineMax - indent - 3 : 1, 2);
    if (flow) {
      out += " " + *flow + "\n";
      continue;
    }
    out += " ";
    write_block(out, item, indent + 2, true);
  }
}

// Where the first byte stands that is no UTF-8; nothing when all is.
std::optional<base::Position> not_utf8(std::string_view text) {
  base::Position at{1, 1};
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    if (length == 0) return at;
    at = text.front() == '\n' ? base::Position{at.line + 1, 1}
                              : base::Position{at.line, at.column + 1};
    text.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace

base::Result<base::Node, SyntaxError> read_yaml(std::string_view text) {
  if (text.size() > base::kDocumentBytesMax)
    return base::Unexpected{SyntaxError{
        "more than " + std::to_string(base::kDocumentBytesMax >> 20U) + " MiB of text", {}}};
  if (const auto at = not_utf8(text))
    return base::Unexpected{SyntaxError{"this is not UTF-8; save the file as UTF-8", *at}};
  Builder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    (void)parser.HandleNextDocument(builder);
    if (!builder.error && builder.root) {
      Builder second;
      if (parser.HandleNextDocument(second) && second.root && !second.root->is_null())
        return base::Unexpected{SyntaxError{"a second document begins here", second.root->at}};
    }
  } catch (const YAML::Exception& problem) {
    if (!builder.error) builder.error = SyntaxError{problem.msg, place_of(problem.mark)};
  }
  if (builder.error) return base::Unexpected{std::move(*builder.error)};
  if (!builder.root || builder.root->is_null()) return base::Node::empty_map();
  return std::move(*builder.root);
}

std::string write_yaml(const base::Node& node) {
  std::string out;
  if (node.scalar() != nullptr) return scalar_text(node) + "\n";
  if (is_empty(node)) return node.map() != nullptr ? "{}\n" : "[]\n";
  write_block(out, node, 0, false);
  return out;
}

}  // namespace config
