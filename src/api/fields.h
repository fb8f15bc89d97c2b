#pragma once
// A JSON object of a request, read strictly: each wrong or unknown key is a finding with its place.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "base/node.h"
#include "model/findings.h"

namespace api {

class Fields final {
 public:
  // `body` outlives this. An empty body is an empty object.
  explicit Fields(const std::string& body);

  // Each asks for one key; what is not asked for by then is unknown.
  [[nodiscard]] std::optional<std::string> text(std::string_view key, std::size_t most = 1'024);
  [[nodiscard]] std::string required(std::string_view key, std::size_t most = 1'024);
  [[nodiscard]] std::optional<bool> truth(std::string_view key);
  // Null when it is absent.
  [[nodiscard]] const base::Node* node(std::string_view key);
  // Says what is wrong with a key. `key`: "a", or a place inside: "a/0".
  void fault(std::string_view key, std::string code, std::string message);

  // The last call: the refusal (400 or 422 with all findings), if there is one.
  [[nodiscard]] std::optional<Response> refusal();

 private:
  base::Node body_;
  std::string not_json_;
  std::vector<std::string_view> known_;
  model::Findings findings_;
};

}  // namespace api
