#pragma once
// What a simulation counts, in memory that does not grow with the number of calls.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace foresight {

// A figure with the half width of its 95 % interval.
struct Estimate {
  double value = 0;
  double give_or_take = 0;
};

// Waiting times in tenths of a second up to an hour; what is longer counts as an hour.
class Waits {
 public:
  Waits() : bins_(kBins, 0) {}
  void add(base::Duration wait);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean_s() const;
  // The wait that `share` (0 to 1) of the calls did not exceed, in seconds; 0 without calls.
  [[nodiscard]] double quantile_s(double share) const;

 private:
  static constexpr std::size_t kBins = 36'000;
  std::vector<std::uint32_t> bins_;
  std::uint64_t count_ = 0;
  double sum_ms_ = 0;
};

// Calls one after another fall into twenty batches; their means, taken as independent, give the
// interval (Student's t with 19 degrees of freedom). So that neighbours hang together is not taken
// for certainty.
class Batches {
 public:
  static constexpr std::size_t kBatches = 20;
  void add(std::size_t batch, double value);
  [[nodiscard]] Estimate estimate() const;
  // Of this over `other`, batch by batch: with the same seed chance is mostly the same in both.
  [[nodiscard]] Estimate gain_over(const Batches& other) const;
  // `value` of all, with the interval that follows from `means`, one of each batch.
  [[nodiscard]] static Estimate of_means(const std::vector<double>& means, double value);
  // What was added here, a call that was added to `all`.
  [[nodiscard]] Estimate share_of(const Batches& all) const;
  [[nodiscard]] double sum() const;
  [[nodiscard]] double count() const;

 private:
  [[nodiscard]] double mean() const;
  std::array<double, kBatches> sums_{};
  std::array<std::uint64_t, kBatches> counts_{};
};

// Waits with those of each batch, for the intervals.
class BatchedWaits {
 public:
  void add(std::size_t batch, base::Duration wait);
  [[nodiscard]] double mean_s() const { return all_.mean_s(); }
  [[nodiscard]] double quantile_s(double share) const { return all_.quantile_s(share); }
  [[nodiscard]] std::uint64_t count() const { return all_.count(); }
  // quantile_s() with the interval that the batches' own quantiles give.
  [[nodiscard]] Estimate quantile(double share) const;

 private:
  Waits all_;
  std::vector<Waits> batches_{Batches::kBatches};
};

// What happened in calls, once or several times in each.
class Occurrences {
 public:
  void add(std::size_t batch, double amount = 1) { batches_.add(batch, amount); }
  [[nodiscard]] double sum() const { return batches_.sum(); }
  // The sum as a whole number.
  [[nodiscard]] std::uint64_t count() const { return static_cast<std::uint64_t>(sum() + 0.5); }
  // The sum, with what chance makes of it: by how different the batches of `all` calls are.
  [[nodiscard]] Estimate estimate(const Batches& all) const;

 private:
  Batches batches_;
};

struct MemberFigures {
  Occurrences rang;  // phones of his that were made to ring, once a ring
  Occurrences answered;
  Occurrences missed;  // rings that his phone shows as missed
  Occurrences declined;
  Occurrences was_busy;  // dialled while he talked
  Occurrences talked_s;  // seconds
};

struct Figures {
  std::uint64_t calls = 0;
  std::uint64_t answered = 0;
  std::uint64_t abandoned = 0;                    // the caller hung up while it rang
  std::uint64_t own_voicemail = 0;                // a mobile's own voicemail took the caller
  std::map<std::string, std::uint64_t> ended_in;  // "mailbox general", "busy (486)"…
  BatchedWaits wait;                              // until somebody answered
  Waits gave_up;                                  // until the caller hung up
  Batches answered_share, abandoned_share, wait_s;
  Batches voicemail_calls;                     // each call that ended so adds one
  std::map<std::string, Batches> ended_calls;  // by the words of `ended_in`
  std::map<std::string, MemberFigures> members;
  bool cut = false;       // it was stopped before its end: the figures say nothing
  base::Duration span{};  // virtual time in which calls were counted
};

}  // namespace foresight
