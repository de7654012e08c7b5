// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/core/types.hpp"

namespace nullcline::training {

/// The readout z = D r + c of a fixed network (a reservoir) in closed form: ridge regression
/// [Hoerl & Kennard 1970; Jaeger 2001] over all samples added so far,
///
///     minimize  sum_k w_k |D r_k + c - y_k|^2 + lambda |D|^2   (+ lambda |c|^2)
///
/// by the normal equations, A [D c]' = B with A = sum w [r; 1][r; 1]', B = sum w [r; 1] y', and
/// Cholesky. Squaring the features costs digits: lambda should be above eps trace A.
class RidgeReadout {
 public:
  RidgeReadout(Index features, Index outputs);

  /// K samples: r (F, K), y (n_out, K), w (1, K) >= 0.
  void add(In<Matrix> features, In<Matrix> targets, In<Matrix> weights);

  /// [D c] (n_out, F + 1); nullopt if A + lambda I is not positive definite to rounding.
  /// lambda > 0; c is shrunk too only when `penalize_bias`.
  std::optional<Matrix> solve(double lambda, bool penalize_bias = false) const;

  const Matrix& gram() const { return A_; }     ///< A (F + 1, F + 1)
  const Matrix& moments() const { return B_; }  ///< B (F + 1, n_out)
  void restore(In<Matrix> A, In<Matrix> B);

 private:
  Matrix A_, B_;
};

/// Recursive least squares [Haykin 2002, chapter 9]: the same, D and c together as V = [D c], a
/// sample at a time. With x = [r; 1], P_0 = I / lambda, V_0 as given:
///
///     k = P x,  gain = k / (1 / w + x'k),  e = V x - y,  V <- V - e gain',  P <- P - gain k'.
///
/// After any samples V is the minimum of sum w |V x - y|^2 + lambda |V - V_0|^2, in exact
/// arithmetic; lambda > 0. A step costs about 4 F^2 operations. This is the rule of FORCE [Sussillo
/// & Abbott 2009], whose alpha is lambda.
class RecursiveReadout {
 public:
  RecursiveReadout(In<Matrix> start, double lambda);  ///< V_0 (n_out, F + 1)

  Vector output(In<Vector> features) const;  ///< D r + c

  /// One sample; a weight of zero leaves all as it is.
  void learn(In<Vector> features, In<Vector> target, double weight);

  const Matrix& readout() const { return V_; }  ///< [D c] (n_out, F + 1)
  const Matrix& inverse() const { return P_; }  ///< P (F + 1, F + 1)
  void restore(In<Matrix> V, In<Matrix> P);

 private:
  Matrix V_, P_;
  Vector x_, k_;
};

}  // namespace nullcline::training
