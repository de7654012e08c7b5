// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// The linear equations of multiple shooting on a closed orbit of k states, with p more unknowns e
/// (a period, a parameter) and as many more equations on d_0 and e:
///
///     J_i d_i - d_{i+1} + T_i e,   i = 0 .. k - 1, d_k = d_0,      P (d_0; e).
///
/// Unknowns z = (d_0, ..., d_{k-1}, e) and values, in the order of the equations: (n k + p).
struct CyclicSystem {
  std::vector<Matrix> J;  // k of (n, n)
  std::vector<Matrix> T;  // k of (n, p); empty if p = 0
  Matrix P;               // (p, n + p); empty if p = 0

  Index k() const { return static_cast<Index>(J.size()); }
  Index n() const { return J.front().rows(); }
  Index p() const { return P.rows(); }
  bool all_finite() const;
  double squared_norm() const;                  ///< |A|_F^2.
  Vector times(In<Vector> z) const;             ///< A z
  Vector transposed_times(In<Vector> y) const;  ///< A' y
};

/// R, upper triangular, with R'R = A'A + mu I: block bidiagonal in d_1, ..., d_{k-1} with a border,
/// the unknowns w = (d_0, e), which come last. Rows i = 1 .. k - 1: R_i d_i + E_i d_{i+1} + G_i w.
///
/// Time O(k n^3), memory O(k n^2), where a dense factorization takes O(k^3 n^3).
class CyclicFactor {
 public:
  /// R of A z = b by Householder reflections, block after block: backward stable, also where
  /// J_{k-1} ... J_0 is huge. `b` is replaced by Q'b for `solve_triangular`.
  static CyclicFactor qr(const CyclicSystem& A, Vector& b);

  /// R of A'A + mu I by Cholesky's method; nullopt if that is not positive definite.
  static std::optional<CyclicFactor> cholesky(const CyclicSystem& A, double mu);

  bool is_regular() const;                  ///< No zero on R's diagonal.
  Vector solve_triangular(Vector y) const;  ///< R z = y
  Vector solve_transposed(Vector y) const;  ///< R' z = y
  Vector solve_normal(const Vector& y) const { return solve_triangular(solve_transposed(y)); }

  /// |A^-1|_2 (mu = 0) by the power method on R^-1 R^-T: a lower bound, usually within some
  /// percent. Infinite where R is singular.
  double inverse_norm() const;

 private:
  CyclicFactor(Index n, Index p, Index k);
  auto block(Vector& z, Index i) const { return z.segment(i * n_, n_); }
  Vector border(const Vector& z) const;
  void set_border(Vector& z, const Vector& w) const;

  Index n_, p_, k_;
  std::vector<Matrix> R_, E_, G_;  // of rows 1 .. k - 1; index 0 is not used
  Matrix corner_;                  // (n + p, n + p)
};

}  // namespace nullcline::dynamics::detail
