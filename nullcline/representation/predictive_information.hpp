// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "nullcline/core/types.hpp"
#include "nullcline/representation/cross_covariance.hpp"

namespace nullcline::representation {

/// The predictive information of the projections y_t = V' x_t of a stationary Gaussian process:
/// the mutual information, in nats, of T successive values of y and the next T,
///
///     PI(V) = log det C_T(V) - 1/2 log det C_2T(V),
///
/// with C_T(V) the (T d, T d) block-Toeplitz covariance of T steps, its block (i, j) being
/// V' C(i - j) V [Bialek, Nemenman & Tishby 2001; Clark, Livezey & Bouchard 2019, eq. 3].
/// It depends on the column space of V alone, and not on the coordinates of x: PI(V) of x is
/// PI(B^-T V) of B x.
///
/// With S_k the sum of the blocks (i, j), i - j = k, of C_T^-1 - 1/2 C_2T^-1 (blocks outside
/// C_T count as zero), the gradient is
///
///     dPI/dV = 2 C(0) V S_0 + 2 sum_{k=1}^{2T-1} ( C(k) V S_k' + C(k)' V S_k ).
///
/// One evaluation costs two products of the 2T stacked lag matrices with d columns, and
/// (2T d)^3 / 2 or so for the factors.
class PredictiveInformation {
 public:
  /// T = window >= 1; wants lags 0 .. 2T - 1. Throws std::invalid_argument when there are fewer,
  /// or they are not square of one size.
  PredictiveInformation(const CrossCovariances& covariances, Index window);

  /// PI(V) for V: (n, d) of full column rank; nullopt when C_2T(V) is not positive definite.
  std::optional<double> value(In<Matrix> V) const;

  /// The same; `gradient` becomes dPI/dV (n, d), and is left alone when the value is nullopt.
  std::optional<double> value_and_gradient(In<Matrix> V, Matrix& gradient) const;

  Index dim() const { return dim_; }

 private:
  Index dim_;
  Index window_;
  Matrix stacked_;  // (2T n, n): C(0) over C(1) over ...
};

/// PI(V) from given covariances. nullopt when C_2T(V) is not positive definite.
std::optional<double> predictive_information(const CrossCovariances& covariances, In<Matrix> V,
                                             Index window);

/// PI(V) of trials (n, T_i), from estimates with divisor `samples`, without regularization.
std::optional<double> predictive_information(std::span<const Matrix> trials, In<Matrix> V,
                                             Index window);

}  // namespace nullcline::representation
