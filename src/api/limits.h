#pragma once
// How much one asker may ask (a bucket that fills again), and answers that are given once more to
// who asks the same with the same key.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "api/http.h"
#include "base/time.h"

namespace api {

// Thread-safe.
class RateLimits final {
 public:
  struct Rate {
    double a_second = 0;
    double at_once = 0;
  };
  static constexpr Rate kKnown{100, 600};   // a token, a session
  static constexpr Rate kUnknown{20, 120};  // a source without one
  static constexpr std::size_t kKept = 20'000;

  struct Verdict {
    bool passes = true;
    std::uint64_t limit = 0, left = 0, full_after_s = 0;
    std::uint64_t retry_after_s = 0;
  };
  [[nodiscard]] Verdict count(const std::string& who, Rate rate,
                              std::chrono::steady_clock::time_point now);

 private:
  struct Bucket {
    double left = 0;
    std::chrono::steady_clock::time_point at{};
  };
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// Answers to POSTs with an Idempotency-Key, for a day. Thread-safe.
class GivenAnswers final {
 public:
  static constexpr base::Duration kKept{24 * 60 * 60 * 1'000};
  static constexpr std::size_t kMost = 1'000;
  static constexpr std::size_t kBodyMost = std::size_t{64} * 1'024;  // larger answers are not kept

  enum class Found : std::uint8_t { New, Same, Other, Running };
  struct Look {
    Found found = Found::New;
    std::optional<Response> answer;  // of Same
  };
  // New: the caller works and then calls keep() or forget().
  [[nodiscard]] Look begin(const std::string& key, const std::string& request, base::WallTime now);
  void keep(const std::string& key, const Response& answer);
  void forget(const std::string& key);

 private:
  struct Given {
    std::string request;  // a hash of it
    std::optional<Response> answer;
    base::WallTime at{};
  };
  void drop_old(base::WallTime now);

  std::mutex mutex_;
  std::map<std::string, Given> given_;
  std::deque<std::string> order_;  // the oldest first
};

}  // namespace api
