// Reader: the words of the findings and the simple values.

#include "model/detail/reader.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/detail/text_rule.h"
#include "model/detail/times.h"
#include "model/detail/words.h"
#include "model/findings.h"
#include "model/office.h"

namespace model::detail {
namespace {

constexpr std::string_view kSealed = "!encrypted ";

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string made = "\"";
  if (text.size() <= kLongest) return made.append(text) + "\"";
  std::size_t end = kLongest - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;  // whole letters
  return made.append(text.substr(0, end)) + "...\"";
}

std::string kind_of_node(const base::Node& node) {
  if (node.map() != nullptr) return "a map";
  if (node.list() != nullptr) return "a list";
  return quoted(node.scalar()->text);
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string made;
  for (const std::string_view word : words) {
    if (!made.empty()) made += ", ";
    made += word;
  }
  return made;
}

std::optional<bool> truth_of(const base::Node& node) {
  const base::Node::Scalar* scalar = node.scalar();
  if (scalar == nullptr || scalar->quoted) return std::nullopt;
  std::string lower = scalar->text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower == "true" || lower == "yes" || lower == "on") return true;
  if (lower == "false" || lower == "no" || lower == "off") return false;
  return std::nullopt;
}

}  // namespace

std::string Place::path() const {
  std::vector<std::string> parts;
  for (const Place* at = this; at != nullptr; at = at->up) {
    if (at->index)
      parts.push_back(std::to_string(*at->index));
    else if (!at->key.empty())
      parts.emplace_back(at->key);
  }
  std::string path;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) path += "/" + pointer_part(*part);
  return path;
}

Reader::Reader(Reading& reading, const base::Node& node, const Place& place, std::string_view what)
    : reading_(reading), node_(node), place_(place), what_(what) {
  if (node.map() == nullptr && !(node.is_null() && place.up == nullptr))
    complain("wrong_type", node, place,
             std::string(what) + " is a map of keys and values, not " + kind_of_node(node));
}

void Reader::complain(std::string_view code, const base::Node& node, const Place& place,
                      std::string message) {
  reading_.findings.push_back(
      {Severity::Error, std::string(code), place.path(), node.at, std::move(message)});
}

