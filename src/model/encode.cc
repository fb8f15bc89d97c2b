#include "model/encode.h"

#include <string>
#include <string_view>
#include <variant>

#include "base/node.h"
#include "base/overloaded.h"
#include "model/detail/schema.h"
#include "model/detail/writer.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {
namespace {

std::string json_text(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string made = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') made += '\\';
    if (byte < 0x20U) {
      made += "\\u00";
      made += kHex[byte >> 4U];
      made += kHex[byte & 0x0fU];
    } else {
      made += c;
    }
  }
  return made + '"';
}

template <class T, class Describe>
base::Node written(const T& thing, const EncodeOptions& options, Describe describe) {
  detail::Writer writer(options);
  describe(writer, thing, T{});
  return writer.take();
}

}  // namespace

base::Node encode_office(const Office& office, const EncodeOptions& options) {
  EncodeOptions plain = options;
  plain.identity = false;
  return written(office, plain, detail::DescribeOffice{});
}

base::Node encode_thing(const Thing& thing, const EncodeOptions& options) {
  return std::visit(
      base::Overloaded{
          [&](const User& held) { return written(held, options, detail::DescribeUser{}); },
          [&](const Group& held) { return written(held, options, detail::DescribeGroup{}); },
          [&](const ChainRow& held) { return written(held, options, detail::DescribeChainRow{}); },
          [&](const Mailbox& held) { return written(held, options, detail::DescribeMailbox{}); },
          [&](const Ivr& held) { return written(held, options, detail::DescribeIvr{}); },
          [&](const Queue& held) { return written(held, options, detail::DescribeQueue{}); },
          [&](const Schedule& held) { return written(held, options, detail::DescribeSchedule{}); },
          [&](const Flag& held) { return written(held, options, detail::DescribeFlag{}); },
          [&](const Number& held) { return written(held, options, detail::DescribeNumber{}); },
          [&](const Trunk& held) { return written(held, options, detail::DescribeTrunk{}); },
          [&](const Sound& held) { return written(held, options, detail::DescribeSound{}); },
          [&](const Webhook& held) { return written(held, options, detail::DescribeWebhook{}); },
          [&](const SavedTest& held) {
            return written(held, options, detail::DescribeSavedTest{});
          },
          [&](const Report& held) { return written(held, options, detail::DescribeReport{}); },
      },
      thing);
}

base::Node encode_destination(const Destination& destination) {
  if (destination.kind == DestinationKind::None) return base::Node::null();
  base::Node node = base::Node::empty_map();
  const bool valueless =
      destination.kind == DestinationKind::Busy || destination.kind == DestinationKind::Hangup;
  node.set(word(destination.kind),
           valueless ? base::Node::boolean(true) : base::Node::text(destination.value));
  return node;
}

base::Node encode_finally(const Finally& finally) {
  if (finally.any.kind != DestinationKind::None) return encode_destination(finally.any);
  base::Node node = base::Node::empty_map();
  const auto add = [&node](const char* key, const Destination& destination) {
    if (destination.kind != DestinationKind::None) node.set(key, encode_destination(destination));
  };
  add("no_answer", finally.no_answer);
  add("busy", finally.busy);
  add("unreachable", finally.unreachable);
  return node.map()->empty() ? base::Node::null() : node;
}

std::string json_of(const Destination& destination) {
  if (destination.kind == DestinationKind::None) return "";
  const bool valueless =
      destination.kind == DestinationKind::Busy || destination.kind == DestinationKind::Hangup;
  return std::string("{\"") + word(destination.kind) +
         "\": " + (valueless ? "true" : json_text(destination.value)) + "}";
}

std::string json_of(const Finally& finally) {
  if (finally.any.kind != DestinationKind::None) return json_of(finally.any);
  std::string made;
  const auto add = [&made](const char* key, const Destination& destination) {
    if (destination.kind == DestinationKind::None) return;
    made += made.empty() ? "{\"" : ", \"";
    made += key;
    made += "\": " + json_of(destination);
  };
  add("no_answer", finally.no_answer);
  add("busy", finally.busy);
  add("unreachable", finally.unreachable);
  return made.empty() ? made : made + "}";
}

}  // namespace model
