// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/cycle_starts.hpp"

#include <algorithm>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::dynamics {
namespace {

/// Times t of the local minima of |x_{t+k} - x_t|, nearest first; of a plateau the first.
std::vector<Index> nearest_returns(In<Matrix> orbit, Index k, Index count) {
  const Index T = orbit.cols() - k;
  const Vector distance = (orbit.rightCols(T) - orbit.leftCols(T)).colwise().norm();
  std::vector<Index> minima;
  for (Index t = 0; t < T; ++t) {
    if ((t == 0 || distance(t) < distance(t - 1)) &&
        (t + 1 == T || distance(t) <= distance(t + 1))) {
      minima.push_back(t);
    }
  }
  std::stable_sort(minima.begin(), minima.end(),
                   [&](Index a, Index b) { return distance(a) < distance(b); });
  if (static_cast<Index>(minima.size()) > count) minima.resize(static_cast<std::size_t>(count));
  return minima;
}

Matrix shuffled_states(In<Matrix> orbit, Index k, Index number, const CycleStartOptions& options) {
  RandomStream random({options.seed, options.network, Purpose::cycle_starts,
                       (static_cast<std::uint64_t>(k) << 32) | static_cast<std::uint64_t>(number)});
  Matrix guess(orbit.rows(), k);
  for (Index i = 0; i < k; ++i) {
    guess.col(i) =
        orbit.col(static_cast<Index>(random.below(static_cast<std::uint64_t>(orbit.cols()))));
  }
  return guess;
}

}  // namespace

std::vector<Matrix> draw_cycle_starts(In<Matrix> orbit, const CycleStartOptions& options) {
  require(options.min_period >= 1 && options.max_period >= options.min_period,
          "draw_cycle_starts: need 1 <= min_period <= max_period");
  require(options.recurrences >= 0 && options.shuffled >= 0,
          "draw_cycle_starts: need recurrences >= 0 and shuffled >= 0");
  require(orbit.cols() > options.max_period,
          "draw_cycle_starts: the orbit must be longer than max_period");
  require(orbit.allFinite(), "draw_cycle_starts: the states must be finite");
  std::vector<Matrix> guesses;
  for (Index k = options.min_period; k <= options.max_period; ++k) {
    for (const Index t : nearest_returns(orbit, k, options.recurrences)) {
      guesses.emplace_back(orbit.middleCols(t, k));
    }
    for (Index j = 0; j < options.shuffled; ++j) {
      guesses.push_back(shuffled_states(orbit, k, j, options));
    }
  }
  return guesses;
}

}  // namespace nullcline::dynamics
