#include "store/journal.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/result.h"
#include "facts/fact.h"
#include "store/codec.h"

namespace store {
namespace {

constexpr std::uint64_t kMagic = 0x3172'6E6A'7272'6168ULL;  // "harrjnr1"
constexpr std::size_t kHeaderBytes = 4'096;
constexpr std::size_t kMinBytes = 65'536;
constexpr std::uint32_t kFiller = 0xFFFF'FFFFU;  // a length: the rest of the ring is unused
constexpr std::size_t kAlign = 8;

// The first page. Positions count bytes since the file was made and never wrap in practice; a place
// in the ring is the position modulo the capacity.
struct Header {
  std::uint64_t magic = 0;
  std::uint64_t capacity = 0;
  std::atomic<std::uint64_t> free_until = 0;  // the oldest entry that is still needed
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

struct EntryHead {
  std::uint64_t position = 0;  // where it stands: an entry of an earlier lap cannot be mistaken
  std::uint32_t length = 0;
  std::uint32_t checksum = 0;
};
static_assert(sizeof(EntryHead) == 16);

// FNV-1a over eight bytes at a time, folded: finds torn writes, not forgers.
std::uint32_t checksum_of(std::uint64_t position, std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x0000'0100'0000'01B3ULL;
  std::uint64_t sum = 0xCBF2'9CE4'8422'2325ULL ^ position;
  sum = (sum ^ bytes.size()) * kPrime;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof(word));
    sum = (sum ^ word) * kPrime;
    sum ^= sum >> 29U;
    bytes.remove_prefix(sizeof(word));
  }
  for (const char c : bytes) sum = (sum ^ static_cast<std::uint8_t>(c)) * kPrime;
  return static_cast<std::uint32_t>(sum ^ (sum >> 32U));
}

std::size_t padded(std::size_t size) {
  return (size + kAlign - 1) / kAlign * kAlign;
}

}  // namespace

