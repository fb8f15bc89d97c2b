// Findings about a whole office as answers to somebody who sent a part of it.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"
#include "model/validate.h"

namespace model {
namespace {

std::string path_of(const Office& office, Kind kind, std::string_view id) {
  const std::vector<Thing> things = things_of(office, kind);
  for (std::size_t i = 0; i < things.size(); ++i)
    if (id_of(things[i]) == id) return "/" + std::string(key_of(kind)) + "/" + std::to_string(i);
  return {};
}

bool is_inside(std::string_view path, std::string_view thing) {
  return !thing.empty() && path.starts_with(thing) &&
         (path.size() == thing.size() || path[thing.size()] == '/');
}

bool is_clash(const Finding& finding) {
  return finding.code == "number_used_twice" || finding.code == "name_used_twice";
}

}  // namespace

void tell_in_words(Finding& finding, const Office& office) {
  std::string_view rest = finding.path;
  if (rest.empty()) return;
  rest.remove_prefix(1);
  const std::string_view key = rest.substr(0, rest.find('/'));
  std::string where(key);
  const auto kind = kind_from_key(key);
  rest.remove_prefix(std::min(key.size() + 1, rest.size()));
  std::size_t index = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), index);
  if (kind && read.ec == std::errc{}) {
    const std::vector<Thing> things = things_of(office, *kind);
    if (index < things.size()) where = std::string(noun_of(*kind)) + " " + label_of(things[index]);
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
    if (!rest.empty()) rest.remove_prefix(1);
  }
  if (!rest.empty()) where += ", " + std::string(rest);
  finding.message = where + ": " + finding.message;
  finding.path.clear();
}

void relate_to(Findings& findings, const Office& office, Kind kind, std::string_view id) {
  const std::string thing = path_of(office, kind, id);
  const bool clashes = std::any_of(findings.begin(), findings.end(), [&](const Finding& f) {
    return is_clash(f) && is_inside(f.path, thing);
  });
  std::erase_if(findings, [&](const Finding& f) {
    return !is_inside(f.path, thing) &&
           (f.severity == Severity::Warning || (clashes && is_clash(f)));
  });
  for (Finding& finding : findings) {
    if (is_inside(finding.path, thing))
      finding.path.erase(0, thing.size());
    else
      tell_in_words(finding, office);
  }
}

}  // namespace model
