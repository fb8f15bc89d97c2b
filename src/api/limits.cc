#include "api/limits.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "api/http.h"
#include "base/time.h"

namespace api {

RateLimits::Verdict RateLimits::count(const std::string& who, Rate rate,
                                      std::chrono::steady_clock::time_point now) {
  const std::scoped_lock lock{mutex_};
  if (buckets_.size() >= kKept) {
    // A bucket that is full again says nothing.
    std::erase_if(buckets_,
                  [&](const auto& one) { return now - one.second.at > std::chrono::seconds{10}; });
    if (buckets_.size() >= kKept) buckets_.erase(buckets_.begin());
  }
  const auto [found, fresh] = buckets_.try_emplace(who, Bucket{rate.at_once, now});
  Bucket& bucket = found->second;
  if (!fresh) {
    const double passed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.left = std::min(rate.at_once, bucket.left + std::max(0.0, passed) * rate.a_second);
    bucket.at = now;
  }
  Verdict verdict;
  verdict.limit = static_cast<std::uint64_t>(rate.at_once);
  verdict.passes = bucket.left >= 1.0;
  if (verdict.passes) bucket.left -= 1.0;
  verdict.left = static_cast<std::uint64_t>(bucket.left);
  verdict.full_after_s =
      static_cast<std::uint64_t>((rate.at_once - bucket.left) / rate.a_second) + 1;
  verdict.retry_after_s = verdict.passes ? 0 : 1;
  return verdict;
}

// REQUIRES: mutex_ is held.
void GivenAnswers::drop_old(base::WallTime now) {
  while (!order_.empty()) {
    const auto oldest = given_.find(order_.front());
    const bool gone = oldest == given_.end();
    if (!gone && order_.size() < kMost && now.unix_ms - oldest->second.at.unix_ms < kKept.count())
      return;
    if (!gone) given_.erase(oldest);
    order_.pop_front();
  }
}

GivenAnswers::Look GivenAnswers::begin(const std::string& key, const std::string& request,
                                       base::WallTime now) {
  const std::scoped_lock lock{mutex_};
  drop_old(now);
  const auto [found, fresh] = given_.try_emplace(key, Given{request, {}, now});
  if (fresh) {
    order_.push_back(key);
    return {};
  }
  if (found->second.request != request) return {Found::Other, {}};
  if (!found->second.answer.has_value()) return {Found::Running, {}};
  return {Found::Same, found->second.answer};
}

void GivenAnswers::keep(const std::string& key, const Response& answer) {
  const std::scoped_lock lock{mutex_};
  const auto found = given_.find(key);
  if (found == given_.end()) return;
  if (answer.body.size() > kBodyMost)
    given_.erase(found);
  else
    found->second.answer = answer;
}

void GivenAnswers::forget(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  given_.erase(key);
}

}  // namespace api
