#pragma once
// How a server that was told to stop waits for what still runs.

#include <chrono>
#include <functional>
#include <optional>

namespace app {

// Waits while `busy` says true or gives no answer: who does not answer is busy, never idle. At most
// for `limit`. `stopped` waits a moment and says whether to stop waiting at once. False then.
[[nodiscard]] bool wait_while(std::chrono::milliseconds limit,
                              const std::function<std::optional<bool>()>& busy,
                              const std::function<bool()>& stopped);

}  // namespace app
