#pragma once
// The HTTP server: a TCP address and, on the server's own machine, a socket file. Handlers run on
// its threads; they may wait for the store, never for signalling longer than its own limit.

#include <cstddef>
#include <memory>
#include <string>

#include "api/http.h"
#include "base/address.h"
#include "base/result.h"
#include "obs/events.h"

namespace api {

struct HttpServerOptions {
  base::Address listen{};   // port 0: any
  std::string socket_file;  // "" = none; made with mode 0600
  std::size_t threads = 4;
  std::size_t max_body = std::size_t{16} * 1024 * 1024;  // whatever the gate says
  std::size_t max_connections = 512;
  // PEM files: HTTPS on the same port, told apart by the first byte. Empty: HTTP alone.
  std::string certificate_file, key_file;
};

class HttpServer final {
 public:
  // `feed` outlives this. The others are called from several threads at once: `gate` with the head
  // of each request that has a body, before that is read; `handler` with the whole request.
  HttpServer(HttpServerOptions options, Gate gate, Handler handler, obs::Feed& feed);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Opens the listeners and serves. The error is one clear line:
  // "http 127.0.0.1:8080 is in use by another program".
  [[nodiscard]] base::Status<std::string> start();
  // New connections are shown this certificate; those that are open go on. Any thread. When it
  // cannot be used the old one stays, and the error is one clear line.
  [[nodiscard]] base::Status<std::string> use_certificate(const std::string& certificate_file,
                                                          const std::string& key_file);
  // The address with its real port.
  [[nodiscard]] base::Address address() const;
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace api
