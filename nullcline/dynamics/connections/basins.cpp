// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/basins.hpp"

#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::dynamics {
namespace {

/// P(X >= hits) of a binomial X, 0 < hits <= trials, 0 < p < 1: the terms from `hits` on, each from
/// the one before.
double upper_tail(Index hits, Index trials, double p) {
  const auto k = static_cast<double>(hits), n = static_cast<double>(trials);
  double log_term = k * std::log(p) + (n - k) * std::log1p(-p);
  for (Index i = 1; i <= hits; ++i) {  // the binomial coefficient, without the state of lgamma
    log_term += std::log((n - k + static_cast<double>(i)) / static_cast<double>(i));
  }
  const double odds = p / (1 - p);
  double ratio = 1, sum = 0;  // of terms to the first
  for (Index i = hits; i <= trials; ++i) {
    sum += ratio;
    const auto j = static_cast<double>(i);
    ratio *= odds * (n - j) / (j + 1);
    if (ratio < 1e-17 * sum && j > n * p) break;
  }
  return std::exp(log_term + std::log(sum));
}

/// The p with P(X >= hits | p) = tail.
double lower_limit(Index hits, Index trials, double tail) {
  if (hits == 0) return 0;
  double low = 0, high = 1;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (upper_tail(hits, trials, middle) < tail ? low : high) = middle;
  }
  return low;
}

BasinShare share_of(Index orbits, Index trials, double confidence) {
  const double fraction =
      trials > 0 ? static_cast<double>(orbits) / static_cast<double>(trials) : 0;
  return {orbits, fraction, clopper_pearson(orbits, trials, confidence)};
}

}  // namespace

ConfidenceInterval clopper_pearson(Index hits, Index trials, double confidence) {
  require(hits >= 0 && hits <= trials, "clopper_pearson: need 0 <= hits <= trials");
  require(confidence > 0 && confidence < 1, "clopper_pearson: need 0 < confidence < 1");
  const double tail = (1 - confidence) / 2;
  return {lower_limit(hits, trials, tail), 1 - lower_limit(trials - hits, trials, tail)};
}

Matrix box_starts(In<Vector> low, In<Vector> high, Index count, std::uint64_t seed,
                  std::uint64_t network) {
  require(low.size() == high.size(), "box_starts: low and high differ in size");
  require(low.allFinite() && high.allFinite() && (low.array() <= high.array()).all(),
          "box_starts: need low <= high, both finite");
  require(count >= 0, "box_starts: need count >= 0");
  Matrix starts(low.size(), count);
  for (Index b = 0; b < count; ++b) {
    // Above the steps of find_connections, which are points.
    RandomStream random({seed, network, Purpose::connections,
                         (std::uint64_t{1} << 32) | static_cast<std::uint64_t>(b)});
    for (Index i = 0; i < low.size(); ++i) {
      starts(i, b) = low(i) + random.uniform() * (high(i) - low(i));
    }
  }
  return starts;
}

Basins sample_basins(const Map& map, In<Matrix> starts, const Landmarks& landmarks,
                     const BasinOptions& options) {
  require(options.confidence > 0 && options.confidence < 1,
          "sample_basins: need 0 < confidence < 1");
  Basins result;
  result.orbits = settle(map, starts, landmarks, options.settle);
  const Settled& orbits = result.orbits;
  const auto count = static_cast<std::size_t>(landmarks.points.cols() + orbits.new_points.cols()) +
                     landmarks.cycles.size() + orbits.new_cycles.size();
  std::vector<Index> at_landmark(count);
  Index escaped = 0, undecided = 0, not_finite = 0;
  for (std::size_t b = 0; b < orbits.ends.size(); ++b) {
    escaped += orbits.ends[b] == OrbitEnd::escaped;
    undecided += orbits.ends[b] == OrbitEnd::undecided;
    not_finite += orbits.ends[b] == OrbitEnd::not_finite;
    result.cancelled += orbits.ends[b] == OrbitEnd::cancelled;
    if (orbits.landmark[b] >= 0) ++at_landmark[static_cast<std::size_t>(orbits.landmark[b])];
  }
  const Index trials = starts.cols() - result.cancelled;
  for (const Index hits : at_landmark) {
    result.landmarks.push_back(share_of(hits, trials, options.confidence));
  }
  result.escaped = share_of(escaped, trials, options.confidence);
  result.undecided = share_of(undecided, trials, options.confidence);
  result.not_finite = share_of(not_finite, trials, options.confidence);
  return result;
}

}  // namespace nullcline::dynamics
