#pragma once
// The description of the API (OpenAPI 3.1), as src/api/openapi.json has it: the build turns the
// file into this text, in pieces, for no compiler need take longer literals than 64 KiB.

#include <span>
#include <string_view>

namespace api {

[[nodiscard]] std::span<const std::string_view> openapi_pieces();

}  // namespace api
