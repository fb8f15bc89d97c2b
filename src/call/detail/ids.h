#pragma once
// The names we give: tags, Call-IDs and ids of calls carry shard, slot and 64 random bits, so that
// a message finds its owner without a search, and a name that somebody made up finds nobody.
//
// Text: 4 hex digits of the shard, 8 of the slot, 16 random; a tag has 16 more, a keyed check over
// the rest, so that we know our own tags after their leg is gone (docs/architecture.md, "Threads").

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/keyed_hash.h"
#include "base/rng.h"

namespace call {

struct Id {
  std::uint32_t slot = 0;
  std::uint64_t random = 0;
  bool operator==(const Id&) const = default;
};

// `digits` lower-case hex digits of the low bits.
void append_hex(std::string& out, std::uint64_t value, int digits);

class Names final {
 public:
  Names(std::uint16_t shard, base::Rng& rng) : shard_(shard), key_{rng.next(), rng.next()} {}

  [[nodiscard]] std::string plain(const Id& id) const;  // Call-IDs and ids of calls
  [[nodiscard]] std::string tag(const Id& id) const;    // with its check
  // Nothing if the text is not of this form or of another shard. A tag's check is verified.
  [[nodiscard]] std::optional<Id> read_plain(std::string_view text) const;
  [[nodiscard]] std::optional<Id> read_tag(std::string_view text) const;
  // A check of any text, 16 hex digits: tags of stateless answers, loop markers.
  [[nodiscard]] std::string seal(std::string_view text) const;
  [[nodiscard]] const base::HashSeed& key() const { return key_; }

 private:
  // Plain state.
  std::uint16_t shard_;
  base::HashSeed key_;
};

// Owners by slot. A slot is used again at once, but never with the same random bits.
template <class T>
class SlotTable final {
 public:
  // Takes a slot for `owner`, which must outlive its entry.
  [[nodiscard]] Id add(T& owner, base::Rng& rng) {
    const std::uint64_t random = rng.next();
    if (free_.empty()) {
      entries_.push_back({&owner, random});
      return {static_cast<std::uint32_t>(entries_.size() - 1), random};
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    entries_[slot] = {&owner, random};
    return {slot, random};
  }
  // The owner is elsewhere now. An id that is not there does nothing.
  void move(const Id& id, T& owner) {
    if (find(id) != nullptr) entries_[id.slot].owner = &owner;
  }
  void remove(const Id& id) {
    if (find(id) == nullptr) return;
    entries_[id.slot] = {};
    free_.push_back(id.slot);
  }
  [[nodiscard]] T* find(const Id& id) const {
    if (id.slot >= entries_.size()) return nullptr;
    const auto& [owner, random] = entries_[id.slot];
    return random == id.random ? owner : nullptr;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size() - free_.size(); }
  // In the order of the slots.
  template <class F>
  void for_each(F visit) const {
    for (const auto& entry : entries_) {
      if (entry.owner != nullptr) visit(*entry.owner);
    }
  }

 private:
  struct Entry {
    T* owner = nullptr;
    std::uint64_t random = 0;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
};

}  // namespace call
