#include "call/detail/port_pool.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/rng.h"
#include "base/time.h"

namespace call {
namespace {

constexpr base::Duration kRest{2'000};

}  // namespace

PortPool::PortPool(std::uint16_t first, std::uint16_t last) {
  if (last == 0) return;
  const std::uint32_t even = first + first % 2U;
  for (std::uint32_t port = even; port + 1 <= last; port += 2) {
    free_.push_back(static_cast<std::uint16_t>(port));
  }
}

std::optional<std::uint16_t> PortPool::take(base::Instant now, base::Rng& rng) {
  while (!resting_.empty() && resting_.front().first <= now) {
    free_.push_back(resting_.front().second);
    resting_.pop_front();
  }
  if (free_.empty()) return std::nullopt;
  const std::size_t index = static_cast<std::size_t>(rng.next() % free_.size());
  const std::uint16_t port = free_[index];
  free_[index] = free_.back();
  free_.pop_back();
  ++taken_;
  return port;
}

void PortPool::give_back(std::uint16_t port, base::Instant now) {
  --taken_;
  resting_.emplace_back(now + kRest, port);
}

}  // namespace call
