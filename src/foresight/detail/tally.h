#pragma once
// Counts the calls of a simulation.

#include <cstddef>
#include <string>

#include "base/time.h"
#include "foresight/detail/arrivals.h"
#include "foresight/detail/simulated_call.h"
#include "foresight/figures.h"

namespace foresight::detail {

class Tally final {
 public:
  explicit Tally(const Arrivals& arrivals) : arrivals_(arrivals) {}

  void arrived(const OneCall& call);
  // `what` happened in this call; so many times, or so many seconds of it.
  void add(const OneCall& call, Occurrences& what, double amount = 1) const;
  // After `now - call.arrived`.
  void answered(const OneCall& call, base::Instant now);
  void abandoned(const OneCall& call, base::Instant now);
  void taken_by_own_voicemail(const OneCall& call);
  // In a destination or code.
  void ended_in(const OneCall& call, const std::string& where);

  [[nodiscard]] Figures& figures() { return figures_; }

 private:
  void ended(const OneCall& call, bool answered, bool abandoned);
  [[nodiscard]] std::size_t batch_of(const OneCall& call) const;

  // Given to us.
  const Arrivals& arrivals_;
  // Owned.
  Figures figures_;
  base::Instant began_{};
};

}  // namespace foresight::detail
