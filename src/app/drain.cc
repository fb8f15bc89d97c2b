#include "app/drain.h"

#include <chrono>
#include <functional>
#include <optional>

namespace app {

bool wait_while(std::chrono::milliseconds limit, const std::function<std::optional<bool>()>& busy,
                const std::function<bool()>& stopped) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (busy().value_or(true) && std::chrono::steady_clock::now() < until) {
    if (stopped()) return false;
  }
  return true;
}

}  // namespace app
