#pragma once
// HTTP requests to addresses that others chose, several at once, on one thread (libcurl).
//
// No request goes to a private, loopback, link-local, multicast or otherwise special address unless
// a prefix allows it: that is looked at when the connection is opened, after the name was resolved.
// Redirects are not followed; proxies of the environment are not used; answers are not kept.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"

namespace notify {

// True for what no stranger's URL may lead to.
[[nodiscard]] bool is_special(const base::IpAddress& ip);

struct HttpRequest {
  std::int64_t id = 0;               // of the caller's; comes back with the answer
  std::string url;                   // http:// or https://
  std::string body;                  // empty: GET, else POST
  std::vector<std::string> headers;  // "name: value"
};

struct HttpAnswer {
  std::int64_t id = 0;
  std::uint16_t status = 0;        // 0: none
  std::string trouble;             // why there is none; empty when there is one
  std::int64_t retry_after_s = 0;  // what the answer asked for, in seconds; 0: nothing
  bool refused = false;            // the address may not be asked
};

class HttpClient final {
 public:
  // `allow`: special addresses that may be asked.
  explicit HttpClient(std::vector<base::Cidr> allow);
  ~HttpClient();  // what runs is cut off
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void begin(HttpRequest request);
  [[nodiscard]] std::size_t running() const;
  // Works for at most `wait_ms`, less when something ended; what ended.
  [[nodiscard]] std::vector<HttpAnswer> work(int wait_ms);
  // Ends a work() that waits. Any thread.
  void wake();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace notify
