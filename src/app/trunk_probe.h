#pragma once
// Asks a trunk for a sign of life: one OPTIONS over a socket of its own, outside the engine.

#include <chrono>
#include <memory>
#include <string>

#include "api/backend.h"
#include "net/tls.h"

namespace app {

// Blocks at most about `limit`, and as long as the system looks a name up. Any SIP answer is a sign
// of life, also a refusal.
// `tls` may be null: then a trunk behind TLS cannot be asked.
[[nodiscard]] api::TrunkProbe probe_trunk(const std::string& trunk_uri,
                                          std::chrono::milliseconds limit,
                                          const std::shared_ptr<const net::TlsContext>& tls);

}  // namespace app
