#include "foresight/figures.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace foresight {
namespace {

constexpr double kStudent19 = 2.093;
constexpr std::int64_t kBinMs = 100;

// Newton's steps from above; the mathematical library is not the same everywhere.
double square_root(double x) {
  if (x <= 0) return 0;
  double root = x > 1 ? x : 1;
  double next = (root + x / root) / 2;
  while (next < root) {
    root = next;
    next = (root + x / root) / 2;
  }
  return root;
}

}  // namespace

void Waits::add(base::Duration wait) {
  const std::int64_t ms = std::max<std::int64_t>(wait.count(), 0);
  ++bins_[std::min(static_cast<std::size_t>(ms / kBinMs), kBins - 1)];
  ++count_;
  sum_ms_ += static_cast<double>(ms);
}

double Waits::mean_s() const {
  return count_ == 0 ? 0 : sum_ms_ / static_cast<double>(count_) / 1'000;
}

double Waits::quantile_s(double share) const {
  if (count_ == 0) return 0;
  const double wanted = share * static_cast<double>(count_);
  double seen = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    seen += bins_[bin];
    if (seen >= wanted && bins_[bin] > 0) return static_cast<double>(bin) * kBinMs / 1'000;
  }
  return static_cast<double>(kBins) * kBinMs / 1'000;
}

void BatchedWaits::add(std::size_t batch, base::Duration wait) {
  all_.add(wait);
  batches_[std::min(batch, batches_.size() - 1)].add(wait);
}

Estimate BatchedWaits::quantile(double share) const {
  std::vector<double> each;
  for (const Waits& batch : batches_)
    if (batch.count() > 0) each.push_back(batch.quantile_s(share));
  return Batches::of_means(each, all_.quantile_s(share));
}

void Batches::add(std::size_t batch, double value) {
  const std::size_t at = std::min(batch, kBatches - 1);
  sums_[at] += value;
  ++counts_[at];
}

double Batches::sum() const {
  double sum = 0;
  for (const double part : sums_) sum += part;
  return sum;
}

double Batches::count() const {
  double count = 0;
  for (const std::uint64_t part : counts_) count += static_cast<double>(part);
  return count;
}

double Batches::mean() const {
  const double all = count();
  return all == 0 ? 0 : sum() / all;
}

Estimate Batches::of_means(const std::vector<double>& means, double value) {
  if (means.size() < 2) return {value, 0};
  const auto batches = static_cast<double>(means.size());
  double squares = 0;
  for (const double mean : means) squares += (mean - value) * (mean - value);
  return {value, kStudent19 * square_root(squares / (batches - 1) / batches)};
}

Estimate Batches::estimate() const {
  std::vector<double> means;
  for (std::size_t i = 0; i < kBatches; ++i)
    if (counts_[i] > 0) means.push_back(sums_[i] / static_cast<double>(counts_[i]));
  return of_means(means, mean());
}

Estimate Batches::gain_over(const Batches& other) const {
  std::vector<double> gains;
  for (std::size_t i = 0; i < kBatches; ++i)
    if (counts_[i] > 0 && other.counts_[i] > 0)
      gains.push_back(sums_[i] / static_cast<double>(counts_[i]) -
                      other.sums_[i] / static_cast<double>(other.counts_[i]));
  return of_means(gains, mean() - other.mean());
}

Estimate Batches::share_of(const Batches& all) const {
  std::vector<double> means;
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < kBatches; ++i) {
    if (all.counts_[i] == 0) continue;
    means.push_back(sums_[i] / static_cast<double>(all.counts_[i]));
    sum += sums_[i];
    count += static_cast<double>(all.counts_[i]);
  }
  return of_means(means, count == 0 ? 0 : sum / count);
}

Estimate Occurrences::estimate(const Batches& all) const {
  const Estimate each = batches_.share_of(all);
  return {sum(), each.give_or_take * all.count()};
}

}  // namespace foresight