class Journal::Impl {
 public:
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (map_ != nullptr) (void)::munmap(map_, kHeaderBytes + capacity_);
    if (descriptor_ >= 0) (void)::close(descriptor_);
  }

  base::Status<std::string> open(const std::string& file, std::size_t bytes) {
    const auto failed = [&file](const std::string& what, int error) {
      return base::Unexpected{"the journal " + file + " " + what + ": " +
                              std::generic_category().message(error)};
    };
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return failed("cannot be opened", errno);
    struct stat about{};
    if (::fstat(descriptor_, &about) != 0) return failed("cannot be read", errno);
    auto size = static_cast<std::size_t>(about.st_size);
    if (size < kHeaderBytes + kMinBytes) size = std::max(bytes, kMinBytes) + kHeaderBytes;
    size -= (size - kHeaderBytes) % kAlign;
    // Every block is taken now: a full disk later cannot touch what is mapped.
    if (const int error = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(size)); error != 0) {
      return failed("cannot be reserved", error);
    }
    void* map = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    if (map == MAP_FAILED) return failed("cannot be mapped", errno);
    map_ = static_cast<char*>(map);
    ring_ = map_ + kHeaderBytes;
    capacity_ = size - kHeaderBytes;
    header_ = static_cast<Header*>(map);
    if (header_->magic != kMagic || header_->capacity != capacity_) begin_anew();
    recover();
    return base::Ok{};
  }

  bool append(const facts::Fact& fact) {
    scratch_.clear();
    if (!encode(fact, scratch_)) return true;
    settle();
    if (spill_.empty() && put(scratch_)) {
      appended_.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
    spill(scratch_);
    return false;
  }

  void settle() {
    while (!spill_.empty() && put(spill_.front())) {
      spilled_bytes_.fetch_sub(spill_.front().size(), std::memory_order_relaxed);
      spilled_.fetch_sub(1, std::memory_order_relaxed);
      appended_.fetch_add(1, std::memory_order_relaxed);
      spill_.pop_front();
    }
  }

  std::vector<Entry> take(std::size_t most, std::uint64_t until, std::uint64_t& undecodable) {
    std::vector<Entry> entries;
    const std::uint64_t last = std::min(end(), until);
    while (entries.size() < most && taken_ < last) {
      const std::string_view bytes = next_at(taken_);
      if (bytes.empty()) continue;  // a filler, taken_ has moved on
      auto fact = decode(bytes);
      if (fact) {
        entries.push_back({std::move(*fact), taken_});
      } else {
        ++undecodable;
      }
    }
    return entries;
  }

  void rewind() { taken_ = header_->free_until.load(std::memory_order_relaxed); }
  void free_until(std::uint64_t end) { header_->free_until.store(end, std::memory_order_release); }
  // Everything that was taken so far, also what could not be decoded.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }
  [[nodiscard]] std::uint64_t end() const { return head_.load(std::memory_order_acquire); }

  [[nodiscard]] JournalFigures figures() const {
    JournalFigures f;
    f.capacity_bytes = capacity_;
    const std::uint64_t oldest = header_->free_until.load(std::memory_order_acquire);
    f.used_bytes = head_.load(std::memory_order_acquire) - oldest;
    f.appended = appended_.load(std::memory_order_relaxed);
    f.spilled = spilled_.load(std::memory_order_relaxed);
    f.spilled_bytes = spilled_bytes_.load(std::memory_order_relaxed);
    f.lost = lost_.load(std::memory_order_relaxed);
    f.undecodable = skipped.load(std::memory_order_relaxed);
    return f;
  }

  std::atomic<std::uint64_t> skipped{0};

 private:
  void begin_anew() {
    header_->capacity = capacity_;
    header_->free_until.store(kAlign, std::memory_order_relaxed);
    std::memset(ring_, 0, kAlign + sizeof(EntryHead));  // whatever stood there is no entry
    header_->magic = kMagic;
  }

  // Finds the end of what a former process wrote: the first entry that is not whole.
  void recover() {
    std::uint64_t at = header_->free_until.load(std::memory_order_relaxed);
    taken_ = at;
    const std::uint64_t limit = at + capacity_;
    while (at < limit) {
      EntryHead head;
      if (!read_head(at, head)) break;
      const std::uint64_t end = end_of(at, head);
      if (end > limit) break;
      at = end;
    }
    head_.store(at, std::memory_order_release);
  }

  // True if a whole entry (or filler) stands at this position.
  bool read_head(std::uint64_t at, EntryHead& head) const {
    const std::size_t place = at % capacity_;
    const std::size_t room = capacity_ - place;
    if (room < sizeof(EntryHead)) {  // too little for a head: an implied filler
      head = {.position = at, .length = kFiller};
      return true;
    }
    std::memcpy(&head, ring_ + place, sizeof(head));
    if (head.position != at) return false;
    if (head.length == kFiller) return head.checksum == checksum_of(at, {});
    if (head.length == 0 || head.length > room - sizeof(EntryHead)) return false;
    return head.checksum == checksum_of(at, {ring_ + place + sizeof(EntryHead), head.length});
  }

  [[nodiscard]] std::uint64_t end_of(std::uint64_t at, const EntryHead& head) const {
    if (head.length == kFiller) return at + (capacity_ - at % capacity_);
    return at + padded(sizeof(EntryHead) + head.length);
  }

  // The entry at taken_, which moves behind it; empty for a filler.
  std::string_view next_at(std::uint64_t at) {
    EntryHead head;
    if (!read_head(at, head)) {
      // Memory that was whole when it was published is not any more: skip to the end.
      taken_ = head_.load(std::memory_order_acquire);
      return {};
    }
    taken_ = end_of(at, head);
    if (head.length == kFiller) return {};
    return {ring_ + at % capacity_ + sizeof(EntryHead), head.length};
  }

  // Copies one entry into the ring. False: no room.
  bool put(std::string_view bytes) {
    std::uint64_t at = head_.load(std::memory_order_relaxed);
    const std::size_t need = padded(sizeof(EntryHead) + bytes.size());
    const std::size_t rest = capacity_ - at % capacity_;
    const std::size_t filler = rest < need ? rest : 0;
    const std::uint64_t used = at - header_->free_until.load(std::memory_order_acquire);
    if (used + filler + need > capacity_) return false;
    if (filler != 0) {
      if (filler >= sizeof(EntryHead)) {
        const EntryHead head{.position = at, .length = kFiller, .checksum = checksum_of(at, {})};
        std::memcpy(ring_ + at % capacity_, &head, sizeof(head));
      }
      at += filler;
    }
    const EntryHead head{.position = at,
                         .length = static_cast<std::uint32_t>(bytes.size()),
                         .checksum = checksum_of(at, bytes)};
    char* place = ring_ + at % capacity_;
    std::memcpy(place + sizeof(head), bytes.data(), bytes.size());
    std::memcpy(place, &head, sizeof(head));
    head_.store(at + need, std::memory_order_release);
    return true;
  }

  void spill(const std::string& bytes) {
    if (spilled_bytes_.load(std::memory_order_relaxed) + bytes.size() > kMaxSpillBytes) {
      lost_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    spill_.push_back(bytes);
    spilled_.fetch_add(1, std::memory_order_relaxed);
    spilled_bytes_.fetch_add(bytes.size(), std::memory_order_relaxed);
  }

  int descriptor_ = -1;
  char* map_ = nullptr;
  char* ring_ = nullptr;
  Header* header_ = nullptr;
  std::size_t capacity_ = 0;
  std::atomic<std::uint64_t> head_{0};
  std::atomic<std::uint64_t> appended_{0}, spilled_{0}, spilled_bytes_{0}, lost_{0};
  std::string scratch_;            // writer
  std::deque<std::string> spill_;  // writer
  std::uint64_t taken_ = 0;        // reader
};

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

base::Result<std::unique_ptr<Journal>, std::string> Journal::open(const std::string& file,
                                                                  std::size_t bytes) {
  auto impl = std::make_unique<Impl>();
  if (auto opened = impl->open(file, bytes); !opened) return base::Unexpected{opened.error()};
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

bool Journal::append(const facts::Fact& fact) {
  return impl_->append(fact);
}
void Journal::settle() {
  impl_->settle();
}
std::vector<Journal::Entry> Journal::take(std::size_t most, std::uint64_t until) {
  std::uint64_t undecodable = 0;
  auto entries = impl_->take(most, until, undecodable);
  impl_->skipped.fetch_add(undecodable, std::memory_order_relaxed);
  return entries;
}
void Journal::rewind() {
  impl_->rewind();
}
void Journal::free_until(std::uint64_t end) {
  impl_->free_until(end);
}
std::uint64_t Journal::end() const {
  return impl_->end();
}
std::uint64_t Journal::taken() const {
  return impl_->taken();
}
JournalFigures Journal::figures() const {
  return impl_->figures();
}

}  // namespace store
