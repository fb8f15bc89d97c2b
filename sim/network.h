#pragma once
// A virtual clock and a datagram network on it that loses, doubles, delays and reorders by a seed.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"

namespace sim {

// Events in the order of their moment; ties by insertion.
class Scheduler {
 public:
  using Task = std::function<void()>;
  [[nodiscard]] base::Instant now() const { return now_; }
  void at(base::Instant when, Task task);
  void after(base::Duration delay, Task task) { at(now_ + delay, std::move(task)); }
  [[nodiscard]] std::optional<base::Instant> next() const;
  // Moves the clock to `when` without running anything. REQUIRES: nothing is due before.
  void advance_to(base::Instant when) { now_ = std::max(now_, when); }
  // Runs the earliest event. False if there is none.
  bool run_one();

 private:
  base::Instant now_{};
  std::uint64_t serial_ = 0;
  std::map<std::pair<base::Instant, std::uint64_t>, Task> queue_;
};

struct Faults {
  double loss = 0;   // of 1
  double twice = 0;  // of 1
  base::Duration delay_min{1};
  base::Duration delay_max{1};  // above delay_min: messages overtake each other
  // Exact faults, for enumeration: the n-th datagram (from 0) since the network was made.
  std::optional<std::uint64_t> lose_nth, double_nth;
};

struct Packet {
  base::Instant sent{};
  std::uint64_t serial = 0;
  base::Address from, to;
  std::string bytes;
  bool lost = false;
};

class Network {
 public:
  using Receiver = std::function<void(const base::Address& from, const std::string& bytes)>;
  Network(Scheduler& scheduler, std::uint64_t seed) : scheduler_(scheduler), rng_(seed) {}

  Faults faults;
  void attach(const base::Address& address, Receiver receiver) {
    receivers_[address] = std::move(receiver);
  }
  // Nobody is there any more: packets to it vanish.
  void detach(const base::Address& address) { receivers_.erase(address); }
  void send(const base::Address& from, const base::Address& to, std::string bytes);
  // Called with each packet when it is sent, before faults, and when it is delivered.
  std::function<void(const Packet&)> on_sent, on_delivered;
  [[nodiscard]] std::uint64_t packets() const { return serial_; }

 private:
  void deliver_later(Packet packet);
  [[nodiscard]] bool chance(double share);

  // Given to us.
  Scheduler& scheduler_;
  // Owned.
  base::SplitMix rng_;
  std::map<base::Address, Receiver> receivers_;
  // Plain state.
  std::uint64_t serial_ = 0;
};

}  // namespace sim
