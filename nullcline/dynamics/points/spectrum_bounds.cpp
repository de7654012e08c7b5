// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/spectrum_bounds.hpp"

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

constexpr int most_doublings = 48;

/// P = sum_k (A')^k A^k, to rounding, by doubling [Smith 1968]; not finite where A has an
/// eigenvalue of modulus >= 1.
Matrix stein_solution(Matrix A) {
  Matrix P = Matrix::Identity(A.rows(), A.rows());
  for (int i = 0; i < most_doublings && A.allFinite() && P.allFinite(); ++i) {
    P += multiply(A, multiply(P, A), true);
    if (!(A.norm() > 1e-9)) break;
    A = multiply(A, A);
  }
  return P;
}

/// A P for which P - J' P J should be positive definite; nullopt where none is in reach.
std::optional<Matrix> stein_form(const Matrix& J) {
  const auto schur = attempt(unit_circle_schur, J);
  if (!schur) return std::nullopt;
  const Index n = J.rows(), k = schur->outside, rest = n - k;
  const auto T_1 = schur->T.topLeftCorner(k, k), T_2 = schur->T.bottomRightCorner(rest, rest);
  const Matrix X = solve_sylvester(T_1, T_2, -schur->T.topRightCorner(k, rest));
  const auto inverse_1 = inverse(lu(T_1));
  if (!inverse_1 || !inverse_1->allFinite() || !X.allFinite()) return std::nullopt;

  Matrix blocks = Matrix::Zero(n, n);
  blocks.topLeftCorner(k, k) = -stein_solution(*inverse_1);
  blocks.bottomRightCorner(rest, rest) = stein_solution(T_2);
  Matrix V_inverse = schur->Q.transpose();
  V_inverse.topRows(k) -= multiply(X, V_inverse.bottomRows(rest));
  if (!blocks.allFinite() || !V_inverse.allFinite()) return std::nullopt;
  const Matrix P = multiply(V_inverse, multiply(blocks, V_inverse), true);
  return Matrix(0.5 * (P + P.transpose()));
}

/// P - J' P J for all J of a ball.
MatrixBall stein_residual(const Matrix& P, const MatrixBall& J) {
  const MatrixBall transposed{-J.center.transpose(), J.radius.transpose()};
  return MatrixBall(P) + multiply(transposed, multiply(P, J));
}

}  // namespace

std::optional<Index> negative_eigenvalues(const MatrixBall& A) {
  require(A.rows() == A.cols(), "negative_eigenvalues: the matrix must be square");
  if (!A.is_finite()) return std::nullopt;
  const Index n = A.rows();
  const auto system = attempt(symmetric_eigen, A.center);
  if (!system) return std::nullopt;
  const Matrix& U = system->vectors;
  const MatrixBall right(U);
  const MatrixBall off = multiply(U.transpose(), right) + MatrixBall(-Matrix::Identity(n, n));
  if (!(upper_row_sums(off.center.cwiseAbs() + off.radius).maxCoeff() < 1)) return std::nullopt;

  MatrixBall D = multiply(multiply(U.transpose(), A), right);
  const Vector diagonal = D.center.diagonal();
  D.center.diagonal().setZero();
  const Vector radii = upper_row_sums(D.center.cwiseAbs() + D.radius);
  Index negative = 0;
  for (Index i = 0; i < n; ++i) {
    if (!(std::abs(diagonal(i)) > radii(i))) return std::nullopt;
    negative += diagonal(i) < 0;
  }
  return negative;
}

std::optional<Index> eigenvalues_outside_unit_circle(const MatrixBall& J) {
  require(J.rows() == J.cols(), "eigenvalues_outside_unit_circle: the matrix must be square");
  if (!J.is_finite()) return std::nullopt;
  const auto P = stein_form(J.center);
  if (!P || !P->allFinite()) return std::nullopt;
  if (negative_eigenvalues(stein_residual(*P, J)) != 0) return std::nullopt;
  return negative_eigenvalues(MatrixBall(*P));
}

}  // namespace nullcline::dynamics
