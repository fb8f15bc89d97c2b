#pragma once
// A table whose keys come from strangers (Call-IDs, branches, AORs): seeded, so that nobody can aim
// at one bucket; bounded, so that nobody can fill the memory; and without iterators, so that no
// decision depends on the order of a hash.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/keyed_hash.h"

namespace base {

// Keys are byte strings. A pointer to a value stays good until that value is erased. Look-up,
// insert and erase take constant time but for the doubling of the index; an empty table holds
// no more than a few hundred bytes.
template <class Value>
class HashTable {
 public:
  // At most `max` entries. REQUIRES: max < 2^31.
  HashTable(const HashSeed& seed, std::size_t max) : seed_(seed), max_(max) {
    ASSERT(max < kNone / 2);
  }

  struct Inserted {
    Value* value = nullptr;  // the new one, or the one that was there; null: the table is full
    bool fresh = false;      // true when it was inserted now
  };
  // Adds a value unless the key is there already.
  Inserted insert(std::string_view key, Value value) {
    if (Value* there = find(key); there != nullptr) return {there, false};
    if (full()) return {};
    if ((size_ + 1) * 2 > index_.size()) grow();
    const std::uint32_t at = place();
    Entry& entry = entries_[at];
    entry.key = key;
    entry.value.emplace(std::move(value));
    entry.hash = short_hash(key);
    entry.older = newest_;
    entry.newer = kNone;
    (newest_ == kNone ? oldest_ : entries_[newest_].newer) = at;
    newest_ = at;
    put_in_index(at);
    ++size_;
    return {value_at(at), true};
  }

  [[nodiscard]] Value* find(std::string_view key) {
    const std::size_t slot = slot_of(key);
    return slot == kNoSlot ? nullptr : value_at(index_[slot]);
  }
  [[nodiscard]] const Value* find(std::string_view key) const {
    const std::size_t slot = slot_of(key);
    return slot == kNoSlot ? nullptr : value_at(index_[slot]);
  }

  // True if the key was there.
  bool erase(std::string_view key) {
    const std::size_t slot = slot_of(key);
    if (slot == kNoSlot) return false;
    const std::uint32_t at = index_[slot];
    close_gap(slot);
    unlink(at);
    if (--size_ == 0) release();
    return true;
  }

  // Takes the entry away that was inserted first; nothing in an empty table.
  void erase_oldest() {
    if (oldest_ != kNone) (void)erase(std::string{entries_[oldest_].key});
  }
  // The value that was inserted first; null in an empty table.
  [[nodiscard]] const Value* oldest() const {
    return oldest_ == kNone ? nullptr : value_at(oldest_);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t max() const { return max_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ >= max_; }

  // visit(std::string_view key, Value&) for each, in the order of insertion. `visit` must not
  // insert; it may erase the entry that it is given.
  template <class F>
  void for_each(F visit) {
    for (std::uint32_t at = oldest_; at != kNone;) {
      const std::uint32_t newer = entries_[at].newer;
      if (Value* value = value_at(at)) visit(std::string_view{entries_[at].key}, *value);
      at = size_ == 0 ? kNone : newer;
    }
  }
  // The same, only looking.
  template <class F>
  void for_each(F visit) const {
    for (std::uint32_t at = oldest_; at != kNone; at = entries_[at].newer)
      visit(std::string_view{entries_[at].key}, *value_at(at));
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  static constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);
  static constexpr std::size_t kFirstSlots = 16;

  struct Entry {
    std::string key;
    std::optional<Value> value;
    std::uint32_t hash = 0;
    std::uint32_t older = kNone, newer = kNone;  // in the order of insertion
  };

  [[nodiscard]] Value* value_at(std::uint32_t at) {
    std::optional<Value>& value = entries_[at].value;
    return value.has_value() ? &*value : nullptr;
  }
  [[nodiscard]] const Value* value_at(std::uint32_t at) const {
    const std::optional<Value>& value = entries_[at].value;
    return value.has_value() ? &*value : nullptr;
  }
  [[nodiscard]] std::uint32_t short_hash(std::string_view key) const {
    return static_cast<std::uint32_t>(keyed_hash(seed_, key));
  }
  [[nodiscard]] std::size_t next_slot(std::size_t slot) const {
    return (slot + 1) & (index_.size() - 1);
  }
  [[nodiscard]] std::size_t home_of(std::uint32_t at) const {
    return entries_[at].hash & (index_.size() - 1);
  }
  // Linear probing; at most half of the slots are taken.
  [[nodiscard]] std::size_t slot_of(std::string_view key) const {
    if (size_ == 0) return kNoSlot;
    const std::uint32_t hash = short_hash(key);
    std::size_t slot = hash & (index_.size() - 1);
    for (; index_[slot] != kNone; slot = next_slot(slot)) {
      const Entry& entry = entries_[index_[slot]];
      if (entry.hash == hash && entry.key == key) return slot;
    }
    return kNoSlot;
  }
  void put_in_index(std::uint32_t at) {
    std::size_t slot = home_of(at);
    while (index_[slot] != kNone) slot = next_slot(slot);
    index_[slot] = at;
  }
  void grow() {
    index_.assign(index_.empty() ? kFirstSlots : index_.size() * 2, kNone);
    for (std::uint32_t at = oldest_; at != kNone; at = entries_[at].newer) put_in_index(at);
  }
  [[nodiscard]] std::uint32_t place() {
    if (free_ == kNone) {
      entries_.emplace_back();
      return static_cast<std::uint32_t>(entries_.size() - 1);
    }
    const std::uint32_t at = free_;
    free_ = entries_[at].newer;
    return at;
  }
  // Moves later entries of the same run back, so that no tombstones are needed.
  void close_gap(std::size_t gap) {
    for (std::size_t slot = next_slot(gap); index_[slot] != kNone; slot = next_slot(slot)) {
      const std::size_t mask = index_.size() - 1;
      const std::size_t from_home = (slot - home_of(index_[slot])) & mask;
      if (from_home < ((slot - gap) & mask)) continue;
      index_[gap] = index_[slot];
      gap = slot;
    }
    index_[gap] = kNone;
  }
  void unlink(std::uint32_t at) {
    Entry& entry = entries_[at];
    (entry.older == kNone ? oldest_ : entries_[entry.older].newer) = entry.newer;
    (entry.newer == kNone ? newest_ : entries_[entry.newer].older) = entry.older;
    entry.value.reset();
    std::string{}.swap(entry.key);
    entry.newer = free_;
    free_ = at;
  }
  // An empty table gives back what a flood made it take.
  void release() {
    if (index_.size() <= kFirstSlots * 4) return;
    std::deque<Entry>{}.swap(entries_);
    std::vector<std::uint32_t>{}.swap(index_);
    free_ = kNone;
  }

  HashSeed seed_;
  std::size_t max_;
  std::size_t size_ = 0;
  std::deque<Entry> entries_;         // stable places
  std::vector<std::uint32_t> index_;  // places by hash; a power of two
  std::uint32_t oldest_ = kNone, newest_ = kNone, free_ = kNone;
};

}  // namespace base
