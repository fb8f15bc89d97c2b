// Bytes -> YAML or JSON -> office. What is accepted is the same after export and reading again, and
// neither checks nor look-ups nor routing trip over it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/node.h"
#include "config/office_file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(bytes, bytes + size);
  const config::OfficeFile file = config::read_office(text);
  (void)config::decode_server(file.document);
  (void)model::not_carried_out(file.office);
  (void)config::lines_of(file.findings, "office.yaml");

  const auto snapshot = model::Snapshot::build(file.office, {});
  model::Query query;
  query.caller = model::CallerKind::Trusted;
  query.dialled = text.substr(0, 32);
  (void)model::route(*snapshot, query);
  for (const model::Group& group : file.office.groups) {
    query.dialled = group.name;
    (void)model::route(*snapshot, query);
  }
  for (const model::User& user : file.office.users) {
    query.dialled = user.extension;
    (void)model::route(*snapshot, query);
  }

  if (!file.ok()) return 0;
  const base::Node node =
      model::encode_office(file.office, {model::Secrets::Visible, {}, false, false});
  const auto again = config::read_yaml(config::write_yaml(node));
  ASSERT(again.has_value());
  const auto decoded = model::decode_office(*again);
  ASSERT(decoded.ok());
  ASSERT(model::changes_between(file.office, decoded.value).empty());
  return 0;
}
