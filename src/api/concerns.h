#pragma once
// Which events are about a user: what he may see of the live feed.

#include <string>

#include "model/snapshot.h"
#include "obs/events.h"

namespace api {

// His phones, his messages, calls that rang him, that he took or made, and changes of his own
// entry.
[[nodiscard]] bool concerns(const obs::Event& event, const std::string& user_id,
                            const model::Snapshot& snapshot);

}  // namespace api
