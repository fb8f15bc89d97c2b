// A request as text ("GET /path?query", lines of headers, a blank line, the body) -> the answer of
// the routes over a backend of values. Every answer is one; a refusal is a problem document.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/desk.h"
#include "api/http.h"
#include "api/router.h"
#include "api/testing/fake_backend.h"
#include "base/assert.h"
#include "config/json.h"
#include "model/office.h"

namespace {

// Up to the next line end, which is taken off.
std::string_view line_of(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

model::Office small_office() {
  model::Office office;
  office.users.emplace_back().extension = "101";
  model::Group& sales = office.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.members.emplace_back().target = "101";
  return office;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(bytes, bytes + size);
  std::string_view rest = text;
  const std::string_view first = line_of(rest);
  const std::size_t blank = std::min(first.find(' '), first.size());
  api::Request request;
  request.method = std::string(first.substr(0, blank));
  request.is_local = size % 2 == 0;
  if (!api::read_target(first.substr(std::min(blank + 1, first.size())), request)) return 0;
  for (std::string_view line = line_of(rest); !line.empty(); line = line_of(rest)) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers[std::string(line.substr(0, colon))] =
        std::string(line.substr(std::min(colon + 1, line.size())));
  }
  api::testing::FakeBackend backend{small_office()};

  api::Desk desk{""};

  const api::Admission admission = api::admit(request, backend, desk);
  if (admission.refusal.has_value()) ASSERT(admission.refusal->status >= 400);
  request.body = std::string(rest);
  const api::Response response = api::serve(request, backend, desk);

  ASSERT(response.status >= 200);
  ASSERT(response.status < 600);
  ASSERT(response.status != 500);
  // But for the page that says that there are no pages.
  if (response.status >= 400 && response.type != "text/html; charset=utf-8") {
    ASSERT(response.type == "application/problem+json");
    ASSERT(config::read_json(response.body).has_value());
  }
  return 0;
}
