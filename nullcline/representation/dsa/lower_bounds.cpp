// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/lower_bounds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/core/assignment.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation {
namespace {

double symmetric_skew(const Matrix& A, const Matrix& B) {
  const Matrix sym_A = 0.5 * (A + A.transpose()), sym_B = 0.5 * (B + B.transpose());
  const Matrix skew_A = 0.5 * (A - A.transpose()), skew_B = 0.5 * (B - B.transpose());
  const double symmetric =
      (symmetric_eigen(sym_A).values - symmetric_eigen(sym_B).values).squaredNorm();
  const double skew = (singular_values(skew_A) - singular_values(skew_B)).squaredNorm();
  return std::sqrt(symmetric + skew);
}

double eigenvalue_matching(const ComplexVector& a, const ComplexVector& b) {
  Matrix costs(a.size(), b.size());
  for (Index j = 0; j < b.size(); ++j) costs.col(j) = (a.array() - b(j)).abs2();
  const std::vector<Index> matches = minimum_assignment(costs);
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += costs(i, matches[static_cast<std::size_t>(i)]);
  return std::sqrt(sum);
}

double strict_upper_norm(const ComplexMatrix& T) {
  return ComplexMatrix(T.triangularView<Eigen::StrictlyUpper>()).norm();
}

}  // namespace

AlignmentBounds alignment_bounds(In<Matrix> A, In<Matrix> B) {
  if (A.rows() != A.cols() || B.rows() != B.cols() || A.rows() != B.rows() || A.rows() < 1) {
    throw std::invalid_argument(
        fmt::format("alignment_bounds: matrices are {} x {} and {} x {}, must be square and alike",
                    A.rows(), A.cols(), B.rows(), B.cols()));
  }
  const ComplexMatrix T_A = complex_schur(A), T_B = complex_schur(B);
  AlignmentBounds result;
  result.symmetric_skew = symmetric_skew(A, B);
  result.eigenvalues = eigenvalue_matching(T_A.diagonal(), T_B.diagonal());
  result.departure_A = strict_upper_norm(T_A);
  result.departure_B = strict_upper_norm(T_B);
  result.hoffman_wielandt =
      std::max(0.0, result.eigenvalues - result.departure_A - result.departure_B);
  return result;
}

}  // namespace nullcline::representation
