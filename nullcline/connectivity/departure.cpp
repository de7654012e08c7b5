// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/departure.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/attempt.hpp"

namespace nullcline::connectivity {
namespace {

double operator_norm(const Matrix& N) {
  const auto values = attempt(singular_values, N);
  return values ? (*values)(0) : std::numeric_limits<double>::quiet_NaN();
}

/// |N|_2 of a complex N = X + iY: the largest singular value of [X, -Y; Y, X], in which each
/// singular value of N stands twice.
double operator_norm(const ComplexMatrix& N) {
  const Index n = N.rows();
  Matrix real(2 * n, 2 * n);
  real << N.real(), -N.imag(), N.imag(), N.real();
  return operator_norm(real);
}

}  // namespace

Departure departure_from_normality(In<Matrix> A) {
  if (A.rows() < 1 || A.rows() != A.cols() || !A.allFinite()) {
    throw std::invalid_argument(
        fmt::format("departure_from_normality: the matrix is {} x {}, must be a finite n x n",
                    A.rows(), A.cols()));
  }
  Departure result;
  result.matrix_frobenius = A.norm();
  const auto schur = attempt(complex_schur, A);
  const auto real_form = attempt(real_schur, A);
  if (!schur || !real_form) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    result.frobenius = result.operator_norm = nan;
    result.real_frobenius = result.real_operator_norm = nan;
    result.known = false;
    return result;
  }
  const ComplexMatrix N = schur->triangularView<Eigen::StrictlyUpper>();
  const Matrix real_N = real_form->triangularView<Eigen::StrictlyUpper>();
  result.frobenius = N.norm();
  result.operator_norm = operator_norm(N);
  result.real_frobenius = real_N.norm();
  result.real_operator_norm = operator_norm(real_N);
  if (std::isnan(result.operator_norm) || std::isnan(result.real_operator_norm)) {
    result.known = false;
  }
  return result;
}

}  // namespace nullcline::connectivity
