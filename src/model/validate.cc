#include "model/validate.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/node.h"
#include "model/detail/validator.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model {
namespace detail {

std::string at(std::string_view list, std::size_t index, std::string_view rest) {
  std::string path = "/" + std::string(list) + "/" + std::to_string(index);
  if (!rest.empty()) path += "/" + std::string(rest);
  return path;
}

Validator::Validator(const Office& office)
    : office_(office), snapshot_(Snapshot::build(office, {})) {}

void Validator::error(std::string_view code, std::string path, std::string message) {
  findings.push_back({Severity::Error, std::string(code), std::move(path), {}, std::move(message)});
}

void Validator::warn(std::string_view code, std::string path, std::string message) {
  findings.push_back(
      {Severity::Warning, std::string(code), std::move(path), {}, std::move(message)});
}

void Validator::clash(std::string_view code, const std::string& first, const std::string& second,
                      const std::string& message) {
  if (clashed_.insert(std::string(code) + first).second) error(code, first, message);
  error(code, second, message);
}

}  // namespace detail

Findings validate(const Office& office) {
  detail::Validator validator(office);
  validator.values_are_sound();
  validator.hooks_are_sound();
  validator.tests_can_be_asked();
  validator.reports_are_sound();
  validator.admins_are_sound();
  validator.names_are_unique();
  validator.numbers_are_unique();
  validator.accounts_are_unique();
  validator.references_exist();
  validator.chain_is_sound();
  validator.groups_nest_soundly();
  validator.finals_end_somewhere();
  validator.warn_groups();
  validator.warn_users();
  validator.warn_reach();
  validator.warn_limits();
  return std::move(validator.findings);
}

void locate(Findings& findings, const base::Node& document) {
  for (Finding& finding : findings) {
    if (finding.at.line != 0) continue;
    const base::Node* node = &document;
    base::Position found = document.at;
    std::string_view rest = finding.path;
    while (node != nullptr && rest.starts_with('/')) {
      rest.remove_prefix(1);
      const std::string_view part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(part.size());
      const base::Node* inside = nullptr;
      if (const base::Node::List* items = node->list()) {
        std::size_t index = 0;
        const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
        if (read.ec == std::errc{} && index < items->size()) inside = &(*items)[index];
      } else {
        inside = node->find(name_of_part(part));
      }
      node = inside;
      if (node != nullptr && node->at.line != 0) found = node->at;
    }
    finding.at = found;
  }
}

}  // namespace model
