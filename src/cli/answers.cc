#include "cli/answers.h"

#include <cstdio>
#include <string>
#include <string_view>

#include "base/node.h"
#include "base/result.h"
#include "cli/client.h"
#include "config/json.h"
#include "model/findings.h"

namespace cli {

int failed(const std::string& why) {
  (void)std::fprintf(stderr, "harrier: %s\n", model::printable(why).c_str());
  return 1;
}

std::string text_at(const base::Node& node, std::string_view key) {
  const base::Node* found = node.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

int refused(const Reply& reply, const std::string& file) {
  const auto body = config::read_json(reply.body);
  if (!body || body->map() == nullptr)
    return failed("the server said " + std::to_string(reply.status) + " " + reply.body);
  const int status = failed(text_at(*body, "detail"));
  const base::Node* errors = body->find("errors");
  if (errors == nullptr || errors->list() == nullptr) return status;
  for (const base::Node& one : *errors->list()) {
    std::string line;
    if (!file.empty() && !text_at(one, "line").empty())
      line = file + ":" + text_at(one, "line") + ":" + text_at(one, "column") + ": ";
    const std::string pointer = text_at(one, "pointer");
    line += text_at(one, "severity") + ": " + text_at(one, "detail");
    if (line.find(": ") != std::string::npos && file.empty() && !pointer.empty())
      line += " (" + pointer + ")";
    (void)std::fprintf(stderr, "%s\n", model::printable(line).c_str());
  }
  return status;
}

int print_changes(const Reply& reply, bool json) {
  if (json) {
    (void)std::puts(reply.body.c_str());
    return 0;
  }
  const auto body = config::read_json(reply.body);
  if (!body) return failed("the server's answer cannot be read");
  if (const base::Node* warnings = body->find("warnings"); warnings != nullptr)
    for (const base::Node& one : *warnings->list())
      (void)std::fprintf(stderr, "warning: %s\n", model::printable(text_at(one, "detail")).c_str());
  const base::Node* changes = body->find("changes");
  if (changes == nullptr || changes->list()->empty()) {
    (void)std::puts("nothing to change");
    return 0;
  }
  for (const base::Node& one : *changes->list())
    (void)std::puts(model::printable(text_at(one, "text")).c_str());
  if (text_at(*body, "dry_run") == "true") (void)std::puts("(dry run: nothing was changed)");
  return 0;
}

}  // namespace cli
