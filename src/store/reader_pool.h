#pragma once
// Readers for several threads: each has one of its own for as long as it asks, so that a long
// search holds up nobody else.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/reader.h"

namespace store {

class ReaderPool final {
 public:
  // A reader that is given back when this goes. The pool outlives it.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Reader> reader);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Reader* operator->() const { return reader_.get(); }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Reader> reader_;
  };

  // `size` readers, each with this limit a question.
  [[nodiscard]] static base::Result<std::unique_ptr<ReaderPool>, std::string> open(
      const std::string& database_file, std::size_t size, std::chrono::milliseconds limit);

  // Any thread. Waits until a reader is free: with as many as threads, never.
  [[nodiscard]] Lease lease();

 private:
  explicit ReaderPool(std::vector<std::unique_ptr<Reader>> readers);
  void give_back(std::unique_ptr<Reader> reader);

  std::mutex mutex_;  // guards free_
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Reader>> free_;
};

}  // namespace store
