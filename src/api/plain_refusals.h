#pragma once
// Answers to what is no request that the API could look at.

#include "api/http.h"

namespace api {

[[nodiscard]] Response malformed();   // 400: no HTTP
[[nodiscard]] Response bad_target();  // 400
[[nodiscard]] Response too_large();   // 413: headers or body

}  // namespace api
