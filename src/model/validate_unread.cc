// validate() of an office that could not be read in full: only what does not follow from that.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "model/findings.h"
#include "model/office.h"
#include "model/validate.h"

namespace model {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view path) {
  Words words;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    words.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return words;
}

bool is_above(std::string_view upper, std::string_view lower) {
  return lower.starts_with(upper) && (lower.size() == upper.size() || lower[upper.size()] == '/');
}

// The list of things whose names are not all known after this finding; "" when they are.
std::string_view doubtful_list(const Finding& finding) {
  constexpr std::array<std::string_view, 8> kNaming{
      "extension", "extensions", "name", "aliases", "numbers", "service_number", "sip", "number"};
  // A text that was refused is known, and named by it.
  if (finding.code == "bad_text" || finding.code == "unknown_key") return {};
  if (finding.severity == Severity::Warning) return {};
  const Words words = words_of(finding.path);
  if (words.empty()) return {};
  const bool naming =
      words.size() <= 2 || std::find(kNaming.begin(), kNaming.end(), words[2]) != kNaming.end();
  return naming ? words.front() : std::string_view{};
}

// The lists in which the name at this place is looked up.
Words looked_up_in(std::string_view path) {
  const Words words = words_of(path);
  const std::string_view last = words.empty() ? std::string_view{} : words.back();
  if (last == "flag") return {"flags"};
  if (last == "when" || last == "schedule") return {"schedules"};
  if (last == "ivr") return {"ivrs"};
  if (last == "queue") return {"queues"};
  if (last == "group") return {"groups"};
  for (const std::string_view sound : {"announce", "music", "caller_hears", "greeting"})
    if (last == sound) return {"sounds"};
  return {"users", "groups", "mailboxes", "numbers", "chain", "ivrs", "queues"};
}

// What is told because something else could not be read.
bool follows_from(const Finding& finding, const Findings& unread, const Words& doubtful) {
  const auto touches = [&](const Finding& other) {
    if (other.severity == Severity::Warning || other.path.empty()) return false;
    // "missing" stands at the whole thing; the rest of it was read.
    if (other.code == "missing" || other.code == "unknown_key") return other.path == finding.path;
    return is_above(other.path, finding.path) || is_above(finding.path, other.path);
  };
  if (std::any_of(unread.begin(), unread.end(), touches)) return true;
  const auto is_doubtful = [&](std::string_view list) {
    return std::find(doubtful.begin(), doubtful.end(), list) != doubtful.end();
  };
  if (finding.code == "no_such_thing") {
    const Words lists = looked_up_in(finding.path);
    return std::any_of(lists.begin(), lists.end(), is_doubtful);
  }
  return finding.code == "no_trunk" && is_doubtful("trunks");
}

}  // namespace

Findings validate(const Office& office, const Findings& unread) {
  Findings found = validate(office);
  keep_what_is_known(found, unread);
  return found;
}

void keep_what_is_known(Findings& found, const Findings& unread) {
  if (!has_errors(unread)) return;
  Words doubtful;
  for (const Finding& finding : unread)
    if (const std::string_view list = doubtful_list(finding); !list.empty())
      doubtful.push_back(list);
  std::erase_if(found,
                [&](const Finding& finding) { return follows_from(finding, unread, doubtful); });
}

}  // namespace model
