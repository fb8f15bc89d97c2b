#include "model/decode.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/node.h"
#include "model/chain_csv.h"
#include "model/detail/reader.h"
#include "model/detail/schema.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {
namespace {

template <class T, class Describe>
T read_map(detail::Reading& reading, const base::Node& node, std::string_view what,
           Describe describe) {
  const detail::Place root{};
  T made{};
  detail::Reader reader(reading, node, root, what);
  describe(reader, made, T{});
  reader.finish();
  return made;
}

Thing read_thing(detail::Reading& reading, Kind kind, const base::Node& node) {
  switch (kind) {
    case Kind::User:
      return read_map<User>(reading, node, "a user", detail::DescribeUser{});
    case Kind::Group:
      return read_map<Group>(reading, node, "a group", detail::DescribeGroup{});
    case Kind::ChainRow:
      return read_map<ChainRow>(reading, node, "a row of the chain", detail::DescribeChainRow{});
    case Kind::Mailbox:
      return read_map<Mailbox>(reading, node, "a mailbox", detail::DescribeMailbox{});
    case Kind::Ivr:
      return read_map<Ivr>(reading, node, "a menu", detail::DescribeIvr{});
    case Kind::Queue:
      return read_map<Queue>(reading, node, "a queue", detail::DescribeQueue{});
    case Kind::Schedule:
      return read_map<Schedule>(reading, node, "a schedule", detail::DescribeSchedule{});
    case Kind::Flag:
      return read_map<Flag>(reading, node, "a flag", detail::DescribeFlag{});
    case Kind::Number:
      return read_map<Number>(reading, node, "a number", detail::DescribeNumber{});
    case Kind::Trunk:
      return read_map<Trunk>(reading, node, "a trunk", detail::DescribeTrunk{});
    case Kind::Sound:
      return read_map<Sound>(reading, node, "a sound", detail::DescribeSound{});
    case Kind::Webhook:
      return read_map<Webhook>(reading, node, "a webhook", detail::DescribeWebhook{});
    case Kind::SavedTest:
      return read_map<SavedTest>(reading, node, "a test", detail::DescribeSavedTest{});
    case Kind::Report:
      return read_map<Report>(reading, node, "a report", detail::DescribeReport{});
  }
  return User{};
}

// The chain's placeholders become empty fields (S4.13, S4.15).
void clean(ChainRow& row) {
  row.next_number = next_field(row.next_number);
  row.service_number = chain_field(row.service_number);
  row.start_number = chain_field(row.start_number);
}

}  // namespace

Decoded<Office> decode_office(const base::Node& node, const DecodeOptions& options) {
  detail::Reading reading{{}, &options};
  Decoded<Office> made;
  made.value = read_map<Office>(reading, node, "the office", detail::DescribeOffice{});
  for (ChainRow& row : made.value.chain) clean(row);
  made.findings = std::move(reading.findings);
  return made;
}

Decoded<Thing> decode_thing(Kind kind, const base::Node& node, const DecodeOptions& options) {
  detail::Reading reading{{}, &options};
  Decoded<Thing> made;
  made.value = read_thing(reading, kind, node);
  if (auto* row = std::get_if<ChainRow>(&made.value)) clean(*row);
  made.findings = std::move(reading.findings);
  return made;
}

base::Node merge_patch(const base::Node& target, const base::Node& patch) {
  const base::Node::Map* changes = patch.map();
  if (changes == nullptr) return patch;
  base::Node made = base::Node::empty_map();
  made.at = target.at;
  if (const base::Node::Map* old = target.map()) {
    for (const base::Node::Entry& entry : *old)
      if (patch.find(entry.key) == nullptr) made.set(entry.key, entry.node);
  }
  for (const base::Node::Entry& entry : *changes) {
    if (entry.node.is_null()) continue;
    const base::Node* old = target.find(entry.key);
    made.set(entry.key, merge_patch(old == nullptr ? base::Node::null() : *old, entry.node));
  }
  return made;
}

}  // namespace model
