#pragma once
// The description of the API (OpenAPI 3.1), as src/api/openapi.json has it: the build turns the
// file into this text.

#include <string_view>

namespace api {

extern const std::string_view kOpenApi;

}  // namespace api
