#include "api/fields.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/http.h"
#include "api/problem.h"
#include "base/node.h"
#include "config/json.h"
#include "model/findings.h"

namespace api {

Fields::Fields(const std::string& body) : body_(base::Node::empty_map()) {
  if (body.empty()) return;
  auto read = config::read_json(body);
  if (read)
    body_ = *std::move(read);
  else
    not_json_ = "the body is not JSON: " + read.error().message;
}

const base::Node* Fields::node(std::string_view key) {
  known_.push_back(key);
  return body_.find(key);
}

std::optional<std::string> Fields::text(std::string_view key, std::size_t most) {
  const base::Node* found = node(key);
  if (found == nullptr || found->is_null()) return {};
  const base::Node::Scalar* scalar = found->scalar();
  if (scalar == nullptr || !scalar->quoted) {
    fault(key, "wrong_type", std::string{key} + " is a text");
    return {};
  }
  if (scalar->text.size() > most) {
    fault(key, "too_long", std::string{key} + " has at most " + std::to_string(most) + " letters");
    return {};
  }
  return scalar->text;
}

std::string Fields::required(std::string_view key, std::size_t most) {
  const std::size_t before = findings_.size();
  auto found = text(key, most);
  if (findings_.size() == before && (!found.has_value() || found->empty()))
    fault(key, "missing", std::string{key} + " is missing");
  return std::move(found).value_or(std::string{});
}

std::optional<bool> Fields::truth(std::string_view key) {
  const base::Node* found = node(key);
  if (found == nullptr) return {};
  const base::Node::Scalar* scalar = found->scalar();
  if (scalar != nullptr && !scalar->quoted && scalar->text == "true") return true;
  if (scalar != nullptr && !scalar->quoted && scalar->text == "false") return false;
  fault(key, "wrong_type", std::string{key} + " is true or false");
  return {};
}

void Fields::fault(std::string_view key, std::string code, std::string message) {
  std::string pointer;
  while (!key.empty()) {
    const std::size_t end = std::min(key.find('/'), key.size());
    pointer.append("/").append(model::pointer_part(key.substr(0, end)));
    key.remove_prefix(std::min(end + 1, key.size()));
  }
  findings_.push_back(
      {model::Severity::Error, std::move(code), std::move(pointer), {}, std::move(message)});
}

std::optional<Response> Fields::refusal() {
  if (!not_json_.empty()) return problem(400, not_json_);
  if (body_.map() == nullptr) {
    std::string known;
    for (const std::string_view key : known_) known.append(known.empty() ? "" : ", ").append(key);
    return problem(422, "a JSON object {" + known + "} is expected");
  }
  for (const base::Node::Entry& entry : *body_.map()) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    const std::string_view near = model::nearest_word(entry.key, known_);
    fault(model::pointer_part(entry.key), "unknown_key",
          "unknown key " + entry.key +
              (near.empty() ? std::string{} : "; did you mean " + std::string{near} + "?"));
  }
  if (findings_.empty()) return {};
  return problem(422, "the body has errors", findings_);
}

}  // namespace api
