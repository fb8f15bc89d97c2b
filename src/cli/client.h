#pragma once
// Talks to the running server's API: over HTTP, or over the socket in its data folder.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace cli {

struct Server {
  std::string url;          // "http://127.0.0.1:8080"; empty: the socket
  std::string token;        // for HTTP
  std::string data_folder;  // where harrier.sock lies
};

struct Reply {
  int status = 0;
  std::string body;
};

struct Ask {
  std::string method = "GET";
  std::string target;  // path and query
  std::string body;
  std::string accept = "application/json";
};

// The error says what to do: "no Harrier runs in DIR (harrier.sock: …); start it, or name one with
// --server".
[[nodiscard]] base::Result<Reply, std::string> ask(const Server& server, const Ask& what);

// Reads a stream of server-sent events; `on_event` gets the data of each and says whether to go on.
[[nodiscard]] base::Status<std::string> follow(
    const Server& server, const std::string& target,
    const std::function<bool(std::string_view data)>& on_event);

// %XX for everything but letters, digits, '-', '.', '_' and '~'.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace cli
