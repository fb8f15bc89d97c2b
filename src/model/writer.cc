#include "model/detail/writer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "model/detail/reader.h"
#include "model/detail/schema.h"
#include "model/detail/text_rule.h"
#include "model/encode.h"
#include "model/office.h"

namespace model::detail {
namespace {

constexpr std::string_view kSealed = "!encrypted ";

base::Node rounds_node(std::uint32_t rounds) {
  return rounds == 0 ? base::Node::text("forever") : base::Node::number(rounds);
}

}  // namespace

void Writer::identity(const std::string& id, std::int64_t revision) {
  if (!options_.identity) return;
  if (!id.empty()) set("id", base::Node::text(id));
  if (revision != 0) set("revision", base::Node::number(revision));
}

void Writer::text(std::string_view key, const std::string& value, std::string_view fallback,
                  TextRule rule) {
  if (options_.defaults || rule.required || value != fallback) set(key, base::Node::text(value));
}

void Writer::secret(std::string_view key, const std::string& value) {
  if (value.empty() || options_.secrets == Secrets::Hidden) return;
  base::Node node = base::Node::text(value);
  if (value.starts_with(kSealed)) {  // never opened here: goes out as it came in
    node = base::Node::text(value.substr(kSealed.size()));
    node.tag = "!encrypted";
  } else if (options_.secrets == Secrets::Marked && options_.seal) {
    node = base::Node::text(options_.seal(value));
    node.tag = "!encrypted";
  }
  set(key, std::move(node));
}

void Writer::flag(std::string_view key, bool value, bool fallback) {
  if (options_.defaults || value != fallback) set(key, base::Node::boolean(value));
}

void Writer::duration(std::string_view key, base::Duration value, base::Duration fallback,
                      Range /*range*/) {
  if (options_.defaults || value != fallback) set(key, encode_duration(value));
}

void Writer::duration(std::string_view key, const std::optional<base::Duration>& value,
                      Range /*range*/) {
  if (value) set(key, encode_duration(*value));
}

void Writer::whole(std::string_view key, const std::optional<std::int32_t>& value,
                   std::int64_t /*least*/, std::int64_t /*most*/) {
  if (value) set(key, base::Node::number(*value));
}

void Writer::strategy(Strategy value, std::uint32_t /*rounds*/, Strategy fallback) {
  choice("strategy", value, fallback);
}

void Writer::rounds(std::string_view key, std::uint32_t value, std::uint32_t fallback) {
  if (options_.defaults || value != fallback) set(key, rounds_node(value));
}

void Writer::rounds(std::string_view key, const std::optional<std::uint32_t>& value) {
  if (value) set(key, rounds_node(*value));
}

void Writer::texts(std::string_view key, const std::vector<std::string>& value, TextRule /*rule*/,
                   std::size_t /*most*/) {
  if (value.empty() && !options_.defaults) return;
  base::Node items = base::Node::empty_list();
  for (const std::string& item : value) items.push(base::Node::text(item));
  set(key, std::move(items));
}

void Writer::paused(std::string_view key, const Paused& value) {
  if (!value.on && !options_.defaults) return;
  if (!value.on)
    set(key, base::Node::text(""));
  else
    set(key, base::Node::text(value.until ? text_of(*value.until) : "yes"));
}

void Writer::moment(std::string_view key, const std::optional<base::WallTime>& value) {
  if (!value.has_value() && !options_.defaults) return;
  set(key, base::Node::text(value.has_value() ? text_of(*value) : std::string()));
}

base::Node Writer::member(const Member& value) const {
  Writer inside(options_);
  inside.set(value.is_group ? "group" : "ring", base::Node::text(value.target));
  describe_member(inside, value, Member{});
  if (!value.is_group && !options_.defaults && inside.node_.map()->size() == 1)
    return base::Node::text(value.target);
  return std::move(inside.node_);
}

void Writer::members(std::string_view key, const std::vector<Member>& value, std::size_t /*most*/) {
  if (value.empty() && !options_.defaults) return;
  base::Node items = base::Node::empty_list();
  for (const Member& item : value) items.push(member(item));
  set(key, std::move(items));
}

void Writer::destination(std::string_view key, const Destination& value) {
  if (value.kind != DestinationKind::None) set(key, encode_destination(value));
}

void Writer::finally(std::string_view key, const Finally& value) {
  base::Node node = encode_finally(value);
  if (!node.is_null()) set(key, std::move(node));
}

void Writer::caller_hears(std::string_view key, const CallerHears& value) {
  if (!options_.defaults && value == CallerHears{}) return;
  if (!value.answer) {
    set(key, base::Node::text(value.sound));
    return;
  }
  base::Node node = base::Node::empty_map();
  node.set("sound", base::Node::text(value.sound));
  node.set("answer", base::Node::boolean(true));
  set(key, std::move(node));
}

void Writer::keys(std::string_view key, const std::vector<IvrKey>& value) {
  if (value.empty() && !options_.defaults) return;
  base::Node node = base::Node::empty_map();
  for (const IvrKey& item : value) node.set(item.key, encode_destination(item.to));
  set(key, std::move(node));
}

void Writer::feature_codes(std::string_view key, const std::string& profile,
                           const std::vector<FeatureCode>& value) {
  if (!options_.defaults && value.empty() && profile == Office{}.feature_profile) return;
  base::Node node = base::Node::empty_map();
  node.set("profile", base::Node::text(profile));
  for (const FeatureCode& code : value) node.set(code.name, base::Node::text(code.code));
  set(key, std::move(node));
}

}  // namespace model::detail
