#pragma once
// Which call is to be woken next: a heap of moments. Entries are never taken back; a call that is
// woken too early looks at its own deadlines and is pushed again. Equal moments keep the order in
// which they were pushed, so that a seed gives one story.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "call/detail/ids.h"

namespace call {

class WakeQueue final {
 public:
  void push(base::Instant when, const Id& id) {
    heap_.push_back({when, ++serial_, id});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  [[nodiscard]] std::optional<base::Instant> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().when;
  }
  // Who is the first, due or not; taken out by pop(), which REQUIRES that there is one.
  [[nodiscard]] std::optional<Id> front() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().id;
  }
  void pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
  // The first that is due at `now`, taken out.
  [[nodiscard]] std::optional<Id> pop_due(base::Instant now) {
    if (heap_.empty() || heap_.front().when > now) return std::nullopt;
    const Id id = heap_.front().id;
    pop();
    return id;
  }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  struct Entry {
    base::Instant when;
    std::uint64_t serial = 0;
    Id id;
  };
  static bool later(const Entry& a, const Entry& b) {
    return a.when != b.when ? a.when > b.when : a.serial > b.serial;
  }

  std::vector<Entry> heap_;
  std::uint64_t serial_ = 0;
};

}  // namespace call
