#include "config/office_file.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/node.h"
#include "config/json.h"
#include "config/yaml.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"
#include "model/validate.h"

namespace config {
namespace {

// Where things of a merged office stand in the file that was merged into it.
class Places {
 public:
  Places(const model::Office& merged, const OfficeFile& file) : merged_(merged), file_(file) {}

  // "/users/3/name" of the merged office as a path into the file; nothing if it is not in there.
  [[nodiscard]] std::optional<std::string> path_in_file(std::string_view path) {
    if (!path.starts_with('/')) return {};
    const std::size_t key_end = std::min(path.find('/', 1), path.size());
    const std::string_view key = path.substr(1, key_end - 1);
    if (file_.document.find(key) == nullptr) return {};
    const auto kind = model::kind_from_key(key);
    const std::string_view rest = path.substr(std::min(key_end + 1, path.size()));
    std::size_t index = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), index);
    if (!kind.has_value() || read.ec != std::errc{}) return std::string{path};
    const auto& places = places_of(*kind);
    if (index >= places.size() || !places[index].has_value()) return {};
    std::string made = "/";
    made.append(key).append("/").append(std::to_string(*places[index]));
    return made.append(read.ptr, rest.data() + rest.size());
  }

 private:
  using List = std::vector<std::optional<std::size_t>>;

  // For each thing of the merged office its place in the file's list: the same id, or what makes an
  // id when there is none.
  const List& places_of(model::Kind kind) {
    const auto [known, fresh] = lists_.try_emplace(kind);
    if (!fresh) return known->second;
    std::map<std::string, std::size_t> written;
    std::size_t place = 0;
    for (const model::Thing& thing : model::things_of(file_.office, kind))
      written.emplace(model::id_of(thing), place++);
    for (model::Thing& thing : model::things_of(merged_, kind)) {
      auto found = written.find(model::id_of(thing));
      model::set_identity(thing, "", 0);
      if (found == written.end()) found = written.find(model::id_of(thing));
      known->second.push_back(found == written.end() ? std::optional<std::size_t>{}
                                                     : found->second);
    }
    return known->second;
  }

  const model::Office& merged_;
  const OfficeFile& file_;
  std::map<model::Kind, List> lists_;
};

}  // namespace

OfficeFile read_office(std::string_view text, const model::DecodeOptions& options, bool alone) {
  OfficeFile file;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  auto read = json ? read_json(text) : read_yaml(text);
  // A YAML document may begin with { too.
  if (json && !read) {
    auto again = read_yaml(text);
    if (again) read = std::move(again);
  }
  if (!read) {
    file.findings.push_back(
        {model::Severity::Error, "syntax", "", read.error().at, std::move(read.error().message)});
    return file;
  }
  file.document = std::move(*read);
  auto decoded = model::decode_office(file.document, options);
  file.office = std::move(decoded.value);
  file.findings = std::move(decoded.findings);
  if (alone) model::append(file.findings, model::validate(file.office, file.findings));
  model::locate(file.findings, file.document);
  return file;
}

void locate_in_file(model::Findings& findings, const model::Office& merged,
                    const OfficeFile& file) {
  Places places{merged, file};
  for (model::Finding& finding : findings) {
    if (finding.at.line != 0) continue;
    auto path = places.path_in_file(finding.path);
    if (!path.has_value()) {
      model::tell_in_words(finding, merged);
      continue;
    }
    finding.path = *std::move(path);
    model::Findings one{finding};
    model::locate(one, file.document);
    finding.at = one.front().at;
  }
}

void validate_merged(OfficeFile& file, const model::Office& current, bool prune) {
  const model::Office merged = model::apply_file(current, file.office, file.document, prune).office;
  model::Findings found = model::validate(merged);
  locate_in_file(found, merged, file);
  // What another thing suffers may come from what could not be read.
  std::erase_if(found, [](const model::Finding& finding) { return finding.path.empty(); });
  model::keep_what_is_known(found, file.findings);
  model::append(file.findings, std::move(found));
}

std::string lines_of(const model::Findings& findings, std::string_view file) {
  std::string lines;
  for (const model::Finding& finding : findings) lines += model::line_of(finding, file) + "\n";
  return lines;
}

}  // namespace config
