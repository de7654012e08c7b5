// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "nullcline/core/types.hpp"
#include "nullcline/representation/cross_covariance.hpp"
#include "nullcline/representation/log_determinant.hpp"

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
/// One evaluation costs one pass over the 2T lag matrices, which multiplies them with d columns
/// from both sides, and (2T d)^3 / 2 or so for the factors.
class PredictiveInformation {
 public:
  /// T = window >= 1; wants lags 0 .. 2T - 1. Throws std::invalid_argument when there are fewer,
  /// or they are not square of one size.
  PredictiveInformation(const CrossCovariances& covariances, Index window,
                        LogDeterminant method = LogDeterminant::automatic);

  /// PI(V) for V: (n, d) of full column rank; nullopt when C_2T(V) is not positive definite.
  std::optional<double> value(In<Matrix> V) const;

  /// The same; `gradient` becomes dPI/dV (n, d), and is left alone when the value is nullopt.
  std::optional<double> value_and_gradient(In<Matrix> V, Matrix& gradient) const;

  Index dim() const { return dim_; }

 private:
  Index dim_;
  LogDeterminant method_;
  Matrix lags_;  // C(0)', C(1)', ... side by side, (n, 2T n).
};

/// PI(V) from given covariances. nullopt when C_2T(V) is not positive definite.
std::optional<double> predictive_information(const CrossCovariances& covariances, In<Matrix> V,
                                             Index window);

/// PI(V) for windows 1 .. max_window: (max_window), from one factorization
/// (log_determinant.hpp). nullopt when C_2T(V) of the largest is not positive definite.
std::optional<Vector> predictive_information_curve(
    const CrossCovariances& covariances, In<Matrix> V, Index max_window,
    LogDeterminant method = LogDeterminant::automatic);

/// What a Gaussian model of y = V'x, with the covariances `model` at lags 0 .. 2T - 1, tells of the
/// next T steps of other data, with covariances `data`, given the last T: the mean log ratio of
/// p(future | past) and p(future), in nats,
///
///     PI_model(V) + tr(C_T^-1 D_T) - 1/2 tr(C_2T^-1 D_2T)      (C of model, D of data).
///
/// It is PI_model(V) where the data are the model's, and negative where the model predicts worse
/// than the mean does. nullopt when C_2T(V) is not positive definite.
std::optional<double> held_out_information(const CrossCovariances& model,
                                           const CrossCovariances& data, In<Matrix> V,
                                           Index window);

/// PI(V) of trials (n, T_i), from estimates with divisor `samples`, without regularization.
std::optional<double> predictive_information(std::span<const Matrix> trials, In<Matrix> V,
                                             Index window);

}  // namespace nullcline::representation
