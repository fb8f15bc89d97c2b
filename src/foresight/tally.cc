#include "foresight/detail/tally.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.h"
#include "foresight/detail/simulated_call.h"
#include "foresight/figures.h"

namespace foresight::detail {

void Tally::arrived(const OneCall& call) {
  if (!call.counts) return;
  if (figures_.calls++ == 0) began_ = call.arrived;
  figures_.span = call.arrived - began_;
}

void Tally::add(const OneCall& call, Occurrences& what, double amount) const {
  if (call.counts) what.add(batch_of(call), amount);
}

void Tally::answered(const OneCall& call, base::Instant now) {
  if (!call.counts) return;
  ended(call, true, false);
  ++figures_.answered;
  figures_.wait.add(batch_of(call), now - call.arrived);
  figures_.wait_s.add(batch_of(call), static_cast<double>((now - call.arrived).count()) / 1'000);
}

void Tally::abandoned(const OneCall& call, base::Instant now) {
  if (!call.counts) return;
  ended(call, false, true);
  ++figures_.abandoned;
  figures_.gave_up.add(now - call.arrived);
}

void Tally::taken_by_own_voicemail(const OneCall& call) {
  if (!call.counts) return;
  ended(call, false, false);
  ++figures_.own_voicemail;
  figures_.voicemail_calls.add(batch_of(call), 1);
}

void Tally::ended_in(const OneCall& call, const std::string& where) {
  if (!call.counts) return;
  ended(call, false, false);
  ++figures_.ended_in[where];
  figures_.ended_calls[where].add(batch_of(call), 1);
}

void Tally::ended(const OneCall& call, bool answered, bool abandoned) {
  figures_.answered_share.add(batch_of(call), answered ? 1 : 0);
  figures_.abandoned_share.add(batch_of(call), abandoned ? 1 : 0);
}

std::size_t Tally::batch_of(const OneCall& call) const {
  return (call.number - arrivals_.warm_up()) * Batches::kBatches / arrivals_.counted();
}

}  // namespace foresight::detail
