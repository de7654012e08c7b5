// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

using IndexMatrix = Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic>;

/// The k nearest of every point, itself not among them, nearest first; of equal distances the lower
/// number first.
struct Neighbors {
  IndexMatrix points;  ///< (k, P)
  Matrix distances;    ///< (k, P) Euclidean.
};

/// Exact neighbors by all distances: |x|^2 + |y|^2 - 2 x'y, as matrix products of blocks, choose
/// candidates, and the differences x - y order them, so that small distances keep their digits.
/// Costs n P^2 flops; P^2 distances are never held together. X: (n, P)  1 <= k < P
///
/// With `times` (P) and `window` > 0, points with |time difference| <= window are no neighbors
/// [Theiler 1986]; throws std::invalid_argument when fewer than k are left to some point.
Neighbors nearest_neighbors(In<Matrix> X, Index k, Threads threads,
                            std::span<const Index> times = {}, Index window = 0);

}  // namespace nullcline::representation::detail
