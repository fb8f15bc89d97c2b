#pragma once
// harrier.yaml, read, and what of it each room wants.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "call/settings.h"
#include "config/server.h"
#include "model/office.h"
#include "net/tls.h"
#include "obs/observer.h"

namespace app {

// The defaults for an empty name. Warnings go to stderr; the error has a line for each finding.
[[nodiscard]] base::Result<config::ServerConfig, std::string> read_config(const std::string& name);
[[nodiscard]] obs::ObserverOptions log_options(const config::LogConfig& log);
// The certificates of tls:// and wss://, read from their files; null where nothing listens there.
// The error is one clear line.
[[nodiscard]] base::Result<std::shared_ptr<const net::TlsContext>, std::string> signalling_tls(
    const config::ServerConfig& config);
// Trunks whose uri names a transport of which no socket is listened on: no call goes there. A line
// each.
[[nodiscard]] std::vector<std::string> unreachable_trunks(const config::ServerConfig& config,
                                                          const model::Office& office);
[[nodiscard]] call::Settings engine_settings(const config::ServerConfig& config);

}  // namespace app
