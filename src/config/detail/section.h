#pragma once
// One map of harrier.yaml, read key by key; what nobody asked for is an unknown key.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "model/findings.h"

namespace config::detail {

class Section {
 public:
  // `path`: "" for the root, else "/sip". A node that is no map is a finding and reads as empty.
  // Null: an absent map.
  Section(model::Findings& findings, const base::Node* node, std::string path);

  // Null when absent or null.
  [[nodiscard]] const base::Node* take(std::string_view key);
  // A map inside, or an empty one.
  [[nodiscard]] Section section(std::string_view key);

  void text(std::string_view key, std::string& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  void seconds(std::string_view key, base::Duration& out, base::Duration least,
               base::Duration most);
  [[nodiscard]] std::optional<std::int64_t> whole(std::string_view key, std::int64_t least,
                                                  std::int64_t most);
  // The place of the word in `words`; nothing (and a finding) for another word.
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view key,
                                                  const std::vector<std::string_view>& words);
  void finish();

  void error(std::string_view code, std::string_view key, std::string message);
  void warn(std::string_view code, std::string_view key, std::string message);

 private:
  [[nodiscard]] std::optional<std::string> scalar(std::string_view key);
  void add(model::Severity severity, std::string_view code, std::string_view key,
           std::string message);

  model::Findings& findings_;
  const base::Node* node_;
  [[nodiscard]] const base::Node* find(std::string_view key) const;
  std::string path_;
  std::vector<std::string_view> known_;
};

}  // namespace config::detail
