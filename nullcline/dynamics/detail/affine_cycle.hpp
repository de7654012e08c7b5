// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/LU>
#include <Eigen/QR>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// The k affine steps J_t x_t + d_t = x_{t+1}, t = 0 .. k - 1, closed by x_k = x_0, as one system
/// in all k states (multiple shooting), which stays well conditioned where J_{k-1} .. J_0 grows
/// beyond 1 / eps. Structured orthogonal elimination [Wright 1992, "Stable parallel algorithms for
/// two-point boundary value problems"]: steps are taken in one at a time, and one relation
///
///     E x_0 + D x_t = g
///
/// is carried along; a QR of [D; -J_t] removes x_t. O(n^3) a step. A sequence that shares its first
/// steps with the last one truncates to them and pushes the rest.
class AffineCycle {
 public:
  explicit AffineCycle(Index n) : n_(n) {}

  void push(In<Matrix> J, In<Vector> d);
  void truncate(Index steps) { steps_.resize(static_cast<std::size_t>(steps)); }
  Index steps() const { return static_cast<Index>(steps_.size()); }

  /// Factors the closed system of the steps there are (at least one). False if it is singular to
  /// rounding.
  bool close();
  /// After a `close` that failed: whether the system has solutions, to rounding.
  bool solvable() const;
  /// After `close`: x_0.
  Vector first_state() const { return last_.solve(steps_.back().g); }
  /// After `close`: the states x_0 .. x_{k-1}.                                     (n, k)
  Matrix states() const;
  /// After `close`: the states for other d_t.                                      R, (n, k)
  Matrix solve(In<Matrix> R) const;

 private:
  struct Step {
    Eigen::HouseholderQR<Matrix> qr;  // of [D; -J], (2n, n); none in the first
    Matrix S, T;                      // R x_t + S x_0 + T x_{t+1} = r
    Matrix E, D;                      // E x_0 + D x_{t+1} = g
    Vector r, g;
    double offset = 0;  // the longest d so far
  };
  double rounding() const;  ///< Of E + D.
  Matrix back_substituted(const Vector& x0, const Matrix& r) const;

  Index n_;
  std::vector<Step> steps_;
  Eigen::PartialPivLU<Matrix> last_;  // of E + D
};

}  // namespace nullcline::dynamics::detail
