#pragma once
// A vector with a fixed upper bound and no heap.

#include <array>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace base {

// Overflow is a bug of the caller: it aborts. Check full() where input decides the count.
template <class T, std::size_t kMax>
class InlineVector {
 public:
  void push_back(T value) {
    if (size_ == kMax) std::abort();
    items_[size_++] = std::move(value);
  }
  void pop_back() {
    if (size_ == 0) std::abort();
    --size_;
  }
  [[nodiscard]] static constexpr std::size_t capacity() { return kMax; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == kMax; }
  [[nodiscard]] const T& operator[](std::size_t i) const {
    if (i >= size_) std::abort();
    return items_[i];
  }
  [[nodiscard]] T& operator[](std::size_t i) {
    if (i >= size_) std::abort();
    return items_[i];
  }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
  [[nodiscard]] const T* begin() const { return items_.data(); }
  [[nodiscard]] const T* end() const { return items_.data() + size_; }
  [[nodiscard]] T* begin() { return items_.data(); }
  [[nodiscard]] T* end() { return items_.data() + size_; }
  void clear() { size_ = 0; }

 private:
  std::array<T, kMax> items_{};
  std::size_t size_ = 0;
};

}  // namespace base
