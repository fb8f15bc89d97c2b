#include "sim/network.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"

namespace sim {

void Scheduler::at(base::Instant when, Task task) {
  queue_.emplace(std::pair{std::max(when, now_), serial_++}, std::move(task));
}

std::optional<base::Instant> Scheduler::next() const {
  if (queue_.empty()) return {};
  return queue_.begin()->first.first;
}

bool Scheduler::run_one() {
  if (queue_.empty()) return false;
  auto node = queue_.extract(queue_.begin());
  now_ = node.key().first;
  node.mapped()();
  return true;
}

bool Network::chance(double share) {
  return share > 0 && base::below(rng_, 1'000'000) < static_cast<std::uint64_t>(share * 1e6);
}

void Network::send(const base::Address& from, const base::Address& to, std::string bytes) {
  Packet packet{scheduler_.now(), serial_++, from, to, std::move(bytes), false};
  packet.lost = chance(faults.loss) || faults.lose_nth == packet.serial;
  if (on_sent) on_sent(packet);
  if (packet.lost) return;
  if (chance(faults.twice) || faults.double_nth == packet.serial) deliver_later(packet);
  deliver_later(std::move(packet));
}

void Network::deliver_later(Packet packet) {
  const auto spread = static_cast<std::uint64_t>((faults.delay_max - faults.delay_min).count());
  const base::Duration delay =
      faults.delay_min + base::Duration{static_cast<std::int64_t>(base::below(rng_, spread + 1))};
  scheduler_.after(delay, [this, packet = std::move(packet)] {
    const auto found = receivers_.find(packet.to);
    if (found == receivers_.end()) return;
    if (on_delivered) on_delivered(packet);
    found->second(packet.from, packet.bytes);
  });
}

}  // namespace sim
