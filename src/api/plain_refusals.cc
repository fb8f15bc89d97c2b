#include "api/plain_refusals.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "api/http.h"

namespace api {
namespace {

Response problem_of(std::uint16_t status, std::string_view title, std::string_view detail) {
  Response response;
  response.status = status;
  response.type = "application/problem+json";
  response.body.append(R"({"type":"about:blank","title":")").append(title);
  response.body.append(R"(","status":)").append(std::to_string(status));
  response.body.append(R"(,"detail":")").append(detail).append("\"}");
  return response;
}

}  // namespace

Response malformed() {
  return problem_of(400, "Bad Request", "this is not HTTP/1.1 (RFC 9112)");
}

Response bad_target() {
  return problem_of(400, "Bad Request", "the request target cannot be read");
}

Response too_large() {
  return problem_of(413, "Payload Too Large",
                    "headers are limited to 16 KiB, bodies to 1 MiB, files and tables to 16 MiB");
}

}  // namespace api
