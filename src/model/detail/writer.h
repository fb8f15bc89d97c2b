#pragma once
// Writes one map of a document, key by key: the same questions as Reader, the other way.

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
#include "model/detail/text_rule.h"
#include "model/detail/words.h"
#include "model/encode.h"
#include "model/office.h"

namespace model::detail {

class Writer {
 public:
  static constexpr bool kReads = false;

  explicit Writer(const EncodeOptions& options)
      : options_(options), node_(base::Node::empty_map()) {}

  void identity(const std::string& id, std::int64_t revision);
  void text(std::string_view key, const std::string& value, std::string_view fallback,
            TextRule rule = {});
  void secret(std::string_view key, const std::string& value);
  void flag(std::string_view key, bool value, bool fallback);
  void duration(std::string_view key, base::Duration value, base::Duration fallback, Range range);
  void duration(std::string_view key, const std::optional<base::Duration>& value, Range range);
  template <class Whole>
  void whole(std::string_view key, Whole value, Whole fallback, std::int64_t /*least*/,
             std::int64_t /*most*/) {
    if (options_.defaults || value != fallback)
      set(key, base::Node::number(static_cast<std::int64_t>(value)));
  }
  void whole(std::string_view key, const std::optional<std::int32_t>& value, std::int64_t least,
             std::int64_t most);
  template <class E>
  void choice(std::string_view key, E value, E fallback) {
    if (options_.defaults || value != fallback) set(key, base::Node::text(name_of(value)));
  }
  template <class E>
  void choice(std::string_view key, const std::optional<E>& value) {
    if (value) set(key, base::Node::text(name_of(*value)));
  }
  void strategy(Strategy value, std::uint32_t rounds, Strategy fallback);
  void rounds(std::string_view key, std::uint32_t value, std::uint32_t fallback);
  void rounds(std::string_view key, const std::optional<std::uint32_t>& value);
  void texts(std::string_view key, const std::vector<std::string>& value, TextRule rule,
             std::size_t most = 0);
  void paused(std::string_view key, const Paused& value);
  void moment(std::string_view key, const std::optional<base::WallTime>& value);
  void members(std::string_view key, const std::vector<Member>& value, std::size_t most = 0);
  void destination(std::string_view key, const Destination& value);
  void finally(std::string_view key, const Finally& value);
  void caller_hears(std::string_view key, const CallerHears& value);
  void keys(std::string_view key, const std::vector<IvrKey>& value);
  void feature_codes(std::string_view key, const std::string& profile,
                     const std::vector<FeatureCode>& value);

  template <class Ask>
  void nested(std::string_view key, std::string_view /*what*/, const bool* present, Ask ask) {
    if (present != nullptr && !*present) return;
    Writer inside(options_);
    ask(inside);
    const bool empty = inside.node_.map()->empty();
    if (!empty || present != nullptr) set(key, std::move(inside.node_));
  }
  template <class T, class Ask>
  void list(std::string_view key, std::string_view /*what*/, const std::vector<T>& value,
            std::size_t /*most*/, Ask ask) {
    if (value.empty() && !options_.defaults) return;
    base::Node items = base::Node::empty_list();
    const T fallback{};
    for (const T& item : value) {
      Writer inside(options_);
      ask(inside, item, fallback);
      items.push(std::move(inside.node_));
    }
    set(key, std::move(items));
  }
  void finish() const {}

  [[nodiscard]] base::Node take() { return std::move(node_); }

 private:
  void set(std::string_view key, base::Node node) { node_.set(std::string(key), std::move(node)); }
  [[nodiscard]] base::Node member(const Member& value) const;

  const EncodeOptions& options_;
  base::Node node_;
};

}  // namespace model::detail
