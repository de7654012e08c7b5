// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// The states of all trials (n, T_i), one set of points side by side. (n, sum T_i)
/// Throws std::invalid_argument when there is no trial, one is empty, has another n, or holds an
/// entry that is not finite.
[[nodiscard]] Matrix all_states(std::span<const Matrix> trials);

struct Landmarks {
  std::vector<Index> points;   ///< By the order in which they were chosen.
  double covering_radius = 0;  ///< Each point is within this of a landmark; 0 if all are landmarks.
};

/// At most `count` of the columns of X: (n, K), each the farthest from those before it [Gonzalez
/// 1985], beginning with column `first`: its covering radius is at most twice the least there is.
/// Ends early where nothing is left at a positive distance. `count` = 0: all that are distinct.
/// Throws std::invalid_argument on an empty X, entries that are not finite, or a number out of
/// range.
[[nodiscard]] Landmarks farthest_points(In<Matrix> X, Index count, Index first = 0);

/// The same of distances D: (K, K). Throws std::invalid_argument on distances that are not finite,
/// not symmetric, negative or not zero on the diagonal (each to 1e-6 of the largest).
[[nodiscard]] Landmarks farthest_points_by_distance(In<Matrix> D, Index count, Index first = 0);

struct SamplingOptions {
  double confidence = 0.95;  ///< In (0, 1).
  Index subsamples = 100;    ///< > 0.
  Index subsample_size = 0;  ///< b, 1 <= b <= K; 0: ceil(K^(3/4)).
  std::uint64_t seed = 0;
  Threads threads = {};  ///< Over the subsamples.
};

/// How far the sampled set may be from the columns of X: (n, K): a radius c such that the Hausdorff
/// distance of X and the support of what it was drawn from is at most c with the given confidence,
/// by subsampling [Fasy et al. 2014, section 4.1]:
///
///     c = 2 q,   q the quantile of max_{x in X} dist(x, S), S a subset of b columns.
///
/// It holds asymptotically (K to infinity, b = o(K / log K)) and for columns drawn independently
/// from a measure that does not thin out faster than some power of the radius. The states along a
/// trajectory are not independent: thin them, or read it as how evenly they cover.
///
/// Throws std::invalid_argument on fewer than 2 columns or an option out of range.
[[nodiscard]] double sampling_radius(In<Matrix> X, const SamplingOptions& options = {});

}  // namespace nullcline::representation
