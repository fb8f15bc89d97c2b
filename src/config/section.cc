#include "config/detail/section.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/findings.h"

namespace config::detail {
namespace {

std::string seconds_text(base::Duration duration) {
  const std::int64_t ms = duration.count();
  std::string text = std::to_string(ms / 1'000);
  if (ms % 1'000 != 0) text += "." + std::to_string(1'000 + ms % 1'000).substr(1);
  return text;
}

}  // namespace

Section::Section(model::Findings& findings, const base::Node* node, std::string path)
    : findings_(findings), node_(node), path_(std::move(path)) {
  if (node != nullptr && node->map() == nullptr)
    findings_.push_back({model::Severity::Error, "wrong_type", path_, node->at,
                         "this is a map of keys and values, such as {key: value}"});
}

const base::Node* Section::find(std::string_view key) const {
  return node_ == nullptr ? nullptr : node_->find(key);
}

void Section::add(model::Severity severity, std::string_view code, std::string_view key,
                  std::string message) {
  const base::Node* node = find(key);
  findings_.push_back({severity, std::string(code), path_ + "/" + std::string(key),
                       node != nullptr    ? node->at
                       : node_ != nullptr ? node_->at
                                          : base::Position{},
                       std::move(message)});
}

void Section::error(std::string_view code, std::string_view key, std::string message) {
  add(model::Severity::Error, code, key, std::move(message));
}

void Section::warn(std::string_view code, std::string_view key, std::string message) {
  add(model::Severity::Warning, code, key, std::move(message));
}

const base::Node* Section::take(std::string_view key) {
  known_.push_back(key);
  const base::Node* node = find(key);
  return node == nullptr || node->is_null() ? nullptr : node;
}

Section Section::section(std::string_view key) {
  const base::Node* node = take(key);
  return {findings_, node, path_ + "/" + std::string(key)};
}

std::optional<std::string> Section::scalar(std::string_view key) {
  const base::Node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->scalar() == nullptr) {
    error("wrong_type", key, "\"" + std::string(key) + "\" is one value, not a list or a map");
    return std::nullopt;
  }
  return node->scalar()->text;
}

void Section::text(std::string_view key, std::string& out) {
  auto read = scalar(key);
  if (read) out = std::move(*read);
}

void Section::texts(std::string_view key, std::vector<std::string>& out) {
  const base::Node* node = take(key);
  if (node == nullptr) return;
  const base::Node::List* items = node->list();
  if (items == nullptr) {
    error("wrong_type", key, "\"" + std::string(key) + "\" is a list, written [a, b]");
    return;
  }
  out.clear();
  for (const base::Node& item : *items) {
    if (item.scalar() != nullptr)
      out.push_back(item.scalar()->text);
    else
      error("wrong_type", key, "\"" + std::string(key) + "\" is a list of single values");
  }
}

void Section::seconds(std::string_view key, base::Duration& out, base::Duration least,
                      base::Duration most) {
  const auto read = scalar(key);
  if (!read) return;
  const auto duration = model::duration_from(*read);
  if (!duration)
    error("wrong_type", key,
          "\"" + std::string(key) + "\" is a time such as 20 (seconds), 0.5 or \"1m30s\", not \"" +
              *read + "\"");
  else if (*duration < least || *duration > most)
    error("out_of_range", key,
          "\"" + std::string(key) + "\" is " + *read + ", and must be from " + seconds_text(least) +
              " to " + seconds_text(most) + " seconds");
  else
    out = *duration;
}

std::optional<std::int64_t> Section::whole(std::string_view key, std::int64_t least,
                                           std::int64_t most) {
  const auto read = scalar(key);
  if (!read) return std::nullopt;
  std::int64_t number = 0;
  const char* end = read->data() + read->size();
  if (read->empty() || std::from_chars(read->data(), end, number).ptr != end) {
    error("wrong_type", key,
          "\"" + std::string(key) + "\" is a whole number, not \"" + *read + "\"");
    return std::nullopt;
  }
  if (number < least || number > most) {
    error("out_of_range", key,
          "\"" + std::string(key) + "\" is " + *read + ", and must be from " +
              std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::optional<std::size_t> Section::choice(std::string_view key,
                                           const std::vector<std::string_view>& words) {
  const auto read = scalar(key);
  if (!read) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *read);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string all;
  for (const std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
  error("unknown_word", key,
        "\"" + std::string(key) + "\" cannot be \"" + *read + "\"; the nearest word is \"" +
            std::string(model::nearest_word(*read, words)) + "\" (one of: " + all + ")");
  return std::nullopt;
}

void Section::finish() {
  const base::Node::Map* entries = node_ == nullptr ? nullptr : node_->map();
  if (entries == nullptr) return;
  for (const base::Node::Entry& entry : *entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    findings_.push_back({model::Severity::Error, "unknown_key", path_ + "/" + entry.key, entry.at,
                         "unknown key \"" + entry.key + "\"; the nearest known key is \"" +
                             std::string(model::nearest_word(entry.key, known_)) + "\""});
  }
}

}  // namespace config::detail
