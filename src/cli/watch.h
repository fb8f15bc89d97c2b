#pragma once
// `harrier calls --follow`: the calls as they ring, redrawn at each event.

#include "cli/client.h"

namespace cli {

// Runs until the stream ends or it is interrupted. `json`: one event a line instead of drawings.
[[nodiscard]] int watch(const Server& server, bool json);

}  // namespace cli
