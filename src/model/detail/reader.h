#pragma once
// Reads one map of a document, key by key, and remembers what it was asked for: whatever else the
// map holds is an unknown key. detail/schema.h asks; Writer has the same questions.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/detail/text_rule.h"
#include "model/detail/words.h"
#include "model/findings.h"
#include "model/office.h"

namespace model::detail {

// Where a node stands, as a chain of names up to the root; turned into text (an RFC 6901 pointer)
// only for a finding.
struct Place {
  const Place* up = nullptr;
  std::string_view key;
  std::optional<std::size_t> index;
  [[nodiscard]] std::string path() const;
};

struct Range {
  base::Duration least{0};
  base::Duration most{3'600'000};
  std::string_view hint{};  // what to do instead of a smaller value
};
inline constexpr Range kRingFor{base::Duration{1'000}, base::Duration{3'600'000},
                                "to leave a member out, disable the member instead"};
inline constexpr Range kAfter{base::Duration{0}, base::Duration{3'600'000}, {}};

struct Reading {
  Findings findings;
  const DecodeOptions* options = nullptr;
};

class Reader {
 public:
  static constexpr bool kReads = true;

  // `what`: for sentences, "a user". A node that is not a map is a finding, and reads as empty.
  Reader(Reading& reading, const base::Node& node, const Place& place, std::string_view what);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Reader(Reader&&) = delete;
  Reader& operator=(Reader&&) = delete;
  ~Reader() = default;

  void identity(std::string& id, std::int64_t& revision);
  void text(std::string_view key, std::string& out, std::string_view fallback, TextRule rule = {});
  void secret(std::string_view key, std::string& out);
  void flag(std::string_view key, bool& out, bool fallback);
  void duration(std::string_view key, base::Duration& out, base::Duration fallback, Range range);
  void duration(std::string_view key, std::optional<base::Duration>& out, Range range);
  template <class Whole>
  void whole(std::string_view key, Whole& out, Whole /*fallback*/, std::int64_t least,
             std::int64_t most) {
    const auto read = whole_number(key, least, most);
    if (read) out = static_cast<Whole>(*read);
  }
  void whole(std::string_view key, std::optional<std::int32_t>& out, std::int64_t least,
             std::int64_t most);
  template <class E>
  void choice(std::string_view key, E& out, E /*fallback*/) {
    if (const base::Node* node = take(key)) read_choice(*node, key, out);
  }
  template <class E>
  void choice(std::string_view key, std::optional<E>& out) {
    E read{};
    const base::Node* node = take(key);
    if (node != nullptr && read_choice(*node, key, read)) out = read;
  }
  void strategy(Strategy& out, std::uint32_t& rounds, Strategy fallback);
  void rounds(std::string_view key, std::uint32_t& out, std::uint32_t fallback);
  void rounds(std::string_view key, std::optional<std::uint32_t>& out);
  void texts(std::string_view key, std::vector<std::string>& out, TextRule rule,
             std::size_t most = 1'000);
  void paused(std::string_view key, Paused& out);
  // A time; empty is none.
  void moment(std::string_view key, std::optional<base::WallTime>& out);
  void members(std::string_view key, std::vector<Member>& out, std::size_t most = 500);
  void destination(std::string_view key, Destination& out);
  void finally(std::string_view key, Finally& out);
  void caller_hears(std::string_view key, CallerHears& out);
  void keys(std::string_view key, std::vector<IvrKey>& out);
  void feature_codes(std::string_view key, std::string& profile, std::vector<FeatureCode>& out);

  // A map inside: `ask(reader)` asks for its keys. Absent: not called.
  template <class Ask>
  void nested(std::string_view key, std::string_view what, bool* present, Ask ask) {
    const base::Node* node = take(key);
    if (present != nullptr) *present = node != nullptr;
    if (node == nullptr) return;
    const Place place{&place_, key, {}};
    Reader inside(reading_, *node, place, what);
    ask(inside);
    inside.finish();
  }
  // A list of maps, each asked for by describe(reader, item, fallback).
  template <class T, class Ask>
  void list(std::string_view key, std::string_view what, std::vector<T>& out, std::size_t most,
            Ask ask) {
    const base::Node* node = take(key);
    if (node == nullptr) return;
    const Place place{&place_, key, {}};
    const base::Node::List* items = list_of(*node, place, most);
    if (items == nullptr) return;
    const T fallback{};
    for (std::size_t i = 0; i < items->size(); ++i) {
      const Place at{&place, {}, i};
      Reader inside(reading_, (*items)[i], at, what);
      out.emplace_back();
      ask(inside, out.back(), fallback);
      inside.finish();
    }
  }

  // Names every key that nobody asked for. The last call.
  void finish();

  // The value of a key, and that it is known; null when absent or null.
  [[nodiscard]] const base::Node* take(std::string_view key);
  void complain(std::string_view code, const base::Node& node, const Place& place,
                std::string message);
  [[nodiscard]] const Place& place() const { return place_; }

 private:
  template <class E>
  bool read_choice(const base::Node& node, std::string_view key, E& out) {
    const auto known = names(E{});
    const base::Node::Scalar* scalar = node.scalar();
    for (const Named<E>& named : known)
      if (scalar != nullptr && scalar->text == named.name) {
        out = named.value;
        return true;
      }
    std::vector<std::string_view> all;
    for (const Named<E>& named : known) all.emplace_back(named.name);
    unknown_word(node, key, all);
    return false;
  }
  void unknown_word(const base::Node& node, std::string_view key,
                    const std::vector<std::string_view>& known);
  [[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t least,
                                                         std::int64_t most);
  [[nodiscard]] std::optional<base::Duration> read_duration(std::string_view key, Range range);
  [[nodiscard]] std::optional<std::uint32_t> read_rounds(std::string_view key);
  [[nodiscard]] const base::Node::List* list_of(const base::Node& node, const Place& place,
                                                std::size_t most);
  [[nodiscard]] bool scalar_text(const base::Node& node, const Place& place, std::string& out,
                                 TextRule rule);
  void member(const base::Node& node, const Place& place, Member& out);
  void one_destination(const base::Node& node, const Place& place, Destination& out);

  Reading& reading_;
  const base::Node& node_;
  const Place& place_;
  std::string_view what_;
  std::vector<std::string_view> known_;
};

}  // namespace model::detail
