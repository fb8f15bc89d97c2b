#include "store/reader_pool.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/reader.h"

namespace store {

ReaderPool::Lease::Lease(ReaderPool& pool, std::unique_ptr<Reader> reader)
    : pool_(pool), reader_(std::move(reader)) {}
ReaderPool::Lease::~Lease() {
  pool_.give_back(std::move(reader_));
}

base::Result<std::unique_ptr<ReaderPool>, std::string> ReaderPool::open(
    const std::string& database_file, std::size_t size, std::chrono::milliseconds limit) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < size; ++i) {
    TRY(auto reader, Reader::open(database_file, limit));
    readers.push_back(std::move(reader));
  }
  return std::unique_ptr<ReaderPool>(new ReaderPool(std::move(readers)));
}

ReaderPool::ReaderPool(std::vector<std::unique_ptr<Reader>> readers) : free_(std::move(readers)) {}

ReaderPool::Lease ReaderPool::lease() {
  std::unique_lock lock(mutex_);
  given_back_.wait(lock, [this] { return !free_.empty(); });
  std::unique_ptr<Reader> reader = std::move(free_.back());
  free_.pop_back();
  return {*this, std::move(reader)};
}

void ReaderPool::give_back(std::unique_ptr<Reader> reader) {
  {
    const std::scoped_lock lock{mutex_};
    free_.push_back(std::move(reader));
  }
  given_back_.notify_one();
}

}  // namespace store
