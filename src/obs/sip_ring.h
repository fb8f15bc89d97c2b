#pragma once
// Copies of the SIP messages of the last hour, so that the ladder of a call can be shown
// afterwards: one block of memory in which the oldest give way. Who writes copies bytes under a
// lock that is nearly always free; whose call a message is of is found out by who asks.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace obs {

// What is older is not shown, and dropped when others come.
inline constexpr base::Duration kSipKept{3'600'000};

struct SipCopy {
  std::uint64_t serial = 0;  // counted from 1
  base::WallTime at{};
  bool sent = false;  // else received
  base::Flow flow{};
  std::string bytes;
};
// A leg belongs to the call of which the caller's leg has this Call-ID.
struct SipRelation {
  std::uint64_t serial = 0;
  std::string leg, call;  // Call-IDs
};

class SipRing final {
 public:
  // Keeps so many bytes of messages with their addresses; 0: none, and nothing costs anything.
  explicit SipRing(std::size_t bytes);
  SipRing(const SipRing&) = delete;
  SipRing& operator=(const SipRing&) = delete;

  [[nodiscard]] bool keeps() const { return size_ > 0; }

  // ---- the signalling thread ----
  void keep(bool sent, const base::Flow& flow, std::string_view bytes, base::WallTime at);
  void relate(std::string_view leg, std::string_view call, base::WallTime at);

  // ---- any thread ----
  // What is left at that moment of the call whose caller's leg has this Call-ID, the oldest first.
  [[nodiscard]] std::vector<SipCopy> of_call(std::string_view call_id, base::WallTime now) const;
  // What came after that serial, at most about so many bytes; `next` is for the next question,
  // `lost` how many had given way before they were asked for.
  struct Batch {
    std::vector<SipCopy> copies;
    std::vector<SipRelation> relations;  // made before those of the copies that need them
    std::uint64_t next = 0, lost = 0;
  };
  [[nodiscard]] Batch after(std::uint64_t serial, std::size_t most_bytes) const;
  // The serial of the newest.
  [[nodiscard]] std::uint64_t newest() const;

 private:
  struct Head {
    std::uint32_t size = 0;  // with this head, rounded up; the next entry follows
    std::uint32_t bytes = 0;
    std::uint64_t serial = 0;
    std::int64_t at_ms = 0;
    base::Flow flow{};
    std::uint8_t kind = 0;
  };
  void append(const Head& head, std::string_view first, std::string_view second);
  [[nodiscard]] Head head_at(std::size_t at) const;
  [[nodiscard]] std::string_view bytes_at(std::size_t at, const Head& head) const;
  void drop_oldest();
  void drop_stale(base::WallTime now);
  [[nodiscard]] std::size_t place_of(std::uint64_t serial) const;
  // Calls visit(head, bytes) for entries from that serial on, a few at a time under the lock, until
  // it says false.
  template <class Visit>
  void scan(std::uint64_t from, Visit visit) const;

  std::size_t size_;
  std::unique_ptr<char[]> block_;
  mutable std::mutex mutex_;         // guards what follows and the block
  std::size_t begin_ = 0, end_ = 0;  // of the oldest entry, behind the newest
  std::size_t wrap_ = 0;             // where the part at the end of the block stops
  std::size_t count_ = 0;
  std::uint64_t oldest_ = 1, next_ = 1;  // serials
  mutable std::uint64_t seen_ = 0;       // that was looked at last, and its place
  mutable std::size_t seen_at_ = 0;
};

// The value of the Call-ID of a message; empty if there is none.
[[nodiscard]] std::string_view call_id_of(std::string_view message);

}  // namespace obs
