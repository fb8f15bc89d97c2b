#pragma once
// The journal: a preallocated file, mapped shared, as a ring of checksummed entries. The shard
// copies durable facts into it before the next packet leaves: no system call, and what was copied
// survives kill -9 (loss of power may cost the last second). The store thread takes entries out in
// order and frees them once they are in SQLite.
//
// One writer thread (append, settle) and one reader thread (take, free_until) at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/fact.h"

namespace store {

struct JournalFigures {
  std::uint64_t capacity_bytes = 0;
  std::uint64_t used_bytes = 0;
  std::uint64_t appended = 0;
  std::uint64_t spilled = 0;  // entries that wait in memory now: the ring is full
  std::uint64_t spilled_bytes = 0;
  std::uint64_t lost = 0;         // ring and spill were full: gone, counted
  std::uint64_t undecodable = 0;  // written by another version: skipped
};

class Journal final {
 public:
  static constexpr std::size_t kDefaultBytes = std::size_t{64} * 1024 * 1024;
  static constexpr std::size_t kMaxSpillBytes = std::size_t{32} * 1024 * 1024;

  struct Entry {
    facts::Fact fact;
    std::uint64_t end = 0;  // hand this to free_until once the fact is safe elsewhere
  };

  // Opens the file, or makes and reserves it with `bytes` (a file that is there keeps its size, at
  // least 64 kB). Entries that a former process left are found again, up to the first one that is
  // torn. The error names the file and what is wrong, as "no space left".
  [[nodiscard]] static base::Result<std::unique_ptr<Journal>, std::string> open(
      const std::string& file, std::size_t bytes = kDefaultBytes);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // ---- writer ----
  // Copies a durable fact (others are ignored). False: the ring is full and the fact waits in
  // memory (bounded; beyond that it is lost and counted); it moves into the ring when there is
  // room.
  bool append(const facts::Fact& fact);
  // Moves what waits in memory into the ring, as far as there is room. Cheap; once a turn.
  void settle();

  // ---- reader ----
  // The next entries that were not taken yet, at most `most`, and none that stands at or after
  // `until` (of end()).
  [[nodiscard]] std::vector<Entry> take(std::size_t most,
                                        std::uint64_t until = std::uint64_t{0} - 1);
  // The position behind the last entry.
  [[nodiscard]] std::uint64_t end() const;
  // Where take() stands: free_until(taken()) frees all that was taken, with what no version of ours
  // can decode.
  [[nodiscard]] std::uint64_t taken() const;
  // Takes again from the oldest entry that is not free yet (after a commit failed).
  void rewind();
  void free_until(std::uint64_t end);

  // ---- any thread ----
  [[nodiscard]] JournalFigures figures() const;

 private:
  class Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
