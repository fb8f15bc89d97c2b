// A JSON body -> a thing, of the kind that the first byte says. What is accepted is the same after
// encoding and decoding again, and a PATCH of it with the same body changes nothing more.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/problem.h"
#include "base/assert.h"
#include "base/node.h"
#include "config/json.h"
#include "model/decode.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/thing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<model::Kind>(bytes[0] % model::kKindCount);
  const std::string text(bytes + 1, bytes + size);
  const auto body = config::read_json(text);
  if (!body) return 0;
  const auto decoded = model::decode_thing(kind, *body);
  (void)api::problem(422, "the body has errors", decoded.findings);
  for (const model::Finding& finding : decoded.findings) (void)model::line_of(finding, "");
  if (!decoded.ok()) return 0;

  const model::EncodeOptions whole{model::Secrets::Visible, {}, true, true};
  const base::Node node = model::encode_thing(decoded.value, whole);
  const auto read = config::read_json(config::write_json(node));
  ASSERT(read.has_value());
  const auto again = model::decode_thing(kind, *read);
  ASSERT(again.ok());
  ASSERT(again.value == decoded.value);
  (void)model::decode_thing(kind, model::merge_patch(node, *body));
  return 0;
}
