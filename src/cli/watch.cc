#include "cli/watch.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

#include "base/node.h"
#include "base/result.h"
#include "cli/client.h"
#include "config/json.h"

namespace cli {
namespace {

std::string text_at(const base::Node& node, std::string_view key) {
  const base::Node* found = node.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

}  // namespace

int watch(const Server& server, bool json) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  std::string last;
  const auto done = follow(server, "/api/v1/events", [&](std::string_view data) {
    if (json) {
      std::printf("%.*s\n", static_cast<int>(data.size()), data.data());
      (void)std::fflush(stdout);
      return true;
    }
    const auto event = config::read_json(data);
    if (!event) return true;
    const std::string call = text_at(*event, "call");
    if (call.empty()) return true;
    const auto drawing = ask(server, {"GET", "/api/v1/calls/" + escaped(call), "", "text/plain"});
    if (!drawing || drawing->status != 200 || drawing->body == last) return true;
    last = drawing->body;
    // On a terminal the picture moves; in a file each state follows the one before.
    if (terminal) std::fputs("\x1b[2J\x1b[H", stdout);
    std::printf("%s\n", drawing->body.c_str());
    (void)std::fflush(stdout);
    return true;
  });
  if (!done) {
    (void)std::fprintf(stderr, "harrier: %s\n", done.error().c_str());
    return 1;
  }
  return 0;
}

}  // namespace cli