const base::Node* Reader::take(std::string_view key) {
  known_.push_back(key);
  const base::Node* node = node_.find(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

void Reader::finish() {
  const base::Node::Map* entries = node_.map();
  if (entries == nullptr) return;
  for (const base::Node::Entry& entry : *entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const Place place{&place_, entry.key, {}};
    const std::string_view near = nearest(entry.key, known_);
    reading_.findings.push_back({Severity::Error, "unknown_key", place.path(), entry.at,
                                 "unknown key " + quoted(entry.key) + " in " + std::string(what_) +
                                     "; the nearest known key is " + quoted(near)});
  }
}

void Reader::unknown_word(const base::Node& node, std::string_view key,
                          const std::vector<std::string_view>& known) {
  const Place place{&place_, key, {}};
  const base::Node::Scalar* scalar = node.scalar();
  std::string message = quoted(key) + " cannot be " + kind_of_node(node);
  if (scalar != nullptr) message += "; the nearest word is " + quoted(nearest(scalar->text, known));
  complain(scalar == nullptr ? "wrong_type" : "unknown_word", node, place,
           message + " (one of: " + joined(known) + ")");
}

void Reader::identity(std::string& id, std::int64_t& revision) {
  text("id", id, "", {Letters::Any, 128, false});
  const auto read = whole_number("revision", 0, INT64_MAX);
  if (read) revision = *read;
}

bool Reader::scalar_text(const base::Node& node, const Place& place, std::string& out,
                         TextRule rule) {
  const base::Node::Scalar* scalar = node.scalar();
  if (scalar == nullptr) {
    complain("wrong_type", node, place, "this is a text, not " + kind_of_node(node));
    return false;
  }
  out = scalar->text;  // also when it is refused: what names it names this
  const std::string why = why_not(scalar->text, rule);
  if (!why.empty()) {
    complain("bad_text", node, place, quoted(scalar->text) + " is refused: it " + why);
    return false;
  }
  if (rule.required && scalar->text.empty()) {
    complain("missing", node, place, "this may not be empty");
    return false;
  }
  return true;
}

void Reader::text(std::string_view key, std::string& out, std::string_view /*fallback*/,
                  TextRule rule) {
  const base::Node* node = take(key);
  const Place place{&place_, key, {}};
  if (node != nullptr) {
    (void)scalar_text(*node, place, out, rule);
    return;
  }
  if (rule.required && node_.map() != nullptr)
    complain("missing", node_, place_, std::string(what_) + " needs the key " + quoted(key));
}

void Reader::secret(std::string_view key, std::string& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  std::string read;
  if (!scalar_text(*node, place, read, {Letters::Any, 8'192, false})) return;
  const bool tagged = node->tag == "!encrypted";
  if (!tagged && !read.starts_with(kSealed)) {
    out = std::move(read);
    return;
  }
  const std::string sealed = tagged ? read : read.substr(kSealed.size());
  if (!reading_.options->open_secret) {
    out = std::string(kSealed) + sealed;
    return;
  }
  auto opened = reading_.options->open_secret(sealed);
  if (opened)
    out = std::move(*opened);
  else
    complain(
        "unreadable_secret", *node, place,
        quoted(key) +
            " does not open with the secrets.key of this server: bring that file back, write the "
            "value plainly, or export it with --secrets on the server that encrypted it");
}

void Reader::flag(std::string_view key, bool& out, bool /*fallback*/) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const auto truth = truth_of(*node);
  if (truth) {
    out = *truth;
    return;
  }
  complain("wrong_type", *node, Place{&place_, key, {}},
           quoted(key) + " is true or false (without quotes), not " + kind_of_node(*node));
}

std::optional<std::int64_t> Reader::whole_number(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
  const base::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const Place place{&place_, key, {}};
  const base::Node::Scalar* scalar = node->scalar();
  std::int64_t read = 0;
  const char* end = scalar == nullptr ? nullptr : scalar->text.data() + scalar->text.size();
  const bool whole = scalar != nullptr && !scalar->quoted && !scalar->text.empty() &&
                     std::from_chars(scalar->text.data(), end, read).ptr == end;
  if (!whole) {
    complain("wrong_type", *node, place,
             quoted(key) + " is a whole number (without quotes), not " + kind_of_node(*node));
    return std::nullopt;
  }
  if (read < least || read > most) {
    complain("out_of_range", *node, place,
             quoted(key) + " is " + scalar->text + ", and must be from " + std::to_string(least) +
                 " to " + std::to_string(most));
    return std::nullopt;
  }
  return read;
}

void Reader::whole(std::string_view key, std::optional<std::int32_t>& out, std::int64_t least,
                   std::int64_t most) {
  const auto read = whole_number(key, least, most);
  if (read) out = static_cast<std::int32_t>(*read);
}

std::optional<base::Duration> Reader::read_duration(std::string_view key, Range range) {
  const base::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const Place place{&place_, key, {}};
  const base::Node::Scalar* scalar = node->scalar();
  const auto read = scalar == nullptr ? std::nullopt : duration_from(scalar->text);
  if (!read) {
    complain(
        "wrong_type", *node, place,
        quoted(key) + " is a time such as 20 (seconds) or \"1m30s\", not " + kind_of_node(*node));
    return std::nullopt;
  }
  if (*read < range.least || *read > range.most) {
    std::string message = quoted(key) + " is " + scalar->text + ", and must be from " +
                          seconds_text(range.least) + " to " + seconds_text(range.most) +
                          " seconds";
    if (*read < range.least && !range.hint.empty()) message += "; " + std::string(range.hint);
    complain("out_of_range", *node, place, std::move(message));
    return std::nullopt;
  }
  return read;
}

void Reader::duration(std::string_view key, base::Duration& out, base::Duration /*fallback*/,
                      Range range) {
  const auto read = read_duration(key, range);
  if (read) out = *read;
}

void Reader::duration(std::string_view key, std::optional<base::Duration>& out, Range range) {
  const auto read = read_duration(key, range);
  if (read) out = *read;
}

const base::Node::List* Reader::list_of(const base::Node& node, const Place& place,
                                        std::size_t most) {
  const base::Node::List* items = node.list();
  if (items == nullptr) {
    complain("wrong_type", node, place,
             quoted(place.key) + " is a list, written [a, b] or one a line with a dash, not " +
                 kind_of_node(node));
    return nullptr;
  }
  if (items->size() > most) {
    complain("too_many", node, place,
             quoted(place.key) + " has " + std::to_string(items->size()) + " entries; " +
                 std::to_string(most) + " are possible");
    return nullptr;
  }
  return items;
}

void Reader::texts(std::string_view key, std::vector<std::string>& out, TextRule rule,
                   std::size_t most) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const Place place{&place_, key, {}};
  const base::Node::List* items = list_of(*node, place, most);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->size(); ++i) {
    // Also what is refused keeps its place: the paths of later findings count on it.
    out.emplace_back();
    (void)scalar_text((*items)[i], Place{&place, {}, i}, out.back(), rule);
  }
}

}  // namespace model::detail
