// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/departure.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::connectivity {
namespace {

/// |N|_2 of a complex N = X + iY: the largest singular value of [X, -Y; Y, X], in which each
/// singular value of N stands twice.
double operator_norm(const ComplexMatrix& N) {
  const Index n = N.rows();
  Matrix real(2 * n, 2 * n);
  real << N.real(), -N.imag(), N.imag(), N.real();
  return singular_values(real)(0);
}

}  // namespace

Departure departure_from_normality(In<Matrix> A) {
  if (A.rows() < 1 || A.rows() != A.cols() || !A.allFinite()) {
    throw std::invalid_argument(
        fmt::format("departure_from_normality: the matrix is {} x {}, must be a finite n x n",
                    A.rows(), A.cols()));
  }
  const ComplexMatrix N = complex_schur(A).triangularView<Eigen::StrictlyUpper>();
  const Matrix real_N = real_schur(A).triangularView<Eigen::StrictlyUpper>();
  Departure result;
  result.frobenius = N.norm();
  result.operator_norm = operator_norm(N);
  result.real_frobenius = real_N.norm();
  result.real_operator_norm = singular_values(real_N)(0);
  result.matrix_frobenius = A.norm();
  return result;
}

}  // namespace nullcline::connectivity
