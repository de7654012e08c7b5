// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct SlowFeatureOptions {
  Index dim = 0;     ///< Features, >= 1; 0 means as many as the data have directions.
  Index degree = 1;  ///< 1: linear in x; 2: also in all products x_i x_j, i <= j.
};

struct SlowFeatures {
  Index degree = 1;
  Vector center;     ///< (n), and
  double scale = 1;  ///< z = (x - center) / scale is expanded.
  Vector mean;       ///< (m) of the expanded data; m = n, or n + n (n + 1) / 2 at degree 2.
  Matrix weights;    ///< (m, d): y = weights' (expanded z - mean), of covariance I.
  Vector deltas;   ///< (d) mean of |y_{t+1} - y_t|^2, ascending: 0 never changes, 2 is white noise.
  Index rank = 0;  ///< Directions of the expanded data that vary above rounding.
};

/// Slow feature analysis [Wiskott & Sejnowski 2002, Neural Computation 14:715]: the uncorrelated
/// functions y of unit variance that change least from step to step. With C the covariance of the
/// (expanded, centered) data and D the mean of dx dx' over the steps within trials,
///
///     D w = delta C w,   w' C w = 1,   smallest delta first,
///
/// solved in the directions of C above rounding. C is over all samples, divisor samples. The sign
/// makes the entry of largest magnitude in each w positive. At degree 2, x is centered
/// and divided by one number, its root mean square, before it is expanded: the functions that can
/// be reached are the same, and products are of one size with x.
///
/// Throws std::invalid_argument when trials do not fit together, none has 2 steps, dim is more than
/// the rank, or degree 2 would expand to more than 4000 functions.
[[nodiscard]] SlowFeatures slow_features(std::span<const Matrix> trials,
                                         const SlowFeatureOptions& options = {});

/// x over its products x_i x_j, i <= j, by i, then j. X: (n, T)  result: (n + n (n + 1) / 2, T)
Matrix quadratic_expansion(In<Matrix> X);

/// y of X: (n, T), as the analysis was done. (d, T)
Matrix project(In<Matrix> X, const SlowFeatures& features);

}  // namespace nullcline::representation
