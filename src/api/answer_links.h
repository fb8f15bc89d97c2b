#pragma once
// Links by which a ringing call is answered: each works once.

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "base/time.h"

namespace api {

class UsedLinks final {
 public:
  // False: it was used before, or too many are remembered.
  [[nodiscard]] bool use(const std::string& link, base::WallTime until, base::WallTime now);

 private:
  static constexpr std::size_t kMax = 10'000;
  std::mutex mutex_;
  std::map<std::string, base::WallTime> used_;  // until when each could have been used
};

}  // namespace api
