#pragma once
// Asks a trunk for a sign of life: one OPTIONS over a socket of its own, outside the engine.

#include <chrono>
#include <string>

#include "api/backend.h"

namespace app {

// Blocks at most about `limit`, and as long as the system looks a name up. Any SIP answer is a sign
// of life, also a refusal.
[[nodiscard]] api::TrunkProbe probe_trunk(const std::string& trunk_uri,
                                          std::chrono::milliseconds limit);

}  // namespace app
