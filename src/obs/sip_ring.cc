#include "obs/sip_ring.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace obs {
namespace {

constexpr std::uint8_t kReceived = 0;
constexpr std::uint8_t kSent = 1;
constexpr std::uint8_t kRelation = 2;
constexpr std::size_t kRound = 8;
constexpr int kAtOnce = 256;  // entries that are looked at under one lock

bool is_name(std::string_view text, std::string_view name) {
  return text.size() == name.size() &&
         std::equal(text.begin(), text.end(), name.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

}  // namespace

std::string_view call_id_of(std::string_view message) {
  for (std::size_t at = message.find('\n'); at != std::string_view::npos;
       at = message.find('\n', at + 1)) {
    if (at + 1 >= message.size()) return {};
    const char first = message[at + 1];
    if (first == '\r' || first == '\n') return {};  // the body
    if (first != 'C' && first != 'c' && first != 'i' && first != 'I') continue;
    const std::string_view line = message.substr(at + 1, message.find('\n', at + 1) - at - 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, colon));
    if (is_name(name, "call-id") || is_name(name, "i")) return trimmed(line.substr(colon + 1));
  }
  return {};
}

// The block is written once at the start, so that memory does not seem to grow with the calls.
SipRing::SipRing(std::size_t bytes)
    : size_(bytes / kRound * kRound),
      block_(size_ == 0 ? nullptr : std::make_unique<char[]>(size_)) {}

SipRing::Head SipRing::head_at(std::size_t at) const {
  static_assert(std::is_trivially_copyable_v<Head>, "heads are copied byte by byte");
  Head head;
  std::memcpy(&head, block_.get() + at, sizeof(head));
  return head;
}

std::string_view SipRing::bytes_at(std::size_t at, const Head& head) const {
  return {block_.get() + at + sizeof(Head), head.bytes};
}

void SipRing::drop_oldest() {
  begin_ += head_at(begin_).size;
  ++oldest_;
  if (--count_ == 0) {
    begin_ = end_ = wrap_ = 0;
  } else if (wrap_ != 0 && begin_ == wrap_) {
    begin_ = wrap_ = 0;
  }
}

void SipRing::drop_stale(base::WallTime now) {
  while (count_ > 0 && head_at(begin_).at_ms < now.unix_ms - kSipKept.count()) drop_oldest();
}

// Entries never wrap around the end of the block: what is left there stays unused.
void SipRing::append(const Head& head, std::string_view first, std::string_view second) {
  if (head.size > size_ / 4) return;
  while (true) {
    const bool wrapped = wrap_ != 0;
    const std::size_t limit = wrapped ? begin_ : size_;
    if (count_ == 0 || end_ + head.size <= limit) break;
    if (!wrapped && begin_ > 0) {
      wrap_ = end_;
      end_ = 0;
      continue;
    }
    drop_oldest();
  }
  char* out = block_.get() + end_;
  std::memcpy(out, &head, sizeof(head));
  std::memcpy(out + sizeof(head), first.data(), first.size());
  if (!second.empty()) std::memcpy(out + sizeof(head) + first.size(), second.data(), second.size());
  end_ += head.size;
  ++count_;
  ++next_;
}

void SipRing::keep(bool sent, const base::Flow& flow, std::string_view bytes, base::WallTime at) {
  if (!keeps()) return;
  Head head;
  head.bytes = static_cast<std::uint32_t>(bytes.size());
  head.size =
      static_cast<std::uint32_t>((sizeof(Head) + bytes.size() + kRound - 1) / kRound * kRound);
  head.at_ms = at.unix_ms;
  head.flow = flow;
  head.kind = sent ? kSent : kReceived;
  const std::lock_guard lock(mutex_);
  head.serial = next_;
  if (next_ % kAtOnce == 0) drop_stale(at);
  append(head, bytes, {});
}

// The two names with a line end between them.
void SipRing::relate(std::string_view leg, std::string_view call, base::WallTime at) {
  if (!keeps()) return;
  std::string first(leg);
  first += '\n';
  Head head;
  head.bytes = static_cast<std::uint32_t>(first.size() + call.size());
  head.size =
      static_cast<std::uint32_t>((sizeof(Head) + head.bytes + kRound - 1) / kRound * kRound);
  head.at_ms = at.unix_ms;
  head.kind = kRelation;
  const std::lock_guard lock(mutex_);
  head.serial = next_;
  append(head, first, call);
}

// From the entry that was looked at last, if that is nearer than the oldest.
std::size_t SipRing::place_of(std::uint64_t serial) const {
  std::size_t at = begin_;
  std::uint64_t from = oldest_;
  if (seen_ >= oldest_ && seen_ < next_ && seen_ <= serial) {
    at = seen_at_;
    from = seen_;
  }
  for (; from < serial && from < next_; ++from) {
    at += head_at(at).size;
    if (wrap_ != 0 && at == wrap_) at = 0;
  }
  return at;
}

template <class Visit>
void SipRing::scan(std::uint64_t from, Visit visit) const {
  std::size_t at = 0;
  bool placed = false;  // `at` is the place of entry `from`
  while (true) {
    const std::lock_guard lock(mutex_);
    if (!placed || from < oldest_) {
      from = std::max(from, oldest_);
      at = place_of(from);
      placed = true;
    }
    for (int i = 0; i < kAtOnce; ++i) {
      if (from >= next_) return;
      if (wrap_ != 0 && at == wrap_) at = 0;
      const Head head = head_at(at);
      if (!visit(head, bytes_at(at, head))) return;
      seen_ = from;
      seen_at_ = at;
      at += head.size;
      ++from;
    }
  }
}

std::vector<SipCopy> SipRing::of_call(std::string_view call_id, base::WallTime now) const {
  std::vector<SipCopy> out;
  if (!keeps() || call_id.empty()) return out;
  std::set<std::string, std::less<>> wanted{std::string(call_id)};
  scan(1, [&](const Head& head, std::string_view bytes) {
    if (head.at_ms < now.unix_ms - kSipKept.count()) return true;
    if (head.kind == kRelation) {
      const std::size_t line = bytes.find('\n');
      if (bytes.substr(line + 1) == call_id) wanted.insert(std::string(bytes.substr(0, line)));
    } else if (wanted.contains(call_id_of(bytes))) {
      out.push_back({head.serial, {head.at_ms}, head.kind == kSent, head.flow, std::string(bytes)});
    }
    return true;
  });
  return out;
}

SipRing::Batch SipRing::after(std::uint64_t serial, std::size_t most_bytes) const {
  Batch out;
  out.next = serial;
  std::size_t bytes_taken = 0;
  if (!keeps()) return out;
  scan(serial + 1, [&](const Head& head, std::string_view bytes) {
    if (bytes_taken >= most_bytes) return false;
    out.lost += head.serial - out.next - 1;
    out.next = head.serial;
    bytes_taken += bytes.size();
    if (head.kind == kRelation) {
      const std::size_t line = bytes.find('\n');
      out.relations.push_back(
          {head.serial, std::string(bytes.substr(0, line)), std::string(bytes.substr(line + 1))});
    } else {
      out.copies.push_back(
          {head.serial, {head.at_ms}, head.kind == kSent, head.flow, std::string(bytes)});
    }
    return true;
  });
  return out;
}

std::uint64_t SipRing::newest() const {
  const std::lock_guard lock(mutex_);
  return next_ - 1;
}

}  // namespace obs
