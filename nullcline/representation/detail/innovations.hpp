// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/parallel.hpp"
#include "nullcline/representation/cross_covariance.hpp"

namespace nullcline::representation::detail {

/// Coordinates z = B'x of a process in which what a linear prediction from the last step leaves
/// over has covariance I, and z itself a diagonal one:
///
///     C(0) + ridge = E diag(scales^2) E'           (eigenvectors with variance above rounding)
///     L = (E / scales)' C(1) (E / scales)          (whitened lag 1)
///     I - L L' = R diag(q) R', q ascending         (the prediction error, 0 <= q <= 1)
///     B = (E / scales) R / sqrt(q),  B' C(0) B = diag(1 / q).
///
/// Predictive information is the same in all coordinates, but its Hessian is not: it measures
/// what a change of V adds to the prediction error of V'x. In these coordinates a turn by an angle
/// costs alike in all directions, whereas in those of x or of whitened x the condition number is
/// that of the prediction errors, easily 1e6, and ascents do not end.
class InnovationCoordinates {
 public:
  InnovationCoordinates(const CrossCovariances& covariances, double ridge_variance);

  Index rank() const { return scales_.size(); }

  /// The functional v'x as u'z, and back, column by column. V: (n, d)  U: (rank, d)
  Matrix from_units(In<Matrix> V) const;
  Matrix to_units(In<Matrix> U) const;

  /// The covariances of z at lags 0 .. count - 1.
  CrossCovariances apply(const CrossCovariances& covariances, Index count, Threads threads) const;

  /// E, by decreasing variance. (n, rank)
  const Matrix& principal_axes() const { return E_; }

 private:
  Matrix E_;       // (n, rank)
  Vector scales_;  // (rank)
  Matrix R_;       // (rank, rank)
  Vector errors_;  // (rank) q
};

}  // namespace nullcline::representation::detail
